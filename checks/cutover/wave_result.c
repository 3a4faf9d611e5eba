// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "checks/cutover/wave.h"

#define OLD_US (7 * 86400 * NF_US_PER_S) /* a snapshot */

/* Counts what the differences say now; returns the open ones. */
static json_int_t count(json_t *device, json_int_t *explained)
{
	const json_t *list = json_object_get(device, "differences");
	json_int_t open = (json_int_t)nf_wave_count(list, true);
	json_int_t rest = (json_int_t)nf_wave_count(list, false);
	json_object_set_new(device, "open", json_integer(open));
	json_object_set_new(device, "explained", json_integer(rest));
	*explained += rest;
	return open;
}

static void count_all(json_t *result)
{
	json_int_t open = 0, explained = 0;
	json_t *device;
	size_t i;
	json_array_foreach(json_object_get(result, "devices"), i, device) open +=
		count(device, &explained);
	json_object_set_new(result, "open", json_integer(open));
	json_object_set_new(result, "explained", json_integer(explained));
}

static const char *list_of(const char *side, const struct nf_wave_member *m)
{
	if (strcmp(side, "back") == 0)
		return nf_wave_same(m->before, m->new_side) == NF_SAME_YES ? "come_back"
									   : "stayed";
	if (strcmp(side, "both") == 0)
		return "both_sides";
	return strcmp(side, "moved") == 0 ? "not_come_back" : "neither";
}

static void put_instant(json_t *to, const char *key, int64_t wall_us)
{
	char text[NF_ISO8601_MAX];
	json_object_set_new(
		to, key, wall_us != 0 ? json_string(nf_iso8601(wall_us, text)) : json_null());
}

static json_t *callers_of(const json_t *before)
{
	json_t *list = json_array(), *caller;
	size_t i;
	json_array_foreach(json_object_get(before, "callers"), i, caller)
	{
		json_t *to = json_object();
		json_object_set(to, "from", json_object_get(caller, "from"));
		json_object_set(to, "how", json_object_get(caller, "how"));
		put_instant(to, "at", json_integer_value(json_object_get(caller, "at_us")));
		json_array_append_new(list, to);
	}
	return list;
}

static json_t *judge_member(
	const struct nf_wave_member *m, const struct nf_wave *wave, json_t *roll_back)
{
	json_t *device = json_object();
	const char *side = nf_wave_side(m->before, m->new_side, m->old_side);
	const json_t *before = m->snapshot_wall_us != 0 ? m->before : NULL;
	json_object_set_new(device, "device", json_string(m->device->name));
	json_object_set_new(device, "side", json_string(side));
	json_object_set_new(device, "differences",
		nf_wave_differences(before, m->new_side, m->old_side, wave->from_wall_us));
	json_array_append_new(
		json_object_get(roll_back, list_of(side, m)), json_string(m->device->name));
	if (json_object_get(before, "callers") != NULL)
		json_object_set_new(device, "callers_before", callers_of(before));
	return device;
}

static void note(json_t *notes, const char *text, int64_t wall_us)
{
	json_t *one = json_object();
	json_object_set_new(one, "text", json_string(text));
	put_instant(one, "at", wall_us);
	json_array_append_new(notes, one);
}

/* What makes the whole comparison worth less than it looks. */
static json_t *notes_of(const struct nf_wave_members *members, const struct nf_wave *wave,
	int64_t now_wall_us, int64_t oldest_us)
{
	json_t *notes = json_array();
	int64_t late_us = 0;
	for (size_t i = 0; i < members->len; i++)
		if (members->items[i].snapshot_wall_us > late_us)
			late_us = members->items[i].snapshot_wall_us;
	if (now_wall_us < wave->from_wall_us)
		note(notes, N_("The wave has not begun yet: it begins"), wave->from_wall_us);
	if (late_us > now_wall_us)
		note(notes, N_("The clock was set back: a snapshot is of a time to come"),
			late_us);
	else if (late_us > wave->from_wall_us)
		note(notes,
			N_("A snapshot was taken after the wave began, and may not be how it was before"),
			late_us);
	if (oldest_us != 0 && wave->from_wall_us - oldest_us > OLD_US)
		note(notes, N_("A snapshot is from long before the wave"), oldest_us);
	return notes;
}

json_t *nf_wave_judge(
	const struct nf_wave_members *members, const struct nf_wave *wave, int64_t now_wall_us)
{
	static const char *const lists[] = {
		"come_back", "stayed", "both_sides", "not_come_back", "neither"};
	json_t *result = json_object(), *devices = json_array(), *roll_back = json_object();
	int64_t oldest_us = nf_wave_members_snapshot(members);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		json_object_set_new(roll_back, lists[i], json_array());
	for (size_t i = 0; i < members->len; i++)
		json_array_append_new(
			devices, judge_member(&members->items[i], wave, roll_back));
	json_object_set_new(result, "wave", json_string(wave->id));
	json_object_set_new(result, "network", json_string(wave->network->id));
	put_instant(result, "verified_at", now_wall_us);
	put_instant(result, "snapshot_at", oldest_us);
	json_object_set_new(result, "notes", notes_of(members, wave, now_wall_us, oldest_us));
	json_object_set_new(result, "devices", devices);
	json_object_set_new(result, "roll_back", roll_back);
	count_all(result);
	return result;
}

/* What a person accepted */

#define KEY_PREFIX "wave.accepted/"

/* DEVICE/ASPECT=REASON; reason NULL: it is none. */
static const char *reason_of(const char *text)
{
	const char *slash = strchr(text, '/');
	const char *sign = slash != NULL ? strchr(slash, '=') : NULL;
	return slash != NULL && slash > text && sign != NULL && sign > slash + 1 &&
			       sign[1] != '\0'
		       ? sign + 1
		       : NULL;
}

bool nf_wave_is_acceptance(const char *text)
{
	return reason_of(text) != NULL;
}

static enum nf_err read_accepted(struct nf_store *store, const char *wave, json_t **out)
{
	char *key = nf_xasprintf(KEY_PREFIX "%s", wave), *value = NULL;
	enum nf_err rc = nf_store_value_get(store, key, &value);
	*out = rc == NF_OK ? json_loads(value, 0, NULL) : NULL;
	if (!json_is_object(*out)) {
		json_decref(*out);
		*out = json_object();
	}
	free(key);
	free(value);
	return rc == NF_ENOENT ? NF_OK : rc;
}

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text != NULL ? text : "";
}

/* As people call it: DEVICE/ASPECT or DEVICE/ASPECT ITEM. The caller frees. */
static char *name_with(const char *device, const char *aspect, const char *item)
{
	return nf_xasprintf("%s/%s%s%s", device, aspect, *item != '\0' ? " " : "", item);
}

static char *name_of(const char *device, const json_t *difference)
{
	return name_with(device, text_of(difference, "aspect"), text_of(difference, "item"));
}

static bool is_called(const char *what, const char *device, const json_t *difference)
{
	const char *aspect = text_of(difference, "aspect");
	const char *aspects[] = {aspect, *aspect != '\0' ? gettext(aspect) : ""};
	struct nf_strbuf shown = {0};
	bool is = false;
	nf_wave_item_shown(difference, &shown);
	const char *items[] = {text_of(difference, "item"), shown.data};
	for (size_t i = 0; i < 4; i++) {
		char *name = name_with(device, aspects[i / 2], items[i % 2]);
		is |= strcmp(name, what) == 0;
		free(name);
	}
	nf_strbuf_free(&shown);
	return is;
}

char *nf_wave_named(const json_t *result, const char *text)
{
	const char *reason = reason_of(text);
	char *what = nf_xstrndup(text, reason != NULL ? (size_t)(reason - text) - 1 : 0),
	     *name = NULL;
	json_t *device, *difference;
	size_t i, k;
	json_array_foreach(json_object_get(result, "devices"), i, device)
		json_array_foreach(json_object_get(device, "differences"), k,
			difference) if (name == NULL &&
					is_called(what, text_of(device, "device"), difference))
			name = name_of(text_of(device, "device"), difference);
	free(what);
	return name;
}

enum nf_err nf_wave_accept(
	struct nf_store *store, const char *wave, const json_t *result, const char *text)
{
	const char *reason = reason_of(text);
	json_t *all = NULL;
	if (reason == NULL)
		return NF_EINVAL;
	char *name = nf_wave_named(result, text);
	if (name == NULL)
		return NF_ENOENT;
	enum nf_err rc = read_accepted(store, wave, &all);
	char *key = nf_xasprintf(KEY_PREFIX "%s", wave);
	json_object_set_new(all, name, json_string(reason));
	char *json = json_dumps(all, JSON_COMPACT);
	if (rc == NF_OK)
		rc = json != NULL ? nf_store_value_put(store, key, json) : NF_EFORMAT;
	free(json);
	free(name);
	free(key);
	json_decref(all);
	return rc;
}

static void apply(const json_t *accepted, const char *device, json_t *difference)
{
	char *what = name_of(device, difference);
	json_t *reason = json_object_get(accepted, what);
	if (reason != NULL && strcmp(text_of(difference, "state"), "open") == 0) {
		json_object_set_new(difference, "state", json_string("explained"));
		json_object_set(difference, "accepted", reason);
	}
	free(what);
}

enum nf_err nf_wave_apply_accepted(struct nf_store *store, const char *wave, json_t *result)
{
	json_t *accepted = NULL, *device, *difference;
	size_t i, k;
	enum nf_err rc = read_accepted(store, wave, &accepted);
	json_array_foreach(json_object_get(result, "devices"), i, device)
		json_array_foreach(json_object_get(device, "differences"), k, difference)
			apply(accepted, text_of(device, "device"), difference);
	count_all(result);
	json_decref(accepted);
	return rc;
}
