// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/i18n.h"
#include "checks/cutover/wave_result.h"
#include "web/parts.h"

struct last {
	json_t *result;
	int64_t verified_wall_us, snapshot_wall_us;
};

static void take_result(const struct nf_wave_result *row, void *arg)
{
	struct last *last = arg;
	if (last->result != NULL || row->at_wall_us <= last->verified_wall_us)
		return;
	last->result = json_loads(row->json, 0, NULL);
	last->verified_wall_us = row->at_wall_us;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

static const json_t *device_result(const json_t *result, const char *name)
{
	const json_t *device;
	size_t i;
	json_array_foreach(json_object_get(result, "devices"), i, device)
	{
		if (strcmp(text_of(device, "device"), name) == 0)
			return device;
	}
	return NULL;
}

static void put_member(struct nf_page *p, const struct nf_device *d, const json_t *result)
{
	const json_t *device = device_result(result, d->name);
	const struct nf_move *move = nf_moves_find(p->m->moves, d->name);
	json_int_t open = json_integer_value(json_object_get(device, "open"));
	json_int_t explained = json_integer_value(json_object_get(device, "explained"));
	char count[32];
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "td", NULL);
	if (device == NULL)
		nf_html_el(p->h, "span", _("Unknown"), "class", "state s-unknown", NULL);
	else if (open > 0)
		nf_html_el(p->h, "span", _("Open"), "class", "state s-warning", NULL);
	else
		nf_html_el(p->h, "span", _("As before"), "class", "state s-ok", NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_device_link(p, d);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	if (move != NULL)
		nf_part_stage(p, move);
	nf_html_close(p->h);
	nf_part_cell(
		p, "wide", device != NULL ? nf_wave_side_words(text_of(device, "side")) : NULL);
	nf_part_cell(p, "n", nf_number_text(p->m, (double)open, 0, count));
	nf_part_cell(p, "n", nf_number_text(p->m, (double)explained, 0, count));
	nf_html_close(p->h);
}

static void put_members(struct nf_page *p, const struct nf_wave *wave, const json_t *result)
{
	static const char *const heads[] = {N_("After"), N_("Device"), N_("Stage"),
		N_("Where it answers"), ">" N_("Open differences"),
		">" N_("Explained differences"), NULL};
	nf_section_open(p, "members", _("Devices of the wave"), NULL);
	nf_table_open(p, _("Devices of the wave"), true, heads);
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		if (d->wave == wave)
			put_member(p, d, result);
	}
	nf_table_close(p);
	nf_section_close(p);
}

static void put_value(struct nf_page *p, const json_t *one, const char *which)
{
	const json_t *value = json_object_get(one, which);
	struct nf_strbuf words = {0};
	if (value != NULL && !json_is_null(value))
		nf_wave_value_words(one, value, &words);
	nf_part_cell(p, "wide named", words.data);
	nf_strbuf_free(&words);
}

static void put_item(struct nf_page *p, const json_t *one)
{
	struct nf_strbuf words = {0};
	if (*text_of(one, "item") == '\0')
		return;
	nf_wave_item_words(one, &words);
	nf_html_text(p->h, " ");
	nf_html_el(p->h, "span", words.data, "class", "code", NULL);
	nf_strbuf_free(&words);
}

/* Why, and what a person said to it. */
static void put_why(struct nf_page *p, const json_t *one)
{
	const char *reason = text_of(one, "reason"), *accepted = text_of(one, "accepted");
	nf_html_open(p->h, "td", "class", "wide named", NULL);
	nf_html_text(p->h, *reason != '\0' ? _(reason) : "");
	if (*accepted != '\0') {
		nf_html_text(p->h, _(", accepted: "));
		nf_html_text(p->h, accepted);
	}
	nf_html_close(p->h);
}

static bool is_open(const json_t *one)
{
	return strcmp(text_of(one, "state"), "open") == 0;
}

static void put_difference(struct nf_page *p, const struct nf_device *d, const json_t *one)
{
	bool open = is_open(one);
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "td", NULL);
	nf_html_el(p->h, "span", open ? _("Open") : _("Explained"), "class",
		open ? "state s-warning" : "state s-ok", NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_device_link(p, d);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	nf_html_text(p->h, *text_of(one, "aspect") != '\0' ? _(text_of(one, "aspect")) : "");
	put_item(p, one);
	nf_html_close(p->h);
	put_value(p, one, "before");
	put_value(p, one, "after");
	put_why(p, one);
	nf_html_close(p->h);
}

/* Those that are open, or the others. */
static void put_differences_that(
	struct nf_page *p, const json_t *result, bool open, size_t *rows)
{
	static const char *const heads[] = {N_("State"), N_("Device"), N_("What"), N_("Before"),
		N_("After"), N_("Why"), NULL};
	const json_t *device, *one;
	size_t i, k;
	json_array_foreach(json_object_get(result, "devices"), i, device)
	{
		const struct nf_device *d =
			nf_site_device(p->m->site, text_of(device, "device"));
		json_array_foreach(json_object_get(device, "differences"), k, one)
		{
			if (d == NULL || is_open(one) != open)
				continue;
			if ((*rows)++ == 0)
				nf_table_open(p, _("Every difference"), true, heads);
			put_difference(p, d, one);
		}
	}
}

static size_t put_differences(struct nf_page *p, const json_t *result)
{
	size_t rows = 0;
	put_differences_that(p, result, true, &rows);
	put_differences_that(p, result, false, &rows);
	if (rows > 0)
		nf_table_close(p);
	return rows;
}

static void put_names(struct nf_page *p, const char *term, const json_t *names)
{
	const json_t *name;
	size_t i;
	if (json_array_size(names) == 0)
		return;
	nf_html_el(p->h, "dt", term, NULL);
	nf_html_open(p->h, "dd", NULL);
	json_array_foreach(names, i, name)
	{
		const struct nf_device *d = nf_site_device(p->m->site, json_string_value(name));
		if (i > 0)
			nf_html_text(p->h, ", ");
		if (d != NULL)
			nf_part_device_link(p, d);
		else
			nf_html_text(p->h, json_string_value(name));
	}
	nf_html_close(p->h);
}

static void put_notes(struct nf_page *p, const json_t *result)
{
	struct nf_strbuf text = {0};
	nf_wave_notes_text(result, &text);
	for (char *at = text.data, *end; at != NULL && *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		if (end == NULL)
			break;
		*end = '\0';
		nf_part_unknown(p, strncmp(at, "! ", 2) == 0 ? at + 2 : at);
	}
	nf_strbuf_free(&text);
}

static void put_roll_back(struct nf_page *p, const json_t *lists)
{
	nf_section_open(p, "roll-back", _("If the wave is rolled back"),
		_("Who answers on the old network already, and who would have to be brought back."));
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	put_names(p, _("Back on the old side"), json_object_get(lists, "come_back"));
	put_names(p, _("Never went"), json_object_get(lists, "stayed"));
	put_names(p, _("On both sides"), json_object_get(lists, "both_sides"));
	put_names(p, _("Not come back"), json_object_get(lists, "not_come_back"));
	put_names(p, _("On neither side"), json_object_get(lists, "neither"));
	nf_html_close(p->h);
	nf_section_close(p);
}

static void put_head(struct nf_page *p, const struct nf_wave *wave, const struct last *last)
{
	char from[NF_TIME_MAX], to[NF_TIME_MAX], at[NF_TIME_MAX];
	nf_html_open(p->h, "div", "class", "headline", NULL);
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	nf_part_term(p, _("Network"), wave->network->name);
	nf_when_text(wave->from_wall_us, from);
	nf_when_text(wave->to_wall_us, to);
	char *when = nf_xasprintf(_("%s to %s"), from, to);
	nf_part_term(p, _("When"), when);
	free(when);
	nf_part_term(p, _("Looked at before"),
		last->snapshot_wall_us != 0 ? nf_when_text(last->snapshot_wall_us, at)
					    : _("never"));
	nf_part_term(p, _("Looked at after"),
		last->verified_wall_us != 0 ? nf_when_text(last->verified_wall_us, at)
					    : _("never"));
	nf_html_close(p->h);
	nf_html_close(p->h);
}

void nf_page_wave(struct nf_page *p, const struct nf_wave *wave)
{
	struct last last = {0};
	if (p->m->store != NULL) {
		nf_wave_results(p->m->store, wave->id, take_result, &last);
		nf_wave_snapshot(p->m->site, p->m->store, wave, &last.snapshot_wall_us);
	}
	char *title = nf_xasprintf(_("Wave %s"), wave->id);
	nf_layout_begin(p, title, _("What was before this wave, and what is after."));
	free(title);
	put_head(p, wave, &last);
	put_members(p, wave, last.result);
	nf_section_open(p, "differences", _("Before and after"), NULL);
	put_notes(p, last.result);
	if (last.snapshot_wall_us == 0)
		nf_part_unknown(p,
			_("Nothing was kept from before: netfold cutover snapshot does it, before the wave begins."));
	else if (last.result == NULL)
		nf_part_unknown(p,
			_("Nobody has looked afterwards yet: netfold cutover verify does it."));
	else if (put_differences(p, last.result) == 0)
		nf_html_el(p->h, "p", _("Everything is as it was before."), "class", "allwell",
			NULL);
	nf_section_close(p);
	if (last.result != NULL)
		put_roll_back(p, json_object_get(last.result, "roll_back"));
	nf_layout_end(p);
	json_decref(last.result);
}
