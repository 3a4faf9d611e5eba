// SPDX-License-Identifier: GPL-3.0-or-later
/* rig: the incident core on a real outbox.db, with a clock, checks and people that a test moves.
 * Shape:   the site is `rig_site` (or another), Tuesday 2011-02-01 09:00 in Stockholm is the beginning.
 *          Checks have a true state in the rig, each change is an event; rig_step takes the events, decides
 *          and, unless told not to, saves. Mails count once they are saved, as delivery would see them.
 * Memory:  rig_new gives, rig_free takes.
 */
#pragma once

#include "alert/core.h"
#include "tests/conf/fixture.h"

#define RIG_S	       INT64_C(1000000)
#define RIG_CHECKS_MAX 64

struct rig_mail {
	int64_t number, at_wall_us;
	char kind[16], contact[32], id[128];
	char *notice;
};

struct rig_event {
	struct nf_event event;
	char network[32], device[32], check[32], kind[16], output[64], cause[32], window[64];
};

struct rig_check {
	char network[32], device[32], check[32], cause[32];
	enum nf_state state;
	bool flapping;
	int64_t since_wall_us;
};

struct rig {
	struct fixture *f;
	char folder[64];
	struct nf_store *outbox;
	struct nf_ledger *ledger;
	struct nf_core core;
	int64_t now;
	struct rig_event *events;
	size_t events_len, events_cap;
	struct rig_check checks[RIG_CHECKS_MAX];
	size_t checks_len;
	struct rig_mail *mails;
	size_t mails_len, mails_cap, seen;
};

extern const char rig_site[], rig_devices[];

struct rig *rig_new(const char *site, const char *devices);
void rig_free(struct rig *r);
/* An event of a check's change; cause "" : none. */
void rig_set(struct rig *r, const char *device, const char *check, enum nf_state state,
	const char *cause);
void rig_event(struct rig *r, const char *device, const char *check, const char *kind,
	enum nf_state after);
void rig_remove(struct rig *r, const char *device);
void rig_take(struct rig *r);		  /* what is new, and decides */
void rig_save(struct rig *r);		  /* and its mails count */
void rig_step(struct rig *r);		  /* both */
void rig_run(struct rig *r, int seconds); /* a step every 5 s */
void rig_restart(struct rig *r);	  /* from what was saved */
void rig_compare(struct rig *r);
void rig_say(struct rig *r, const char *kind, int64_t number, const char *scope,
	const char *who, int64_t from, int64_t until);
/* Mails since the last call: "problem oncall-a #1001 r1 3/3\n": members listed that are new / all. Caller frees. */
char *rig_mails(struct rig *r);
