// SPDX-License-Identifier: GPL-3.0-or-later
/* service: the program netfold-ping: site, store, journal, judge and pinger put together.
 * Rights:  the pinger is opened and all rights but the one to become another user are shed before any file
 *          is read; the rest before any packet is read (base/rights.h).
 */
#pragma once

#include "base/program.h"

enum nf_err nf_ping_service_early(struct nf_program_ctx *ctx, struct nf_error *err);
enum nf_err nf_ping_service_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_ping_service_reload(struct nf_program_ctx *ctx);
void nf_ping_service_stop(struct nf_program_ctx *ctx);
void nf_ping_service_destroy(struct nf_program_ctx *ctx);
