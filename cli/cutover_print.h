// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover_print: how far the move has come, as the contract's JSON and for people. */
#pragma once

#include "checks/cutover/moves.h"
#include "store/store.h"

struct nf_cutover_choice {
	bool *devices, *networks; /* by index */
	bool everything;	  /* no names were given */
};

/* One line. store may be NULL. */
void nf_cutover_json(const struct nf_moves *moves, struct nf_store *store,
	const struct nf_cutover_choice *choice);
/* In the width of the terminal, or 80 columns. Networks, then devices, what came back first. */
void nf_cutover_print(
	const struct nf_moves *moves, const struct nf_cutover_choice *choice, bool colour);
