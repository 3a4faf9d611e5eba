// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/follow.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/clock_guard.h"
#include "store/follow_series.h"

#define READ_BYTES	(8U << 20) /* at one call */
#define PERIOD_LEAST_US (10 * NF_US_PER_S)
#define PERIOD_MOST_US	(900 * NF_US_PER_S)
#define CPU_SHARE	0.01
#define COST_FIRST_US	60.0 /* of one update, until it was measured */
#define MAKE_AT_ONCE	100  /* new files in one slice */
#define SLICE_US	(500 * NF_US_PER_MS)
#define ROOM_LEAST	(4U << 20)
#define ROOM_RETRY_US	(30 * NF_US_PER_S)

struct nf_follow {
	struct nf_series_table table;
	struct nf_journal_reader *reader;
	struct nf_clock_guard guard;
	char *state_dir;
	size_t hand;		    /* position in the round */
	double due;		    /* series to visit, carried over */
	int64_t last_mono_us;	    /* of the last slice */
	double cost_us;		    /* of one update, on average */
	int64_t room_after_mono_us; /* a file could not be made: not before */
	uint64_t rounds;
	bool disk_full, clock_held;
};

static void *define(const char *network, const char *device, const char *series,
	const struct nf_shape *shape, void *arg)
{
	struct nf_follow *f = arg;
	return nf_series_table_define(&f->table, network, device, series, shape);
}

static void sample(void *series, uint32_t file, uint32_t offset, void *arg)
{
	struct nf_follow *f = arg;
	struct nf_followed *s = series;
	nf_pending_push(&f->table.pending, &s->queue, file, offset);
}

static void rename_series(const char *network, const char *device, const char *old_series,
	const char *new_series, void *arg)
{
	struct nf_follow *f = arg;
	nf_series_table_rename(&f->table, network, device, old_series, new_series);
}

struct nf_follow *nf_follow_new(const char *state_dir, nf_finding_fn *finding, void *arg)
{
	static const struct nf_journal_ops ops = {define, sample, rename_series};
	struct nf_follow *f = nf_xcalloc(1, sizeof *f);
	f->state_dir = nf_xstrdup(state_dir);
	nf_series_table_init(&f->table, state_dir, finding, arg);
	f->reader = nf_journal_reader_new(state_dir, f->table.shapes, &ops, f);
	f->table.reader = f->reader;
	f->cost_us = COST_FIRST_US;
	return f;
}

void nf_follow_free(struct nf_follow *follow)
{
	if (follow == NULL)
		return;
	nf_journal_reader_free(follow->reader);
	nf_series_table_free(&follow->table);
	free(follow->state_dir);
	free(follow);
}

bool nf_follow_read(struct nf_follow *follow)
{
	return nf_journal_reader_read(follow->reader, READ_BYTES);
}

void nf_follow_trim(struct nf_follow *follow)
{
	nf_journal_reader_trim(follow->reader);
}

static void set_full(struct nf_follow *f, bool full)
{
	if (full == f->disk_full)
		return;
	f->disk_full = full;
	f->table.finding("", "", "", !full,
		full ? "the disk is full: samples wait in the journal"
		     : "there is room on the disk again: samples are written",
		f->table.finding_arg);
}

/* An update of a file that is whole needs no room, but a file system that copies on write does. */
static bool room_to_write(struct nf_follow *f, struct nf_now now)
{
	uint64_t room = 0, size = 0;
	bool little =
		nf_disk_free(f->state_dir, &room, &size, NULL) == NF_OK && room < ROOM_LEAST;
	if (f->table.no_room)
		f->room_after_mono_us = now.mono_us + ROOM_RETRY_US;
	f->table.no_room = false;
	if (!little && now.mono_us >= f->room_after_mono_us)
		return true;
	set_full(f, true);
	return false;
}

/* The disk is not full any more once something could be written. */
static void note_room(struct nf_follow *f, uint64_t written_before)
{
	if (f->table.no_room)
		set_full(f, true);
	else if (f->table.stats.written > written_before || f->table.pending.count == 0)
		set_full(f, false);
}

static struct nf_clock_limit look_at_clock(struct nf_follow *f, struct nf_now now)
{
	struct nf_clock_limit limit = nf_clock_guard_limit(&f->guard, now);
	if (limit.hold != f->clock_held) {
		f->clock_held = limit.hold;
		f->table.finding("", "", "", !limit.hold,
			limit.hold
				? "the clock jumped forward: samples wait in the journal for 15 min"
				: "the clock is believed again: samples are written",
			f->table.finding_arg);
	}
	return limit;
}

static int64_t cpu_us(void)
{
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	return (int64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * NF_US_PER_S +
	       use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

static int64_t period_us(const struct nf_follow *f)
{
	double period = (double)f->table.len * f->cost_us / CPU_SHARE;
	if (period < (double)PERIOD_LEAST_US)
		return PERIOD_LEAST_US;
	return period > (double)PERIOD_MOST_US ? PERIOD_MOST_US : (int64_t)period;
}

static void learn_cost(struct nf_follow *f, int64_t used_us, uint64_t updates)
{
	if (updates >= 20)
		f->cost_us += ((double)used_us / (double)updates - f->cost_us) * 0.1;
}

static void visit(struct nf_follow *f, struct nf_write_round *round)
{
	if (f->hand >= f->table.len) {
		f->hand = 0;
		f->rounds++;
	}
	nf_series_write(&f->table, f->table.items[f->hand++], round);
}

void nf_follow_write(struct nf_follow *follow, struct nf_now now)
{
	struct nf_clock_limit limit = look_at_clock(follow, now);
	int64_t elapsed =
		follow->last_mono_us == 0 ? NF_US_PER_S : now.mono_us - follow->last_mono_us;
	follow->last_mono_us = now.mono_us;
	if (follow->table.len == 0 || !room_to_write(follow, now))
		return;
	struct nf_write_round round = {.now = now,
		.newest_s = limit.newest_s,
		.hold = limit.hold,
		.makes_left = MAKE_AT_ONCE};
	follow->due += (double)follow->table.len * (double)elapsed / (double)period_us(follow);
	if (follow->due > (double)follow->table.len)
		follow->due = (double)follow->table.len;
	follow->table.oldest_s = INT64_MAX;
	int64_t begun = cpu_us(), begun_mono_us = nf_clock_now().mono_us;
	uint64_t updates = follow->table.updates, written = follow->table.stats.written;
	for (unsigned int n = 1; follow->due >= 1; n++, follow->due--) {
		visit(follow, &round);
		/* A slow disk, or much to catch up with: the loop must turn. */
		if (n % 16 == 0 && nf_clock_now().mono_us - begun_mono_us > SLICE_US)
			break;
	}
	note_room(follow, written);
	learn_cost(follow, cpu_us() - begun, follow->table.updates - updates);
	if (follow->table.oldest_s != INT64_MAX)
		follow->table.lag_s = now.wall_us / NF_US_PER_S - follow->table.oldest_s;
}

bool nf_follow_write_all(struct nf_follow *follow, struct nf_now now, int64_t budget_us)
{
	struct nf_clock_limit limit = look_at_clock(follow, now);
	struct nf_write_round round = {.now = now,
		.newest_s = limit.newest_s,
		.hold = limit.hold,
		.makes_left = UINT32_MAX,
		.impatient = true};
	int64_t begun = nf_clock_now().mono_us;
	uint64_t written = follow->table.stats.written;
	if (follow->table.len == 0)
		return true;
	for (size_t n = 0; n < follow->table.len; n++) {
		if (n % 64 == 0) {
			if (!room_to_write(follow, now))
				return true;
			if (budget_us > 0 && nf_clock_now().mono_us - begun > budget_us)
				return false;
		}
		visit(follow, &round);
	}
	note_room(follow, written);
	return true;
}

struct nf_follow_stats nf_follow_stats(const struct nf_follow *follow)
{
	struct nf_journal_reader_stats reader = nf_journal_reader_stats(follow->reader);
	struct nf_follow_stats stats = follow->table.stats;
	stats.samples = reader.samples;
	stats.damaged_records = reader.damaged;
	stats.files = reader.files;
	stats.series = follow->table.len;
	stats.queue = follow->table.pending.count;
	stats.lag_s = follow->table.lag_s;
	stats.period_s = period_us(follow) / NF_US_PER_S;
	stats.rounds = follow->rounds;
	stats.disk_full = follow->disk_full;
	stats.clock_held = follow->clock_held;
	return stats;
}
