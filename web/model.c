// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "checks/cutover/moves.h"
#include "checks/cutover/reasons.h"
#include "web/mix.h"

/* What happened, in the site's language where it is kept as data. */
static char *words_of(const struct nf_event *event)
{
	struct nf_strbuf words = {0};
	if (strcmp(event->kind, "stage") != 0)
		return nf_xstrdup(event->output);
	nf_reasons_event_words(event->data, event->output, &words);
	return nf_strbuf_take(&words);
}

static void take_event(const struct nf_event *event, void *arg)
{
	struct nf_model *m = arg;
	m->events = nf_grow(m->events, m->events_len, &m->events_cap, sizeof *m->events);
	m->events[m->events_len++] = (struct nf_model_event){
		.id = event->id,
		.at_wall_us = event->at_wall_us,
		.network = nf_xstrdup(event->network),
		.device = nf_xstrdup(event->device),
		.check = nf_xstrdup(event->check),
		.kind = nf_xstrdup(event->kind),
		.output = words_of(event),
		.cause = nf_xstrdup(event->cause),
		.maintenance = nf_xstrdup(event->maintenance),
		.before = event->before,
		.after = event->after,
	};
}

static void take_program(const struct nf_program_row *row, void *arg)
{
	struct nf_model *m = arg;
	m->programs =
		nf_grow(m->programs, m->programs_len, &m->programs_cap, sizeof *m->programs);
	m->programs[m->programs_len++] = (struct nf_model_program){
		.name = nf_xstrdup(row->name),
		.json = nf_xstrdup(row->json),
		.pid = row->pid,
		.started_wall_us = row->started_wall_us,
		.beat_wall_us = row->beat_wall_us,
		.cycle_wall_us = row->cycle_wall_us,
	};
}

/* Children in the inventory's order, so the lists are built from its end. */
static void link_children(struct nf_model *m)
{
	size_t len = m->site->devices.len;
	m->first_child = nf_xcalloc(len + 1, sizeof *m->first_child);
	m->next_sibling = nf_xcalloc(len + 1, sizeof *m->next_sibling);
	for (size_t i = 0; i < len; i++)
		m->first_child[i] = m->next_sibling[i] = NF_MODEL_NONE;
	for (size_t i = len; i-- > 0;) {
		const struct nf_device *parent = m->site->devices.items[i].parent;
		if (parent == NULL)
			continue;
		m->next_sibling[i] = m->first_child[parent->index];
		m->first_child[parent->index] = (uint32_t)i;
	}
}

static uint64_t mix_view(const struct nf_view *view)
{
	uint64_t hash = nf_mix_number(NF_MIX_START, view->state);
	if (view->window != NULL) {
		hash = nf_mix_text(hash, view->window->id);
		hash = nf_mix_number(hash, (uint64_t)view->window->until_wall_us);
	}
	for (size_t i = 0; i < view->len; i++) {
		const struct nf_view_check *c = &view->checks[i];
		uint64_t small = (uint64_t)c->state << 16 | (uint64_t)c->soft << 8 |
				 (uint64_t)c->stale << 1 | (uint64_t)c->flapping;
		hash = nf_mix_number(hash, small);
		hash = nf_mix_number(hash, (uint64_t)c->since_wall_us);
		hash = nf_mix_text(hash, c->name);
		hash = nf_mix_text(hash, c->output);
		hash = nf_mix_text(hash, c->cause);
	}
	return hash;
}

static void mix_views(struct nf_model *m)
{
	m->view_hashes = nf_xcalloc(m->site->devices.len + 1, sizeof *m->view_hashes);
	for (size_t i = 0; i < m->site->devices.len; i++)
		m->view_hashes[i] = mix_view(&m->picture.devices[i]);
}

enum nf_err nf_model_take(const struct nf_site *site, struct nf_store *store,
	struct nf_cadence cadence, struct nf_now now, struct nf_model *model,
	struct nf_error *err)
{
	struct nf_model m = {.site = site, .now = now, .cadence = cadence, .store = store};
	enum nf_err rc = nf_picture_take(site, now, &m.picture, err);
	if (rc != NF_OK)
		return rc;
	struct nf_event_filter newest = {.limit = NF_MODEL_EVENTS, .newest_first = true};
	if (store != NULL)
		rc = nf_store_events(store, &newest, take_event, &m);
	if (rc == NF_OK && store != NULL)
		rc = nf_store_programs(store, take_program, &m);
	if (rc != NF_OK) {
		nf_error_set(err, rc, "state.db: %s", nf_store_error(store));
		nf_model_free(&m);
		return rc;
	}
	m.total = nf_picture_count(&m.picture, NULL, m.by_state);
	nf_disk_free(site->state_dir, &m.disk_free, &m.disk_total, NULL);
	link_children(&m);
	mix_views(&m);
	*model = m;
	return NF_OK;
}

void nf_model_free(struct nf_model *m)
{
	for (size_t i = 0; i < m->events_len; i++) {
		struct nf_model_event *e = &m->events[i];
		free(e->network);
		free(e->device);
		free(e->check);
		free(e->kind);
		free(e->output);
		free(e->cause);
		free(e->maintenance);
	}
	for (size_t i = 0; i < m->programs_len; i++) {
		free(m->programs[i].name);
		free(m->programs[i].json);
	}
	free(m->events);
	free(m->programs);
	free(m->first_child);
	free(m->next_sibling);
	free(m->view_hashes);
	nf_picture_free(&m->picture);
}

uint64_t nf_model_device_hash(const struct nf_model *m, const struct nf_device *device)
{
	uint64_t hash = m->view_hashes[device->index];
	const struct nf_move *move =
		m->moves != NULL ? nf_moves_find(m->moves, device->name) : NULL;
	if (move != NULL && move->known)
		hash = nf_mix_number(
			hash, (uint64_t)move->since_wall_us * NF_STAGES + move->stage);
	if (move != NULL)
		hash = nf_mix_number(hash, (uint64_t)move->exempt_until_wall_us + move->stale);
	if (device->parent != NULL)
		hash = nf_mix_number(hash, m->picture.devices[device->parent->index].state);
	for (uint32_t i = m->first_child[device->index]; i != NF_MODEL_NONE;
		i = m->next_sibling[i])
		hash = nf_mix_number(hash, m->picture.devices[i].state);
	return hash;
}

uint64_t nf_model_network_hash(const struct nf_model *m, const struct nf_network *network)
{
	uint64_t hash = NF_MIX_START;
	for (size_t i = 0; i < m->site->devices.len; i++)
		if (network == NULL || m->picture.devices[i].network == network)
			hash = nf_mix_number(hash, m->view_hashes[i]);
	for (size_t i = 0; i < m->site->networks.len; i++)
		if (network == NULL || m->picture.networks[i].network == network)
			hash = nf_mix_number(hash, mix_view(&m->picture.networks[i]));
	return hash;
}

static void keep_id(const struct nf_event *event, void *arg)
{
	*(int64_t *)arg = event->id;
}

int64_t nf_model_newest_event(struct nf_store *store)
{
	int64_t id = 0;
	struct nf_event_filter newest = {.limit = 1, .newest_first = true};
	if (store == NULL || nf_store_events(store, &newest, keep_id, &id) != NF_OK)
		return 0;
	return id;
}
