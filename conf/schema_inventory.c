// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema_key.h"

static const char *const format_words[] = {"netfold", "netbox", NULL};
static const char *const separator_words[] = {"comma", "semicolon", "tab", NULL};
static const char *const encoding_words[] = {"utf-8", "windows-1252", NULL};
static const char *const incomplete_words[] = {"mistake", "left-out", NULL};

/* clang-format off */
/* In the order of the device's own keys, so that an index says which is meant. */
#define COLUMN(i, key_name) \
	KEY(key_name, TEXT, 0, (i) * sizeof(const char *), NULL, NULL, NULL, "For " key_name ".")
#define COLUMNS \
	COLUMN(0, "name"), \
	COLUMN(1, "kind"), \
	COLUMN(2, "network"), \
	COLUMN(3, "address"), \
	COLUMN(4, "common_address"), \
	COLUMN(5, "mac"), \
	COLUMN(6, "snmp"), \
	COLUMN(7, "parent"), \
	COLUMN(8, "service"), \
	COLUMN(9, "owner"), \
	COLUMN(10, "deputy"), \
	COLUMN(11, "runbook"), \
	COLUMN(12, "wave"), \
	COLUMN(13, "acquired"), \
	COLUMN(14, "silent")
static const struct nf_key column_keys[] = {COLUMNS};
_Static_assert(sizeof column_keys / sizeof column_keys[0] == NF_DEVICE_COLUMNS, "a column each");
static const struct nf_section columns_section = {.name = "columns", KEYS(column_keys),
	.size = NF_DEVICE_COLUMNS * sizeof(const char *)};
static const struct nf_section otherwise_section = {.name = "otherwise", KEYS(column_keys),
	.size = NF_DEVICE_COLUMNS * sizeof(const char *)};

#define AT(member) offsetof(struct nf_inventory_word, member)
static const struct nf_key word_keys[] = {
	KEY("column", TEXT, REQUIRED, AT(column), NULL, NULL, NULL,
		"The column of ours that it is for: kind, network, service and so on."),
	KEY("from", GLOB, REQUIRED, AT(from), NULL, NULL, NULL,
		"What the inventory says: a word, or a pattern such as *switch*; case does not matter."),
	KEY("to", TEXT, REQUIRED, AT(to), NULL, NULL, NULL, "What netfold shall read instead."),
};
#undef AT
static const struct nf_section word_section = {.name = "values", KEYS(word_keys),
	.size = sizeof(struct nf_inventory_word), .finish = nf_finish_inventory_word};

#define AT(member) offsetof(struct nf_inventory_only, member)
static const struct nf_key only_keys[] = {
	KEY("header", TEXT, REQUIRED, AT(header), NULL, NULL, NULL,
		"A header of the inventory's; case does not matter."),
	KEY("is", GLOB, REQUIRED, AT(is), NULL, NULL, NULL,
		"The word, or pattern, that rows must have there; case does not matter."),
};
#undef AT
static const struct nf_section only_section = {.name = "only", KEYS(only_keys),
	.size = sizeof(struct nf_inventory_only)};

#define AT(member) offsetof(struct nf_inventory_map, member)
static const struct nf_key inventory_keys[] = {
	KEY("format", WORD, 0, AT(format), NULL, NULL, "netfold",
		"Whose file it is. With netbox, the headers, roles and addresses (10.1.0.5/24) of NetBox's own "
		"CSV export are understood, and its rows without a name or an address are left out.",
		.words = format_words),
	KEY("separator", WORD, 0, AT(separator), NULL, NULL, "comma",
		"What stands between two fields.", .words = separator_words),
	KEY("encoding", WORD, 0, AT(encoding), NULL, NULL, "utf-8",
		"How its letters are written. windows-1252, which reads ISO 8859-1 (Latin-1) as well, is what Excel "
		"saves as plain CSV. UTF-16 is known by its byte order mark.",
		.words = encoding_words),
	KEY("header_line", COUNT, 0, AT(header_line), "1", "1000", "1",
		"The line with the headers, where titles stand above it."),
	KEY("incomplete", WORD, 0, AT(incomplete), NULL, NULL, "mistake",
		"What a row without a name or an address is: a mistake; or a heading or a patch panel, which is left "
		"out, and counted. NetBox's are left out.",
		.words = incomplete_words),
	KEY("repeat", TEXT, LIST, AT(repeat), NULL, NULL, NULL,
		"Columns of ours in which an empty field means the one above, as merged cells are saved. "
		"The row above need not count."),
	KEY("only", SECTION, LIST, AT(only), NULL, NULL, NULL,
		"Which rows count, by any of the inventory's columns: those that fit all of these. An empty field "
		"of a column that repeats is what it means.",
		.section = &only_section),
	KEY("columns", SECTION, 0, AT(columns), NULL, NULL, NULL,
		"The header that the inventory has for a column of ours; case does not matter.",
		.section = &columns_section),
	KEY("otherwise", SECTION, 0, AT(otherwise), NULL, NULL, NULL,
		"The value where the inventory has no such column, or nothing in it.",
		.section = &otherwise_section),
	KEY("values", SECTION, LIST, AT(values), NULL, NULL, NULL,
		"Other words for values; the first that fits counts.", .section = &word_section),
};
#undef AT
/* clang-format on */

const struct nf_section nf_schema_inventory = {.name = "inventory",
	KEYS(inventory_keys),
	.size = sizeof(struct nf_inventory_map),
	.finish = nf_finish_inventory};
