// SPDX-License-Identifier: GPL-3.0-or-later
/* state: the words of a verdict, as the contract and state.db write them.
 * Source:  DESIGN.md, "Words".
 */
#pragma once

#include <stdbool.h>

enum nf_state {
	NF_STATE_OK,
	NF_STATE_WARNING,
	NF_STATE_CRITICAL,
	NF_STATE_UNKNOWN,     /* nobody could look, or nobody looked yet */
	NF_STATE_UNREACHABLE, /* something above it is down */
};
#define NF_STATES 5

const char *nf_state_text(enum nf_state state); /* "ok", "warning", … */
bool nf_state_parse(const char *text, enum nf_state *out);
/* Which of two is worse for a summary: ok < warning < unknown < unreachable < critical. */
enum nf_state nf_state_worse(enum nf_state a, enum nf_state b);
