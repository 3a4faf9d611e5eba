// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/asked.h"

#include <ifaddrs.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "collector/wire/ip.h"

/* A router asks three times, a second apart, and keeps packets for one more (RFC 4861 10; Linux and others do so
 * for ARP); one that it could not deliver makes it ask anew. */
#define LATELY_US (4 * NF_US_PER_S)

enum {
	SETS = 2048, /* of WAYS addresses: more are not asked within seconds */
	WAYS = 8,    /* several networks may have the same */
	LINKS_MOST = 128,
	SNAPLEN = 128,
	BUFFER_BYTES = 1024 * 1024,
	COOKED_BYTES = 20, /* DLT_LINUX_SLL2: protocol, reserved(2), interface(4), … */
};

struct slot {
	struct nf_addr to; /* family 0: free */
	struct nf_addr from;
	unsigned interface;
	bool reached; /* by the interface itself */
	int64_t at_mono_us;
};

struct link {
	unsigned interface;
	char name[IF_NAMESIZE];
	struct nf_addr own;
	struct nf_prefix prefix;
};

struct nf_asked {
	pcap_t *pcap; /* NULL: only the table */
	struct slot slots[SETS][WAYS];
	struct link links[LINKS_MOST];
	size_t links_len;
	int64_t reading_mono_us;
};

static size_t set_of(const struct nf_addr *addr)
{
	uint32_t hash = UINT32_C(0x811c9dc5);

	for (size_t i = 0; i < sizeof addr->bytes; i++)
		hash = (hash ^ addr->bytes[i]) * UINT32_C(0x01000193);
	return hash % SETS;
}

struct nf_asked *nf_asked_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_asked));
}

static bool is_lately(const struct slot *s, const struct nf_addr *to, int64_t mono_us)
{
	return s->to.family && mono_us - s->at_mono_us <= LATELY_US &&
	       nf_addr_equal(&s->to, to);
}

static const char *name_of(const struct nf_asked *asked, unsigned interface)
{
	for (size_t i = 0; i < asked->links_len; i++)
		if (asked->links[i].interface == interface)
			return asked->links[i].name;
	return NULL;
}

static bool is_reached(
	const struct nf_asked *asked, unsigned interface, const struct nf_addr *to)
{
	for (size_t i = 0; i < asked->links_len; i++)
		if (asked->links[i].interface == interface &&
			nf_prefix_contains(&asked->links[i].prefix, to))
			return true;
	return false;
}

static bool has_address(
	const struct nf_asked *asked, unsigned interface, const struct nf_addr *own)
{
	for (size_t i = 0; i < asked->links_len; i++)
		if (asked->links[i].interface == interface &&
			nf_addr_equal(&asked->links[i].own, own))
			return true;
	return false;
}

/* The upper interface has the address, and was first. */
static bool is_copy(const struct nf_asked *asked, const struct slot *sent)
{
	const struct slot *set = asked->slots[set_of(&sent->to)];
	bool again = false;

	for (size_t i = 0; i < WAYS; i++)
		again = again || (set[i].interface != sent->interface &&
					 is_lately(&set[i], &sent->to, sent->at_mono_us) &&
					 nf_addr_equal(&set[i].from, &sent->from));
	return again && !has_address(asked, sent->interface, &sent->from);
}

static bool is_same(const struct slot *a, const struct slot *b)
{
	return a->interface == b->interface && nf_addr_equal(&a->to, &b->to) &&
	       nf_addr_equal(&a->from, &b->from);
}

void nf_asked_sent(struct nf_asked *asked, unsigned interface, const struct nf_addr *from,
	const struct nf_addr *to, int64_t mono_us)
{
	const struct slot sent = {
		*to, *from, interface, is_reached(asked, interface, to), mono_us};
	struct slot *set = asked->slots[set_of(to)], *place = &set[0];

	if (is_copy(asked, &sent))
		return;
	for (size_t i = 0; i < WAYS; i++) {
		if (is_same(&set[i], &sent)) {
			place = &set[i];
			break;
		}
		if (!set[i].to.family || set[i].at_mono_us < place->at_mono_us)
			place = &set[i];
	}
	*place = sent;
}

bool nf_asked_lately(const struct nf_asked *asked, const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *to, int64_t mono_us)
{
	if (!asked)
		return false;
	const struct slot *set = asked->slots[set_of(to)];

	for (size_t i = 0; i < WAYS; i++)
		if (is_lately(&set[i], to, mono_us) && !set[i].reached &&
			!nf_site_is_sent_elsewhere(site, network,
				name_of(asked, set[i].interface), &set[i].from, to))
			return true;
	return false;
}

static uint8_t bits_of(const struct nf_addr *mask)
{
	unsigned bits = 0;

	for (size_t i = 0; i < sizeof mask->bytes; i++)
		bits += (unsigned)__builtin_popcount(mask->bytes[i]);
	return (uint8_t)bits;
}

static void clear_host_bits(struct nf_prefix *p)
{
	for (unsigned i = p->bits; i < 8 * sizeof p->addr.bytes; i++)
		p->addr.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
}

void nf_asked_link(struct nf_asked *asked, unsigned interface, const char *name,
	const struct nf_addr *own, uint8_t bits)
{
	if (asked->links_len == LINKS_MOST)
		return;
	struct link *link = &asked->links[asked->links_len++];

	*link = (struct link){
		.interface = interface, .own = *own, .prefix = {*own, bits}
	   };
	snprintf(link->name, sizeof link->name, "%s", name);
	clear_host_bits(&link->prefix);
}

void nf_asked_look_around(struct nf_asked *asked)
{
	struct ifaddrs *list;

	if (!asked || getifaddrs(&list) != 0)
		return;
	asked->links_len = 0;
	for (const struct ifaddrs *i = list; i; i = i->ifa_next) {
		struct nf_addr own, mask;

		if (i->ifa_addr && i->ifa_netmask &&
			nf_addr_from_sockaddr(i->ifa_addr, &own, NULL) &&
			nf_addr_from_sockaddr(i->ifa_netmask, &mask, NULL))
			nf_asked_link(asked, if_nametoindex(i->ifa_name), i->ifa_name, &own,
				bits_of(&mask));
	}
	freeifaddrs(list);
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct nf_asked *asked = (struct nf_asked *)(void *)user;
	struct nf_cursor c = nf_cursor_of(bytes, header->caplen);
	uint16_t protocol = nf_cursor_be16(&c);
	struct nf_ip ip;

	nf_cursor_skip(&c, 2);
	unsigned interface = nf_cursor_be32(&c);

	nf_cursor_skip(&c, COOKED_BYTES - 8);
	if (c.failed || (protocol != ETHERTYPE_IP && protocol != ETHERTYPE_IPV6) ||
		nf_ip_decode(c, &ip) != NF_OK || !ip.to.family)
		return;
	nf_asked_sent(asked, interface, &ip.from, &ip.to, asked->reading_mono_us);
}

void nf_asked_read(struct nf_asked *asked, int64_t mono_us)
{
	if (!asked || !asked->pcap)
		return;
	asked->reading_mono_us = mono_us;
	pcap_dispatch(asked->pcap, -1, on_packet, (u_char *)asked);
}

static enum nf_err failed(struct nf_asked *asked, int rc, struct nf_error *err)
{
	return nf_error_set(err, rc == PCAP_ERROR_PERM_DENIED ? NF_EPERM : NF_ESYS,
		"listening to our own questions: %s", pcap_geterr(asked->pcap));
}

/* "outbound and (dst net 10.1.0.0/16 or …)" */
static enum nf_err set_filter(
	struct nf_asked *asked, const struct nf_site *site, struct nf_error *err)
{
	struct nf_strbuf text = {0};
	struct bpf_program program;
	char address[NF_ADDR_TEXT_MAX];
	enum nf_err rc = NF_OK;

	nf_strbuf_puts(&text, "outbound and (less 0"); /* nothing */
	NF_EACH(struct nf_network, n, site->networks)
	NF_EACH(struct nf_prefix, p, n->prefixes)
	if (n->wire.len)
		nf_strbuf_printf(
			&text, " or dst net %s/%u", nf_addr_format(&p->addr, address), p->bits);
	nf_strbuf_puts(&text, ")");
	if (pcap_compile(asked->pcap, &program, text.data, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		rc = failed(asked, 0, err);
	} else {
		if (pcap_setfilter(asked->pcap, &program) != 0)
			rc = failed(asked, 0, err);
		pcap_freecode(&program);
	}
	nf_strbuf_free(&text);
	return rc;
}

static enum nf_err set_up(
	struct nf_asked *asked, const struct nf_site *site, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];

	pcap_set_snaplen(asked->pcap, SNAPLEN);
	pcap_set_immediate_mode(asked->pcap, 1);
	pcap_set_buffer_size(asked->pcap, BUFFER_BYTES);
	int rc = pcap_activate(asked->pcap);

	if (rc < 0)
		return failed(asked, rc, err);
	if (pcap_set_datalink(asked->pcap, DLT_LINUX_SLL2) ||
		pcap_setnonblock(asked->pcap, 1, text))
		return failed(asked, 0, err);
	return set_filter(asked, site, err);
}

enum nf_err nf_asked_open(
	const struct nf_site *site, struct nf_asked **out, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];
	struct nf_asked *asked = nf_asked_new();

	asked->pcap = pcap_create("any", text);
	enum nf_err rc =
		asked->pcap ? set_up(asked, site, err) : nf_error_set(err, NF_ESYS, "%s", text);

	if (rc) {
		nf_asked_close(asked);
		return rc;
	}
	nf_asked_look_around(asked);
	*out = asked;
	return NF_OK;
}

void nf_asked_close(struct nf_asked *asked)
{
	if (!asked)
		return;
	if (asked->pcap)
		pcap_close(asked->pcap);
	free(asked);
}

void nf_asked_reload(struct nf_asked *asked, const struct nf_site *site)
{
	struct nf_error err;

	if (asked && asked->pcap && set_filter(asked, site, &err))
		nf_log(NF_LOG_ERROR, "asked", "%s", err.text);
}
