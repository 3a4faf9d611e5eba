// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover: where each device stands in its move, and what people said about it; in state.db.
 * Shape:   stages and networks are computed from the ledger (store/sightings.h) by netfold-verify and can
 *          be computed again at any time; exemptions, snapshots and results are written by commands.
 * Units:   wall microseconds; days are UTC days since 1970.
 * Errors, memory: as in store/store.h.
 */
#pragma once

#include "store/store.h"

struct nf_stage_row {
	const char *device;
	const char *stage; /* "planned" … "exempt", see checks/cutover/stage.h */
	int64_t since_wall_us, computed_wall_us;
	const char *json; /* {"legs":[…],"for":[{"at","source",…}],"against":[…]} */
};
typedef void nf_stage_fn(const struct nf_stage_row *row, void *arg);

/* `since` of the row counts when the stage is new; else the one that is stored stays. A change is an event:
 * kind "stage", check "cutover", output the old and new stage and `why`, data {"stage","was","why"}, in the
 * same transaction, which is the caller's, or its own where none is open. state: how it is told (ok, warning,
 * critical). */
struct nf_stage_change {
	const char *network;	     /* the device's, for the event */
	enum nf_state before, after; /* how bad the old and the new stage are */
	const char *why;
	const char *why_json; /* the same as data; NULL: none */
};
enum nf_err nf_stage_put(struct nf_store *store, const struct nf_stage_row *row,
	const struct nf_stage_change *change, bool *changed);
enum nf_err nf_stage_drop(struct nf_store *store, const char *device);
enum nf_err nf_stages(struct nf_store *store, nf_stage_fn *fn, void *arg); /* by device */

/* A device that stays where it is, for a while, with a reason. */
struct nf_exemption {
	const char *device, *reason, *owner;
	int64_t until_wall_us, at_wall_us;
};
typedef void nf_exemption_fn(const struct nf_exemption *row, void *arg);
/* Replaces the device's former one. */
enum nf_err nf_exemption_put(struct nf_store *store, const struct nf_exemption *row);
enum nf_err nf_exemption_drop(struct nf_store *store, const char *device);
enum nf_err nf_exemptions(struct nf_store *store, nf_exemption_fn *fn, void *arg);

/* What was true of a device before (or after) its wave. Those of one command share at_wall_us. */
struct nf_snapshot {
	const char *wave, *device;
	int64_t at_wall_us;
	const char *json;
};
typedef void nf_snapshot_fn(const struct nf_snapshot *row, void *arg);
enum nf_err nf_snapshot_put(struct nf_store *store, const struct nf_snapshot *row);
/* Of this wave, newest first, then by device; wave NULL: all. */
enum nf_err nf_snapshots(
	struct nf_store *store, const char *wave, nf_snapshot_fn *fn, void *arg);

struct nf_wave_result {
	const char *wave;
	int64_t at_wall_us;
	const char *json;
};
typedef void nf_wave_result_fn(const struct nf_wave_result *row, void *arg);
enum nf_err nf_wave_result_put(struct nf_store *store, const struct nf_wave_result *row);
/* Newest first; wave NULL: all. */
enum nf_err nf_wave_results(
	struct nf_store *store, const char *wave, nf_wave_result_fn *fn, void *arg);

/* Of a device's snapshots those from before that time go; where the wave begins then, but for the newest and the one
 * that a comparison takes: the newest from before the wave, else the oldest. begins 0: nothing is spared. */
enum nf_err nf_snapshots_trim(struct nf_store *store, const char *wave, const char *device,
	int64_t before_wall_us, int64_t begins_wall_us);
/* The same of a wave's results; the newest may be spared. */
enum nf_err nf_wave_results_trim(
	struct nf_store *store, const char *wave, int64_t before_wall_us, bool spares_newest);
/* Of what snapshots and results (device "") are. */
typedef void nf_wave_fn(const char *wave, const char *device, void *arg);
enum nf_err nf_waves(struct nf_store *store, nf_wave_fn *fn, void *arg);

/* A day's progress of a network; network "" is all of them. */
struct nf_progress {
	const char *network;
	int64_t day;
	const char *json; /* {"stages":{…},"scope":n,"unlisted":n,"proofs":n} */
};
typedef void nf_progress_fn(const struct nf_progress *row, void *arg);
enum nf_err nf_progress_put(struct nf_store *store, const struct nf_progress *row);
/* By network and day; network NULL: all. */
enum nf_err nf_progresses(struct nf_store *store, const char *network, int64_t since_day,
	nf_progress_fn *fn, void *arg);

/* Whether an old network can be switched off, and all that stands against it. */
struct nf_network_row {
	const char *network;
	bool ready;
	const char *blockers; /* JSON list */
	int64_t computed_wall_us;
};
typedef void nf_network_fn(const struct nf_network_row *row, void *arg);
enum nf_err nf_network_put(struct nf_store *store, const struct nf_network_row *row);
enum nf_err nf_network_drop(struct nf_store *store, const char *network);
enum nf_err nf_networks(struct nf_store *store, nf_network_fn *fn, void *arg);

/* Another number whenever something of this header was written; cheap, for who shows it. */
enum nf_err nf_cutover_stamp(struct nf_store *store, int64_t *stamp);
