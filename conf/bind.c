// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/bind.h"

#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#define HASH_FUNCTION HASH_FNV /* the default falls through cases, which clang warns of */
#include <uthash.h>

#include "base/text.h"
#include "conf/value.h"

#define QUOTED_MAX	80
#define COMPARISONS_MAX 2000000

struct nf_known_place {
	const void *field;
	struct nf_place place;
	bool wrong; /* the value there was a mistake, which has been said */
	UT_hash_handle hh;
};

struct nf_bind *nf_bind_new(struct nf_site *site, struct nf_diags *diags, const char *file)
{
	struct nf_bind *b = nf_xcalloc(1, sizeof *b);
	char *copy = nf_xstrdup(file);

	b->site = site;
	b->diags = diags;
	b->arena = nf_arena_new();
	b->file = file;
	b->folder = nf_arena_strdup(b->arena, dirname(copy));
	b->comparisons_left = COMPARISONS_MAX;
	free(copy);
	return b;
}

void nf_bind_free(struct nf_bind *b)
{
	if (!b)
		return;
	HASH_CLEAR(hh, b->places);
	nf_arena_free(b->arena);
	free(b->pending);
	free(b);
}

static void add(struct nf_bind *b, enum nf_severity severity, struct nf_place place,
	const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void add(struct nf_bind *b, enum nf_severity severity, struct nf_place place,
	const char *format, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, args);
	nf_diags_add(b->diags, severity, place.file, place.line, place.column, "%s", text);
}

void nf_bind_error(struct nf_bind *b, struct nf_place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(b, NF_DIAG_ERROR, place, format, args);
	va_end(args);
}

void nf_bind_warn(struct nf_bind *b, struct nf_place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(b, NF_DIAG_WARNING, place, format, args);
	va_end(args);
}

const char *nf_bind_quote(struct nf_bind *b, const char *text)
{
	char shown[QUOTED_MAX];

	return nf_arena_printf(
		b->arena, "\"%s\"", nf_text_escape_buf(shown, sizeof shown, text));
}

const char *nf_bind_hint(
	struct nf_bind *b, const char *text, const char *const *names, size_t len)
{
	const char *near;

	/* Of ten thousand misspelt names among ten thousand the first ones get a hint; of a name of one
	 * or two letters every other one would be near. */
	if (len > b->comparisons_left || strlen(text) < 3 || strlen(text) > 128)
		return "";
	b->comparisons_left -= len;
	near = nf_nearest(text, names, len);
	return near ? nf_arena_printf(b->arena, "; did you mean %s?", nf_bind_quote(b, near))
		    : "";
}

static struct nf_known_place *find_place(const struct nf_bind *b, const void *field)
{
	struct nf_known_place *known;

	HASH_FIND_PTR(b->places, &field, known);
	return known;
}

void nf_bind_remember(struct nf_bind *b, const void *field, struct nf_place place)
{
	struct nf_known_place *known = find_place(b, field);

	if (!known) {
		known = nf_arena_alloc(b->arena, sizeof *known);
		known->field = field;
		HASH_ADD_PTR(b->places, field, known);
	}
	known->place = place;
}

bool nf_bind_given(const struct nf_bind *b, const void *field)
{
	return find_place(b, field) != NULL;
}

bool nf_bind_wrong(const struct nf_bind *b, const void *field)
{
	const struct nf_known_place *known = find_place(b, field);

	return known && known->wrong;
}

struct nf_place nf_bind_place(const struct nf_bind *b, const void *field)
{
	const struct nf_known_place *known = find_place(b, field);

	return known ? known->place : (struct nf_place){b->site->file, 0, 0};
}

struct nf_place nf_bind_node_place(const struct nf_bind *b, const yaml_node_t *node)
{
	return (struct nf_place){b->file, (uint32_t)node->start_mark.line + 1,
		(uint32_t)node->start_mark.column + 1};
}

static void add_pending(struct nf_bind *b, const struct nf_key *key, const char *text,
	struct nf_place place, void *slot)
{
	b->pending = nf_grow(b->pending, b->pending_len, &b->pending_cap, sizeof *b->pending);
	b->pending[b->pending_len++] =
		(struct nf_pending){slot, key, nf_arena_strdup(b->arena, text), place};
}

static void say_why(struct nf_bind *b, const struct nf_key *key, const char *text,
	struct nf_place place, const struct nf_why *why)
{
	struct nf_strbuf expected = {0};

	if (why->warning) {
		nf_bind_warn(b, place, "%s: %s", key->name, why->text);
		return;
	}
	if (why->said) {
		nf_bind_error(b, place, "%s: %s", key->name, why->text);
		return;
	}
	if (why->text[0] == '\0')
		nf_value_expected(key, &expected);
	nf_bind_error(b, place, "%s: found %s, expected %s", key->name, nf_bind_quote(b, text),
		expected.data ? expected.data : why->text);
	nf_strbuf_free(&expected);
}

void nf_bind_value(struct nf_bind *b, const struct nf_key *key, const char *text,
	struct nf_place place, void *target)
{
	struct nf_why why;

	nf_bind_remember(b, target, place);
	if (key->type == NF_TYPE_REFERENCE) {
		add_pending(b, key, text, place, target);
	} else if (nf_value_parse(b, key, text, target, &why) != NF_OK) {
		find_place(b, target)->wrong = true;
		say_why(b, key, text, place, &why);
	}
}

void nf_bind_default(struct nf_bind *b, const struct nf_key *key, void *target)
{
	struct nf_why why;

	if (key->type == NF_TYPE_SECTION && !(key->flags & NF_KEY_LIST))
		nf_bind_defaults(b, key->section, target);
	else if (key->fallback && !(key->flags & NF_KEY_COMPUTED))
		nf_value_parse(b, key, key->fallback, target, &why);
}

void nf_bind_defaults(struct nf_bind *b, const struct nf_section *section, void *target)
{
	for (size_t i = 0; i < section->len; i++)
		nf_bind_default(b, &section->keys[i], (char *)target + section->keys[i].offset);
}
