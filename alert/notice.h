// SPDX-License-Identifier: GPL-3.0-or-later
/* notice: what one person is to be told in one mail: the seam between deciding (who, what, when) and
 * delivering (how it is written, how it travels).
 * Shape:   the incident core fills a notice, nf_notice_encode freezes it as the JSON that an outbox row
 *          keeps (store/outbox.h), and delivery decodes it again: what a mail says is what was true when
 *          it was decided, whenever it leaves. Texts are raw: device names and outputs may hold any
 *          bytes, whoever writes a mail escapes them.
 * Memory:  everything a decoded notice points to lives in its arena (nf_notice_free); a notice that is
 *          being filled borrows.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"
#include "store/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_notice_kind {
	NF_NOTICE_PROBLEM,   /* the first that this person hears of the incident */
	NF_NOTICE_FOLLOW_UP, /* later members, or it got worse */
	NF_NOTICE_RECOVERY,  /* the last: everything in it is over */
	NF_NOTICE_REMINDER,  /* a silence or an acknowledgement ended, and it is still bad */
	NF_NOTICE_DIGEST,    /* the morning's */
	NF_NOTICE_TEST,	     /* on request */
	NF_NOTICE_MOVE,	     /* to the migration team: title and sections */
};
#define NF_NOTICE_KINDS 7

/* How a member stands, in a recovery above all. */
enum nf_member_end {
	NF_MEMBER_BAD,	   /* still is */
	NF_MEMBER_FINE,	   /* came back by itself */
	NF_MEMBER_REMOVED, /* is no longer watched */
	NF_MEMBER_MOVED,   /* bad for another cause now: moved_to */
};

struct nf_notice_member {
	const char *network, *device,
		*check;	     /* device "" : the network itself; both "": the monitor */
	enum nf_state state; /* of a member that is over: the worst it had */
	int64_t since_wall_us;
	int64_t ended_wall_us; /* 0: it is bad */
	enum nf_member_end end;
	int64_t moved_to; /* number of the incident it belongs to now; 0: none */
	bool is_new;	  /* not in an earlier mail of this incident to this person */
	bool flapping;
	const char *output;	   /* one line: what is wrong */
	const char *cause;	   /* unreachable: the device that is down; else "" */
	const char *expected;	   /* "" where there is nothing to say */
	const char *last_good;	   /* the last good output, "" unknown */
	int64_t last_good_wall_us; /* 0: unknown */
	const char *owner, *deputy, *runbook; /* "" where not said */
	const char *link;		      /* the device's page, "" without alerting.link */
};

/* A part of a digest: a heading and lines for a reader, already in the site's language. */
struct nf_notice_section {
	const char *title;
	const char **lines;
	size_t len;
	size_t more; /* lines left out */
};

struct nf_notice {
	enum nf_notice_kind kind;
	const char *site, *language; /* "sv", "en" */
	const char *timezone;	     /* IANA name, for every time in it */
	int64_t made_wall_us;

	/* who */
	const char *contact, *contact_name, *address; /* id, name, mail address */
	const char *message_id; /* "<…@…>", fixed when it was decided: a repeat has the same */
	const char *
		*references; /* of the thread, oldest first; the last is what it answers to */
	size_t references_len;
	bool escalated; /* this person hears of it because nobody acknowledged */

	/* what; number 0 for a digest and a test */
	int64_t number;
	enum nf_state state; /* the worst of the members (of a recovery: that it had) */
	const char *title;   /* the cause, for people: "sw-1", "the way to Jakgym", "wave w1" */
	const char *network; /* id of the cause's network, "" several or none */
	const char *network_name;
	int64_t since_wall_us;				 /* the first member's */
	int64_t ended_wall_us;				 /* a recovery: when it was over */
	const char *acknowledged_by, *acknowledged_text; /* "" : it is not */
	const char *link;				 /* the incident's page */
	struct nf_notice_member *members;		 /* worst first; at most 50 */
	size_t members_len, members_total;

	struct nf_notice_section *sections; /* a digest's */
	size_t sections_len;

	struct nf_arena *arena; /* of a decoded one; NULL: everything is borrowed */
};

const char *nf_notice_kind_text(enum nf_notice_kind kind); /* "problem", "follow-up", … */

/* One line of JSON; the caller frees. */
char *nf_notice_encode(const struct nf_notice *notice);
/* Gives *notice (nf_notice_free); NF_EFORMAT: not what nf_notice_encode wrote. */
enum nf_err nf_notice_decode(const char *json, struct nf_notice **notice);
void nf_notice_free(struct nf_notice *notice); /* takes a decoded one; NULL is fine */
