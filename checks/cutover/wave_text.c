// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define VALUE_MAX 100

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text != NULL ? text : "";
}

/* A text of ours, from the catalogue; "" has no translation. */
static const char *ours(const char *text)
{
	return *text != '\0' ? gettext(text) : "";
}

static void put_escaped(struct nf_strbuf *out, const char *text)
{
	nf_text_escape(out, text, strlen(text), VALUE_MAX);
}

static void put_value(struct nf_strbuf *out, const json_t *value)
{
	char *json = NULL;
	if (value == NULL || json_is_null(value))
		nf_strbuf_puts(out, _("nothing"));
	else if (json_is_string(value))
		put_escaped(out, json_string_value(value));
	else if ((json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY)) != NULL)
		put_escaped(out, json);
	free(json);
}

static void put_difference(struct nf_strbuf *out, const json_t *d)
{
	bool open = strcmp(text_of(d, "state"), "open") == 0;
	nf_strbuf_printf(out, "  %s %s", open ? "✖" : "·", ours(text_of(d, "aspect")));
	if (*text_of(d, "item") != '\0') {
		nf_strbuf_putc(out, ' ');
		put_escaped(out, text_of(d, "item"));
	}
	nf_strbuf_printf(out, ": %s (", ours(text_of(d, "reason")));
	put_value(out, json_object_get(d, "before"));
	nf_strbuf_puts(out, " → ");
	put_value(out, json_object_get(d, "after"));
	nf_strbuf_putc(out, ')');
	if (*text_of(d, "accepted") != '\0') {
		nf_strbuf_puts(out, _(", accepted: "));
		put_escaped(out, text_of(d, "accepted"));
	}
	nf_strbuf_putc(out, '\n');
}

static const char *side_words(const char *side)
{
	if (strcmp(side, "moved") == 0)
		return _("answers at its new address");
	if (strcmp(side, "both") == 0)
		return _("answers at both addresses");
	if (strcmp(side, "back") == 0)
		return _("answers at its old address only");
	if (strcmp(side, "other") == 0)
		return _("another machine answers at its new address");
	return _("answers nowhere");
}

static void put_names(struct nf_strbuf *out, const char *heading, const json_t *list)
{
	json_t *name;
	size_t i;
	if (json_array_size(list) == 0)
		return;
	nf_strbuf_printf(out, "  %s:", heading);
	json_array_foreach(list, i, name)
	{
		nf_strbuf_puts(out, i > 0 ? ", " : " ");
		put_escaped(
			out, json_string_value(name) != NULL ? json_string_value(name) : "");
	}
	nf_strbuf_putc(out, '\n');
}

static void put_roll_back(struct nf_strbuf *out, const json_t *result)
{
	const json_t *lists = json_object_get(result, "roll_back");
	if (json_integer_value(json_object_get(result, "open")) == 0)
		return;
	nf_strbuf_printf(out, "%s\n", _("If the wave is rolled back:"));
	put_names(out, _("have come back"), json_object_get(lists, "come_back"));
	put_names(out, _("are on both sides"), json_object_get(lists, "both_sides"));
	put_names(out, _("have not come back"), json_object_get(lists, "not_come_back"));
	put_names(out, _("answer nowhere: look for them first"),
		json_object_get(lists, "neither"));
}

void nf_wave_result_text(const json_t *result, struct nf_strbuf *out)
{
	json_t *device, *d;
	size_t i, k;
	json_array_foreach(json_object_get(result, "devices"), i, device)
	{
		put_escaped(out, text_of(device, "device"));
		nf_strbuf_printf(out, ": %s\n", side_words(text_of(device, "side")));
		json_array_foreach(json_object_get(device, "differences"), k, d)
			put_difference(out, d);
	}
	put_roll_back(out, result);
	nf_strbuf_printf(out, _("Wave %s: %d open, %d explained.\n"), text_of(result, "wave"),
		(int)json_integer_value(json_object_get(result, "open")),
		(int)json_integer_value(json_object_get(result, "explained")));
}
