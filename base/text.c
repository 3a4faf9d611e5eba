// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium/crypto_generichash.h>

#define ELLIPSIS     "…"
#define ELLIPSIS_LEN (sizeof ELLIPSIS - 1)

bool nf_utf8_valid(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t rune;
	for (size_t n; len > 0; p += n, len -= n)
		if ((n = nf_utf8_decode(p, len, &rune)) == 0)
			return false;
	return true;
}

/* Characters that move the cursor, end a line, or turn the reading direction of what follows. */
static bool shown_as_itself(uint32_t rune)
{
	if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0))
		return false;
	if (rune == 0x2028 || rune == 0x2029 || rune == 0xfeff)
		return false;
	return !(rune == 0x061c || rune == 0x200e || rune == 0x200f ||
		 (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069));
}

/* What one character (or broken byte) of input becomes; returns how many bytes of input it was. */
static size_t escape_one(const uint8_t *p, size_t left, char piece[20], size_t *piece_len)
{
	uint32_t rune = 0;
	size_t n = nf_utf8_decode(p, left, &rune);
	if (n > 0 && shown_as_itself(rune)) {
		memcpy(piece, p, n);
		*piece_len = n;
		return n;
	}
	size_t bytes = n ? n : 1;
	*piece_len = 0;
	for (size_t i = 0; i < bytes; i++)
		*piece_len += (size_t)snprintf(piece + *piece_len, 5, "\\x%02x", p[i]);
	return bytes;
}

void nf_text_escape(struct nf_strbuf *out, const void *bytes, size_t len, size_t max_bytes)
{
	const uint8_t *p = bytes;
	size_t start = out->len, fits = start;
	while (len > 0) {
		char piece[20];
		size_t piece_len;
		size_t n = escape_one(p, len, piece, &piece_len);
		if (out->len - start + piece_len > max_bytes)
			break;
		nf_strbuf_add(out, piece, piece_len);
		if (out->len - start + ELLIPSIS_LEN <= max_bytes)
			fits = out->len;
		p += n;
		len -= n;
	}
	if (len > 0) {
		out->len = fits;
		if (max_bytes >= ELLIPSIS_LEN)
			nf_strbuf_puts(out, ELLIPSIS);
		else
			nf_strbuf_puts(out, "");
	}
	if (out->len == 0)
		nf_strbuf_puts(out, "");
}

char *nf_text_escape_buf(char *buf, size_t size, const char *text)
{
	struct nf_strbuf b = {0};
	nf_text_escape(&b, text, strlen(text), size - 1);
	memcpy(buf, b.data, b.len + 1);
	nf_strbuf_free(&b);
	return buf;
}

void nf_text_octets(struct nf_strbuf *out, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	while (len > 0) {
		uint32_t rune;
		size_t n = nf_utf8_decode(p, len, &rune);
		if (n > 0)
			nf_strbuf_add(out, p, n);
		else
			nf_strbuf_printf(out, "\\x%02x", p[0]);
		n = n ? n : 1;
		p += n;
		len -= n;
	}
}

/* UTF-8 writes the letters of Latin-1 as 0xc3 and one more byte, small ones 0x20 above capitals; in between lies ×. */
static unsigned char lower_of(unsigned char before, unsigned char c)
{
	bool is_latin1 = before == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97;
	return is_latin1 || (c >= 'A' && c <= 'Z') ? (unsigned char)(c + 0x20) : c;
}

void nf_text_lower(char *text)
{
	unsigned char before = 0;
	for (unsigned char *p = (unsigned char *)text; *p != '\0'; before = *p++)
		*p = lower_of(before, *p);
}

bool nf_text_same(const char *a, const char *b)
{
	unsigned char before = 0;
	for (;; a++, b++) {
		unsigned char c = (unsigned char)*a, d = (unsigned char)*b;
		if (lower_of(before, c) != lower_of(before, d))
			return false;
		if (c == '\0')
			return true;
		before = c;
	}
}

#define NAME_MAX_COMPARED 64

static size_t least_of(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

static char low(char c)
{
	return (char)tolower((unsigned char)c);
}

/* Damerau-Levenshtein (optimal string alignment), three rows at a time. */
static size_t edits(const char *a, size_t an, const char *b, size_t bn)
{
	size_t rows[3][NAME_MAX_COMPARED + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	for (size_t j = 0; j <= bn; j++)
		above[j] = j;
	for (size_t i = 1; i <= an; i++) {
		row[0] = i;
		for (size_t j = 1; j <= bn; j++) {
			size_t swap = low(a[i - 1]) != low(b[j - 1]);
			row[j] = least_of(above[j] + 1, row[j - 1] + 1, above[j - 1] + swap);
			if (i > 1 && j > 1 && low(a[i - 1]) == low(b[j - 2]) &&
				low(a[i - 2]) == low(b[j - 1]) && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		size_t *spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[bn];
}

const char *nf_nearest(const char *text, const char *const *names, size_t len)
{
	size_t n = strlen(text);
	if (n == 0 || n > NAME_MAX_COMPARED)
		return NULL;
	size_t limit = n / 3 < 1 ? 1 : n / 3 > 3 ? 3 : n / 3;
	const char *best = NULL;
	for (size_t i = 0; i < len; i++) {
		size_t m = strlen(names[i]);
		if (m > NAME_MAX_COMPARED || m > n + limit || n > m + limit)
			continue;
		size_t d = edits(text, n, names[i], m);
		if (d <= limit) {
			best = names[i];
			if (d == 0)
				break;
			limit = d - 1;
		}
	}
	return best;
}

#define SAFENAME_MAX  200
#define SAFENAME_KEPT 180

static bool safe_byte(uint8_t c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || (c == '.' && !first);
}

void nf_safename(struct nf_strbuf *out, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	size_t start = out->len;
	if (len == 0)
		nf_strbuf_putc(out, '%');
	for (size_t i = 0; i < len; i++) {
		if (safe_byte(p[i], i == 0))
			nf_strbuf_putc(out, (char)p[i]);
		else
			nf_strbuf_printf(out, "%%%02X", p[i]);
	}
	if (out->len - start <= SAFENAME_MAX)
		return;

	uint8_t hash[crypto_generichash_BYTES_MIN];
	crypto_generichash(hash, sizeof hash, p, len, NULL, 0);
	size_t keep = SAFENAME_KEPT;
	/* Never leave half of a %HH. */
	while (out->data[start + keep - 1] == '%' || out->data[start + keep - 2] == '%')
		keep--;
	out->len = start + keep;
	nf_strbuf_puts(out, "%~");
	for (size_t i = 0; i < 8; i++)
		nf_strbuf_printf(out, "%02x", hash[i]);
}

static int upper_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool nf_safename_decode(struct nf_strbuf *out, const char *name)
{
	if (strcmp(name, "%") == 0) {
		nf_strbuf_puts(out, "");
		return true;
	}
	size_t start = out->len;
	for (const char *p = name; *p; p++) {
		if (safe_byte((uint8_t)*p, p == name)) {
			nf_strbuf_putc(out, *p);
			continue;
		}
		int high = *p == '%' ? upper_hex(p[1]) : -1;
		int nibble = high < 0 ? -1 : upper_hex(p[2]);
		uint8_t byte = (uint8_t)(nibble < 0 ? 0 : high << 4 | nibble);
		if (nibble < 0 || safe_byte(byte, out->len == start))
			goto bad;
		nf_strbuf_putc(out, (char)byte);
		p += 2;
	}
	return *name != '\0';
bad:
	out->len = start;
	if (out->data)
		out->data[start] = '\0';
	return false;
}

/* Who splits at another separator than ours, or takes our quotation marks for text, begins a cell there, too. */
static bool begins_cell(const char *text, const char *at)
{
	while (at > text && at[-1] == '"')
		at--;
	return at == text || strchr(";,\t\r\n", at[-1]) != NULL;
}

static bool begins_formula(const char *text, const char *at)
{
	bool is_formula = strchr("=+-@", *at) != NULL && begins_cell(text, at);
	return is_formula || (at == text && (*at == '\t' || *at == '\r'));
}

static void put_quoted(struct nf_strbuf *out, const char *text, bool guarded)
{
	nf_strbuf_putc(out, '"');
	for (const char *c = text; *c != '\0'; c++) {
		if (guarded && begins_formula(text, c))
			nf_strbuf_putc(out, '\'');
		if (*c == '"')
			nf_strbuf_putc(out, '"');
		nf_strbuf_putc(out, *c);
	}
	nf_strbuf_putc(out, '"');
}

void nf_text_csv(struct nf_strbuf *out, const char *text)
{
	put_quoted(out, text, true);
}

void nf_text_csv_plain(struct nf_strbuf *out, const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL)
		nf_strbuf_puts(out, text);
	else
		put_quoted(out, text, false);
}
