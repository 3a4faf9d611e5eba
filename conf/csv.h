// SPDX-License-Identifier: GPL-3.0-or-later
/* csv: RFC 4180 rows with the place of every field, on libcsv; the separator may be another.
 * Shape:   pure: calls back for every row and every mistake, in their order; goes on behind a bad row.
 *          Blanks around unquoted fields, blank lines and a byte order mark are dropped.
 * Units:   lines and columns from 1; columns count characters.
 * Bounds:  a row of 200 fields, a field of 64 KiB, 100,000 rows; after 20 broken quotes it gives up.
 * Memory:  a row's fields are borrowed until the callback returns.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct nf_csv_field {
	const char
		*text; /* NUL-terminated; the input's own NULs and broken UTF-8 are mistakes */
	uint32_t line, column;
};

struct nf_csv_handler {
	void (*row)(void *ctx, const struct nf_csv_field *fields, size_t len);
	void (*mistake)(void *ctx, uint32_t line, uint32_t column, const char *text);
	void *ctx;
	char separator; /* 0: a comma */
};

void nf_csv_read(const char *data, size_t len, const struct nf_csv_handler *handler);
