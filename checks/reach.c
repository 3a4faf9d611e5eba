// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/reach.h"

enum nf_reach nf_reach_judge(const struct nf_reach_parent *parent, int64_t failed_mono_us)
{
	if (!parent->exists)
		return NF_REACH_DOWN;
	if (parent->state == NF_STATE_CRITICAL || parent->state == NF_STATE_UNREACHABLE)
		return NF_REACH_UNREACHABLE;
	if (parent->failing || parent->answered_mono_us == 0 ||
		parent->answered_mono_us < failed_mono_us)
		return NF_REACH_ASK_PARENT;
	return NF_REACH_DOWN;
}
