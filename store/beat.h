// SPDX-License-Identifier: GPL-3.0-or-later
/* beat: how a long-running program is the only one of its name, and says in state.db that it lives and how it is.
 * Shape:   nf_beat_begin once, nf_beat_put every few seconds; what others read is struct nf_program_row
 *          (store/store.h). Its figures are one flat JSON object, nf_beat_figures writes numbers
 *          into it.
 * Units:   wall microseconds.
 * Role:    any program; netfold run itself only wants to be alone.
 * Errors:  a busy store (NF_EBUSY) takes the next beat.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "store/store.h"

struct nf_beat {
	const char *program; /* "netfold-ping"; lives as long as the process */
	int64_t started_wall_us;
	int lock;
};

struct nf_figure {
	const char *name;
	uint64_t value;
};

/* Two of one name would do everything twice and overwrite each other's verdicts. Makes the folder and takes
 * STATE_DIR/PROGRAM.lock. NF_EEXIST: another process has it; err names its pid. */
enum nf_err nf_beat_begin(struct nf_beat *beat, const char *program, const char *state_dir,
	struct nf_now now, struct nf_error *err);
void nf_beat_end(struct nf_beat *beat); /* of one that is all zero, too */

/* Members of the object that is open. */
void nf_beat_figures(struct nf_json *json, const struct nf_figure *figures, size_t len);
/* cycle_wall_us: when the last full cycle ended, 0: none yet. */
enum nf_err nf_beat_put(struct nf_store *store, const struct nf_beat *beat, struct nf_now now,
	int64_t cycle_wall_us, const char *json);
/* Both, where there are only numbers. */
enum nf_err nf_beat_tell(struct nf_store *store, const struct nf_beat *beat, struct nf_now now,
	int64_t cycle_wall_us, const struct nf_figure *figures, size_t len);
