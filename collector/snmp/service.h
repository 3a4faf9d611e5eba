// SPDX-License-Identifier: GPL-3.0-or-later
/* service: the program netfold-snmp: its parts opened, told the time, reloaded and closed.
 * Role:    main thread; the functions of struct nf_program (base/program.h).
 */
#pragma once

#include "base/program.h"

enum nf_err nf_snmp_service_start(struct nf_program_ctx *ctx, struct nf_error *err);
void nf_snmp_service_reload(struct nf_program_ctx *ctx);
void nf_snmp_service_stop(struct nf_program_ctx *ctx);
void nf_snmp_service_destroy(struct nf_program_ctx *ctx);
