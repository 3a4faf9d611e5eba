// SPDX-License-Identifier: GPL-3.0-or-later
/* bench: one device, a simulated switch, polled by the shipped profiles with all that netfold-snmp has: a judge, a store,
 * a journal.
 * Shape:   a test is a RIG_TEST; the bench stands on its rig.
 */
#pragma once

#include "tests/test.h"

#include "collector/snmp/poll.h"
#include "store/store.h"
#include "tests/snmp/rig.h"

#define BENCH_SWITCH "127.0.14.7"

struct bench {
	struct rig *rig;
	char state_dir[128];
	struct nf_profiles *profiles;
	struct nf_store *store;
	struct nf_judge *judge;
	struct nf_journal *journal;
	struct nf_poller *poller;
	struct nf_device *device;
	struct nf_agent *agent;
	struct nf_polled *polled;
	struct nf_report *report; /* of the last poll; borrowed while it lasts */
	bool done;
	/* what the callback noted of the report */
	bool answered, complete, restarted;
	size_t parts, interfaces;
	char alias[64], json[1 << 20], error[512];
	uint64_t requests;
};

/* Polled once, and whole. */
struct bench *bench_of(void **state, uint16_t port);
void bench_free(struct bench *b);

void bench_poll(struct bench *b, enum nf_poll_depth depth);
/* As often as the judge needs to be sure. */
void bench_poll_until(
	struct bench *b, enum nf_poll_depth depth, const char *check, enum nf_state want);

bool bench_has(struct bench *b, const char *check);
/* The soft state: what the last answer said is the judge's affair to confirm. */
enum nf_state bench_state(struct bench *b, const char *check);
