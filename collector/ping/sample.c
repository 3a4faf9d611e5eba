// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/sample.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"

static const char *const series_names[NF_LEGS_MAX] = {"ping", "ping common"};
static const char *const gauges[] = {"loss", "rtt_min_us", "rtt_q1_us", "rtt_median_us",
	"rtt_q3_us", "rtt_max_us", "duplicates"};

enum { GAUGES = sizeof gauges / sizeof gauges[0] };

uint32_t nf_ping_series(struct nf_journal *journal, const struct nf_device *device, size_t leg,
	int64_t interval_us)
{
	uint32_t step_s = (uint32_t)((interval_us + NF_US_PER_S - 1) / NF_US_PER_S);
	struct nf_series_def def = {.network = device->legs[leg].network->id,
		.device = device->name,
		.series = series_names[leg],
		.step_s = step_s,
		.heartbeat_s = step_s * 5 / 2 + 1,
		.ds_len = GAUGES};

	for (size_t i = 0; i < GAUGES; i++) {
		snprintf(def.ds[i].name, sizeof def.ds[i].name, "%s", gauges[i]);
		def.ds[i].kind = NF_DS_GAUGE;
		def.ds[i].min = 0;
		def.ds[i].max = i ? NAN : 100;
	}
	return nf_journal_series(journal, &def);
}

static struct nf_value known(double value)
{
	return (struct nf_value){.known = true, .gauge = value};
}

void nf_ping_sample(struct nf_journal *journal, uint32_t series, const struct nf_burst *burst,
	int64_t wall_us)
{
	struct nf_value values[GAUGES] = {0};
	uint32_t sure = burst->received + burst->lost;
	struct nf_rtt rtt;

	if (sure) {
		values[0] = known(100.0 * burst->lost / sure);
		values[GAUGES - 1] = known(burst->duplicates);
	}
	if (nf_burst_rtt(burst, &rtt)) {
		values[1] = known(rtt.min_us);
		values[2] = known(rtt.q1_us);
		values[3] = known(rtt.median_us);
		values[4] = known(rtt.q3_us);
		values[5] = known(rtt.max_us);
	}
	nf_journal_sample(journal, series, wall_us / NF_US_PER_S, values);
}
