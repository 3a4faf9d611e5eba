// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/table.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/fold.h"

#define CELL_MAX   400 /* bytes */
#define NO_COLOUR  (-1)
#define GAP	   2
#define BELOW	   4  /* columns before what stands below its row */
#define FOLDED_MIN 40 /* columns that are worth folding in */

struct cell {
	char *text;
	int state; /* NO_COLOUR, or an enum nf_state */
};

struct nf_table {
	const char *const *headings;
	size_t columns, fit;
	struct cell *cells;
	size_t len, cap;
};

const char *nf_state_sign(enum nf_state state)
{
	static const char *const signs[NF_STATES][2] = {
		[NF_STATE_OK] = {"+", "✔"},
		[NF_STATE_WARNING] = {"!", "▲"},
		[NF_STATE_CRITICAL] = {"X", "✖"},
		[NF_STATE_UNKNOWN] = {"?", "?"  },
		[NF_STATE_UNREACHABLE] = {"~", "↯"},
	};
	return signs[state][strcmp(nl_langinfo(CODESET), "UTF-8") == 0];
}

const char *nf_state_colour(enum nf_state state, bool colour)
{
	static const char *const sequences[NF_STATES] = {
		[NF_STATE_OK] = "\x1b[32m",
		[NF_STATE_WARNING] = "\x1b[33m",
		[NF_STATE_CRITICAL] = "\x1b[1;31m",
		[NF_STATE_UNKNOWN] = "\x1b[36m",
		[NF_STATE_UNREACHABLE] = "\x1b[35m",
	};
	return colour ? sequences[state] : "";
}

const char *nf_colour_off(bool colour)
{
	return colour ? "\x1b[0m" : "";
}

struct nf_table *nf_table_new(const char *const *headings, size_t columns)
{
	struct nf_table *t = nf_xcalloc(1, sizeof *t);
	t->headings = headings;
	t->columns = columns;
	return t;
}

void nf_table_fit(struct nf_table *table, size_t width)
{
	table->fit = width;
}

void nf_table_free(struct nf_table *table)
{
	for (size_t i = 0; i < table->len; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}

static void add(struct nf_table *table, const char *text, int state)
{
	struct nf_strbuf b = {0};
	nf_text_escape(&b, text, strlen(text), CELL_MAX);
	table->cells = nf_grow(table->cells, table->len, &table->cap, sizeof *table->cells);
	table->cells[table->len++] = (struct cell){nf_strbuf_take(&b), state};
}

void nf_table_cell(struct nf_table *table, const char *text)
{
	add(table, text, NO_COLOUR);
}

void nf_table_number(struct nf_table *table, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRIu64, number);
	add(table, text, NO_COLOUR);
}

void nf_table_state(struct nf_table *table, enum nf_state state)
{
	char text[32];
	snprintf(text, sizeof text, "%s %s", nf_state_sign(state), nf_state_text(state));
	add(table, text, (int)state);
}

static size_t width(const char *text)
{
	return nf_fold_columns(text, strlen(text));
}

static const char *heading(const struct nf_table *t, size_t column)
{
	const char *text = t->headings[column];
	return *text == '>' ? text + 1 : text;
}

static size_t *column_widths(const struct nf_table *t)
{
	size_t *widths = nf_xcalloc(t->columns, sizeof *widths);
	for (size_t c = 0; t->headings != NULL && c < t->columns; c++)
		widths[c] = width(heading(t, c));
	for (size_t i = 0; i < t->len; i++) {
		size_t w = width(t->cells[i].text);
		if (w > widths[i % t->columns])
			widths[i % t->columns] = w;
	}
	return widths;
}

/* How the cells stand. */
struct layout {
	size_t *widths;
	size_t columns; /* side by side: all, or all but the last */
	size_t gap;	/* between two */
	size_t offset;	/* where the last one begins */
	size_t fold;	/* the width in which it is folded; 0: it is not */
};

static size_t side_by_side(const size_t *widths, size_t columns, size_t gap)
{
	size_t sum = 0;
	for (size_t c = 0; c < columns; c++)
		sum += widths[c] + (c > 0 ? gap : 0);
	return sum;
}

static struct layout lay_out(const struct nf_table *t, size_t fit)
{
	size_t last = t->columns - 1;
	struct layout l = {.widths = column_widths(t), .columns = t->columns, .gap = GAP};
	l.offset = side_by_side(l.widths, last, GAP) + GAP;
	if (fit == 0 || l.offset + l.widths[last] <= fit)
		return l;
	l.fold = fit;
	if (l.offset + FOLDED_MIN <= fit)
		return l;
	l.columns = last;
	l.offset = BELOW;
	if (side_by_side(l.widths, last, GAP) > fit)
		l.gap = 1;
	return l;
}

static void print_last(FILE *to, const struct layout *l, const char *text)
{
	nf_fold_print(to, text, l->offset, l->offset, l->fold);
	putc('\n', to);
}

static void print_cell(const struct nf_table *t, FILE *to, const struct layout *l,
	size_t column, const struct cell *cell, bool colour)
{
	size_t w = width(cell->text);
	int pad = l->widths[column] > w ? (int)(l->widths[column] - w) : 0;
	bool right = t->headings != NULL && t->headings[column][0] == '>';
	bool last = column + 1 == l->columns;
	bool coloured = colour && cell->state != NO_COLOUR;
	fprintf(to, "%*s%s%s%s%*s%*s", right ? pad : 0, "",
		coloured ? nf_state_colour((enum nf_state)cell->state, true) : "", cell->text,
		nf_colour_off(coloured), right || last ? 0 : pad, "", last ? 0 : (int)l->gap,
		"");
	if (last)
		putc('\n', to);
}

static void print_row(const struct nf_table *t, FILE *to, const struct layout *l,
	const struct cell *cells, bool colour)
{
	size_t last = t->columns - 1;
	for (size_t c = 0; c < l->columns; c++) {
		if (c == last && l->fold > 0)
			print_last(to, l, cells[c].text);
		else
			print_cell(t, to, l, c, &cells[c], colour);
	}
	if (l->columns == last && *cells[last].text != '\0') {
		fprintf(to, "%*s", BELOW, "");
		print_last(to, l, cells[last].text);
	}
}

static void print_headings(const struct nf_table *t, FILE *to, const struct layout *l)
{
	for (size_t c = 0; t->headings != NULL && c < l->columns; c++) {
		char text[64];
		snprintf(text, sizeof text, "%s", heading(t, c));
		print_cell(t, to, l, c, &(struct cell){text, NO_COLOUR}, false);
	}
}

bool nf_table_is_empty(const struct nf_table *table)
{
	return table->len == 0;
}

void nf_table_print(const struct nf_table *table, FILE *to, bool colour)
{
	if (table->len == 0)
		return;
	bool on_terminal = table->fit == 0 && to == stdout;
	struct layout l = lay_out(table, on_terminal ? nf_fold_terminal() : table->fit);
	print_headings(table, to, &l);
	for (size_t i = 0; i + table->columns <= table->len; i += table->columns)
		print_row(table, to, &l, &table->cells[i], colour);
	free(l.widths);
}
