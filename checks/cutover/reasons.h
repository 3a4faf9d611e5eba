// SPDX-License-Identifier: GPL-3.0-or-later
/* reasons: a device's stage as JSON, with what speaks for it and what against it.
 *          {"legs":[{"network","stage","silent_s","quiet_s","old_last","new_first","new_last",
 *                   "changed"}],
 *           "for":[{"at","source",…}],"against":[…]}; times are ISO 8601, absent where never; an item is
 *          as in checks/cutover/reason.h.
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
/* The weightiest reason for the stage, for the event: a line in English, and an item as above without a time.
 * Appends to both. */
void nf_reasons_line(const struct nf_reasons_input *in, enum nf_stage stage,
	struct nf_strbuf *text, struct nf_strbuf *json);
/* Appends what a stage's event says (store/cutover.h), in the language of base/i18n.h and unescaped; its
 * output where data is none of this netfold's. */
void nf_reasons_event_words(const char *data, const char *output, struct nf_strbuf *out);
