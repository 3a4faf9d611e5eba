// SPDX-License-Identifier: GPL-3.0-or-later
/* flood INTERFACE FRAMES PER-SECOND SENDERS [SECONDS]: ARP announcements from so many invented senders, at most that
 * fast (0: as fast as it goes), for at most so long (60 s); prints how many a second it sent, and how many in
 * all. A test tool; needs CAP_NET_RAW.
 * Shape:   frames lie ready in a ring that the kernel sends from, past the interface's queue: one system call
 *          for thousands of frames, and no copy by us but the sender's number. */
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"

/* A frame lies right behind its slot's header (packet_mmap in the kernel's documentation). */
enum { FRAME = 60, SLOT = 128, SLOTS = 4096, BATCH = 1024, SECONDS = 60 };
#define OFFSET sizeof(struct tpacket2_hdr)
_Static_assert(OFFSET % TPACKET_ALIGNMENT == 0, "without padding");

struct order {
	const char *interface;
	uint64_t frames, rate, senders, seconds;
};

static void fill(uint8_t *frame)
{
	static const uint8_t head[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};

	memset(frame, 0, FRAME);
	memset(frame, 0xff, 6);
	memcpy(frame + 12, head, sizeof head);
}

static void name(uint8_t *frame, uint32_t sender)
{
	const uint8_t mac[6] = {0x02, 0xee, (uint8_t)(sender >> 24), (uint8_t)(sender >> 16),
		(uint8_t)(sender >> 8), (uint8_t)sender};
	const uint8_t address[4] = {10, 1, mac[4], mac[5]};

	memcpy(frame + 6, mac, 6);
	memcpy(frame + 22, mac, 6);
	memcpy(frame + 28, address, 4);
	memcpy(frame + 38, address, 4);
}

/* The ring, its slots filled; NULL, and errno. */
static uint8_t *open_ring(const char *interface, int *fd)
{
	const struct tpacket_req ring = {.tp_block_size = SLOT * SLOTS,
		.tp_block_nr = 1,
		.tp_frame_size = SLOT,
		.tp_frame_nr = SLOTS};
	const struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(interface),
		.sll_protocol = htons(0x0806),
		.sll_halen = 6};
	const int version = TPACKET_V2, yes = 1;

	*fd = to.sll_ifindex ? socket(AF_PACKET, SOCK_RAW, 0) : -1;
	if (*fd < 0 || setsockopt(*fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) ||
		setsockopt(*fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) ||
		setsockopt(*fd, SOL_PACKET, PACKET_TX_RING, &ring, sizeof ring) ||
		bind(*fd, (const struct sockaddr *)&to, sizeof to))
		return NULL;
	uint8_t *slots = mmap(NULL, SLOT * SLOTS, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);

	for (size_t i = 0; slots != MAP_FAILED && i < SLOTS; i++)
		fill(slots + i * SLOT + OFFSET);
	return slots == MAP_FAILED ? NULL : slots;
}

/* Puts so many frames into the ring, as far as it has room. */
static uint64_t put(uint8_t *slots, const struct order *o, uint64_t sent, uint64_t want)
{
	uint64_t n = 0;

	for (; n < want; n++) {
		uint8_t *slot = slots + (sent + n) % SLOTS * SLOT;
		struct tpacket2_hdr *head = (void *)slot;

		if (__atomic_load_n(&head->tp_status, __ATOMIC_ACQUIRE) != TP_STATUS_AVAILABLE)
			break;
		name(slot + OFFSET, (uint32_t)((sent + n) % o->senders));
		head->tp_len = FRAME;
		__atomic_store_n(&head->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
	}
	return n;
}

static int flood(const struct order *o, int fd, uint8_t *slots)
{
	int64_t start_us = nf_clock_now().mono_us, gone_us = 0;
	uint64_t sent = 0;

	while (sent < o->frames && gone_us < (int64_t)o->seconds * NF_US_PER_S) {
		uint64_t due = o->rate ? o->rate * (uint64_t)gone_us / NF_US_PER_S : o->frames;
		uint64_t want = due > sent ? due - sent : 0;

		want = want < BATCH ? want : BATCH;
		want = want < o->frames - sent ? want : o->frames - sent;
		if (want)
			sent += put(slots, o, sent, want);
		else
			usleep(200);
		send(fd, NULL, 0, 0);
		gone_us = nf_clock_now().mono_us - start_us;
	}
	printf("%llu %llu\n",
		(unsigned long long)(sent * NF_US_PER_S / (uint64_t)(gone_us ? gone_us : 1)),
		(unsigned long long)sent);
	return 0;
}

int main(int argc, char **argv)
{
	struct order o = {.seconds = SECONDS};
	uint8_t *slots;
	int fd;

	if (argc < 5 || argc > 6 || nf_parse_u64(argv[2], 1, UINT32_MAX, &o.frames) ||
		nf_parse_u64(argv[3], 0, UINT32_MAX, &o.rate) ||
		nf_parse_u64(argv[4], 1, UINT32_MAX, &o.senders) ||
		(argc == 6 && nf_parse_u64(argv[5], 1, SECONDS, &o.seconds))) {
		fprintf(stderr, "usage: flood INTERFACE FRAMES PER-SECOND SENDERS [SECONDS]\n");
		return 2;
	}
	o.interface = argv[1];
	slots = open_ring(o.interface, &fd);
	if (!slots) {
		perror("flood");
		return 3;
	}
	return flood(&o, fd, slots);
}
