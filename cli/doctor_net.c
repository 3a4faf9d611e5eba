// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/doctor.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/parse.h"
#include "cli/rp_filter.h"

#define BYTES_A_REPLY 2304   /* what a full Ethernet frame takes in a socket's buffer */
#define BUFFER_LEAST  212992 /* the kernel's default */
#define BUFFER_MOST   (8 * 1024 * 1024)

static bool read_number(const char *path, int64_t *number)
{
	char *data;
	size_t len;
	if (nf_file_read(path, 4096, &data, &len, NULL) != NF_OK)
		return false;
	data[strcspn(data, "\n")] = '\0';
	bool good = nf_parse_i64(data, INT64_MIN, INT64_MAX, number) == NF_OK;
	free(data);
	return good;
}

static bool is_up(const struct ifaddrs *list, const char *interface)
{
	for (; list != NULL; list = list->ifa_next)
		if (strcmp(list->ifa_name, interface) == 0)
			return (list->ifa_flags & IFF_UP) != 0;
	return false;
}

static bool has_address(const struct ifaddrs *list, const struct nf_addr *address)
{
	struct nf_addr found;
	for (; list != NULL; list = list->ifa_next)
		if (list->ifa_addr != NULL &&
			nf_addr_from_sockaddr(list->ifa_addr, &found, NULL) &&
			nf_addr_equal(&found, address))
			return true;
	return false;
}

static void examine_interface(const struct ifaddrs *list, const struct nf_network *n,
	const char *interface, struct nf_findings *f)
{
	if (if_nametoindex(interface) == 0)
		nf_findings_add(f, "interfaces", NF_STATE_CRITICAL,
			"make the interface, or write the right one into the site file",
			"network %s: there is no interface %s", n->id, interface);
	else if (!is_up(list, interface))
		nf_findings_add(f, "interfaces", NF_STATE_CRITICAL, "ip link set INTERFACE up",
			"network %s: interface %s is down", n->id, interface);
	else
		nf_findings_add(f, "interfaces", NF_STATE_OK, "", "network %s: %s is up", n->id,
			interface);
}

static void examine_address(const struct ifaddrs *list, const struct nf_network *n,
	const struct nf_addr *address, struct nf_findings *f)
{
	char text[NF_ADDR_TEXT_MAX];
	if (address->family != NF_FAMILY_NONE && !has_address(list, address))
		nf_findings_add(f, "interfaces", NF_STATE_CRITICAL,
			"give an interface that address, or write the right one into the site file",
			"network %s: this machine does not have its source address %s", n->id,
			nf_addr_format(address, text));
}

void nf_doctor_interfaces(const struct nf_site *site, struct nf_findings *findings)
{
	struct ifaddrs *list = NULL;
	if (getifaddrs(&list) != 0) {
		nf_findings_add(findings, "interfaces", NF_STATE_UNKNOWN, "",
			"the interfaces cannot be listed");
		return;
	}
	NF_EACH(struct nf_network, n, site->networks)
	{
		if (n->source.interface != NULL)
			examine_interface(list, n, n->source.interface, findings);
		for (size_t i = 0; i < n->wire.len; i++)
			examine_interface(list, n, n->wire.items[i], findings);
		examine_address(list, n, &n->source.address4, findings);
		examine_address(list, n, &n->source.address6, findings);
	}
	freeifaddrs(list);
}

static void examine_filter(
	const struct nf_site *site, const struct nf_network *n, struct nf_findings *f)
{
	const char *interface = n->source.interface;
	if (if_nametoindex(interface) == 0)
		return; /* said already */
	if (!nf_rp_filter_is_strict(NF_RP_FILTER_FOLDER, interface)) {
		nf_findings_add(f, "reverse path", NF_STATE_OK, "",
			"network %s: the filter of %s is not strict", n->id, interface);
		return;
	}
	const struct nf_network *twin = nf_rp_filter_twin(site, n);
	char *remedy = nf_xasprintf("sysctl -w net.ipv4.conf.%s.rp_filter=2", interface);
	nf_findings_add(f, "reverse path", twin != NULL ? NF_STATE_CRITICAL : NF_STATE_WARNING,
		remedy,
		"network %s: reverse-path filtering on %s is strict: answers whose way back lies "
		"elsewhere are dropped%s%s",
		n->id, interface,
		twin != NULL ? "; its addresses are also those of network " : "",
		twin != NULL ? twin->id : "");
	free(remedy);
}

void nf_doctor_reverse_path(const struct nf_site *site, struct nf_findings *findings)
{
	NF_EACH(struct nf_network, n, site->networks)
	if (n->source.interface != NULL)
		examine_filter(site, n, findings);
}

int64_t nf_doctor_buffer_wanted(size_t devices)
{
	int64_t wanted = (int64_t)devices * BYTES_A_REPLY;
	if (wanted < BUFFER_LEAST)
		return BUFFER_LEAST;
	return wanted > BUFFER_MOST ? BUFFER_MOST : wanted;
}

void nf_doctor_buffers(const struct nf_site *site, struct nf_findings *findings)
{
	int64_t most, wanted = nf_doctor_buffer_wanted(site->devices.len);
	char is[NF_QUANTITY_MAX], should[NF_QUANTITY_MAX];
	if (!read_number("/proc/sys/net/core/rmem_max", &most)) {
		/* In a network namespace of its own the limit of the machine is not shown. */
		nf_findings_add(findings, "receive buffers", NF_STATE_OK, "",
			"the limit of receive buffers is not shown here");
		return;
	}
	nf_format_size((uint64_t)most, is);
	nf_format_size((uint64_t)wanted, should);
	if (most >= wanted) {
		nf_findings_add(findings, "receive buffers", NF_STATE_OK, "",
			"a receive buffer may have %s", is);
		return;
	}
	char *remedy = nf_xasprintf("sysctl -w net.core.rmem_max=%lld", (long long)wanted);
	nf_findings_add(findings, "receive buffers", NF_STATE_WARNING, remedy,
		"a receive buffer may only have %s; %zu devices that answer at once want %s",
		is, site->devices.len, should);
	free(remedy);
}
