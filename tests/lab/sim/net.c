// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/net.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/lab/sim/answer.h"
#include "tests/lab/sim/mangle.h"
#include "tests/lab/sim/outbox.h"
#include "tests/lab/sim/v3.h"

#define BATCH	    64
#define REQUEST_MAX 4096
#define QUEUE_BYTES (32 << 20) /* thousands of requests may come at once */

struct socket {
	int fd;
	uint8_t family;
	uint16_t port;
};

union packet_info {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct nf_sim_net {
	struct nf_sim_fleet *fleet;
	struct nf_sim_answerer *answerer;
	struct nf_sim_outbox *outbox;
	struct socket sockets[NF_SIM_SOCKETS_MAX];
	size_t sockets_len;
	struct mmsghdr headers[BATCH];
	struct iovec pieces[BATCH];
	struct sockaddr_storage names[BATCH];
	union packet_info infos[BATCH];
	uint8_t requests[BATCH][REQUEST_MAX];
};

static enum nf_err open_socket(
	struct nf_sim_net *net, uint8_t family, uint16_t port, struct nf_error *err)
{
	bool v6 = family == NF_IPV6;
	const int on = 1;
	const int queue = QUEUE_BYTES;
	const struct nf_addr any = {.family = family};
	struct sockaddr_storage name;
	socklen_t name_len = nf_addr_to_sockaddr(&any, port, &name);
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return nf_error_errno(err, "UDP socket");
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO,
		    &on, sizeof on) != 0 ||
		bind(fd, (const struct sockaddr *)&name, name_len) != 0) {
		nf_error_errno(err, "UDP port %u", port);
		close(fd);
		return err ? err->code : NF_ESYS;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof queue) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &queue, sizeof queue);
	net->sockets[net->sockets_len++] = (struct socket){fd, family, port};
	return NF_OK;
}

static bool has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

enum nf_err nf_sim_net_open(struct nf_sim_fleet *fleet, const uint16_t *ports, size_t ports_len,
	struct nf_sim_net **out, struct nf_error *err)
{
	struct nf_sim_net *net = nf_xcalloc(1, sizeof *net);
	enum nf_err code = NF_OK;

	net->fleet = fleet;
	net->answerer = nf_sim_answerer_new();
	net->outbox = nf_sim_outbox_new();
	for (size_t i = 0; i < ports_len && code == NF_OK; i++) {
		code = open_socket(net, NF_IPV4, ports[i], err);
		if (code == NF_OK && has_ipv6())
			code = open_socket(net, NF_IPV6, ports[i], err);
	}
	if (code != NF_OK) {
		nf_sim_net_close(net);
		return code;
	}
	*out = net;
	return NF_OK;
}

void nf_sim_net_close(struct nf_sim_net *net)
{
	if (!net)
		return;
	for (size_t i = 0; i < net->sockets_len; i++)
		close(net->sockets[i].fd);
	nf_sim_outbox_free(net->outbox);
	nf_sim_answerer_free(net->answerer);
	free(net);
}

size_t nf_sim_net_poll(const struct nf_sim_net *net, struct pollfd fds[NF_SIM_SOCKETS_MAX])
{
	for (size_t i = 0; i < net->sockets_len; i++)
		fds[i] = (struct pollfd){.fd = net->sockets[i].fd, .events = POLLIN};
	return net->sockets_len;
}

/* The address of ours that was asked. */
static struct nf_addr asked_address(struct msghdr *header)
{
	struct nf_addr addr = {0};

	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo v4;

			memcpy(&v4, CMSG_DATA(c), sizeof v4);
			addr.family = NF_IPV4;
			memcpy(addr.bytes, &v4.ipi_addr, sizeof v4.ipi_addr);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo v6;

			memcpy(&v6, CMSG_DATA(c), sizeof v6);
			addr.family = NF_IPV6;
			memcpy(addr.bytes, &v6.ipi6_addr, sizeof v6.ipi6_addr);
		}
	}
	return addr;
}

static int socket_at(const struct nf_sim_net *net, uint8_t family, uint32_t port, int fallback)
{
	for (size_t i = 0; i < net->sockets_len; i++) {
		if (net->sockets[i].family == family && net->sockets[i].port == port)
			return net->sockets[i].fd;
	}
	return fallback;
}

/* Whether the request gets as far as the agent, and the agent still lives. */
static bool is_heard(struct nf_sim_agent *agent)
{
	const struct nf_sim_options *o = &agent->options;
	double dice = (double)(nf_sim_agent_random(agent) % 1000000) / 10000;

	if (o->silent || dice < o->loss)
		return false;
	return o->die_after == 0 || agent->counts.replies - agent->lives_from < o->die_after;
}

static int64_t due_us(struct nf_sim_agent *agent)
{
	int64_t due = agent->now_us + agent->options.delay_us;

	if (agent->options.jitter_us > 0)
		due += (int64_t)(nf_sim_agent_random(agent) %
				 (uint64_t)agent->options.jitter_us);
	return due;
}

/* Somebody else answers first, in the agent's name. */
static void send_forged(struct nf_sim_net *net, struct nf_sim_agent *agent,
	const struct nf_sim_route *route, const uint8_t *request, size_t len)
{
	struct nf_sim_route false_route = *route;
	size_t reply_len = nf_sim_answer(
		net->answerer, agent, request, len, true, nf_sim_outbox_room(net->outbox));

	if (agent->options.forge.family == route->from.family)
		false_route.from = agent->options.forge;
	if (reply_len > 0)
		nf_sim_outbox_push(net->outbox, &false_route, reply_len, 1, 0, agent->now_us);
}

static void serve(struct nf_sim_net *net, struct nf_sim_agent *agent,
	struct nf_sim_route *route, const uint8_t *request, size_t len)
{
	const struct nf_sim_options *o = &agent->options;

	agent->counts.requests++;
	if (o->reboot_after > 0 && agent->counts.replies - agent->boots_from == o->reboot_after)
		nf_sim_agent_reboot(agent, agent->now_us);
	if (!is_heard(agent)) {
		agent->counts.ignored++;
		return;
	}
	if (o->forge.family == route->from.family ||
		(o->forge_report && nf_sim_v3_is(request, len)))
		send_forged(net, agent, route, request, len);
	uint8_t *reply = nf_sim_outbox_room(net->outbox);
	size_t reply_len = nf_sim_answer(net->answerer, agent, request, len, false, reply);

	if (reply_len == 0) {
		agent->counts.ignored++;
		return;
	}
	reply_len = nf_sim_mangle(agent, reply, reply_len);
	if (o->source.family == route->from.family)
		route->from = o->source;
	if (o->source_port != 0)
		route->fd = socket_at(net, route->from.family, o->source_port, route->fd);
	nf_sim_outbox_push(
		net->outbox, route, reply_len, 1 + o->duplicates, due_us(agent), agent->now_us);
}

static void serve_one(
	struct nf_sim_net *net, const struct socket *from, size_t i, int64_t now_us)
{
	struct msghdr *header = &net->headers[i].msg_hdr;
	struct nf_sim_route route = {
		.fd = from->fd,
		.from = asked_address(header),
		.to = net->names[i],
		.to_len = header->msg_namelen,
	};
	struct nf_sim_agent *agent =
		nf_sim_fleet_agent(net->fleet, &route.from, from->port, now_us);

	if (agent && !(header->msg_flags & MSG_TRUNC))
		serve(net, agent, &route, net->requests[i], net->headers[i].msg_len);
}

static void prepare(struct nf_sim_net *net)
{
	for (size_t i = 0; i < BATCH; i++) {
		net->pieces[i] = (struct iovec){net->requests[i], REQUEST_MAX};
		net->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &net->names[i],
			.msg_namelen = sizeof net->names[i],
			.msg_iov = &net->pieces[i],
			.msg_iovlen = 1,
			.msg_control = net->infos[i].room,
			.msg_controllen = sizeof net->infos[i].room,
		};
	}
}

static void drain(struct nf_sim_net *net, const struct socket *from, int64_t now_us)
{
	int got;

	do {
		prepare(net);
		got = recvmmsg(from->fd, net->headers, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < got; i++)
			serve_one(net, from, (size_t)i, now_us);
		nf_sim_outbox_flush(net->outbox, now_us);
	} while (got == BATCH);
}

void nf_sim_net_serve(
	struct nf_sim_net *net, const struct pollfd *fds, size_t fds_len, int64_t now_us)
{
	for (size_t i = 0; i < fds_len && i < net->sockets_len; i++) {
		if (fds[i].revents != 0)
			drain(net, &net->sockets[i], now_us);
	}
	nf_sim_outbox_flush(net->outbox, now_us);
}

int64_t nf_sim_net_due(const struct nf_sim_net *net)
{
	return nf_sim_outbox_due(net->outbox);
}
