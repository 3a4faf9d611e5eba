// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover_print: how far the move has come, as the contract's JSON and for people. */
#pragma once

#include "base/clock.h"
#include "checks/cutover/moves.h"
#include "store/store.h"

struct nf_cutover_choice {
	bool *devices, *networks; /* by index */
	bool everything;	  /* no names were given */
};

/* One line. store may be NULL. */
void nf_cutover_json(const struct nf_moves *moves, struct nf_store *store,
	const struct nf_cutover_choice *choice);
/* "2011-02-05 18:04"; 0: "never". */
char *nf_cutover_minute(int64_t wall_us, char buf[NF_ISO8601_MAX]);
/* In the width of the terminal, or 80 columns. Networks, then devices, what came back first. */
void nf_cutover_print(
	const struct nf_moves *moves, const struct nf_cutover_choice *choice, bool colour);
