// SPDX-License-Identifier: GPL-3.0-or-later
/* profile_yaml: a profile's YAML nodes into structs, by tables of keys.
 * Shape:   a mapping is read by a table, in the table's order, whatever its own order is: a key may so
 *          rely on those above it. Every mistake is noted and reading goes on.
 * Memory:  everything read lives in the arena.
 */
#pragma once

#include "base/mem.h"
#include "conf/diag.h"
#include "conf/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

struct nf_reader {
	const char *file;
	yaml_document_t *doc;
	struct nf_diags *diags;
	struct nf_arena *arena;
	struct nf_profile *profile; /* being read */
	struct nf_group *group;	    /* being read; its fields grow */
};

typedef void nf_read_fn(struct nf_reader *r, yaml_node_t *node, void *target);

struct nf_reader_key {
	const char *name;
	nf_read_fn *read;
	size_t offset; /* of the target in the struct */
	bool required;
};

void nf_read_error(struct nf_reader *r, const yaml_node_t *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* False when the node is no mapping. */
bool nf_read_mapping(struct nf_reader *r, yaml_node_t *node, const struct nf_reader_key *keys,
	size_t len, void *target);
/* The text of a scalar; NULL, and a mistake noted, when it is none, is empty or holds a NUL. */
const char *nf_read_scalar(struct nf_reader *r, yaml_node_t *node);
/* How many items a sequence has; a scalar or mapping counts as a sequence of one. */
size_t nf_read_count(const yaml_node_t *node);
yaml_node_t *nf_read_item(struct nf_reader *r, yaml_node_t *node, size_t i);
/* The number of `text` in the words, or -1 with a mistake noted. */
int nf_read_word(struct nf_reader *r, yaml_node_t *node, const char *const *words, size_t len);
/* The field of this name in the group being read, or NF_NO_FIELD with a mistake noted. */
uint8_t nf_read_field_named(
	struct nf_reader *r, const struct nf_group *group, yaml_node_t *node);
bool nf_read_number(struct nf_reader *r, yaml_node_t *node, double *out);
bool nf_read_integer(struct nf_reader *r, yaml_node_t *node, int64_t *out);

/* Readers for tables; the target's type is said. */
nf_read_fn nf_read_text;     /* const char * */
nf_read_fn nf_read_name;     /* const char *, [A-Za-z][A-Za-z0-9_-]* */
nf_read_fn nf_read_bool;     /* bool */
nf_read_fn nf_read_double;   /* double */
nf_read_fn nf_read_texts;    /* struct nf_text_list */
nf_read_fn nf_read_prefixes; /* struct nf_oid_prefixes */
nf_read_fn nf_read_expr;     /* const struct nf_expr * */
nf_read_fn nf_read_exprs;    /* struct nf_expr_list */
nf_read_fn nf_read_field;    /* uint8_t */
/* An OID of at least two sub-identifiers. */
bool nf_read_oid(struct nf_reader *r, yaml_node_t *node, const uint32_t **ids, size_t *len);
/* Up to max fields; *len gets how many. */
void nf_read_fields(
	struct nf_reader *r, yaml_node_t *node, uint8_t *fields, size_t max, size_t *len);

/* conf/profile_meaning.c */
nf_read_fn nf_read_series_list; /* struct nf_group: series */
nf_read_fn nf_read_check_list;	/* struct nf_group: checks */
/* conf/profile_read.c: the whole of a document into r->profile. */
void nf_read_profile(struct nf_reader *r, yaml_node_t *root);
