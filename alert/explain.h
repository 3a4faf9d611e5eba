// SPDX-License-Identifier: GPL-3.0-or-later
/* explain: why an incident was told to whom, and what comes next.
 * Shape:   text of several lines for a terminal; names are escaped.
 * Errors:  NF_ENOENT no such incident; else as store/store.h.
 */
#pragma once

#include "base/strbuf.h"
#include "conf/site.h"
#include "store/incidents.h"

enum nf_err nf_explain_incident(const struct nf_site *site, struct nf_store *outbox,
	int64_t number, int64_t now_wall_us, struct nf_strbuf *out, struct nf_error *err);

/* Who is on call of a rota at that time, and why: "operator-1 until Mon 2011-02-07 08:00". */
void nf_explain_rota(const struct nf_site *site, struct nf_store *outbox /* or NULL */,
	const struct nf_rota *rota, int64_t at_wall_us, const struct nf_contact **who,
	struct nf_strbuf *why);
