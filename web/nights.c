// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include "base/i18n.h"
#include "web/parts.h"

void nf_part_nights(struct nf_page *p)
{
	nf_part_unknown(p, _("Not measured yet: no night has been proved."));
}
