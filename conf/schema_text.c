// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema_text.h"

#include <string.h>

#include "base/strbuf.h"
#include "conf/schema.h"
#include "conf/value.h"

/* What scdoc would take for emphasis. */
static void print_escaped(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (strchr("*_\\", *text))
			fputc('\\', to);
		fputc(*text, to);
	}
}

static void print_type(FILE *to, const struct nf_key *key)
{
	if (key->section) {
		fputs(key->flags & NF_KEY_LIST ? "list of entries" : "keys", to);
		return;
	}
	if (key->flags & NF_KEY_LIST)
		fputs("list of: ", to);
	if (key->type == NF_TYPE_REFERENCE) {
		fprintf(to, "name of a %s", nf_table_noun(key->table));
	} else if (key->type == NF_TYPE_WORD) {
		for (size_t i = 0; key->words[i]; i++)
			fprintf(to, "%s%s", i == 0 ? "" : " | ", key->words[i]);
	} else {
		fputs(nf_type_name(key->type), to);
	}
}

static void print_key(FILE *to, const char *prefix, const struct nf_key *key)
{
	fputs("*", to);
	print_escaped(to, prefix);
	print_escaped(to, key->name);
	fputs("* (", to);
	print_type(to, key);
	if (key->min && key->max)
		fprintf(to, ", %s to %s", key->min, key->max);
	else if (key->min)
		fprintf(to, ", at least %s", key->min);
	if (key->flags & NF_KEY_REQUIRED)
		fputs("; required", to);
	if (key->fallback && key->fallback[0] != '\0') {
		fputs("; default ", to);
		print_escaped(to, key->fallback);
	}
	fputs(")\n\t", to);
	print_escaped(to, key->doc);
	fputs("\n\n", to);
}

static void print_section(FILE *to, const char *path, const struct nf_section *section);

/* Sections of one struct each stand with their own heading, behind the keys. */
static void print_keys(FILE *to, const char *path, const struct nf_section *section)
{
	for (size_t i = 0; i < section->len; i++)
		print_key(to, "", &section->keys[i]);
	for (size_t i = 0; i < section->len; i++) {
		const struct nf_key *key = &section->keys[i];
		struct nf_strbuf below = {0};

		if (!key->section)
			continue;
		nf_strbuf_printf(&below, "%s.%s", path, key->name);
		print_section(to, below.data, key->section);
		nf_strbuf_free(&below);
	}
}

static void print_section(FILE *to, const char *path, const struct nf_section *section)
{
	fputs("## ", to);
	print_escaped(to, path);
	fputs("\n\n", to);
	print_keys(to, path, section);
	for (size_t i = 0; i < section->kinds_len; i++) {
		struct nf_strbuf kind = {0};

		nf_strbuf_printf(&kind, "%s, kind: %s", path, section->kinds[i]->name);
		print_section(to, kind.data, section->kinds[i]);
		nf_strbuf_free(&kind);
	}
}

void nf_schema_print_manual(FILE *to)
{
	fputs("## The file\n\n", to);
	for (size_t i = 0; i < nf_schema_site()->len; i++)
		print_key(to, "", &nf_schema_site()->keys[i]);
	for (size_t i = 0; i < nf_schema_site()->len; i++) {
		if (nf_schema_site()->keys[i].section)
			print_section(to, nf_schema_site()->keys[i].name,
				nf_schema_site()->keys[i].section);
	}
}

static void print_defaults(FILE *to, const char *path, const struct nf_section *section)
{
	for (size_t i = 0; i < section->len; i++) {
		const struct nf_key *key = &section->keys[i];
		struct nf_strbuf below = {0};

		nf_strbuf_printf(&below, "%s%s%s", path, path[0] != '\0' ? "." : "", key->name);
		if (key->section)
			print_defaults(to, below.data, key->section);
		else if (key->fallback)
			fprintf(to, "%s: %s\n", below.data,
				key->fallback[0] != '\0' ? key->fallback : "\"\"");
		nf_strbuf_free(&below);
	}
	for (size_t i = 0; i < section->kinds_len; i++) {
		struct nf_strbuf kind = {0};

		nf_strbuf_printf(&kind, "%s[%s]", path, section->kinds[i]->name);
		print_defaults(to, kind.data, section->kinds[i]);
		nf_strbuf_free(&kind);
	}
}

void nf_schema_print_defaults(FILE *to)
{
	print_defaults(to, "", nf_schema_site());
}
