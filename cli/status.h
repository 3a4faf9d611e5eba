// SPDX-License-Identifier: GPL-3.0-or-later
/* status: the picture (checks/picture.h) as a page for a terminal: what is wrong first, since when, how
 * old; then totals. Its JSON is checks/picture_json.h.
 */
#pragma once

#include "checks/cutover/moves.h"
#include "checks/picture_json.h"

/* moves: how far the move has come; NULL: not known. */
void nf_status_print(const struct nf_picture *picture, const struct nf_moves *moves,
	const struct nf_status_choice *choice, bool colour);
/* Every check of the chosen devices. */
void nf_status_print_checks(
	const struct nf_picture *picture, const struct nf_status_choice *choice, bool colour);

/* What is known now, as text, after a single pass; returns as `netfold status` does. */
struct nf_cli;
int nf_status_after_pass(const struct nf_cli *cli);
