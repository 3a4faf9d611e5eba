// SPDX-License-Identifier: GPL-3.0-or-later
/* builtin: small synthetic devices beside the switch: a UPS on mains and a colour printer. Their
 * system group is computed as the switch's is; everything else stands still until a test lays a
 * value over it.
 */
#pragma once

#include "tests/lab/sim/mib.h"

struct nf_sim_mib *nf_sim_builtin_ups(void);	 /* gives a finished table */
struct nf_sim_mib *nf_sim_builtin_printer(void); /* gives a finished table */
