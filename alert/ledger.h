// SPDX-License-Identifier: GPL-3.0-or-later
/* ledger: every incident that has not ended, with its members, who was told, and the mails that are
 * owed but not yet written: what outbox.db says, in memory.
 * Shape:   the ledger is changed in memory and marks what it changed; nf_ledger_save writes all of it, the
 *          position in the events and the owed mails in one transaction. When that fails nothing is lost:
 *          it is still marked, and the next save writes it. A crash forgets the change and the position
 *          together, so the events come again.
 *          A member is bad or ended; a check has at most one bad member. muted: nobody may be told of it
 *          (maintenance); incident NULL: it began so.
 * Units:   wall microseconds, 0 for never.
 * Memory:  the ledger owns everything in it; texts given to its functions are copied.
 */
#pragma once

#include "alert/notice.h"
#include "base/clock.h"
#include "store/incidents.h"

#include <uthash.h>

struct nf_incident;

struct nf_member {
	struct nf_incident *incident;
	char *key; /* number, network, device, check */
	char *network, *device, *check;
	enum nf_state state, worst;
	int64_t since_wall_us, ended_wall_us;
	enum nf_member_end end;
	int64_t moved_to;
	bool flapping, muted, silenced;
	int64_t told_wall_us, event_id, hold_wall_us;
	char *output, *cause, *maintenance;
	enum nf_state muted_state; /* muted: how it was when the window began */
	bool muted_flapping;
	unsigned missing;	       /* looks at state.db in a row that found no row of it */
	bool dirty, retold;	       /* retold: it was told before a silence */
	struct nf_member *prev, *next; /* in its incident */
	UT_hash_handle hh;	       /* in ledger->members, by key */
	UT_hash_handle hh_bad;	       /* in ledger->bad, by the key without the number */
};

struct nf_telling {
	char *contact, *address, *first_id, *last_id;
	int64_t told_wall_us, last_wall_us;
	uint32_t mails;
	bool recovered, escalated, dirty;
	struct nf_telling *next;
};

struct nf_incident {
	int64_t number;
	char *cause, *title, *network;
	enum nf_incident_phase phase;
	enum nf_state state;
	int64_t opened_wall_us, made_wall_us, due_wall_us, told_wall_us, ended_wall_us;
	int64_t acknowledged_wall_us, acknowledged_until_wall_us;
	char *acknowledged_by, *acknowledged_text;
	int64_t escalated_wall_us, merged_into, digested_wall_us;
	int64_t joined_wall_us; /* the last member joined; not kept over a restart */
	uint32_t follow_ups;
	bool remind; /* an acknowledgement or a silence ended: say so again */
	bool dirty;
	size_t bad; /* members that are */
	struct nf_member *members;
	struct nf_telling *tellings;
	UT_hash_handle hh;	 /* in ledger->incidents, by number */
	UT_hash_handle hh_cause; /* in ledger->causes: the newest of its cause */
};

struct nf_owed_mail {
	struct nf_outbox_row row; /* texts are owned */
	struct nf_owed_mail *next;
};

struct nf_ledger {
	struct nf_incident *incidents, *causes;
	struct nf_member *members, *bad;
	struct nf_owed_mail *owed, *owed_last;
	struct nf_member_drop {
		char *network, *device, *check;
		int64_t number;
		struct nf_member_drop *next;
	} * drops;
	int64_t next_number, position, word_id, digest_wall_us, test_wall_us;
	bool dirty;
	uint64_t generation; /* of the outbox it was last written to */
	uint64_t mails;	     /* that were owed since the start */
};

/* An empty outbox gives an empty ledger. */
enum nf_err nf_ledger_load(
	struct nf_store *outbox, struct nf_ledger **ledger, struct nf_error *err);
void nf_ledger_free(struct nf_ledger *ledger); /* NULL is fine */
/* Writes what changed, and forgets incidents that ended. An outbox that was begun anew gets everything. */
enum nf_err nf_ledger_save(struct nf_ledger *ledger, struct nf_store *outbox);

struct nf_incident *nf_ledger_open(struct nf_ledger *ledger, const char *cause,
	const char *title, const char *network, int64_t now_wall_us);
struct nf_incident *nf_ledger_incident(const struct nf_ledger *ledger, int64_t number);

/* The newest of a cause that has not ended, or NULL. */
struct nf_incident *nf_ledger_of_cause(const struct nf_ledger *ledger, const char *cause);

struct nf_member *nf_ledger_bad(const struct nf_ledger *ledger, const char *network,
	const char *device, const char *check);
/* The member of this incident (NULL: of none), bad or ended; NULL: it has no such one. */
struct nf_member *nf_ledger_find(const struct nf_ledger *ledger,
	const struct nf_incident *incident, const char *network, const char *device,
	const char *check);
/* A bad member, new, or one that had ended in this incident and begins again. */
struct nf_member *nf_ledger_member(struct nf_ledger *ledger, struct nf_incident *incident,
	const char *network, const char *device, const char *check);
/* Puts a bad member into another incident as if it had always been there. */
void nf_ledger_move(
	struct nf_ledger *ledger, struct nf_member *member, struct nf_incident *incident);
/* It is over. A member without an incident is forgotten: the pointer is dead then. */
void nf_ledger_end_member(struct nf_ledger *ledger, struct nf_member *member,
	enum nf_member_end end, int64_t now_wall_us);
void nf_ledger_end(struct nf_incident *incident, int64_t now_wall_us);

struct nf_telling *nf_ledger_telling(
	const struct nf_incident *incident, const char *contact); /* NULL: none */
struct nf_telling *nf_ledger_tell(struct nf_incident *incident, const char *contact);

/* Owes a mail; the row's texts are copied. */
void nf_ledger_owe(struct nf_ledger *ledger, const struct nf_outbox_row *row);

void nf_text_put(char **at, const char *text); /* replaces an owned text */
