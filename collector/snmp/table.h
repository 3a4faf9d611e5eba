// SPDX-License-Identifier: GPL-3.0-or-later
/* table: what an agent gave, as rows and cells; the piece between asking (walk) and meaning (profiles).
 * Shape:   a query names columns (OIDs without the index) of one conceptual table, or scalars (OIDs with
 *          their .0). A result has one cell per column and row; rows are sorted by index, an index
 *          appears once. What the agent does not give is NF_CELL_ABSENT, never zero.
 * Types:   numeric columns accept INTEGER, Counter32, Gauge32, TimeTicks, UInteger32 and Counter64 by
 *          value; any other type in them makes the result incomplete with a reason. An Opaque float
 *          or double (net-snmp's extension, UCD-SNMP-MIB laLoadFloat) is OCTETS: IEEE 754, big-endian,
 *          with asn_type 0x78 or 0x79. IpAddress that is not 4 octets long is OCTETS, too.
 * Memory:  a result owns everything below it: nf_result_free. Octets are not NUL-terminated.
 * Source:  RFC 2578 (types), RFC 3416 (exceptions).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_OID_MAX 128 /* sub-identifiers, RFC 2578 3.5 */

struct nf_oid {
	const uint32_t *ids;
	size_t len;
};

enum nf_cell_type {
	NF_CELL_ABSENT,
	NF_CELL_INTEGER,  /* signed: INTEGER */
	NF_CELL_UNSIGNED, /* Counter32/64, Gauge32, TimeTicks, UInteger32 */
	NF_CELL_OCTETS,	  /* OCTET STRING, Opaque, BITS */
	NF_CELL_OID,
	NF_CELL_ADDRESS, /* IpAddress: 4 octets */
};

struct nf_cell {
	uint8_t type;	  /* enum nf_cell_type */
	uint8_t asn_type; /* the tag on the wire: 0x41 Counter32, 0x46 Counter64, … */
	uint32_t len;	  /* octets, or sub-identifiers */
	union {
		int64_t integer;
		uint64_t number;
		const uint8_t *octets; /* OCTETS and ADDRESS */
		const uint32_t *ids;
	};
};

enum nf_column_kind {
	NF_COLUMN_NUMBER, /* INTEGER or UNSIGNED */
	NF_COLUMN_OCTETS, /* OCTETS, ADDRESS accepted too */
	NF_COLUMN_OID,
	NF_COLUMN_ANY,
};

struct nf_column {
	struct nf_oid oid;
	uint8_t kind; /* enum nf_column_kind */
};

/* All of these are borrowed while the query is under way. */
struct nf_query {
	const struct nf_column *columns;
	size_t columns_len;
	bool scalars; /* GET instead of walking; the result has one row with an empty index */
	uint32_t max_rows; /* over it the result is incomplete; 0: 100,000 */
	uint16_t
		vlan; /* asked in this VLAN's context: community@10, context vlan-10; 0: as usual */
};

struct nf_row {
	struct nf_oid index;
	struct nf_cell *cells; /* one per column of the query */
};

enum nf_result_state {
	NF_RESULT_COMPLETE,
	NF_RESULT_INCOMPLETE, /* ended early, looped, went backwards, wrong type, over a cap: see why */
	NF_RESULT_TIMEOUT, /* the agent stopped answering, or never did */
	NF_RESULT_REFUSED, /* the agent answered that it will not: v3 report, authorizationError */
};

struct nf_result {
	enum nf_result_state state;
	const char *why; /* one line for people; "" when complete */
	struct nf_row *rows;
	size_t rows_len;
	int64_t answered_wall_us; /* when the first answer came: dates the samples */
	void *memory;		  /* what else to free; NULL when it is all one block */
};

void nf_result_free(struct nf_result *result); /* takes; NULL is fine */
/* The row of this index, or NULL. O(log n). */
const struct nf_row *nf_result_row(const struct nf_result *result, const struct nf_oid *index);
