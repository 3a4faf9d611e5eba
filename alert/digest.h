// SPDX-License-Identifier: GPL-3.0-or-later
/* digest: the morning's mail: all that is not green, what waited for it, yesterday's backups, servers
 * without one, how far the move has come, and the monitor itself.
 * Shape:   goes to alerting.digest_to, without that to whoever is on call of each rota then. What it tells is
 *          told: a warning that waited for it gets no mail of its own, unless it becomes worse.
 */
#pragma once

#include "alert/core.h"
#include "checks/cutover/moves.h"
#include "checks/picture.h"

/* Whether the time of the digest has passed since the last one; a first start waits for the next. */
bool nf_digest_is_due(struct nf_core *core, int64_t now_wall_us);
/* Owes it, and marks what it told. moves NULL: nothing is known of the move. waiting: mails that have not
 * left. */
void nf_digest_owe(struct nf_core *core, const struct nf_picture *picture,
	const struct nf_moves *moves, uint64_t waiting, int64_t now_wall_us);
/* The daily test mail (alerting.test_to), when it is due. */
void nf_daily_test_owe(struct nf_core *core, int64_t now_wall_us);
