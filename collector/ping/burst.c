// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/burst.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void nf_burst_sort(struct nf_burst *burst)
{
	qsort(burst->rtt_us, burst->received, sizeof burst->rtt_us[0], compare);
}

static double quantile(const struct nf_burst *burst, double q)
{
	double place = q * (burst->received - 1);
	uint32_t below = (uint32_t)place;
	uint32_t above = below + 1 < burst->received ? below + 1 : below;
	double low = burst->rtt_us[below];

	return low + (place - below) * (burst->rtt_us[above] - low);
}

bool nf_burst_rtt(const struct nf_burst *burst, struct nf_rtt *rtt)
{
	if (!burst->received)
		return false;
	rtt->min_us = quantile(burst, 0);
	rtt->q1_us = quantile(burst, 0.25);
	rtt->median_us = quantile(burst, 0.5);
	rtt->q3_us = quantile(burst, 0.75);
	rtt->max_us = quantile(burst, 1);
	return true;
}

/* The kernel's own words for a source address that it does not have explain nothing. */
static const char *no_route_text(int sys_errno)
{
	if (sys_errno == EINVAL || sys_errno == EADDRNOTAVAIL)
		return "the source address is not this machine's";
	return strerror(sys_errno);
}

const char *nf_burst_trouble_text(
	const struct nf_burst *burst, const char *interface, char *buf, size_t size)
{
	const char *name = interface ? interface : "";
	const char *gap = interface ? " " : "";

	switch (burst->trouble) {
	case NF_BURST_FINE:
		snprintf(buf, size, "nothing was wrong");
		break;
	case NF_BURST_NO_INTERFACE:
		snprintf(buf, size, "interface %s is not there", name);
		break;
	case NF_BURST_NO_ROUTE:
		snprintf(buf, size, "no way out%s%s: %s", interface ? " of " : "", name,
			no_route_text(burst->sys_errno));
		break;
	case NF_BURST_REFUSED:
		snprintf(buf, size, "this machine refused to send: %s",
			strerror(burst->sys_errno));
		break;
	case NF_BURST_OVERLOADED:
		snprintf(buf, size, "the send queue of%s%s stayed full", gap,
			interface ? name : " this machine");
		break;
	}
	return buf;
}
