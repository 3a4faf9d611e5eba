// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_format.h"

#include <string.h>

#include "base/cursor.h"
#include "store/crc32c.h"

#define FORMAT_VERSION 1
static const char magic[8] = {'n', 'f', 'j', 'o', 'u', 'r', 'n', '\n'};

uint64_t nf_journal_bits(double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	return bits;
}

double nf_journal_number(uint64_t bits)
{
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}

static uint8_t *put_le(uint8_t *at, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(number >> (8 * i));
	return at + bytes;
}

static void add_le(struct nf_strbuf *out, uint64_t number, size_t bytes)
{
	uint8_t le[8];
	put_le(le, number, bytes);
	nf_strbuf_add(out, le, bytes);
}

static void add_text(struct nf_strbuf *out, const char *text)
{
	size_t len = strlen(text);
	if (len > UINT16_MAX / 4)
		len = UINT16_MAX / 4;
	add_le(out, len, 2);
	nf_strbuf_add(out, text, len);
}

/* Room for the frame and the type; returns where the record begins. */
static size_t begin(struct nf_strbuf *out, enum nf_journal_type type)
{
	size_t at = out->len;
	add_le(out, 0, NF_JOURNAL_FRAME);
	add_le(out, type, 1);
	return at;
}

static void end(struct nf_strbuf *out, size_t at)
{
	uint8_t *frame = (uint8_t *)out->data + at;
	size_t len = out->len - at - NF_JOURNAL_FRAME;
	put_le(frame, len, 4);
	put_le(frame + 4, nf_crc32c(nf_crc32c(0, frame, 4), frame + NF_JOURNAL_FRAME, len), 4);
}

void nf_journal_put_header(struct nf_strbuf *out, int64_t created_wall_us)
{
	size_t at = out->len;
	nf_strbuf_add(out, magic, sizeof magic);
	add_le(out, FORMAT_VERSION, 4);
	add_le(out, (uint64_t)created_wall_us, 8);
	add_le(out, nf_crc32c(0, out->data + at, NF_JOURNAL_HEADER - 4), 4);
}

enum nf_err nf_journal_get_header(const uint8_t bytes[NF_JOURNAL_HEADER])
{
	struct nf_cursor c = nf_cursor_of(bytes, NF_JOURNAL_HEADER);
	if (memcmp(nf_cursor_bytes(&c, sizeof magic), magic, sizeof magic) != 0)
		return NF_EFORMAT;
	uint32_t version = nf_cursor_le32(&c);
	nf_cursor_skip(&c, 8);
	if (nf_cursor_le32(&c) != nf_crc32c(0, bytes, NF_JOURNAL_HEADER - 4))
		return NF_EFORMAT;
	return version == FORMAT_VERSION ? NF_OK : NF_ENEWER;
}

void nf_journal_put_shape(struct nf_strbuf *out, uint32_t number, const struct nf_shape *shape)
{
	size_t at = begin(out, NF_JOURNAL_SHAPE);
	add_le(out, number, 4);
	add_le(out, shape->step_s, 4);
	add_le(out, shape->heartbeat_s, 4);
	add_le(out, shape->ds_len, 1);
	for (size_t i = 0; i < shape->ds_len; i++) {
		add_le(out, shape->ds[i].kind, 1);
		add_text(out, shape->ds[i].name);
		add_le(out, nf_journal_bits(shape->ds[i].min), 8);
		add_le(out, nf_journal_bits(shape->ds[i].max), 8);
	}
	end(out, at);
}

void nf_journal_put_define(struct nf_strbuf *out, uint32_t number, uint32_t shape,
	const char *network, const char *device, const char *series)
{
	size_t at = begin(out, NF_JOURNAL_DEFINE);
	add_le(out, number, 4);
	add_le(out, shape, 4);
	add_text(out, network);
	add_text(out, device);
	add_text(out, series);
	end(out, at);
}

/* The record that is written millions of times: one buffer, one append. */
void nf_journal_put_sample(struct nf_strbuf *out, uint32_t number, int64_t wall_s,
	const struct nf_shape *shape, const struct nf_value *values)
{
	uint8_t record[NF_JOURNAL_FRAME + 16 + 8 * NF_DS_MAX];
	uint16_t known = 0;
	uint8_t *at = record + NF_JOURNAL_FRAME + 16;
	for (size_t i = 0; i < shape->ds_len; i++) {
		uint64_t bits = 0;
		if (values[i].known) {
			known = (uint16_t)(known | 1U << i);
			bits = shape->ds[i].kind == NF_DS_GAUGE
				       ? nf_journal_bits(values[i].gauge)
				       : values[i].counter;
		}
		at = put_le(at, bits, 8);
	}
	size_t len = (size_t)(at - record) - NF_JOURNAL_FRAME;
	at = put_le(record, len, 4);
	at += 4;
	at = put_le(at, NF_JOURNAL_SAMPLE, 1);
	at = put_le(at, number, 4);
	at = put_le(at, (uint64_t)wall_s, 8);
	at = put_le(at, known, 2);
	put_le(at, shape->ds_len, 1);
	put_le(record + 4, nf_crc32c(nf_crc32c(0, record, 4), record + NF_JOURNAL_FRAME, len),
		4);
	nf_strbuf_add(out, record, NF_JOURNAL_FRAME + len);
}

void nf_journal_put_rename(struct nf_strbuf *out, const char *network, const char *device,
	const char *old_series, const char *new_series)
{
	size_t at = begin(out, NF_JOURNAL_RENAME);
	add_text(out, network);
	add_text(out, device);
	add_text(out, old_series);
	add_text(out, new_series);
	end(out, at);
}

static struct nf_journal_text get_text(struct nf_cursor *c)
{
	size_t len = nf_cursor_le16(c);
	const uint8_t *at = nf_cursor_bytes(c, len);
	if (at != NULL && memchr(at, '\0', len) != NULL)
		c->failed = true;
	return (struct nf_journal_text){(const char *)at, at != NULL ? len : 0};
}

static bool name_valid(const char *name)
{
	size_t len =
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	return len > 0 && name[len] == '\0';
}

static void get_ds(struct nf_cursor *c, struct nf_ds *ds)
{
	uint8_t kind = nf_cursor_u8(c);
	struct nf_journal_text name = get_text(c);
	if (kind > NF_DS_DERIVE || name.len == 0 || name.len > NF_DS_NAME_MAX) {
		c->failed = true;
		return;
	}
	ds->kind = (enum nf_ds_kind)kind;
	memcpy(ds->name, name.at, name.len);
	ds->name[name.len] = '\0';
	ds->min = nf_journal_number(nf_cursor_le64(c));
	ds->max = nf_journal_number(nf_cursor_le64(c));
	if (!name_valid(ds->name))
		c->failed = true;
}

static void get_shape(struct nf_cursor *c, struct nf_journal_record *out)
{
	struct nf_shape *shape = &out->shape.shape;
	memset(shape, 0, sizeof *shape);
	out->shape.number = nf_cursor_le32(c);
	shape->step_s = nf_cursor_le32(c);
	shape->heartbeat_s = nf_cursor_le32(c);
	shape->ds_len = nf_cursor_u8(c);
	if (shape->step_s == 0 || shape->step_s > 86400 || shape->heartbeat_s < shape->step_s ||
		shape->heartbeat_s > 864000 || shape->ds_len == 0 ||
		shape->ds_len > NF_DS_MAX || out->shape.number >= NF_JOURNAL_NUMBER_MAX) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < shape->ds_len && !c->failed; i++) {
		get_ds(c, &shape->ds[i]);
		for (size_t j = 0; j < i; j++)
			c->failed |= strcmp(shape->ds[i].name, shape->ds[j].name) == 0;
	}
}

static void get_define(struct nf_cursor *c, struct nf_journal_record *out)
{
	out->define.number = nf_cursor_le32(c);
	out->define.shape = nf_cursor_le32(c);
	out->define.network = get_text(c);
	out->define.device = get_text(c);
	out->define.series = get_text(c);
	if (out->define.number >= NF_JOURNAL_NUMBER_MAX ||
		out->define.shape >= NF_JOURNAL_NUMBER_MAX)
		c->failed = true;
}

static void get_sample(struct nf_cursor *c, struct nf_journal_record *out)
{
	out->sample.number = nf_cursor_le32(c);
	out->sample.wall_s = (int64_t)nf_cursor_le64(c);
	out->sample.known = nf_cursor_le16(c);
	out->sample.count = nf_cursor_u8(c);
	if (out->sample.count == 0 || out->sample.count > NF_DS_MAX) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < out->sample.count; i++)
		out->sample.bits[i] = nf_cursor_le64(c);
}

static void get_rename(struct nf_cursor *c, struct nf_journal_record *out)
{
	out->rename.network = get_text(c);
	out->rename.device = get_text(c);
	out->rename.old_series = get_text(c);
	out->rename.new_series = get_text(c);
}

enum nf_err nf_journal_get_body(const uint8_t *bytes, size_t len, struct nf_journal_record *out)
{
	static void (*const bodies[])(struct nf_cursor *, struct nf_journal_record *) = {
		[NF_JOURNAL_SHAPE] = get_shape,
		[NF_JOURNAL_DEFINE] = get_define,
		[NF_JOURNAL_SAMPLE] = get_sample,
		[NF_JOURNAL_RENAME] = get_rename,
	};
	struct nf_cursor c = nf_cursor_of(bytes, len);
	out->type = nf_cursor_u8(&c);
	if (out->type < sizeof bodies / sizeof bodies[0] && bodies[out->type] != NULL) {
		bodies[out->type](&c, out);
		if (nf_cursor_left(&c) != 0)
			c.failed = true;
	}
	return c.failed ? NF_ECORRUPT : NF_OK;
}

enum nf_err nf_journal_get(
	const uint8_t *bytes, size_t len, struct nf_journal_record *out, size_t *used)
{
	struct nf_cursor frame = nf_cursor_of(bytes, len);
	uint32_t length = nf_cursor_le32(&frame);
	uint32_t crc = nf_cursor_le32(&frame);
	if (frame.failed)
		return NF_ENOENT;
	if (length == 0 || length > NF_JOURNAL_RECORD_MAX)
		return NF_ECORRUPT;
	struct nf_cursor c = nf_cursor_sub(&frame, length);
	if (frame.failed)
		return NF_ENOENT;
	if (nf_crc32c(nf_crc32c(0, bytes, 4), c.at, length) != crc)
		return NF_ECORRUPT;
	enum nf_err rc = nf_journal_get_body(c.at, length, out);
	if (rc == NF_OK)
		*used = NF_JOURNAL_FRAME + length;
	return rc;
}
