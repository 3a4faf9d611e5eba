// SPDX-License-Identifier: GPL-3.0-or-later
/* series_program: netfold-series on its loop: every second the journals are read and a slice of the
 * series written; SIGUSR1 writes all of them now; every five seconds the program's row and its findings
 * go to state.db.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_series_program_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_series_program_stop(struct nf_program_ctx *ctx);
void nf_series_program_destroy(struct nf_program_ctx *ctx);
