// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/csv.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

#define FIELDS_MAX	  200
#define FIELD_BYTES_MAX	  65536
#define ROWS_MAX	  100000
#define BROKEN_QUOTES_MAX 20

struct position {
	size_t byte;
	uint32_t line, column;
};

struct reader {
	const struct nf_csv_handler *handler;
	const char *data;
	size_t len;
	struct csv_parser parser;
	struct position at;    /* of the next byte to feed */
	struct position field; /* where the field under way begins */
	bool took_field;       /* the last feeding ended a field or a row */
	struct nf_strbuf text; /* of the row's fields, each with its NUL */
	struct nf_csv_field fields[FIELDS_MAX];
	size_t offsets[FIELDS_MAX]; /* in text */
	size_t fields_len;
	bool bad_row;
	bool is_other_encoding; /* said once: it is one mistake, in however many fields */
	size_t rows, broken_quotes;
};

static void mistake(struct reader *r, struct position where, const char *text)
{
	r->handler->mistake(r->handler->ctx, where.line, where.column, text);
}

static void advance(struct reader *r, size_t bytes)
{
	for (; bytes > 0; bytes--) {
		unsigned char c = (unsigned char)r->data[r->at.byte++];
		bool crlf = c == '\r' && r->at.byte < r->len && r->data[r->at.byte] == '\n';

		if (c == '\n' || (c == '\r' && !crlf)) {
			r->at.line++;
			r->at.column = 1;
		} else if ((c & 0xc0) != 0x80 && !crlf) {
			r->at.column++;
		}
	}
}

static void on_field(void *bytes, size_t len, void *ctx)
{
	struct reader *r = ctx;
	const char *text = bytes ? bytes : "";

	r->took_field = true;
	if (r->fields_len == FIELDS_MAX) {
		if (!r->bad_row)
			mistake(r, r->field, "more than 200 fields in one row");
		r->bad_row = true;
		return;
	}
	if (strlen(text) != len) {
		mistake(r, r->field, "a NUL byte in this field");
		r->bad_row = true;
	} else if (!nf_utf8_valid(text, len)) {
		if (!r->is_other_encoding)
			mistake(r, r->field,
				"this field is not UTF-8; save the file as UTF-8, or say inventory.encoding");
		r->bad_row = r->is_other_encoding = true;
	}
	r->offsets[r->fields_len] = r->text.len;
	r->fields[r->fields_len].line = r->field.line;
	r->fields[r->fields_len].column = r->field.column;
	r->fields_len++;
	nf_strbuf_add(&r->text, text, len);
	nf_strbuf_putc(&r->text, '\0');
}

static void forget_row(struct reader *r)
{
	r->fields_len = 0;
	r->bad_row = false;
	nf_strbuf_clear(&r->text);
}

static void on_row(int ending, void *ctx)
{
	struct reader *r = ctx;
	bool empty = true;

	(void)ending;
	r->took_field = true;
	for (size_t i = 0; i < r->fields_len; i++) {
		r->fields[i].text = r->text.data + r->offsets[i];
		empty = empty && r->fields[i].text[0] == '\0';
	}
	if (!r->bad_row && !empty && r->rows <= ROWS_MAX) {
		r->rows++;
		if (r->rows <= ROWS_MAX)
			r->handler->row(r->handler->ctx, r->fields, r->fields_len);
	}
	forget_row(r);
}

static char separator_of(const struct reader *r)
{
	return r->handler->separator != 0 ? r->handler->separator : ',';
}

static void begin(struct reader *r)
{
	csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
	csv_set_delim(&r->parser, (unsigned char)separator_of(r));
}

static void restart(struct reader *r)
{
	csv_free(&r->parser);
	begin(r);
	forget_row(r);
}

/* Goes on with the line behind the one on which the broken field begins. */
static void skip_line(struct reader *r)
{
	const char *end;

	restart(r);
	r->at = r->field;
	end = memchr(r->data + r->at.byte, '\n', r->len - r->at.byte);
	advance(r, end ? (size_t)(end + 1 - (r->data + r->at.byte)) : r->len - r->at.byte);
	r->field = r->at;
	r->broken_quotes++;
}

/* Bytes up to and with the next one that means something to CSV. */
static size_t chunk_len(const struct reader *r)
{
	size_t left = r->len - r->at.byte, n = 0;
	const char *p = r->data + r->at.byte;
	char separator = separator_of(r);

	while (n < left && p[n] != separator && p[n] != '"' && p[n] != '\n' && p[n] != '\r')
		n++;
	n += n + 1 < left && p[n] == '\r' && p[n + 1] == '\n';
	return n < left ? n + 1 : n;
}

static bool at_blank_line_end(const struct reader *r)
{
	return r->at.column == 1 && r->fields_len == 0 && !r->parser.quoted &&
	       r->parser.entry_pos == 0;
}

static void feed(struct reader *r)
{
	size_t len = chunk_len(r), taken;

	if (len > FIELD_BYTES_MAX || r->parser.entry_pos > FIELD_BYTES_MAX) {
		mistake(r, r->field, "a field longer than 64 KiB; is its quote never closed?");
		skip_line(r);
		return;
	}
	r->took_field = false;
	taken = csv_parse(&r->parser, r->data + r->at.byte, len, on_field, on_row, r);
	if (taken < len) {
		mistake(r, r->field,
			"a quote inside a field: quote the whole field and write the quote twice");
		skip_line(r);
		return;
	}
	advance(r, len);
	if (r->took_field || at_blank_line_end(r))
		r->field = r->at;
}

/* Whether the input is used up: an open quote at its end sends the reader back behind its line. */
static bool finish(struct reader *r)
{
	if (csv_fini(&r->parser, on_field, on_row, r) == 0)
		return true;
	mistake(r, r->field, "the quote that begins this field is never closed");
	skip_line(r);
	return false;
}

void nf_csv_read(const char *data, size_t len, const struct nf_csv_handler *handler)
{
	struct reader r = {
		.handler = handler, .data = data, .len = len, .at = {0, 1, 1}
	     };

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		r.at.byte = 3;
	r.field = r.at;
	begin(&r);
	while (r.rows <= ROWS_MAX && r.broken_quotes < BROKEN_QUOTES_MAX) {
		if (r.at.byte < len)
			feed(&r);
		else if (finish(&r))
			break;
	}
	if (r.rows > ROWS_MAX)
		mistake(&r, r.at, "more than 100,000 rows; the rest is not read");
	if (r.broken_quotes == BROKEN_QUOTES_MAX)
		mistake(&r, r.at, "too many broken quotes; the rest is not read");
	csv_free(&r.parser);
	nf_strbuf_free(&r.text);
}
