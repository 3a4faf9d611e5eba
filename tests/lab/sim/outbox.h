// SPDX-License-Identifier: GPL-3.0-or-later
/* outbox: replies on their way: many in one system call, or later when the network is slow.
 * Units:   microseconds of the simulator's time.
 * Memory:  a datagram is written into the outbox's room and pushed from there.
 */
#pragma once

#include <sys/socket.h>

#include "base/addr.h"

/* From where to where. */
struct nf_sim_route {
	int fd;
	struct nf_addr from; /* an address of this machine */
	struct sockaddr_storage to;
	socklen_t to_len;
};

struct nf_sim_outbox;

struct nf_sim_outbox *nf_sim_outbox_new(void);
void nf_sim_outbox_free(struct nf_sim_outbox *box); /* takes; NULL is fine */

/* Room for one datagram of any size; valid until the next push. */
uint8_t *nf_sim_outbox_room(struct nf_sim_outbox *box);
/* Sends the room's first len bytes so many times, with the next flush or at due_us if that is later
 * than now_us. */
void nf_sim_outbox_push(struct nf_sim_outbox *box, const struct nf_sim_route *route, size_t len,
	uint32_t copies, int64_t due_us, int64_t now_us);

/* Sends what is due. What the system refuses is lost, as on any network. */
void nf_sim_outbox_flush(struct nf_sim_outbox *box, int64_t now_us);
/* When the next delayed reply is due; INT64_MAX for none. */
int64_t nf_sim_outbox_due(const struct nf_sim_outbox *box);
