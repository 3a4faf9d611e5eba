// SPDX-License-Identifier: GPL-3.0-or-later
/* flood INTERFACE FRAMES PER-SECOND SENDERS: ARP announcements from so many invented senders, at most that fast
 * (0: as fast as it goes); prints how many a second it sent. A test tool; needs CAP_NET_RAW. */
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"

enum { FRAME = 60, BATCH = 64 };

static void fill(uint8_t *frame, uint32_t sender)
{
	static const uint8_t head[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};
	uint8_t mac[6] = {0x02, 0xee};

	for (int i = 0; i < 4; i++)
		mac[2 + i] = (uint8_t)(sender >> (24 - 8 * i));
	memset(frame, 0, FRAME);
	memset(frame, 0xff, 6);
	memcpy(frame + 6, mac, 6);
	memcpy(frame + 12, head, sizeof head);
	memcpy(frame + 22, mac, 6);
	const uint8_t address[4] = {10, 1, (uint8_t)(sender >> 8), (uint8_t)sender};

	memcpy(frame + 28, address, 4);
	memcpy(frame + 38, address, 4);
}

int main(int argc, char **argv)
{
	uint64_t frames, rate, senders, sent = 0;

	if (argc != 5 || nf_parse_u64(argv[2], 1, UINT32_MAX, &frames) ||
		nf_parse_u64(argv[3], 0, UINT32_MAX, &rate) ||
		nf_parse_u64(argv[4], 1, UINT32_MAX, &senders)) {
		fprintf(stderr, "usage: flood INTERFACE FRAMES PER-SECOND SENDERS\n");
		return 2;
	}
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(argv[1]),
		.sll_protocol = htons(0x0806),
		.sll_halen = 6};
	static uint8_t bytes[BATCH][FRAME];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = {0};

	const int bypass = 1; /* the queue of the interface, which would only slow us down */

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass) ||
		bind(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
		perror("flood");
		return 3;
	}
	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){bytes[i], FRAME};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int64_t start_us = nf_clock_now().mono_us;

	while (sent < frames) {
		int64_t gone_us = nf_clock_now().mono_us - start_us;

		if (rate && sent * NF_US_PER_S > (uint64_t)gone_us * rate) {
			usleep(200);
			continue;
		}
		unsigned want = frames - sent < BATCH ? (unsigned)(frames - sent) : BATCH;

		for (unsigned i = 0; i < want; i++)
			fill(bytes[i], (uint32_t)((sent + i) % senders));
		int took = sendmmsg(fd, messages, want, 0);

		if (took > 0)
			sent += (uint64_t)took;
	}
	int64_t took_us = nf_clock_now().mono_us - start_us;

	printf("%llu\n",
		(unsigned long long)(sent * NF_US_PER_S / (uint64_t)(took_us ? took_us : 1)));
	return 0;
}
