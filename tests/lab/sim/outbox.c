// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/outbox.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BATCH	     64
#define BUFFER_LEN   (1u << 20)
#define DATAGRAM_MAX 65536u

union packet_info {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct delayed {
	int64_t due_us;
	struct nf_sim_route route;
	size_t len;
	uint8_t bytes[];
};

struct nf_sim_outbox {
	struct mmsghdr headers[BATCH];
	struct iovec pieces[BATCH];
	union packet_info infos[BATCH];
	struct nf_sim_route routes[BATCH];
	size_t len; /* of the batch */
	uint8_t *buffer;
	size_t used;
	struct delayed **heap; /* the earliest first */
	size_t heap_len, heap_cap;
};

struct nf_sim_outbox *nf_sim_outbox_new(void)
{
	struct nf_sim_outbox *box = nf_xcalloc(1, sizeof *box);

	box->buffer = nf_xmalloc(BUFFER_LEN);
	return box;
}

void nf_sim_outbox_free(struct nf_sim_outbox *box)
{
	if (!box)
		return;
	for (size_t i = 0; i < box->heap_len; i++)
		free(box->heap[i]);
	free(box->heap);
	free(box->buffer);
	free(box);
}

/* The kernel is told which of the addresses the reply comes from. */
static void put_source(
	union packet_info *info, struct msghdr *header, const struct nf_addr *from)
{
	memset(info, 0, sizeof *info);
	header->msg_control = info->room;
	header->msg_controllen = sizeof info->room;
	struct cmsghdr *c = CMSG_FIRSTHDR(header);

	if (from->family == NF_IPV4) {
		struct in_pktinfo v4 = {0};

		memcpy(&v4.ipi_spec_dst, from->bytes, sizeof v4.ipi_spec_dst);
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof v4);
		memcpy(CMSG_DATA(c), &v4, sizeof v4);
		header->msg_controllen = CMSG_SPACE(sizeof v4);
	} else {
		struct in6_pktinfo v6 = {0};

		memcpy(&v6.ipi6_addr, from->bytes, sizeof v6.ipi6_addr);
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof v6);
		memcpy(CMSG_DATA(c), &v6, sizeof v6);
		header->msg_controllen = CMSG_SPACE(sizeof v6);
	}
}

/* One system call for every run of replies through one socket. A refused one is skipped. */
static void send_batch(struct nf_sim_outbox *box)
{
	size_t at = 0;

	while (at < box->len) {
		size_t run = 1;

		while (at + run < box->len && box->routes[at + run].fd == box->routes[at].fd)
			run++;
		int sent = sendmmsg(box->routes[at].fd, &box->headers[at], (unsigned)run, 0);

		if (sent > 0)
			at += (size_t)sent;
		else if (errno != EINTR)
			at++;
	}
	box->len = 0;
	box->used = 0;
}

static void add(
	struct nf_sim_outbox *box, const struct nf_sim_route *route, uint8_t *bytes, size_t len)
{
	if (box->len == BATCH)
		send_batch(box);
	size_t i = box->len++;
	struct msghdr *header = &box->headers[i].msg_hdr;

	box->routes[i] = *route;
	box->pieces[i] = (struct iovec){bytes, len};
	*header = (struct msghdr){
		.msg_name = &box->routes[i].to,
		.msg_namelen = route->to_len,
		.msg_iov = &box->pieces[i],
		.msg_iovlen = 1,
	};
	put_source(&box->infos[i], header, &route->from);
}

static void heap_push(struct nf_sim_outbox *box, struct delayed *item)
{
	box->heap = nf_grow(box->heap, box->heap_len, &box->heap_cap, sizeof(struct delayed *));
	size_t i = box->heap_len++;

	for (; i > 0 && box->heap[(i - 1) / 2]->due_us > item->due_us; i = (i - 1) / 2)
		box->heap[i] = box->heap[(i - 1) / 2];
	box->heap[i] = item;
}

static struct delayed *heap_pop(struct nf_sim_outbox *box)
{
	struct delayed *top = box->heap[0];
	struct delayed *last = box->heap[--box->heap_len];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= box->heap_len)
			break;
		if (child + 1 < box->heap_len &&
			box->heap[child + 1]->due_us < box->heap[child]->due_us)
			child++;
		if (box->heap[child]->due_us >= last->due_us)
			break;
		box->heap[i] = box->heap[child];
		i = child;
	}
	if (box->heap_len > 0)
		box->heap[i] = last;
	return top;
}

uint8_t *nf_sim_outbox_room(struct nf_sim_outbox *box)
{
	if (BUFFER_LEN - box->used < DATAGRAM_MAX)
		send_batch(box);
	return box->buffer + box->used;
}

void nf_sim_outbox_push(struct nf_sim_outbox *box, const struct nf_sim_route *route, size_t len,
	uint32_t copies, int64_t due_us, int64_t now_us)
{
	uint8_t *bytes = box->buffer + box->used;

	if (due_us > now_us) {
		for (uint32_t i = 0; i < copies; i++) {
			struct delayed *item = nf_xmalloc(sizeof *item + len);

			item->due_us = due_us;
			item->route = *route;
			item->len = len;
			memcpy(item->bytes, bytes, len);
			heap_push(box, item);
		}
		return;
	}
	if (box->len + copies >
		BATCH) { /* before the bytes are counted: they stay where they are */
		send_batch(box);
		memmove(box->buffer, bytes, len);
		bytes = box->buffer;
	}
	for (uint32_t i = 0; i < copies; i++)
		add(box, route, bytes, len);
	box->used = (size_t)(bytes - box->buffer) + len;
}

void nf_sim_outbox_flush(struct nf_sim_outbox *box, int64_t now_us)
{
	send_batch(box);
	while (box->heap_len > 0 && box->heap[0]->due_us <= now_us) {
		struct delayed *item = heap_pop(box);

		add(box, &item->route, item->bytes, item->len);
		send_batch(box);
		free(item);
	}
}

int64_t nf_sim_outbox_due(const struct nf_sim_outbox *box)
{
	return box->heap_len > 0 ? box->heap[0]->due_us : INT64_MAX;
}
