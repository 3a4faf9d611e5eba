// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define KEPT_MAX    1000
#define MESSAGE_MAX 700

struct entry {
	struct nf_diag diag; /* first: nf_diags_at gives a pointer to it */
	size_t order;
};

struct nf_diags {
	struct nf_arena *arena;
	struct entry *entries;
	size_t len, cap;
	size_t errors, warnings;
	const char *last_file; /* one copy for a run of mistakes in the same file */
	bool sorted;
};

struct nf_diags *nf_diags_new(void)
{
	struct nf_diags *diags = nf_xcalloc(1, sizeof *diags);

	diags->arena = nf_arena_new();
	return diags;
}

void nf_diags_free(struct nf_diags *diags)
{
	if (!diags)
		return;
	nf_arena_free(diags->arena);
	free(diags->entries);
	free(diags);
}

static const char *safe_copy(struct nf_diags *diags, const char *text, size_t max_bytes)
{
	struct nf_strbuf b = {0};
	const char *copy;

	nf_text_escape(&b, text, strlen(text), max_bytes);
	copy = nf_arena_strdup(diags->arena, b.data ? b.data : "");
	nf_strbuf_free(&b);
	return copy;
}

static const char *file_copy(struct nf_diags *diags, const char *file)
{
	if (!diags->last_file || strcmp(diags->last_file, file) != 0)
		diags->last_file = safe_copy(diags, file, MESSAGE_MAX);
	return diags->last_file;
}

void nf_diags_add(struct nf_diags *diags, enum nf_severity severity, const char *file,
	uint32_t line, uint32_t column, const char *format, ...)
{
	char message[4 * MESSAGE_MAX];
	struct entry *entry;
	va_list args;

	if (severity == NF_DIAG_ERROR)
		diags->errors++;
	else
		diags->warnings++;
	if (diags->len == KEPT_MAX)
		return;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);

	diags->entries =
		nf_grow(diags->entries, diags->len, &diags->cap, sizeof *diags->entries);
	entry = &diags->entries[diags->len];
	entry->order = diags->len++;
	entry->diag = (struct nf_diag){
		.file = file_copy(diags, file),
		.line = line,
		.column = column,
		.severity = severity,
		.message = safe_copy(diags, message, MESSAGE_MAX),
	};
	diags->sorted = false;
}

size_t nf_diags_errors(const struct nf_diags *diags)
{
	return diags->errors;
}

size_t nf_diags_warnings(const struct nf_diags *diags)
{
	return diags->warnings;
}

size_t nf_diags_len(const struct nf_diags *diags)
{
	return diags->len;
}

static int by_place(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int files = strcmp(a->diag.file, b->diag.file);

	if (files != 0)
		return files;
	if (a->diag.line != b->diag.line)
		return a->diag.line < b->diag.line ? -1 : 1;
	if (a->diag.column != b->diag.column)
		return a->diag.column < b->diag.column ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

const struct nf_diag *nf_diags_at(struct nf_diags *diags, size_t i)
{
	if (!diags->sorted && diags->len > 0)
		qsort(diags->entries, diags->len, sizeof *diags->entries, by_place);
	diags->sorted = true;
	return &diags->entries[i].diag;
}

static void write_line(const struct nf_diag *diag, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, diag->file);
	if (diag->line > 0)
		nf_strbuf_printf(out, ":%u:%u", diag->line, diag->column);
	nf_strbuf_printf(out, ": %s%s", diag->severity == NF_DIAG_WARNING ? "warning: " : "",
		diag->message);
}

static size_t not_kept(const struct nf_diags *diags)
{
	return diags->errors + diags->warnings - diags->len;
}

void nf_diags_print(struct nf_diags *diags, FILE *to)
{
	for (size_t i = 0; i < diags->len; i++) {
		struct nf_strbuf line = {0};

		write_line(nf_diags_at(diags, i), &line);
		fprintf(to, "%s\n", line.data);
		nf_strbuf_free(&line);
	}
	if (not_kept(diags) > 0)
		fprintf(to, "and %zu more\n", not_kept(diags));
}

void nf_diags_log(struct nf_diags *diags, const char *subsystem)
{
	for (size_t i = 0; i < diags->len; i++) {
		const struct nf_diag *diag = nf_diags_at(diags, i);
		bool warning = diag->severity == NF_DIAG_WARNING;
		struct nf_strbuf line = {0};

		write_line(diag, &line);
		nf_log(warning ? NF_LOG_WARN : NF_LOG_ERROR, subsystem, "%s", line.data);
		nf_strbuf_free(&line);
	}
	if (not_kept(diags) > 0)
		nf_log(NF_LOG_ERROR, subsystem, "and %zu more mistakes", not_kept(diags));
}
