// SPDX-License-Identifier: GPL-3.0-or-later
/* cover: what a sensor could see, hour by hour and minute by minute, until it is stored.
 * Shape:   what happens is added to the hours that are open; nf_cover_close makes what was added so far due. It
 *          is stored after the sightings of that time, never before: an hour is not called covered while what
 *          was seen in it could still be lost.
 * Minutes: one counts when it was listened to from its beginning to its end, next to nothing was dropped in it,
 *          and something was heard before it began and again after it was over: till then it waits. What was
 *          missed (a stop, a clock that jumps, a canary that did not come) takes away what waits, and what
 *          comes until something is heard again.
 * Units:   microseconds; whole seconds become due, the rest stays.
 * Errors:  none. A store that takes nothing for days loses the oldest hours, which then count as not covered.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_COVER_OPEN 4
#define NF_COVER_DUE  72
#define NF_COVER_WAIT 60 /* minutes; who hears nothing for longer proves nothing */

struct nf_cover_hour {
	int64_t hour;	    /* since 1970, UTC */
	uint64_t minutes;   /* bit m: minute m counts */
	int64_t running_us; /* of capture */
	uint64_t frames, drops;
	uint32_t canaries_sent, canaries_seen;
};

struct nf_cover {
	struct nf_cover_hour open[NF_COVER_OPEN], due[NF_COVER_DUE];
	size_t open_len, due_len;
	int64_t since_us; /* listened to without a break, and something was heard then; 0: it was not */
	int64_t until_us;	     /* listened to so far */
	uint64_t frames, drops;	     /* of the minute of until_us */
	int64_t wait[NF_COVER_WAIT]; /* minutes since 1970 */
	size_t wait_len;
};

/* what->hour is ignored: wall_us says it. */
void nf_cover_add(struct nf_cover *cover, int64_t wall_us, const struct nf_cover_hour *what);
/* This time was listened to. heard: in it came what proves that the sensor sees. */
void nf_cover_listen(struct nf_cover *cover, int64_t from_wall_us, int64_t to_wall_us,
	uint64_t frames, uint64_t drops, bool heard);
/* It was not, or nobody knows. */
void nf_cover_miss(struct nf_cover *cover);
void nf_cover_close(struct nf_cover *cover, int64_t wall_us);
void nf_cover_written(struct nf_cover *cover); /* all that was due */
