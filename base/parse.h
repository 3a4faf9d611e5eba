// SPDX-License-Identifier: GPL-3.0-or-later
/* parse: text to number, strictly: the whole string, no leading blanks, no octal, no trailing junk.
 * Units:   durations are microseconds, written with their unit: "500ms" "30s" "5m" "2h" "7d" "2w";
 *          sizes are bytes: "512" "10KB" "10KiB" "1GiB" "2TB" (K…T by 1000, Ki…Ti by 1024).
 * Errors:  NF_EFORMAT not such a text, NF_ERANGE outside [min, max]. Out-parameters stay untouched.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum nf_err nf_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out);
enum nf_err nf_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);
enum nf_err nf_parse_double(const char *text, double min, double max, double *out);
enum nf_err nf_parse_bool(const char *text, bool *out); /* "true" or "false" */
enum nf_err nf_parse_duration(
	const char *text, int64_t min_us, int64_t max_us, int64_t *out_us);
enum nf_err nf_parse_size(const char *text, uint64_t min, uint64_t max, uint64_t *out_bytes);

/* Room for any duration or size written by these two. */
#define NF_QUANTITY_MAX 32

/* The shortest exact writing that nf_parse_duration reads back: "90s" (not "1m30s"), "2h". */
char *nf_format_duration(int64_t us, char buf[NF_QUANTITY_MAX]);
/* For people: "1.4 GiB"; under 1 KiB "512 B". */
char *nf_format_size(uint64_t bytes, char buf[NF_QUANTITY_MAX]);
/* How long ago or how long, for people: "3 s", "12 min", "4 h 10 min", "3 d 4 h". */
char *nf_format_age(int64_t us, char buf[NF_QUANTITY_MAX]);
