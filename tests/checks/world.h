// SPDX-License-Identifier: GPL-3.0-or-later
/* world: a site, a real store, a judge, and devices that are up or down: time passes as the test says.
 * Shape:   the world asks like a gatherer does: each device every 30 s, again after 1 s where the judge
 *          says so, at once what the judge wants. A device answers when it and everything above it is up
 *          and its network's link is whole.
 * Memory:  world_new gives; world_free takes, and removes the folder.
 */
#pragma once

#include "checks/judge.h"
#include "tests/conf/fixture.h"

#define WORLD_DEVICES_MAX 64
#define WORLD_S		  INT64_C(1000000)

/* Devices: one network behind one router. */
#define WORLD_TREE                                                                             \
	"r,router,a,10.1.0.1,\n"                                                               \
	"sw-1,switch,a,10.1.0.2,r\n"                                                           \
	"sw-2,switch,a,10.1.0.3,r\n"                                                           \
	"pc-1,workstation,a,10.1.0.4,sw-1\n"                                                   \
	"pc-2,workstation,a,10.1.0.5,sw-1\n"

struct world {
	struct fixture *f;
	struct nf_site *site;
	struct nf_store *store;
	struct nf_judge *judge;
	struct nf_now now;
	bool down[WORLD_DEVICES_MAX]; /* by device index */
	bool cut[8];		      /* by network index */
	int64_t due_mono_us[WORLD_DEVICES_MAX];
	int64_t seen_event, started_mono_us;
	const char *columns;	     /* of the inventory, beyond the usual */
	char program[32], check[32]; /* which judge it is */
};

/* devices: rows "name,kind,network,address,parent"; networks "a" and "common". extra: YAML. */
struct world *world_new(const char *devices, const char *extra);
/* The same with further columns in the inventory: ",wave". */
struct world *world_new_with(const char *devices, const char *columns, const char *extra);
/* The same, started: everything is up, one cycle is over, its events are forgotten. */
struct world *world_settled(const char *devices, const char *extra);
void world_free(struct world *w);

/* The judge begins (again): its program was started. */
void world_start(struct world *w, bool once);
void world_stop(struct world *w);
/* The site file and the inventory are other ones now. */
void world_reload(struct world *w, const char *devices, const char *extra);

size_t world_index(const struct world *w, const char *device);
void world_set_down(struct world *w, const char *device, bool down);
/* What the device would say to a question now. */
bool world_answers(const struct world *w, const struct nf_device *device);
enum nf_judge_next world_observe(struct world *w, const char *device, enum nf_state state);
void world_run(struct world *w, int seconds);
void world_tick(struct world *w);
enum nf_state world_state(const struct world *w, const char *device);

/* What was written since the last call: "sw-1 ping state ok>critical\n", with " cause=…", " in=…" and
 * " held" where they apply. Caller frees. */
char *world_events(struct world *w);
/* The test fails unless world_events are these. */
void world_expect(struct world *w, const char *events);
void world_forget(struct world *w);
