// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct nf_json nf_json_of(struct nf_strbuf *out)
{
	return (struct nf_json){.out = out};
}

/* What stands before a value or a key: nothing, or the comma that is due. */
static void separate(struct nf_json *j)
{
	if (j->begun[j->depth])
		nf_strbuf_putc(j->out, ',');
	j->begun[j->depth] = true;
}

static void begin_value(struct nf_json *j)
{
	assert(j->depth == 0 || j->object[j->depth] == j->keyed);
	if (!j->keyed && j->depth > 0)
		separate(j);
	j->keyed = false;
}

static void open_level(struct nf_json *j, bool object)
{
	begin_value(j);
	assert(j->depth + 1 < NF_JSON_DEPTH_MAX);
	j->depth++;
	j->object[j->depth] = object;
	j->begun[j->depth] = false;
	nf_strbuf_putc(j->out, object ? '{' : '[');
}

void nf_json_object(struct nf_json *j)
{
	open_level(j, true);
}

void nf_json_array(struct nf_json *j)
{
	open_level(j, false);
}

void nf_json_end(struct nf_json *j)
{
	assert(j->depth > 0 && !j->keyed);
	nf_strbuf_putc(j->out, j->object[j->depth] ? '}' : ']');
	j->depth--;
}

static void put_escape(struct nf_strbuf *out, unsigned rune)
{
	static const char *const short_forms[] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};

	if (rune < sizeof short_forms / sizeof *short_forms && short_forms[rune])
		nf_strbuf_puts(out, short_forms[rune]);
	else
		nf_strbuf_printf(out, "\\u%04x", rune);
}

/* C1 controls, line and paragraph separators, and what turns the direction of writing: harmless to a
 * program, not to a person at a terminal. */
static bool is_troublesome(unsigned rune)
{
	return (rune >= 0x80 && rune < 0xa0) || (rune >= 0x200e && rune <= 0x200f) ||
	       (rune >= 0x2028 && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069);
}

/* How many bytes of well-formed UTF-8 the escape at p stands for; 0 where none is needed. */
static size_t escape_length(const uint8_t *p, size_t left, unsigned *rune)
{
	size_t len = 0;

	*rune = p[0];
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (p[0] < 0x80)
		return 0;
	if (left > 1 && (p[0] & 0xe0) == 0xc0) {
		*rune = (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
		len = 2;
	} else if (left > 2 && (p[0] & 0xf0) == 0xe0) {
		*rune = (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
		len = 3;
	}
	return is_troublesome(*rune) ? len : 0;
}

static void put_string(struct nf_strbuf *out, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;
	const uint8_t *plain = p;

	nf_strbuf_putc(out, '"');
	while (p < end) {
		unsigned rune;
		size_t escaped = escape_length(p, (size_t)(end - p), &rune);

		if (escaped == 0 && *p != '"' && *p != '\\') {
			p++;
			continue;
		}
		nf_strbuf_add(out, plain, (size_t)(p - plain));
		if (escaped) {
			put_escape(out, rune);
			p += escaped;
		} else {
			nf_strbuf_putc(out, '\\');
			nf_strbuf_putc(out, (char)*p++);
		}
		plain = p;
	}
	nf_strbuf_add(out, plain, (size_t)(p - plain));
	nf_strbuf_putc(out, '"');
}

void nf_json_text(struct nf_json *j, const void *bytes, size_t len)
{
	begin_value(j);
	if (nf_utf8_valid(bytes, len)) {
		put_string(j->out, bytes, len);
		return;
	}
	struct nf_strbuf shown = {0};
	nf_text_octets(&shown, bytes, len);
	put_string(j->out, (const uint8_t *)shown.data, shown.len);
	nf_strbuf_free(&shown);
}

void nf_json_key(struct nf_json *j, const char *key)
{
	assert(j->depth > 0 && j->object[j->depth] && !j->keyed);
	separate(j);
	put_string(j->out, (const uint8_t *)key, strlen(key));
	nf_strbuf_putc(j->out, ':');
	j->keyed = true;
}

void nf_json_puts(struct nf_json *j, const char *text)
{
	if (text)
		nf_json_text(j, text, strlen(text));
	else
		nf_json_null(j);
}

void nf_json_i64(struct nf_json *j, int64_t number)
{
	begin_value(j);
	nf_strbuf_printf(j->out, "%" PRId64, number);
}

void nf_json_u64(struct nf_json *j, uint64_t number)
{
	begin_value(j);
	nf_strbuf_printf(j->out, "%" PRIu64, number);
}

void nf_json_double(struct nf_json *j, double number)
{
	char text[32];

	if (!isfinite(number)) {
		nf_json_null(j);
		return;
	}
	begin_value(j);
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, number);
		if (!(strtod(text, NULL) < number) && !(strtod(text, NULL) > number))
			break;
	}
	nf_strbuf_puts(j->out, text);
}

void nf_json_bool(struct nf_json *j, bool value)
{
	begin_value(j);
	nf_strbuf_puts(j->out, value ? "true" : "false");
}

void nf_json_null(struct nf_json *j)
{
	begin_value(j);
	nf_strbuf_puts(j->out, "null");
}
