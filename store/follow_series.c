// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/follow_series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/series.h"

void nf_series_table_init(
	struct nf_series_table *table, const char *state_dir, nf_finding_fn *finding, void *arg)
{
	*table = (struct nf_series_table){.finding = finding, .finding_arg = arg};
	table->state_dir = nf_xstrdup(state_dir);
	table->shapes = nf_shapes_new();
	table->maker = nf_rrd_maker_new(state_dir);
	table->undo = nf_rrd_undo_open(state_dir);
	nf_pending_init(&table->pending);
}

void nf_series_table_free(struct nf_series_table *table)
{
	HASH_CLEAR(hh, table->by_key);
	for (size_t i = 0; i < table->len; i++)
		free(table->items[i]);
	free(table->items);
	free(table->state_dir);
	nf_pending_free(&table->pending);
	nf_shapes_free(table->shapes);
	nf_rrd_maker_free(table->maker);
	nf_rrd_undo_close(table->undo);
	nf_strbuf_free(&table->text);
}

static struct nf_strbuf key_of(const char *network, const char *device, const char *series)
{
	struct nf_strbuf key = {0};
	nf_strbuf_add(&key, network, strlen(network) + 1);
	nf_strbuf_add(&key, device, strlen(device) + 1);
	nf_strbuf_add(&key, series, strlen(series) + 1);
	return key;
}

static struct nf_followed *find_or_make(
	struct nf_series_table *t, const char *network, const char *device, const char *series)
{
	struct nf_strbuf key = key_of(network, device, series);
	struct nf_followed *s;
	HASH_FIND(hh, t->by_key, key.data, key.len, s);
	if (s == NULL) {
		s = nf_xcalloc(1, sizeof *s + key.len);
		memcpy(s->key, key.data, key.len);
		s->network = s->key;
		s->device = s->network + strlen(network) + 1;
		s->name = s->device + strlen(device) + 1;
		t->items = nf_grow(t->items, t->len, &t->cap, sizeof(struct nf_followed *));
		t->items[t->len++] = s;
		HASH_ADD_KEYPTR(hh, t->by_key, s->key, key.len, s);
	}
	nf_strbuf_free(&key);
	return s;
}

struct nf_followed *nf_series_table_define(struct nf_series_table *table, const char *network,
	const char *device, const char *series, const struct nf_shape *shape)
{
	struct nf_followed *s = find_or_make(table, network, device, series);
	s->wanted = shape;
	return s;
}

static void move_file(const char *old_path, const char *new_path)
{
	if (access(new_path, F_OK) != 0 && access(old_path, F_OK) == 0 &&
		rename(old_path, new_path) != 0)
		nf_log(NF_LOG_WARN, "series", "cannot rename %s", old_path);
}

/* A file that both names have keeps its own samples; else all that the old one owes follows its file,
 * also when a replay after a crash finds the file moved already. */
void nf_series_table_rename(struct nf_series_table *table, const char *network,
	const char *device, const char *old_series, const char *new_series)
{
	if (strcmp(old_series, new_series) == 0)
		return;
	struct nf_followed *old = find_or_make(table, network, device, old_series);
	struct nf_followed *new = find_or_make(table, network, device, new_series);
	char *old_path = nf_series_path(table->state_dir, network, device, old_series);
	char *new_path = nf_series_path(table->state_dir, network, device, new_series);
	move_file(old_path, new_path);
	if (access(old_path, F_OK) != 0) {
		nf_pending_append(&table->pending, &new->queue, &old->queue);
		old->fitted = NULL;
		new->fitted = NULL;
		if (new->wanted == NULL)
			new->wanted = old->wanted;
	}
	free(old_path);
	free(new_path);
}
