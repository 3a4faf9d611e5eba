// SPDX-License-Identifier: GPL-3.0-or-later
/* text: bytes from the network or a person, made safe to show, and the nearest valid name.
 * Source:  UTF-8 per RFC 3629 (no surrogates, no overlong forms, nothing above U+10FFFF).
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the bytes are well-formed UTF-8 (a NUL byte is well-formed). */
bool nf_utf8_valid(const void *bytes, size_t len);

/* Appends at most max_bytes of printable, single-line UTF-8: control characters (C0, DEL, C1), bidi
 * controls, line and paragraph separators, and broken bytes appear as \xHH, a backslash as itself.
 * What does not fit is replaced by "…". For terminals, log lines and error texts. */
void nf_text_escape(struct nf_strbuf *out, const void *bytes, size_t len, size_t max_bytes);

/* The same into buf (size bytes, at least 8); returns buf. */
char *nf_text_escape_buf(char *buf, size_t size, const char *text);

/* A field of a CSV file (RFC 4180), always quoted; what a spreadsheet would take for a formula gets an
 * apostrophe in front, also where one that splits at semicolons or tabs would begin a cell inside the field. */
void nf_text_csv(struct nf_strbuf *out, const char *text);
/* The same for a program that reads it: nothing in front, and quoted only where it must be. */
void nf_text_csv_plain(struct nf_strbuf *out, const char *text);

/* Octets that are not UTF-8 as JSON or a page may show them: every byte that does not belong to a
 * well-formed character becomes \xHH (backslash, x, two lower-case hex digits); the rest is kept. */
void nf_text_octets(struct nf_strbuf *out, const void *bytes, size_t len);

/* The entry of names[] most like `text` (Damerau-Levenshtein, case ignored), or NULL when none is
 * within a third of its length (at least 1, at most 3 edits). */
const char *nf_nearest(const char *text, const char *const *names, size_t len);

/* Lower case in place, of A-Z and of the letters of Latin-1 (Å, Ä, Ö, É, …), in every locale. */
void nf_text_lower(char *text);
/* Whether two texts are equal, but for that. */
bool nf_text_same(const char *a, const char *b);

/* A file name for any bytes, reversible: [A-Za-z0-9_-], and '.' unless first, stand for themselves,
 * every other byte is %HH (upper-case hex). Empty text is "%". Over 200 bytes of result: the first
 * 180, then "%~" and 16 hex digits of a hash; such a name is unique but not reversible. */
void nf_safename(struct nf_strbuf *out, const void *bytes, size_t len);
/* The inverse. False for what nf_safename cannot have written, or a hashed name. */
bool nf_safename_decode(struct nf_strbuf *out, const char *name);
