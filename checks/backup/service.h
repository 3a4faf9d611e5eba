// SPDX-License-Identifier: GPL-3.0-or-later
/* service: netfold-verify's wiring: site, store, journal, judge and looks on one loop.
 * Shape:   the hooks of base/program.h. A reload waits for the looks under way.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_verify_service_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_verify_service_reload(struct nf_program_ctx *ctx);
void nf_verify_service_stop(struct nf_program_ctx *ctx);
void nf_verify_service_destroy(struct nf_program_ctx *ctx);
