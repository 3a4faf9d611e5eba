// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mac_group.h"
#include "base/mem.h"
#include "cli/identify.h"
#include "store/sightings.h"

struct collection {
	struct nf_witness *items;
	size_t len, cap;
};

/* "arp fdb": each once. */
static void add_word(char *words, size_t size, const char *word)
{
	size_t len = strlen(words), n = strlen(word);
	for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return;
	if (len + n + 2 <= size)
		snprintf(words + len, size - len, "%s%s", len > 0 ? " " : "", word);
}

static void collect(const struct nf_sighting *s, void *arg)
{
	struct collection *c = arg;
	struct nf_witness w = {.last_wall_us = s->last_wall_us};
	if (strcmp(s->kind, "mac") == 0)
		w.has_mac = nf_mac_parse(s->value, &w.mac) == NF_OK;
	else if (strcmp(s->kind, "name") == 0)
		nf_identify_name(
			(const uint8_t *)s->value, strlen(s->value), w.name, sizeof w.name);
	else if (strcmp(s->kind, "address") != 0)
		return;
	const char *address = strcmp(s->kind, "address") == 0 ? s->value : s->address;
	if (nf_addr_parse(address, &w.address) != NF_OK)
		w.address = (struct nf_addr){0};
	if ((w.address.family == 0 && !w.has_mac) || (w.has_mac && nf_mac_is_group(&w.mac)))
		return;
	w.is_told = strcmp(s->source, "lldp") == 0 || strcmp(s->source, "cdp") == 0 ||
		    strcmp(s->source, "snmp") == 0;
	snprintf(w.place, sizeof w.place, "%s", s->place);
	add_word(w.seen, sizeof w.seen, s->source);
	c->items = nf_grow(c->items, c->len, &c->cap, sizeof *c->items);
	c->items[c->len++] = w;
}

static int compare_address(const struct nf_addr *a, const struct nf_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

/* Those with an address first; of one thing the newest first, but last what a device told of itself: it tells
 * the MACs of its ports beside that which its address has. */
static int compare(const void *x, const void *y)
{
	const struct nf_witness *a = x, *b = y;
	if ((a->address.family == 0) != (b->address.family == 0))
		return a->address.family == 0 ? 1 : -1;
	int order = a->address.family != 0 ? compare_address(&a->address, &b->address)
					   : memcmp(&a->mac, &b->mac, sizeof a->mac);
	if (order != 0)
		return order;
	if (a->is_told != b->is_told)
		return a->is_told ? 1 : -1;
	return (a->last_wall_us < b->last_wall_us) - (a->last_wall_us > b->last_wall_us);
}

static bool same_thing(const struct nf_witness *a, const struct nf_witness *b)
{
	if (a->address.family != 0 || b->address.family != 0)
		return compare_address(&a->address, &b->address) == 0;
	return memcmp(&a->mac, &b->mac, sizeof a->mac) == 0;
}

/* An older sighting only adds what no newer one said. */
static void join(struct nf_witness *to, const struct nf_witness *older)
{
	if (!to->has_mac && older->has_mac) {
		to->has_mac = true;
		to->mac = older->mac;
	}
	if (to->name[0] == '\0')
		memcpy(to->name, older->name, sizeof to->name);
	if (to->place[0] == '\0')
		memcpy(to->place, older->place, sizeof to->place);
	if (to->last_wall_us < older->last_wall_us)
		to->last_wall_us = older->last_wall_us;
	char words[sizeof older->seen], *rest = words;
	memcpy(words, older->seen, sizeof words);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		add_word(to->seen, sizeof to->seen, word);
}

static void merge_same(struct collection *c)
{
	size_t kept = 0;
	if (c->len > 0)
		qsort(c->items, c->len, sizeof *c->items, compare);
	for (size_t i = 0; i < c->len; i++) {
		if (kept > 0 && same_thing(&c->items[kept - 1], &c->items[i]))
			join(&c->items[kept - 1], &c->items[i]);
		else
			c->items[kept++] = c->items[i];
	}
	c->len = kept;
}

static int compare_macs(const void *x, const void *y)
{
	return memcmp(x, y, sizeof(struct nf_mac));
}

static int compare_mac(const void *key, const void *item)
{
	const struct nf_mac *mac = key;
	return memcmp(mac, &((const struct nf_witness *)item)->mac, sizeof *mac);
}

/* The MACs that were seen with an address, sorted: an address keeps but one of them. */
static struct nf_mac *macs_with_address(const struct collection *c, size_t *len)
{
	struct nf_mac *macs = nf_xcalloc(c->len + 1, sizeof *macs);
	*len = 0;
	for (size_t i = 0; i < c->len; i++)
		if (c->items[i].has_mac && c->items[i].address.family != 0)
			macs[(*len)++] = c->items[i].mac;
	if (*len > 0)
		qsort(macs, *len, sizeof *macs, compare_macs);
	return macs;
}

/* Where a switch saw the MAC of an address; MACs that have an address are then known by it alone. */
static void join_macs(struct collection *c, const struct nf_mac *with, size_t with_len)
{
	size_t first = 0, kept;
	while (first < c->len && c->items[first].address.family != 0)
		first++;
	struct nf_witness *macs = c->items + first;
	bool *taken = nf_xcalloc(c->len - first + 1, sizeof *taken);
	for (size_t i = 0; i < first; i++) {
		struct nf_witness *w = &c->items[i];
		struct nf_witness *mac = w->has_mac && first < c->len
						 ? bsearch(&w->mac, macs, c->len - first,
							   sizeof *macs, compare_mac)
						 : NULL;
		if (mac == NULL)
			continue;
		join(w, mac);
		taken[mac - macs] = true;
	}
	kept = first;
	for (size_t i = first; i < c->len; i++)
		if (!taken[i - first] &&
			(with_len == 0 || bsearch(&c->items[i].mac, with, with_len,
						  sizeof *with, compare_macs) == NULL))
			c->items[kept++] = c->items[i];
	c->len = kept;
	free(taken);
}

enum nf_err nf_witnesses_load(const char *state_dir, const char *network, int64_t since_wall_us,
	struct nf_witnesses *w, struct nf_error *err)
{
	struct nf_store *store = NULL;
	struct collection c = {0};
	*w = (struct nf_witnesses){0};
	enum nf_err rc = nf_store_open(state_dir, NF_STORE_READ, 5000, &store, err);
	if (rc == NF_ENOENT)
		return NF_OK;
	if (rc != NF_OK)
		return rc;
	rc = nf_sighting_sums(store,
		&(struct nf_ledger_filter){
			.network = network, .since_day = since_wall_us / NF_DAY_US},
		collect, &c);
	if (rc != NF_OK)
		nf_error_set(err, rc, "%s", nf_store_error(store));
	nf_store_close(store);
	size_t with_len;
	struct nf_mac *with = macs_with_address(&c, &with_len);
	merge_same(&c);
	join_macs(&c, with, with_len);
	free(with);
	*w = (struct nf_witnesses){c.items, c.len};
	return rc;
}

void nf_witnesses_free(struct nf_witnesses *w)
{
	free(w->items);
	*w = (struct nf_witnesses){0};
}

const struct nf_witness *nf_witness_at(
	const struct nf_witnesses *w, const struct nf_addr *address)
{
	struct nf_witness key = {.address = *address};
	size_t low = 0, high = w->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct nf_witness *item = &w->items[middle];
		int order = item->address.family == 0
				    ? -1
				    : compare_address(&key.address, &item->address);
		if (order == 0)
			return item;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct nf_witness *nf_witness_with(const struct nf_witnesses *w, const struct nf_mac *mac)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->items[i].has_mac && memcmp(&w->items[i].mac, mac, sizeof *mac) == 0)
			return &w->items[i];
	return NULL;
}
