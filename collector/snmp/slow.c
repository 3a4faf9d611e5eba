// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/slow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "collector/snmp/oid.h"

/* rows[i] is where row i begins in `bytes`: a struct packed_row, its index, then its cells, each a struct
 * packed_cell and its octets, all aligned for sub-identifiers. */
struct nf_slow {
	size_t len;
	uint32_t *rows;
	_Alignas(4) uint8_t bytes[];
};

struct packed_row {
	uint32_t index_len;
};

struct packed_cell {
	uint8_t type, asn_type;
	uint16_t zero;
	uint32_t len; /* octets or sub-identifiers */
};

#define ALIGNED(n) (((n) + 3u) & ~(size_t)3u)

static bool is_slow(const struct nf_group *group, size_t field)
{
	return group->fields[field].source == NF_FIELD_COLUMN && group->fields[field].slow;
}

static void put(struct nf_strbuf *out, const void *bytes, size_t len)
{
	static const char zeros[4];

	nf_strbuf_add(out, bytes, len);
	nf_strbuf_add(out, zeros, ALIGNED(len) - len);
}

static void pack_cell(struct nf_strbuf *out, const struct nf_cell *cell)
{
	struct packed_cell head = {
		.type = cell->type, .asn_type = cell->asn_type, .len = cell->len};

	put(out, &head, sizeof head);
	switch ((enum nf_cell_type)cell->type) {
	case NF_CELL_ABSENT:
		break;
	case NF_CELL_INTEGER:
	case NF_CELL_UNSIGNED:
		put(out, &cell->number, sizeof cell->number);
		break;
	case NF_CELL_OID:
		put(out, cell->ids, cell->len * sizeof *cell->ids);
		break;
	default:
		put(out, cell->octets, cell->len);
		break;
	}
}

struct nf_slow *nf_slow_take(const struct nf_part *part)
{
	const struct nf_group *group = part->group;
	struct nf_strbuf bytes = {0};
	struct nf_slow *slow;
	size_t columns = 0;

	for (size_t i = 0; i < group->columns_len; i++)
		columns += is_slow(group, i);
	if (columns == 0)
		return NULL;
	uint32_t *rows = nf_xcalloc(part->records_len + 1, sizeof *rows);
	for (size_t r = 0; r < part->records_len; r++) {
		const struct nf_record *record = &part->records[r];
		struct packed_row head = {(uint32_t)record->index.len};

		rows[r] = (uint32_t)bytes.len;
		put(&bytes, &head, sizeof head);
		put(&bytes, record->index.ids, record->index.len * sizeof(uint32_t));
		for (size_t i = 0; i < group->columns_len; i++) {
			if (is_slow(group, i))
				pack_cell(&bytes, &record->cells[i]);
		}
	}
	slow = nf_xmalloc(sizeof *slow + bytes.len + 1);
	slow->len = part->records_len;
	slow->rows = rows;
	if (bytes.len)
		memcpy(slow->bytes, bytes.data, bytes.len);
	nf_strbuf_free(&bytes);
	return slow;
}

void nf_slow_free(struct nf_slow *slow)
{
	if (!slow)
		return;
	free(slow->rows);
	free(slow);
}

/* Rows stand in the order of their index. */
static int compare_row(const struct nf_slow *slow, size_t at, const struct nf_oid *index,
	const uint8_t **cells)
{
	struct packed_row head;
	const uint8_t *p = slow->bytes + slow->rows[at];

	memcpy(&head, p, sizeof head);
	p += sizeof head;
	struct nf_oid own = {(const uint32_t *)(const void *)p, head.index_len};
	*cells = p + head.index_len * sizeof(uint32_t);
	return nf_oid_compare(&own, index);
}

static const uint8_t *find_row(
	const struct nf_slow *slow, size_t at, const struct nf_oid *index)
{
	const uint8_t *cells;
	size_t low = 0, high = slow->len;

	if (at < high && compare_row(slow, at, index, &cells) == 0)
		return cells;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_row(slow, middle, index, &cells);

		if (order == 0)
			return cells;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const uint8_t *unpack_cell(const uint8_t *p, struct nf_cell *cell)
{
	struct packed_cell head;

	memcpy(&head, p, sizeof head);
	p += sizeof head;
	*cell = (struct nf_cell){.type = head.type, .asn_type = head.asn_type, .len = head.len};
	switch ((enum nf_cell_type)head.type) {
	case NF_CELL_ABSENT:
		return p;
	case NF_CELL_INTEGER:
	case NF_CELL_UNSIGNED:
		memcpy(&cell->number, p, sizeof cell->number);
		return p + sizeof cell->number;
	case NF_CELL_OID:
		cell->ids = (const uint32_t *)(const void *)p;
		return p + head.len * sizeof(uint32_t);
	default:
		cell->octets = p;
		return p + ALIGNED(head.len);
	}
}

bool nf_slow_put_back(const struct nf_slow *slow, const struct nf_group *group, size_t at,
	const struct nf_oid *index, struct nf_cell *cells)
{
	const uint8_t *p = slow ? find_row(slow, at, index) : NULL;
	bool wanted = false;

	for (size_t i = 0; i < group->columns_len; i++) {
		if (!is_slow(group, i))
			continue;
		wanted = true;
		if (p)
			p = unpack_cell(p, &cells[i]);
	}
	return p || !wanted;
}
