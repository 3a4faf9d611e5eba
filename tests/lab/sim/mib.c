// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/mib.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct nf_sim_mib *nf_sim_mib_new(void)
{
	struct nf_sim_mib *mib = nf_xcalloc(1, sizeof *mib);

	mib->arena = nf_arena_new();
	return mib;
}

void nf_sim_mib_free(struct nf_sim_mib *mib)
{
	if (!mib)
		return;
	nf_arena_free(mib->arena);
	free(mib->entries);
	free(mib);
}

static struct nf_sim_entry *add(struct nf_sim_mib *mib, const struct nf_sim_oid *oid)
{
	uint8_t content[NF_SIM_BER_OID_MAX];
	size_t content_len = nf_sim_ber_oid(content, oid->ids, oid->len);
	size_t head = nf_sim_ber_head_size(content_len);
	size_t ids_size = oid->len * sizeof *oid->ids;
	uint8_t *bytes = nf_arena_alloc(mib->arena, ids_size + head + content_len);

	memcpy(bytes, oid->ids, ids_size);
	memcpy(nf_sim_ber_put_head(bytes + ids_size, NF_SIM_OBJECT, content_len), content,
		content_len);
	mib->entries = nf_grow(mib->entries, mib->len, &mib->cap, sizeof *mib->entries);
	struct nf_sim_entry *entry = &mib->entries[mib->len];

	*entry = (struct nf_sim_entry){
		.ids = (const uint32_t *)(const void *)bytes,
		.oid = bytes + ids_size,
		.ids_len = (uint16_t)oid->len,
		.oid_len = (uint16_t)(head + content_len),
		.row = (uint32_t)mib->len++, /* for a stable sort, unless it is a field's row */
	};
	return entry;
}

void nf_sim_mib_add(struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag,
	const uint8_t *bytes, size_t len)
{
	struct nf_sim_entry *entry = add(mib, oid);
	uint8_t *copy = nf_arena_alloc(mib->arena, len + 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	entry->tag = tag;
	entry->bytes = copy;
	entry->len = (uint32_t)len;
}

void nf_sim_mib_add_number(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag, int64_t number)
{
	uint8_t content[NF_SIM_BER_INTEGER_MAX];

	nf_sim_mib_add(mib, oid, tag, content, nf_sim_ber_signed(content, number));
}

void nf_sim_mib_add_text(struct nf_sim_mib *mib, const struct nf_sim_oid *oid, const char *text)
{
	nf_sim_mib_add(mib, oid, NF_SIM_OCTETS, (const uint8_t *)text, strlen(text));
}

void nf_sim_mib_add_field(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint16_t field, uint32_t row)
{
	struct nf_sim_entry *entry = add(mib, oid);

	entry->field = field;
	entry->row = row;
}

static int by_oid(const void *a, const void *b)
{
	const struct nf_sim_entry *x = a;
	const struct nf_sim_entry *y = b;
	int order = nf_sim_oid_compare(x->ids, x->ids_len, y->ids, y->ids_len);

	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

void nf_sim_mib_finish(struct nf_sim_mib *mib)
{
	size_t kept = 0;

	if (mib->len == 0)
		return;
	qsort(mib->entries, mib->len, sizeof *mib->entries, by_oid);
	for (size_t i = 1; i < mib->len; i++) {
		const struct nf_sim_entry *last = &mib->entries[kept];
		const struct nf_sim_entry *next = &mib->entries[i];

		if (nf_sim_oid_compare(last->ids, last->ids_len, next->ids, next->ids_len) != 0)
			mib->entries[++kept] = *next;
	}
	mib->len = kept + 1;
}

size_t nf_sim_mib_seek(const struct nf_sim_mib *mib, const uint32_t *ids, size_t len)
{
	size_t low = 0;
	size_t high = mib->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct nf_sim_entry *entry = &mib->entries[middle];

		if (nf_sim_oid_compare(entry->ids, entry->ids_len, ids, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t nf_sim_mib_behind(const struct nf_sim_mib *mib, const struct nf_sim_oid *prefix)
{
	struct nf_sim_oid next = *prefix;

	while (next.len > 0 && next.ids[next.len - 1] == UINT32_MAX)
		next.len--;
	if (next.len == 0)
		return mib->len;
	next.ids[next.len - 1]++;
	return nf_sim_mib_seek(mib, next.ids, next.len);
}

void nf_sim_value_number(struct nf_sim_value *out, uint8_t tag, uint64_t number)
{
	out->tag = tag;
	out->bytes = out->room;
	out->len =
		(uint32_t)(tag == NF_SIM_INTEGER ? nf_sim_ber_signed(out->room, (int64_t)number)
						 : nf_sim_ber_unsigned(out->room, number));
}

void nf_sim_value_text(struct nf_sim_value *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf((char *)out->room, sizeof out->room, format, args);
	va_end(args);
	assert(len >= 0);
	out->tag = NF_SIM_OCTETS;
	out->bytes = out->room;
	out->len = (size_t)len < sizeof out->room ? (uint32_t)len : sizeof out->room - 1;
}

void nf_sim_value_bytes(struct nf_sim_value *out, uint8_t tag, const uint8_t *bytes, size_t len)
{
	assert(len <= sizeof out->room);
	memcpy(out->room, bytes, len);
	out->tag = tag;
	out->bytes = out->room;
	out->len = (uint32_t)len;
}
