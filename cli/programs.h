// SPDX-License-Identifier: GPL-3.0-or-later
/* programs: what netfold consists of besides its command, one right each: the one table of them.
 * Source:  DESIGN.md, "The house".
 */
#pragma once

#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>

#define NF_SUITE_PASSES 4

/* A program of the suite. */
struct nf_suite_program {
	const char *name;
	const char *job;	/* for people: "ICMP echo, and who is reachable" */
	const char *right;	/* what it may do that the others may not */
	const char *capability; /* "cap_net_raw", NULL: none */
	bool (*needed)(const struct nf_site *site); /* NULL: always */
	const char *build_path; /* where it lies in a build tree, from its top */
	unsigned pass;		/* of `run --once`: those of one number run beside each other;
				NF_SUITE_PASSES: in none, and
				   keeps no row in state.db: it only serves */
};

size_t nf_suite_len(void);
const struct nf_suite_program *nf_suite_at(size_t i);

bool nf_suite_is_needed(const struct nf_suite_program *program, const struct nf_site *site);

/* Where the program's file is: in $NETFOLD_LIBEXEC, in the build tree this command was built in, beside
 * this command, or where it was installed. Caller frees; NULL: nowhere. */
char *nf_suite_path(const struct nf_suite_program *program);
