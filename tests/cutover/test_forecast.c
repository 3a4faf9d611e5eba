// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks/cutover/forecast.h"

#define DAY0	 INT64_C(15000)
#define DAYS_MAX 1500
#define SEED	 42

struct history {
	struct nf_burn burn[DAYS_MAX];
	size_t len;
};

/* A history from day 0 on, one row a day: devices done at the end of each week's fifth day. */
static void weekly(struct history *h, uint32_t scope, const int *weeks, size_t len)
{
	uint32_t done = 0;
	h->len = 0;
	h->burn[h->len++] = (struct nf_burn){DAY0, 0, scope};
	for (size_t i = 0; i < len * 7; i++) {
		done += i % 7 == 4 ? (uint32_t)weeks[i / 7] : 0;
		h->burn[h->len] = (struct nf_burn){DAY0 + 1 + (int64_t)i, done, scope};
		h->len++;
	}
}

static struct nf_forecast make(const struct history *h, const struct nf_freeze_days *freezes,
	size_t len, int64_t leave_by)
{
	return nf_forecast_make(
		h->burn, h->len, freezes, len, h->burn[h->len - 1].day, leave_by, SEED);
}

static void make__steady_pace__the_date_that_arithmetic_gives(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 5};
	struct history h;
	weekly(&h, 50, weeks, NF_LEN(weeks));
	int64_t today = h.burn[h.len - 1].day;
	struct nf_forecast f = make(&h, NULL, 0, today + 42);
	assert_int_equal(f.state, NF_FORECAST_RANGE);
	assert_int_equal(f.day_20, today + 42);
	assert_int_equal(f.day_80, today + 42);
	assert_true(f.on_time == 1.0);
	assert_true(fabs(f.per_week - 5) < 1e-9);
	assert_true(make(&h, NULL, 0, today + 41).on_time == 0.0);
	assert_true(make(&h, NULL, 0, 0).on_time == -1.0);
}

static void make__freeze_ahead__is_jumped_over(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 5};
	struct history h;
	weekly(&h, 50, weeks, NF_LEN(weeks));
	int64_t today = h.burn[h.len - 1].day;
	const struct nf_freeze_days freeze = {today + 8, today + 21};
	struct nf_forecast f = make(&h, &freeze, 1, 0);
	assert_int_equal(f.day_50, today + 42 + 14);
}

static void make__freeze_behind__is_no_slow_week(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 0, 0, 5, 5};
	struct history h;
	weekly(&h, 45, weeks, NF_LEN(weeks));
	const struct nf_freeze_days freeze = {DAY0 + 22, DAY0 + 35};
	struct nf_forecast f = make(&h, &freeze, 1, 0);
	assert_int_equal(f.weeks, 4);
	assert_int_equal(f.day_20, h.burn[h.len - 1].day + 28);
	assert_int_equal(f.day_80, h.burn[h.len - 1].day + 28);
}

static void make__proved_in_a_freeze__is_not_lost(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 8, 0, 5, 5};
	struct history h;
	weekly(&h, 60, weeks, NF_LEN(weeks));
	const struct nf_freeze_days freeze = {DAY0 + 22, DAY0 + 35};
	assert_true(fabs(make(&h, &freeze, 1, 0).per_week - (5 + 8 / 4.0)) < 1e-9);
}

/* The week that today belongs to has not ended: six days of it are no week. */
static void make__today__is_of_no_week_yet(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 5};
	struct history h;
	weekly(&h, 50, weeks, NF_LEN(weeks));
	h.burn[h.len - 1].done += 9;
	struct nf_forecast f = make(&h, NULL, 0, 0);
	assert_int_equal(f.done, 29);
	assert_int_equal(f.weeks, 3);
	assert_true(fabs(f.per_week - 5) < 1e-9);
}

static void make__no_grounds__says_so(void **state)
{
	(void)state;
	static const struct {
		int weeks[8];
		size_t len;
		uint32_t scope;
		enum nf_forecast_state want;
	} rows[] = {
		{{5, 5},			 2, 50, NF_FORECAST_EARLY },
		{{5, 5, 5, 5, 0, 0, 0, 0}, 8, 50, NF_FORECAST_STANDS},
		{{0, 0, 0, 0},	       4, 50, NF_FORECAST_STANDS},
		{{5, 5, 5, 5},	       4, 20, NF_FORECAST_DONE  },
		{{0, 0, 0, 0},	       4, 0,  NF_FORECAST_EMPTY },
		{{5, 5, 5, 5, 0, 0, 0, 1}, 8, 50, NF_FORECAST_RANGE },
	};
	NF_ROWS(i, rows)
	{
		struct history h;
		weekly(&h, rows[i].scope, rows[i].weeks, rows[i].len);
		struct nf_forecast f = make(&h, NULL, 0, 0);
		if (f.state != rows[i].want)
			fail_msg("row %zu: %s", i, nf_forecast_state_text(f.state));
	}
	assert_int_equal(
		nf_forecast_make(NULL, 0, NULL, 0, DAY0, 0, SEED).state, NF_FORECAST_EMPTY);
}

static void make__scope_grows_faster__no_date(void **state)
{
	(void)state;
	static const int weeks[] = {2, 2, 2, 2};
	struct history h;
	weekly(&h, 50, weeks, NF_LEN(weeks));
	for (size_t i = 0; i < h.len; i++)
		h.burn[i].scope += (uint32_t)(i / 7 * 3);
	assert_int_equal(make(&h, NULL, 0, 0).state, NF_FORECAST_RETREATS);
}

static void make__days_missing__stood_as_before(void **state)
{
	(void)state;
	static const int weeks[] = {4, 6, 5, 5, 7, 3};
	struct history h, gaps = {0};
	weekly(&h, 80, weeks, NF_LEN(weeks));
	for (size_t i = 0; i < h.len; i++)
		if (i == 0 || h.burn[i].done != h.burn[i - 1].done || i == h.len - 1)
			gaps.burn[gaps.len++] = h.burn[i];
	struct nf_forecast a = make(&h, NULL, 0, 0), b = make(&gaps, NULL, 0, 0);
	assert_memory_equal(&a, &b, sizeof a);
}

static void make__endless_freeze__ends(void **state)
{
	(void)state;
	static const int weeks[] = {5, 5, 5, 5};
	struct history h;
	weekly(&h, 50, weeks, NF_LEN(weeks));
	const struct nf_freeze_days freeze = {h.burn[h.len - 1].day + 1, INT64_MAX};
	struct nf_forecast f = make(&h, &freeze, 1, h.burn[h.len - 1].day + 100);
	assert_int_equal(f.day_50, NF_FORECAST_NEVER);
	assert_true(f.on_time == 0.0);
}

/* Synthetic moves, carried to their end, and forecast from the middle. */
static uint64_t noise;

static double uniform(void)
{
	noise = noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(noise >> 11) / 9007199254740992.0;
}

static int poisson(double mean)
{
	double limit = exp(-mean), product = uniform();
	int n = 0;
	for (; product > limit; n++)
		product *= uniform();
	return n;
}

enum manner { EVENLY, IN_BURSTS, UNEVENLY };

static int week_of(enum manner manner, double pace)
{
	if (manner == EVENLY)
		return poisson(pace);
	if (manner == IN_BURSTS) /* a wave every third week or so */
		return uniform() < 0.35 ? poisson(pace / 0.35) : 0;
	return poisson(pace * (0.2 + 1.6 * uniform()));
}

struct score {
	int cases, in_range, by_80, by_20;
};

static void play(enum manner manner, struct score *score)
{
	static struct history h;
	static int weeks[200];
	double pace = 4 + 8 * uniform();
	uint32_t scope = (uint32_t)(pace * (25 + 25 * uniform())), done = 0;
	size_t len = 0, seen = 8 + (size_t)(8 * uniform());
	for (; done < scope && len < 200; len++) {
		weeks[len] = week_of(manner, pace);
		done += (uint32_t)weeks[len];
	}
	weekly(&h, scope, weeks, len);
	if (len <= seen + 1)
		return;
	int64_t truth = 0;
	for (size_t i = h.len; i-- > 0;)
		if (h.burn[i].done >= scope)
			truth = h.burn[i].day;
	struct nf_forecast f = nf_forecast_make(
		h.burn, seen * 7 + 1, NULL, 0, DAY0 + (int64_t)seen * 7, 0, SEED);
	if (f.state != NF_FORECAST_RANGE)
		return;
	score->cases++;
	score->in_range += f.day_10 <= truth && truth <= f.day_90;
	score->by_80 += truth <= f.day_80;
	score->by_20 += truth <= f.day_20;
}

static void make__synthetic_moves__the_80_percent_range_holds_the_truth_so_often(void **state)
{
	(void)state;
	static const enum manner manners[] = {EVENLY, IN_BURSTS, UNEVENLY};
	NF_ROWS(m, manners)
	{
		struct score s = {0};
		noise = 7;
		for (int i = 0; i < 300; i++)
			play(manners[m], &s);
		print_message(
			"manner %zu: %d moves, in the 80%% range %d%%, done by the 80%% day "
			"%d%%, by the 20%% day %d%%\n",
			m, s.cases, s.in_range * 100 / s.cases, s.by_80 * 100 / s.cases,
			s.by_20 * 100 / s.cases);
		assert_true(s.cases > 250);
		assert_in_range(s.in_range * 100 / s.cases, 70, 90);
		assert_in_range(s.by_80 * 100 / s.cases, 70, 90);
		assert_in_range(s.by_20 * 100 / s.cases, 10, 32);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make__steady_pace__the_date_that_arithmetic_gives),
		cmocka_unit_test(make__freeze_ahead__is_jumped_over),
		cmocka_unit_test(make__freeze_behind__is_no_slow_week),
		cmocka_unit_test(make__proved_in_a_freeze__is_not_lost),
		cmocka_unit_test(make__today__is_of_no_week_yet),
		cmocka_unit_test(make__no_grounds__says_so),
		cmocka_unit_test(make__scope_grows_faster__no_date),
		cmocka_unit_test(make__days_missing__stood_as_before),
		cmocka_unit_test(make__endless_freeze__ends),
		cmocka_unit_test(
			make__synthetic_moves__the_80_percent_range_holds_the_truth_so_often),
	};
	return NF_RUN(tests, argc, argv);
}
