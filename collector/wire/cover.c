// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/cover.h"

#include <string.h>

#include "base/clock.h"

#define HOUR_US (3600 * NF_US_PER_S)

static void sum(struct nf_cover_hour *to, const struct nf_cover_hour *what)
{
	to->running_us += what->running_us;
	to->frames += what->frames;
	to->drops += what->drops;
	to->canaries_sent += what->canaries_sent;
	to->canaries_seen += what->canaries_seen;
}

/* The hour's place in a list, which lets go of its first where it is full. */
static struct nf_cover_hour *place_of(
	struct nf_cover_hour *list, size_t *len, size_t most, int64_t hour)
{
	for (size_t i = 0; i < *len; i++)
		if (list[i].hour == hour)
			return &list[i];
	if (*len == most) {
		memmove(list, list + 1, (most - 1) * sizeof *list);
		--*len;
	}
	list[*len] = (struct nf_cover_hour){.hour = hour};
	return &list[(*len)++];
}

void nf_cover_add(struct nf_cover *cover, int64_t wall_us, const struct nf_cover_hour *what)
{
	sum(place_of(cover->open, &cover->open_len, NF_COVER_OPEN, wall_us / HOUR_US), what);
}

void nf_cover_close(struct nf_cover *cover, int64_t wall_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < cover->open_len; i++) {
		struct nf_cover_hour whole = cover->open[i];
		int64_t rest = whole.running_us % NF_US_PER_S;

		whole.running_us -= rest;
		sum(place_of(cover->due, &cover->due_len, NF_COVER_DUE, whole.hour), &whole);
		if (whole.hour == wall_us / HOUR_US)
			cover->open[kept++] =
				(struct nf_cover_hour){.hour = whole.hour, .running_us = rest};
	}
	cover->open_len = kept;
}

void nf_cover_written(struct nf_cover *cover)
{
	cover->due_len = 0;
}
