// SPDX-License-Identifier: GPL-3.0-or-later
/* The schema documents itself, its defaults are valid, and its order is that of the enums. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "conf/schema.h"
#include "conf/schema_text.h"
#include "conf/site.h"
#include "conf/value.h"

static void for_each_key(const struct nf_section *section,
	void (*look)(const struct nf_key *key, void *ctx), void *ctx)
{
	for (size_t i = 0; i < section->len; i++) {
		look(&section->keys[i], ctx);
		if (section->keys[i].section)
			for_each_key(section->keys[i].section, look, ctx);
	}
	for (size_t i = 0; i < section->kinds_len; i++)
		for_each_key(section->kinds[i], look, ctx);
}

static void require_doc(const struct nf_key *key, void *ctx)
{
	const char *manual = ctx;
	struct nf_strbuf entry = {0};
	size_t len = key->doc ? strlen(key->doc) : 0;

	if (len < 8 || (key->doc[len - 1] != '.' && key->doc[len - 1] != '?'))
		fail_msg("%s has no sentence in the manual", key->name);
	nf_strbuf_putc(&entry, '*');
	for (const char *p = key->name; *p; p++)
		nf_strbuf_printf(&entry, "%s%c", *p == '_' ? "\\" : "", *p);
	nf_strbuf_puts(&entry, "* (");
	if (!strstr(manual, entry.data))
		fail_msg("%s is not in the manual", key->name);
	nf_strbuf_free(&entry);
}

static char *manual_text(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	nf_schema_print_manual(to);
	fclose(to);
	return text;
}

static void schema__every_key__is_in_the_manual(void **state)
{
	char *manual = manual_text();

	(void)state;
	for_each_key(nf_schema_site(), require_doc, manual);
	free(manual);
}

/* What the type and the table say about a key must fit together. */
static void require_sense(const struct nf_key *key, void *ctx)
{
	bool section = key->type == NF_TYPE_SECTION || key->type == NF_TYPE_SECTION_PTR;

	(void)ctx;
	if ((key->type == NF_TYPE_WORD) != (key->words != NULL))
		fail_msg("%s: words", key->name);
	if (section != (key->section != NULL))
		fail_msg("%s: section", key->name);
	if (key->type == NF_TYPE_REFERENCE && key->table == NF_TABLE_NONE)
		fail_msg("%s: refers to nothing", key->name);
	if ((key->flags & NF_KEY_REQUIRED) && key->fallback)
		fail_msg("%s: required, but has a default", key->name);
	if ((key->flags & NF_KEY_LIST) && key->fallback)
		fail_msg("%s: a list has no default", key->name);
}

static void require_valid_default(const struct nf_key *key, void *ctx)
{
	char target[256] = {0};
	struct nf_why why;

	if (key->fallback && !(key->flags & NF_KEY_COMPUTED) &&
		nf_value_parse(ctx, key, key->fallback, target, &why) != NF_OK)
		fail_msg("%s: its default %s is not valid", key->name, key->fallback);
}

static void schema__every_key__makes_sense(void **state)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_site site = {.arena = arena, .file = "site.yaml"};
	struct nf_diags *diags = nf_diags_new();
	struct nf_bind *b = nf_bind_new(&site, diags, site.file);

	(void)state;
	for_each_key(nf_schema_site(), require_sense, NULL);
	for_each_key(nf_schema_site(), require_valid_default, b);
	nf_bind_free(b);
	nf_diags_free(diags);
	nf_arena_free(arena);
}

static const struct nf_key *find(const struct nf_section *section, const char *name)
{
	for (size_t i = 0; i < section->len; i++) {
		if (strcmp(section->keys[i].name, name) == 0)
			return &section->keys[i];
	}
	fail_msg("no key %s", name);
	return NULL;
}

static void schema__words__in_the_enums_order(void **state)
{
	const struct nf_section *snmp = find(nf_schema_site(), "snmp")->section;
	const struct nf_section *proofs =
		find(find(nf_schema_site(), "backups")->section, "proofs")->section;
	const char *const *auth = find(find(snmp, "auth")->section, "protocol")->words;
	const char *const *priv = find(find(snmp, "priv")->section, "protocol")->words;

	(void)state;
	assert_string_equal(nf_role_text(NF_ROLE_LEGACY), "legacy");
	assert_string_equal(nf_role_text(NF_ROLE_LAB), "lab");
	assert_string_equal(nf_kind_text(NF_KIND_ROUTER), "router");
	assert_string_equal(nf_kind_text(NF_KIND_UPS), "ups");
	assert_string_equal(nf_kind_text(NF_KIND_OTHER), "other");
	assert_string_equal(find(snmp, "version")->words[NF_SNMP_V3], "3");
	assert_string_equal(find(snmp, "level")->words[NF_SNMP_AUTH_PRIV], "authPriv");
	assert_string_equal(auth[NF_AUTH_SHA512], "SHA-512");
	assert_string_equal(auth[NF_AUTH_SHA], "SHA");
	assert_string_equal(priv[NF_PRIV_AES], "AES");
	assert_string_equal(priv[NF_PRIV_AES256], "AES-256");
	assert_string_equal(
		find(find(nf_schema_site(), "mail")->section, "tls")->words[NF_TLS_NEVER],
		"never");
	assert_int_equal(proofs->kinds_len, NF_PROOF_PLUGIN + 1);
	assert_string_equal(proofs->kinds[NF_PROOF_ARTEFACT]->name, "artefact");
	assert_string_equal(proofs->kinds[NF_PROOF_LOCK]->name, "lock");
	assert_string_equal(proofs->kinds[NF_PROOF_ZFS]->name, "zfs");
	assert_string_equal(proofs->kinds[NF_PROOF_PLUGIN]->name, "plugin");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema__every_key__is_in_the_manual),
		cmocka_unit_test(schema__every_key__makes_sense),
		cmocka_unit_test(schema__words__in_the_enums_order),
	};

	return NF_RUN(tests, argc, argv);
}
