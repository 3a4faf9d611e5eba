// SPDX-License-Identifier: GPL-3.0-or-later
/* progress: one line on stderr about long work, only where stderr is a terminal.
 * Shape:   "netfold: WHAT (4 s): TEXT", rewritten in place, wiped for each line of the result and at the end.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct nf_progress {
	const char *what; /* borrowed */
	int64_t began_mono_us;
	bool shown, enabled;
};

void nf_progress_begin(struct nf_progress *p, const char *what);
void nf_progress_show(struct nf_progress *p, const char *text);
/* Wipes the line, to make room for one of the result; the next nf_progress_show writes it anew. */
void nf_progress_clear(struct nf_progress *p);
void nf_progress_end(struct nf_progress *p); /* wipes it for good; any number of times */
