// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/forecast.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RUNS	  2000
#define DAYS_MAX  (5 * 366)
#define WEEK	  7
#define WEEKS_MAX NF_FORECAST_WEEKS_MAX

const char *nf_forecast_state_text(enum nf_forecast_state state)
{
	static const char *const texts[] = {
		"empty", "done", "early", "stands", "retreats", "range"};
	return texts[state];
}

/* What a week brought: proofs, and by how much the rest of the work became less. */
struct week {
	int64_t done, net;
};

struct weeks {
	struct week items[WEEKS_MAX];
	size_t len; /* newest first */
};

/* SplitMix64: small, good enough for drawing, the same on every machine. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static bool is_frozen(const struct nf_freeze_days *freezes, size_t len, int64_t day)
{
	for (size_t i = 0; i < len; i++)
		if (freezes[i].from_day <= day && day <= freezes[i].to_day)
			return true;
	return false;
}

/* How it stood at the end of that day; before the first row as in the first row. */
static const struct nf_burn *burn_at(const struct nf_burn *burn, size_t len, int64_t day)
{
	size_t low = 0, high = len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (burn[middle].day <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return &burn[low > 0 ? low - 1 : 0];
}

/* Whole weeks of seven days without a freeze, backwards from a day that is over. What was proved in a freeze,
 * of moves before it, counts for the day after it. */
static void count_weeks(const struct nf_burn *burn, size_t burn_len,
	const struct nf_freeze_days *freezes, size_t freezes_len, int64_t newest,
	struct weeks *weeks)
{
	struct week w = {0};
	int days = 0;
	for (int64_t day = newest, next; day > burn[0].day && weeks->len < WEEKS_MAX;
		day = next) {
		for (next = day - 1; next > burn[0].day; next--)
			if (!is_frozen(freezes, freezes_len, next))
				break;
		if (is_frozen(freezes, freezes_len, day))
			continue;
		const struct nf_burn *now = burn_at(burn, burn_len, day);
		const struct nf_burn *before = burn_at(burn, burn_len, next);
		int64_t done = (int64_t)now->done - before->done;
		w.done += done;
		w.net += done - ((int64_t)now->scope - before->scope);
		if (++days == WEEK) {
			weeks->items[weeks->len++] = w;
			w = (struct week){0};
			days = 0;
		}
	}
}

/* The free days from now until the work of a draw is done; DAYS_MAX + 1: it never is. */
static int run_once(const struct weeks *weeks, int64_t rest, uint64_t *seed)
{
	int64_t set[WEEKS_MAX];
	int64_t sum = 0;
	for (size_t i = 0; i < weeks->len; i++)
		sum += set[i] = weeks->items[draw(seed) % weeks->len].net;
	if (sum <= 0)
		return DAYS_MAX + 1;
	for (int days = 0; days <= DAYS_MAX; days += WEEK) {
		int64_t net = set[draw(seed) % weeks->len];
		if (net >= rest)
			return days + (int)((rest * WEEK + net - 1) / net);
		rest -= net;
	}
	return DAYS_MAX + 1;
}

static int by_size(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	return (x > y) - (x < y);
}

/* The calendar day that is the `free`th one after today without a freeze. */
static int64_t calendar_day(
	const struct nf_freeze_days *freezes, size_t len, int64_t today, int free_days)
{
	if (free_days > DAYS_MAX)
		return NF_FORECAST_NEVER;
	int64_t day = today;
	for (int64_t limit = today + 2 * DAYS_MAX; free_days > 0 && day < limit;)
		free_days -= !is_frozen(freezes, len, ++day);
	return free_days > 0 ? NF_FORECAST_NEVER : day;
}

static int64_t moved_lately(const struct weeks *weeks)
{
	int64_t done = 0;
	for (size_t i = 0; i < weeks->len && i < NF_FORECAST_IDLE; i++)
		done += weeks->items[i].done;
	return done;
}

static enum nf_forecast_state state_of(const struct nf_forecast *f, const struct weeks *weeks)
{
	int64_t net = 0;
	for (size_t i = 0; i < weeks->len; i++)
		net += weeks->items[i].net;
	if (f->scope == 0)
		return NF_FORECAST_EMPTY;
	if (f->done >= f->scope)
		return NF_FORECAST_DONE;
	if (weeks->len < NF_FORECAST_WEEKS_MIN)
		return NF_FORECAST_EARLY;
	if (moved_lately(weeks) <= 0)
		return NF_FORECAST_STANDS;
	return net <= 0 ? NF_FORECAST_RETREATS : NF_FORECAST_RANGE;
}

struct nf_forecast nf_forecast_make(const struct nf_burn *burn, size_t burn_len,
	const struct nf_freeze_days *freezes, size_t freezes_len, int64_t today,
	int64_t leave_by_day, uint64_t seed)
{
	struct nf_forecast f = {.on_time = -1};
	struct weeks weeks = {0};
	static const int percents[] = {10, 20, 50, 80, 90};
	int64_t *const days[] = {&f.day_10, &f.day_20, &f.day_50, &f.day_80, &f.day_90};
	int runs[RUNS];
	size_t in_time = 0;

	if (burn_len == 0)
		return f;
	f.done = burn_at(burn, burn_len, today)->done;
	f.scope = burn_at(burn, burn_len, today)->scope;
	count_weeks(burn, burn_len, freezes, freezes_len, today - 1, &weeks);
	f.weeks = (uint32_t)weeks.len;
	for (size_t i = 0; i < weeks.len; i++)
		f.per_week += (double)weeks.items[i].done / (double)weeks.len;
	f.state = state_of(&f, &weeks);
	if (f.state != NF_FORECAST_RANGE)
		return f;
	for (size_t i = 0; i < RUNS; i++)
		runs[i] = run_once(&weeks, (int64_t)f.scope - f.done, &seed);
	qsort(runs, RUNS, sizeof *runs, by_size);
	for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
		*days[i] = calendar_day(
			freezes, freezes_len, today, runs[(RUNS - 1) * percents[i] / 100]);
	if (leave_by_day == 0)
		return f;
	while (in_time < RUNS &&
		calendar_day(freezes, freezes_len, today, runs[in_time]) <= leave_by_day)
		in_time++;
	f.on_time = (double)in_time / RUNS;
	return f;
}
