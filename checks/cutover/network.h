// SPDX-License-Identifier: GPL-3.0-or-later
/* network: whether an old network can be switched off, and every single thing that speaks against it.
 * Shape:   pure: what is known of one network -> blockers and scope. Nothing that was heard counts as over
 *          before so many hours without it have been *listened to*: while nobody listens, the silence does
 *          not grow. Talkers that no device of the inventory owns belong to the scope by themselves.
 * Callers: a router that looks for an address does so for somebody behind it, who is not known by that; where
 *          somebody's own packets to that address came over the wire then, it is them.
 * Never talkers: group addresses (multicast, broadcast, VRRP, HSRP, GLBP), and netfold itself.
 * Units:   wall microseconds, 0 unknown.
 * Memory:  input is borrowed and must outlive the result (nf_blockers_free).
 */
#pragma once

#include "base/addr.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "checks/cutover/coverage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A device of the inventory with a leg in the network. */
struct nf_leaver {
	const char *name;
	const char *stage; /* the ledger's word */
	int64_t since_wall_us;
	bool settled; /* confirmed, released, or exempt */
	bool exempt;
	bool has_begun; /* it is, or was, on the other side: its old address should rest */
};

/* Who was heard on the old wire. */
struct nf_talker {
	const char *mac;     /* "" unknown */
	const char *address; /* the last one, "" unknown */
	const char *place,
		*says; /* the port of a switch, with its name; what was noted of it last */
	int64_t first_wall_us, last_wall_us;
	const char
		*owner; /* the device that has this identity, whichever network; NULL: none */
	bool is_own;	/* netfold's */
	bool exempt;	/* its owner is */
};

struct nf_call {
	const char *from_mac, *from_address; /* "" unknown */
	const char *from_owner;		     /* NULL: no device of the inventory */
	bool from_router;		     /* it asks for addresses in others' name */
	const char *to_address;
	const char *to_owner; /* the device that has, or had, this address here; NULL: none */
	const char *how;
	int64_t first_wall_us, last_wall_us;
	bool is_own;
};

struct nf_lease {
	const char *mac, *address, *owner; /* owner NULL: no device */
	int64_t since_wall_us, until_wall_us;
};

/* A backup job that reads a device at an address of this network. */
struct nf_aim {
	const char *job, *device, *address;
};

struct nf_network_facts {
	const struct nf_leaver *leavers;
	size_t leavers_len;
	const struct nf_talker *talkers; /* one a MAC, or one an address that has no MAC */
	size_t talkers_len;
	const struct nf_call *calls;
	size_t calls_len;
	const struct nf_lease *leases;
	size_t leases_len;
	const struct nf_aim *aims;
	size_t aims_len;
	const struct nf_quiet *quiet; /* when the network could be seen; NULL: never */
	int64_t quiet_us;	      /* that must be listened to */
	bool month_end;		      /* the silence must hold the last day of a month */
	const char *zone;	      /* of that day */
	int64_t now_wall_us;
};

enum nf_blocker_kind {
	NF_BLOCKER_DEVICE,
	NF_BLOCKER_UNLISTED,
	NF_BLOCKER_VISITOR, /* a device of the inventory that has nothing to do here */
	NF_BLOCKER_CALLER,
	NF_BLOCKER_LEASE,
	NF_BLOCKER_BACKUP,
	NF_BLOCKER_QUIET,     /* not enough was listened to, or not lately */
	NF_BLOCKER_MONTH_END, /* the end of a month was not */
};
const char *nf_blocker_kind_text(enum nf_blocker_kind kind); /* "device", "month-end" */

/* Unused texts are "". */
struct nf_blocker {
	enum nf_blocker_kind kind;
	const char *what; /* device, MAC (address without one), caller, job */
	const char *
		about; /* device: its stage; unlisted, visitor, lease: its address; caller: whom it
			      calls; backup: the address; quiet: "nobody" (listens), "unheard" (a
			      sensor hears nobody, and nothing shows that it would), or "" */
	const char
		*whose; /* caller: the device it calls; lease: the holder; backup: the device */
	const char *place,
		*how; /* unlisted: what was noted of it ("host pc-7"); caller: "tcp:445" */
	int64_t since_wall_us, last_wall_us; /* lease: last is when it runs out */
	int64_t covered_us, needed_us;	     /* quiet */
	int64_t earliest_wall_us; /* quiet, month-end: over then if nothing is missed; 0: never */
	bool is_behind; /* caller: somebody behind that router, which asks by ARP or ND */
};

struct nf_blockers {
	struct nf_blocker *items;
	size_t len, cap;
	bool ready;
	uint32_t listed;	     /* devices to move, without the exempt ones */
	uint32_t settled;	     /* of them */
	uint32_t unlisted;	     /* talkers that nobody knows, ever */
	uint32_t unlisted_quiet;     /* of them: fell silent, listened to */
	int64_t quiet_since_wall_us; /* who was last heard before this is silent; 0: nobody is */
	int64_t covered_us;	     /* that were listened to, ever */
};

void nf_blockers_find(const struct nf_network_facts *facts, struct nf_blockers *out);
void nf_blockers_free(struct nf_blockers *blockers);

/* The blocker in words, one line, in the language of base/i18n.h; texts from the network escaped. zone as
 * conf/zone.h. */
void nf_blocker_words(
	const struct nf_blocker *blocker, const char *zone, struct nf_strbuf *out);

/* Who has to do what about it, one line, as above: "Operations: aim it at 10.100.0.5". What nobody is named for
 * begins with what to do. */
struct nf_site;
void nf_blocker_task(
	const struct nf_site *site, const struct nf_blocker *blocker, struct nf_strbuf *out);
/* The owner of the device that somebody has to do something about; NULL: none is named. */
const char *nf_blocker_owner(const struct nf_site *site, const struct nf_blocker *blocker);

/* The list as store/cutover.h keeps it, and back: the words are found when somebody reads. Of a flood only the
 * first are kept, and one that says how many more. The decoded one lives in the arena. NF_EFORMAT: not such a
 * list. */
#define NF_BLOCKERS_KEPT 20000
void nf_blockers_encode(const struct nf_blockers *blockers, struct nf_strbuf *out);
enum nf_err nf_blockers_decode(
	const char *json, struct nf_arena *arena, struct nf_blockers *out);
