// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_health: whether mails arrive, as checks of the monitor itself: on the pages, in `netfold status`, in
 * the figures, and, as any other trouble, told to whoever is on call, by whatever way is left.
 * Shape:   "mail" is a warning when the first server has taken nothing for 5 min while the fallback does,
 *          critical when mails have waited so long since their first attempt; "mail to ADDRESS" is a warning
 *          while the last mail to a contact was refused for good.
 *          What stands in state.db is compared with what is true and written where it differs, row and event
 *          in one transaction, so nothing needs to be remembered over a restart.
 * Errors:  a busy store: the next call writes it.
 */
#pragma once

#include "base/clock.h"
#include "conf/site.h"
#include "store/outbox.h"

#include <stdbool.h>

struct nf_mail_health {
	int64_t failing_us; /* the first server has taken nothing for so long; 0: it does */
	bool works;	    /* it took a mail since the start */
	const char *error;  /* the last failure, "" none */
};

void nf_mail_health_judge(struct nf_store *state, struct nf_store *outbox,
	const struct nf_site *site, const struct nf_mail_health *health, int64_t now_wall_us);
