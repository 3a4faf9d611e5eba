// SPDX-License-Identifier: GPL-3.0-or-later
/* serve_program: netfold-serve on its loop: listens, gives up its rights, answers. A reload takes the names of
 * the new site; another address, and another www_dir (web/serve_lock.h), need a new start.
 */
#pragma once

#include "base/program.h"

enum nf_err nf_serve_program_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_serve_program_reload(struct nf_program_ctx *ctx);
void nf_serve_program_stop(struct nf_program_ctx *ctx);
void nf_serve_program_destroy(struct nf_program_ctx *ctx);
