// SPDX-License-Identifier: GPL-3.0-or-later
/* judge: one program's answers to verdicts, events and the store.
 * Shape:   keeps its program's check states in memory; nf_judge_observe steps them, nf_judge_tick writes
 *          what changed, states and events in one transaction. A store that is busy, full or damaged
 *          stops nothing: what is owed waits in memory, in order, and goes out with a later tick; after
 *          10 s it is a finding, ("", "", "state.db PROGRAM"), and is logged.
 * Asking:  the judge says when to ask again (enum nf_judge_next); the gatherer keeps the timers.
 * Parents: the judge of `ping` holds a problem back until its parent has been asked since the problem
 *          began (nf_judge_want), for three ping intervals at most. A leg's parent is the parent's leg
 *          in the same network; the first leg may stand behind a parent in another network.
 *          Where a network has two or more devices without a parent, they vouch for its way out: when
 *          none answers, the network's check "uplink" is critical and they are unreachable.
 *          The judge of anything else holds the problem of the check named like the program ("snmp" of
 *          netfold-snmp: no answer) until `ping` of that device was asked since, as long at most, and
 *          says unreachable when ping is down. Its other checks are answers: the device was reached.
 * Events:  "state" a hard change; "finding" the same, of a finding; "flapping" and "steady" (5 changes
 *          between fine and trouble in 30 min; 2 or fewer); "removed" a check or device that is no
 *          more, one a device for ping, one a problem otherwise; "unmuted" a problem that outlasted its
 *          maintenance window.
 * Rows:    are written when the verdict moves; a fine check's new wording alone every 5 minutes.
 * Units:   struct nf_now; wall microseconds in rows.
 * Memory:  borrows site until nf_judge_reload or free; borrows store and journal never.
 */
#pragma once

#include "base/clock.h"
#include "conf/site.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct nf_judge;

struct nf_judge_options {
	const char *program;	  /* "netfold-ping" */
	bool judges_reachability; /* its check "ping" decides who is reachable */
	int64_t cycle_us; /* nothing is called a problem before one cycle after the start */
	bool once; /* no hold: the pass itself is the full cycle; what it finds grows stale after
			     5 minutes, not after 3 intervals */
};

/* Loads the program's states of an earlier run. The store is borrowed until nf_judge_free. */
enum nf_err nf_judge_new(const struct nf_judge_options *options, const struct nf_site *site,
	struct nf_store *store, struct nf_now now, struct nf_judge **judge,
	struct nf_error *err);
void nf_judge_free(struct nf_judge *judge); /* takes; a last tick is the caller's */

struct nf_answer {
	const struct nf_device
		*device; /* NULL: the monitor itself or, with network, a network */
	const struct nf_network *network; /* NULL with a device: its first leg's */
	const char *check;		  /* "ping", "interface eth0" */
	enum nf_state state;
	const char *output; /* one line for people; any bytes, escaped by whoever shows it */
	int64_t interval_us;
	bool alone; /* a look at this check only: it dates itself; nf_judge_asked does not follow */
	bool finding; /* no confirmation, no parent: it is so (duplicate engineID, damaged file) */
};

enum nf_judge_next {
	NF_ASK_AS_USUAL,
	NF_ASK_CONFIRM, /* after polling.confirm_every */
	NF_ASK_WAIT, /* held: after polling.confirm_every, and the parent now (nf_judge_want) */
};

enum nf_judge_next nf_judge_observe(
	struct nf_judge *judge, const struct nf_answer *answer, struct nf_now now);
/* The program completed a look at this device: dates every check of it. */
void nf_judge_asked(struct nf_judge *judge, const struct nf_device *device, struct nf_now now);
/* A check that is no more (interface gone for good, finding cleared): its problem is closed. */
void nf_judge_drop(struct nf_judge *judge, const struct nf_device *device, const char *check,
	struct nf_now now);
/* The same of a check of a network itself. */
void nf_judge_drop_network(struct nf_judge *judge, const struct nf_network *network,
	const char *check, struct nf_now now);

/* A device that must be asked now, because a child's problem waits for it, or because its parent came
 * back; NULL: none. Each call gives another one and forgets it. */
const struct nf_device *nf_judge_want(struct nf_judge *judge);

/* Reads ping's verdicts (other programs only), ends holds and maintenance, writes what is owed. Call
 * about once a second. NF_OK also while the store is busy; a trouble that lasts 10 s is returned.
 * When the store had to begin a new state.db, all rows are owed to it again; no event is repeated. */
enum nf_err nf_judge_tick(struct nf_judge *judge, struct nf_now now, struct nf_error *err);
/* Writes what is owed now, waiting for the store up to 5 s: before an exit. At the end of a single pass
 * (once) confirmed problems that were still held are judged by what is known. */
enum nf_err nf_judge_flush(struct nf_judge *judge, struct nf_error *err);

/* States of devices that stay are kept; those of devices that went are closed by a `removed` event. */
void nf_judge_reload(struct nf_judge *judge, const struct nf_site *site, struct nf_now now);

/* The hard state of a check now; NF_STATE_UNKNOWN when never judged. */
enum nf_state nf_judge_state(
	const struct nf_judge *judge, const struct nf_device *device, const char *check);

/* Whether the check exists: it was answered before, and not dropped since. */
bool nf_judge_has(
	const struct nf_judge *judge, const struct nf_device *device, const char *check);
/* Whether trouble of the check would be news: it was in trouble before, or has been ok for so long. */
bool nf_judge_is_settled(const struct nf_judge *judge, const struct nf_device *device,
	const char *check, int64_t settles_us, struct nf_now now);
/* Every check of the device's first leg, by name, with its hard state and since when. fn must not change
 * the judge. */
typedef void nf_judge_check_fn(
	const char *check, enum nf_state state, int64_t since_wall_us, void *arg);
void nf_judge_each(const struct nf_judge *judge, const struct nf_device *device,
	nf_judge_check_fn *fn, void *arg);

struct nf_judge_stats {
	uint64_t answers, changes;
	size_t owed;		    /* rows that wait for the store */
	int64_t owed_since_mono_us; /* 0: nothing waits */
};
struct nf_judge_stats nf_judge_stats(const struct nf_judge *judge);
