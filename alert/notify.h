// SPDX-License-Identifier: GPL-3.0-or-later
/* notify: netfold-notify: follows the events of state.db, decides who is told (alert/core.h), keeps that in
 * outbox.db, and gives the heartbeat.
 * Shape:   a tick every half second reads words and events, decides, and saves; every 5 minutes, at the start
 *          and after state.db had to be begun anew all checks are compared with the ledger.
 *          alert/follow.h is the tick without the program around it.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_notify_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_notify_reload(struct nf_program_ctx *ctx);
void nf_notify_stop(struct nf_program_ctx *ctx);
void nf_notify_destroy(struct nf_program_ctx *ctx);
