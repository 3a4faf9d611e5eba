// SPDX-License-Identifier: GPL-3.0-or-later
/* plan: which groups of which profiles one device is asked for, and with which columns: what was learned
 * about it and is kept between polls.
 * Shape:   pure but for memory; entries in the profiles' order, the system group first.
 * Learned: a group without rows is asked again after NF_PLAN_ABSENT_US, unless rows of others are shown together with
 *          its own or look into it: then always. A column that no row had, or that only stands in
 *          for one that every row has, with the next full asking. Slow columns come with the full asking,
 *          too. A row that is new to the slow columns makes the next asking full.
 * Memory:  borrows the profiles.
 */
#pragma once

#include "collector/snmp/part.h"
#include "collector/snmp/poll.h"
#include "collector/snmp/samples.h"
#include "collector/snmp/slow.h"

#define NF_PLAN_ABSENT_US (3600 * NF_US_PER_S)

struct nf_plan_entry {
	const struct nf_group *group;
	uint64_t name;	      /* a hash of "PROFILE/GROUP" */
	uint64_t spared;      /* columns that need not be asked for, as bits */
	bool known, present;  /* asked in full before; and it had rows */
	bool refresh;	      /* the next asking is full */
	bool confirm;	      /* the judge wants another answer */
	bool asked;	      /* in this poll */
	int64_t full_mono_us; /* last asked in full */
	struct nf_slow *slow;
	struct nf_samples *samples;
};

struct nf_plan {
	struct nf_plan_entry *entries;
	size_t len;
	struct nf_kept_samples *kept; /* of groups that wait for their new profile */
	size_t kept_len;
};

/* The system group alone, as long as sysObjectID is not known. What *plan holds is kept aside. */
void nf_plan_begin(struct nf_plan *plan, const struct nf_profiles *profiles);
/* The groups for a device of this sysObjectID, instead of those it has. The memory of samples goes over to
 * groups of the same name; the system group stays as it is. */
void nf_plan_make(struct nf_plan *plan, const struct nf_profiles *profiles, const uint32_t *ids,
	size_t len);
void nf_plan_empty(struct nf_plan *plan); /* frees what it holds */

/* Whether the entry is to be asked at this depth. */
bool nf_plan_wants(const struct nf_plan *plan, const struct nf_plan_entry *entry,
	enum nf_poll_depth depth, int64_t mono_us);
/* The columns to ask for, and which field each is. Returns how many. */
size_t nf_plan_columns(const struct nf_plan_entry *entry, enum nf_poll_depth depth,
	struct nf_column columns[NF_FIELDS_MAX], struct nf_asked *asked);
/* Learns from a part of it. */
void nf_plan_learn(struct nf_plan_entry *entry, const struct nf_part *part, bool rows_known,
	int64_t mono_us);
