// SPDX-License-Identifier: GPL-3.0-or-later
/* judge_parts: what the files of the judge share; nobody else includes it.
 * Shape:   a subject is a leg of a device, a network, or the monitor itself; it has checks, sorted by
 *          name. Subjects live in one array, made anew by a reload; checks are moved over.
 *          judge_table.c finds and moves, judge_reach.c asks parents, judge_ping.c knows ping's verdicts
 *          in another program, judge_owed.c writes, judge_windows.c ends maintenance, judge.c decides.
 */
#pragma once

#include "checks/judge.h"
#include "checks/verdict.h"

struct nf_subject;

struct nf_check {
	struct nf_subject *subject;
	char *name, *output, *cause; /* never NULL */
	struct nf_verdict verdict;
	enum nf_state answer; /* the last one, before parents were looked at */
	int64_t interval_us;
	int64_t looked_wall_us; /* asked alone; 0: with its subject */
	int64_t held_mono_us;	/* its problem waits since; 0: it does not */
	int64_t put_mono_us;	/* its row was last owed */
	bool finding, dirty, pending;
	struct nf_check *dirty_prev, *dirty_next, *pending_prev, *pending_next;
};

struct nf_subject {
	const struct nf_device *device;	  /* NULL: a network or the monitor */
	const struct nf_network *network; /* NULL: the monitor */
	struct nf_check **checks;
	size_t len, cap;
	int64_t asked_wall_us;
	bool asked_dirty, wanted;
	/* who is above and below, on the way to this leg */
	struct nf_subject *parent, *child, *sibling;
	/* the judge of reachability */
	struct nf_check *ping;
	int64_t answered_mono_us; /* its last good answer */
	int64_t failed_mono_us;	  /* its trouble began; 0: none */
	uint32_t failures;	  /* unanswered in a row */
	/* the judge of something else: what ping says */
	enum nf_state ping_state, ping_soft;
	int64_t ping_asked_wall_us;
	char *ping_cause; /* may be NULL */
};

/* A network's way out, told by the devices that have no parent. */
struct nf_uplink {
	struct nf_subject *roots; /* by sibling */
	size_t roots_len;
	int64_t answered_mono_us; /* the last good answer of any root */
	int64_t wanted_mono_us;	  /* other roots were last asked for */
	int64_t counted_mono_us;  /* when the two below were counted */
	size_t live,
		silent; /* roots whose silence would be news; of them, silent for long enough */
};

struct nf_owed_event {
	struct nf_owed_event *prev, *next;
	struct nf_event event; /* its texts lie behind it */
};

struct nf_owed_drop {
	struct nf_owed_drop *prev, *next;
	char *network, *device, *check;
};

struct nf_queue { /* of subjects, each at most once */
	struct nf_subject **items;
	size_t len, cap, first;
};

struct nf_judge {
	char *program;
	const char *own_check; /* "snmp" of "netfold-snmp" */
	bool judges_reachability, once, settling;
	int64_t open_mono_us; /* the start's hold ends */
	int64_t started_wall_us;
	const struct nf_site *site;
	struct nf_store *store;
	struct nf_now now;	/* of the call that is under way */
	int64_t latest_wall_us; /* that was ever seen since the clock was last set back */

	struct nf_subject *subjects; /* legs of devices, networks, the monitor */
	size_t subjects_len;
	struct nf_uplink *uplinks; /* by network index */

	struct nf_check *dirty, *pending;
	struct nf_owed_event *events;
	struct nf_owed_drop *drops;
	struct nf_queue asked, wanted;
	size_t owed_events, owed_drops, owed_rows;
	int64_t owed_since_mono_us;
	bool *windows_open; /* by number, as of the last tick */
	size_t windows_len;
	int64_t windows_mono_us;
	int64_t ping_read_mono_us, ping_event_id;
	uint64_t generation; /* of the store's file */
	uint64_t answers, changes;
};

struct nf_opinion {
	enum nf_state state; /* what the answer amounts to */
	enum nf_verdict_gate gate;
	bool ask; /* held, and asking again soon helps */
	const char *cause;
};

/* judge_table.c */
void nf_judge_table_make(struct nf_judge *judge, const struct nf_site *site);
void nf_judge_table_move(struct nf_judge *judge, const struct nf_site *site);
void nf_judge_table_free(struct nf_judge *judge);
struct nf_subject *nf_judge_subject(const struct nf_judge *judge,
	const struct nf_device *device, const struct nf_network *network);
/* By the names of a row; NULL where the site has no such thing. */
struct nf_subject *nf_judge_subject_named(
	const struct nf_judge *judge, const char *network, const char *device);
struct nf_subject *nf_judge_network_subject(const struct nf_judge *judge, size_t network_index);
struct nf_check *nf_judge_check(const struct nf_subject *subject, const char *name);
struct nf_check *nf_judge_check_make(
	struct nf_judge *judge, struct nf_subject *subject, const char *name);
/* Takes it out of every list and frees it; owes nothing. */
void nf_judge_check_free(struct nf_judge *judge, struct nf_check *check);
void nf_queue_add(struct nf_queue *queue, struct nf_subject *subject);
void nf_judge_want_subject(struct nf_judge *judge, struct nf_subject *subject);

/* judge_reach.c */
void nf_judge_reach_note(struct nf_judge *judge, struct nf_check *check);
struct nf_opinion nf_judge_reach(struct nf_judge *judge, struct nf_check *check);
void nf_judge_reach_changed(
	struct nf_judge *judge, struct nf_check *check, enum nf_state before);

/* judge_ping.c */
enum nf_err nf_judge_ping_read(struct nf_judge *judge, bool all);
struct nf_opinion nf_judge_by_ping(struct nf_judge *judge, struct nf_check *check);

/* judge_owed.c */
void nf_judge_owe_row(struct nf_judge *judge, struct nf_check *check);
void nf_judge_owe_event(struct nf_judge *judge, const struct nf_check *check, const char *kind,
	enum nf_state before, enum nf_state after);
/* Owes the end of a check: its row goes, and a problem gets its `removed` event. always: any state. */
void nf_judge_owe_end(struct nf_judge *judge, struct nf_check *check, bool always);
/* The same for a row whose subject the site no longer has. */
void nf_judge_owe_end_row(struct nf_judge *judge, const struct nf_check_row *row);
enum nf_err nf_judge_write(struct nf_judge *judge);
void nf_judge_owed_free(struct nf_judge *judge);

/* judge_windows.c */
void nf_judge_windows_start(struct nf_judge *judge, int64_t at_wall_us);
void nf_judge_windows_tick(struct nf_judge *judge);

/* judge.c: judges the check by its last answer once more, or for the first time (counts). */
unsigned nf_judge_settle(
	struct nf_judge *judge, struct nf_check *check, struct nf_opinion opinion);
/* A verdict of the judge's own, at once: "uplink", "state.db netfold-ping". */
void nf_judge_say(struct nf_judge *judge, struct nf_subject *subject, const char *check,
	enum nf_state state, const char *output, int64_t interval_us);
