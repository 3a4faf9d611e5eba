// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/cover.h"

#include <string.h>

#include "base/clock.h"

#define HOUR_US	  (3600 * NF_US_PER_S)
#define MINUTE_US (60 * NF_US_PER_S)
/* A clock that is led to the right time does so in small steps. */
#define STEP_US (NF_US_PER_S / 4)

static void sum(struct nf_cover_hour *to, const struct nf_cover_hour *what)
{
	to->minutes |= what->minutes;
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

void nf_cover_miss(struct nf_cover *c)
{
	c->since_us = 0;
	c->wait_len = 0;
}

static void prove(struct nf_cover *c)
{
	for (size_t i = 0; i < c->wait_len; i++)
		nf_cover_add(c, c->wait[i] * MINUTE_US,
			&(struct nf_cover_hour){.minutes = UINT64_C(1) << c->wait[i] % 60});
	c->wait_len = 0;
}

static void end_minute(struct nf_cover *c, int64_t minute)
{
	if (c->since_us > minute * MINUTE_US || c->drops > c->frames / 1000)
		return;
	if (c->wait_len == NF_COVER_WAIT)
		nf_cover_miss(c);
	else
		c->wait[c->wait_len++] = minute;
}

void nf_cover_listen(struct nf_cover *c, int64_t from_us, int64_t to_us, uint64_t frames,
	uint64_t drops, bool heard)
{
	int64_t step_us = from_us - c->until_us;
	int64_t minute = c->until_us / MINUTE_US;

	c->until_us = to_us;
	if (step_us > STEP_US || step_us < -STEP_US)
		nf_cover_miss(c);
	if (heard)
		prove(c);
	if (c->since_us == 0) {
		c->since_us = heard ? to_us : 0;
		c->frames = c->drops = 0;
		return;
	}
	c->drops += drops;
	if (minute >= to_us / MINUTE_US) {
		c->frames += frames;
		return;
	}
	while (c->since_us && minute < to_us / MINUTE_US)
		end_minute(c, minute++);
	/* Drops where two minutes meet are both minutes'. */
	c->frames = frames;
	c->drops = drops;
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
