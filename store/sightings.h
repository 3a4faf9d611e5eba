// SPDX-License-Identifier: GPL-3.0-or-later
/* sightings: the ledger of the cutover: who was seen where, who still calls whom, and when a sensor could
 * see; in state.db.
 * Shape:   one row a thing, observer and UTC day; what is written again merges, so neither the order nor
 *          the number of writes matters: hours OR, first MIN, last MAX, count SUM, detail of the later
 *          last, until of the later lent. Beside the days each thing has one sum over all of its days, which is what
 *          stages are computed from: a ledger of years costs no more than the number of things in it.
 *          The detail of a name or serial number that a machine said of itself is "of MAC", the last that did.
 * Units:   wall microseconds, whole UTC days and hours since 1970.
 * Privacy: this is personal data; nf_sightings_purge forgets it, by age or by MAC.
 * Errors, memory: as in store/store.h. Writers open the transaction.
 */
#pragma once

#include "store/store.h"

#define NF_DAY_US      (86400 * NF_US_PER_S)
#define NF_HOUR_US     (3600 * NF_US_PER_S)

#define NF_MINUTE_US   (60 * NF_US_PER_S)
#define NF_MINUTES_ALL ((UINT64_C(1) << 60) - 1) /* of an hour */
#define NF_COVERAGE_SETTLED                                                                    \
	"" /* in place of a sensor: of the network, as its sensors together could see */

struct nf_sighting {	     /* one identity, seen by one observer, on one UTC day */
	const char *network; /* id of the network it was seen in */
	const char *source;  /* "wire" "arp" "fdb" "lldp" "cdp" "dhcp" "ndp" "mdns" "llmnr"
				   "netbios" "entity" "snmp" "ssh" "ping"; "release": of a DHCP
				   lease, given back; "mixed": of a switch that carries an old
				   network beside the one it was asked in, and does not tell which */
	const char *by;	  /* who saw it: "wire:span10", or the switch, router or device asked */
	const char *kind; /* "mac" "address" "serial" "hostkey" "engine" "name" */
	const char *value;   /* the identity, canonical text (MAC lower case with colons) */
	const char *address; /* the address bound to it then; "" none */
	const char *place;   /* "sw-1 Gi0/12" (access port), "vlan 12", "" unknown */
	const char *detail;  /* vendor class, host name said, …; "" none; untrusted text */
	int64_t day;	     /* of a sum: the last */
	uint32_t hours;	     /* bit h: seen in hour h (UTC) of that day; of a sum: 0 */
	int64_t first_wall_us, last_wall_us;
	int64_t until_wall_us; /* the end of the DHCP lease that was lent last, 0 none */
	int64_t lent_wall_us;  /* when that was, 0 never */
	uint64_t count;
};

struct nf_caller { /* who still sends to or asks for an address, one UTC day */
	const char *network, *by;
	const char *from_mac, *from_address; /* "" unknown */
	const char *to_address;
	const char *how; /* "arp" "ndp" "tcp:445" "udp:161" "icmp" "dns" "other:47" */
	int64_t day;
	uint32_t hours;
	int64_t first_wall_us, last_wall_us;
	uint64_t count;
};

/* One sensor, one UTC hour; merges by SUM, minutes by OR, seconds up to 3600. Only the minutes say when silence
 * means something; the rest is for people who want to know why an hour has so few. */
struct nf_coverage {
	const char *network;
	const char *sensor; /* "wire:span10", "snmp:sw-1"; NF_COVERAGE_SETTLED */
	int64_t hour;
	uint64_t minutes;	/* bit m: it showed that it could see during all of minute m */
	uint32_t seconds;	/* of capture running, or between complete walks */
	uint64_t frames, drops; /* traffic of others (not our own), drops of kernel and ring */
	uint32_t canaries_sent, canaries_seen;
};

/* One row each. An empty kind, value or day before 1970 is NF_EINVAL. */
enum nf_err nf_sighting_put(struct nf_store *store, const struct nf_sighting *sighting);
enum nf_err nf_caller_put(struct nf_store *store, const struct nf_caller *caller);
enum nf_err nf_coverage_put(struct nf_store *store, const struct nf_coverage *coverage);

struct nf_ledger_filter {
	const char *network;	      /* NULL: any */
	const char *kind;	      /* of sightings; NULL: any */
	const char *value;	      /* sightings: with kind; callers: to_address; NULL: any */
	int64_t since_day, until_day; /* both included; until_day 0: no end */
};
typedef void nf_sighting_fn(const struct nf_sighting *sighting, void *arg);
typedef void nf_caller_fn(const struct nf_caller *caller, void *arg);
typedef void nf_coverage_fn(const struct nf_coverage *coverage, void *arg);

/* Days, those of one thing oldest first. With kind and value it is quick in any ledger. */
enum nf_err nf_sightings(struct nf_store *store, const struct nf_ledger_filter *filter,
	nf_sighting_fn *fn, void *arg);
/* Sums over all days, of things whose last day lies in the filter's. */
enum nf_err nf_sighting_sums(struct nf_store *store, const struct nf_ledger_filter *filter,
	nf_sighting_fn *fn, void *arg);
enum nf_err nf_callers(struct nf_store *store, const struct nf_ledger_filter *filter,
	nf_caller_fn *fn, void *arg);
enum nf_err nf_caller_sums(struct nf_store *store, const struct nf_ledger_filter *filter,
	nf_caller_fn *fn, void *arg);
/* By sensor and hour. network NULL: any. */
enum nf_err nf_coverages(struct nf_store *store, const char *network, int64_t since_hour,
	nf_coverage_fn *fn, void *arg);

/* Of a sensor's hours before this one only the last stays in which others were heard: silence after it is judged by
 * that. What they counted for is put as settled by then. */
enum nf_err nf_coverage_forget(
	struct nf_store *store, const char *network, const char *sensor, int64_t before_hour);

/* Forgets days before before_day (and sensors' coverage so old, but what is settled, and as above); with mac only those
 * of this MAC and of what it said of itself (a name or serial number that is "of MAC"), before_day 0: all of it. In
 * transactions of its own of a few thousand rows, at most `steps` of them (0: until done), so that nobody waits
 * long. *removed counts days of sightings and callers. */
enum nf_err nf_sightings_purge(struct nf_store *store, int64_t before_day, const char *mac,
	size_t steps, uint64_t *removed);

/* Marks the sums of which the purge by age leaves the first and the last day: those of which fn says so, and no
 * others. A purge by MAC spares nothing. */
typedef bool nf_spare_fn(const struct nf_sighting *sum, void *arg);
enum nf_err nf_sightings_spare(struct nf_store *store, nf_spare_fn *fn, void *arg);

/* Whether something is dated after the day, or covered after the hour, of an hour from now: no two clocks of one
 * machine are so far apart. Costs a look at each sum. */
enum nf_err nf_ledger_is_ahead(struct nf_store *store, int64_t now_us, bool *is_ahead);
/* How many days a purge by age would touch, and how many lie after them. Reads the whole ledger's days. */
enum nf_err nf_ledger_old(
	struct nf_store *store, int64_t before_day, uint64_t *old, uint64_t *rest);
/* On how many days somebody was seen, until this one and after it. Reads the whole ledger's days. */
enum nf_err nf_ledger_days(
	struct nf_store *store, int64_t last_day, uint64_t *until, uint64_t *after);
/* Takes back what a wall clock that was ahead has written: all that makes the ledger be ahead. In one transaction. */
enum nf_err nf_ledger_forget_ahead(struct nf_store *store, int64_t now_us);
