// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/discovered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define RECENT_US                                                                              \
	(7 * 86400 * NF_US_PER_S) /* what the ledger saw before says little of today */

/* RFC 4180: quoted where it must be, quotes doubled. */
static void print_field(const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

struct found {
	const char *name;
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

static void print_row(const struct nf_discovered *d, const struct found *f)
{
	char text[NF_ADDR_TEXT_MAX], mac[NF_MAC_TEXT_MAX] = "";
	if (f->witness != NULL && f->witness->has_mac)
		nf_mac_format(&f->witness->mac, mac);
	print_field(f->name);
	printf(",%s,%s,%s,%s,%s,%s,", nf_kind_text(f->kind), d->network->id,
		nf_addr_format(f->address, text), mac, f->snmp != NULL ? f->snmp->id : "",
		f->is_new ? "new" : "known");
	print_seen(f);
	putchar('\n');
	fflush(stdout);
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
	return name[0] != '\0' && nf_site_device(d->site, name) == NULL;
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
	puts("name,kind,network,address,mac,snmp,inventory,seen");
}

void nf_discovered_new(struct nf_discovered *d, const struct nf_identified *identity)
{
	const struct nf_witness *witness = witness_at(d, &identity->address);
	char name[128];
	name_of(d, identity->name, &identity->address, witness, name, sizeof name);
	print_row(d, &(struct found){.name = name,
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
}
