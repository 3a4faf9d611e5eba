// SPDX-License-Identifier: GPL-3.0-or-later
/* Folders that are one backup: pg_dump's directory format. Which of the matches are such, and whether the
 * chosen one is whole: its table of contents, every file that it names, and each file's own ending. */
#include "checks/backup/look_own.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/backup/pgdump_toc.h"

#define DEEP_US (12 * 3600 * NF_US_PER_S)

enum { FOLDERS_MAX = 16, FILES_MAX = 10000, ENDINGS_MAX = 400, TOC_MAX = 16 << 20 };

static void next_folder(struct nf_look *look);

/* A pattern that matches what is in this folder, whatever its name holds. */
static char *inside_of(const char *folder)
{
	struct nf_strbuf text = {0};

	for (const char *p = folder; *p; p++)
		nf_strbuf_printf(&text, strchr("*?[\\", *p) ? "[%c]" : "%c", *p);
	nf_strbuf_printf(&text, "/*");
	return nf_strbuf_take(&text);
}

/* "3401.dat", "3401.dat.gz", … */
static bool is_data(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits > 0 && strncmp(name + digits, ".dat", 4) == 0;
}

static void sum_up(struct nf_remote_entry *folder, const struct nf_remote_answer *answer)
{
	uint64_t size = 0;
	int64_t last_s = 0;
	bool toc = false, data = false;

	for (size_t i = 0; i < answer->entries_len; i++) {
		const struct nf_remote_entry *e = &answer->entries[i];
		toc = toc || strcmp(e->name, "toc.dat") == 0;
		data = data || is_data(e->name);
		size += e->stat.size;
		last_s = e->stat.mtime_s > last_s ? e->stat.mtime_s : last_s;
	}
	if (!toc && !data)
		return;
	folder->is_dump = true;
	folder->is_unfinished = !toc; /* the table of contents is what pg_dump writes last */
	folder->stat.is_file = true;
	folder->stat.is_directory = false;
	folder->stat.size = size;
	folder->stat.mtime_s = last_s;
}

static void on_folder(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome == NF_REMOTE_OK)
		sum_up(&look->entries[look->folder], answer);
	look->folder++;
	next_folder(look);
}

void nf_look_list_inside(struct nf_look *look, const char *folder,
	void (*done)(void *ctx, const struct nf_remote_answer *answer))
{
	char *pattern = inside_of(folder);

	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){
			.kind = NF_REMOTE_LIST, .path = pattern, .entries_max = FILES_MAX},
		done);
	free(pattern);
}

static void next_folder(struct nf_look *look)
{
	while (look->folder < look->entries_len && look->folders < FOLDERS_MAX) {
		const struct nf_remote_entry *e = &look->entries[look->folder];
		if (e->stat.is_directory && !e->stat.is_dangling &&
			!nf_artefact_is_partial(e->name)) {
			look->folders++;
			nf_look_list_inside(look, e->path, on_folder);
			return;
		}
		look->folder++;
	}
	look->then(look);
}

void nf_look_folders(struct nf_look *look, void (*then)(struct nf_look *look))
{
	look->folder = look->folders = 0;
	look->then = then;
	next_folder(look);
}

/* --- the chosen one --- */

static void say_contents(struct nf_look *look)
{
	const struct nf_proof *p = look->proof;
	const char *missing = NULL;

	for (size_t i = 0; i < p->contains.len && !missing; i++) {
		missing = p->contains.items[i];
		for (size_t k = 0; k < look->entries_len && missing; k++) {
			if (strcmp(look->entries[k].name, missing) == 0)
				missing = NULL;
		}
	}
	if (p->contains.len > 0)
		nf_proof_say(nf_look_answer(look, "contains"),
			missing ? NF_PROOF_BAD : NF_PROOF_OK, "%s: %s%s", look->a.path,
			missing ? missing : "all files that are asked for are in it",
			missing ? " is not in it" : "");
}

static void say(struct nf_look *look, enum nf_proof_result result, const char *text)
{
	nf_proof_say(nf_look_answer(look, "complete"), result, "%s: pg_dump directory: %s",
		look->a.path, text);
	say_contents(look);
	nf_look_space(look);
}

static const struct nf_remote_entry *file_of(
	const struct nf_look *look, const char *name, size_t len)
{
	static const char *const suffixes[] = {"", ".gz", ".lz4", ".zst"};

	for (size_t i = 0; i < look->entries_len; i++) {
		const char *have = look->entries[i].name;
		for (size_t s = 0; s < sizeof suffixes / sizeof *suffixes; s++) {
			if (strncmp(have, name, len) == 0 &&
				strcmp(have + len, suffixes[s]) == 0)
				return &look->entries[i];
		}
	}
	return NULL;
}

static void take_file(const char *name, size_t len, void *arg)
{
	struct nf_look *look = arg;
	const struct nf_remote_entry *e = file_of(look, name, len);

	if (look->digest[0] != '\0')
		return;
	if (!e)
		snprintf(look->digest, sizeof look->digest, "%.*s is missing",
			(int)(len < 100 ? len : 100), name);
	else if (e->stat.size == 0)
		snprintf(look->digest, sizeof look->digest, "%.100s is empty", e->name);
}

static void check_file(struct nf_look *look);

static void on_file(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (answer->outcome != NF_REMOTE_OK) {
		nf_ending_free(look->ending);
		look->ending = NULL;
	}
	if (answer->outcome == NF_REMOTE_ABSENT) {
		say(look, NF_PROOF_RUNNING, "a file vanished while it was read");
	} else if (!nf_look_unanswered(look, "complete", answer)) {
		nf_ending_feed(look->ending, answer->bytes, answer->bytes_len);
		check_file(look);
	}
}

/* Whether the ending of the file under way is known, and bad. */
static bool is_broken(struct nf_look *look, const struct nf_remote_entry *e)
{
	const char *why;
	char text[300];
	bool broken = nf_ending_verdict(look->ending, &why) == NF_ENDING_BROKEN;

	snprintf(text, sizeof text, "%.100s: %.180s", e->name, why);
	nf_ending_free(look->ending);
	look->ending = NULL;
	if (broken)
		say(look, NF_PROOF_BAD, text);
	return broken;
}

/* The files from where this day begins, so that all of them have their turn. */
static const struct nf_remote_entry *file_at(const struct nf_look *look)
{
	size_t day = (size_t)(look->run.now_us / (86400 * NF_US_PER_S));

	return &look->entries[(day * ENDINGS_MAX + look->line) % look->entries_len];
}

enum packing { NOT_DATA, PLAIN, PACKED };

static enum packing packing_of(const struct nf_remote_entry *e)
{
	const char *dot = strrchr(e->name, '.');

	if (!dot || !is_data(e->name) || !e->stat.is_file)
		return NOT_DATA;
	if (strcmp(dot, ".dat") == 0)
		return PLAIN;
	return strcmp(dot, ".gz") == 0 || strcmp(dot, ".zst") == 0 ? PACKED : NOT_DATA;
}

static void passed(struct nf_look *look)
{
	look->lines_checked++;
	look->line++;
	check_file(look);
}

/* The data of a table ends in an empty line, whether as COPY or as INSERT. */
static void on_plain(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	char text[200];

	if (nf_look_unanswered(look, "complete", answer))
		return;
	if (answer->bytes_len == 2 && memcmp(answer->bytes, "\n\n", 2) == 0) {
		passed(look);
		return;
	}
	snprintf(text, sizeof text, "%.100s: the empty line at its end is missing",
		file_at(look)->name);
	say(look, NF_PROOF_BAD, text);
}

static void on_deep(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	char text[300];

	if (nf_look_unanswered(look, "complete", answer))
		return;
	if (answer->outcome == NF_REMOTE_OK && answer->sound) {
		passed(look);
		return;
	}
	snprintf(text, sizeof text, "%.100s: %.180s", file_at(look)->name, answer->reason);
	say(look, NF_PROOF_BAD, text);
}

static void begin_file(struct nf_look *look)
{
	const struct nf_remote_entry *e = file_at(look);

	if (packing_of(e) == PLAIN) {
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_READ,
				.path = e->path,
				.offset = e->stat.size > 2 ? e->stat.size - 2 : 0,
				.len = 2},
			on_plain);
	} else if (look->proof->deep) {
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_DEEP,
				.path = e->path,
				.deadline_us = DEEP_US},
			on_deep);
	} else {
		look->ending = nf_ending_new(e->path, e->stat.size);
		check_file(look);
	}
}

static void end_files(struct nf_look *look)
{
	char text[200];

	snprintf(text, sizeof text,
		"all %zu files that its table of contents names are there, %zu read to their end",
		look->files, look->lines_checked);
	say(look, NF_PROOF_OK, text);
}

static void check_file(struct nf_look *look)
{
	uint64_t offset;
	size_t len;

	if (look->ending && nf_ending_wants(look->ending, &offset, &len)) {
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_READ,
				.path = file_at(look)->path,
				.offset = offset,
				.len = len},
			on_file);
		return;
	}
	if (look->ending) {
		if (is_broken(look, file_at(look)))
			return;
		look->lines_checked++;
		look->line++;
	}
	while (look->line < look->entries_len && packing_of(file_at(look)) == NOT_DATA)
		look->line++;
	if (look->line >= look->entries_len ||
		(look->lines_checked >= ENDINGS_MAX && !look->proof->deep))
		end_files(look);
	else
		begin_file(look);
}

/* A line each: "16398 blob_16398.dat". */
static void on_blobs(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;
	const char *text = (const char *)answer->bytes;

	if (nf_look_unanswered(look, "complete", answer))
		return;
	for (size_t at = 0; at < answer->bytes_len;) {
		const char *end = memchr(text + at, '\n', answer->bytes_len - at);
		size_t n = end ? (size_t)(end - text) - at : answer->bytes_len - at;
		const char *blank = memchr(text + at, ' ', n);
		/* The last line of a long list may be cut where reading stopped. */
		if (blank && (end || answer->bytes_len < NF_REMOTE_READ_MAX)) {
			size_t skip = (size_t)(blank + 1 - text) - at;
			look->files++;
			if (!file_of(look, blank + 1, n - skip) && look->digest[0] == '\0')
				snprintf(look->digest, sizeof look->digest, "%.*s is missing",
					(int)(n - skip < 100 ? n - skip : 100), blank + 1);
		}
		at += n + 1;
	}
	if (look->digest[0] != '\0')
		say(look, NF_PROOF_BAD, look->digest);
	else
		check_file(look);
}

/* The lists of large objects: blobs.toc, or blobs_3389.toc of version 16 on; the first stands for all. */
static bool ask_blobs(struct nf_look *look)
{
	for (size_t i = 0; i < look->entries_len; i++) {
		const struct nf_remote_entry *e = &look->entries[i];
		const char *dot = strrchr(e->name, '.');
		if (strncmp(e->name, "blobs", 5) != 0 || !dot || strcmp(dot, ".toc") != 0)
			continue;
		nf_look_ask(look, look->remote,
			(struct nf_remote_ask){.kind = NF_REMOTE_READ,
				.path = e->path,
				.len = NF_REMOTE_READ_MAX},
			on_blobs);
		return true;
	}
	return false;
}

static void judge_toc(struct nf_look *look)
{
	const char *text = look->text.data ? look->text.data : "";
	union {
		const char *chars;
		const uint8_t *bytes;
	} toc = {.chars = text};
	struct nf_pgdump_toc t = {0};

	look->digest[0] = '\0';
	enum nf_pgdump_toc_result result =
		nf_pgdump_toc_read(toc.bytes, look->text.len, &t, take_file, look);
	look->files = (size_t)t.with_data;
	look->line = look->lines_checked = 0;
	if (result == NF_PGDUMP_TOC_FOREIGN)
		say(look, NF_PROOF_WARNING, "toc.dat is of a version that is not known here");
	else if (result != NF_PGDUMP_TOC_OK)
		say(look, NF_PROOF_BAD, "toc.dat stops early, or pg_dump did not write it");
	else if (look->digest[0] != '\0')
		say(look, NF_PROOF_BAD, look->digest);
	else if (!ask_blobs(look))
		check_file(look);
}

static void ask_toc(struct nf_look *look);

static void on_toc(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "complete", answer))
		return;
	if (answer->outcome == NF_REMOTE_ABSENT) {
		say(look, NF_PROOF_RUNNING, "toc.dat vanished while it was read");
		return;
	}
	nf_strbuf_add(&look->text, answer->bytes, answer->bytes_len);
	if (answer->bytes_len == NF_REMOTE_READ_MAX && look->text.len < TOC_MAX)
		ask_toc(look);
	else
		judge_toc(look);
}

static void ask_toc(struct nf_look *look)
{
	char *path = nf_xasprintf("%s/toc.dat", look->a.path);

	nf_look_ask(look, look->remote,
		(struct nf_remote_ask){.kind = NF_REMOTE_READ,
			.path = path,
			.offset = look->text.len,
			.len = NF_REMOTE_READ_MAX},
		on_toc);
	free(path);
}

static void on_files(void *ctx, const struct nf_remote_answer *answer)
{
	struct nf_look *look = ctx;

	if (nf_look_unanswered(look, "complete", answer))
		return;
	nf_look_keep_entries(look, answer);
	if (answer->truncated)
		say(look, NF_PROOF_WARNING, "more files than are looked at");
	else
		ask_toc(look);
}

void nf_look_folder_complete(struct nf_look *look)
{
	nf_look_list_inside(look, look->a.path, on_files);
}
