// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_encode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define LINE_MAX_	76
#define VALUE_MAX	900
#define WORD_BYTES	45 /* 60 characters of base64; with =?UTF-8?B?…?= 72, under RFC 2047's 75 */
#define FIRST_LINE_ROOM 20 /* for the header's name */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64(struct nf_strbuf *out, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)in[i] << 16;
		v |= have > 1 ? (uint32_t)in[i + 1] << 8 : 0;
		v |= have > 2 ? (uint32_t)in[i + 2] : 0;
		nf_strbuf_putc(out, base64[v >> 18]);
		nf_strbuf_putc(out, base64[(v >> 12) & 63]);
		nf_strbuf_putc(out, have > 1 ? base64[(v >> 6) & 63] : '=');
		nf_strbuf_putc(out, have > 2 ? base64[v & 63] : '=');
	}
}

/* Whole characters only, no control characters, U+FFFD for what is broken. */
static void clean(struct nf_strbuf *out, const char *value)
{
	const uint8_t *p = (const uint8_t *)value;
	size_t left = strlen(value);
	nf_strbuf_puts(out, "");
	while (left > 0 && out->len < VALUE_MAX) {
		uint32_t rune;
		size_t len = nf_utf8_decode(p, left, &rune);
		if (len == 0) {
			nf_strbuf_puts(out, "\xef\xbf\xbd");
			len = 1;
		} else if (rune < ' ' || (rune >= 0x7f && rune < 0xa0)) {
			nf_strbuf_putc(out, ' ');
		} else {
			nf_strbuf_add(out, p, len);
		}
		p += len;
		left -= len;
	}
}

/* What may stand as it is: ASCII that is no encoded word by itself, in words that fit a line. */
static bool is_plain(const char *value)
{
	size_t word = 0;
	for (const char *c = value; *c != '\0'; c++) {
		if ((uint8_t)*c >= 0x7f || (c[0] == '=' && c[1] == '?'))
			return false;
		word = *c == ' ' ? 0 : word + 1;
		if (word > LINE_MAX_ - FIRST_LINE_ROOM)
			return false;
	}
	return true;
}

static void put_folded(struct nf_strbuf *out, const char *value, size_t column)
{
	const char *word = value;
	while (*word != '\0') {
		size_t blanks = strspn(word, " "), len = strcspn(word + blanks, " ");
		/* A line of blanks alone is none (RFC 5322 3.2.2); those at the end go. */
		if (len == 0)
			break;
		if (column + blanks + len > LINE_MAX_ && word != value) {
			nf_strbuf_puts(out, "\r\n ");
			column = 1;
		} else if (word != value) {
			nf_strbuf_putc(out, ' ');
			column++;
		}
		nf_strbuf_add(out, word + blanks, len);
		column += len;
		word += blanks + len;
	}
}

static void put_words(struct nf_strbuf *out, const char *value, size_t len)
{
	const uint8_t *p = (const uint8_t *)value;
	bool first = true;
	while (len > 0) {
		size_t take = 0, limit = first ? WORD_BYTES - 12 : WORD_BYTES;
		while (take < len) {
			uint32_t rune;
			size_t step = nf_utf8_decode(p + take, len - take, &rune);
			if (take + step > limit || step == 0)
				break;
			take += step;
		}
		nf_strbuf_puts(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		put_base64(out, p, take);
		nf_strbuf_puts(out, "?=");
		p += take;
		len -= take;
		first = false;
	}
}

static void put_value(struct nf_strbuf *out, const char *value, size_t column)
{
	struct nf_strbuf text = {0};
	clean(&text, value);
	if (is_plain(text.data))
		put_folded(out, text.data, column);
	else
		put_words(out, text.data, text.len);
	nf_strbuf_free(&text);
}

void nf_mail_header(struct nf_strbuf *out, const char *name, const char *value)
{
	nf_strbuf_printf(out, "%s: ", name);
	put_value(out, value, strlen(name) + 2);
	nf_strbuf_puts(out, "\r\n");
}

/* A display name is a phrase: what is special in one goes as an encoded word, too. */
void nf_mail_mailbox(
	struct nf_strbuf *out, const char *name, const char *display, const char *address)
{
	nf_strbuf_printf(out, "%s: ", name);
	if (*display != '\0') {
		struct nf_strbuf text = {0};
		clean(&text, display);
		if (strpbrk(text.data, "()<>[]:;@\\,.\"=?") == NULL && is_plain(text.data))
			put_folded(out, text.data, strlen(name) + 2);
		else
			put_words(out, text.data, text.len);
		nf_strbuf_puts(out, "\r\n ");
		nf_strbuf_free(&text);
	}
	nf_strbuf_printf(out, "<%s>\r\n", address);
}

static size_t quoted_len(const char *text, size_t i, size_t len)
{
	uint8_t c = (uint8_t)text[i];
	bool at_end = i + 1 == len || text[i + 1] == '\n';
	if (c == ' ' || c == '\t')
		return at_end ? 3 : 1;
	return c > ' ' && c < 0x7f && c != '=' ? 1 : 3;
}

void nf_mail_quoted(struct nf_strbuf *out, const char *text, size_t len)
{
	size_t column = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			nf_strbuf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		size_t need = quoted_len(text, i, len);
		if (column + need > LINE_MAX_ - 1) {
			nf_strbuf_puts(out, "=\r\n");
			column = 0;
		}
		if (need == 1)
			nf_strbuf_putc(out, text[i]);
		else
			nf_strbuf_printf(out, "=%02X", (uint8_t)text[i]);
		column += need;
	}
	if (column > 0)
		nf_strbuf_puts(out, "\r\n");
}
