// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/snmp/fakepart.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/journal_format.h"
#include "tests/test.h"

#define SERIES_MAX 64

void fake_new(struct fake *fake)
{
	struct nf_diags *diags = nf_diags_new();
	char path[512];
	const char *folders[] = {path};

	*fake = (struct fake){.arena = nf_arena_new()};
	snprintf(path, sizeof path, "%s/conf/profiles",
		getenv("NF_SRC") ? getenv("NF_SRC") : ".");
	assert_int_equal(nf_profiles_load(folders, 1, diags, &fake->profiles), NF_OK);
	nf_diags_free(diags);
	fake->interfaces = nf_profiles_find(fake->profiles, "interfaces")->groups.items;
	strcpy(fake->folder, "/tmp/nf-samples-XXXXXX");
	assert_non_null(mkdtemp(fake->folder));
	assert_int_equal(nf_journal_open(fake->folder, "test", &fake->journal, NULL), NF_OK);
}

static void path_of(const struct fake *fake, const char *name, char path[512])
{
	snprintf(path, 512, "%s/journal/test%s%s", fake->folder, *name ? "/" : "", name);
}

void fake_free(struct fake *fake)
{
	char path[512];
	struct dirent *entry;
	DIR *folder;

	nf_journal_close(fake->journal);
	path_of(fake, "", path);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)) != NULL) {
		path_of(fake, entry->d_name, path);
		unlink(path);
	}
	closedir(folder);
	path_of(fake, "", path);
	rmdir(path);
	snprintf(path, sizeof path, "%s/journal", fake->folder);
	rmdir(path);
	rmdir(fake->folder);
	nf_profiles_free(fake->profiles);
	nf_arena_free(fake->arena);
}

static void set_octets(
	struct fake *fake, struct nf_cell *cells, const char *field, const char *text)
{
	if (text)
		cells[nf_group_field(fake->interfaces, field)] =
			(struct nf_cell){.type = NF_CELL_OCTETS,
				.len = (uint32_t)strlen(text),
				.octets = (const uint8_t *)nf_arena_strdup(fake->arena, text)};
}

static void set_number(struct fake *fake, struct nf_cell *cells, const char *field,
	uint8_t asn_type, uint64_t number)
{
	cells[nf_group_field(fake->interfaces, field)] = (struct nf_cell){
		.type = NF_CELL_UNSIGNED, .asn_type = asn_type, .number = number};
}

struct nf_part *fake_part(
	struct fake *fake, const struct fake_row *rows, size_t len, int64_t wall_s)
{
	struct nf_part *part = nf_arena_alloc(fake->arena, sizeof *part);
	struct nf_row *made = nf_arena_alloc(fake->arena, len * sizeof *made + 1);
	struct nf_result result = {.why = "",
		.rows = made,
		.rows_len = len,
		.answered_wall_us = wall_s * NF_US_PER_S};
	struct nf_asked asked;

	for (size_t i = 0; i < NF_FIELDS_MAX; i++)
		asked.column[i] = i < fake->interfaces->columns_len ? (int8_t)i : -1;
	asked.fast = false;
	for (size_t i = 0; i < len; i++) {
		uint32_t *ids = nf_arena_alloc(fake->arena, sizeof *ids);
		struct nf_cell *cells = nf_arena_alloc(
			fake->arena, fake->interfaces->fields_len * sizeof *cells);

		*ids = rows[i].index;
		made[i] = (struct nf_row){
			.index = {ids, 1},
			   .cells = cells
		 };
		set_octets(fake, cells, "ifName", rows[i].name);
		set_octets(fake, cells, "ifDescr", rows[i].descr);
		set_octets(fake, cells, "ifAlias", rows[i].alias);
		set_octets(fake, cells, "ifPhysAddress", rows[i].mac);
		set_number(fake, cells, rows[i].is_32 ? "ifInOctets" : "ifHCInOctets",
			rows[i].is_32 ? 0x41 : 0x46, rows[i].octets);
		if (rows[i].cut)
			set_number(
				fake, cells, "ifCounterDiscontinuityTime", 0x43, rows[i].cut);
		if (rows[i].mbit)
			set_number(fake, cells, "ifHighSpeed", 0x42, rows[i].mbit);
	}
	nf_part_make(part, fake->interfaces, &result, &asked, NULL, fake->arena);
	nf_part_link(part, 1, fake->arena);
	nf_part_name(part, fake->arena);
	return part;
}

struct listing {
	struct nf_strbuf out;
	char names[SERIES_MAX][64];
	double max[SERIES_MAX]; /* of shapes */
};

static void list(struct listing *l, const struct nf_journal_record *record)
{
	switch (record->type) {
	case NF_JOURNAL_SHAPE:
		l->max[record->shape.number] = record->shape.shape.ds[0].max;
		break;
	case NF_JOURNAL_DEFINE:
		snprintf(l->names[record->define.number], sizeof l->names[0], "%.*s",
			(int)record->define.series.len, record->define.series.at);
		nf_strbuf_printf(&l->out, "+%s %g\n", l->names[record->define.number],
			l->max[record->define.shape]);
		break;
	case NF_JOURNAL_SAMPLE:
		nf_strbuf_printf(&l->out, "%s %" PRId64 " ", l->names[record->sample.number],
			record->sample.wall_s);
		if (record->sample.known & 1)
			nf_strbuf_printf(&l->out, "%" PRIu64 "\n", record->sample.bits[0]);
		else
			nf_strbuf_puts(&l->out, "U\n");
		break;
	case NF_JOURNAL_RENAME:
		nf_strbuf_printf(&l->out, "%.*s -> %.*s\n", (int)record->rename.old_series.len,
			record->rename.old_series.at, (int)record->rename.new_series.len,
			record->rename.new_series.at);
		break;
	default:
		break;
	}
}

char *fake_journal(struct fake *fake)
{
	struct listing *l = nf_xcalloc(1, sizeof *l);
	char path[512];
	struct dirent **entries;
	char *bytes, *text;
	size_t len, used;

	assert_int_equal(nf_journal_flush(fake->journal, NULL), NF_OK);
	path_of(fake, "", path);
	int files = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < files; i++) {
		struct nf_journal_record record;

		path_of(fake, entries[i]->d_name, path);
		if (strstr(entries[i]->d_name, ".nfj") &&
			nf_file_read(path, 1 << 20, &bytes, &len, NULL) == NF_OK) {
			for (size_t at = NF_JOURNAL_HEADER;
				nf_journal_get((const uint8_t *)bytes + at, len - at, &record,
					&used) == NF_OK;
				at += used)
				list(l, &record);
			free(bytes);
		}
		free(entries[i]);
	}
	free(entries);
	nf_strbuf_add(&l->out, "", 0);
	text = nf_strbuf_take(&l->out);
	free(l);
	return text;
}
