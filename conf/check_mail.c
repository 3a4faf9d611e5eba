// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/check.h"

/* Rotas, the migration team and the digest all name contacts. */
void nf_check_mail(struct nf_bind *b)
{
	const struct nf_site *site = b->site;

	if (site->contacts.len > 0 && !nf_bind_given(b, &site->mail) &&
		nf_diags_errors(b->diags) == 0)
		nf_bind_warn(b, nf_bind_place(b, &site->contacts.items[0]),
			"contacts: nothing is mailed to them without \"mail\", which names the server");
}
