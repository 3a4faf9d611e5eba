// SPDX-License-Identifier: GPL-3.0-or-later
/* bind: the site file's nodes and the inventory's rows, put into the site's structs by the schema.
 * Shape:   one struct nf_bind a load; mistakes go to its diags and binding goes on, so that one run
 *          finds them all. Every bound value's place is remembered under the address of its field.
 * Memory:  everything bound lives in site->arena; the binder's own in its own.
 */
#pragma once

#include "conf/diag.h"
#include "conf/schema.h"
#include "conf/site.h"
#include "conf/yaml.h"

struct nf_place {
	const char *file;
	uint32_t line, column;
};

/* A name that will become a pointer once everything is bound. */
struct nf_pending {
	void *slot; /* of a pointer to const */
	const struct nf_key *key;
	const char *text;
	struct nf_place place;
};

struct nf_bind {
	struct nf_site *site;
	struct nf_diags *diags;
	struct nf_arena *arena; /* lives as long as the load */
	const char *file;	/* of which the values come now */
	const char *folder;	/* of the site file */
	struct nf_known_place *places;
	struct nf_pending *pending;
	size_t pending_len, pending_cap;
	const yaml_node_t *devices; /* the node of the key "devices"; NULL: not there */
	size_t comparisons_left;    /* names that may still be compared for "did you mean" */
};

struct nf_bind *nf_bind_new(struct nf_site *site, struct nf_diags *diags, const char *file);
void nf_bind_free(struct nf_bind *b);

void nf_bind_error(struct nf_bind *b, struct nf_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void nf_bind_warn(struct nf_bind *b, struct nf_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A name as messages show it: quoted, escaped, cut. Lives as long as the load. */
const char *nf_bind_quote(struct nf_bind *b, const char *text);
/* `; did you mean "x"?`, or "" where nothing is near. */
const char *nf_bind_hint(
	struct nf_bind *b, const char *text, const char *const *names, size_t len);

void nf_bind_remember(struct nf_bind *b, const void *field, struct nf_place place);
/* Whether the file gave this field a value. */
bool nf_bind_given(const struct nf_bind *b, const void *field);
/* Whether that value was a mistake: then nothing follows from it. */
bool nf_bind_wrong(const struct nf_bind *b, const void *field);
/* Where; the whole file for a field that has its default. */
struct nf_place nf_bind_place(const struct nf_bind *b, const void *field);

/* One value from its text, by the key's type and bounds, a reference included. */
void nf_bind_value(struct nf_bind *b, const struct nf_key *key, const char *text,
	struct nf_place place, void *target);
/* The values that keys have when they are left out. */
void nf_bind_default(struct nf_bind *b, const struct nf_key *key, void *target);
void nf_bind_defaults(struct nf_bind *b, const struct nf_section *section, void *target);
/* A mapping into its struct; also where its references will be filled in later. */
void nf_bind_section(struct nf_bind *b, yaml_document_t *doc, const yaml_node_t *node,
	const struct nf_section *section, void *target);
struct nf_place nf_bind_node_place(const struct nf_bind *b, const yaml_node_t *node);

/* A list of the key's values; how many, and then each into items[]. Mistakes in its shape are said by
 * the first. */
size_t nf_bind_list_len(struct nf_bind *b, const struct nf_key *key, const yaml_node_t *node);
void nf_bind_list(struct nf_bind *b, yaml_document_t *doc, const struct nf_key *key,
	const yaml_node_t *node, void *items);
