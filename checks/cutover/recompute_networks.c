// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/json.h"
#include "base/mac_group.h"
#include "checks/cutover/network.h"
#include "checks/cutover/recompute_own.h"

/* What is known of one network, under collection. */
struct scene {
	const struct nf_pass *pass;
	const struct nf_network *network;
	struct nf_leaver *leavers;
	struct nf_talker *talkers;
	struct nf_call *calls;
	struct nf_lease *leases;
	struct nf_aim *aims;
	size_t leavers_len, talkers_len, calls_len, leases_len, aims_len;
	size_t leavers_cap, talkers_cap, calls_cap, leases_cap, aims_cap;
	struct heard *heard;
	struct nf_arena *arena;
};

/* A MAC to its talker, and from when what is told of it is. */
struct heard {
	const char *mac;
	size_t index;
	int64_t address_us, place_us, says_us;
	UT_hash_handle hh;
};

static void add_leaver(struct scene *s, const struct nf_device *d)
{
	const struct nf_pass *p = s->pass;
	enum nf_stage stage = p->stages[d->index];
	const struct nf_around_device *a = nf_around_of(p->around, d);

	s->leavers = nf_grow(s->leavers, s->leavers_len, &s->leavers_cap, sizeof *s->leavers);
	s->leavers[s->leavers_len++] = (struct nf_leaver){
		.name = d->name,
		.stage = nf_stage_text(stage),
		.since_wall_us = p->since_us[d->index],
		.settled = nf_stage_rank(stage) >= nf_stage_rank(NF_STAGE_CONFIRMED),
		.exempt = stage == NF_STAGE_EXEMPT,
		.has_begun = stage != NF_STAGE_PLANNED && stage != NF_STAGE_PREPARED &&
			     stage != NF_STAGE_EXEMPT,
	};
	if (!a->is_aimed || !nf_move_old_leg(d))
		return;
	char text[NF_ADDR_TEXT_MAX];
	s->aims = nf_grow(s->aims, s->aims_len, &s->aims_cap, sizeof *s->aims);
	s->aims[s->aims_len++] = (struct nf_aim){a->aimed_job, d->name,
		nf_arena_strdup(s->arena, nf_addr_format(&d->legs[0].address, text))};
}

/* A MAC of a group of routers is nobody's; one of them has the address. */
static bool is_nobodys(const char *mac)
{
	struct nf_mac parsed;

	return !*mac || (nf_mac_parse(mac, &parsed) == NF_OK && nf_mac_is_group(&parsed));
}

static const struct nf_device *owner_of(
	const struct scene *s, const char *mac, const char *address)
{
	const struct nf_device *d =
		*mac ? nf_identities_owner(s->pass->ids, "mac", mac, s->network) : NULL;
	struct nf_addr parsed;

	if (!d && is_nobodys(mac) && nf_addr_parse(address, &parsed) == NF_OK)
		d = nf_site_device_at(s->pass->site, s->network, &parsed);
	return d;
}

static bool is_exempt(const struct scene *s, const struct nf_device *device)
{
	return device && nf_around_of(s->pass->around, device)->is_exempt;
}

/* Whose address this is, or was, in the network. */
static const char *holder_name(const struct scene *s, const char *address)
{
	struct nf_addr parsed;
	const struct nf_device *d =
		nf_addr_parse(address, &parsed) == NF_OK
			? nf_site_device_at(s->pass->site, s->network, &parsed)
			: NULL;
	return d ? d->name : NULL;
}

static struct heard *heard_of(struct scene *s, const struct nf_seen *r)
{
	const struct nf_device *owner;
	struct heard *h;

	HASH_FIND_STR(s->heard, r->value, h);
	if (h)
		return h;
	owner = owner_of(s, r->value, "");
	s->talkers = nf_grow(s->talkers, s->talkers_len, &s->talkers_cap, sizeof *s->talkers);
	h = nf_arena_alloc(s->arena, sizeof *h);
	*h = (struct heard){.mac = r->value, .index = s->talkers_len};
	HASH_ADD_KEYPTR(hh, s->heard, h->mac, strlen(h->mac), h);
	/* Its address may have been somebody else's before it was netfold's: the MAC tells. */
	s->talkers[s->talkers_len++] = (struct nf_talker){
		.mac = r->value,
		.address = "",
		.place = "",
		.says = "",
		.first_wall_us = r->first_us,
		.owner = owner ? owner->name : NULL,
		.exempt = is_exempt(s, owner),
		.is_own = nf_around_is_own(s->pass->around, s->network, r->value, ""),
	};
	return h;
}

/* The newest that is told, in whatever order it comes. */
static void take_newest(const char **text, int64_t *at_us, const char *told, int64_t told_us)
{
	if (!*told || told_us < *at_us || (told_us == *at_us && strcmp(told, *text) <= 0))
		return;
	*text = told;
	*at_us = told_us;
}

/* A VLAN's number is no place to which somebody could follow a cable. */
static void add_talker(struct scene *s, const struct nf_seen *r)
{
	struct heard *h = heard_of(s, r);
	struct nf_talker *t = &s->talkers[h->index];

	t->first_wall_us = r->first_us < t->first_wall_us ? r->first_us : t->first_wall_us;
	t->last_wall_us = r->last_us > t->last_wall_us ? r->last_us : t->last_wall_us;
	if (!r->passed_on)
		take_newest(&t->address, &h->address_us, r->address, r->last_us);
	if (nf_seen_port(r))
		take_newest(&t->place, &h->place_us, r->place, r->last_us);
	take_newest(&t->says, &h->says_us, r->detail, r->last_us);
}

static void add_lease(struct scene *s, const struct nf_seen *r)
{
	const struct nf_device *owner = owner_of(s, r->value, "");

	if (is_exempt(s, owner))
		return;
	s->leases = nf_grow(s->leases, s->leases_len, &s->leases_cap, sizeof *s->leases);
	s->leases[s->leases_len++] = (struct nf_lease){
		r->value, r->address, owner ? owner->name : NULL, r->first_us, r->until_us};
}

/* Who was heard: not what a router's table remembers, nor what a device told of itself. */
static bool is_heard(const struct nf_seen *r)
{
	return strcmp(r->kind, "mac") == 0 && !nf_seen_is_cached(r->source, r->by) &&
	       strcmp(r->source, "snmp") != 0;
}

static bool is_proved(const struct scene *s, const struct nf_seen *mixed)
{
	for (const struct nf_seen *r = nf_book_of(s->pass->book, mixed->kind, mixed->value); r;
		r = nf_seen_next(r)) {
		const struct nf_network *n = nf_site_network(s->pass->site, r->network);

		if (n && n->role == NF_ROLE_COMMON &&
			mixed->last_us <= r->last_us + NF_MOVE_PROVED_US &&
			!nf_move_is_mixed(s->pass->site, s->network, r->source, r->by))
			return true;
	}
	return false;
}

/* Who was heard here and is seen at a switch that may still carry this network has not gone. */
static bool may_be_here(const struct scene *s, const struct nf_seen *r)
{
	struct heard *h;

	if (strcmp(r->source, "mixed") != 0 || strcmp(r->kind, "mac") != 0)
		return false;
	const struct nf_device *by = nf_site_device(s->pass->site, r->by);
	HASH_FIND_STR(s->heard, r->value, h);
	return h && by && nf_move_from(by) == s->network && !is_proved(s, r);
}

static void add_seen(struct scene *s)
{
	size_t len;
	const struct nf_seen *rows = nf_book_rows(s->pass->book, &len);

	for (size_t i = 0; i < len; i++) {
		if (strcmp(rows[i].network, s->network->id) != 0 || !is_heard(&rows[i]))
			continue;
		add_talker(s, &rows[i]);
		if (nf_seen_lease_us(s->pass->book, &rows[i]) > s->pass->now_us)
			add_lease(s, &rows[i]);
	}
	for (size_t i = 0; i < len; i++) {
		if (may_be_here(s, &rows[i]))
			add_talker(s, &rows[i]);
	}
}

static bool is_leg(const struct nf_device *d, const struct nf_network *n, const char *address)
{
	struct nf_addr parsed;

	for (size_t i = 0; nf_addr_parse(address, &parsed) == NF_OK && i < d->legs_len; i++)
		if (d->legs[i].network == n && nf_addr_equal(&d->legs[i].address, &parsed))
			return true;
	return false;
}

/* Packets of somebody else that a router passed on without lowering their hop count. It asks by ARP and ND itself. */
static bool is_passed_on(const struct scene *s, const struct nf_around_call *c)
{
	const struct nf_device *sender = owner_of(s, c->from_mac, "");

	return nf_device_is_router(sender) && strcmp(c->how, "arp") != 0 &&
	       strcmp(c->how, "ndp") != 0 && !is_leg(sender, s->network, c->from_address);
}

static void add_calls(struct scene *s)
{
	size_t len;
	const struct nf_around_call *calls = nf_around_calls(s->pass->around, &len);

	for (size_t i = 0; i < len; i++) {
		const struct nf_around_call *c = &calls[i];

		if (strcmp(c->network, s->network->id) != 0)
			continue;
		const char *mac = is_passed_on(s, c) ? "" : c->from_mac;
		const struct nf_device *from = owner_of(s, mac, c->from_address);

		s->calls = nf_grow(s->calls, s->calls_len, &s->calls_cap, sizeof *s->calls);
		s->calls[s->calls_len++] = (struct nf_call){.from_mac = mac,
			.from_address = c->from_address,
			.from_owner = from ? from->name : NULL,
			.from_router = nf_device_is_router(from),
			.to_address = c->to_address,
			.to_owner = holder_name(s, c->to_address),
			.how = c->how,
			.first_wall_us = c->first_us,
			.last_wall_us = c->last_us,
			.is_own = c->is_own};
	}
}

static struct nf_network_facts facts_of(struct scene *s)
{
	const struct nf_pass *p = s->pass;
	return (struct nf_network_facts){
		.leavers = s->leavers,
		.leavers_len = s->leavers_len,
		.talkers = s->talkers,
		.talkers_len = s->talkers_len,
		.calls = s->calls,
		.calls_len = s->calls_len,
		.leases = s->leases,
		.leases_len = s->leases_len,
		.aims = s->aims,
		.aims_len = s->aims_len,
		.quiet = p->quiets[s->network->index],
		.quiet_us = p->site->cutover.quiet_us,
		.month_end = p->site->cutover.month_end,
		.zone = p->site->timezone,
		.now_wall_us = p->now_us,
	};
}

/* What is counted of a network, or of all. */
struct tally {
	uint32_t stages[NF_STAGES], scope, unlisted, proofs;
};

static enum nf_err put_progress(
	const struct nf_pass *p, const char *network, const struct tally *t)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);

	nf_json_object(&j);
	nf_json_key(&j, "stages");
	nf_json_object(&j);
	for (size_t i = 0; i < NF_STAGES; i++) {
		nf_json_key(&j, nf_stage_text((enum nf_stage)i));
		nf_json_u64(&j, t->stages[i]);
	}
	nf_json_end(&j);
	nf_json_key(&j, "scope");
	nf_json_u64(&j, t->scope);
	nf_json_key(&j, "unlisted");
	nf_json_u64(&j, t->unlisted);
	nf_json_key(&j, "proofs");
	nf_json_u64(&j, t->proofs);
	nf_json_end(&j);
	const struct nf_progress row = {network, p->now_us / NF_DAY_US, text.data};
	enum nf_err e = nf_progress_put(p->store, &row);
	nf_strbuf_free(&text);
	return e;
}

static enum nf_err write_network(struct scene *s, struct tally *tally)
{
	struct nf_network_facts facts = facts_of(s);
	struct nf_blockers blockers;
	struct nf_strbuf text = {0};

	nf_blockers_find(&facts, &blockers);
	nf_blockers_encode(&blockers, &text);
	/* What nobody listed and what fell silent since is part of the way, and behind us. */
	tally->scope = blockers.listed + blockers.unlisted;
	tally->unlisted = blockers.unlisted;
	tally->proofs = blockers.settled + blockers.unlisted_quiet;
	const struct nf_network_row row = {
		s->network->id, blockers.ready, text.data, s->pass->now_us};
	enum nf_err e = nf_network_put(s->pass->store, &row);
	if (e == NF_OK)
		e = put_progress(s->pass, s->network->id, tally);
	nf_strbuf_free(&text);
	nf_blockers_free(&blockers);
	return e;
}

static enum nf_err pass_network(
	const struct nf_pass *p, const struct nf_network *network, struct tally *all)
{
	struct scene s = {.pass = p, .network = network, .arena = nf_arena_new()};
	struct tally tally = {0};

	NF_EACH(const struct nf_device, d, p->site->devices)
	{
		if (nf_move_from(d) != network)
			continue;
		add_leaver(&s, d);
		tally.stages[p->stages[d->index]]++;
		all->stages[p->stages[d->index]]++;
	}
	add_seen(&s);
	add_calls(&s);
	enum nf_err e = write_network(&s, &tally);
	all->scope += tally.scope;
	all->unlisted += tally.unlisted;
	all->proofs += tally.proofs;
	HASH_CLEAR(hh, s.heard);
	free(s.leavers);
	free(s.talkers);
	free(s.calls);
	free(s.leases);
	free(s.aims);
	nf_arena_free(s.arena);
	return e;
}

struct gone {
	const struct nf_pass *pass;
	char *name;
};

static void find_gone(const struct nf_network_row *row, void *arg)
{
	struct gone *g = arg;
	const struct nf_network *n = nf_site_network(g->pass->site, row->network);

	if ((!n || n->role != NF_ROLE_LEGACY) && !g->name)
		g->name = nf_xstrdup(row->network);
}

enum nf_err nf_pass_networks(struct nf_pass *p)
{
	struct tally all = {0};
	struct gone gone = {.pass = p};
	enum nf_err e = nf_store_begin(p->store);

	if (e != NF_OK)
		return e;
	NF_EACH(const struct nf_network, n, p->site->networks)
	{
		if (n->role == NF_ROLE_LEGACY && e == NF_OK)
			e = pass_network(p, n, &all);
	}
	if (e == NF_OK)
		e = put_progress(p, "", &all);
	if (e == NF_OK)
		e = nf_networks(p->store, find_gone, &gone);
	if (e == NF_OK && gone.name)
		e = nf_network_drop(p->store, gone.name);
	free(gone.name);
	if (e == NF_OK)
		return nf_store_commit(p->store);
	nf_store_rollback(p->store);
	return e;
}
