// SPDX-License-Identifier: GPL-3.0-or-later
/* cable: a bad cable between two interfaces, for the lab: what goes in at one end comes out at the
 * other, later, or not at all, or twice, or with a bit flipped.
 * Shape:   cable [--delay 10ms] [--jitter 2ms] [--loss 5] [--duplicate 1] [--spoil 1] ONE OTHER
 *          Order is kept: with jitter a frame waits for the one before it. The last three: percent.
 * Needs:   CAP_NET_RAW in the namespace of both interfaces; neither has an address of its own.
 *          Runs with real-time priority where it may, so that its delay holds on a busy machine.
 * Source:  packet(7); virtio_net.h, "struct virtio_net_hdr", carries what offloading left open.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/parse.h"

#define FRAMES_MAX 8192
#define FRAME_MAX  (sizeof(struct virtio_net_hdr) + ETH_HLEN + 65536)
#define HEADERS	   (sizeof(struct virtio_net_hdr) + ETH_HLEN)

struct harm {
	int64_t delay_us, jitter_us;
	double loss, duplicate, spoil; /* percent */
};

struct frame {
	int64_t due_ns; /* monotonic */
	size_t len;
	unsigned char bytes[];
};

/* One direction: a ring of frames on their way. */
struct way {
	int in, out;
	struct frame *frames[FRAMES_MAX];
	size_t first, len;
	int64_t last_due_ns;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static uint32_t dice(void)
{
	uint32_t value = 0;

	if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
		abort();
	return value;
}

static bool happens(double percent)
{
	return percent > 0 && (double)dice() / 4294967296.0 * 100 < percent;
}

static int open_end(const char *interface)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int yes = 1;

	address.sll_ifindex = (int)if_nametoindex(interface);
	if (fd < 0 || address.sll_ifindex == 0 ||
		setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes) != 0 ||
		setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) != 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		fprintf(stderr, "cable: %s: %s\n", interface, strerror(errno));
		exit(3);
	}
	return fd;
}

static void put(
	struct way *way, const struct harm *harm, const unsigned char *bytes, size_t len)
{
	int64_t due = now_ns() + harm->delay_us * 1000;
	struct frame *frame;

	if (way->len == FRAMES_MAX)
		return;
	if (harm->jitter_us > 0)
		due += (int64_t)(dice() % (uint64_t)(2 * harm->jitter_us)) * 1000 -
		       harm->jitter_us * 1000;
	if (due < way->last_due_ns)
		due = way->last_due_ns;
	way->last_due_ns = due;
	frame = nf_xmalloc(sizeof *frame + len);
	frame->due_ns = due;
	frame->len = len;
	memcpy(frame->bytes, bytes, len);
	if (len > HEADERS && happens(harm->spoil))
		frame->bytes[HEADERS + dice() % (len - HEADERS)] ^=
			(unsigned char)(1U << dice() % 8);
	way->frames[(way->first + way->len++) % FRAMES_MAX] = frame;
}

static void take_in(struct way *way, const struct harm *harm)
{
	static unsigned char buf[FRAME_MAX];
	ssize_t got;

	while ((got = recv(way->in, buf, sizeof buf, 0)) > 0) {
		if (happens(harm->loss))
			continue;
		put(way, harm, buf, (size_t)got);
		if (happens(harm->duplicate))
			put(way, harm, buf, (size_t)got);
	}
}

/* Sends what is due. Returns when the next one is, INT64_MAX: nothing is on its way. */
static int64_t let_out(struct way *way)
{
	while (way->len > 0) {
		struct frame *frame = way->frames[way->first];

		if (frame->due_ns > now_ns())
			return frame->due_ns;
		(void)send(way->out, frame->bytes, frame->len, 0);
		free(frame);
		way->first = (way->first + 1) % FRAMES_MAX;
		way->len--;
	}
	return INT64_MAX;
}

static void carry(struct way ways[2], const struct harm *harm)
{
	struct pollfd fds[2] = {
		{.fd = ways[0].in, .events = POLLIN},
		      {.fd = ways[1].in, .events = POLLIN}
	  };

	for (;;) {
		int64_t one = let_out(&ways[0]), other = let_out(&ways[1]);
		int64_t next = one < other ? one : other, wait = next - now_ns();
		struct timespec timeout;

		if (wait < 0)
			wait = 0;
		timeout = (struct timespec){
			.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
		(void)ppoll(fds, 2, next == INT64_MAX ? NULL : &timeout, NULL);
		take_in(&ways[0], harm);
		take_in(&ways[1], harm);
	}
}

static enum nf_err read_option(int option, const char *text, struct harm *harm)
{
	switch (option) {
	case 'd':
		return nf_parse_duration(text, 0, 60000000, &harm->delay_us);
	case 'j':
		return nf_parse_duration(text, 0, 60000000, &harm->jitter_us);
	case 'l':
		return nf_parse_double(text, 0, 100, &harm->loss);
	case 'u':
		return nf_parse_double(text, 0, 100, &harm->duplicate);
	case 's':
		return nf_parse_double(text, 0, 100, &harm->spoil);
	default:
		return NF_EINVAL;
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"delay",		  required_argument, NULL, 'd'},
		{"jitter",		   required_argument, NULL, 'j'},
		{"loss",			 required_argument, NULL, 'l'},
		{"duplicate",required_argument, NULL, 'u'},
		{"spoil",		  required_argument, NULL, 's'},
		{0		  },
	};
	static struct way ways[2];
	struct sched_param priority = {.sched_priority = 10};
	struct harm harm = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (read_option(option, optarg, &harm) != NF_OK)
			argc = 0;
	if (argc - optind != 2) {
		fputs("usage: cable [--delay 10ms] [--jitter 2ms] [--loss PERCENT] [--duplicate PERCENT]\n"
		      "             [--spoil PERCENT] ONE OTHER\n",
			stderr);
		return 2;
	}
	ways[0].in = ways[1].out = open_end(argv[optind]);
	ways[1].in = ways[0].out = open_end(argv[optind + 1]);
	prctl(PR_SET_TIMERSLACK, 1UL);
	(void)sched_setscheduler(0, SCHED_FIFO, &priority);
	carry(ways, &harm);
	return 0;
}
