// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "conf/csv.h"
#include "conf/encoding.h"
#include "conf/inventory_map.h"

#define FILE_MAX    (64 << 20)
#define COLUMNS_MAX 200

struct column {
	const char *name;
	int key;     /* of the device's; -1: kept as it is */
	int instead; /* the column that counts where this one is empty; -1: none */
};

/* One row, kept until the number of devices is known. */
struct row {
	uint32_t line;
	const char *texts[]; /* one a column, then as many places */
};

struct inventory {
	struct nf_bind *b;
	const char *file;
	struct column columns[COLUMNS_MAX];
	size_t columns_len;
	bool has_header, unusable;
	bool broken; /* a mistake of the format itself was said */
	bool has_key[NF_DEVICE_COLUMNS];
	const char
		*above[NF_DEVICE_COLUMNS]; /* the last value of what is repeated; NULL: none */
	const char *texts[COLUMNS_MAX];	   /* of the row that is read: what each cell says */
	size_t gaps, passed_over;
	uint32_t first_gap; /* its line */
	struct row **rows;
	size_t rows_len, rows_cap;
};

static struct nf_place place_of(const struct inventory *in, uint32_t line, uint32_t column)
{
	return (struct nf_place){in->file, line, column};
}

static void on_mistake(void *ctx, uint32_t line, uint32_t column, const char *text)
{
	struct inventory *in = ctx;

	in->broken = true;
	nf_bind_error(in->b, place_of(in, line, column), "%s", text);
}

static const struct nf_inventory_map *map_of(const struct inventory *in)
{
	return &in->b->site->inventory;
}

static const struct nf_key *key_at(size_t i)
{
	return &nf_schema_device()->keys[i];
}

static char separator_of(const struct inventory *in)
{
	static const char separators[] = {',', ';', '\t'};

	return separators[map_of(in)->separator];
}

static bool is_within(const struct nf_csv_field *fields, size_t len, char c)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(fields[i].text, c))
			return true;
	return false;
}

/* By what else a header without the columns that it needs seems to be separated; NULL: nothing. */
static const char *other_separator(
	const struct inventory *in, const struct nf_csv_field *fields, size_t len)
{
	static const struct {
		char c;
		const char *name;
	} others[] = {
		{';',  "semicolons"},
		{'\t', "tabs"	     },
		{',',  "commas"    },
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].c != separator_of(in) && is_within(fields, len, others[i].c))
			return others[i].name;
	return NULL;
}

static bool is_taken(const struct inventory *in, const char *name)
{
	for (size_t i = 0; i < in->columns_len; i++) {
		if (strcmp(in->columns[i].name, name) == 0)
			return true;
	}
	return false;
}

static void hint_at(struct inventory *in, const char *name, struct nf_place place)
{
	const char *names[NF_DEVICE_COLUMNS], *hint;

	for (size_t i = 0; i < NF_DEVICE_COLUMNS; i++)
		names[i] = nf_inventory_header(map_of(in), i);
	hint = nf_bind_hint(in->b, name, names, NF_DEVICE_COLUMNS);
	if (hint[0] != '\0')
		nf_bind_warn(in->b, place, "unknown column %s is kept%s",
			nf_bind_quote(in->b, name), hint);
}

static void add_column(struct inventory *in, const struct nf_csv_field *field,
	struct nf_inventory_column column)
{
	int key = column.key;
	struct nf_place place = place_of(in, field->line, field->column);

	if (field->text[0] != '\0' && is_taken(in, field->text))
		nf_bind_error(
			in->b, place, "duplicate column %s", nf_bind_quote(in->b, field->text));
	else if (field->text[0] != '\0' && key < 0 &&
		 map_of(in)->format == NF_INVENTORY_NETFOLD)
		hint_at(in, field->text, place);
	if (key >= 0)
		in->has_key[key] = true;
	in->columns[in->columns_len++] = (struct column){
		nf_arena_strdup(in->b->site->arena, field->text), key, column.instead};
}

static void add_columns(struct inventory *in, const struct nf_csv_field *fields, size_t len)
{
	const char *headers[COLUMNS_MAX] = {NULL};
	struct nf_inventory_column columns[COLUMNS_MAX];

	for (size_t i = 0; i < len; i++)
		headers[i] = fields[i].text;
	nf_inventory_columns(map_of(in), headers, len, columns);
	for (size_t i = 0; i < len; i++)
		add_column(in, &fields[i], columns[i]);
}

static void say_missing(struct inventory *in, struct nf_place start)
{
	for (size_t i = 0; i < NF_DEVICE_COLUMNS; i++) {
		if (!(key_at(i)->flags & NF_KEY_REQUIRED) || in->has_key[i] ||
			map_of(in)->otherwise[i])
			continue;
		in->unusable = true;
		nf_bind_error(in->b, start, "missing column \"%s\"",
			nf_inventory_header(map_of(in), i));
	}
}

static void read_header(struct inventory *in, const struct nf_csv_field *fields, size_t len)
{
	struct nf_place start = place_of(in, fields[0].line, 1);
	size_t named = 0;

	in->has_header = true;
	for (size_t i = 0; i < len; i++)
		named += fields[i].text[0] != '\0';
	const char *separator = named == 1 ? other_separator(in, fields, len) : NULL;
	if (separator) {
		in->unusable = true;
		nf_bind_error(in->b, start,
			"the columns are separated by %s; %ssay inventory.separator", separator,
			map_of(in)->separator == NF_SEPARATOR_COMMA
				? "save the file with commas, or "
				: "");
		return;
	}
	add_columns(in, fields, len);
	say_missing(in, start);
	if (in->unusable && named == 1)
		nf_bind_error(in->b, start,
			"this line is a title; say in inventory.header_line on which line the columns are named");
}

static struct nf_place *row_places(const struct inventory *in, struct row *row)
{
	return (struct nf_place *)(void *)(row->texts + in->columns_len);
}

static bool is_asked_for(const struct inventory *in, size_t column)
{
	const struct nf_key *key;

	if (in->columns[column].key < 0)
		return false;
	key = key_at((size_t)in->columns[column].key);
	return (key->type == NF_TYPE_NAME || key->type == NF_TYPE_ADDRESS) &&
	       (key->flags & NF_KEY_REQUIRED);
}

static const char *text_of(const struct inventory *in, const struct nf_csv_field *fields, int i)
{
	while (fields[i].text[0] == '\0' && in->columns[i].instead >= 0)
		i = in->columns[i].instead;
	return fields[i].text;
}

/* What each cell of a row says: what stands in it, or above it where the map says that this is meant. Of every
 * row, whatever becomes of it: a heading and a scrapped device, too, stand above what follows. */
static void read_cells(struct inventory *in, const struct nf_csv_field *fields)
{
	for (size_t i = 0; i < in->columns_len; i++) {
		int key = in->columns[i].key;
		const char *text = text_of(in, fields, (int)i);

		in->texts[i] = text;
		if (key < 0 || !nf_inventory_repeats(map_of(in), (size_t)key))
			continue;
		if (text[0] != '\0' || in->above[key] == NULL)
			in->above[key] = nf_arena_strdup(in->b->arena, text);
		in->texts[i] = in->above[key];
	}
}

/* A tool that lists shelves and patch panels, too, has rows that nobody could ask. */
static bool is_gap(const struct inventory *in)
{
	char buf[NF_INVENTORY_TEXT_MAX];

	for (size_t i = 0; i < in->columns_len && nf_inventory_has_gaps(map_of(in)); i++)
		if (is_asked_for(in, i) &&
			nf_inventory_value(map_of(in), (size_t)in->columns[i].key, in->texts[i],
				buf)[0] == '\0')
			return true;
	return false;
}

/* Whether inventory.only says that this row does not count. */
static bool is_passed_over(const struct inventory *in)
{
	NF_EACH(struct nf_inventory_only, only, map_of(in)->only)
	{
		for (size_t i = 0; i < in->columns_len; i++)
			if (nf_text_same(in->columns[i].name, only->header) &&
				!nf_inventory_fits(only->is, in->texts[i]))
				return true;
	}
	return false;
}

static void keep_row(struct inventory *in, const struct nf_csv_field *fields)
{
	struct row *row = nf_arena_alloc(in->b->arena,
		sizeof *row +
			in->columns_len * (sizeof row->texts[0] + sizeof(struct nf_place)));

	row->line = fields[0].line;
	for (size_t i = 0; i < in->columns_len; i++) {
		row_places(in, row)[i] = place_of(in, fields[i].line, fields[i].column);
		row->texts[i] = nf_arena_strdup(in->b->arena, in->texts[i]);
		if (in->columns[i].name[0] == '\0' && row->texts[i][0] != '\0')
			nf_bind_error(in->b, row_places(in, row)[i],
				"%s stands in a column without a name",
				nf_bind_quote(in->b, row->texts[i]));
	}
	in->rows = nf_grow(in->rows, in->rows_len, &in->rows_cap, sizeof(struct row *));
	in->rows[in->rows_len++] = row;
}

static void take_row(struct inventory *in, const struct nf_csv_field *fields)
{
	read_cells(in, fields);
	if (is_passed_over(in))
		in->passed_over++;
	else if (!is_gap(in))
		keep_row(in, fields);
	else if (in->gaps++ == 0)
		in->first_gap = fields[0].line;
}

static void on_row(void *ctx, const struct nf_csv_field *fields, size_t len)
{
	struct inventory *in = ctx;
	bool is_title = fields[0].line < map_of(in)->header_line;

	/* "sep=;" is how a spreadsheet tells another what separates. */
	if (!in->has_header && (is_title || strncmp(fields[0].text, "sep=", 4) == 0))
		return;
	if (!in->has_header)
		read_header(in, fields, len);
	else if (in->unusable)
		return;
	else if (len != in->columns_len)
		nf_bind_error(in->b, place_of(in, fields[0].line, 1),
			"%zu fields, but the header has %zu columns", len, in->columns_len);
	else
		take_row(in, fields);
}

static size_t unknown_columns(const struct inventory *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->columns_len; i++)
		n += in->columns[i].key < 0;
	return n;
}

static void bind_other(struct inventory *in, struct row *row, struct nf_device *device)
{
	struct nf_arena *arena = in->b->site->arena;
	size_t max = unknown_columns(in);

	if (max == 0)
		return;
	device->other.items = nf_arena_alloc(arena, max * sizeof *device->other.items);
	for (size_t i = 0; i < in->columns_len; i++) {
		if (in->columns[i].key < 0 && in->columns[i].name[0] != '\0' &&
			row->texts[i][0] != '\0')
			device->other.items[device->other.len++] = (struct nf_pair){
				in->columns[i].name, nf_arena_strdup(arena, row->texts[i])};
	}
}

static void bind_field(struct inventory *in, size_t key, const char *text,
	struct nf_place place, struct nf_device *device)
{
	char buf[NF_INVENTORY_TEXT_MAX];
	const char *value = nf_inventory_value(map_of(in), key, text, buf);

	if (value[0] != '\0')
		nf_bind_value(
			in->b, key_at(key), value, place, (char *)device + key_at(key)->offset);
	else if (key_at(key)->flags & NF_KEY_REQUIRED)
		nf_bind_error(in->b, place, "%s: nothing here%s", key_at(key)->name,
			map_of(in)->format == NF_INVENTORY_NETBOX
				? "; say in inventory.otherwise what it is then"
				: "");
}

static void bind_row(struct inventory *in, struct row *row, struct nf_device *device)
{
	device->line = row->line;
	nf_bind_defaults(in->b, nf_schema_device(), device);
	for (size_t i = 0; i < in->columns_len; i++)
		if (in->columns[i].key >= 0)
			bind_field(in, (size_t)in->columns[i].key, row->texts[i],
				row_places(in, row)[i], device);
	for (size_t i = 0; i < NF_DEVICE_COLUMNS; i++)
		if (!in->has_key[i] && map_of(in)->otherwise[i])
			bind_field(in, i, "", place_of(in, row->line, 1), device);
	bind_other(in, row, device);
}

static const struct nf_key *devices_key(void)
{
	for (size_t i = 0; i < nf_schema_site()->len; i++) {
		if (nf_schema_site()->keys[i].flags & NF_KEY_LATER)
			return &nf_schema_site()->keys[i];
	}
	return NULL;
}

static void bind_devices(struct inventory *in, yaml_document_t *doc)
{
	struct nf_bind *b = in->b;
	struct nf_site *site = b->site;
	size_t inline_len = b->devices ? nf_bind_list_len(b, devices_key(), b->devices) : 0;

	site->devices.len = inline_len + in->rows_len;
	site->devices.items = nf_arena_alloc(
		site->arena, (site->devices.len + 1) * sizeof *site->devices.items);
	if (inline_len > 0)
		nf_bind_list(b, doc, devices_key(), b->devices, site->devices.items);
	for (size_t i = 0; i < inline_len; i++)
		site->devices.items[i].line = nf_bind_place(b, &site->devices.items[i]).line;
	for (size_t i = 0; i < in->rows_len; i++)
		bind_row(in, in->rows[i], &site->devices.items[inline_len + i]);
}

static bool is_marked(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
}

static void read_rows(struct inventory *in, const char *text, size_t len)
{
	struct nf_csv_handler handler = {on_row, on_mistake, in, separator_of(in)};
	struct nf_strbuf utf8 = {0};

	if (nf_encoding_is_utf16(text, len))
		nf_encoding_from_utf16(text, len, &utf8);
	else if (map_of(in)->encoding == NF_INVENTORY_WINDOWS_1252 && !is_marked(text, len))
		nf_encoding_from_windows_1252(text, len, &utf8);
	nf_csv_read(utf8.data ? utf8.data : text, utf8.data ? utf8.len : len, &handler);
	nf_strbuf_free(&utf8);
}

static void say_what_is_not_there(struct inventory *in)
{
	NF_EACH(struct nf_inventory_only, only, map_of(in)->only)
	{
		bool found = !in->has_header || in->unusable;

		for (size_t i = 0; i < in->columns_len; i++)
			found |= nf_text_same(in->columns[i].name, only->header);
		if (!found)
			nf_bind_error(in->b, nf_bind_place(in->b, &only->header),
				"header: the inventory has no column %s",
				nf_bind_quote(in->b, only->header));
	}
	if (in->gaps > 0)
		nf_bind_warn(in->b, place_of(in, in->first_gap, 1),
			"%zu rows without a name or an address are left out; this is the first",
			in->gaps);
	if (in->passed_over > 0 && in->rows_len == 0)
		nf_bind_warn(in->b, place_of(in, 1, 1), "no row is one of inventory.only");
}

void nf_inventory_parse(
	struct nf_bind *b, yaml_document_t *doc, const char *file, const char *text, size_t len)
{
	struct inventory in = {.b = b, .file = file};

	read_rows(&in, text, len);
	if (text && !in.has_header && !in.broken)
		on_mistake(&in, 1, 1, "the file is empty; its first line is the header");
	say_what_is_not_there(&in);
	bind_devices(&in, doc);
	free(in.rows);
}

void nf_inventory_load(struct nf_bind *b, yaml_document_t *doc)
{
	const char *file = b->site->devices_csv;
	struct nf_error error;
	char *text = NULL;
	size_t len = 0;

	if (file && nf_file_read(file, FILE_MAX, &text, &len, &error) != NF_OK)
		nf_bind_error(b, nf_bind_place(b, &b->site->devices_csv), "devices_csv: %s",
			error.text);
	nf_inventory_parse(b, doc, file ? file : b->file, text, len);
	free(text);
}
