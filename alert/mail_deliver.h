// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_deliver: sends what the outbox owes, a few mails at a time, without ever holding up the loop.
 * Shape:   each attempt is a thread of libuv's pool (alert/mail_smtp.h); its outcome is written into the outbox
 *          by the next step. A mail that cannot leave is tried again after 10 s, then ever later up to
 *          5 min, each a fifth earlier or later by chance; it is given up when its incident
 *          ended 3 days ago; a digest or a test after a day. A mail.fallback is used when the first server
 *          has failed for 5 min; one mail every 5 min asks the first whether it is back.
 * Errors:  an outbox that is busy or full: the outcome waits, and the mail is not sent again meanwhile.
 * Memory:  nf_deliver_new gives; nf_deliver_free once the loop has ended.
 */
#pragma once

#include "base/clock.h"
#include "conf/site.h"
#include "store/outbox.h"

#include <stdbool.h>
#include <uv.h>

struct nf_deliver;

struct nf_deliver *nf_deliver_new(uv_loop_t *loop);
/* Writes down what became of earlier attempts and begins due ones. True: nothing runs and nothing is due. */
bool nf_deliver_step(struct nf_deliver *d, struct nf_store *outbox, const struct nf_site *site,
	struct nf_now now);
void nf_deliver_stop(struct nf_deliver *d); /* ends attempts within a second or so */
/* Writes down what ended since the last step (outbox NULL: does not), and frees. */
void nf_deliver_free(struct nf_deliver *d, struct nf_store *outbox);

/* Why the last attempt that failed did, "" while the last one did not; and since when the first server
 * has not taken a mail (monotonic), 0 while it does. */
const char *nf_deliver_error(const struct nf_deliver *d);
int64_t nf_deliver_failing_mono_us(const struct nf_deliver *d);
/* The first server has taken or refused a mail since the start, and nothing failed since. */
bool nf_deliver_works(const struct nf_deliver *d);

/* How long to wait after that many failed attempts; chance: 0 … 1. */
int64_t nf_deliver_backoff_us(uint32_t attempts, double chance);
