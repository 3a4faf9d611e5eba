// SPDX-License-Identifier: GPL-3.0-or-later
/* picture: what is known now about everything in the inventory, as a reader is shown it.
 * Shape:   the inventory is the frame: a device nobody looked at is there, unknown. A check that nobody
 *          asked for three intervals is unknown since then. Counts by state always add up to the
 *          devices counted.
 * Memory:  borrows the site; owns everything else.
 */
#pragma once

#include "conf/site.h"
#include "store/store.h"

struct nf_view_check {
	const char *network, *name, *program, *output, *cause; /* never NULL */
	enum nf_state state;				       /* as shown */
	int64_t since_wall_us; /* of the shown state; 0: never */
	int64_t asked_wall_us; /* 0: never */
	bool stale, flapping;
	enum nf_state soft; /* the last answer */
};

/* A window that is open now (checks/maintenance.h): no mail leaves for what it covers. Of
 * several a view has the last to end. */
struct nf_view_window {
	const char *id;		    /* "patch"; a wave's is "wave w1" */
	const struct nf_wave *wave; /* NULL: it is no wave's */
	int64_t until_wall_us;
};

struct nf_view {
	const struct nf_device *device;	  /* NULL: a network, or the monitor itself */
	const struct nf_network *network; /* NULL: the monitor itself */
	enum nf_state state;
	int64_t since_wall_us;		   /* of the check that decides; 0: never looked at */
	const struct nf_view_check *worst; /* that check; NULL without checks */
	struct nf_view_check *checks;
	size_t len, cap;
	int64_t incident; /* number of the open incident it is in; 0: none, or not told yet */
	const struct nf_view_window *window; /* that covers it now; NULL: none */
};

struct nf_view_program {
	char *name;
	int64_t pid, started_wall_us, beat_wall_us, cycle_wall_us;
	bool alive; /* a beat in the last minute, from a process that is there */
};

struct nf_picture {
	const struct nf_site *site;
	int64_t at_wall_us;
	struct nf_view *devices;  /* by device index */
	struct nf_view *networks; /* by network index: the networks' own checks */
	struct nf_view monitor;
	struct nf_view_window *windows; /* those that are open now */
	size_t windows_len;
	struct nf_view_program *programs;
	size_t programs_len, programs_cap;
	bool recorded; /* there is a state.db at all */
	struct nf_arena *texts;
	const char *last_program; /* of the row before */
};

/* NF_OK also where nothing was ever recorded. */
enum nf_err nf_picture_take(const struct nf_site *site, struct nf_now now,
	struct nf_picture *picture, struct nf_error *err);
void nf_picture_free(struct nf_picture *picture);

/* Devices of a network (NULL: of all) by shown state; returns their number. */
size_t nf_picture_count(const struct nf_picture *picture, const struct nf_network *network,
	size_t by_state[NF_STATES]);
/* The worst of all devices, networks and the monitor itself. */
enum nf_state nf_picture_worst(const struct nf_picture *picture);
/* The words for why: "ping: no answer", "behind sw-1", "not looked at yet", "not asked for 4 min".
 * Caller frees. */
char *nf_view_reason(const struct nf_view *view, int64_t now_wall_us);
