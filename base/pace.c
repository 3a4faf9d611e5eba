// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pace.h"

#include "base/clock.h"

void nf_pace_init(struct nf_pace *p, double per_second, double burst, int64_t mono_us)
{
	*p = (struct nf_pace){
		.tokens = burst,
		.per_second = per_second,
		.burst = burst,
		.at_mono_us = mono_us,
	};
}

static void fill(struct nf_pace *p, int64_t mono_us)
{
	if (mono_us <= p->at_mono_us)
		return;
	p->tokens += (double)(mono_us - p->at_mono_us) / (double)NF_US_PER_S * p->per_second;
	if (p->tokens > p->burst)
		p->tokens = p->burst;
	p->at_mono_us = mono_us;
}

uint32_t nf_pace_take(struct nf_pace *p, uint32_t want, int64_t mono_us)
{
	fill(p, mono_us);
	uint32_t whole = p->tokens >= (double)UINT32_MAX ? UINT32_MAX : (uint32_t)p->tokens;
	uint32_t got = want < whole ? want : whole;
	p->tokens -= got;
	return got;
}

int64_t nf_pace_wait_us(struct nf_pace *p, int64_t mono_us)
{
	fill(p, mono_us);
	if (p->tokens >= 1 || p->per_second <= 0)
		return 0;
	return (int64_t)((1 - p->tokens) / p->per_second * (double)NF_US_PER_S) + 1;
}
