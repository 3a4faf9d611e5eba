// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_result.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/parse.h"
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

struct word {
	const char *word, *text;
};

/* Our own words among the values. */
static const struct word states[] = {
	{"open",	 N_("answers")		      },
	{"closed",	   N_("refuses")		},
	{"silent",	   N_("is silent")		  },
	{"up",	       N_("up")		       },
	{"down",	 N_("down")		   },
	{"ok",	       N_("in order")		     },
	{"warning",	    N_("with a warning")	},
	{"bad",		N_("no good backup")	    },
	{"late",	 N_("late")		   },
	{"running",	    N_("still running")	       },
	{"unverifiable", N_("could not be looked at")},
};

static bool is_about(const json_t *difference, const char *aspect)
{
	return strcmp(text_of(difference, "aspect"), aspect) == 0;
}

static void put_text(const json_t *difference, const char *text, struct nf_strbuf *out)
{
	bool is_ours = is_about(difference, "service") || is_about(difference, "link") ||
		       is_about(difference, "backup");
	for (size_t i = 0; is_ours && i < sizeof states / sizeof *states; i++) {
		if (strcmp(states[i].word, text) == 0) {
			nf_strbuf_puts(out, gettext(states[i].text));
			return;
		}
	}
	nf_strbuf_puts(out, text);
}

/* "sw-1 Gi0/12": a neighbour, or the texts of a list. */
static void put_list(const json_t *list, struct nf_strbuf *out)
{
	static const char *const parts[] = {"system", "remote"};
	json_t *row;
	size_t i;
	json_array_foreach(list, i, row)
	{
		nf_strbuf_puts(out, i > 0 ? ", " : "");
		if (json_is_string(row))
			nf_strbuf_puts(out, json_string_value(row));
		for (size_t k = 0; json_is_object(row) && k < 2; k++)
			nf_strbuf_printf(out, "%s%s",
				k > 0 && *text_of(row, parts[k]) != '\0' ? " " : "",
				text_of(row, parts[k]));
	}
	if (json_array_size(list) == 0)
		nf_strbuf_puts(out, _("none"));
}

/* "0.51 ms"; "." of the catalogue is the decimal sign. */
static void put_ms(double us, struct nf_strbuf *out)
{
	char text[32];
	snprintf(text, sizeof text, "%.*f", us < 10000 ? 2 : 0, us / 1000);
	char *point = strchr(text, '.');
	if (point != NULL)
		*point = *_(".");
	nf_strbuf_printf(out, "%s ms", text);
}

static double us_of(const json_t *difference, double value)
{
	return strcmp(text_of(difference, "unit"), "s") == 0 ? value * NF_US_PER_S : value;
}

static void put_number(const json_t *difference, const json_t *value, struct nf_strbuf *out)
{
	double number = json_number_value(value);
	if (is_about(difference, "round trip time"))
		put_ms(us_of(difference, number), out);
	else if (is_about(difference, "link speed"))
		nf_strbuf_printf(out, "%.0f Mbit/s", number);
	else if (is_about(difference, "loss"))
		nf_strbuf_printf(out, "%.0f %%", number);
	else if (is_about(difference, "ping"))
		nf_strbuf_printf(out,
			ngettext("%d answer", "%d answers", (unsigned long)number),
			(int)number);
	else
		nf_strbuf_printf(out, "%.0f", number);
}

void nf_wave_value_words(const json_t *difference, const json_t *value, struct nf_strbuf *out)
{
	if (json_is_string(value))
		put_text(difference, json_string_value(value), out);
	else if (json_is_number(value))
		put_number(difference, value, out);
	else if (json_is_array(value))
		put_list(value, out);
	else if (json_is_true(value))
		nf_strbuf_puts(out, _("answers"));
	else
		nf_strbuf_puts(out, _("nothing"));
}

void nf_wave_item_words(const json_t *difference, struct nf_strbuf *out)
{
	const char *item = text_of(difference, "item");
	uint64_t port = 0;
	struct servent *service = NULL;
	nf_strbuf_puts(out, item);
	if (is_about(difference, "service") &&
		nf_parse_u64(item, 1, UINT16_MAX, &port) == NF_OK)
		service = getservbyport(htons((uint16_t)port), "tcp");
	if (service != NULL)
		nf_strbuf_printf(out, " (%s)", service->s_name);
}

void nf_wave_item_shown(const json_t *difference, struct nf_strbuf *out)
{
	struct nf_strbuf item = {0};
	nf_wave_item_words(difference, &item);
	put_escaped(out, item.data);
	nf_strbuf_free(&item);
}

static void put_value(struct nf_strbuf *out, const json_t *difference, const char *which)
{
	struct nf_strbuf words = {0};
	nf_wave_value_words(difference, json_object_get(difference, which), &words);
	put_escaped(out, words.data);
	nf_strbuf_free(&words);
}

static bool is_open(const json_t *d)
{
	return strcmp(text_of(d, "state"), "open") == 0;
}

static void put_difference(struct nf_strbuf *out, const json_t *d)
{
	nf_strbuf_printf(out, "  %s %s", is_open(d) ? "✖" : "·", ours(text_of(d, "aspect")));
	if (*text_of(d, "item") != '\0') {
		nf_strbuf_putc(out, ' ');
		nf_wave_item_shown(d, out);
	}
	nf_strbuf_printf(out, ": %s", ours(text_of(d, "reason")));
	const json_t *before = json_object_get(d, "before"),
		     *after = json_object_get(d, "after");
	if (!json_is_null(before) || !json_is_null(after)) {
		nf_strbuf_puts(out, " (");
		put_value(out, d, "before");
		if (!json_equal(before, after)) {
			nf_strbuf_puts(out, " → ");
			put_value(out, d, "after");
		}
		nf_strbuf_putc(out, ')');
	}
	if (*text_of(d, "accepted") != '\0') {
		nf_strbuf_puts(out, _(", accepted: "));
		put_escaped(out, text_of(d, "accepted"));
	}
	nf_strbuf_putc(out, '\n');
}

const char *nf_wave_side_words(const char *side)
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

static void put_device(struct nf_strbuf *out, const json_t *device)
{
	json_t *d;
	size_t i;
	put_escaped(out, text_of(device, "device"));
	nf_strbuf_printf(out, ": %s\n", nf_wave_side_words(text_of(device, "side")));
	for (int open = 1; open >= 0; open--)
		json_array_foreach(json_object_get(device, "differences"), i, d)
		{
			if (is_open(d) == (open == 1))
				put_difference(out, d);
		}
}

static void put_as_before(struct nf_strbuf *out, const json_t *devices)
{
	json_t *device;
	size_t i, n = 0;
	json_array_foreach(devices, i, device)
	{
		if (json_array_size(json_object_get(device, "differences")) > 0)
			continue;
		nf_strbuf_puts(out, n++ == 0 ? _("As before, at its new address: ") : ", ");
		put_escaped(out, text_of(device, "device"));
	}
	if (n > 0)
		nf_strbuf_putc(out, '\n');
}

void nf_wave_differences_text(const json_t *result, struct nf_strbuf *out)
{
	const json_t *devices = json_object_get(result, "devices");
	json_t *device;
	size_t i;
	for (int open = 1; open >= 0; open--)
		json_array_foreach(devices, i, device)
		{
			bool has_open = json_integer_value(json_object_get(device, "open")) > 0;
			if (has_open == (open == 1) &&
				json_array_size(json_object_get(device, "differences")) > 0)
				put_device(out, device);
		}
	put_as_before(out, devices);
}

void nf_wave_notes_text(const json_t *result, struct nf_strbuf *out)
{
	json_t *note;
	size_t i;
	json_array_foreach(json_object_get(result, "notes"), i, note)
	{
		const char *at = text_of(note, "at");
		nf_strbuf_printf(out, "! %s (%.10s %.5s)\n", ours(text_of(note, "text")), at,
			strlen(at) > 11 ? at + 11 : "");
	}
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

void nf_wave_roll_back_text(const json_t *result, struct nf_strbuf *out)
{
	const json_t *lists = json_object_get(result, "roll_back");
	put_names(out, _("have come back"), json_object_get(lists, "come_back"));
	put_names(out, _("never went"), json_object_get(lists, "stayed"));
	put_names(out, _("are on both sides"), json_object_get(lists, "both_sides"));
	put_names(out, _("have not come back"), json_object_get(lists, "not_come_back"));
	put_names(out, _("answer nowhere: look for them first"),
		json_object_get(lists, "neither"));
}

void nf_wave_result_text(const json_t *result, struct nf_strbuf *out)
{
	nf_wave_notes_text(result, out);
	nf_wave_differences_text(result, out);
	if (json_integer_value(json_object_get(result, "open")) > 0) {
		nf_strbuf_printf(out, "%s:\n", _("If the wave is rolled back"));
		nf_wave_roll_back_text(result, out);
	}
	nf_strbuf_printf(out, _("Wave %s: %d open, %d explained.\n"), text_of(result, "wave"),
		(int)json_integer_value(json_object_get(result, "open")),
		(int)json_integer_value(json_object_get(result, "explained")));
}
