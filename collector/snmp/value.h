// SPDX-License-Identifier: GPL-3.0-or-later
/* value: what a cell means by its field: a number, a text for people, a condition that holds.
 * Shape:   pure. A record is looked at through its group; fields refer to each other by number.
 * Units:   as the agent gives them.
 */
#pragma once

#include "base/strbuf.h"
#include "collector/snmp/report.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a column with these octets: its leading decimal number; NaN where it begins with none. */
double nf_value_leading_number(const uint8_t *octets, size_t len);

/* A field as a number, computed ones too; NaN when absent, no number, or not `valid`. */
double nf_value_number(
	const struct nf_group *group, const struct nf_record *record, size_t field);
/* The first expression that is a number. */
double nf_value_first(const struct nf_group *group, const struct nf_record *record,
	const struct nf_expr_list *expressions);
double nf_value_expr(const struct nf_group *group, const struct nf_record *record,
	const struct nf_expr *expr);
/* How this record shows the field: its own format, or the one another field asks for. */
enum nf_field_format nf_value_format(
	const struct nf_group *group, const struct nf_record *record, size_t field);

bool nf_value_holds(const struct nf_group *group, const struct nf_record *record,
	const struct nf_condition *condition);

/* Appends the field as text: names of enums, aa:bb:cc, dotted OIDs; octets as they are. Nothing when
 * absent. False for a field that is absent. */
bool nf_value_text(const struct nf_group *group, const struct nf_record *record, size_t field,
	struct nf_strbuf *out);
/* Appends a template, every field escaped and cut; `value` stands for {value}. */
void nf_value_render(const struct nf_group *group, const struct nf_record *record,
	const struct nf_template *tmpl, const char *value, struct nf_strbuf *out);
/* "85.5 %" */
void nf_value_with_unit(double number, const char *unit, struct nf_strbuf *out);
