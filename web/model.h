// SPDX-License-Identifier: GPL-3.0-or-later
/* model: everything the pages show, read once: the picture, the newest events, programs, the disk.
 * Shape:   a snapshot at one instant; the pages are functions of it. Facts and series are large and read
 *          page by page, and only of a page that is written.
 * Memory:  borrows the site; nf_model_free ends it.
 */
#pragma once

#include "checks/picture.h"
#include "conf/site.h"

#define NF_MODEL_EVENTS 400

struct nf_model_event {
	int64_t id, at_wall_us;
	char *network, *device, *check, *kind, *output, *cause, *maintenance; /* never NULL */
	enum nf_state before, after;
};

struct nf_model_program {
	char *name, *json;
	int64_t pid, started_wall_us, beat_wall_us, cycle_wall_us;
};

/* How a publisher works, as a reader has to know it. */
struct nf_cadence {
	int64_t cycle_us; /* between full looks */
	int64_t device_us; /* a device page that did not change is written anew at least this often */
	int64_t large_us; /* so are the lists of all devices and what programs read */
};

struct nf_jobs;
struct nf_moves;

struct nf_model {
	const struct nf_site *site;
	struct nf_now now;
	struct nf_cadence cadence;
	struct nf_picture picture;
	struct nf_store *store;	       /* borrowed; NULL: there is none yet */
	struct nf_model_event *events; /* newest first */
	size_t events_len, events_cap;
	struct nf_model_program *programs;
	size_t programs_len, programs_cap;
	uint32_t *first_child, *next_sibling; /* by device index; NF_MODEL_NONE ends */
	uint64_t *view_hashes;		      /* by device index: of its own checks */
	size_t total, by_state[NF_STATES];
	uint64_t disk_free, disk_total; /* 0, 0: not known */
	/* Borrowed; set by who has followed them (web/jobs.h, web/moving.h), else NULL. */
	const struct nf_jobs *jobs;
	const struct nf_moves *moves;
};
#define NF_MODEL_NONE UINT32_MAX

/* store NULL: nothing was ever recorded. */
enum nf_err nf_model_take(const struct nf_site *site, struct nf_store *store,
	struct nf_cadence cadence, struct nf_now now, struct nf_model *model,
	struct nf_error *err);
void nf_model_free(struct nf_model *model);

/* What a device's page depends on, its own checks and its neighbours' states, as one number. */
uint64_t nf_model_device_hash(const struct nf_model *model, const struct nf_device *device);
/* The same of all devices in a network (NULL: of all), and of the network's own checks. */
uint64_t nf_model_network_hash(const struct nf_model *model, const struct nf_network *network);

/* The newest event's id, cheaply; 0: there is none. */
int64_t nf_model_newest_event(struct nf_store *store);
