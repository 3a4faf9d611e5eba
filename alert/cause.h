// SPDX-License-Identifier: GPL-3.0-or-later
/* cause: what makes several troubles one incident.
 * Shape:   pure. A cause is a key and a title for people, in the language of base/i18n.h:
 *          device/NAME      the device is down: its ping, everything behind it, all that it was asked
 *          checks/NETWORK/NAME  it answers, and something about it is wrong
 *          uplink/NETWORK   nothing answers in the whole network
 *          wave/ID          troubles of a wave's devices, and of what is behind them, until an hour after its
 *                           window
 *          storm/NETWORK    many incidents at once that nothing known joins
 */
#pragma once

#include "base/strbuf.h"
#include "conf/site.h"
#include "store/store.h"

#include <stdbool.h>

struct nf_cause {
	struct nf_strbuf key, title;
	const char *network; /* id, borrowed from the site; "" none */
	bool structural;     /* later members join however late they come */
};

/* Of a check that stands so since then; cause as check_state and events write it. */
void nf_cause_of(struct nf_cause *out, const struct nf_site *site, const char *network,
	const char *device, const char *check, enum nf_state state, const char *cause,
	int64_t at_wall_us);
void nf_cause_storm(struct nf_cause *out, const struct nf_site *site, const char *network);
void nf_cause_free(struct nf_cause *cause);
