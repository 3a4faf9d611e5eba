// SPDX-License-Identifier: GPL-3.0-or-later
/* moves: how far the move has come, as a reader is shown it: devices, networks, burn-up, forecast.
 * Shape:   the inventory is the frame: a device of an old network whose stage was never computed is there,
 *          without one. What the ledger's program computed is read, nothing is judged here but the forecast.
 *          What was not computed for NF_MOVES_STALE_US is stale: of a stage that is said; of a network nobody
 *          knows any more whether it can be switched off.
 * Units:   wall microseconds, UTC days.
 * Memory:  borrows the site; owns everything else until nf_moves_free.
 */
#pragma once

#include "checks/cutover/forecast.h"
#include "checks/cutover/network.h"
#include "checks/cutover/stage.h"
#include "conf/site.h"
#include "store/cutover.h"

#include <jansson.h>

#define NF_MOVES_STALE_US (3600 * NF_US_PER_S)

struct nf_move {
	const struct nf_device *device;
	const struct nf_network *from;
	bool known; /* the stage was computed */
	bool stale;
	enum nf_stage stage;
	int64_t since_wall_us, computed_wall_us;
	const char *json; /* as nf_stage_row; "{}" without */
	/* An exemption that holds; reason NULL: none. */
	const char *exempt_reason, *exempt_owner;
	int64_t exempt_until_wall_us;
};

/* The burn-up of a network, or of all. */
struct nf_moves_burn {
	struct nf_burn *days;
	size_t len, cap;
	struct nf_forecast forecast;
};

struct nf_moves_network {
	const struct nf_network *network; /* NULL: all of them */
	size_t total, unknown, by_stage[NF_STAGES];
	bool computed; /* within NF_MOVES_STALE_US; else it is not ready */
	bool stale;    /* it was once: the blockers are of computed_wall_us */
	bool ready;
	int64_t computed_wall_us; /* 0: never */
	struct nf_blockers blockers;
	uint32_t unlisted; /* talkers that nobody knows, at the last count */
	const json_t *
		listeners; /* its sensors, as in checks/cutover/listeners.h; NULL: not computed */
	struct nf_moves_burn burn;
	int64_t leave_by_day; /* 0: not said; of all: the last of them */
};

struct nf_moves {
	const struct nf_site *site;
	int64_t at_wall_us;
	struct nf_move *items; /* those that move, by the inventory's order */
	size_t len;
	size_t *at; /* by device index: in items, from 1; 0: it does not move */
	struct nf_moves_network *networks; /* the old ones, by the site's order */
	size_t networks_len;
	struct nf_moves_network all;
	json_t *duplicates; /* as in checks/cutover/duplicates.h */
	json_t *listeners;  /* by network */
	struct nf_arena *arena;
};

/* store NULL: nothing was ever recorded. */
enum nf_err nf_moves_read(const struct nf_site *site, struct nf_store *store,
	int64_t now_wall_us, struct nf_moves *out);
void nf_moves_free(struct nf_moves *moves);

/* NULL: this device does not move. */
const struct nf_move *nf_moves_find(const struct nf_moves *moves, const char *device);
/* "planned"; "unknown" where it was never computed. */
const char *nf_move_stage(const struct nf_move *move);
/* The freezes as days for the forecast; returns their number, at most max. */
size_t nf_moves_freezes(const struct nf_site *site, struct nf_freeze_days *out, size_t max);
/* The UTC day that holds this date's noon in the site's zone. */
int64_t nf_moves_day(int64_t wall_us);

/* "2011-02-05" of such a day; in words where it is NF_FORECAST_NEVER. */
#define NF_DAY_TEXT_MAX 64
char *nf_day_text(int64_t day, char buf[NF_DAY_TEXT_MAX]);
/* "21 of 42 proved": of all that has to move, with talkers that nobody listed and without what is exempt, as in the
 * burn-up. */
void nf_moves_proved_words(const struct nf_moves_network *network, struct nf_strbuf *out);
/* By how many days the day that is kept with 80 % misses leave_by; 0: by none, or there is no such day. */
unsigned int nf_moves_days_late(const struct nf_moves_network *network);
/* "2011-05-03 (20%: 2011-04-20, 80%: 2011-05-30), in time with 63%; at 80% it is 14 days late", or why there is no forecast; in the
 * language of base/i18n.h. */
void nf_moves_forecast_words(const struct nf_moves_network *network, struct nf_strbuf *out);
