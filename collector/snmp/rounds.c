// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/rounds.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>
#include <utlist.h>

#include "base/log.h"
#include "base/mem.h"
#include "collector/snmp/wheel.h"

#define SWEEP_MS 20
/* The first look at all devices after a start is spread over this, or the interval if that is shorter. */
#define START_US	 (10 * NF_US_PER_S)
#define ONCE_PATIENCE_US (30 * NF_US_PER_S) /* a single pass waits so long for confirmations */
#define ENGINE_KEEP_US	 (3600 * NF_US_PER_S)

/* What is kept of a device from poll to poll, by name over reloads. */
struct seat {
	struct nf_rounds *rounds;
	char *name;
	const struct nf_device *device;
	struct nf_agent *agents[NF_LEGS_MAX]; /* NULL: its secrets cannot be read */
	char *trouble;			      /* then this says why */
	size_t leg;			      /* asked at */
	struct nf_polled *polled;
	struct nf_timer timer;
	int64_t phase_us;
	int64_t due_mono_us; /* the next usual poll */
	int64_t topology_mono_us;
	enum nf_poll_depth depth; /* of the poll that waits or is under way */
	bool waiting, under_way, confirming, polled_in_cycle, polled_once, gone;
	int64_t engine_kept_mono_us;
	uint32_t engine_boots_kept;
	struct seat *prev, *next; /* of those that wait */
	UT_hash_handle hh;	  /* by name */
};

struct nf_rounds {
	uv_loop_t *loop;
	struct nf_rounds_parts parts;
	const struct nf_site *site;
	struct nf_asker *asker;
	struct seat *seats;   /* hash */
	struct seat *waiting; /* list */
	struct nf_wheel wheel;
	uv_timer_t sweep;
	size_t left_in_cycle, left_once;
	int64_t cycle_began_mono_us, passed_mono_us;
	struct nf_rounds_stats stats; /* asker: of the askers before this one */
	bool paused, closing;
	int64_t pause_ends_mono_us;
	void (*ready)(void *arg); /* or released, or closed */
	void *ready_arg;
};

static void start_waiting(struct nf_rounds *rounds, struct nf_now now);

static uint64_t hash_of(const char *name, uint8_t salt)
{
	unsigned char key[crypto_shorthash_KEYBYTES] = {salt}, out[crypto_shorthash_BYTES];
	uint64_t hash;
	crypto_shorthash(out, (const unsigned char *)name, strlen(name), key);
	memcpy(&hash, out, sizeof hash);
	return hash;
}

/* The first instant of the seat's phase after this one. */
static int64_t next_due(const struct seat *seat, int64_t mono_us)
{
	int64_t interval = seat->rounds->site->polling.snmp_us;
	int64_t into = (mono_us - seat->phase_us) % interval;
	if (into < 0)
		into += interval;
	return mono_us + interval - into;
}

static void set_timer(struct seat *seat, int64_t at_mono_us)
{
	nf_wheel_set(&seat->rounds->wheel, &seat->timer, at_mono_us);
}

static void want(struct seat *seat, enum nf_poll_depth depth)
{
	struct nf_rounds *rounds = seat->rounds;
	if (seat->waiting || seat->under_way)
		return;
	nf_wheel_stop(&rounds->wheel, &seat->timer);
	rounds->stats.confirming -= seat->confirming;
	seat->confirming = false;
	seat->depth = depth;
	seat->waiting = true;
	rounds->stats.waiting++;
	DL_APPEND(rounds->waiting, seat);
}

static void want_usual(struct seat *seat, struct nf_now now)
{
	struct nf_rounds *rounds = seat->rounds;
	int64_t lag = now.mono_us - seat->due_mono_us;
	if (lag > rounds->stats.lag_us)
		rounds->stats.lag_us = lag;
	bool topology = now.mono_us >= seat->topology_mono_us;
	if (topology)
		seat->topology_mono_us = now.mono_us + rounds->site->polling.topology_us;
	seat->due_mono_us = rounds->parts.once ? INT64_MAX : next_due(seat, now.mono_us);
	want(seat, topology ? NF_POLL_TOPOLOGY : NF_POLL_CYCLE);
}

static struct seat *seat_of(struct nf_rounds *rounds, const char *name)
{
	struct seat *seat;
	HASH_FIND_STR(rounds->seats, name, seat);
	return seat;
}

static void want_doubted(struct nf_rounds *rounds)
{
	const struct nf_device *device;
	while ((device = nf_judge_want(rounds->parts.judge))) {
		struct seat *seat = seat_of(rounds, device->name);
		if (seat)
			want(seat, NF_POLL_CONFIRM);
	}
}

static void keep_engine(struct seat *seat, const struct nf_agent *agent, struct nf_now now)
{
	char address[NF_ADDR_TEXT_MAX];
	const struct nf_leg *leg = &seat->device->legs[seat->leg];
	struct nf_engine_row row = {
		.network = leg->network->id,
		.address = nf_addr_format(&leg->address, address),
		.at_wall_us = now.wall_us,
	};
	if (!seat->rounds->parts.store || !nf_agent_engine(agent, &row.engine_id,
						  &row.engine_id_len, &row.boots, &row.time_s))
		return;
	if (seat->engine_kept_mono_us && row.boots == seat->engine_boots_kept &&
		now.mono_us - seat->engine_kept_mono_us < ENGINE_KEEP_US)
		return;
	if (nf_store_engine_put(seat->rounds->parts.store, &row) != NF_OK)
		return; /* the store is busy: with the next poll */
	seat->engine_kept_mono_us = now.mono_us;
	seat->engine_boots_kept = row.boots;
}

static void judge_engine(struct seat *seat, const struct nf_agent *agent, struct nf_now now)
{
	static const char check[] = "snmp engine";
	struct nf_judge *judge = seat->rounds->parts.judge;
	const char *twin = nf_agent_engine_twin(agent);
	if (!twin) {
		if (nf_judge_state(judge, seat->device, check) == NF_STATE_WARNING)
			nf_judge_drop(judge, seat->device, check, now);
		return;
	}
	char *text = nf_xasprintf(
		"has the same engineID as %s: a cloned image? Give each its own", twin);
	nf_judge_observe(judge,
		&(struct nf_answer){.device = seat->device,
			.check = check,
			.state = NF_STATE_WARNING,
			.output = text,
			.interval_us = seat->rounds->site->polling.snmp_us,
			.finding = true},
		now);
	free(text);
}

static void count_cycle(struct seat *seat, struct nf_now now)
{
	struct nf_rounds *rounds = seat->rounds;
	if (!seat->polled_once) {
		seat->polled_once = true;
		rounds->left_once--;
	}
	if (seat->polled_in_cycle)
		return;
	seat->polled_in_cycle = true;
	if (--rounds->left_in_cycle)
		return;
	rounds->stats.cycle_us = now.mono_us - rounds->cycle_began_mono_us;
	rounds->stats.cycle_wall_us = now.wall_us;
	rounds->cycle_began_mono_us = now.mono_us;
	rounds->left_in_cycle = HASH_COUNT(rounds->seats);
	for (struct seat *s = rounds->seats; s; s = s->hh.next)
		s->polled_in_cycle = false;
}

/* A device in the middle of its move answers at one of two places. */
static void try_other_leg(struct seat *seat)
{
	size_t other = 1 - seat->leg;
	if (seat->device->legs_len < 2 || !seat->agents[other])
		return;
	seat->leg = other;
	nf_polled_rebind(seat->polled, seat->device, seat->agents[other]);
}

static void plan_next(struct seat *seat, enum nf_judge_next next, struct nf_now now)
{
	struct nf_rounds *rounds = seat->rounds;
	int64_t at = seat->due_mono_us;
	if (at <= now.mono_us) {
		rounds->stats.skipped++;
		at = seat->due_mono_us = next_due(seat, now.mono_us);
	}
	int64_t confirm = now.mono_us + rounds->site->polling.confirm_every_us;
	if (next != NF_ASK_AS_USUAL && confirm < at) {
		seat->confirming = true;
		rounds->stats.confirming++;
		at = confirm;
	}
	if (at != INT64_MAX)
		set_timer(seat, at);
}

static void ended(struct seat *seat, enum nf_judge_next next, struct nf_now now)
{
	seat->under_way = false;
	seat->rounds->stats.under_way--;
	if (seat->depth != NF_POLL_CONFIRM)
		count_cycle(seat, now);
	plan_next(seat, next, now);
}

static void polled(struct nf_polled *which, const struct nf_report *report,
	enum nf_judge_next next, void *arg)
{
	struct seat *seat = arg;
	struct nf_now now = nf_clock_now();
	(void)which;
	if (seat->gone) { /* ended by a reload or the end: no answer of the device */
		seat->under_way = false;
		seat->rounds->stats.under_way--;
		return;
	}
	if (report->answered) {
		keep_engine(seat, seat->agents[seat->leg], now);
		judge_engine(seat, seat->agents[seat->leg], now);
	} else {
		try_other_leg(seat);
	}
	ended(seat, next, now);
	want_doubted(seat->rounds);
	start_waiting(seat->rounds, now);
}

static void say_trouble(struct seat *seat, struct nf_now now)
{
	nf_judge_observe(seat->rounds->parts.judge,
		&(struct nf_answer){.device = seat->device,
			.check = "snmp",
			.state = NF_STATE_UNKNOWN,
			.output = seat->trouble,
			.interval_us = seat->rounds->site->polling.snmp_us,
			.finding = true},
		now);
	nf_judge_asked(seat->rounds->parts.judge, seat->device, now);
}

static void begin(struct seat *seat, struct nf_now now)
{
	struct nf_rounds *rounds = seat->rounds;
	seat->under_way = true;
	rounds->stats.under_way++;
	if (!seat->polled) {
		say_trouble(seat, now);
		ended(seat, NF_ASK_AS_USUAL, now);
		return;
	}
	rounds->stats.polls++;
	nf_poll_start(seat->polled, seat->depth, polled, seat);
}

static void start_waiting(struct nf_rounds *rounds, struct nf_now now)
{
	while (rounds->waiting && !rounds->paused && rounds->stats.under_way < NF_ROUNDS_MAX) {
		struct seat *seat = rounds->waiting;
		DL_DELETE(rounds->waiting, seat);
		seat->waiting = false;
		rounds->stats.waiting--;
		begin(seat, now);
	}
}

static void end_pass(struct nf_rounds *rounds, struct nf_now now)
{
	struct nf_rounds_stats *stats = &rounds->stats;
	if (!rounds->parts.once || rounds->left_once)
		return;
	if (!rounds->passed_mono_us)
		rounds->passed_mono_us = now.mono_us;
	bool patient = now.mono_us - rounds->passed_mono_us < ONCE_PATIENCE_US;
	if (patient && (stats->under_way || stats->waiting || stats->confirming))
		return;
	rounds->parts.once = false;
	uv_timer_stop(&rounds->sweep);
	rounds->parts.done(rounds->parts.arg);
}

static void sweep_paused(struct nf_rounds *rounds, struct nf_now now)
{
	void (*ready)(void *) = rounds->ready;
	if (!ready || (rounds->stats.under_way && now.mono_us < rounds->pause_ends_mono_us))
		return;
	rounds->ready = NULL;
	ready(rounds->ready_arg);
}

static void sweep(uv_timer_t *handle)
{
	struct nf_rounds *rounds = handle->data;
	struct nf_now now = nf_clock_now();
	struct nf_timer *due;
	if (rounds->paused) {
		sweep_paused(rounds, now);
		return;
	}
	while ((due = nf_wheel_due(&rounds->wheel, now.mono_us))) {
		struct seat *seat = (struct seat *)((char *)due - offsetof(struct seat, timer));
		if (now.mono_us >= seat->due_mono_us)
			want_usual(seat, now);
		else
			want(seat, NF_POLL_CONFIRM);
	}
	want_doubted(rounds);
	start_waiting(rounds, now);
	end_pass(rounds, now);
}

static void make_agents(struct seat *seat)
{
	struct nf_rounds *rounds = seat->rounds;
	struct nf_error err;
	free(seat->trouble);
	seat->trouble = NULL;
	for (size_t leg = 0; leg < NF_LEGS_MAX; leg++) {
		seat->agents[leg] = NULL;
		if (leg >= seat->device->legs_len)
			continue;
		if (nf_agent_new(rounds->asker, seat->device, leg, &seat->agents[leg], &err) ==
			NF_OK)
			continue;
		free(seat->trouble);
		seat->trouble = nf_xasprintf("cannot be asked: %s", err.text);
		nf_log_limited(seat->device->snmp->id, NF_LOG_ERROR, "snmp", "%s device=%s",
			err.text, seat->device->name);
	}
	if (seat->leg >= seat->device->legs_len)
		seat->leg = 0;
}

static void bind_polled(struct seat *seat)
{
	struct nf_agent *agent = seat->agents[seat->leg];
	if (agent && seat->polled) {
		nf_polled_rebind(seat->polled, seat->device, agent);
	} else if (agent) {
		seat->polled = nf_polled_new(seat->rounds->parts.poller, seat->device, agent);
	} else {
		nf_polled_free(seat->polled);
		seat->polled = NULL;
	}
}

static struct seat *seat_new(struct nf_rounds *rounds, const char *name, struct nf_now now)
{
	struct seat *seat = nf_xcalloc(1, sizeof *seat);
	const struct nf_polling *polling = &rounds->site->polling;
	int64_t start_us = polling->snmp_us < START_US ? polling->snmp_us : START_US;
	seat->rounds = rounds;
	seat->name = nf_xstrdup(name);
	seat->due_mono_us = now.mono_us + (int64_t)(hash_of(name, 0) % (uint64_t)start_us);
	seat->topology_mono_us =
		now.mono_us + (int64_t)(hash_of(name, 1) % (uint64_t)polling->topology_us);
	if (rounds->parts.once)
		seat->due_mono_us = seat->topology_mono_us = now.mono_us;
	HASH_ADD_KEYPTR(hh, rounds->seats, seat->name, strlen(seat->name), seat);
	return seat;
}

static void seat_free(struct nf_rounds *rounds, struct seat *seat)
{
	HASH_DELETE(hh, rounds->seats, seat);
	nf_wheel_stop(&rounds->wheel, &seat->timer);
	nf_polled_free(seat->polled);
	free(seat->trouble);
	free(seat->name);
	free(seat);
}

static void know_engine(const struct nf_engine_row *row, void *arg)
{
	struct nf_rounds *rounds = arg;
	struct nf_addr address;
	const struct nf_network *network = nf_site_network(rounds->site, row->network);
	if (!network || nf_addr_parse(row->address, &address) != NF_OK)
		return;
	const struct nf_device *device = nf_site_device_at(rounds->site, network, &address);
	struct seat *seat = device ? seat_of(rounds, device->name) : NULL;
	for (size_t leg = 0; seat && leg < device->legs_len; leg++)
		if (seat->agents[leg] && device->legs[leg].network == network)
			nf_agent_know_engine(
				seat->agents[leg], row->engine_id, row->engine_id_len);
}

static void seat_device(
	struct nf_rounds *rounds, const struct nf_device *device, struct nf_now now)
{
	struct seat *seat = seat_of(rounds, device->name);
	if (!seat)
		seat = seat_new(rounds, device->name, now);
	seat->gone = false;
	seat->device = device;
	seat->phase_us =
		(int64_t)(hash_of(device->name, 0) % (uint64_t)rounds->site->polling.snmp_us);
	make_agents(seat);
	bind_polled(seat);
	/* one that was due while paused, or whose interval became shorter, is not forgotten */
	int64_t interval_ends = now.mono_us + rounds->site->polling.snmp_us;
	if (seat->due_mono_us > interval_ends)
		seat->due_mono_us = interval_ends;
	if (!seat->confirming)
		set_timer(seat, seat->due_mono_us);
}

static void take_site(struct nf_rounds *rounds, const struct nf_site *site, struct nf_now now)
{
	struct seat *seat, *next;
	rounds->site = site;
	for (seat = rounds->seats; seat; seat = seat->hh.next)
		seat->gone = true;
	NF_EACH(struct nf_device, device, site->devices)
	if (device->snmp)
		seat_device(rounds, device, now);
	HASH_ITER (hh, rounds->seats, seat, next)
		if (seat->gone)
			seat_free(rounds, seat);
	if (rounds->parts.store)
		nf_store_engines(rounds->parts.store, know_engine, rounds);
	rounds->stats.devices = HASH_COUNT(rounds->seats);
	rounds->stats.confirming = rounds->left_in_cycle = rounds->left_once = 0;
	for (seat = rounds->seats; seat; seat = seat->hh.next) {
		rounds->left_in_cycle += !seat->polled_in_cycle;
		rounds->left_once += !seat->polled_once;
		rounds->stats.confirming += seat->confirming;
	}
}

struct nf_rounds *nf_rounds_new(uv_loop_t *loop, const struct nf_rounds_parts *parts,
	const struct nf_site *site, struct nf_error *err)
{
	struct nf_now now = nf_clock_now();
	struct nf_asker *asker;
	if (nf_asker_new(loop, site, &asker, err) != NF_OK)
		return NULL;
	struct nf_rounds *rounds = nf_xcalloc(1, sizeof *rounds);
	rounds->loop = loop;
	rounds->parts = *parts;
	rounds->asker = asker;
	rounds->cycle_began_mono_us = now.mono_us;
	nf_wheel_init(&rounds->wheel, now.mono_us);
	take_site(rounds, site, now);
	uv_timer_init(loop, &rounds->sweep);
	rounds->sweep.data = rounds;
	uv_timer_start(&rounds->sweep, sweep, 0, SWEEP_MS);
	return rounds;
}

void nf_rounds_pause(
	struct nf_rounds *rounds, int64_t patience_us, void (*ready)(void *arg), void *arg)
{
	rounds->paused = true;
	rounds->pause_ends_mono_us = nf_clock_now().mono_us + patience_us;
	rounds->ready = ready;
	rounds->ready_arg = arg;
}

static void add_stats(struct nf_asker_stats *sum, const struct nf_asker_stats *more)
{
	sum->requests += more->requests;
	sum->answers += more->answers;
	sum->retries += more->retries;
	sum->timeouts += more->timeouts;
	sum->wrong_source += more->wrong_source;
	sum->wrong_community += more->wrong_community;
	sum->unmatched += more->unmatched;
	sum->malformed += more->malformed;
	sum->unauthentic += more->unauthentic;
	sum->values += more->values;
}

/* Those that wait are put back to their time; polls under way end while the asker closes. */
static void end_polls(struct nf_rounds *rounds, void (*done)(void *arg), void *arg)
{
	struct nf_now now = nf_clock_now();
	struct seat *seat, *next;
	DL_FOREACH_SAFE(rounds->waiting, seat, next)
	{
		DL_DELETE(rounds->waiting, seat);
		seat->waiting = false;
		seat->due_mono_us = now.mono_us;
	}
	rounds->stats.waiting = 0;
	for (seat = rounds->seats; seat; seat = seat->hh.next) {
		seat->gone = true;
		if (seat->under_way)
			seat->due_mono_us = now.mono_us;
	}
	struct nf_asker_stats past = nf_asker_stats(rounds->asker);
	add_stats(&rounds->stats.asker, &past);
	nf_asker_close(rounds->asker, done, arg);
	rounds->asker = NULL;
}

void nf_rounds_resume(struct nf_rounds *rounds, const struct nf_site *site,
	void (*released)(void *arg), void *arg)
{
	struct nf_error err;
	end_polls(rounds, released, arg);
	if (nf_asker_new(rounds->loop, site, &rounds->asker, &err) != NF_OK) {
		nf_log(NF_LOG_FATAL, "snmp", "%s", err.text); /* it worked before */
		return;
	}
	take_site(rounds, site, nf_clock_now());
	rounds->paused = false;
}

static void sweep_closed(uv_handle_t *handle)
{
	struct nf_rounds *rounds = handle->data;
	struct seat *seat, *next;
	HASH_ITER (hh, rounds->seats, seat, next)
		seat_free(rounds, seat);
	void (*closed)(void *) = rounds->ready;
	void *arg = rounds->ready_arg;
	free(rounds);
	closed(arg);
}

static void asker_closed(void *arg)
{
	struct nf_rounds *rounds = arg;
	uv_close((uv_handle_t *)&rounds->sweep, sweep_closed);
}

void nf_rounds_close(struct nf_rounds *rounds, void (*closed)(void *arg), void *arg)
{
	rounds->paused = true;
	rounds->ready = closed;
	rounds->ready_arg = arg;
	uv_timer_stop(&rounds->sweep);
	end_polls(rounds, asker_closed, rounds);
}

struct nf_rounds_stats nf_rounds_stats(struct nf_rounds *rounds)
{
	struct nf_rounds_stats stats = rounds->stats;
	if (rounds->asker) {
		struct nf_asker_stats now = nf_asker_stats(rounds->asker);
		add_stats(&stats.asker, &now);
		stats.asker.in_flight = now.in_flight;
	}
	rounds->stats.lag_us = 0;
	return stats;
}
