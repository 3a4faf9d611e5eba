// SPDX-License-Identifier: GPL-3.0-or-later
/* strbuf: a growing string.
 * Shape:   `data` is always NUL-terminated once something was added, NULL before; may hold NULs.
 * Memory:  starts as `struct nf_strbuf b = {0};`, ends with nf_strbuf_free or nf_strbuf_take.
 */
#pragma once

#include <stddef.h>

struct nf_strbuf {
	char *data;
	size_t len; /* bytes, without the NUL */
	size_t cap;
};

void nf_strbuf_add(struct nf_strbuf *b, const void *bytes, size_t len);
void nf_strbuf_puts(struct nf_strbuf *b, const char *text);
void nf_strbuf_putc(struct nf_strbuf *b, char c);
void nf_strbuf_printf(struct nf_strbuf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void nf_strbuf_clear(struct nf_strbuf *b); /* keeps the memory */
/* Gives the string (never NULL; caller frees) and empties b. */
char *nf_strbuf_take(struct nf_strbuf *b);
void nf_strbuf_free(struct nf_strbuf *b);
