// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/watch.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"
#include "collector/ping/answer.h"
#include "collector/ping/due.h"
#include "collector/ping/presence.h"
#include "collector/ping/sample.h"
#include "collector/ping/schedule.h"

#define SWEEP_MS 50
/* A single pass waits so long for confirmations that do not end. */
#define ONCE_PATIENCE_US (30 * NF_US_PER_S)
/* A confirming question waits no longer than this (fping waits as long, too), or so many times the slowest
 * answer of late: by then the usual burst was waited for to its full time-out, in vain. */
#define CONFIRM_PATIENCE_US (500 * NF_US_PER_MS)
#define CONFIRM_RTTS	    8

struct leg {
	struct watched *owner;
	struct nf_burst burst;
	struct nf_leg_history history;
	struct nf_presence presence;
	uint32_t series;
	int64_t slowest_us; /* answer of late: falls by an eighth with each burst; 0: none yet */
};

struct watched {
	struct nf_due confirm;		/* first member: the heap hands it back */
	const struct nf_device *device; /* of the present site */
	struct nf_watch *watch;
	bool removed; /* from the site; waits for its last bursts */
	char *key;
	struct leg legs[NF_LEGS_MAX];
	size_t legs_len;
	size_t open;		 /* bursts under way */
	bool usual;		 /* the ones under way */
	int64_t confirm_mono_us; /* when the last confirming question falls, or fell, due; 0: none */
	bool again;		 /* wanted meanwhile */
	bool judged;		 /* at least once */
	struct watched *prev, *next; /* among those removed */
};

struct nf_watch {
	uv_timer_t timer;
	struct nf_watch_parts parts;
	const struct nf_site *site;
	struct watched **devices; /* by index in the site */
	size_t len;
	struct nf_schedule schedule;
	struct nf_due_heap confirming;
	struct watched *removed;
	size_t under_way, unjudged;
	uint64_t rounds, skipped;
	int64_t cycle_wall_us, passed_mono_us, said_mono_us;
};

static void on_burst(const struct nf_burst *burst, void *arg);

/* confirm_every counts from question to question, not from the end of the wait for an answer. A question
 * that was late does not make the next ones late, but they keep half of it between them. */
static void confirm_later(struct nf_watch *w, struct watched *d)
{
	int64_t every_us = w->site->polling.confirm_every_us;
	int64_t asked_mono_us = 0;

	for (size_t i = 0; i < d->legs_len; i++)
		if (d->legs[i].burst.began_mono_us > asked_mono_us)
			asked_mono_us = d->legs[i].burst.began_mono_us;
	int64_t at = d->confirm_mono_us + every_us;

	if (at < asked_mono_us + every_us / 2)
		at = asked_mono_us + every_us / 2;
	if (!d->confirm_mono_us || at > asked_mono_us + every_us)
		at = asked_mono_us + every_us;
	d->confirm_mono_us = at;
	nf_due_put(&w->confirming, &d->confirm, at);
}

/* confirms: the device was waited for to the full time-out just now. */
static int64_t patience_us(const struct nf_watch *w, const struct leg *leg, bool confirms)
{
	int64_t full = w->site->polling.ping_timeout_us;
	int64_t us = CONFIRM_RTTS * leg->slowest_us;

	if (!confirms || !leg->slowest_us)
		return full;
	if (us < CONFIRM_PATIENCE_US)
		us = CONFIRM_PATIENCE_US;
	return us < full ? us : full;
}

static void note_slowest(struct leg *leg)
{
	const struct nf_burst *b = &leg->burst;

	if (!b->received)
		return;
	int64_t slowest = (int64_t)b->rtt_us[b->received - 1] + 1;
	int64_t faded = leg->slowest_us - leg->slowest_us / 8;

	leg->slowest_us = slowest > faded ? slowest : faded;
}

static void ask(struct nf_watch *w, struct watched *d, bool usual)
{
	const struct nf_polling *p = &w->site->polling;

	if (d->open) {
		d->again = d->again || !usual;
		w->skipped += usual;
		return;
	}
	nf_due_remove(&w->confirming, &d->confirm);
	d->usual = usual;
	d->open = d->legs_len;
	w->under_way++;
	for (size_t i = 0; i < d->legs_len; i++)
		nf_pinger_burst(w->parts.pinger,
			&(struct nf_ping_ask){.network = d->device->legs[i].network->index,
				.address = d->device->legs[i].address,
				.echoes = usual ? p->echoes : 1,
				.spacing_us = p->ping_spacing_us,
				.timeout_us =
					patience_us(w, &d->legs[i], d->confirm_mono_us != 0)},
			on_burst, &d->legs[i]);
}

static void ask_wanted(struct nf_watch *w)
{
	const struct nf_device *wanted;

	while ((wanted = nf_judge_want(w->parts.judge)))
		ask(w, w->devices[wanted->index], false);
}

static void keep_samples(struct nf_watch *w, struct watched *d, struct nf_now now)
{
	for (size_t i = 0; i < d->legs_len; i++)
		nf_ping_sample(
			w->parts.journal, d->legs[i].series, &d->legs[i].burst, now.wall_us);
}

static enum nf_judge_next judge(struct nf_watch *w, struct watched *d, struct nf_now now)
{
	struct nf_leg_look looks[NF_LEGS_MAX];
	struct nf_strbuf line = {0};
	struct nf_answer answer = {.device = d->device, .check = "ping"};

	for (size_t i = 0; i < d->legs_len; i++) {
		nf_leg_history_add(&d->legs[i].history, &d->legs[i].burst, d->usual);
		looks[i] = (struct nf_leg_look){
			&d->device->legs[i], &d->legs[i].burst, &d->legs[i].history};
	}
	answer.state = nf_ping_answer(&w->site->polling, looks, d->legs_len,
		nf_judge_state(w->parts.judge, d->device, "ping"), now.mono_us, &line);
	if (d->device->silent)
		answer.state =
			nf_ping_answer_of_silent(answer.state, looks, d->legs_len, &line);
	answer.output = line.data;
	answer.interval_us = w->site->polling.ping_us;
	enum nf_judge_next next = nf_judge_observe(w->parts.judge, &answer, now);

	nf_judge_asked(w->parts.judge, d->device, now);
	nf_strbuf_free(&line);
	return next;
}

static void watched_free(struct watched *d)
{
	free(d->key);
	free(d);
}

static void finish_pass(struct nf_watch *w, struct nf_now now)
{
	if (!w->parts.once || w->unjudged)
		return;
	if (!w->passed_mono_us)
		w->passed_mono_us = now.mono_us;
	bool patient = now.mono_us - w->passed_mono_us < ONCE_PATIENCE_US;

	if ((w->under_way || w->confirming.len) && patient)
		return;
	w->parts.once = false;
	w->cycle_wall_us = now.wall_us;
	uv_timer_stop(&w->timer);
	w->parts.done(w->parts.arg);
}

static void on_burst(const struct nf_burst *burst, void *arg)
{
	struct leg *leg = arg;
	struct watched *d = leg->owner;
	struct nf_watch *w = d->watch;

	leg->burst = *burst;
	note_slowest(leg);
	nf_presence_note(&leg->presence, burst, nf_clock_now());
	if (--d->open)
		return;
	if (d->removed) {
		DL_DELETE(w->removed, d);
		watched_free(d);
		return;
	}
	struct nf_now now = nf_clock_now();

	w->under_way--;
	w->unjudged -= !d->judged;
	d->judged = true;
	if (d->usual)
		keep_samples(w, d, now);
	if (judge(w, d, now) != NF_ASK_AS_USUAL)
		confirm_later(w, d);
	else
		d->confirm_mono_us = 0;
	if (d->again) {
		d->again = false;
		ask(w, d, false);
	}
	ask_wanted(w);
}

static void say_interfaces(struct nf_watch *w, struct nf_now now)
{
	w->said_mono_us = now.mono_us;
	NF_EACH(struct nf_network, n, w->site->networks)
	{
		const char *interface = n->source.interface;
		bool there = nf_pinger_has_interface(w->parts.pinger, n->index);
		char line[160];
		struct nf_burst gone = {.trouble = NF_BURST_NO_INTERFACE};

		if (!interface)
			continue;
		nf_burst_trouble_text(&gone, interface, line, sizeof line);
		nf_judge_observe(w->parts.judge,
			&(struct nf_answer){.network = n,
				.check = "source",
				.state = there ? NF_STATE_OK : NF_STATE_CRITICAL,
				.output = there ? interface : line,
				.interval_us = w->site->polling.ping_us,
				.finding = true},
			now);
	}
}

static void ask_due(struct nf_watch *w, struct nf_now now)
{
	size_t index;

	while (!w->parts.once &&
		(index = nf_schedule_next(&w->schedule, now.mono_us)) != NF_SCHEDULE_NONE)
		ask(w, w->devices[index], true);
	for (struct nf_due *due; (due = nf_due_pop(&w->confirming, now.mono_us));)
		ask(w, (struct watched *)(void *)due, false);
	ask_wanted(w);
	if (w->schedule.rounds != w->rounds)
		w->cycle_wall_us = now.wall_us;
	w->rounds = w->schedule.rounds;
}

static void on_sweep(uv_timer_t *timer)
{
	struct nf_watch *w = timer->data;
	struct nf_now now = nf_clock_now();

	ask_due(w, now);
	if (now.mono_us - w->said_mono_us >= NF_US_PER_S)
		say_interfaces(w, now);
	finish_pass(w, now);
}

/* What makes a device the same one after a reload: its name and where it is asked. */
static char *key_of(const struct nf_device *device)
{
	struct nf_strbuf key = {0};
	char address[NF_ADDR_TEXT_MAX];

	nf_strbuf_puts(&key, device->name);
	for (size_t i = 0; i < device->legs_len; i++)
		nf_strbuf_printf(&key, "\n%s %s", device->legs[i].network->id,
			nf_addr_format(&device->legs[i].address, address));
	return nf_strbuf_take(&key);
}

static struct watched *watched_new(struct nf_watch *w, char *key, size_t legs_len)
{
	struct watched *d = nf_xcalloc(1, sizeof *d);

	d->watch = w;
	d->key = key;
	d->legs_len = legs_len;
	for (size_t i = 0; i < legs_len; i++)
		d->legs[i].owner = d;
	w->unjudged++;
	return d;
}

static void watched_remove(struct nf_watch *w, struct watched *d)
{
	nf_due_remove(&w->confirming, &d->confirm);
	w->unjudged -= !d->judged;
	if (!d->open) {
		watched_free(d);
		return;
	}
	w->under_way--;
	d->removed = true;
	DL_APPEND(w->removed, d);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp((*(struct watched *const *)a)->key, (*(struct watched *const *)b)->key);
}

/* Takes the device with this key out of the sorted old ones; NULL: it is new. */
static struct watched *take_old(struct watched **old, size_t len, char *key)
{
	struct watched wanted = {.key = key};
	struct watched *const pointer = &wanted;
	struct watched **found =
		len ? bsearch(&pointer, old, len, sizeof *old, compare_keys) : NULL;

	if (!found)
		return NULL;
	free(key);
	return *found;
}

static void set_devices(struct nf_watch *w, const struct nf_site *site, struct nf_now now)
{
	struct watched **old = w->devices;
	size_t old_len = w->len;
	uint64_t *hashes = nf_xcalloc(site->devices.len + 1, sizeof *hashes);

	if (old_len)
		qsort(old, old_len, sizeof *old, compare_keys);
	w->site = site;
	w->len = site->devices.len;
	w->devices = nf_xcalloc(w->len + 1, sizeof(struct watched *));
	for (size_t i = 0; i < w->len; i++) {
		const struct nf_device *device = &site->devices.items[i];
		char *key = key_of(device);

		hashes[i] = nf_schedule_hash(key);
		struct watched *d = take_old(old, old_len, key);

		if (!d)
			d = watched_new(w, key, device->legs_len);
		w->devices[i] = d;
	}
	for (size_t i = 0; i < old_len; i++)
		old[i]->device = NULL;
	for (size_t i = 0; i < w->len; i++) {
		struct watched *d = w->devices[i];

		d->device = &site->devices.items[i];
		for (size_t leg = 0; leg < d->legs_len; leg++)
			d->legs[leg].series = nf_ping_series(
				w->parts.journal, d->device, leg, site->polling.ping_us);
	}
	for (size_t i = 0; i < old_len; i++)
		if (!old[i]->device)
			watched_remove(w, old[i]);
	nf_schedule_set(&w->schedule, hashes, w->len, site->polling.ping_us, now.mono_us);
	free(hashes);
	free(old);
}

struct nf_watch *nf_watch_new(
	uv_loop_t *loop, const struct nf_watch_parts *parts, const struct nf_site *site)
{
	struct nf_watch *w = nf_xcalloc(1, sizeof *w);
	struct nf_now now = nf_clock_now();

	w->parts = *parts;
	set_devices(w, site, now);
	w->rounds = w->schedule.rounds;
	say_interfaces(w, now);
	uv_timer_init(loop, &w->timer);
	w->timer.data = w;
	uv_timer_start(&w->timer, on_sweep, SWEEP_MS, SWEEP_MS);
	for (size_t i = 0; parts->once && i < w->len; i++)
		ask(w, w->devices[i], true);
	return w;
}

void nf_watch_reload(struct nf_watch *w, const struct nf_site *site)
{
	struct nf_now now = nf_clock_now();

	/* What fell due while the site was read must not wait another round. */
	ask_due(w, now);
	nf_pinger_networks(w->parts.pinger, site->networks.items, site->networks.len);
	nf_judge_reload(w->parts.judge, site, now);
	set_devices(w, site, now);
	for (size_t i = 0; w->parts.once && i < w->len; i++)
		if (!w->devices[i]->judged)
			ask(w, w->devices[i], true);
}

void nf_watch_stop(struct nf_watch *w)
{
	if (w && !uv_is_closing((uv_handle_t *)&w->timer))
		uv_close((uv_handle_t *)&w->timer, NULL);
}

void nf_watch_free(struct nf_watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->len; i++)
		watched_free(w->devices[i]);
	struct watched *d, *next;

	DL_FOREACH_SAFE(w->removed, d, next)
	watched_free(d);
	free(w->devices);
	nf_schedule_free(&w->schedule);
	nf_due_heap_free(&w->confirming);
	free(w);
}

/* A device that moves, has moved, or could. */
static bool is_followed(const struct watched *d)
{
	return d->legs_len > 1 || d->device->legs[0].network->role == NF_ROLE_LEGACY;
}

struct recalling {
	struct nf_watch *watch;
	int64_t now_wall_us;
};

static void recall(const char *network, const char *device, const char *name, const char *json,
	int64_t at_us, void *arg)
{
	const struct recalling *r = arg;
	const struct nf_device *of = nf_site_device(r->watch->site, device);
	struct watched *d = of ? r->watch->devices[of->index] : NULL;

	(void)network;
	(void)name;
	if (!d || d->judged || !is_followed(d))
		return;
	json_t *fact = json_loads(json, 0, NULL);
	for (size_t i = 0; i < d->legs_len; i++)
		nf_presence_recall(
			&d->legs[i].presence, &of->legs[i], fact, at_us, r->now_wall_us);
	json_decref(fact);
}

enum nf_err nf_watch_recall(struct nf_watch *w, struct nf_store *store)
{
	struct recalling r = {w, nf_clock_now().wall_us};

	return nf_store_facts_named(store, "ping", recall, &r);
}

/* Who is silent comes first: others wait for that to be told (checks/cutover/passes.h), of the rest for nothing. Before
 * its first bursts are over nothing new is known of a device. */
static bool is_to_tell(const struct watched *d, bool is_silent, int64_t wall_us)
{
	bool due = false, has_silent = false;

	for (size_t i = 0; i < d->legs_len && d->judged && is_followed(d); i++) {
		due = due || nf_presence_is_due(&d->legs[i].presence, wall_us);
		has_silent = has_silent || d->legs[i].presence.is_silent;
	}
	return due && has_silent == is_silent;
}

static enum nf_err tell(struct watched *d, struct nf_store *store, struct nf_now now)
{
	struct nf_presence *legs[NF_LEGS_MAX] = {0};

	for (size_t i = 0; i < d->legs_len; i++)
		legs[i] = &d->legs[i].presence;
	return nf_presence_tell(store, d->device, legs, now);
}

/* The store was busy, or is full: what was in the transaction is due again. */
static void untell(struct nf_watch *w, int64_t wall_us)
{
	for (size_t i = 0; i < w->len; i++) {
		for (size_t leg = 0; leg < w->devices[i]->legs_len; leg++) {
			struct nf_presence *p = &w->devices[i]->legs[leg].presence;

			p->told_us = p->told_us == wall_us ? 0 : p->told_us;
		}
	}
}

void nf_watch_tell(struct nf_watch *w, struct nf_store *store, size_t most)
{
	struct nf_now now = nf_clock_now();
	enum nf_err e = NF_OK;
	size_t count = 0;

	for (size_t i = 0; i < 2 * w->len && count < most && e == NF_OK; i++) {
		struct watched *d = w->devices[i % w->len];

		if (!is_to_tell(d, i < w->len, now.wall_us))
			continue;
		if (count++ == 0)
			e = nf_store_begin(store);
		if (e == NF_OK)
			e = tell(d, store, now);
	}
	if (count == 0 || (e == NF_OK && nf_store_commit(store) == NF_OK))
		return;
	nf_store_rollback(store);
	untell(w, now.wall_us);
}

struct nf_watch_stats nf_watch_stats(const struct nf_watch *w)
{
	return (struct nf_watch_stats){.devices = w->len,
		.under_way = w->under_way,
		.confirming = w->confirming.len,
		.skipped = w->skipped,
		.cycle_wall_us = w->cycle_wall_us};
}
