// SPDX-License-Identifier: GPL-3.0-or-later
/* status: the picture (cli/picture.h) as the contract's JSON, and as a page for a terminal: what is wrong
 * first, since when, how old; then totals.
 * Source:  DESIGN.md, "Commands".
 */
#pragma once

#include "base/strbuf.h"
#include "cli/picture.h"

/* Which views are wanted; one flag a device, by index. */
struct nf_status_choice {
	const bool *devices;
	bool everything; /* no names were given: networks and the monitor, too */
	bool pass;	 /* after a single pass: that its programs ended is no news */
};

void nf_status_json(const struct nf_picture *picture, const struct nf_status_choice *choice,
	struct nf_strbuf *out);
void nf_status_print(
	const struct nf_picture *picture, const struct nf_status_choice *choice, bool colour);
/* Every check of the chosen devices. */
void nf_status_print_checks(
	const struct nf_picture *picture, const struct nf_status_choice *choice, bool colour);

/* What is known now, as text, after a single pass; returns as `netfold status` does. */
struct nf_cli;
int nf_status_after_pass(const struct nf_cli *cli);
