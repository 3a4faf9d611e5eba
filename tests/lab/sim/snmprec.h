// SPDX-License-Identifier: GPL-3.0-or-later
/* snmprec: reads a recorded device.
 * Shape:   a line is OID|type|value; type is the ASN.1 tag in decimal, then "x" where the value is hex,
 *          then ":module" where the recorder's simulator would vary it. Of a module only the plain value
 *          is taken: `value=` or `initial=` or, for a number without either, `min=` or 0. Lines that
 *          begin with # are comments, CR before LF belongs to the line's end. An OID seen twice keeps its
 *          first value (recorders write the end of the walk as a last, empty line of the last OID).
 * Errors:  NF_EFORMAT with file and line.
 */
#pragma once

#include "tests/lab/sim/mib.h"

/* Adds every line of the text to mib. name: for messages. */
enum nf_err nf_sim_snmprec_parse(struct nf_sim_mib *mib, const char *name, const char *text,
	size_t len, struct nf_error *err);

/* Gives a finished table. */
enum nf_err nf_sim_snmprec_load(
	const char *path, struct nf_sim_mib **out, struct nf_error *err);
