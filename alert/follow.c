// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define BUSY_MS	       200
#define BATCH	       5000
#define COMPARE_US     (300 * NF_US_PER_S)
#define TRIM_US	       (3600 * NF_US_PER_S)
#define TRIM_EVENTS_US (60 * NF_US_PER_S)
#define TRIM_EVENTS    2000
#define PATIENCE_US    (10 * NF_US_PER_S)
#define KEEP_US	       (400 * 86400 * NF_US_PER_S)
#define KEEP_MAILS_US  (30 * 86400 * NF_US_PER_S)
#define BEFORE_US      (86400 * NF_US_PER_S)
#define GOOD_EVENTS    50 /* looked through for the last good one */
#define NUMBER	       "incident.next"

struct good {
	const char *check;
	struct nf_strbuf *output;
	int64_t at_wall_us;
};

static void take_good(const struct nf_event *e, void *arg)
{
	struct good *g = arg;
	if (g->at_wall_us != 0 || strcmp(e->check, g->check) != 0 || e->after != NF_STATE_OK)
		return;
	g->at_wall_us = e->at_wall_us;
	nf_strbuf_puts(g->output, e->output);
}

static int64_t last_good(const char *network, const char *device, const char *check,
	struct nf_strbuf *output, void *arg)
{
	struct nf_follower *f = arg;
	struct good g = {check, output, 0};
	struct nf_event_filter filter = {.network = network,
		.device = device,
		.limit = GOOD_EVENTS,
		.newest_first = true};
	if (f->state != NULL && *device != '\0')
		nf_store_events(f->state, &filter, take_good, &g);
	return g.at_wall_us;
}

enum nf_err nf_follower_open(
	struct nf_follower *f, const struct nf_site *site, bool once, struct nf_error *err)
{
	*f = (struct nf_follower){.site = site, .compare = true};
	enum nf_err rc =
		nf_outbox_open(site->state_dir, NF_STORE_WRITE, BUSY_MS, &f->outbox, err);
	if (rc == NF_OK)
		rc = nf_ledger_load(f->outbox, &f->ledger, err);
	if (rc != NF_OK)
		return rc;
	nf_core_init(&f->core, site, f->ledger);
	nf_core_reload(&f->core, site, nf_clock_now().wall_us);
	f->core.last_good = last_good;
	f->core.last_good_arg = f;
	if (once)
		f->core.settle_us = 0;
	return NF_OK;
}

void nf_follower_close(struct nf_follower *f)
{
	if (f->ledger != NULL)
		nf_core_free(&f->core);
	nf_ledger_free(f->ledger);
	nf_store_close(f->outbox);
	nf_store_close(f->state);
	*f = (struct nf_follower){0};
}

void nf_follower_reload(struct nf_follower *f, const struct nf_site *site, int64_t now_wall_us)
{
	f->site = site;
	nf_core_reload(&f->core, site, now_wall_us);
	f->compare = true;
}

struct taking {
	struct nf_follower *f;
	struct nf_now now;
	size_t taken;
};

static void take_event(const struct nf_event *e, void *arg)
{
	struct taking *t = arg;
	nf_core_event(&t->f->core, e, t->now.wall_us);
	t->f->lag_us = t->now.wall_us - e->at_wall_us;
	t->taken++;
}

static void take_id(const struct nf_event *e, void *arg)
{
	*(int64_t *)arg = e->id;
}

/* The number that the next incident gets stands in state.db, too: a damaged outbox.db must not make
 * netfold use one twice. */
static void keep_number(struct nf_follower *f)
{
	char text[32];
	if (f->number_kept == f->ledger->next_number)
		return;
	snprintf(text, sizeof text, "%lld", (long long)f->ledger->next_number);
	if (nf_store_value_put(f->state, NUMBER, text) == NF_OK)
		f->number_kept = f->ledger->next_number;
}

static void find_number(struct nf_follower *f)
{
	char *text = NULL;
	if (nf_store_value_get(f->state, NUMBER, &text) != NF_OK)
		return;
	int64_t number = strtoll(text, NULL, 10);
	if (number > f->ledger->next_number)
		f->ledger->next_number = number;
	free(text);
}

/* Where to begin in a state.db that was not seen before: a new outbox does not tell old tales, and ids that
 * are smaller than ours are of another file. */
static enum nf_err find_position(struct nf_follower *f)
{
	int64_t newest = 0;
	struct nf_event_filter filter = {.limit = 1, .newest_first = true};
	enum nf_err rc = nf_store_events(f->state, &filter, take_id, &newest);
	if (rc != NF_OK)
		return rc;
	if (f->ledger->position == 0 || f->ledger->position > newest) {
		f->ledger->position = newest;
		f->ledger->dirty = true;
	}
	f->generation = nf_store_generation(f->state);
	f->compare = true;
	return NF_OK;
}

static enum nf_err open_state(struct nf_follower *f, struct nf_error *err)
{
	enum nf_err rc = NF_OK;
	if (f->state == NULL)
		rc = nf_store_open(f->site->state_dir, NF_STORE_WRITE, BUSY_MS, &f->state, err);
	if (rc == NF_OK && nf_store_generation(f->state) != f->generation) {
		find_number(f);
		rc = find_position(f);
	}
	return rc;
}

static enum nf_err take_events(struct nf_follower *f, struct nf_now now)
{
	struct taking t = {f, now, BATCH};
	enum nf_err rc = NF_OK;
	while (rc == NF_OK && t.taken == BATCH) {
		struct nf_event_filter filter = {
			.after_id = f->ledger->position, .limit = BATCH};
		t.taken = 0;
		rc = nf_store_events(f->state, &filter, take_event, &t);
		f->events += t.taken;
	}
	return rc;
}

static void take_row(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	struct taking *t = arg;
	nf_core_compare(&t->f->core, row, t->now.wall_us);
}

static enum nf_err compare(struct nf_follower *f, struct nf_now now)
{
	struct taking t = {f, now, 0};
	if (!f->compare && now.mono_us - f->compared_mono_us < COMPARE_US)
		return NF_OK;
	enum nf_err rc = nf_store_checks(f->state, NULL, take_row, &t);
	if (rc != NF_OK)
		return rc;
	nf_core_compared(&f->core, now.wall_us);
	f->compare = false;
	f->compared_mono_us = now.mono_us;
	return NF_OK;
}

static void trim(struct nf_follower *f, struct nf_now now)
{
	if (f->trimmed_mono_us != 0 && now.mono_us - f->trimmed_mono_us < TRIM_US)
		return;
	f->trimmed_mono_us = now.mono_us;
	if (nf_outbox_trim(f->outbox, now.wall_us - KEEP_MAILS_US) == NF_OK)
		nf_incidents_trim(f->outbox, now.wall_us - KEEP_US);
	nf_store_keep_ballast(f->outbox);
}

/* What an open incident may still be explained by stays, and the last good day before it. */
static void trim_events(struct nf_follower *f, struct nf_now now)
{
	int64_t before = now.wall_us - f->site->alerting.keep_events_us, first = 0;
	if (f->trimmed_events_mono_us != 0 &&
		now.mono_us - f->trimmed_events_mono_us < TRIM_EVENTS_US)
		return;
	f->trimmed_events_mono_us = now.mono_us;
	if (nf_incident_first(f->outbox, &first) != NF_OK)
		return;
	if (first != 0 && first - BEFORE_US < before)
		before = first - BEFORE_US;
	nf_store_events_trim(f->state, before, f->ledger->position, TRIM_EVENTS);
}

static enum nf_err look(struct nf_follower *f, struct nf_now now, struct nf_error *err)
{
	enum nf_err rc = open_state(f, err);
	if (rc == NF_OK)
		rc = take_events(f, now);
	if (rc == NF_OK && nf_store_generation(f->state) != f->generation)
		return NF_OK; /* replaced in between: from its beginning at the next step */
	if (rc == NF_OK)
		rc = compare(f, now);
	if (rc != NF_OK && f->state != NULL)
		nf_error_set(err, rc, "state.db: %s", nf_store_error(f->state));
	return rc;
}

static enum nf_err judge_failure(
	struct nf_follower *f, enum nf_err rc, struct nf_now now, struct nf_error *err)
{
	if (rc == NF_OK) {
		f->failing_mono_us = 0;
		return NF_OK;
	}
	if (f->failing_mono_us == 0)
		f->failing_mono_us = now.mono_us;
	bool patient = now.mono_us - f->failing_mono_us < PATIENCE_US && rc != NF_ENEWER;
	return patient ? NF_OK : err->code != NF_OK ? rc : nf_error_set(err, rc, "busy");
}

enum nf_err nf_follower_step(struct nf_follower *f, struct nf_now now, struct nf_error *err)
{
	struct nf_error first = {0};
	enum nf_err rc = look(f, now, &first);
	/* What is known already is told also while state.db cannot be read. */
	if (nf_core_read_words(&f->core, f->outbox, now.wall_us) == NF_OK || rc == NF_OK)
		nf_core_decide(&f->core, now.wall_us);
	enum nf_err saved = nf_ledger_save(f->ledger, f->outbox);
	if (saved != NF_OK) {
		rc = saved;
		nf_error_set(&first, rc, "outbox.db: %s", nf_store_error(f->outbox));
	} else {
		if (f->state != NULL) {
			keep_number(f);
			trim_events(f, now);
		}
		trim(f, now);
	}
	*err = first;
	return judge_failure(f, rc, now, err);
}
