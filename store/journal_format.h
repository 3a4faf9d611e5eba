// SPDX-License-Identifier: GPL-3.0-or-later
/* journal_format: the bytes of a journal file. All integers are little-endian.
 * Shape:   file   = header, then records up to the end
 *          header = "nfjourn\n", u32 version (1), i64 wall microseconds of its creation, u32 CRC-32C of
 *                   these 20 bytes
 *          record = u32 length, u32 CRC-32C, `length` bytes: u8 type, body; the CRC covers the length's
 *                   four bytes and then type and body; 1 ≤ length ≤ 65536
 *          text   = u16 length, bytes
 *          type 1, shape:  u32 shape number, u32 step s, u32 heartbeat s, u8 ds count (1…16), each
 *                   ds: u8 kind (0 gauge, 1 derive), text name, f64 min, f64 max (NaN: none)
 *          type 2, define: u32 series number, u32 shape number, text network, text device, text series
 *          type 3, sample: u32 series number, i64 wall seconds, u16 known (bit i: value i is known),
 *                   u8 count, then count × 8 bytes: f64 for a gauge, u64 for a counter
 *          type 4, rename: text network, text device, text old series, text new series
 *          Numbers mean something inside their file only and keep their meaning to its end: a second
 *          shape or define of a number is ignored. A record of another type is skipped.
 * Errors:  the decoder is pure: bytes in, struct out, no allocation; texts are borrowed from the bytes.
 * Source:  this file is the contract between gatherers and netfold-series.
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "store/journal.h"

#include <stddef.h>
#include <stdint.h>

#define NF_JOURNAL_HEADER     24
#define NF_JOURNAL_FRAME      8 /* length and CRC before a record */
#define NF_JOURNAL_RECORD_MAX 65536
#define NF_JOURNAL_NUMBER_MAX (1U << 24)

enum nf_journal_type {
	NF_JOURNAL_SHAPE = 1,
	NF_JOURNAL_DEFINE = 2,
	NF_JOURNAL_SAMPLE = 3,
	NF_JOURNAL_RENAME = 4,
};

struct nf_journal_text {
	const char *at; /* not terminated; holds no NUL */
	size_t len;
};

/* What a series measures, without its name. */
struct nf_shape {
	uint32_t step_s;
	uint32_t heartbeat_s;
	struct nf_ds ds[NF_DS_MAX];
	size_t ds_len;
};

struct nf_journal_record {
	uint8_t type;
	union {
		struct {
			uint32_t number;
			struct nf_shape shape;
		} shape;
		struct {
			uint32_t number, shape;
			struct nf_journal_text network, device, series;
		} define;
		struct {
			uint32_t number;
			int64_t wall_s;
			uint16_t known;
			size_t count;
			uint64_t bits[NF_DS_MAX]; /* of the f64 or u64 */
		} sample;
		struct {
			struct nf_journal_text network, device, old_series, new_series;
		} rename;
	};
};

void nf_journal_put_header(struct nf_strbuf *out, int64_t created_wall_us);
/* NF_OK, NF_EFORMAT, or NF_ENEWER for a version this netfold does not know. */
enum nf_err nf_journal_get_header(const uint8_t bytes[NF_JOURNAL_HEADER]);

void nf_journal_put_shape(struct nf_strbuf *out, uint32_t number, const struct nf_shape *shape);
void nf_journal_put_define(struct nf_strbuf *out, uint32_t number, uint32_t shape,
	const char *network, const char *device, const char *series);
void nf_journal_put_sample(struct nf_strbuf *out, uint32_t number, int64_t wall_s,
	const struct nf_shape *shape, const struct nf_value *values);
void nf_journal_put_rename(struct nf_strbuf *out, const char *network, const char *device,
	const char *old_series, const char *new_series);

/* The record at the beginning of bytes. NF_OK: *used is its length with its frame; NF_ENOENT: more bytes
 * are needed; NF_ECORRUPT: no good record begins here. */
enum nf_err nf_journal_get(
	const uint8_t *bytes, size_t len, struct nf_journal_record *out, size_t *used);

/* The record alone, type and body, without its frame: NF_OK or NF_ECORRUPT. */
enum nf_err nf_journal_get_body(
	const uint8_t *bytes, size_t len, struct nf_journal_record *out);

/* A double's bits and back. */
uint64_t nf_journal_bits(double number);
double nf_journal_number(uint64_t bits);
