// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/around.h"

#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "store/backups.h"

#define OWN_MAX 256

struct nf_around {
	const struct nf_site *site;
	const struct nf_book *book;
	struct nf_store *store;
	struct nf_arena *arena;
	struct nf_around_device *devices;
	struct nf_around_call *calls;
	size_t calls_len, calls_cap;
	struct own_address {
		struct nf_addr address;
		char interface[IF_NAMESIZE]; /* "" not known */
	} own[OWN_MAX];
	size_t own_len;
	struct nf_mac own_macs[OWN_MAX];
	size_t own_macs_len;
	int64_t now_us;
};

static const char *keep(struct nf_around *a, const char *text)
{
	return text && *text ? nf_arena_strdup(a->arena, text) : "";
}

static void add_own(struct nf_around *a, const char *interface, const struct nf_addr *address)
{
	struct own_address *own = &a->own[a->own_len];

	if (!address->family || a->own_len == OWN_MAX)
		return;
	own->address = *address;
	snprintf(own->interface, sizeof own->interface, "%s", interface);
	a->own_len++;
}

static void find_own(struct nf_around *a)
{
	struct ifaddrs *all = NULL;
	struct nf_addr address;

	NF_EACH(const struct nf_network, n, a->site->networks)
	{
		add_own(a, "", &n->source.address4);
		add_own(a, "", &n->source.address6);
	}
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (!i->ifa_addr)
			continue;
		if (i->ifa_addr->sa_family == AF_PACKET && a->own_macs_len < OWN_MAX) {
			const struct sockaddr_ll *link = (const void *)i->ifa_addr;
			if (link->sll_halen == 6)
				memcpy(a->own_macs[a->own_macs_len++].bytes, link->sll_addr, 6);
		} else if (nf_addr_from_sockaddr(i->ifa_addr, &address, NULL)) {
			add_own(a, i->ifa_name, &address);
		}
	}
	freeifaddrs(all);
}

bool nf_around_is_own(const struct nf_around *a, const struct nf_network *network,
	const char *mac_text, const char *address_text)
{
	struct nf_addr address;
	struct nf_mac mac;

	if (nf_addr_parse(address_text, &address) == NF_OK) {
		for (size_t i = 0; i < a->own_len; i++) {
			if (nf_addr_equal(&a->own[i].address, &address) &&
				!nf_site_is_elsewhere(
					a->site, network, a->own[i].interface, &address))
				return true;
		}
	}
	if (nf_mac_parse(mac_text, &mac) == NF_OK) {
		for (size_t i = 0; i < a->own_macs_len; i++) {
			if (memcmp(&a->own_macs[i], &mac, sizeof mac) == 0)
				return true;
		}
	}
	return false;
}

static struct nf_around_device *device_named(struct nf_around *a, const char *name)
{
	const struct nf_device *d = nf_site_device(a->site, name);

	return d ? &a->devices[d->index] : NULL;
}

/* A program that is started anew takes nobody's stage away; one that stands still for long knows nothing of now. */
static void take_ping(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct nf_around *a = arg;
	struct nf_around_device *d = device_named(a, row->device);
	int64_t most_us = 3 * row->interval_us > NF_HOUR_US ? 3 * row->interval_us : NF_HOUR_US;

	if (d && asked_wall_us > 0 && a->now_us - asked_wall_us < most_us &&
		asked_wall_us - a->now_us < NF_HOUR_US)
		d->is_asked = true;
}

/* Backups are judged by their proofs; that a port is down or two engines are the same is no matter here. */
static void take_bad(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct nf_around_device *d = device_named(arg, row->device);

	(void)asked_wall_us;
	if (d && strncmp(row->check, "backup", 6) != 0 && !d->bad_check)
		d->bad_check = keep(arg, row->check);
}

/* When an address last answered; 0: never. */
static int64_t answered(const struct nf_around *a, const struct nf_leg *leg)
{
	char text[NF_ADDR_TEXT_MAX];
	int64_t last_us = 0;

	nf_addr_format(&leg->address, text);
	for (const struct nf_seen *r = nf_book_of(a->book, "address", text); r;
		r = nf_seen_next(r)) {
		if (strcmp(r->network, leg->network->id) == 0 &&
			strcmp(r->source, "ping") == 0 && r->last_us > last_us)
			last_us = r->last_us;
	}
	return last_us;
}

static int64_t silent_of(const json_t *legs, const struct nf_leg *leg)
{
	const json_t *row;
	size_t i;

	json_array_foreach(legs, i, row)
	{
		const char *network = json_string_value(json_object_get(row, "network"));

		if (network && strcmp(network, leg->network->id) == 0)
			return json_integer_value(json_object_get(row, "silent_us"));
	}
	return 0;
}

/* An address that used to answer and does not; of two that of the new side. */
static void take_silence(const char *network, const char *device, const char *name,
	const char *json, int64_t at_us, void *arg)
{
	struct nf_around *a = arg;
	const struct nf_device *d = nf_site_device(a->site, device);
	json_t *legs = d ? json_loads(json, 0, NULL) : NULL;

	(void)network;
	(void)name;
	if (legs && a->now_us - at_us < NF_HOUR_US) {
		const struct nf_leg *new_leg = nf_move_new_leg(d), *old = nf_move_old_leg(d);
		int64_t on_new = new_leg ? silent_of(legs, new_leg) : 0;
		int64_t on_old = old ? silent_of(legs, old) : 0;
		struct nf_around_device *out = &a->devices[d->index];

		if (new_leg && answered(a, new_leg))
			out->silent_us = on_new;
		else if (old && answered(a, old) && (on_new || !new_leg))
			out->silent_us = on_old && on_new > on_old ? on_new : on_old;
	}
	json_decref(legs);
}

static void take_exemption(const struct nf_exemption *row, void *arg)
{
	struct nf_around *a = arg;
	struct nf_around_device *d = device_named(a, row->device);

	if (!d)
		return;
	d->is_exempt = row->until_wall_us > a->now_us;
	d->exempt_reason = keep(a, row->reason);
	d->exempt_until_us = row->until_wall_us;
}

static void take_proved(const struct nf_backup_look *look, void *arg)
{
	int64_t *run_us = arg;

	if (look->run_wall_us > *run_us)
		*run_us = look->run_wall_us;
}

static void take_job(const struct nf_backup_look *look, void *arg)
{
	int64_t *run_us = arg;

	if (strcmp(look->verdict, "ok") == 0 || strcmp(look->verdict, "warning") == 0)
		take_proved(look, run_us);
}

struct jobs {
	struct nf_around *around;
	int64_t *runs_us; /* by index of the job */
};

static void take_jobs(const struct nf_backup_look *look, void *arg)
{
	struct jobs *jobs = arg;

	NF_EACH(const struct nf_backup, b, jobs->around->site->backups)
	{
		if (strcmp(b->id, look->job) == 0)
			take_job(look, &jobs->runs_us[b - jobs->around->site->backups.items]);
	}
}

/* By SSH its job met it at the old address last. */
static bool is_aimed(const struct nf_around *a, const struct nf_device *device)
{
	const struct nf_leg *legs[] = {nf_move_old_leg(device), nf_move_new_leg(device)};
	int64_t met_us[2] = {0, 0};

	for (size_t i = 0; i < 2; i++) {
		char text[NF_ADDR_TEXT_MAX];

		if (!legs[i])
			continue;
		nf_addr_format(&legs[i]->address, text);
		for (const struct nf_seen *r = nf_book_at(a->book, legs[i]->network->id, text);
			r; r = nf_seen_next_at(r)) {
			if (strcmp(r->source, "ssh") == 0 && strcmp(r->by, device->name) == 0 &&
				r->last_us > met_us[i])
				met_us[i] = r->last_us;
		}
	}
	return met_us[0] > met_us[1];
}

static enum nf_err load_backups(struct nf_around *a)
{
	const struct nf_site *site = a->site;
	struct jobs jobs = {a, nf_xcalloc(site->backups.len + 1, sizeof(int64_t))};
	enum nf_err e = nf_backup_jobs(a->store, take_jobs, &jobs);

	NF_EACH(const struct nf_device, d, site->devices)
	{
		a->devices[d->index].needs_backup = d->kind == NF_KIND_SERVER;
		a->devices[d->index].backup_us = INT64_MAX;
	}
	NF_EACH(const struct nf_waiver, w, site->waivers)
	{
		if (w->device && w->until_wall_us > a->now_us)
			a->devices[w->device->index].needs_backup = false;
	}
	NF_EACH(const struct nf_backup, b, site->backups)
	{
		struct nf_around_device *d = &a->devices[b->device->index];
		int64_t run_us = jobs.runs_us[b - site->backups.items];

		if (run_us == 0 &&
			e == NF_OK) /* the last look was not good; an earlier one was? */
			e = nf_backup_proved(a->store, b->id, take_proved, &run_us);
		d->needs_backup = true;
		d->backup_us = run_us < d->backup_us ? run_us : d->backup_us;
		if (is_aimed(a, b->device)) {
			d->is_aimed = true;
			d->aimed_job = b->id;
		}
	}
	NF_EACH(const struct nf_device, d, site->devices)
	{
		if (a->devices[d->index].backup_us == INT64_MAX)
			a->devices[d->index].backup_us = 0;
	}
	free(jobs.runs_us);
	return e;
}

static void take_call(const struct nf_caller *c, void *arg)
{
	struct nf_around *a = arg;
	const struct nf_network *network = nf_site_network(a->site, c->network);

	a->calls = nf_grow(a->calls, a->calls_len, &a->calls_cap, sizeof *a->calls);
	a->calls[a->calls_len++] = (struct nf_around_call){
		.network = keep(a, c->network),
		.from_mac = keep(a, c->from_mac),
		.from_address = keep(a, c->from_address),
		.to_address = keep(a, c->to_address),
		.how = keep(a, c->how),
		.first_us = c->first_wall_us,
		.last_us = c->last_wall_us < a->now_us ? c->last_wall_us : a->now_us,
		.is_own = network && nf_around_is_own(a, network, c->from_mac, c->from_address),
	};
}

static bool has_mac(const struct nf_identity_list *list, const char *mac)
{
	for (size_t i = 0; i < list->len; i++) {
		if (strcmp(list->items[i].kind, "mac") == 0 &&
			strcmp(list->items[i].value, mac) == 0)
			return true;
	}
	return false;
}

/* A lease of its old address is the device's while the device is who was lent it. */
static void join_leases(struct nf_around *a, const struct nf_identities *ids)
{
	NF_EACH(const struct nf_device, d, a->site->devices)
	{
		const struct nf_leg *leg = nf_move_old_leg(d);
		char text[NF_ADDR_TEXT_MAX];

		if (!leg)
			continue;
		nf_addr_format(&leg->address, text);
		for (const struct nf_seen *r = nf_book_at(a->book, leg->network->id, text); r;
			r = nf_seen_next_at(r)) {
			int64_t until_us = nf_seen_lease_us(a->book, r);

			if (until_us > a->devices[d->index].lease_us &&
				has_mac(nf_identities_of(ids, d), r->value))
				a->devices[d->index].lease_us = until_us;
		}
	}
}

/* Calls of old addresses. */
static void join_calls(struct nf_around *a)
{
	for (size_t i = 0; i < a->calls_len; i++) {
		const struct nf_around_call *c = &a->calls[i];
		const struct nf_network *network = nf_site_network(a->site, c->network);
		struct nf_addr address;

		if (c->is_own || !network || nf_addr_parse(c->to_address, &address) != NF_OK)
			continue;
		const struct nf_device *d = nf_site_device_at(a->site, network, &address);
		if (!d || nf_move_from(d) != network ||
			c->last_us <= a->devices[d->index].called_us)
			continue;
		a->devices[d->index].called_us = c->last_us;
		a->devices[d->index].caller = nf_arena_printf(a->arena, "%s (%s)",
			*c->from_address ? c->from_address : c->from_mac, c->how);
	}
}

struct nf_around *nf_around_load(struct nf_store *store, const struct nf_site *site,
	const struct nf_book *book, const struct nf_identities *ids, int64_t now_us,
	enum nf_err *err)
{
	const struct nf_ledger_filter all = {0};
	struct nf_around *a = nf_xcalloc(1, sizeof *a);
	enum nf_err e;

	a->site = site;
	a->book = book;
	a->store = store;
	a->now_us = now_us;
	a->arena = nf_arena_new();
	a->devices = nf_xcalloc(site->devices.len + 1, sizeof *a->devices);
	find_own(a);
	e = nf_store_checks_named(store, "ping", take_ping, a);
	if (e == NF_OK)
		e = nf_store_checks_bad(store, take_bad, a);
	if (e == NF_OK)
		e = nf_store_facts_named(store, "ping", take_silence, a);
	if (e == NF_OK)
		e = nf_exemptions(store, take_exemption, a);
	if (e == NF_OK)
		e = load_backups(a);
	if (e == NF_OK)
		e = nf_caller_sums(store, &all, take_call, a);
	join_calls(a);
	join_leases(a, ids);
	*err = e;
	return a;
}

void nf_around_free(struct nf_around *a)
{
	if (!a)
		return;
	nf_arena_free(a->arena);
	free(a->devices);
	free(a->calls);
	free(a);
}

const struct nf_around_device *nf_around_of(
	const struct nf_around *a, const struct nf_device *device)
{
	return &a->devices[device->index];
}

const struct nf_around_call *nf_around_calls(const struct nf_around *a, size_t *len)
{
	*len = a->calls_len;
	return a->calls;
}
