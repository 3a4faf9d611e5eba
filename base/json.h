// SPDX-License-Identifier: GPL-3.0-or-later
/* json: writes JSON into a string, for values jansson cannot hold: whole 64-bit unsigned numbers, and
 * text kept byte for byte. Reading JSON is jansson's.
 * Shape:   one line, no blanks. Text that is UTF-8 is kept, control characters, line separators and
 *          bidirectional controls as JSON escapes; other octets go through nf_text_octets, so that the result is UTF-8 always.
 * Errors:  none; a wrong order of calls (a value without a key in an object) is a bug and asserted.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_JSON_DEPTH_MAX 16

struct nf_json {
	struct nf_strbuf *out; /* borrowed */
	uint8_t depth;
	bool keyed; /* a key was written, its value is due */
	bool object[NF_JSON_DEPTH_MAX];
	bool begun[NF_JSON_DEPTH_MAX]; /* something stands there already: a comma is due */
};

struct nf_json nf_json_of(struct nf_strbuf *out);

void nf_json_object(struct nf_json *j); /* { */
void nf_json_array(struct nf_json *j);	/* [ */
void nf_json_end(struct nf_json *j);	/* } or ] */
void nf_json_key(struct nf_json *j, const char *key);

void nf_json_text(struct nf_json *j, const void *bytes, size_t len);
void nf_json_puts(struct nf_json *j, const char *text); /* NULL: null */
void nf_json_i64(struct nf_json *j, int64_t number);
void nf_json_u64(struct nf_json *j, uint64_t number);
/* The shortest text that reads back as the same number; null for NaN and infinities. */
void nf_json_double(struct nf_json *j, double number);
void nf_json_bool(struct nf_json *j, bool value);
void nf_json_null(struct nf_json *j);
