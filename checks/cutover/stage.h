// SPDX-License-Identifier: GPL-3.0-or-later
/* stage: where a device stands in its move, from dated observations for and against it.
 * Shape:   pure: (evidence of one leg, rules, now) -> stage and reasons. The evidence is a set: the order of
 *          the observations does not matter, nor does an observation that is there twice.
 * Rank:    how much of the move is proved, rising: planned < prepared < dual = regressed < lost < moved <
 *          confirmed < released < exempt. dual and regressed prove the same: the device is on the old
 *          network after it was on the new one; regressed says that it had gone in between. lost proves
 *          less than moved: it has left, nobody knows where to.
 * Holds:   an observation of the old side never gives a higher rank, nor does taking coverage away. Of less of the
 *          new side nothing follows: who was seen there less may seem to have gone there later, after it left.
 * Legs:    one evidence a leg, that is an old network the device was in; it stands where its worst leg does.
 * Units:   wall microseconds, 0 never; only our own clock, never a device's or a sensor's.
 * Memory:  borrows all; the result borrows from the evidence.
 */
#pragma once

#include "checks/cutover/coverage.h"
#include "checks/cutover/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_stage {
	NF_STAGE_PLANNED,  /* it has to move; nothing of it was seen on the new side */
	NF_STAGE_PREPARED, /* and its wave and its new address are known */
	NF_STAGE_DUAL,	   /* proved on the new side, and still on the old one */
	NF_STAGE_MOVED,	   /* proved on the new side, gone from the old one */
	NF_STAGE_CONFIRMED, /* and silent there for the quiet time, its checks ok, a backup proved */
	NF_STAGE_RELEASED, /* and nobody calls its old address, no lease, no backup job aims at it */
	NF_STAGE_REGRESSED, /* it had moved, and is back on the old side */
	NF_STAGE_LOST,	    /* it used to answer, and is on neither side */
	NF_STAGE_EXEMPT,    /* a person said so, until a day */
};
#define NF_STAGES 9

const char *nf_stage_text(enum nf_stage stage);	 /* "planned" */
const char *nf_stage_words(enum nf_stage stage); /* the same in the language of base/i18n.h */
bool nf_stage_parse(const char *text, enum nf_stage *out);
int nf_stage_rank(enum nf_stage stage);
/* moved, confirmed, released: the ledger has proof that it is on the new side, and nowhere else. */
bool nf_stage_has_moved(enum nf_stage stage);
/* Of two legs the one that counts for the device; of dual and regressed, regressed. */
enum nf_stage nf_stage_worse(enum nf_stage a, enum nf_stage b);

enum nf_side { NF_SIDE_OLD, NF_SIDE_NEW };

/* The device was seen on that side, at least at both ends of this time. strong: its identity was. */
struct nf_observation {
	enum nf_side side;
	bool strong;
	int64_t first_us, last_us;
	const char *source; /* "fdb", "wire" … */
	struct nf_reason why;
};

struct nf_evidence {
	const struct nf_observation *items;
	size_t len;
	bool is_prepared; /* wave and new address are known */
	bool is_exempt;
	int64_t silent_us; /* asked at every address and silent since; 0: it answers, or never did */
	bool checks_ok;		      /* what netfold asks the device is ok */
	bool needs_backup;	      /* a server with a job, or without a waiver */
	int64_t backup_us;	      /* the newest run of which a backup was proved */
	int64_t called_us;	      /* somebody last called its old address */
	int64_t lease_us;	      /* until when a lease of its old address runs */
	bool is_aimed;		      /* a backup job reads it at its old address */
	const struct nf_quiet *quiet; /* when the old network could be seen; NULL: never */
};

struct nf_stage_rules {
	int64_t quiet_us;   /* of covered silence, for confirmed and released */
	int64_t clear_us;   /* of covered silence after which a dual device has left */
	int64_t overlap_us; /* how long tables may still show what has left */
	int64_t lost_after_us;
	bool month_end;
	const char *zone;
};

struct nf_standing {
	enum nf_stage stage;
	int64_t old_last_us;  /* last seen on the old side; 0: never */
	int64_t new_first_us; /* proved on the new side since; 0: it is not */
	int64_t new_last_us;
	int64_t changed_us; /* it came to the side it is on: seen there first since it was on the
				    other; 0: it was never on the new one */
	int64_t silence_us; /* of the old side, covered */
	bool has_month_end; /* in that silence */
	bool backup_proved; /* of a run after it arrived there, or none is needed */
};

struct nf_standing nf_stage_of(
	const struct nf_evidence *evidence, const struct nf_stage_rules *rules, int64_t now_us);
