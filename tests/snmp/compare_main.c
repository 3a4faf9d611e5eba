// SPDX-License-Identifier: GPL-3.0-or-later
/* compare: netfold's probe of a recorded device, value by value, with the recording.
 * Usage:   compare RECORDING FILE: FILE holds the probe's JSON line. Exit status 1 and the differences
 *          when a value is wrong, missing or too many.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/snmp/expect.h"
#include "tests/test.h"

static const char *const tables[] = {"system", "interfaces", "supplies", "ups", "storage",
	"processors", "entities", "addresses", "fdb", "arp", "neighbours"};

/* A reader of JSON of its own, which keeps numbers as they are written. */
struct reader {
	const char *at;
	struct lines *out;
};

static void skip_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static void put_rune(struct nf_strbuf *out, unsigned rune)
{
	if (rune == 0)
		nf_strbuf_puts(out, "<NUL>");
	else if (rune < 0x80)
		nf_strbuf_putc(out, (char)rune);
	else if (rune < 0x800) {
		nf_strbuf_putc(out, (char)(0xc0 | rune >> 6));
		nf_strbuf_putc(out, (char)(0x80 | (rune & 0x3f)));
	} else {
		nf_strbuf_putc(out, (char)(0xe0 | rune >> 12));
		nf_strbuf_putc(out, (char)(0x80 | (rune >> 6 & 0x3f)));
		nf_strbuf_putc(out, (char)(0x80 | (rune & 0x3f)));
	}
}

static char *read_string(struct reader *r)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	struct nf_strbuf out = {0};

	nf_strbuf_add(&out, "", 0);
	for (r->at++; *r->at && *r->at != '"'; r->at++) {
		const char *letter;

		if (*r->at != '\\') {
			nf_strbuf_putc(&out, *r->at);
			continue;
		}
		r->at++;
		letter = strchr(letters, *r->at);
		if (*r->at == 'u') {
			char digits[5] = {0};

			memcpy(digits, r->at + 1, 4);
			put_rune(&out, (unsigned)strtoul(digits, NULL, 16));
			r->at += 4;
		} else {
			nf_strbuf_putc(&out, letter ? meanings[letter - letters] : *r->at);
		}
	}
	r->at++;
	return nf_strbuf_take(&out);
}

/* A text, a number, a word; nested values are skipped as they are. */
static char *read_value(struct reader *r)
{
	const char *from = r->at;
	int depth = 0;

	skip_blanks(r);
	if (*r->at == '"')
		return read_string(r);
	for (from = r->at; *r->at; r->at++) {
		if (*r->at == '"') {
			free(read_string(r));
			r->at--;
			continue;
		}
		if (*r->at == '{' || *r->at == '[')
			depth++;
		else if ((*r->at == '}' || *r->at == ']') && depth-- == 0)
			break;
		else if (*r->at == ',' && depth == 0)
			break;
	}
	return nf_xstrndup(from, (size_t)(r->at - from));
}

static void read_object(struct reader *r, const char *table)
{
	struct lines pairs = {0};
	struct nf_strbuf line = {0};

	for (r->at++; skip_blanks(r), *r->at == '"';) {
		char *name = read_string(r);

		skip_blanks(r);
		r->at++; /* : */
		skip_blanks(r);
		char *value = read_value(r);
		lines_add(&pairs, nf_xasprintf("%s=%s", name, value));
		free(name);
		free(value);
		skip_blanks(r);
		if (*r->at == ',')
			r->at++;
	}
	r->at++; /* } */
	lines_sort(&pairs);
	nf_strbuf_puts(&line, table);
	for (size_t i = 0; i < pairs.len; i++)
		nf_strbuf_printf(&line, " %s", pairs.items[i]);
	lines_add(r->out, nf_strbuf_take(&line));
	lines_free(&pairs);
}

static void read_table(const char *json, const char *table, struct lines *out)
{
	char *key = nf_xasprintf("\"%s\":", table);
	const char *found = strstr(json, key);
	struct reader r = {.out = out};

	if (found) {
		r.at = found + strlen(key);
		if (*r.at == '{')
			read_object(&r, table);
		else if (*r.at == '[')
			for (r.at++; *r.at == '{' || *r.at == ',';)
				*r.at == ',' ? (void)r.at++ : read_object(&r, table);
	}
	free(key);
}

/* The lines are the same where the wanted one has "?" for any number. */
static bool same(const char *want, const char *got)
{
	const char *hole = strstr(want, "=?");

	if (!hole)
		return strcmp(want, got) == 0;
	size_t head = (size_t)(hole - want) + 1;
	const char *rest = got + head;
	if (strncmp(want, got, head) != 0 || !isdigit((unsigned char)*rest))
		return false;
	while (isdigit((unsigned char)*rest))
		rest++;
	return same(hole + 2, rest);
}

/* IPv6 neighbours are expected to be some, not by value. */
static bool is_ipv6(const char *line)
{
	return strncmp(line, "arp address=", 12) == 0 &&
	       strchr(line + 12, ':') < strchr(line + 12, ' ');
}

static int compare(const struct lines *want, const struct lines *got)
{
	int wrong = 0;
	size_t w = 0, g = 0;

	while (w < want->len || g < got->len) {
		if (w < want->len && g < got->len && same(want->items[w], got->items[g])) {
			w++, g++;
			continue;
		}
		if (g < got->len && is_ipv6(got->items[g])) {
			g++;
			continue;
		}
		if (wrong++ < 5) {
			printf("want: %s\n", w < want->len ? want->items[w] : "nothing more");
			printf("got:  %s\n", g < got->len ? got->items[g] : "nothing more");
		}
		w += w < want->len;
		g += g < got->len;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	struct recording recording;
	struct lines want = {0}, got = {0};
	struct nf_error err;
	char *json;
	size_t len;

	if (argc != 3 || !recording_read(&recording, argv[1]) ||
		nf_file_read(argv[2], 64 << 20, &json, &len, &err) != NF_OK) {
		fputs("usage: compare RECORDING FILE\n", stderr);
		return 2;
	}
	expect_device(&recording, &want);
	for (size_t i = 0; i < NF_LEN(tables); i++)
		read_table(json, tables[i], &got);
	lines_sort(&want);
	lines_sort(&got);
	int wrong = compare(&want, &got);
	if (!strstr(json, "\"complete\":true"))
		printf("not complete\n"), wrong++;
	printf("%zu rows, %d wrong\n", want.len, wrong);
	lines_free(&want);
	lines_free(&got);
	recording_free(&recording);
	free(json);
	return wrong ? 1 : 0;
}
