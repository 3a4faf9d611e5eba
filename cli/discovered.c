// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/discovered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/store.h"

/* What a thing is known by. */
#define NAME	"name"
#define MAC	"MAC address"
#define ENGINE	"SNMP engine"

#define BUSY_MS 5000
#define RECENT_US                                                                              \
	(7 * 86400 * NF_US_PER_S) /* what the ledger saw before says little of today */

struct found {
	const char *name;
	const char *own;    /* what it calls itself; "" nothing */
	const char *engine; /* "" not told */
	enum nf_kind kind;
	const struct nf_addr *address;
	const struct nf_snmp *snmp;	  /* NULL: none */
	const struct nf_witness *witness; /* NULL: none */
	bool is_new, answers;
};

/* "ping arp wire": who answers now, and what the ledger has of it; each source once. */
static void print_seen(const struct found *f)
{
	const char *seen = f->witness != NULL ? f->witness->seen : "";
	if (f->answers)
		fputs("ping", stdout);
	while (*seen != '\0') {
		size_t len = strcspn(seen, " ");
		if (!f->answers || strncmp(seen, "ping", len) != 0)
			printf("%s%.*s", f->answers || seen != f->witness->seen ? " " : "",
				(int)len, seen);
		seen += len + strspn(seen + len, " ");
	}
}

/* Two rows of one machine would be watched, and counted in a move, as two. */
static void tell_twin(const struct nf_discovered *d, const struct found *f, const char *mac)
{
	const char *by_engine = nf_printed_owner(&d->printed, ENGINE, f->engine);
	const char *by_mac = nf_printed_owner(&d->printed, MAC, mac);
	if (by_engine != NULL)
		fprintf(stderr,
			"netfold discover: %s has the SNMP engine of %s: one machine with several "
			"addresses, or a copied configuration\n",
			f->name, by_engine);
	else if (by_mac != NULL)
		fprintf(stderr,
			"netfold discover: %s has the MAC address of %s: one machine with several "
			"addresses, or one that answers for others\n",
			f->name, by_mac);
	else if (*f->own != '\0' && strcmp(f->own, f->name) != 0)
		fprintf(stderr,
			"netfold discover: %s calls itself %s, which is another's name already\n",
			f->name, f->own);
}

static void print_row(struct nf_discovered *d, const struct found *f)
{
	char text[NF_ADDR_TEXT_MAX], mac[NF_MAC_TEXT_MAX] = "";
	struct nf_strbuf name = {0};
	if (f->witness != NULL && f->witness->has_mac)
		nf_mac_format(&f->witness->mac, mac);
	nf_text_csv_plain(&name, f->name);
	printf("%s,%s,%s,%s,%s,%s,%s,", name.data, nf_kind_text(f->kind), d->network->id,
		nf_addr_format(f->address, text), mac, f->snmp != NULL ? f->snmp->id : "",
		f->is_new ? "new" : "known");
	nf_strbuf_free(&name);
	print_seen(f);
	putchar('\n');
	fflush(stdout);
	if (!f->is_new)
		return;
	tell_twin(d, f, mac);
	nf_printed_add(&d->printed, NAME, f->name, f->name);
	nf_printed_add(&d->printed, MAC, mac, f->name);
	nf_printed_add(&d->printed, ENGINE, f->engine, f->name);
}

static const struct nf_witness *witness_at(
	struct nf_discovered *d, const struct nf_addr *address)
{
	const struct nf_witness *w = nf_witness_at(&d->witnesses, address);
	if (w != NULL)
		d->told[w - d->witnesses.items] = true;
	return w;
}

static bool is_free(const struct nf_discovered *d, const char *name)
{
	return name[0] != '\0' && nf_site_device(d->site, name) == NULL &&
	       nf_printed_owner(&d->printed, NAME, name) == NULL;
}

/* A name that no other device has: what it calls itself, or else its network and address. */
static void name_of(const struct nf_discovered *d, const char *own,
	const struct nf_addr *address, const struct nf_witness *witness, char *name,
	size_t size)
{
	char text[NF_ADDR_TEXT_MAX];
	const char *heard = witness != NULL ? witness->name : "";
	if (is_free(d, own) || is_free(d, heard)) {
		snprintf(name, size, "%s", is_free(d, own) ? own : heard);
		return;
	}
	nf_addr_format(address, text);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '.' || *c == ':')
			*c = '-';
	snprintf(name, size, "%s-%s", d->network->id, text);
	for (unsigned n = 2; !is_free(d, name); n++)
		snprintf(name, size, "%s-%s-%u", d->network->id, text, n);
}

static void take_engine(const struct nf_engine_row *row, void *arg)
{
	struct nf_discovered *d = arg;
	const struct nf_network *network = nf_site_network(d->site, row->network);
	struct nf_addr address;
	char text[NF_ENGINE_TEXT_MAX];
	if (network == NULL || nf_addr_parse(row->address, &address) != NF_OK)
		return;
	const struct nf_device *device = nf_site_device_at(d->site, network, &address);
	if (device != NULL)
		nf_printed_add(&d->printed, ENGINE,
			nf_identify_engine(row->engine_id, row->engine_id_len, text),
			device->name);
}

static void learn_macs(struct nf_discovered *d, const struct nf_device *device)
{
	char mac[NF_MAC_TEXT_MAX];
	for (size_t i = 0; i < device->legs_len; i++) {
		const struct nf_leg *leg = &device->legs[i];
		const struct nf_witness *w =
			leg->network == d->network ? nf_witness_at(&d->witnesses, &leg->address)
						   : NULL;
		if (leg->has_mac)
			nf_printed_add(
				&d->printed, MAC, nf_mac_format(&leg->mac, mac), device->name);
		if (w != NULL && w->has_mac)
			nf_printed_add(
				&d->printed, MAC, nf_mac_format(&w->mac, mac), device->name);
	}
}

/* By what the devices of the inventory are known at an address that it does not have. */
static void learn_inventory(struct nf_discovered *d)
{
	struct nf_store *store = NULL;
	NF_EACH(struct nf_device, device, d->site->devices)
	learn_macs(d, device);
	if (nf_store_open(d->site->state_dir, NF_STORE_READ, BUSY_MS, &store, NULL) == NF_OK)
		nf_store_engines(store, take_engine, d);
	nf_store_close(store);
}

void nf_discovered_begin(struct nf_discovered *d)
{
	struct nf_error err;
	/* Without the ledger the sweep alone still says much. */
	if (nf_witnesses_load(d->site->state_dir, d->network->id,
		    nf_clock_now().wall_us - RECENT_US, &d->witnesses, &err) != NF_OK)
		fprintf(stderr, "netfold discover: what was seen before is left out: %s\n",
			err.text);
	d->told = nf_xcalloc(d->witnesses.len + 1, sizeof *d->told);
	d->answered = nf_xcalloc(d->site->devices.len + 1, sizeof *d->answered);
	learn_inventory(d);
	puts("name,kind,network,address,mac,snmp,inventory,seen");
}

void nf_discovered_new(struct nf_discovered *d, const struct nf_identified *identity)
{
	const struct nf_witness *witness = witness_at(d, &identity->address);
	char name[128];
	name_of(d, identity->name, &identity->address, witness, name, sizeof name);
	print_row(d, &(struct found){.name = name,
			     .own = identity->name,
			     .engine = identity->engine,
			     .kind = identity->kind,
			     .address = &identity->address,
			     .snmp = identity->snmp,
			     .witness = witness,
			     .is_new = true,
			     .answers = true});
}

void nf_discovered_known(
	struct nf_discovered *d, const struct nf_device *device, const struct nf_addr *address)
{
	const struct nf_witness *witness = witness_at(d, address);
	d->answered[device->index] = true;
	if (!d->only_new)
		print_row(d, &(struct found){.name = device->name,
				     .own = "",
				     .engine = "",
				     .kind = device->kind,
				     .address = address,
				     .snmp = device->snmp,
				     .witness = witness,
				     .answers = true});
}

static bool was_swept(const struct nf_discovered *d, const struct nf_addr *address)
{
	for (size_t i = 0; i < d->sweep->len; i++)
		if (nf_prefix_contains(&d->sweep->prefixes[i], address))
			return true;
	return false;
}

/* What does not answer an echo, but somebody saw: a firewall in front of it, a printer asleep. */
static void print_heard(struct nf_discovered *d)
{
	for (size_t i = 0; i < d->witnesses.len; i++) {
		const struct nf_witness *w = &d->witnesses.items[i];
		char name[128];
		if (w->address.family == 0 || d->told[i] || !was_swept(d, &w->address) ||
			nf_site_device_at(d->site, d->network, &w->address) != NULL)
			continue;
		name_of(d, "", &w->address, w, name, sizeof name);
		print_row(d, &(struct found){.name = name,
				     .own = w->name,
				     .engine = "",
				     .kind = NF_KIND_OTHER,
				     .address = &w->address,
				     .witness = w,
				     .is_new = true});
	}
}

static bool is_listed(const struct nf_site *site, const struct nf_mac *mac)
{
	NF_EACH(struct nf_device, device, site->devices)
	if (device->legs[0].has_mac && memcmp(&device->legs[0].mac, mac, sizeof *mac) == 0)
		return true;
	return false;
}

/* A row needs an address; these have shown none. */
static void print_nameless(const struct nf_discovered *d)
{
	for (size_t i = 0; i < d->witnesses.len; i++) {
		const struct nf_witness *w = &d->witnesses.items[i];
		char mac[NF_MAC_TEXT_MAX], place[4 * sizeof w->place];
		if (w->address.family != 0 || is_listed(d->site, &w->mac))
			continue;
		nf_text_escape_buf(place, sizeof place, w->place);
		fprintf(stderr,
			"netfold discover: %s talks%s%s (%s), and no address of it is known\n",
			nf_mac_format(&w->mac, mac), place[0] != '\0' ? " at " : "", place,
			w->seen);
	}
}

void nf_discovered_silent(const struct nf_discovered *d)
{
	NF_EACH(struct nf_device, device, d->site->devices)
	{
		const struct nf_leg *leg = &device->legs[0];
		char at[NF_ISO8601_MAX], address[NF_ADDR_TEXT_MAX];
		if (leg->network != d->network || d->answered[device->index] ||
			!was_swept(d, &leg->address))
			continue;
		const struct nf_witness *w = nf_witness_at(&d->witnesses, &leg->address);
		if (w == NULL && leg->has_mac)
			w = nf_witness_with(&d->witnesses, &leg->mac);
		if (w == NULL)
			fprintf(stderr,
				"netfold discover: %s is in the inventory, and nobody sees it\n",
				device->name);
		else
			fprintf(stderr,
				"netfold discover: %s is in the inventory and does not answer at %s; "
				"last seen %s (%s)\n",
				device->name, nf_addr_format(&leg->address, address),
				nf_iso8601(w->last_wall_us, at), w->seen);
	}
}

void nf_discovered_heard(struct nf_discovered *d)
{
	print_heard(d);
	print_nameless(d);
}

void nf_discovered_end(struct nf_discovered *d)
{
	free(d->answered);
	free(d->told);
	nf_witnesses_free(&d->witnesses);
	nf_printed_free(&d->printed);
}
