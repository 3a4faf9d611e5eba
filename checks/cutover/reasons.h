// SPDX-License-Identifier: GPL-3.0-or-later
/* reasons: a device's stage as JSON, with what speaks for it and what against it, for people.
 *          {"legs":[{"network","stage","silent_s","quiet_s","old_last","new_first","new_last"}],
 *           "for":[{"at","source","text"}],"against":[…]}; times are ISO 8601, absent where never.
 * Shape:   pure. Of each list the newest NF_REASONS_MAX of observations; the same order for the same input.
 */
#pragma once

#include "checks/cutover/around.h"
#include "checks/cutover/stage.h"

#define NF_REASONS_MAX 12

struct nf_leg_stand {
	const struct nf_network *network;
	struct nf_evidence evidence;
	struct nf_standing standing;
};

struct nf_reasons_input {
	const struct nf_site *site;
	const struct nf_device *device;
	const struct nf_leg_stand *legs;
	size_t legs_len;
	const struct nf_around_device *around;
	const struct nf_identity_list *ids;
	const struct nf_stage_rules *rules;
	int64_t now_us;
};

/* The JSON; caller frees. */
char *nf_reasons_json(const struct nf_reasons_input *in);
/* One line: the weightiest reason for the stage, for the event. Caller frees. */
char *nf_reasons_line(const struct nf_reasons_input *in, enum nf_stage stage);
