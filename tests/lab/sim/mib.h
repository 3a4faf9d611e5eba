// SPDX-License-Identifier: GPL-3.0-or-later
/* mib: a sorted table of objects, already encoded; several agents may share one.
 * Shape:   an entry holds its OID twice (numbers to compare, bytes to send) and either the bytes of its
 *          value or a field and row that the synthetic switch makes a value of when it is asked for.
 * Memory:  the table owns everything in it. A value borrows from the table or from its own `room`.
 */
#pragma once

#include "tests/lab/sim/ber.h"

struct nf_sim_value {
	const uint8_t *bytes; /* the content, without tag and length */
	uint32_t len;
	uint8_t tag;	  /* enum nf_sim_tag */
	uint8_t room[96]; /* where computed content stands */
};

struct nf_sim_entry {
	const uint32_t *ids;
	const uint8_t *oid;   /* the whole encoded element */
	const uint8_t *bytes; /* the value's content; NULL: computed */
	uint32_t len;
	uint32_t row; /* of a field: a port */
	uint16_t ids_len;
	uint16_t oid_len;
	uint16_t field; /* enum nf_sim_field */
	uint8_t tag;
};

struct nf_sim_mib {
	struct nf_sim_entry *entries;
	size_t len;
	size_t cap;
	struct nf_arena *arena;
};

struct nf_sim_mib *nf_sim_mib_new(void);
void nf_sim_mib_free(struct nf_sim_mib *mib); /* takes; NULL is fine */

/* Copies everything it is given. Afterwards nf_sim_mib_finish is owed. */
void nf_sim_mib_add(struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag,
	const uint8_t *bytes, size_t len);
void nf_sim_mib_add_number(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag, int64_t number);
void nf_sim_mib_add_text(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, const char *text);
void nf_sim_mib_add_field(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint16_t field, uint32_t row);
/* Sorts; of entries with one OID the first added stays. */
void nf_sim_mib_finish(struct nf_sim_mib *mib);

/* The place of the first entry that is not before ids; mib->len when there is none. */
size_t nf_sim_mib_seek(const struct nf_sim_mib *mib, const uint32_t *ids, size_t len);
/* The place behind everything that begins with prefix. */
size_t nf_sim_mib_behind(const struct nf_sim_mib *mib, const struct nf_sim_oid *prefix);

/* Fills a value with a number or with at most sizeof room bytes of text. */
void nf_sim_value_number(struct nf_sim_value *out, uint8_t tag, uint64_t number);
void nf_sim_value_text(struct nf_sim_value *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void nf_sim_value_bytes(
	struct nf_sim_value *out, uint8_t tag, const uint8_t *bytes, size_t len);
