// SPDX-License-Identifier: GPL-3.0-or-later
/* identify: what answers at an address, by SNMP: which of the site's ways to ask is answered, under what
 * name, and what kind of thing it seems to be.
 * Shape:   the ways are tried one after the other; a handful of scalars, once. The kind is a guess from what it says of itself, for a person to correct.
 * Memory:  nf_identify gives a struct that lives until its callback returned.
 * Source:  RFC 3418 (sysServices), RFC 4293 (ipForwarding), RFC 3805 (printers), RFC 1628 (UPS), RFC 3411 (snmpEngineID).
 */
#pragma once

#include "collector/snmp/agent.h"

#define NF_ENGINE_TEXT_MAX 65

struct nf_identified {
	const struct nf_network *network;
	struct nf_addr address;
	const struct nf_snmp *snmp;	 /* NULL: answers none of them */
	char name[64];			 /* fit for devices.csv; "" without one */
	char engine[NF_ENGINE_TEXT_MAX]; /* its snmpEngineID in hexadecimal; "" not told */
	enum nf_kind kind;
};

typedef void nf_identified_fn(const struct nf_identified *identity, void *arg);

/* Ways to ask, in the order in which they are tried. */
struct nf_identify_ways {
	const struct nf_snmp **items;
	size_t len;
};

/* By which ways strangers in a network may be asked: those of its own devices, then those of no device at all. A
 * community is told, in clear, to whoever answers a ping: that of another network is none of their business. Has
 * room for all of the site's; gives the items, to free. */
struct nf_identify_ways nf_identify_ways(
	const struct nf_site *site, const struct nf_network *network);

/* fn is called once, perhaps before this returns. Borrows the ways until then. */
void nf_identify(struct nf_asker *asker, uv_loop_t *loop, const struct nf_identify_ways *ways,
	const struct nf_network *network, const struct nf_addr *address, nf_identified_fn *fn,
	void *arg);

/* For the tests: a guess from sysServices (-1: not said), whether it forwards, and what MIBs it has. */
enum nf_kind nf_identify_kind(int64_t services, bool forwards, bool prints, bool is_ups);
/* A device's name from what a device calls itself: its first label, letters, digits and dashes only. */
void nf_identify_name(const uint8_t *octets, size_t len, char *name, size_t size);
/* An snmpEngineID in hexadecimal; "" where it is longer than one can be. */
char *nf_identify_engine(const uint8_t *octets, size_t len, char text[NF_ENGINE_TEXT_MAX]);
