// SPDX-License-Identifier: GPL-3.0-or-later
/* value: one value of the site file from its text.
 * Errors:  NF_EINVAL with `why`: what was expected instead ("a duration …"), or, when why->said, the
 *          whole mistake.
 */
#pragma once

#include "conf/bind.h"

struct nf_why {
	char text[NF_ERROR_TEXT_MAX];
	bool said;    /* text is the mistake itself, not what was expected */
	bool warning; /* and no mistake after all, only a warning */
};

/* Writes the target's C type (conf/schema.h) on NF_OK. Not for references and sections. */
enum nf_err nf_value_parse(struct nf_bind *b, const struct nf_key *key, const char *text,
	void *target, struct nf_why *why);

/* "a duration from 1s to 1d, such as 30s" */
void nf_value_expected(const struct nf_key *key, struct nf_strbuf *out);
const char *nf_type_name(enum nf_type type); /* "duration", as the manual says */
