// SPDX-License-Identifier: GPL-3.0-or-later
/* cover: what a sensor could see, hour by hour, until it is stored.
 * Shape:   what happens is added to the hours that are open; nf_cover_close makes what was added so far due. It
 *          is stored after the sightings of that time, never before: an hour is not called covered while what
 *          was seen in it could still be lost.
 * Units:   microseconds; whole seconds become due, the rest stays.
 * Errors:  none. A store that takes nothing for days loses the oldest hours, which then count as not covered.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_COVER_OPEN 4
#define NF_COVER_DUE  72

struct nf_cover_hour {
	int64_t hour;	    /* since 1970, UTC */
	int64_t running_us; /* of capture */
	uint64_t frames, drops;
	uint32_t canaries_sent, canaries_seen;
};

struct nf_cover {
	struct nf_cover_hour open[NF_COVER_OPEN], due[NF_COVER_DUE];
	size_t open_len, due_len;
};

/* what->hour is ignored: wall_us says it. */
void nf_cover_add(struct nf_cover *cover, int64_t wall_us, const struct nf_cover_hour *what);
void nf_cover_close(struct nf_cover *cover, int64_t wall_us);
void nf_cover_written(struct nf_cover *cover); /* all that was due */
