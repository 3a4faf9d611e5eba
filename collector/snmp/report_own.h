// SPDX-License-Identifier: GPL-3.0-or-later
/* report_own: what a report owns, for those who fill it; nobody else includes this.
 */
#pragma once

#include "base/mem.h"
#include "collector/snmp/report.h"

struct nf_report_memory {
	struct nf_arena *arena;
	struct nf_result **results; /* whose cells the records borrow */
	size_t results_len;
	bool *kept; /* of the poll that hands it out: whether it is the callee's now */
};

/* Empty; with room for so many parts and results. */
struct nf_report *nf_report_new(size_t parts_max);
