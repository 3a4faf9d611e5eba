// SPDX-License-Identifier: GPL-3.0-or-later
/* rig: a site of an old and the common network, with its state.db, for tests that go the whole way from facts to
 * stages.
 * Units:   times are microseconds since T0.
 * Memory:  one at a time; make gives it as the test's state, unmake takes it.
 */
#pragma once

#include "tests/test.h"

#include "checks/cutover/recompute.h"
#include "store/sightings.h"
#include "tests/conf/fixture.h"

#define S   NF_US_PER_S
#define H   NF_HOUR_US
#define D   (24 * NF_HOUR_US)
#define T0  (15000 * D)
#define PC  "00:1b:21:00:00:01"
#define GW  "00:1b:21:00:04:00"
#define SW2 "00:1b:21:00:02:00"
#define SW7 "00:1b:21:00:07:00"

struct rig {
	struct fixture *f;
	struct nf_store *store;
	struct nf_recompute *recompute;
};

#define SEEN_PC	 "[{\"mac\":\"" PC "\",\"port\":1,\"ifIndex\":1}]"
#define SEEN_NOT "[{\"mac\":\"00:1b:21:00:00:99\",\"port\":1,\"ifIndex\":1}]"

struct found {
	const char *device;
	char stage[20];
	char json[4000];
};

struct ready {
	bool found, ready;
	char blockers[4000];
};

int rig_make(void **state);
/* The same with a site of one's own: all that follows "polling". The device pc is to be in it. */
int rig_make_site(void **state, const char *rest);
int rig_unmake(void **state);

/* The device told this then. */
void rig_fact(
	struct rig *r, const char *device, const char *name, const char *json, int64_t at);
/* A switch with these rows, read then. */
void rig_table(struct rig *r, const char *device, int64_t at, const char *fdb);
void rig_pass(struct rig *r, int64_t at);
/* A MAC, seen in the old network then. */
void rig_heard(struct rig *r, const char *source, const char *by, const char *mac,
	const char *address, const char *place, int64_t at);
/* What is stored of the device, and of the old network. */
struct found rig_stage_of(struct rig *r, const char *device);
struct ready rig_network_of(struct rig *r);
/* The old network's progress of the last day, as JSON. */
#define RIG_TEXT 500
void rig_progress_of(struct rig *r, char out[RIG_TEXT]);
/* For nf_coverages: sums of seconds and minutes, arg is uint64_t[2]. */
void rig_collect_hours(const struct nf_coverage *c, void *arg);
