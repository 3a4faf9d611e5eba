// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/network.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mac_group.h"
#include "base/mem.h"

#define LATELY_US (86400 * NF_US_PER_S)
/* A router looks for an address, and then the packets pass that made it; or they did before. */
#define NEAR_US (600 * NF_US_PER_S)

const char *nf_blocker_kind_text(enum nf_blocker_kind kind)
{
	static const char *const texts[] = {"device", "unlisted", "visitor", "caller", "lease",
		"backup", "quiet", "month-end"};
	return texts[kind];
}

static bool is_group(const char *mac)
{
	struct nf_mac parsed;
	return nf_mac_parse(mac, &parsed) == NF_OK && nf_mac_is_group(&parsed);
}

static struct nf_blocker *add(
	struct nf_blockers *out, enum nf_blocker_kind kind, const char *what)
{
	out->items = nf_grow(out->items, out->len, &out->cap, sizeof *out->items);
	out->items[out->len] = (struct nf_blocker){
		.kind = kind, .what = what, .about = "", .whose = "", .place = "", .how = ""};
	return &out->items[out->len++];
}

/* The facts, to be found quickly: a network has thousands of devices, talkers and calls. */
struct finding {
	const struct nf_network_facts *f;
	struct nf_blockers *out;
	const struct nf_leaver **leavers; /* by name */
	const char **talking; /* addresses of unlisted talkers that are not over, sorted */
	size_t talking_len;
	const struct nf_call **routed; /* calls that came through a router, by whom they call */
	size_t routed_len;
};

static int by_name(const void *a, const void *b)
{
	const struct nf_leaver *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const struct nf_leaver *leaver_of(const struct finding *d, const char *name)
{
	const struct nf_leaver wanted = {.name = name}, *key = &wanted;
	if (name == NULL)
		return NULL;
	const struct nf_leaver *const *found =
		bsearch(&key, d->leavers, d->f->leavers_len, sizeof *d->leavers, by_name);
	return found != NULL ? *found : NULL;
}

static void index_leavers(struct finding *d)
{
	d->leavers = nf_xcalloc(d->f->leavers_len + 1, sizeof *d->leavers);
	for (size_t i = 0; i < d->f->leavers_len; i++)
		d->leavers[i] = &d->f->leavers[i];
	qsort(d->leavers, d->f->leavers_len, sizeof *d->leavers, by_name);
}

typedef bool holds_fn(const struct nf_network_facts *f, int64_t since_us);

static bool is_quiet_enough(const struct nf_network_facts *f, int64_t since_us)
{
	return nf_quiet_us(f->quiet, since_us, f->now_wall_us) >= f->quiet_us;
}

static bool has_month_end(const struct nf_network_facts *f, int64_t since_us)
{
	return nf_quiet_month_end(f->quiet, f->zone, since_us, f->now_wall_us);
}

/* The latest minute since which it holds; 0: since none. What holds since an instant holds since every
 * earlier one, as far as anybody listened. */
static int64_t latest(const struct nf_network_facts *f, holds_fn *holds)
{
	int64_t first_us, end_us;
	if (f->quiet == NULL || !nf_quiet_span(f->quiet, &first_us, &end_us))
		return 0;
	int64_t low = first_us / NF_MINUTE_US, high = f->now_wall_us / NF_MINUTE_US + 1;
	if (low >= high || !holds(f, low * NF_MINUTE_US))
		return 0;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (holds(f, middle * NF_MINUTE_US))
			low = middle;
		else
			high = middle;
	}
	return low * NF_MINUTE_US;
}

static void add_quiet(const struct nf_network_facts *f, struct nf_blockers *out)
{
	struct nf_blocker *b = add(out, NF_BLOCKER_QUIET, "");
	b->about = f->quiet == NULL || !nf_quiet_has_sensor(f->quiet) ? "nobody"
		   : nf_quiet_is_deaf(f->quiet)			      ? "unheard"
								      : "";
	b->covered_us = out->covered_us;
	b->needed_us = f->quiet_us;
	if (*b->about == '\0' && b->covered_us < b->needed_us)
		b->earliest_wall_us = f->now_wall_us + b->needed_us - b->covered_us;
	if (f->quiet == NULL || !nf_quiet_span(f->quiet, &b->since_wall_us, &b->last_wall_us))
		return;
	if (b->last_wall_us > f->now_wall_us)
		b->last_wall_us = f->now_wall_us;
}

/* A silence that nobody listened to lately says what was, and nothing of today. */
static void find_silence(const struct nf_network_facts *f, struct nf_blockers *out)
{
	int64_t lately_us = f->quiet_us > LATELY_US ? f->quiet_us : LATELY_US;
	int64_t since_us = latest(f, is_quiet_enough);
	if (f->quiet != NULL)
		out->covered_us = nf_quiet_us(f->quiet, 0, f->now_wall_us);
	out->quiet_since_wall_us = since_us;
	if (since_us == 0 ||
		nf_quiet_us(f->quiet, f->now_wall_us - lately_us, f->now_wall_us) == 0)
		add_quiet(f, out);
	if (!f->month_end)
		return;
	int64_t month_us = latest(f, has_month_end);
	if (month_us < out->quiet_since_wall_us)
		out->quiet_since_wall_us = month_us;
	if (month_us != 0)
		return;
	struct nf_blocker *b = add(out, NF_BLOCKER_MONTH_END, "");
	if (f->quiet != NULL && nf_quiet_has_sensor(f->quiet))
		b->earliest_wall_us =
			nf_quiet_month_end_next(f->quiet, f->zone, f->now_wall_us);
}

static void find_devices(const struct nf_network_facts *f, struct nf_blockers *out)
{
	for (size_t i = 0; i < f->leavers_len; i++) {
		const struct nf_leaver *l = &f->leavers[i];
		out->listed += !l->exempt;
		out->settled += !l->exempt && l->settled;
		if (l->settled)
			continue;
		struct nf_blocker *b = add(out, NF_BLOCKER_DEVICE, l->name);
		b->about = l->stage;
		b->since_wall_us = l->since_wall_us;
	}
}

static bool is_over(const struct nf_blockers *out, int64_t last_wall_us)
{
	return out->quiet_since_wall_us != 0 && last_wall_us < out->quiet_since_wall_us;
}

/* As whoever follows the cables walks: port 2 before port 10. */
static int by_place(const void *a, const void *b)
{
	const struct nf_blocker *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);
	if (order == 0)
		order = strverscmp(x->place, y->place);
	return order != 0 ? order : strcmp(x->what, y->what);
}

static void find_talkers(struct finding *d)
{
	const struct nf_network_facts *f = d->f;
	struct nf_blockers *out = d->out;
	size_t first = out->len;
	d->talking = nf_xcalloc(f->talkers_len + 1, sizeof *d->talking);
	for (size_t i = 0; i < f->talkers_len; i++) {
		const struct nf_talker *t = &f->talkers[i];
		if (t->is_own || t->exempt || is_group(t->mac) ||
			leaver_of(d, t->owner) != NULL)
			continue;
		bool over = is_over(out, t->last_wall_us);
		out->unlisted += t->owner == NULL;
		out->unlisted_quiet += t->owner == NULL && over;
		if (over)
			continue;
		if (t->owner == NULL)
			d->talking[d->talking_len++] = t->address;
		struct nf_blocker *b =
			add(out, t->owner == NULL ? NF_BLOCKER_UNLISTED : NF_BLOCKER_VISITOR,
				t->owner != NULL  ? t->owner
				: *t->mac != '\0' ? t->mac
						  : t->address);
		b->about = t->owner != NULL || *t->mac != '\0' ? t->address : "";
		b->place = t->place;
		b->how = t->says;
		b->since_wall_us = t->first_wall_us;
		b->last_wall_us = t->last_wall_us;
	}
	qsort(d->talking, d->talking_len, sizeof *d->talking, by_text);
	if (out->len > first)
		qsort(out->items + first, out->len - first, sizeof *out->items, by_place);
}

static int by_called(const void *a, const void *b)
{
	const struct nf_call *const *x = a, *const *y = b;
	return strcmp((*x)->to_address, (*y)->to_address);
}

static void index_routed(struct finding *d)
{
	const struct nf_network_facts *f = d->f;
	d->routed = nf_xcalloc(f->calls_len + 1, sizeof *d->routed);
	for (size_t i = 0; i < f->calls_len; i++) {
		const struct nf_call *c = &f->calls[i];
		if (*c->from_mac == '\0' && !c->is_own && !is_over(d->out, c->last_wall_us))
			d->routed[d->routed_len++] = c;
	}
	qsort(d->routed, d->routed_len, sizeof *d->routed, by_called);
}

/* Where their packets were heard, too, who called through that router is known. */
static bool is_explained(const struct finding *d, const struct nf_call *asked)
{
	size_t low = 0, high = d->routed_len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_called(&d->routed[middle], &asked) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < d->routed_len && by_called(&d->routed[low], &asked) == 0; low++) {
		const struct nf_call *c = d->routed[low];
		if (asked->last_wall_us >= c->first_wall_us - NEAR_US &&
			asked->last_wall_us <= c->last_wall_us + NEAR_US)
			return true;
	}
	return false;
}

static bool is_behind(const struct nf_call *c)
{
	return c->from_router && (strcmp(c->how, "arp") == 0 || strcmp(c->how, "ndp") == 0);
}

/* Calls to what has not begun to move, and to what speaks for itself as a talker, say nothing new. */
static bool counts(const struct finding *d, const struct nf_call *c)
{
	const struct nf_leaver *to = leaver_of(d, c->to_owner);
	if (c->is_own || is_over(d->out, c->last_wall_us) ||
		(is_behind(c) && is_explained(d, c)))
		return false;
	if (c->to_owner == NULL)
		return bsearch(&c->to_address, d->talking, d->talking_len, sizeof *d->talking,
			       by_text) == NULL;
	return to == NULL || (to->has_begun && !to->exempt);
}

static void find_callers(struct finding *d)
{
	const struct nf_network_facts *f = d->f;
	for (size_t i = 0; i < f->calls_len; i++) {
		const struct nf_call *c = &f->calls[i];
		if (!counts(d, c))
			continue;
		struct nf_blocker *b = add(d->out, NF_BLOCKER_CALLER,
			c->from_owner != NULL	   ? c->from_owner
			: *c->from_address != '\0' ? c->from_address
						   : c->from_mac);
		b->place = *c->from_mac != '\0' && b->what != c->from_mac ? c->from_mac : "";
		b->about = c->to_address;
		b->whose = c->to_owner != NULL ? c->to_owner : "";
		b->how = c->how;
		b->is_behind = is_behind(c);
		b->since_wall_us = c->first_wall_us;
		b->last_wall_us = c->last_wall_us;
	}
}

static void find_leases(struct finding *d)
{
	const struct nf_network_facts *f = d->f;
	for (size_t i = 0; i < f->leases_len; i++) {
		const struct nf_lease *l = &f->leases[i];
		const struct nf_leaver *owner = leaver_of(d, l->owner);
		if (l->until_wall_us <= f->now_wall_us || (owner != NULL && owner->exempt))
			continue;
		struct nf_blocker *b = add(d->out, NF_BLOCKER_LEASE, l->mac);
		b->about = l->address;
		b->whose = l->owner != NULL ? l->owner : "";
		b->since_wall_us = l->since_wall_us;
		b->last_wall_us = l->until_wall_us;
	}
}

static void find_aims(struct finding *d)
{
	for (size_t i = 0; i < d->f->aims_len; i++) {
		const struct nf_aim *a = &d->f->aims[i];
		const struct nf_leaver *read = leaver_of(d, a->device);
		if (read != NULL && read->exempt)
			continue;
		struct nf_blocker *b = add(d->out, NF_BLOCKER_BACKUP, a->job);
		b->whose = a->device;
		b->about = a->address;
	}
}

void nf_blockers_find(const struct nf_network_facts *f, struct nf_blockers *out)
{
	struct finding d = {.f = f, .out = out};
	*out = (struct nf_blockers){0};
	index_leavers(&d);
	find_devices(f, out);
	find_silence(f, out);
	find_talkers(&d);
	index_routed(&d);
	find_callers(&d);
	find_leases(&d);
	find_aims(&d);
	out->ready = out->len == 0;
	free(d.leavers);
	free(d.talking);
	free(d.routed);
}

void nf_blockers_free(struct nf_blockers *blockers)
{
	free(blockers->items);
	*blockers = (struct nf_blockers){0};
}
