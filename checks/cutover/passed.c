// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/passed.h"

#include <stdlib.h>
#include <string.h>

enum { FEW = 4 };

/* What the inventory says of a router's MAC. */
struct router {
	char mac[NF_MAC_TEXT_MAX];
	const struct nf_device *device;
};

struct nf_passed {
	const struct nf_site *site;
	struct router *routers; /* sorted */
	size_t len, cap;
};

static int by_mac(const void *a, const void *b)
{
	const struct router *x = a, *y = b;

	return strcmp(x->mac, y->mac);
}

struct nf_passed *nf_passed_new(const struct nf_site *site)
{
	struct nf_passed *p = nf_xcalloc(1, sizeof *p);

	p->site = site;
	NF_EACH(const struct nf_device, d, site->devices)
	for (size_t i = 0; nf_device_is_router(d) && i < d->legs_len; i++) {
		if (!d->legs[i].has_mac)
			continue;
		p->routers = nf_grow(p->routers, p->len, &p->cap, sizeof *p->routers);
		p->routers[p->len].device = d;
		nf_mac_format(&d->legs[i].mac, p->routers[p->len++].mac);
	}
	if (p->len)
		qsort(p->routers, p->len, sizeof *p->routers, by_mac);
	return p;
}

void nf_passed_free(struct nf_passed *p)
{
	if (!p)
		return;
	free(p->routers);
	free(p);
}

static bool is_wire(const struct nf_seen *r)
{
	return strcmp(r->source, "wire") == 0 && strcmp(r->kind, "mac") == 0 && *r->address;
}

/* Whether the MAC was seen with this address otherwise than by packets, too. */
static bool is_told(const struct nf_book *book, const struct nf_seen *row)
{
	for (const struct nf_seen *r = nf_book_at(book, row->network, row->address); r;
		r = nf_seen_next_at(r))
		if (strcmp(r->kind, "mac") == 0 && strcmp(r->value, row->value) == 0 &&
			!is_wire(r))
			return true;
	return false;
}

static const struct nf_device *device_at(const struct nf_passed *p, const struct nf_seen *r)
{
	const struct nf_network *network = nf_site_network(p->site, r->network);
	struct nf_addr address;

	return network && nf_addr_parse(r->address, &address) == NF_OK
		       ? nf_site_device_at(p->site, network, &address)
		       : NULL;
}

/* Of the inventory, by its MAC there; NULL: none. */
static const struct nf_device *router_of(const struct nf_passed *p, const char *mac)
{
	struct router key;
	const struct router *found;

	if (p->len == 0 || strlen(mac) >= sizeof key.mac)
		return NULL;
	memcpy(key.mac, mac, strlen(mac) + 1);
	found = bsearch(&key, p->routers, p->len, sizeof *p->routers, by_mac);
	return found ? found->device : NULL;
}

/* Addresses that nothing but packets shows, each once. */
struct untold {
	const char *items[FEW];
	size_t len;
};

/* False: there are too many. */
static bool add(struct untold *u, const char *address)
{
	for (size_t i = 0; i < u->len; i++)
		if (strcmp(u->items[i], address) == 0)
			return true;
	if (u->len == FEW)
		return false;
	u->items[u->len++] = address;
	return true;
}

bool nf_passed_is(
	const struct nf_passed *p, const struct nf_book *book, const struct nf_seen *row)
{
	struct untold untold = {0};

	if (!is_wire(row) || is_told(book, row))
		return false;
	const struct nf_device *own = device_at(p, row), *router = router_of(p, row->value);

	if (router && router != own)
		return true;
	for (const struct nf_seen *r = nf_book_of(book, "mac", row->value); r;
		r = nf_seen_next(r)) {
		if (strcmp(r->network, row->network) != 0 || !*r->address)
			continue;
		router = is_wire(r) ? NULL : device_at(p, r);
		if (nf_device_is_router(router) && router != own)
			return true;
		if (is_wire(r) && !is_told(book, r) && !add(&untold, r->address))
			return true;
	}
	return false;
}
