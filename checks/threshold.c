// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/threshold.h"

#include <math.h>

/* Whether the value is past the limit; one that was already past it must come back further. */
static bool is_past(const struct nf_threshold *t, double value, double limit, bool was_past)
{
	if (isnan(limit))
		return false;
	double slack = was_past && t->hysteresis > 0 ? t->hysteresis : 0;
	return t->above ? value > limit - slack : value < limit + slack;
}

enum nf_state nf_threshold_judge(
	const struct nf_threshold *t, double value, enum nf_state before)
{
	if (isnan(value))
		return NF_STATE_UNKNOWN;
	bool was_critical = before == NF_STATE_CRITICAL;
	bool was_warning = was_critical || before == NF_STATE_WARNING;
	if (is_past(t, value, t->critical, was_critical))
		return NF_STATE_CRITICAL;
	if (is_past(t, value, t->warning, was_warning))
		return NF_STATE_WARNING;
	return NF_STATE_OK;
}
