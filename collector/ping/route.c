// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/route.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/ping/flight.h"

static void write_control(struct nf_route *route)
{
	struct cmsghdr *header = (struct cmsghdr *)(void *)route->control4;
	struct in_pktinfo info4 = {.ipi_ifindex = (int)route->ifindex};
	struct in6_pktinfo info6 = {.ipi6_ifindex = route->ifindex};

	memcpy(&info4.ipi_spec_dst, route->source4.bytes, sizeof info4.ipi_spec_dst);
	*header = (struct cmsghdr){.cmsg_level = IPPROTO_IP,
		.cmsg_type = IP_PKTINFO,
		.cmsg_len = CMSG_LEN(sizeof info4)};
	memcpy(CMSG_DATA(header), &info4, sizeof info4);

	header = (struct cmsghdr *)(void *)route->control6;
	memcpy(&info6.ipi6_addr, route->source6.bytes, sizeof info6.ipi6_addr);
	*header = (struct cmsghdr){.cmsg_level = IPPROTO_IPV6,
		.cmsg_type = IPV6_PKTINFO,
		.cmsg_len = CMSG_LEN(sizeof info6)};
	memcpy(CMSG_DATA(header), &info6, sizeof info6);
}

void nf_route_set(struct nf_route *route, const struct nf_network *network, int64_t mono_us)
{
	double rate = network->max_packets_per_second;
	/* What a tick and its neighbour may send at once; a stop is never made up for by a flood. */
	double burst = rate / 25;

	if (route->pace.per_second != rate)
		nf_pace_init(&route->pace, rate, burst > 1 ? burst : 1, mono_us);
	free(route->interface);
	route->interface =
		network->source.interface ? nf_xstrdup(network->source.interface) : NULL;
	route->source4 = network->source.address4;
	route->source6 = network->source.address6;
	route->ifindex = route->interface ? if_nametoindex(route->interface) : 0;
	write_control(route);
}

struct nf_route *nf_route_new(
	uint16_t number, const struct nf_network *network, int64_t mono_us)
{
	struct nf_route *route = nf_xcalloc(1, sizeof *route);

	route->number = number;
	route->id = nf_xstrdup(network->id);
	route->last = &route->first;
	nf_route_set(route, network, mono_us);
	return route;
}

void nf_route_free(struct nf_route *route)
{
	if (!route)
		return;
	free(route->id);
	free(route->interface);
	free(route);
}

bool nf_route_refresh(struct nf_route *route)
{
	unsigned before = route->ifindex;

	if (!route->interface)
		return false;
	route->ifindex = if_nametoindex(route->interface);
	if (route->ifindex != before)
		write_control(route);
	return route->ifindex != before;
}

bool nf_route_open(const struct nf_route *route)
{
	return !route->interface || route->ifindex;
}

void nf_route_push(struct nf_route *route, struct nf_flying *flying)
{
	flying->next = NULL;
	*route->last = flying;
	route->last = &flying->next;
	route->waiting++;
}

void nf_route_push_front(struct nf_route *route, struct nf_flying *flying)
{
	flying->next = route->first;
	if (!route->first)
		route->last = &flying->next;
	route->first = flying;
	route->waiting++;
}

struct nf_flying *nf_route_pop(struct nf_route *route)
{
	struct nf_flying *flying = route->first;

	if (!flying)
		return NULL;
	route->first = flying->next;
	if (!route->first)
		route->last = &route->first;
	route->waiting--;
	return flying;
}
