// SPDX-License-Identifier: GPL-3.0-or-later
/* html: a page under construction: elements, attributes and text, nothing else can be written.
 * Shape:   a thin layer over libxml2's xmlTextWriter, which escapes and closes by construction. Text
 *          loses what no page may hold: control and bidirectional characters and broken UTF-8 appear as
 *          \xHH (base/text.h), and is cut at 2,000 bytes.
 * Attrs:   pairs of name and value, ended by NULL; a pair whose value is NULL is left out.
 * Errors:  none; memory that runs out aborts (base/mem.h's rule).
 * Memory:  nf_html_new gives; nf_html_free ends it.
 */
#pragma once

#include <stddef.h>

struct nf_html;

struct nf_html *nf_html_new(
	const char *language);	      /* begins with <!DOCTYPE html><html lang=…> */
void nf_html_free(struct nf_html *h); /* NULL is fine */

void nf_html_open(struct nf_html *h, const char *element, ...) __attribute__((sentinel));
void nf_html_close(struct nf_html *h);
/* An element that has no content: meta, link, input. */
void nf_html_void(struct nf_html *h, const char *element, ...) __attribute__((sentinel));
/* open, text, close; text NULL: an empty element. */
void nf_html_el(struct nf_html *h, const char *element, const char *text, ...)
	__attribute__((sentinel));
void nf_html_text(struct nf_html *h, const char *text);
void nf_html_textf(struct nf_html *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Closes what is open and gives the page's bytes, borrowed until nf_html_free. */
const char *nf_html_finish(struct nf_html *h, size_t *len);
