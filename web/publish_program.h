// SPDX-License-Identifier: GPL-3.0-or-later
/* publish_program: netfold-publish as a program: its loop around web/publish.h.
 * Shape:   a look at the newest event every 2 s; a full look when there is a new one, and every minute.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_publish_program_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_publish_program_reload(struct nf_program_ctx *ctx);
void nf_publish_program_stop(struct nf_program_ctx *ctx);
void nf_publish_program_destroy(struct nf_program_ctx *ctx);
