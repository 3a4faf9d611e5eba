// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/i18n.h"
#include "base/mac_group.h"

#define SAME_TIME_US (3600 * NF_US_PER_S) /* tables show a machine for so long after it went */

struct claimant {
	const struct nf_device *device;
	struct nf_identity *identity;
	struct claimant *next;
};

/* Who claims an identity, in the order of the site; a key is "kind value". */
struct claim {
	const char *key;
	struct claimant *first, **end;
	UT_hash_handle hh;
};

struct nf_identities {
	const struct nf_site *site;
	struct nf_arena *arena;
	struct nf_identity_list *lists; /* by device->index */
	struct claim *claims;
	struct nf_duplicate *duplicates;
	size_t duplicates_len, duplicates_cap;
};

const char *nf_identity_noun(const char *kind)
{
	static const struct {
		const char *kind, *noun;
	} nouns[] = {
		{"mac",	N_("MAC")		 },
		{"serial",  N_("serial number")},
		{"hostkey", N_("SSH host key") },
		{"engine",  N_("SNMP engine")  },
		{"name",	 N_("name")	   },
		{"address", N_("address")	 },
	};
	for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
		if (strcmp(nouns[i].kind, kind) == 0)
			return nouns[i].noun;
	}
	return kind;
}

const struct nf_network *nf_move_from(const struct nf_device *device)
{
	const struct nf_network *first = device->legs[0].network;

	if (first->role == NF_ROLE_LEGACY)
		return first;
	if (first->role == NF_ROLE_COMMON && device->wave &&
		device->wave->network->role == NF_ROLE_LEGACY)
		return device->wave->network;
	return NULL;
}

const struct nf_leg *nf_move_old_leg(const struct nf_device *device)
{
	return device->legs[0].network->role == NF_ROLE_LEGACY ? &device->legs[0] : NULL;
}

const struct nf_leg *nf_move_new_leg(const struct nf_device *device)
{
	for (size_t i = 0; i < device->legs_len; i++) {
		if (device->legs[i].network->role == NF_ROLE_COMMON)
			return &device->legs[i];
	}
	return NULL;
}

bool nf_move_is_mixed(const struct nf_site *site, const struct nf_network *old,
	const char *source, const char *by)
{
	const struct nf_device *d = nf_site_device(site, by);
	const struct nf_network *from = d ? nf_move_from(d) : NULL;

	if (strcmp(source, "mixed") == 0)
		return !from || from == old;
	return from == old && (strcmp(source, "lldp") == 0 || strcmp(source, "cdp") == 0);
}

static struct nf_identity *find(
	struct nf_identity_list *list, const char *kind, const char *value)
{
	for (size_t i = 0; i < list->len; i++) {
		if (strcmp(list->items[i].kind, kind) == 0 &&
			strcmp(list->items[i].value, value) == 0)
			return &list->items[i];
	}
	return NULL;
}

static struct nf_identity *add(struct nf_identity_list *list, const char *kind,
	const char *value, const struct nf_seen *r)
{
	struct nf_identity *id = find(list, kind, value);

	if (!id) {
		list->items = nf_grow(list->items, list->len, &list->cap, sizeof *list->items);
		id = &list->items[list->len++];
		*id = (struct nf_identity){.kind = kind, .value = value, .strong = true};
		if (r) {
			id->first_us = r->first_us;
			id->last_us = r->last_us;
		}
	}
	if (r && r->first_us < id->first_us)
		id->first_us = r->first_us;
	if (r && r->last_us > id->last_us)
		id->last_us = r->last_us;
	return id;
}

/* device: whose it is, where the doubt names one. */
static void weaken(struct nf_identity *id, enum nf_doubt doubt, const struct nf_device *device)
{
	id->strong = false;
	id->doubt = doubt;
	id->whose = device ? device->name : NULL;
}

static bool is_usable_mac(const char *text, bool *local)
{
	struct nf_mac mac;

	if (nf_mac_parse(text, &mac) != NF_OK || nf_mac_is_group(&mac))
		return false;
	*local = (mac.bytes[0] & 2) != 0;
	return true;
}

static bool is_binding(const struct nf_seen *row)
{
	static const char *const sources[] = {"wire", "arp", "ndp", "dhcp"};

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (strcmp(row->source, sources[i]) == 0)
			return strcmp(row->kind, "mac") == 0 && !row->passed_on;
	}
	return false;
}

/* Every machine that was seen to hold the address, with its time. */
static struct nf_identity_list holders_of(
	const struct nf_book *book, const char *network, const char *address)
{
	struct nf_identity_list holders = {0};
	bool local;

	for (const struct nf_seen *r = nf_book_at(book, network, address); r;
		r = nf_seen_next_at(r)) {
		if (is_binding(r) && is_usable_mac(r->value, &local))
			add(&holders, "mac", r->value, r);
	}
	return holders;
}

static bool comes_before(const struct nf_identity *a, const struct nf_identity *b)
{
	if (a->first_us != b->first_us)
		return a->first_us < b->first_us;
	return strcmp(a->value, b->value) < 0;
}

/* own: the inventory's MAC; "" it has none. */
static void learn_holder(
	struct nf_identity_list *list, const struct nf_identity_list *holders, const char *own)
{
	const struct nf_identity *first = NULL, *now = NULL;
	bool local, shared = false;

	for (size_t i = 0; i < holders->len; i++) {
		const struct nf_identity *h = &holders->items[i];

		if (*own ? strcmp(h->value, own) == 0 : (!first || comes_before(h, first)))
			first = h;
		if (!now || h->last_us > now->last_us)
			now = h;
	}
	for (size_t i = 0; first && i < holders->len; i++) {
		const struct nf_identity *h = &holders->items[i];

		shared = shared || (h != first && h->first_us < first->last_us - SAME_TIME_US &&
					   h->last_us > first->first_us + SAME_TIME_US);
	}
	if (now && now != first && (*own || first)) {
		list->usurper = now->value;
		list->usurped_us = now->first_us;
	}
	if (!first || *own)
		return;
	struct nf_identity *id = add(list, "mac", first->value, NULL);

	id->first_us = first->first_us;
	id->last_us = first->last_us;
	if (is_usable_mac(id->value, &local) && local)
		weaken(id, NF_DOUBT_LOCAL, NULL);
	if (shared)
		weaken(id, NF_DOUBT_RIVAL, NULL);
}

/* serial, hostkey, engine, name: what a device has one of. */
static const char *const single[] = {"serial", "hostkey", "engine", "name"};
#define SINGLES (sizeof single / sizeof *single)

static bool is_told(const struct nf_seen *r, const struct nf_device *device, const char *kind)
{
	return strcmp(r->by, device->name) == 0 && strcmp(r->kind, kind) == 0;
}

/* Whether this value was among the first, told again by another way. */
static bool is_known(const struct nf_seen *head, const struct nf_device *device,
	const struct nf_seen *row, int64_t first_us)
{
	for (const struct nf_seen *r = head; r; r = nf_seen_next_at(r)) {
		if (is_told(r, device, row->kind) && r->first_us == first_us &&
			strcmp(r->value, row->value) == 0)
			return true;
	}
	return false;
}

/* Of each the time of the first that was seen; INT64_MAX: none was. Returns when another one showed up: since then
 * another machine answers there. Several serial numbers in one answer are those of one stack. */
static int64_t find_singles(
	const struct nf_device *device, const struct nf_seen *head, int64_t firsts_us[SINGLES])
{
	int64_t changed_us = INT64_MAX;

	for (size_t i = 0; i < SINGLES; i++) {
		firsts_us[i] = INT64_MAX;
		for (const struct nf_seen *r = head; r; r = nf_seen_next_at(r)) {
			if (is_told(r, device, single[i]) && r->first_us < firsts_us[i])
				firsts_us[i] = r->first_us;
		}
		for (const struct nf_seen *r = head; r && i < SINGLES - 1;
			r = nf_seen_next_at(r)) {
			if (is_told(r, device, single[i]) && r->first_us > firsts_us[i] &&
				r->first_us < changed_us &&
				!is_known(head, device, r, firsts_us[i]))
				changed_us = r->first_us;
		}
	}
	return changed_us;
}

/* What the device told of itself at its old address, until another machine answered there. */
static void learn_told(struct nf_identity_list *list, const struct nf_book *book,
	const struct nf_device *device, const char *network, const char *address)
{
	const struct nf_seen *head = nf_book_at(book, network, address);
	int64_t firsts_us[SINGLES];
	int64_t until_us = find_singles(device, head, firsts_us);
	bool local;

	if (list->usurper && list->usurped_us < until_us)
		until_us = list->usurped_us;
	for (const struct nf_seen *r = head; r; r = nf_seen_next_at(r)) {
		if (!is_told(r, device, "mac") || strcmp(r->source, "snmp") != 0 ||
			r->first_us >= until_us || !is_usable_mac(r->value, &local))
			continue;
		struct nf_identity *id = add(list, "mac", r->value, r);
		id->firm = true;
		if (local && id->first_us)
			weaken(id, NF_DOUBT_LOCAL, NULL);
	}
	for (size_t i = 0; i < SINGLES; i++) {
		for (const struct nf_seen *r = head; r; r = nf_seen_next_at(r)) {
			if (!is_told(r, device, single[i]) || r->first_us != firsts_us[i] ||
				r->first_us >= until_us)
				continue;
			struct nf_identity *id = add(list, single[i], r->value, r);
			id->firm = true;
			if (i == SINGLES - 1)
				weaken(id, NF_DOUBT_NAME, NULL);
		}
	}
}

/* It has them for as long as it shows them at its other addresses, too. */
static void widen(struct nf_identity_list *list, const struct nf_book *book,
	const struct nf_device *device, const struct nf_leg *leg)
{
	char address[NF_ADDR_TEXT_MAX];

	nf_addr_format(&leg->address, address);
	for (const struct nf_seen *r = nf_book_at(book, leg->network->id, address); r;
		r = nf_seen_next_at(r)) {
		struct nf_identity *id = find(list, r->kind, r->value);

		if (id && id->first_us && (is_told(r, device, r->kind) || is_binding(r)))
			add(list, id->kind, id->value, r);
	}
}

static void learn_device(
	struct nf_identities *ids, const struct nf_book *book, const struct nf_device *device)
{
	struct nf_identity_list *list = &ids->lists[device->index];
	const struct nf_leg *leg = &device->legs[0];
	char text[NF_MAC_TEXT_MAX], address[NF_ADDR_TEXT_MAX];
	const char *own = "";

	if (device->legs[0].has_mac) {
		own = nf_arena_strdup(ids->arena, nf_mac_format(&device->legs[0].mac, text));
		if (!nf_mac_is_group(&device->legs[0].mac))
			add(list, "mac", own, NULL)->firm = true;
	}
	nf_addr_format(&leg->address, address);
	struct nf_identity_list holders = holders_of(book, leg->network->id, address);
	learn_holder(list, &holders, own);
	free(holders.items);
	learn_told(list, book, device, leg->network->id, address);
	for (size_t i = 1; i < device->legs_len; i++)
		widen(list, book, device, &device->legs[i]);
}

static bool overlap(const struct nf_identity *a, const struct nf_identity *b)
{
	if (a->first_us == 0 || b->first_us == 0)
		return true;
	return a->first_us <= b->last_us + SAME_TIME_US &&
	       b->first_us <= a->last_us + SAME_TIME_US;
}

static void note_duplicate(
	struct nf_identities *ids, const struct claimant *a, const struct claimant *b)
{
	ids->duplicates = nf_grow(ids->duplicates, ids->duplicates_len, &ids->duplicates_cap,
		sizeof *ids->duplicates);
	ids->duplicates[ids->duplicates_len++] = (struct nf_duplicate){
		b->identity->kind, b->identity->value, a->device, b->device};
	weaken(b->identity, NF_DOUBT_SHARED, a->device);
	weaken(a->identity, NF_DOUBT_SHARED, b->device);
}

static struct claim *claim_of(struct nf_identities *ids, const struct nf_identity *id)
{
	const char *key = nf_arena_printf(ids->arena, "%s %s", id->kind, id->value);
	struct claim *c;

	HASH_FIND_STR(ids->claims, key, c);
	if (!c) {
		c = nf_arena_alloc(ids->arena, sizeof *c);
		*c = (struct claim){.key = key, .end = &c->first};
		HASH_ADD_KEYPTR(hh, ids->claims, c->key, strlen(c->key), c);
	}
	return c;
}

/* What a device was only seen to use (another's MAC, behind proxy ARP) gives way to whose it is. */
static void claim(
	struct nf_identities *ids, const struct nf_device *device, struct nf_identity *id)
{
	struct claim *c = claim_of(ids, id);
	struct claimant *own = nf_arena_alloc(ids->arena, sizeof *own), *first = c->first;

	*own = (struct claimant){device, id, NULL};
	if (first && first->identity->firm && !id->firm) {
		weaken(id, NF_DOUBT_FOREIGN, first->device);
		return;
	}
	if (first && id->firm && !first->identity->firm) {
		for (; first; first = first->next)
			weaken(first->identity, NF_DOUBT_FOREIGN, device);
		c->end = &c->first;
	}
	*c->end = own;
	c->end = &own->next;
	/* One pair each is enough to name them all. */
	for (struct claimant *other = c->first; other != own; other = other->next) {
		bool is_noted = id->doubt == NF_DOUBT_SHARED &&
				other->identity->doubt == NF_DOUBT_SHARED;

		if (!is_noted && overlap(id, other->identity))
			note_duplicate(ids, other, own);
	}
}

struct nf_identities *nf_identities_learn(
	const struct nf_site *site, const struct nf_book *book)
{
	struct nf_identities *ids = nf_xcalloc(1, sizeof *ids);

	ids->site = site;
	ids->arena = nf_arena_new();
	ids->lists = nf_xcalloc(site->devices.len + 1, sizeof *ids->lists);
	NF_EACH(const struct nf_device, d, site->devices)
	{
		learn_device(ids, book, d);
	}
	NF_EACH(const struct nf_device, d, site->devices)
	{
		struct nf_identity_list *list = &ids->lists[d->index];

		for (size_t i = 0; i < list->len; i++) {
			if (strcmp(list->items[i].kind, "name") != 0)
				claim(ids, d, &list->items[i]);
		}
	}
	return ids;
}

void nf_identities_free(struct nf_identities *ids)
{
	if (!ids)
		return;
	HASH_CLEAR(hh, ids->claims);
	for (size_t i = 0; i < ids->site->devices.len; i++)
		free(ids->lists[i].items);
	free(ids->lists);
	free(ids->duplicates);
	nf_arena_free(ids->arena);
	free(ids);
}

const struct nf_identity_list *nf_identities_of(
	const struct nf_identities *ids, const struct nf_device *device)
{
	return &ids->lists[device->index];
}

const struct nf_duplicate *nf_identities_duplicates(
	const struct nf_identities *ids, size_t *len)
{
	*len = ids->duplicates_len;
	return ids->duplicates;
}

static bool is_of(const struct nf_device *device, const struct nf_network *network)
{
	for (size_t i = 0; i < device->legs_len; i++) {
		if (device->legs[i].network == network)
			return true;
	}
	return nf_move_from(device) == network;
}

const struct nf_device *nf_identities_owner(const struct nf_identities *ids, const char *kind,
	const char *value, const struct nf_network *network)
{
	char key[600];
	struct claim *c = NULL;

	if ((size_t)snprintf(key, sizeof key, "%s %s", kind, value) < sizeof key)
		HASH_FIND_STR(ids->claims, key, c);
	for (const struct claimant *o = c ? c->first : NULL; o; o = o->next) {
		if (is_of(o->device, network))
			return o->device;
	}
	return c ? c->first->device : NULL;
}
