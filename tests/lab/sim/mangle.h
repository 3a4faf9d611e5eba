// SPDX-License-Identifier: GPL-3.0-or-later
/* mangle: damages a reply on its way out: truncated, bits flipped, noise, lengths that lie, empty. */
#pragma once

#include "tests/lab/sim/agent.h"

/* In place; the new length, never more than before. */
size_t nf_sim_mangle(struct nf_sim_agent *agent, uint8_t *bytes, size_t len);
