// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/profile.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <yaml.h>

#include "base/mem.h"
#include "base/place.h"
#include "base/strbuf.h"
#include "conf/profile_yaml.h"
#include "conf/yaml.h"

#define FILES_MAX 1000 /* of one folder */

uint8_t nf_group_field(const struct nf_group *group, const char *name)
{
	for (size_t i = 0; i < group->fields_len; i++) {
		if (strcmp(group->fields[i].name, name) == 0)
			return (uint8_t)i;
	}
	return NF_NO_FIELD;
}

const char *nf_field_enum(const struct nf_field *field, int64_t value)
{
	for (size_t i = 0; i < field->names.len; i++) {
		if (field->names.items[i].value == value)
			return field->names.items[i].name;
	}
	return NULL;
}

const struct nf_profile *nf_profiles_find(const struct nf_profiles *profiles, const char *name)
{
	for (size_t i = 0; i < profiles->items.len; i++) {
		if (strcmp(profiles->items.items[i]->name, name) == 0)
			return profiles->items.items[i];
	}
	return NULL;
}

static bool has_prefix(const struct nf_oid_prefixes *prefixes, const uint32_t *ids, size_t len)
{
	for (const struct nf_oid_prefix *p = prefixes->items;
		p < prefixes->items + prefixes->len; p++) {
		if (p->len <= len && memcmp(p->ids, ids, p->len * sizeof *ids) == 0)
			return true;
	}
	return false;
}

bool nf_profile_matches(const struct nf_profile *profile, const uint32_t *ids, size_t len)
{
	if (has_prefix(&profile->except, ids, len))
		return false;
	return profile->sys_object_id.len == 0 || has_prefix(&profile->sys_object_id, ids, len);
}

/* Its texts stand there in order. */
bool nf_template_fits(const struct nf_template *t, const char *name)
{
	bool hole = false;

	for (size_t i = 0; i < t->len; i++) {
		const struct nf_piece *piece = &t->items[i];

		if (piece->kind != NF_PIECE_TEXT) {
			hole = true;
			continue;
		}
		const char *found = hole ? strstr(name, piece->text) : name;
		if (!found || strncmp(found, piece->text, strlen(piece->text)) != 0)
			return false;
		name = found + strlen(piece->text);
		hole = false;
	}
	return hole || *name == '\0';
}

const struct nf_series *nf_profiles_series(
	const struct nf_profiles *profiles, const char *series)
{
	for (size_t p = 0; p < profiles->items.len; p++) {
		NF_EACH(struct nf_group, group, profiles->items.items[p]->groups)
		{
			NF_EACH(struct nf_series, s, group->series)
			{
				if (nf_template_fits(&s->name, series))
					return s;
			}
		}
	}
	return NULL;
}

/* Profiles while they are collected: a later one replaces an earlier one of its name. */
struct collection {
	struct nf_profiles *set;
	struct nf_diags *diags;
	size_t cap;
};

static void collect(struct collection *c, const struct nf_profile *profile)
{
	for (size_t i = 0; i < c->set->items.len; i++) {
		if (strcmp(c->set->items.items[i]->name, profile->name) == 0) {
			c->set->items.items[i] = profile;
			return;
		}
	}
	if (c->set->items.len == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 64;
		const struct nf_profile **grown =
			nf_arena_alloc(c->set->arena, cap * sizeof(*grown));

		if (c->set->items.len)
			memcpy(grown, c->set->items.items, c->set->items.len * sizeof *grown);
		c->set->items.items = grown;
		c->cap = cap;
	}
	c->set->items.items[c->set->items.len++] = profile;
}

static void load_file(struct collection *c, const char *path)
{
	struct nf_profile *profile = nf_arena_alloc(c->set->arena, sizeof *profile);
	yaml_document_t doc;
	struct nf_reader reader = {
		.doc = &doc, .diags = c->diags, .arena = c->set->arena, .profile = profile};

	if (nf_yaml_load(path, c->diags, &doc) != NF_OK)
		return;
	reader.file = profile->file = nf_arena_strdup(c->set->arena, path);
	profile->name = profile->title = "";
	nf_read_profile(&reader, yaml_document_get_root_node(&doc));
	yaml_document_delete(&doc);
	collect(c, profile);
}

static int is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static void load_folder(struct collection *c, const char *folder)
{
	struct dirent **entries;
	int len = scandir(folder, &entries, is_yaml, alphasort);

	if (len < 0) {
		nf_diags_add(c->diags, NF_DIAG_ERROR, folder, 0, 0,
			"the folder of profiles cannot be read: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < len; i++) {
		struct nf_strbuf path = {0};

		nf_strbuf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		if (i < FILES_MAX)
			load_file(c, path.data);
		else if (i == FILES_MAX)
			nf_diags_add(c->diags, NF_DIAG_ERROR, path.data, 0, 0,
				"more than %d profiles in one folder", FILES_MAX);
		nf_strbuf_free(&path);
		free(entries[i]);
	}
	free(entries);
}

static int by_name(const void *a, const void *b)
{
	const struct nf_profile *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* What a poll begins with cannot be missing. */
static void find_system(struct collection *c, const char *folder)
{
	const struct nf_profile *profile = nf_profiles_find(c->set, "system");
	const struct nf_group *group;

	if (!profile || profile->groups.len == 0) {
		nf_diags_add(c->diags, NF_DIAG_ERROR, folder, 0, 0,
			"the profile \"system\" is missing");
		return;
	}
	group = &profile->groups.items[0];
	c->set->system = group;
	c->set->sys_up_time = nf_group_field(group, "sysUpTime");
	c->set->sys_object_id = nf_group_field(group, "sysObjectID");
	if (!group->scalars || c->set->sys_up_time >= group->columns_len ||
		c->set->sys_object_id >= group->columns_len)
		nf_diags_add(c->diags, NF_DIAG_ERROR, profile->file, 0, 0,
			"the first group of \"system\" is scalars with sysUpTime and sysObjectID");
}

enum nf_err nf_profiles_load(const char *const *folders, size_t folders_len,
	struct nf_diags *diags, struct nf_profiles **profiles)
{
	struct nf_arena *arena = nf_arena_new();
	struct collection c = {.set = nf_arena_alloc(arena, sizeof *c.set), .diags = diags};
	size_t errors = nf_diags_errors(diags);
	const char *first = "";

	c.set->arena = arena;
	for (size_t i = 0; i < folders_len; i++) {
		if (!folders[i])
			continue;
		first = *first ? first : folders[i];
		load_folder(&c, folders[i]);
	}
	if (c.set->items.len)
		qsort(c.set->items.items, c.set->items.len, sizeof *c.set->items.items,
			by_name);
	find_system(&c, first);
	if (nf_diags_errors(diags) > errors) {
		nf_profiles_free(c.set);
		return NF_EINVAL;
	}
	*profiles = c.set;
	return NF_OK;
}

/* $NF_PROFILES; or, for a program in a build tree, the folder there; or where they are installed. */
static char *shipped_folder(void)
{
	const char *set = secure_getenv("NF_PROFILES");
	if (set)
		return nf_xstrdup(set);
	static const char *const ways_up[] = {"..", "../.."};
	char *self = nf_place_of_self();
	for (size_t i = 0; self && i < sizeof ways_up / sizeof *ways_up; i++) {
		char *folder = nf_xasprintf("%s/%s/conf/profiles", self, ways_up[i]);
		if (access(folder, R_OK) == 0) {
			free(self);
			return folder;
		}
		free(folder);
	}
	free(self);
	return nf_xstrdup(NF_PROFILE_DIR);
}

enum nf_err nf_profiles_of_site(
	const struct nf_site *site, struct nf_diags *diags, struct nf_profiles **profiles)
{
	char *shipped = shipped_folder();
	const char *folders[] = {shipped, site->profile_dir};
	enum nf_err e =
		nf_profiles_load(folders, sizeof folders / sizeof *folders, diags, profiles);
	free(shipped);
	return e;
}

void nf_profiles_free(struct nf_profiles *profiles)
{
	if (profiles)
		nf_arena_free(profiles->arena);
}
