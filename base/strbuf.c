// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static char *reserve(struct nf_strbuf *b, size_t more)
{
	size_t need = b->len + more + 1;
	if (need > b->cap) {
		size_t cap = b->cap ? b->cap : 64;
		while (cap < need)
			cap *= 2;
		b->data = nf_xreallocarray(b->data, cap, 1);
		b->cap = cap;
	}
	return b->data + b->len;
}

void nf_strbuf_add(struct nf_strbuf *b, const void *bytes, size_t len)
{
	char *at = reserve(b, len);
	if (len)
		memcpy(at, bytes, len);
	at[len] = '\0';
	b->len += len;
}

void nf_strbuf_puts(struct nf_strbuf *b, const char *text)
{
	nf_strbuf_add(b, text, strlen(text));
}

void nf_strbuf_putc(struct nf_strbuf *b, char c)
{
	nf_strbuf_add(b, &c, 1);
}

void nf_strbuf_printf(struct nf_strbuf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n > 0) {
		vsnprintf(reserve(b, (size_t)n), (size_t)n + 1, format, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void nf_strbuf_clear(struct nf_strbuf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

char *nf_strbuf_take(struct nf_strbuf *b)
{
	reserve(b, 0)[0] = '\0';
	char *text = b->data;
	*b = (struct nf_strbuf){0};
	return text;
}

void nf_strbuf_free(struct nf_strbuf *b)
{
	free(b->data);
	*b = (struct nf_strbuf){0};
}
