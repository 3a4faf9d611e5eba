// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/report.h"

#include <stdlib.h>
#include <string.h>

#include "collector/snmp/report_own.h"
#include "collector/snmp/value.h"

struct nf_report *nf_report_new(size_t parts_max)
{
	struct nf_report_memory *memory = nf_xcalloc(1, sizeof *memory);
	struct nf_report *report = nf_xcalloc(1, sizeof *report);

	memory->arena = nf_arena_new();
	memory->results = nf_xcalloc(parts_max + 1, sizeof(*memory->results));
	report->parts = nf_xcalloc(parts_max + 1, sizeof *report->parts);
	report->error = "";
	report->memory = memory;
	return report;
}

void nf_report_free(struct nf_report *report)
{
	struct nf_report_memory *memory;

	if (!report)
		return;
	memory = report->memory;
	for (size_t i = 0; i < memory->results_len; i++)
		nf_result_free(memory->results[i]);
	free(memory->results);
	nf_arena_free(memory->arena);
	free(memory);
	free(report->parts);
	free(report);
}

struct nf_report *nf_report_keep(const struct nf_report *report)
{
	*((struct nf_report_memory *)report->memory)->kept = true;
	return (struct nf_report *)(uintptr_t)report;
}

const struct nf_part *nf_report_part(const struct nf_report *report, const char *group)
{
	for (size_t i = 0; i < report->parts_len; i++) {
		if (strcmp(report->parts[i].group->name, group) == 0)
			return &report->parts[i];
	}
	return NULL;
}

const struct nf_cell *nf_report_cell(
	const struct nf_part *part, const struct nf_record *record, const char *field)
{
	uint8_t at = nf_group_field(part->group, field);

	return at == NF_NO_FIELD ? NULL : &record->cells[at];
}

double nf_report_number(
	const struct nf_part *part, const struct nf_record *record, size_t field)
{
	return nf_value_number(part->group, record, field);
}
