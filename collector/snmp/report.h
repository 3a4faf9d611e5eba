// SPDX-License-Identifier: GPL-3.0-or-later
/* report: what one poll of a device found, by the profiles' names.
 * Shape:   one part per profile group that was asked, in the profiles' order; a part has one record per
 *          row and one cell per field of the group (columns, parts of the index, lookups already
 *          resolved). A part whose walk was not complete has no records, only its `why`.
 * Memory:  a report owns everything below it, except the profile it names.
 * Source:  DESIGN.md, "The contract", probe --json.
 */
#pragma once

#include "base/json.h"
#include "collector/snmp/table.h"
#include "collector/snmp/usm.h"
#include "conf/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_record {
	const char
		*key; /* names the row for series and checks: printable, unique in its part */
	struct nf_oid index;
	const struct nf_cell *cells; /* one per field; NF_CELL_ABSENT for computed ones */
};

struct nf_part {
	const struct nf_group *group;
	enum nf_result_state state;
	const char *why;	  /* one line for people; "" when complete */
	int64_t answered_wall_us; /* 0: never */
	struct nf_record *records;
	size_t records_len;
	size_t skipped; /* rows whose index was not as the profile says */
	uint16_t vlan;	/* asked in this VLAN's context; 0: as usual */
	bool fast; /* only the columns of every cycle were read; slow cells are from before */
};

struct nf_report {
	bool answered;	   /* the system group was */
	bool complete;	   /* answered, and so was every part */
	const char *error; /* one line for people; "" when complete */
	int64_t answered_wall_us;
	bool restarted; /* since the last poll of this process */
	uint8_t engine_id[NF_ENGINE_ID_MAX];
	size_t engine_id_len; /* 0: the agent did not answer, or not by SNMPv3 */
	struct nf_part *parts;
	size_t parts_len;
	void *memory;
};

void nf_report_free(struct nf_report *report); /* takes; NULL is fine */
/* Inside an nf_poll_fn: gives the report of a NF_POLL_TOPOLOGY to the caller, who frees it. */
struct nf_report *nf_report_keep(const struct nf_report *report);

/* The part of this group (its name in the profile), or NULL. */
const struct nf_part *nf_report_part(const struct nf_report *report, const char *group);
/* A field of a record by name; NULL where there is no such field. */
const struct nf_cell *nf_report_cell(
	const struct nf_part *part, const struct nf_record *record, const char *field);
/* A field as a number, computed ones too; NaN: absent, not a number, or outside its `valid`. */
double nf_report_number(
	const struct nf_part *part, const struct nf_record *record, size_t field);

/* The contract's "snmp" object. */
void nf_report_json(const struct nf_report *report, struct nf_json *json);
/* The value under one of its names ("interfaces"), without counters, as facts keep it; false when the
 * report has no complete part of that name. */
bool nf_report_fact(const struct nf_report *report, const char *name, struct nf_json *json);
