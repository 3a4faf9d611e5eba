// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static const char *const words[NF_STAGES] = {N_("planned"), N_("prepared"), N_("dual"),
	N_("moved"), N_("confirmed"), N_("released"), N_("regressed"), N_("lost"),
	N_("exempt")};

const char *nf_stage_text(enum nf_stage stage)
{
	return words[stage];
}

const char *nf_stage_words(enum nf_stage stage)
{
	return gettext(words[stage]);
}

bool nf_stage_parse(const char *text, enum nf_stage *out)
{
	for (size_t i = 0; i < NF_STAGES; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = (enum nf_stage)i;
			return true;
		}
	}
	return false;
}

int nf_stage_rank(enum nf_stage stage)
{
	static const int ranks[NF_STAGES] = {[NF_STAGE_PLANNED] = 0,
		[NF_STAGE_PREPARED] = 1,
		[NF_STAGE_DUAL] = 2,
		[NF_STAGE_REGRESSED] = 2,
		[NF_STAGE_LOST] = 3,
		[NF_STAGE_MOVED] = 4,
		[NF_STAGE_CONFIRMED] = 5,
		[NF_STAGE_RELEASED] = 6,
		[NF_STAGE_EXEMPT] = 7};
	return ranks[stage];
}

bool nf_stage_has_moved(enum nf_stage stage)
{
	return stage == NF_STAGE_MOVED || stage == NF_STAGE_CONFIRMED ||
	       stage == NF_STAGE_RELEASED;
}

enum nf_stage nf_stage_worse(enum nf_stage a, enum nf_stage b)
{
	int difference = nf_stage_rank(a) - nf_stage_rank(b);

	if (difference == 0)
		return a == NF_STAGE_REGRESSED ? a : b;
	return difference < 0 ? a : b;
}

struct span {
	int64_t first_us, last_us;
};

/* Stretches of presence: spans with gaps under gap_us are one. */
struct stretches {
	struct span *items;
	size_t len;
};

static int by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->first_us > y->first_us) - (x->first_us < y->first_us);
}

static struct stretches stretch(const struct nf_evidence *e, enum nf_side side, int64_t gap_us)
{
	struct stretches s = {.items = nf_xcalloc(e->len + 1, sizeof *s.items)};
	size_t n = 0;

	for (size_t i = 0; i < e->len; i++) {
		if (e->items[i].side == side && e->items[i].strong)
			s.items[n++] = (struct span){e->items[i].first_us, e->items[i].last_us};
	}
	qsort(s.items, n, sizeof *s.items, by_first);
	for (size_t i = 0; i < n; i++) {
		struct span *last = s.len ? &s.items[s.len - 1] : NULL;

		if (!last || s.items[i].first_us - last->last_us >= gap_us)
			s.items[s.len++] = s.items[i];
		else if (s.items[i].last_us > last->last_us)
			last->last_us = s.items[i].last_us;
	}
	return s;
}

static int64_t end_of(const struct stretches *s)
{
	return s->len ? s->items[s->len - 1].last_us : 0;
}

static int64_t last_seen(const struct nf_evidence *e, enum nf_side side)
{
	int64_t last_us = 0;

	for (size_t i = 0; i < e->len; i++) {
		if (e->items[i].side == side && e->items[i].last_us > last_us)
			last_us = e->items[i].last_us;
	}
	return last_us;
}

/* Whether it had gone from the old side, and was on the new one, before it was last seen on the old. */
static bool had_moved(
	const struct stretches *before, const struct stretches *after, int64_t clear_us)
{
	const struct span *back = &before->items[before->len - 1];
	int64_t left_us = before->len > 1 ? back[-1].last_us : 0;

	for (size_t i = 0; i < after->len; i++) {
		int64_t from_us =
			after->items[i].first_us > left_us ? after->items[i].first_us : left_us;
		if (after->items[i].last_us >= from_us && from_us < back->first_us &&
			back->first_us - from_us >= clear_us)
			return true;
	}
	return false;
}

static int64_t quiet_since(const struct nf_evidence *e, int64_t since_us, int64_t now_us)
{
	return e->quiet ? nf_quiet_us(e->quiet, since_us, now_us) : 0;
}

static enum nf_stage not_arrived(
	const struct nf_evidence *e, const struct nf_stage_rules *r, int64_t now_us)
{
	int64_t seen_us = last_seen(e, NF_SIDE_OLD), other_us = last_seen(e, NF_SIDE_NEW);
	int64_t last_us = seen_us > other_us ? seen_us : other_us;

	if (e->silent_us && now_us - e->silent_us >= r->lost_after_us &&
		now_us - last_us >= r->lost_after_us)
		return NF_STAGE_LOST;
	return e->is_prepared ? NF_STAGE_PREPARED : NF_STAGE_PLANNED;
}

static enum nf_stage arrived(struct nf_standing *s, const struct nf_evidence *e,
	const struct nf_stage_rules *r, int64_t now_us)
{
	bool is_silent = e->silent_us && now_us - e->silent_us >= r->lost_after_us;

	if (is_silent && now_us - s->new_last_us >= r->lost_after_us)
		return NF_STAGE_LOST;
	if (s->silence_us < r->quiet_us || (r->month_end && !s->has_month_end) ||
		!e->checks_ok || !s->backup_proved)
		return NF_STAGE_MOVED;
	if (e->is_aimed || e->lease_us > now_us ||
		quiet_since(e, e->called_us, now_us) < r->quiet_us)
		return NF_STAGE_CONFIRMED;
	return NF_STAGE_RELEASED;
}

/* Since when it is on the new side without having been on the old one since: who is seen there now and then has not
 * arrived anew each time. */
static int64_t arrival_of(const struct stretches *after, int64_t old_us)
{
	size_t i = 0;

	while (i + 1 < after->len && after->items[i].last_us < old_us)
		i++;
	return after->items[i].first_us;
}

static enum nf_stage judge(struct nf_standing *s, const struct nf_evidence *e,
	const struct nf_stage_rules *r, const struct stretches *before,
	const struct stretches *after, int64_t now_us)
{
	int64_t old_us = end_of(before);

	if (e->is_exempt)
		return NF_STAGE_EXEMPT;
	if (!after->len)
		return not_arrived(e, r, now_us);
	/* Where it was seen last is where it is, however long it sleeps there. */
	bool was_last_there = old_us > s->new_last_us + r->overlap_us;
	if (old_us > s->new_first_us + r->overlap_us &&
		quiet_since(e, old_us, now_us) < r->clear_us)
		return was_last_there || had_moved(before, after, r->clear_us)
			       ? NF_STAGE_REGRESSED
			       : NF_STAGE_DUAL;
	enum nf_stage stage = arrived(s, e, r, now_us);
	return was_last_there && stage != NF_STAGE_LOST ? NF_STAGE_REGRESSED : stage;
}

struct nf_standing nf_stage_of(
	const struct nf_evidence *e, const struct nf_stage_rules *r, int64_t now_us)
{
	struct stretches before = stretch(e, NF_SIDE_OLD, r->clear_us);
	struct stretches after = stretch(e, NF_SIDE_NEW, r->clear_us);
	struct nf_standing s = {.old_last_us = last_seen(e, NF_SIDE_OLD)};

	if (after.len) {
		s.new_first_us = after.items[after.len - 1].first_us;
		s.new_last_us = end_of(&after);
		int64_t since_us = s.old_last_us > after.items[0].first_us
					   ? s.old_last_us
					   : after.items[0].first_us;
		s.silence_us = quiet_since(e, since_us, now_us);
		s.has_month_end =
			e->quiet && nf_quiet_month_end(e->quiet, r->zone, since_us, now_us);
		s.changed_us = arrival_of(&after, end_of(&before));
		s.backup_proved = !e->needs_backup || e->backup_us > s.changed_us;
	}
	s.stage = judge(&s, e, r, &before, &after, now_us);
	if (s.stage == NF_STAGE_REGRESSED)
		s.changed_us = before.items[before.len - 1].first_us;
	free(before.items);
	free(after.items);
	return s;
}
