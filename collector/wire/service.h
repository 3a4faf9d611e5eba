// SPDX-License-Identifier: GPL-3.0-or-later
/* service: the program netfold-wire: site, captures, table, writer, judge and store put together.
 * Rights:  captures and the canary's socket are opened right after the site file is read; then every right
 *          is given up for good (base/rights.h), before the first frame is read. What needs the right again, a
 *          wire that is new after a reload or an interface that comes back, ends the program with status 3;
 *          whoever started it does so again.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_wire_service_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_wire_service_reload(struct nf_program_ctx *ctx);
void nf_wire_service_stop(struct nf_program_ctx *ctx);
void nf_wire_service_destroy(struct nf_program_ctx *ctx);
