// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/findings.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/strbuf.h"

#define WAITING_MAX 1000
#define BUSY_MS	    50

struct waiting {
	int64_t at_wall_us;
	char *network, *device, *check, *text;
	bool good;
};

struct nf_findings {
	char *state_dir;
	struct nf_store *store; /* NULL: not open now */
	const struct nf_beat *beat;
	struct waiting *items;
	size_t len, cap;
};

static enum nf_err open_store(struct nf_findings *f, struct nf_error *err)
{
	enum nf_err rc = nf_store_open(f->state_dir, NF_STORE_WRITE, BUSY_MS, &f->store, err);
	if (rc != NF_OK)
		nf_log_limited("store-open", NF_LOG_ERROR, "series", "%s", err->text);
	return rc;
}

enum nf_err nf_findings_new(const char *state_dir, const struct nf_beat *beat,
	struct nf_findings **findings, struct nf_error *err)
{
	struct nf_findings *f = nf_xcalloc(1, sizeof *f);
	struct nf_error why;
	f->state_dir = nf_xstrdup(state_dir);
	f->beat = beat;
	if (open_store(f, &why) == NF_ENEWER) {
		nf_findings_free(f);
		*err = why;
		return NF_ENEWER;
	}
	*findings = f;
	return NF_OK;
}

static void forget(struct waiting *w)
{
	free(w->network);
	free(w->device);
	free(w->check);
	free(w->text);
}

void nf_findings_free(struct nf_findings *findings)
{
	if (findings == NULL)
		return;
	for (size_t i = 0; i < findings->len; i++)
		forget(&findings->items[i]);
	free(findings->items);
	nf_store_close(findings->store);
	free(findings->state_dir);
	free(findings);
}

void nf_findings_add(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg)
{
	struct nf_findings *f = arg;
	const char *space = series[0] != '\0' ? " " : "";
	nf_log_limited(series, good ? NF_LOG_INFO : NF_LOG_ERROR, "series",
		"%s network=%s device=%s series=%s", text, network, device, series);
	if (f->len == WAITING_MAX)
		return;
	f->items = nf_grow(f->items, f->len, &f->cap, sizeof *f->items);
	f->items[f->len++] = (struct waiting){
		.at_wall_us = nf_clock_now().wall_us,
		.network = nf_xstrdup(network),
		.device = nf_xstrdup(device),
		.check = nf_xasprintf("series%s%s", space, series),
		.text = nf_xstrdup(text),
		.good = good,
	};
}

static enum nf_err add_event(struct nf_findings *f, const struct waiting *w)
{
	struct nf_event event = {
		.at_wall_us = w->at_wall_us,
		.network = w->network,
		.device = w->device,
		.check = w->check,
		.kind = "finding",
		.before = w->good ? NF_STATE_WARNING : NF_STATE_OK,
		.after = w->good ? NF_STATE_OK : NF_STATE_WARNING,
		.output = w->text,
	};
	return nf_store_event_add(f->store, &event, NULL);
}

static enum nf_err put_row(struct nf_findings *f, struct nf_now now,
	const struct nf_follow_stats *s, int64_t cycle_wall_us)
{
	struct nf_strbuf json = {0};
	nf_strbuf_printf(&json,
		"{\"samples\":%" PRIu64 ",\"written\":%" PRIu64 ",\"past\":%" PRIu64
		",\"dropped\":%" PRIu64 ",\"damaged_records\":%" PRIu64
		",\"files_made\":%" PRIu64 ",\"files_replaced\":%" PRIu64
		",\"series\":%zu,\"queue\":%zu"
		",\"journal_files\":%zu,\"lag\":%" PRId64 ",\"period\":%" PRId64
		",\"disk_full\":%d,\"clock_held\":%d}",
		s->samples, s->written, s->past, s->future + s->refused, s->damaged_records,
		s->made, s->replaced, s->series, s->queue, s->files, s->lag_s, s->period_s,
		s->disk_full, s->clock_held);
	enum nf_err rc = nf_beat_put(f->store, f->beat, now, cycle_wall_us, json.data);

	nf_strbuf_free(&json);
	return rc;
}

void nf_findings_beat(struct nf_findings *findings, struct nf_now now,
	const struct nf_follow_stats *stats, int64_t cycle_wall_us)
{
	struct nf_findings *f = findings;
	struct nf_error err;
	if (f->store == NULL && open_store(f, &err) != NF_OK)
		return;
	nf_store_keep_ballast(f->store);
	enum nf_err rc = nf_store_begin(f->store);
	for (size_t i = 0; i < f->len && rc == NF_OK; i++)
		rc = add_event(f, &f->items[i]);
	if (rc == NF_OK)
		rc = put_row(f, now, stats, cycle_wall_us);
	if (rc == NF_OK)
		rc = nf_store_commit(f->store);
	if (rc != NF_OK) {
		nf_store_rollback(f->store);
		nf_log_limited("store-write", rc == NF_EBUSY ? NF_LOG_DEBUG : NF_LOG_WARN,
			"series", "%s", nf_store_error(f->store));
		return;
	}
	for (size_t i = 0; i < f->len; i++)
		forget(&f->items[i]);
	f->len = 0;
}
