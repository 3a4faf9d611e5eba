// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/evidence.h"

#include <stdlib.h>
#include <string.h>

/* Observations under collection. */
struct pile {
	const struct nf_evidence_parts *parts;
	const struct nf_device *device;
	const struct nf_network *old;
	const struct nf_identity *id; /* whose rows come now */
	int64_t proved_us;	      /* on the new side, last */
	struct nf_observation *items;
	size_t len, cap;
};

static void put(struct pile *p, struct nf_observation o)
{
	p->items = nf_grow(p->items, p->len, &p->cap, sizeof *p->items);
	p->items[p->len++] = o;
}

static struct nf_reason sight(
	const struct pile *p, const char *by, const char *place, const char *address)
{
	return (struct nf_reason){
		.kind = NF_REASON_SEEN,
		.identity = p->id->kind,
		.value = p->id->value,
		.doubt = p->id->doubt,
		.whose = p->id->whose,
		.place = place,
		.address = address,
		.by = by,
	};
}

/* False: a network that says nothing of this move. */
static bool side_of(const struct pile *p, const char *network, enum nf_side *side)
{
	const struct nf_network *n = nf_site_network(p->parts->site, network);

	*side = n == p->old ? NF_SIDE_OLD : NF_SIDE_NEW;
	return n && (n == p->old || n->role == NF_ROLE_COMMON);
}

/* Fills in the side, and whether it proves anything there. False: it says nothing of this move. */
static bool weigh(const struct pile *p, const char *network, const char *by, int64_t last_us,
	struct nf_observation *o)
{
	if (!side_of(p, network, &o->side))
		return false;
	o->strong = p->id->strong;
	if (o->side == NF_SIDE_OLD) {
		o->strong = o->strong && !nf_seen_is_cached(o->source, by);
	} else if (nf_move_is_mixed(p->parts->site, p->old, o->source, by)) {
		o->strong = false;
		o->why.doubt = NF_DOUBT_MIXED;
		if (last_us > p->proved_us + NF_MOVE_PROVED_US)
			o->side = NF_SIDE_OLD;
	}
	return true;
}

static void put_sum(struct pile *p, const struct nf_seen *r)
{
	struct nf_observation o = {
		.first_us = r->first_us,
		.last_us = r->last_us,
		.source = r->source,
		.why = sight(p, r->by, r->place, r->address),
	};

	if (weigh(p, r->network, r->by, r->last_us, &o))
		put(p, o);
}

/* Of a day the next run of hours from *hour on, so that a gap of an hour shows. False: there is none. */
static bool next_run(const struct nf_sighting *s, int *hour, struct nf_observation *o)
{
	int64_t day_us = s->day * NF_DAY_US;

	while (*hour < 24 && !(s->hours >> *hour & 1))
		++*hour;
	if (*hour == 24)
		return false;
	int64_t begin_us = day_us + *hour * NF_HOUR_US;
	while (*hour < 24 && (s->hours >> *hour & 1))
		++*hour;
	int64_t end_us = day_us + *hour * NF_HOUR_US;
	o->first_us = begin_us > s->first_wall_us ? begin_us : s->first_wall_us;
	o->last_us = end_us < s->last_wall_us ? end_us : s->last_wall_us;
	return true;
}

static void put_day(const struct nf_sighting *s, void *arg)
{
	struct pile *p = arg;
	struct nf_arena *arena = p->parts->arena;
	struct nf_observation o = {
		.source = nf_arena_strdup(arena, s->source),
		.why = sight(p, nf_arena_strdup(arena, s->by), nf_arena_strdup(arena, s->place),
			nf_arena_strdup(arena, s->address)),
	};

	if (!weigh(p, s->network, s->by, s->last_wall_us, &o))
		return;
	for (int hour = 0; next_run(s, &hour, &o);)
		put(p, o);
}

static void put_identities(struct pile *p, bool by_day)
{
	const struct nf_identity_list *list = nf_identities_of(p->parts->ids, p->device);

	for (size_t i = 0; i < list->len; i++) {
		p->id = &list->items[i];
		if (by_day) {
			p->parts->days(
				p->id->kind, p->id->value, put_day, p, p->parts->days_arg);
			continue;
		}
		for (const struct nf_seen *r =
				nf_book_of(p->parts->book, p->id->kind, p->id->value);
			r; r = nf_seen_next(r))
			put_sum(p, r);
	}
}

/* When it was last seen on the new side by what proves that it is there. */
static int64_t last_proved(const struct pile *p)
{
	const struct nf_identity_list *list = nf_identities_of(p->parts->ids, p->device);
	int64_t last_us = 0;

	for (size_t i = 0; i < list->len; i++) {
		const struct nf_identity *id = &list->items[i];

		for (const struct nf_seen *r =
				id->strong ? nf_book_of(p->parts->book, id->kind, id->value)
					   : NULL;
			r; r = nf_seen_next(r)) {
			enum nf_side side;

			if (side_of(p, r->network, &side) && side == NF_SIDE_NEW &&
				!nf_move_is_mixed(p->parts->site, p->old, r->source, r->by) &&
				r->last_us > last_us)
				last_us = r->last_us;
		}
	}
	return last_us;
}

/* When a table or a wire of this network last showed the machine itself. */
static int64_t last_itself(
	const struct pile *p, const struct nf_identity_list *list, const char *network)
{
	int64_t last_us = 0;

	for (size_t i = 0; i < list->len; i++) {
		const struct nf_identity *id = &list->items[i];

		for (const struct nf_seen *r =
				id->strong ? nf_book_of(p->parts->book, id->kind, id->value)
					   : NULL;
			r; r = nf_seen_next(r))
			if (strcmp(r->network, network) == 0 &&
				!nf_seen_is_cached(r->source, r->by) && r->last_us > last_us)
				last_us = r->last_us;
	}
	return last_us;
}

/* Answers from one of the device's addresses. */
struct answers {
	struct pile *pile;
	const char *network, *address;
	enum nf_side side;
	int64_t own_us;	  /* until then they are its own; INT64_MIN: never */
	int64_t until_us; /* another machine's from then on */
};

static bool is_own(const struct pile *p, const struct answers *a)
{
	const struct nf_identity_list *list = nf_identities_of(p->parts->ids, p->device);

	for (const struct nf_seen *r = nf_book_at(p->parts->book, a->network, a->address); r;
		r = nf_seen_next_at(r)) {
		for (size_t i = 0; i < list->len; i++) {
			if (list->items[i].strong && strcmp(r->kind, "mac") == 0 &&
				strcmp(list->items[i].value, r->value) == 0)
				return true;
		}
	}
	return false;
}

static void put_answer(const struct answers *a, int64_t first_us, int64_t last_us)
{
	bool strong = last_us <= a->own_us;

	if (last_us >= a->until_us)
		return;
	put(a->pile,
		(struct nf_observation){
			.side = a->side,
			.strong = strong,
			.first_us = first_us,
			.last_us = last_us,
			.source = "ping",
			.why = {.kind = strong ? NF_REASON_ANSWERS : NF_REASON_ANSWERS_ONLY,
				.address = a->address},
	});
}

static void put_answer_day(const struct nf_sighting *s, void *arg)
{
	const struct answers *a = arg;
	struct nf_observation o;

	if (strcmp(s->network, a->network) != 0 || strcmp(s->source, "ping") != 0)
		return;
	for (int hour = 0; next_run(s, &hour, &o);)
		put_answer(a, o.first_us, o.last_us);
}

/* An answer from the device's address: its own where its MAC holds it, nobody's where nobody was seen to,
 * and no word of the device where another one does. Answers come every few seconds and tables every few
 * minutes: whoever took the address over answers before anybody knows its MAC, so an answer proves nothing
 * that is much later than the last sight of the machine itself. */
static void put_answers(
	struct pile *p, const struct nf_leg *leg, enum nf_side side, bool by_day)
{
	const struct nf_identity_list *list = nf_identities_of(p->parts->ids, p->device);
	int64_t slack_us = p->parts->rules->overlap_us;
	char text[NF_ADDR_TEXT_MAX];

	if (!leg)
		return;
	struct answers a = {
		.pile = p,
		.network = leg->network->id,
		.address =
			nf_arena_strdup(p->parts->arena, nf_addr_format(&leg->address, text)),
		.side = side,
		.own_us = INT64_MIN,
		.until_us = INT64_MAX,
	};
	if (side == NF_SIDE_OLD && is_own(p, &a))
		a.own_us = last_itself(p, list, a.network) + slack_us;
	if (side == NF_SIDE_OLD && list->usurper)
		a.until_us = list->usurped_us - slack_us;
	if (by_day) {
		p->parts->days("address", a.address, put_answer_day, &a, p->parts->days_arg);
		return;
	}
	for (const struct nf_seen *r = nf_book_of(p->parts->book, "address", a.address); r;
		r = nf_seen_next(r)) {
		if (strcmp(r->network, a.network) == 0 && strcmp(r->source, "ping") == 0)
			put_answer(&a, r->first_us, r->last_us);
	}
}

size_t nf_evidence_networks(const struct nf_evidence_parts *parts,
	const struct nf_device *device, const struct nf_network **out, size_t max)
{
	const struct nf_network *from = nf_move_from(device);
	const struct nf_identity_list *list = nf_identities_of(parts->ids, device);
	size_t len = 0;

	if (!from || max == 0)
		return 0;
	out[len++] = from;
	for (size_t i = 0; i < list->len; i++) {
		if (!list->items[i].strong)
			continue;
		for (const struct nf_seen *r = nf_book_of(
			     parts->book, list->items[i].kind, list->items[i].value);
			r; r = nf_seen_next(r)) {
			const struct nf_network *n = nf_site_network(parts->site, r->network);
			size_t at = 0;

			if (!n || n->role != NF_ROLE_LEGACY ||
				nf_seen_is_cached(r->source, r->by))
				continue;
			while (at < len && out[at] != n)
				at++;
			if (at == len && len < max)
				out[len++] = n;
		}
	}
	return len;
}

/* Seen on the old side after it was first proved on the new one. */
static bool overlaps(const struct pile *p)
{
	int64_t old_us = 0, new_us = INT64_MAX;

	for (size_t i = 0; i < p->len; i++) {
		const struct nf_observation *o = &p->items[i];

		if (!o->strong)
			continue;
		if (o->side == NF_SIDE_OLD && o->last_us > old_us)
			old_us = o->last_us;
		if (o->side == NF_SIDE_NEW && o->first_us < new_us)
			new_us = o->first_us;
	}
	return old_us > new_us;
}

void nf_evidence_collect(const struct nf_evidence_parts *parts, const struct nf_device *device,
	const struct nf_network *old, struct nf_evidence *out)
{
	struct pile p = {.parts = parts, .device = device, .old = old};
	const struct nf_leg *old_leg = nf_move_old_leg(device);

	p.proved_us = last_proved(&p);
	put_identities(&p, false);
	bool by_day = parts->days && overlaps(&p);
	if (by_day) {
		p.len = 0;
		put_identities(&p, true);
	}
	if (old_leg && old_leg->network == old)
		put_answers(&p, old_leg, NF_SIDE_OLD, by_day);
	put_answers(&p, nf_move_new_leg(device), NF_SIDE_NEW, false);
	struct nf_observation *items =
		nf_arena_alloc(parts->arena, (p.len + 1) * sizeof *items);
	if (p.len)
		memcpy(items, p.items, p.len * sizeof *items);
	free(p.items);
	out->items = items;
	out->len = p.len;
}
