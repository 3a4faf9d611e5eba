// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collector/snmp/oid.h"
#include "conf/profile_expr.h"

#define SHOWN_MAX 120 /* bytes of one field in a template */

struct row {
	const struct nf_group *group;
	const struct nf_record *record;
};

static bool has_octets(const struct nf_cell *cell)
{
	return cell->type == NF_CELL_OCTETS || cell->type == NF_CELL_ADDRESS;
}

double nf_value_leading_number(const uint8_t *octets, size_t len)
{
	char text[32];
	char *end;
	size_t skipped = 0, used = 0;

	while (skipped < len && isspace(octets[skipped]))
		skipped++;
	while (used < sizeof text - 1 && skipped + used < len &&
		(isdigit(octets[skipped + used]) || strchr("+-.", octets[skipped + used])))
		used++;
	/* strchr finds the NUL, too. */
	memcpy(text, octets + skipped, used);
	text[used] = '\0';
	double number = strtod(text, &end);
	return end == text ? (double)NAN : number;
}

static double number_of_cell(const struct nf_field *field, const struct nf_cell *cell)
{
	switch ((enum nf_cell_type)cell->type) {
	case NF_CELL_INTEGER:
		return (double)cell->integer;
	case NF_CELL_UNSIGNED:
		return (double)cell->number;
	case NF_CELL_OCTETS:
		if (field->format == NF_FORMAT_NUMBER_TEXT)
			return nf_value_leading_number(cell->octets, cell->len);
		return (double)NAN;
	default:
		return (double)NAN;
	}
}

static double value_of_field(uint8_t field, void *arg)
{
	const struct row *row = arg;

	return nf_value_number(row->group, row->record, field);
}

double nf_value_expr(const struct nf_group *group, const struct nf_record *record,
	const struct nf_expr *expr)
{
	struct row row = {group, record};

	return nf_expr_eval(expr, value_of_field, &row);
}

double nf_value_number(
	const struct nf_group *group, const struct nf_record *record, size_t field)
{
	const struct nf_field *f = &group->fields[field];
	double number = f->source == NF_FIELD_COMPUTED
				? nf_value_expr(group, record, f->expr)
				: number_of_cell(f, &record->cells[field]);

	if (number < f->valid_min || number > f->valid_max)
		return (double)NAN;
	return number;
}

double nf_value_first(const struct nf_group *group, const struct nf_record *record,
	const struct nf_expr_list *expressions)
{
	for (size_t i = 0; i < expressions->len; i++) {
		double number = nf_value_expr(group, record, expressions->items[i]);

		if (!isnan(number))
			return number;
	}
	return (double)NAN;
}

enum nf_field_format nf_value_format(
	const struct nf_group *group, const struct nf_record *record, size_t field)
{
	const struct nf_field *f = &group->fields[field];
	const struct nf_cell *by;

	if (f->format_by == NF_NO_FIELD)
		return f->format;
	by = &record->cells[f->format_by];
	NF_EACH(struct nf_format_case, c, f->format_cases)
	{
		if (by->type == NF_CELL_INTEGER && by->integer == c->value)
			return c->format;
	}
	return f->format;
}

/* Globs look at the first bytes only: 64 KiB of ifAlias are no reason to match slowly. */
static bool text_holds(const struct nf_cell *cell, const struct nf_text_list *globs)
{
	char text[256];
	size_t len = cell->len < sizeof text ? cell->len : sizeof text - 1;

	if (!has_octets(cell))
		return false;
	memcpy(text, cell->octets, len);
	text[len] = '\0';
	for (size_t i = 0; i < globs->len; i++) {
		const char *glob = globs->items[i];

		/* Most globs fail at their first letter; fnmatch takes its time. */
		if (!strchr("*?[\\", *glob) && *glob != *text)
			continue;
		if (fnmatch(glob, text, 0) == 0)
			return true;
	}
	return false;
}

static void put_oid(const struct nf_cell *cell, struct nf_strbuf *out)
{
	for (size_t i = 0; i < cell->len; i++)
		nf_strbuf_printf(out, i ? ".%" PRIu32 : "%" PRIu32, cell->ids[i]);
}

static bool oid_holds(const struct nf_cell *cell, const struct nf_text_list *prefixes)
{
	char text[NF_OID_TEXT_MAX];

	if (cell->type != NF_CELL_OID)
		return false;
	nf_oid_format(&(struct nf_oid){cell->ids, cell->len}, text);
	for (size_t i = 0; i < prefixes->len; i++) {
		size_t len = strlen(prefixes->items[i]);

		if (strncmp(text, prefixes->items[i], len) == 0 &&
			(text[len] == '\0' || text[len] == '.'))
			return true;
	}
	return false;
}

static bool term_holds(const struct nf_group *group, const struct nf_record *record,
	const struct nf_term *term)
{
	const struct nf_field *field = &group->fields[term->field];

	if (field->format == NF_FORMAT_TEXT)
		return text_holds(&record->cells[term->field], &term->texts);
	if (field->format == NF_FORMAT_OID)
		return oid_holds(&record->cells[term->field], &term->texts);
	double number = nf_value_number(group, record, term->field);
	for (size_t i = 0; i < term->numbers.len; i++) {
		if (fabs(number - (double)term->numbers.items[i]) < 0.5)
			return true;
	}
	return false;
}

bool nf_value_holds(const struct nf_group *group, const struct nf_record *record,
	const struct nf_condition *condition)
{
	for (size_t i = 0; i < condition->len; i++) {
		if (!term_holds(group, record, &condition->items[i]))
			return false;
	}
	return true;
}

static void put_mac(const uint8_t *octets, size_t len, struct nf_strbuf *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			nf_strbuf_putc(out, ':');
		nf_strbuf_putc(out, hex[octets[i] >> 4]);
		nf_strbuf_putc(out, hex[octets[i] & 15]);
	}
}

static void put_address(const uint8_t *octets, size_t len, struct nf_strbuf *out)
{
	char text[INET6_ADDRSTRLEN];

	if (len == 4 || len == 16)
		nf_strbuf_puts(out,
			inet_ntop(len == 4 ? AF_INET : AF_INET6, octets, text, sizeof text));
	else
		put_mac(octets, len, out);
}

static void put_octets(
	const struct nf_cell *cell, enum nf_field_format format, struct nf_strbuf *out)
{
	if (format == NF_FORMAT_MAC)
		put_mac(cell->octets, cell->len, out);
	else if (format == NF_FORMAT_ADDRESS || cell->type == NF_CELL_ADDRESS)
		put_address(cell->octets, cell->len, out);
	else if (format == NF_FORMAT_NET_ADDRESS && cell->len > 0)
		put_address(cell->octets + 1, cell->len - 1, out);
	else
		nf_strbuf_add(out, cell->octets, cell->len);
}

bool nf_value_text(const struct nf_group *group, const struct nf_record *record, size_t field,
	struct nf_strbuf *out)
{
	const struct nf_field *f = &group->fields[field];
	const struct nf_cell *cell = &record->cells[field];
	const char *name = NULL;

	nf_strbuf_add(out, "", 0);
	if (f->source == NF_FIELD_COMPUTED) {
		double number = nf_value_number(group, record, field);

		if (isnan(number))
			return false;
		nf_strbuf_printf(out, "%.6g", number);
	} else if (has_octets(cell)) {
		put_octets(cell, nf_value_format(group, record, field), out);
	} else if (cell->type == NF_CELL_OID) {
		put_oid(cell, out);
	} else if (cell->type == NF_CELL_INTEGER || cell->type == NF_CELL_UNSIGNED) {
		if (f->format == NF_FORMAT_ENUM)
			name = nf_field_enum(f, cell->integer);
		if (name)
			nf_strbuf_puts(out, name);
		else if (cell->type == NF_CELL_INTEGER)
			nf_strbuf_printf(out, "%" PRId64, cell->integer);
		else
			nf_strbuf_printf(out, "%" PRIu64, cell->number);
	} else {
		return false;
	}
	return true;
}

void nf_value_with_unit(double number, const char *unit, struct nf_strbuf *out)
{
	/* %g would say 1e+02 for 99.99. */
	if (fabs(number) < 1000)
		nf_strbuf_printf(
			out, "%.*f", fabs(number - rint(number)) < 0.05 ? 0 : 1, number);
	else
		nf_strbuf_printf(out, "%.0f", number);
	if (*unit)
		nf_strbuf_printf(out, " %s", unit);
}

static void render_field(const struct nf_group *group, const struct nf_record *record,
	size_t field, struct nf_strbuf *out)
{
	struct nf_strbuf text = {0};

	if (!nf_value_text(group, record, field, &text))
		nf_strbuf_puts(out, "-");
	else if (text.len)
		nf_text_escape(out, text.data, text.len, SHOWN_MAX);
	nf_strbuf_free(&text);
}

void nf_value_render(const struct nf_group *group, const struct nf_record *record,
	const struct nf_template *tmpl, const char *value, struct nf_strbuf *out)
{
	nf_strbuf_add(out, "", 0);
	for (size_t i = 0; i < tmpl->len; i++) {
		const struct nf_piece *piece = &tmpl->items[i];

		switch (piece->kind) {
		case NF_PIECE_TEXT:
			nf_strbuf_puts(out, piece->text);
			break;
		case NF_PIECE_KEY:
			nf_strbuf_puts(out, record->key);
			break;
		case NF_PIECE_VALUE:
			nf_strbuf_puts(out, value);
			break;
		case NF_PIECE_FIELD:
			render_field(group, record, piece->field, out);
			break;
		}
	}
}
