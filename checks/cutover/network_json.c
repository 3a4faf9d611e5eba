// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/network.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/put.h"

static const struct {
	const char *key;
	size_t offset;
} texts[] =
	{
		{"what",	 offsetof(struct nf_blocker, what) },
		{"about", offsetof(struct nf_blocker, about)},
		{"whose", offsetof(struct nf_blocker, whose)},
		{"place", offsetof(struct nf_blocker, place)},
		{"how",	offsetof(struct nf_blocker, how)	},
},
  numbers[] = {
	  {"since_us", offsetof(struct nf_blocker, since_wall_us)},
	  {"last_us", offsetof(struct nf_blocker, last_wall_us)},
	  {"covered_us", offsetof(struct nf_blocker, covered_us)},
	  {"needed_us", offsetof(struct nf_blocker, needed_us)},
	  {"earliest_us", offsetof(struct nf_blocker, earliest_wall_us)},
};

#define TEXTS	(sizeof texts / sizeof *texts)
#define NUMBERS (sizeof numbers / sizeof *numbers)

static void encode(const struct nf_blocker *b, struct nf_json *j)
{
	nf_json_object(j);
	nf_put_text(j, "kind", nf_blocker_kind_text(b->kind));
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text;
		memcpy(&text, (const char *)b + texts[i].offset, sizeof text);
		if (*text != '\0')
			nf_put_text(j, texts[i].key, text);
	}
	for (size_t i = 0; i < NUMBERS; i++) {
		int64_t number;
		memcpy(&number, (const char *)b + numbers[i].offset, sizeof number);
		if (number != 0)
			nf_put_i64(j, numbers[i].key, number);
	}
	if (b->is_behind)
		nf_put_bool(j, "behind", true);
	nf_json_end(j);
}

void nf_blockers_encode(const struct nf_blockers *blockers, struct nf_strbuf *out)
{
	struct nf_json j = nf_json_of(out);
	nf_json_array(&j);
	for (size_t i = 0; i < blockers->len && i < NF_BLOCKERS_KEPT; i++)
		encode(&blockers->items[i], &j);
	if (blockers->len > NF_BLOCKERS_KEPT) {
		char more[40];
		snprintf(more, sizeof more, "%zu more", blockers->len - NF_BLOCKERS_KEPT);
		encode(&(struct nf_blocker){.kind = blockers->items[NF_BLOCKERS_KEPT].kind,
			       .what = more,
			       .about = "",
			       .whose = "",
			       .place = "",
			       .how = ""},
			&j);
	}
	nf_json_end(&j);
}

static bool decode(const json_t *from, struct nf_arena *arena, struct nf_blocker *b)
{
	const char *kind = json_string_value(json_object_get(from, "kind"));
	bool known = false;
	for (int k = NF_BLOCKER_DEVICE; k <= NF_BLOCKER_MONTH_END && kind != NULL; k++) {
		if (strcmp(nf_blocker_kind_text((enum nf_blocker_kind)k), kind) != 0)
			continue;
		b->kind = (enum nf_blocker_kind)k;
		known = true;
	}
	for (size_t i = 0; i < TEXTS; i++) {
		const char *value = json_string_value(json_object_get(from, texts[i].key));
		const char *kept = value != NULL ? nf_arena_strdup(arena, value) : "";
		memcpy((char *)b + texts[i].offset, &kept, sizeof kept);
	}
	for (size_t i = 0; i < NUMBERS; i++) {
		int64_t value = json_integer_value(json_object_get(from, numbers[i].key));
		memcpy((char *)b + numbers[i].offset, &value, sizeof value);
	}
	b->is_behind = json_is_true(json_object_get(from, "behind"));
	return known;
}

enum nf_err nf_blockers_decode(
	const char *json, struct nf_arena *arena, struct nf_blockers *out)
{
	json_t *list = json_loads(json, 0, NULL);
	enum nf_err rc = json_is_array(list) ? NF_OK : NF_EFORMAT;
	struct nf_blockers got = {.len = json_array_size(list)};
	got.items = nf_xcalloc(got.len + 1, sizeof *got.items);
	for (size_t i = 0; rc == NF_OK && i < got.len; i++)
		rc = decode(json_array_get(list, i), arena, &got.items[i]) ? NF_OK : NF_EFORMAT;
	json_decref(list);
	got.ready = got.len == 0;
	if (rc == NF_OK)
		*out = got;
	else
		nf_blockers_free(&got);
	return rc;
}
