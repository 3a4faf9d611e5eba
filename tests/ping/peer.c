// SPDX-License-Identifier: GPL-3.0-or-later
/* peer: the far end of a wire, which answers echoes late, not at all, many times or with lies.
 * Usage:   peer INTERFACE [KEY=VALUE …]; the kernel's own answers must be off (icmp_echo_ignore_all).
 *          delay_us=N   after the kernel's time of arrival      loss=PERCENT
 *          copies=N     answers for each echo                   uneven_us=N  every other one later by N
 *          lie=token|source|cut|id|checksum                     rt=1 real-time priority
 * Ends with its standard input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/parse.h"

enum { WAITING_MAX = 8192, FRAME_MAX = 256, SPIN_NS = 150000 };

struct answer {
	int64_t due_ns;
	size_t len;
	uint8_t bytes[FRAME_MAX];
};

struct peer {
	int fd;
	int64_t delay_us, loss, copies, uneven_us, rt;
	const char *lie;
	struct answer waiting[WAITING_MAX];
	size_t len;
	uint32_t seen;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void swap(uint8_t *a, uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t x = a[i];

		a[i] = b[i];
		b[i] = x;
	}
}

static bool lies(const struct peer *p, const char *how)
{
	return p->lie && strcmp(p->lie, how) == 0;
}

/* Turns a request into its answer in place; false when it is none. */
static bool turn(const struct peer *p, struct answer *a)
{
	uint8_t *ip = a->bytes + ETHER_HDR_LEN;
	bool v6 = a->bytes[12] == 0x86 && a->bytes[13] == 0xdd;
	uint8_t *icmp = ip + (v6 ? 40 : 20);
	size_t len = a->len - (size_t)(icmp - a->bytes);

	if (a->len < ETHER_HDR_LEN + 48 + (v6 ? 20U : 0U))
		return false;
	if (v6 ? ip[6] != 58 || icmp[0] != 128 : ip[0] != 0x45 || ip[9] != 1 || icmp[0] != 8)
		return false;
	swap(a->bytes, a->bytes + 6, 6);
	swap(ip + (v6 ? 8 : 12), ip + (v6 ? 24 : 16), v6 ? 16 : 4);
	icmp[0] = v6 ? 129 : 0;
	if (lies(p, "token"))
		icmp[8] ^= 1;
	if (lies(p, "id"))
		icmp[4] ^= 1;
	if (lies(p, "source"))
		ip[v6 ? 23 : 15] ^= 0x40;
	if (lies(p, "cut")) {
		a->len -= 12;
		len -= 12;
		ip[v6 ? 5 : 3] = (uint8_t)(v6 ? len : len + 20);
	}
	icmp[2] = icmp[3] = 0;
	struct nf_addr from = {.family = NF_IPV6}, to = {.family = NF_IPV6};

	memcpy(from.bytes, ip + 8, 16);
	memcpy(to.bytes, ip + 24, 16);
	uint16_t sum = v6 ? nf_checksum_icmp6(&from, &to, icmp, len) : nf_checksum(icmp, len);

	icmp[2] = (uint8_t)(sum >> 8);
	icmp[3] = (uint8_t)(sum ^ (lies(p, "checksum") ? 1 : 0));
	if (!v6) {
		ip[10] = ip[11] = 0;
		sum = nf_checksum(ip, 20);
		ip[10] = (uint8_t)(sum >> 8);
		ip[11] = (uint8_t)sum;
	}
	return true;
}

static void receive(struct peer *p)
{
	struct answer a = {0};
	struct sockaddr_ll from;
	_Alignas(size_t) uint8_t control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec part = {a.bytes, sizeof a.bytes};
	struct msghdr m = {.msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	ssize_t n = recvmsg(p->fd, &m, MSG_DONTWAIT);

	if (n <= 0 || from.sll_pkttype != PACKET_HOST)
		return;
	a.len = (size_t)n;
	if (!turn(p, &a) || rand() % 100 < p->loss)
		return;
	struct timespec ts = {0};
	struct cmsghdr *header = CMSG_FIRSTHDR(&m);

	if (header)
		memcpy(&ts, CMSG_DATA(header), sizeof ts);
	a.due_ns = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec + p->delay_us * 1000;
	if (p->seen++ & 1)
		a.due_ns += p->uneven_us * 1000;
	if (p->len < WAITING_MAX)
		p->waiting[p->len++] = a;
}

/* Sends what is due; returns nanoseconds until the next one, -1: nothing waits. */
static int64_t send_due(struct peer *p)
{
	int64_t now = now_ns();
	int64_t next = -1;
	size_t kept = 0;

	for (size_t i = 0; i < p->len; i++) {
		int64_t left = p->waiting[i].due_ns - now;

		for (int64_t n = 0; left <= 0 && n < p->copies; n++)
			send(p->fd, p->waiting[i].bytes, p->waiting[i].len, 0);
		if (left <= 0)
			continue;
		next = next < 0 || left < next ? left : next;
		if (kept != i)
			p->waiting[kept] = p->waiting[i];
		kept++;
	}
	p->len = kept;
	return next;
}

static int open_wire(const char *interface)
{
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(interface)};
	int on = 1, size = 4 << 20;

	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof at) ||
		setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on))
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	return fd;
}

static void read_option(struct peer *p, const char *text)
{
	const struct {
		const char *key;
		int64_t *value;
	} options[] = {
		{"delay_us=",  &p->delay_us },
		     {"loss=",      &p->loss     },
		  {"copies=",    &p->copies	},
		{"uneven_us=", &p->uneven_us},
		       {"rt=",	       &p->rt	     }
	      };

	if (strncmp(text, "lie=", 4) == 0) {
		p->lie = text + 4;
		return;
	}
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		size_t len = strlen(options[i].key);

		if (strncmp(text, options[i].key, len) == 0 &&
			!nf_parse_i64(text + len, 0, INT32_MAX, options[i].value))
			return;
	}
	fprintf(stderr, "peer: %s?\n", text);
	exit(2);
}

int main(int argc, char **argv)
{
	static struct peer p = {.copies = 1};

	for (int i = 2; i < argc; i++)
		read_option(&p, argv[i]);
	p.fd = argc > 1 ? open_wire(argv[1]) : -1;
	if (p.fd < 0) {
		perror("peer");
		return 3;
	}
	if (p.rt && (mlockall(MCL_CURRENT | MCL_FUTURE) ||
			    sched_setscheduler(0, SCHED_FIFO,
				    &(struct sched_param){.sched_priority = 50})))
		perror("peer: real-time priority");
	puts("ready");
	fflush(stdout);
	for (;;) {
		int64_t left = send_due(&p);
		struct pollfd fds[] = {
			{.fd = p.fd, .events = POLLIN},
			{.fd = 0,	  .events = POLLIN}
		   };
		struct timespec wait = {0};

		if (left > SPIN_NS)
			wait.tv_nsec = left - SPIN_NS > 900000000 ? 900000000 : left - SPIN_NS;
		if (ppoll(fds, 2, left < 0 ? NULL : &wait, NULL) < 0 && errno != EINTR)
			return 3;
		if (fds[1].revents)
			return 0;
		if (fds[0].revents)
			receive(&p);
	}
}
