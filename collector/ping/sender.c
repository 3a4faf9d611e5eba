// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/sender.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum { TRIES = 3, RECEIVE_BYTES = 4096 };
enum { ICMP_FILTER_OPTION = 1 }; /* ICMP_FILTER of linux/icmp.h, which clashes with netinet's */

struct nf_sender {
	int fd4, fd6; /* -1: not there */
};

/* Everything that arrives is refused, as early as the kernel lets us. */
static bool refuse_input(int fd, int family)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &drop};
	uint32_t all_types = UINT32_MAX;
	struct icmp6_filter all_types6;
	int size = RECEIVE_BYTES;

	ICMP6_FILTER_SETBLOCKALL(&all_types6);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
		return false;
	if (family == AF_INET)
		return !setsockopt(
			fd, SOL_RAW, ICMP_FILTER_OPTION, &all_types, sizeof all_types);
	return !setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &all_types6, sizeof all_types6);
}

static bool report_full_queue(int fd, int family)
{
	int on = 1;

	if (family == AF_INET)
		return !setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	return !setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

/* Never fragmented, so that the kernel need not choose an identification for every packet. */
static bool never_fragment(int fd)
{
	int probe = IP_PMTUDISC_PROBE;

	return !setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof probe);
}

static int open_raw(int family)
{
	int protocol = family == AF_INET ? (int)IPPROTO_ICMP : (int)IPPROTO_ICMPV6;
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	if (fd < 0)
		return -1;
	if (refuse_input(fd, family) && report_full_queue(fd, family) &&
		(family == AF_INET6 || never_fragment(fd)))
		return fd;
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

enum nf_err nf_sender_open(struct nf_sender **sender, struct nf_error *err)
{
	int fd4 = open_raw(AF_INET);

	if (fd4 < 0)
		return nf_error_errno(err, "a raw socket needs CAP_NET_RAW");
	int fd6 = open_raw(AF_INET6);

	if (fd6 < 0 && errno != EAFNOSUPPORT && errno != EPROTONOSUPPORT) {
		enum nf_err rc = nf_error_errno(err, "a raw IPv6 socket");

		close(fd4);
		return rc;
	}
	*sender = nf_xcalloc(1, sizeof **sender);
	**sender = (struct nf_sender){.fd4 = fd4, .fd6 = fd6};
	return NF_OK;
}

void nf_sender_close(struct nf_sender *sender)
{
	if (!sender)
		return;
	close(sender->fd4);
	if (sender->fd6 >= 0)
		close(sender->fd6);
	free(sender);
}

struct batch {
	struct mmsghdr messages[NF_SENDER_BATCH];
	struct iovec parts[NF_SENDER_BATCH];
	struct sockaddr_storage names[NF_SENDER_BATCH];
};

static void put(
	struct batch *b, size_t i, const struct nf_route *route, const struct nf_packet *packet)
{
	struct msghdr *m = &b->messages[i].msg_hdr;
	bool is4 = packet->to.family == NF_IPV4;
	const struct nf_addr *source = is4 ? &route->source4 : &route->source6;

	/* sendmsg's struct has no const; the kernel only reads. */
	b->parts[i] = (struct iovec){(void *)(uintptr_t)packet->bytes, sizeof packet->bytes};
	*m = (struct msghdr){
		.msg_name = &b->names[i], .msg_iov = &b->parts[i], .msg_iovlen = 1};
	m->msg_namelen = nf_addr_to_sockaddr(&packet->to, 0, &b->names[i]);
	if (!is4 && route->ifindex && packet->to.bytes[0] == 0xfe &&
		(packet->to.bytes[1] & 0xc0) == 0x80)
		((struct sockaddr_in6 *)(void *)&b->names[i])->sin6_scope_id = route->ifindex;
	if (!route->ifindex && !source->family)
		return;
	m->msg_control = (void *)(uintptr_t)(is4 ? route->control4 : route->control6);
	m->msg_controllen = is4 ? sizeof route->control4 : sizeof route->control6;
}

/* Sends messages [0, len) of one family; returns how many went. */
static size_t send_run(int fd, struct batch *b, size_t len, int *sys_errno)
{
	size_t at = 0;
	int tries = 0;

	while (at < len) {
		int n = sendmmsg(fd, b->messages + at, (unsigned)(len - at), MSG_DONTWAIT);

		if (n > 0) {
			at += (size_t)n;
			tries = 0;
			continue;
		}
		*sys_errno = errno;
		bool full = errno == ENOBUFS || errno == EAGAIN || errno == ENOMEM;
		int earlier = 0;
		socklen_t size = sizeof earlier;

		if ((full && errno != ENOBUFS) || ++tries >= TRIES)
			return at;
		/* Takes away what an earlier packet's ICMP error left for us to trip over. */
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &earlier, &size);
		if (full)
			return at;
	}
	*sys_errno = 0;
	return at;
}

size_t nf_sender_send(struct nf_sender *sender, const struct nf_route *route,
	const struct nf_packet *packets, size_t len, int *sys_errno)
{
	struct batch b;
	size_t done = 0;

	*sys_errno = 0;
	while (done < len && !*sys_errno) {
		uint8_t family = packets[done].to.family;
		int fd = family == NF_IPV4 ? sender->fd4 : sender->fd6;
		size_t n = 0;

		for (; done + n < len && packets[done + n].to.family == family; n++)
			put(&b, n, route, &packets[done + n]);
		if (fd < 0) {
			*sys_errno = EAFNOSUPPORT;
			break;
		}
		done += send_run(fd, &b, n, sys_errno);
	}
	return done;
}
