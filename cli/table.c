// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/table.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define CELL_MAX  400 /* bytes */
#define NO_COLOUR (-1)

struct cell {
	char *text;
	int state; /* NO_COLOUR, or an enum nf_state */
};

struct nf_table {
	const char *const *headings;
	size_t columns;
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

/* Characters, which is what a cell takes on the terminal but for wide scripts. */
static size_t width(const char *text)
{
	size_t n = 0;
	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
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

static void print_cell(const struct nf_table *t, FILE *to, size_t column, size_t column_width,
	const struct cell *cell, bool colour)
{
	size_t w = width(cell->text);
	int pad = column_width > w ? (int)(column_width - w) : 0;
	bool right = t->headings != NULL && t->headings[column][0] == '>';
	bool last = column + 1 == t->columns;
	bool coloured = colour && cell->state != NO_COLOUR;
	fprintf(to, "%*s%s%s%s%*s%s", right ? pad : 0, "",
		coloured ? nf_state_colour((enum nf_state)cell->state, true) : "", cell->text,
		nf_colour_off(coloured), right || last ? 0 : pad, "", last ? "\n" : "  ");
}

void nf_table_print(const struct nf_table *table, FILE *to, bool colour)
{
	if (table->len == 0)
		return;
	size_t *widths = column_widths(table);
	for (size_t c = 0; table->headings != NULL && c < table->columns; c++) {
		char text[64];
		snprintf(text, sizeof text, "%s", heading(table, c));
		print_cell(table, to, c, widths[c], &(struct cell){text, NO_COLOUR}, false);
	}
	for (size_t i = 0; i < table->len; i++)
		print_cell(table, to, i % table->columns, widths[i % table->columns],
			&table->cells[i], colour);
	free(widths);
}
