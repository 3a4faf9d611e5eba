// SPDX-License-Identifier: GPL-3.0-or-later
/* incidents: verdicts with one cause, who was told, and what people said about them, in outbox.db.
 * Shape:   netfold-notify alone writes incidents, members and tellings; acknowledgements, silences and
 *          covers are written by commands and read by netfold-notify, which is why they are rows of their
 *          own. Rows of incidents that ended are kept for 400 days.
 * Units:   wall microseconds; 0 where it never happened.
 * Memory:  rows handed to a callback are borrowed for the call.
 */
#pragma once

#include "store/outbox.h"

/* Incidents. */
enum nf_incident_phase {
	NF_INCIDENT_SETTLING, /* nobody was told yet */
	NF_INCIDENT_OPEN,     /* somebody was told */
	NF_INCIDENT_ENDED,
};
const char *nf_incident_phase_text(
	enum nf_incident_phase phase); /* "settling", "open", "ended" */

struct nf_incident_row {
	int64_t number;	   /* "#1042", never used twice */
	const char *cause; /* the key that joins its members: "device/sw-1", "uplink/admin" */
	const char *
		title; /* for people: "sw-1", "the way to Jakgym", in the site's language then */
	const char *network; /* id, "" none or several */
	enum nf_incident_phase phase;
	enum nf_state state;	/* the worst now; ended: the worst it had */
	int64_t opened_wall_us; /* its first member's trouble began */
	int64_t made_wall_us;	/* it was made */
	int64_t due_wall_us;	/* the next decision about it, for --explain */
	int64_t told_wall_us;	/* the first mail was queued */
	int64_t ended_wall_us;
	int64_t acknowledged_wall_us, acknowledged_until_wall_us;
	const char *acknowledged_by, *acknowledged_text;
	int64_t escalated_wall_us;
	int64_t merged_into;	  /* number, 0: it was not */
	int64_t digested_wall_us; /* the morning digest told it */
	uint32_t follow_ups;
};
typedef void nf_incident_fn(const struct nf_incident_row *row, void *arg);

enum nf_err nf_incident_put(struct nf_store *outbox, const struct nf_incident_row *row);
/* By number. since: those that had not ended before it; INT64_MAX: only those that have not ended. */
enum nf_err nf_incidents(
	struct nf_store *outbox, int64_t since_wall_us, nf_incident_fn *fn, void *arg);

/* When it ended; 0: it has not. NF_ENOENT: there is none of that number. */
enum nf_err nf_incident_ended(struct nf_store *outbox, int64_t number, int64_t *ended_wall_us);
/* When the first of those that have not ended began; 0: there is none. */
enum nf_err nf_incident_first(struct nf_store *outbox, int64_t *opened_wall_us);

/* Members: of an incident, or (number 0) bad while nobody may be told: maintenance. */
struct nf_member_row {
	int64_t number;
	const char *network, *device, *check;
	enum nf_state state, worst;	      /* now; and the worst while in this incident */
	int64_t since_wall_us, ended_wall_us; /* ended 0: it is bad */
	int end;			      /* enum nf_member_end, alert/notice.h */
	int64_t moved_to;
	bool flapping, muted, silenced;
	int64_t told_wall_us; /* it was in a mail or a digest */
	int64_t event_id;     /* the event that last said something of it */
	int64_t hold_wall_us; /* said before the first cycle after a start: not told before this */
	const char *output, *cause, *maintenance;
	enum nf_state muted_state; /* muted: how it was when the window began */
	bool muted_flapping;
};
typedef void nf_member_fn(const struct nf_member_row *row, void *arg);
enum nf_err nf_member_put(struct nf_store *outbox, const struct nf_member_row *row);
enum nf_err nf_member_drop(struct nf_store *outbox, const struct nf_member_row *row);
/* Of one incident; number -1: of all that have not ended. */
enum nf_err nf_members(struct nf_store *outbox, int64_t number, nf_member_fn *fn, void *arg);

/* Tellings: who heard of an incident. */
struct nf_telling_row {
	int64_t number;
	const char *contact, *address;
	int64_t told_wall_us, last_wall_us;
	uint32_t mails;
	const char *first_id, *last_id; /* Message-IDs of the thread */
	bool recovered;			/* the recovery was queued: nothing comes after it */
	bool escalated;
};
typedef void nf_telling_fn(const struct nf_telling_row *row, void *arg);
enum nf_err nf_telling_put(struct nf_store *outbox, const struct nf_telling_row *row);
enum nf_err nf_tellings(struct nf_store *outbox, int64_t number, nf_telling_fn *fn, void *arg);

/* What people say: one row a command, never changed, and over by itself at `until`. */
struct nf_word_row {
	int64_t id;
	const char *kind; /* "ack", "silence", "unsilence", "cover", "test" */
	int64_t at_wall_us, from_wall_us, until_wall_us;
	int64_t number; /* ack: of the incident; unsilence: id of the silence */
	const char *
		scope; /* silence: "DEVICE", "NETWORK/DEVICE/CHECK" with * and ?; cover: the rota */
	const char *who; /* ack, silence: who said so; cover, test: the contact */
	const char *text;
};
typedef void nf_word_fn(const struct nf_word_row *row, void *arg);
enum nf_err nf_word_add(struct nf_store *outbox, const struct nf_word_row *row, int64_t *id);
/* By id; those after after_id, or (0) all that are not over at `at`. */
enum nf_err nf_words(struct nf_store *outbox, int64_t after_id, int64_t at_wall_us,
	nf_word_fn *fn, void *arg);

/* Frees what ended before that instant. */
enum nf_err nf_incidents_trim(struct nf_store *outbox, int64_t before_wall_us);
