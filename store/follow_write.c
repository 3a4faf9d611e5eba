// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/follow_series.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/series.h"
#include "store/update_text.h"

#define BATCH	       64 /* samples in one update */
#define RETRY_LOCK_US  (1 * NF_US_PER_S)
#define RETRY_OTHER_US (60 * NF_US_PER_S)
#define EARLIEST_S     1000000000 /* 2001: a clock that says less was never set */
#define GIVE_UP_US     (3600 * NF_US_PER_S)

/* Samples of one series on their way into one update. */
struct batch {
	char *path;
	size_t texts[BATCH]; /* where each update's text begins in table->text */
	int count;
	uint32_t taken; /* places of the queue that the update, or dropping, settles */
	int64_t first_s, last_s;
};

static void settle(struct nf_series_table *t, struct nf_followed *s, uint32_t n)
{
	for (; n > 0; n--) {
		nf_journal_reader_done(t->reader, t->pending.places[s->queue.head].file);
		nf_pending_pop(&t->pending, &s->queue);
	}
}

static enum nf_err read_place(struct nf_series_table *t, uint32_t place,
	struct nf_journal_record *record, const struct nf_shape **shape)
{
	const struct nf_place *p = &t->pending.places[place];
	return nf_journal_reader_sample(t->reader, p->file, p->offset, record, shape);
}

/* Waits before the next try; a file that cannot be written for an hour loses what it owes, so that the
 * journals do not grow without end. */
static void put_off(struct nf_series_table *t, struct nf_followed *s, const char *path,
	const struct nf_error *err, struct nf_now now)
{
	nf_log_limited(path, NF_LOG_WARN, "series", "%s", err->text);
	if (err->code == NF_EFULL) {
		t->no_room = true;
		return;
	}
	s->retry_mono_us =
		now.mono_us + (err->code == NF_EBUSY ? RETRY_LOCK_US : RETRY_OTHER_US);
	if (s->failing_since_mono_us == 0)
		s->failing_since_mono_us = now.mono_us;
	if (now.mono_us - s->failing_since_mono_us < GIVE_UP_US)
		return;
	t->stats.refused += s->queue.count;
	settle(t, s, s->queue.count);
	s->failing_since_mono_us = 0;
	t->finding(s->network, s->device, s->name, false, err->text, t->finding_arg);
}

static void tell_fate(
	struct nf_series_table *t, const struct nf_followed *s, const struct nf_rrd_fit *fit)
{
	if (fit->fate == NF_RRD_MADE || fit->fate == NF_RRD_REPLACED)
		t->stats.made++;
	if (fit->fate != NF_RRD_REPLACED)
		return;
	t->stats.replaced++;
	char *text = nf_xasprintf(
		"the series file was damaged (%s): it was moved aside and begun anew",
		fit->reason);
	t->finding(s->network, s->device, s->name, false, text, t->finding_arg);
	free(text);
}

/* Brings the file to the newest definition. False: not now. */
static bool fit_file(struct nf_series_table *t, struct nf_followed *s, const char *path,
	int64_t first_s, struct nf_write_round *round)
{
	if (s->fitted == s->wanted)
		return true;
	if (round->makes_left == 0)
		return false;
	struct nf_rrd_fit fit;
	struct nf_error err;
	enum nf_err rc = nf_rrd_fit(t->maker, path, s->wanted, first_s, &fit, &err);
	if (rc != NF_OK) {
		put_off(t, s, path, &err, round->now);
		return false;
	}
	if (fit.fate != NF_RRD_KEPT)
		round->makes_left--;
	tell_fate(t, s, &fit);
	s->fitted = s->wanted;
	s->file = nf_shapes_intern(t->shapes, &fit.info.shape);
	s->last_s = fit.info.last_s;
	s->header_bytes = fit.info.header_bytes;
	return true;
}

static void find_order(const struct nf_shape *file, const struct nf_shape *shape, int8_t *order)
{
	for (size_t i = 0; i < file->ds_len; i++) {
		bool same =
			i < shape->ds_len && strcmp(file->ds[i].name, shape->ds[i].name) == 0;
		order[i] = (int8_t)(same ? (int)i : nf_shape_find(shape, file->ds[i].name));
	}
}

/* True: the sample is part of the batch or was dropped; false: it must wait. */
static bool take(struct nf_series_table *t, struct nf_followed *s, struct batch *b,
	const struct nf_journal_record *r, const struct nf_shape *shape,
	const struct nf_write_round *round)
{
	int64_t at = r->sample.wall_s;
	if (at > round->newest_s) {
		t->stats.future += !round->hold;
		return !round->hold;
	}
	if (at <= (b->count > 0 ? b->last_s : s->last_s) || at < EARLIEST_S) {
		t->stats.past++;
		return true;
	}
	int8_t order[NF_DS_MAX];
	find_order(s->file, shape, order);
	b->texts[b->count++] = t->text.len;
	nf_update_text(&t->text, r, shape, order, s->file->ds_len);
	if (b->count == 1)
		b->first_s = at;
	b->last_s = at;
	return true;
}

static bool collect(struct nf_series_table *t, struct nf_followed *s, struct batch *b,
	struct nf_write_round *round)
{
	nf_strbuf_clear(&t->text);
	uint32_t place = s->queue.head;
	while (b->taken < s->queue.count && b->count < BATCH) {
		struct nf_journal_record record;
		const struct nf_shape *shape;
		enum nf_err rc = read_place(t, place, &record, &shape);
		if (rc != NF_OK) {
			nf_log_limited("journal-again", NF_LOG_ERROR, "series",
				"a journal gives a sample of %s back damaged", s->device);
			t->stats.refused++;
		} else if (record.sample.wall_s <= round->newest_s &&
			   record.sample.wall_s >= EARLIEST_S &&
			   !fit_file(t, s, b->path, record.sample.wall_s, round)) {
			return false;
		} else if (!take(t, s, b, &record, shape, round)) {
			break;
		}
		b->taken++;
		place = t->pending.places[place].next;
	}
	return true;
}

static enum nf_err update(struct nf_series_table *t, const struct nf_followed *s,
	const struct batch *b, int from, int count, struct nf_error *err)
{
	const char *texts[BATCH];
	for (int i = 0; i < count; i++)
		texts[i] = t->text.data + b->texts[from + i];
	t->updates++;
	enum nf_err rc = nf_rrd_undo_begin(t->undo, b->path, s->header_bytes, err);
	if (rc != NF_OK)
		return rc;
	rc = nf_rrd_update(b->path, count, texts, err);
	nf_rrd_undo_end(t->undo);
	return rc;
}

/* The file took none of the batch: perhaps it was replaced or damaged under us, perhaps one sample is
 * refused. */
static bool update_singly(struct nf_series_table *t, struct nf_followed *s,
	const struct batch *b, struct nf_write_round *round)
{
	struct nf_error err;
	int good = 0;
	for (int i = 0; i < b->count; i++) {
		enum nf_err rc = update(t, s, b, i, 1, &err);
		if (rc == NF_EBUSY || rc == NF_EFULL) {
			put_off(t, s, b->path, &err, round->now);
			return false;
		}
		good += rc == NF_OK;
	}
	if (good == 0) {
		put_off(t, s, b->path, &err, round->now);
		return false;
	}
	nf_log_limited(b->path, NF_LOG_WARN, "series", "%s: %s", b->path, err.text);
	t->stats.refused += (uint64_t)(b->count - good);
	return true;
}

/* False: try again later. */
static bool write_batch(struct nf_series_table *t, struct nf_followed *s, struct batch *b,
	struct nf_write_round *round, bool *again)
{
	struct nf_error err;
	enum nf_err rc = b->count > 0 ? update(t, s, b, 0, b->count, &err) : NF_OK;
	if (rc == NF_EBUSY || rc == NF_EFULL) {
		put_off(t, s, b->path, &err, round->now);
		return false;
	}
	if (rc != NF_OK && !*again) {
		s->fitted = NULL; /* look at the file, then once more */
		*again = true;
		return false;
	}
	if (rc != NF_OK && !update_singly(t, s, b, round)) {
		s->fitted = NULL;
		return false;
	}
	if (b->count > 0) {
		s->last_s = b->last_s;
		s->failing_since_mono_us = 0;
		t->stats.written += (uint64_t)b->count;
		if (b->first_s < t->oldest_s)
			t->oldest_s = b->first_s;
	}
	return true;
}

void nf_series_write(
	struct nf_series_table *table, struct nf_followed *series, struct nf_write_round *round)
{
	if (series->queue.count == 0 || table->no_room ||
		(!round->impatient && round->now.mono_us < series->retry_mono_us))
		return;
	char *path =
		nf_series_path(table->state_dir, series->network, series->device, series->name);
	bool again = false, more = true;
	while (more && series->queue.count > 0) {
		struct batch b = {.path = path};
		struct nf_follow_stats before = table->stats;
		bool tried = again;
		if (!collect(table, series, &b, round)) {
			settle(table, series, b.taken); /* dropped before the file was needed */
			break;
		} else if (write_batch(table, series, &b, round, &again)) {
			more = b.taken > 0;
			settle(table, series, b.taken);
		} else {
			/* What was counted will be met once more. */
			table->stats.past = before.past;
			table->stats.future = before.future;
			more = again && !tried;
		}
	}
	free(path);
}
