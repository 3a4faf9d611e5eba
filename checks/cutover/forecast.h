// SPDX-License-Identifier: GPL-3.0-or-later
/* forecast: when a move will be done, as a range, from what was proved week by week.
 * Shape:   pure and deterministic: (progress day by day, freezes, today, seed) -> days and chances. Days in
 *          a freeze are taken out of the calendar before anything is counted, of the past and of the
 *          future. What a week adds (proofs less growth of the scope) is drawn again and again from the weeks
 *          that were: first a set of weeks, then the future out of that set, so that a short history gives a
 *          wide range.
 * Units:   whole days since 1970, UTC as the ledger's.
 * Source:  Efron and Tibshirani, An Introduction to the Bootstrap, chapter 6 and 25 (prediction).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How far it was at the end of a day. Days that are missing stood as the day before. */
struct nf_burn {
	int64_t day;
	uint32_t done, scope;
};

/* Both days belong to it. */
struct nf_freeze_days {
	int64_t from_day, to_day;
};

enum nf_forecast_state {
	NF_FORECAST_EMPTY,  /* nothing to move */
	NF_FORECAST_DONE,   /* all is proved */
	NF_FORECAST_EARLY,  /* fewer than NF_FORECAST_WEEKS_MIN whole weeks to go by */
	NF_FORECAST_STANDS, /* nothing moved in the last NF_FORECAST_IDLE weeks: no forecast */
	NF_FORECAST_RETREATS, /* the scope grows faster than the proofs: no end in five years */
	NF_FORECAST_RANGE,
};
const char *nf_forecast_state_text(enum nf_forecast_state state);

#define NF_FORECAST_WEEKS_MIN 3
#define NF_FORECAST_WEEKS_MAX 26 /* older ones say little of how fast it goes now */
#define NF_FORECAST_IDLE      4
#define NF_FORECAST_NEVER     INT64_MAX /* not within five years */

struct nf_forecast {
	enum nf_forecast_state state;
	uint32_t done, scope;
	uint32_t weeks;	 /* that were drawn from */
	double per_week; /* proofs, their mean */
	/* Only with NF_FORECAST_RANGE: done by that day with this chance, or NF_FORECAST_NEVER. */
	int64_t day_10, day_20, day_50, day_80, day_90;
	double on_time; /* the chance to be done by leave_by, 0 … 1; -1: no such day */
};

/* burn: by day, rising. What was done on today, which is not over, is done, and of no week yet. leave_by_day 0: not
 * said. */
struct nf_forecast nf_forecast_make(const struct nf_burn *burn, size_t burn_len,
	const struct nf_freeze_days *freezes, size_t freezes_len, int64_t today,
	int64_t leave_by_day, uint64_t seed);
