// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/wave_mark.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"

#define MARK_LEN 16

/* Of a set only its members count; jansson has none but the keys of an object. */
static void add_to(json_t *set, const char *member)
{
	json_object_set_new(set, member != NULL ? member : "", json_true());
}

static void add_difference(json_t *set, const json_t *difference)
{
	static const char *const keys[] = {"aspect", "item", "state", "reason", "accepted"};
	json_t *kept = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_set(kept, keys[i], json_object_get(difference, keys[i]));
	char *text = json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS);
	add_to(set, text);
	free(text);
	json_decref(kept);
}

static json_t *found_of_device(const json_t *device)
{
	json_t *found = json_object(), *set = json_object(), *difference;
	size_t i;
	json_array_foreach(json_object_get(device, "differences"), i, difference)
	{
		add_difference(set, difference);
	}
	json_object_set(found, "side", json_object_get(device, "side"));
	json_object_set_new(found, "differences", set);
	return found;
}

static json_t *found_of(const json_t *result)
{
	json_t *found = json_object(), *notes = json_object(), *devices = json_object(), *row;
	size_t i;
	json_array_foreach(json_object_get(result, "notes"), i, row)
	{
		add_to(notes, json_string_value(json_object_get(row, "text")));
	}
	json_array_foreach(json_object_get(result, "devices"), i, row)
	{
		const char *name = json_string_value(json_object_get(row, "device"));
		json_object_set_new(devices, name != NULL ? name : "", found_of_device(row));
	}
	json_object_set(found, "open", json_object_get(result, "open"));
	json_object_set(found, "explained", json_object_get(result, "explained"));
	json_object_set_new(found, "notes", notes);
	json_object_set_new(found, "devices", devices);
	return found;
}

char *nf_wave_mark(const json_t *result)
{
	unsigned char hash[MARK_LEN];
	char hex[2 * MARK_LEN + 1];
	json_t *found = found_of(result);
	char *text = json_dumps(found, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(found);
	if (text == NULL)
		return nf_xstrdup("");
	crypto_generichash(
		hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
	free(text);
	return nf_xstrdup(sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
}
