// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/parse.h"
#include "store/outbox.h"
#include "web/parts.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), want = strlen(end);
	return len > want && strcmp(text + len - want, end) == 0;
}

/* The unit stands in the key: "event_lag_us" becomes "event lag" and a length of time. */
static void put_figure(struct nf_page *p, const char *key, const json_t *value)
{
	char number[NF_QUANTITY_MAX > 40 ? NF_QUANTITY_MAX : 40], name[80];
	bool us = ends_with(key, "_us"), bytes = ends_with(key, "bytes");
	snprintf(name, sizeof name, "%.*s", (int)(strlen(key) - (us ? 3 : 0)), key);
	for (char *c = name; *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
	double figure = json_number_value(value);
	if (us && figure >= 0 && figure < 9e18)
		nf_format_age((int64_t)figure, number);
	else if (bytes && figure >= 0 && figure < 9e18)
		nf_size_text(p->m, (int64_t)figure, number);
	else
		snprintf(number, sizeof number, "%.6g", figure);
	nf_html_open(p->h, "span", "class", "kv", NULL);
	nf_html_textf(p->h, "%s ", name);
	nf_html_el(p->h, "b", json_is_string(value) ? json_string_value(value) : number, NULL);
	nf_html_close(p->h);
	nf_html_text(p->h, " ");
}

/* The figures a program keeps about itself: flat JSON of numbers and texts, with English names. */
static void put_figures(struct nf_page *p, const char *text)
{
	json_t *figures = json_loads(text, 0, NULL);
	const char *key;
	json_t *value;
	nf_html_open(p->h, "td", "class", "figures", "lang", "en", NULL);
	json_object_foreach(figures, key, value)
	{
		if (json_is_number(value) ||
			(json_is_string(value) && *json_string_value(value) != '\0'))
			put_figure(p, key, value);
	}
	nf_html_close(p->h);
	json_decref(figures);
}

static bool is_alive(const struct nf_model *m, const char *name)
{
	for (size_t i = 0; i < m->picture.programs_len; i++)
		if (strcmp(m->picture.programs[i].name, name) == 0)
			return m->picture.programs[i].alive;
	return false;
}

static void put_programs(struct nf_page *p)
{
	static const char *const heads[] = {N_("State"), N_("Program"), N_("Sign of life"),
		N_("Last full round"), N_("Started"), N_("Its own figures"), NULL};
	nf_section_open(p, "programs", _("Programs"), NULL);
	nf_table_open(p, _("Programs and how they are"), true, heads);
	for (size_t i = 0; i < p->m->programs_len; i++) {
		const struct nf_model_program *g = &p->m->programs[i];
		const int64_t times[] = {g->beat_wall_us, g->cycle_wall_us, g->started_wall_us};
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_state(p, is_alive(p->m, g->name) ? NF_STATE_OK : NF_STATE_CRITICAL);
		nf_html_close(p->h);
		nf_html_el(p->h, "th", g->name, "scope", "row", NULL);
		for (size_t t = 0; t < 3; t++) {
			nf_html_open(p->h, "td", "class", "when", NULL);
			nf_part_moment(p, times[t]);
			nf_html_close(p->h);
		}
		put_figures(p, g->json);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	if (p->m->programs_len == 0)
		nf_part_unknown(p, _("No program has written down that it lives."));
	nf_section_close(p);
}

static void put_disk(struct nf_page *p)
{
	char free_text[32], total_text[32];
	nf_section_open(p, "disk", _("Disk"), NULL);
	if (p->m->disk_total == 0) {
		nf_part_unknown(p, _("Not known."));
	} else {
		nf_html_open(p->h, "p", NULL);
		nf_html_textf(p->h, _("Free: %s of %s, where the state is kept."),
			nf_size_text(p->m, (int64_t)p->m->disk_free, free_text),
			nf_size_text(p->m, (int64_t)p->m->disk_total, total_text));
		nf_html_close(p->h);
	}
	nf_section_close(p);
}

/* How many of those that should be looked at were looked at in time. */
static void put_coverage(struct nf_page *p)
{
	static const char *const heads[] = {
		N_("Check"), ">" N_("Asked in time"), ">" N_("Late or never"), NULL};
	static const char *const names[] = {"ping", "snmp"};
	const struct nf_model *m = p->m;
	nf_section_open(p, "coverage", _("Coverage"),
		_("Of the checks that are due, how many were asked in time."));
	nf_table_open(p, _("Coverage by check"), false, heads);
	for (size_t n = 0; n < 2; n++) {
		size_t fresh = 0, late = 0;
		for (size_t i = 0; i < m->site->devices.len; i++) {
			const struct nf_view *v = &m->picture.devices[i];
			for (size_t c = 0; c < v->len; c++) {
				if (strcmp(v->checks[c].name, names[n]) != 0)
					continue;
				if (v->checks[c].stale || v->checks[c].asked_wall_us == 0)
					late++;
				else
					fresh++;
			}
		}
		nf_html_open(p->h, "tr", NULL);
		nf_html_el(p->h, "th", names[n], "scope", "row", NULL);
		nf_html_el(p->h, "td", nf_number_text(m, (double)fresh, 0, (char[32]){0}),
			"class", "n", NULL);
		nf_html_el(p->h, "td", nf_number_text(m, (double)late, 0, (char[32]){0}),
			"class", "n", NULL);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_section_close(p);
}

static void put_reload(struct nf_page *p)
{
	nf_section_open(p, "reload", _("Last reload"), NULL);
	for (size_t i = 0; i < p->m->events_len; i++) {
		if (strcmp(p->m->events[i].kind, "reload") != 0)
			continue;
		nf_html_open(p->h, "p", NULL);
		nf_part_when(p, p->m->events[i].at_wall_us);
		nf_html_textf(p->h, ": %s", p->m->events[i].output);
		nf_html_close(p->h);
		nf_section_close(p);
		return;
	}
	nf_part_unknown(p, _("None among the newest events."));
	nf_section_close(p);
}

static void put_mail(struct nf_page *p)
{
	struct nf_store *outbox = NULL;
	struct nf_outbox_figures f;
	enum nf_err rc =
		nf_outbox_open(p->m->site->state_dir, NF_STORE_READ, 50, &outbox, NULL);
	if (rc == NF_OK)
		rc = nf_outbox_figures(outbox, &f);
	nf_store_close(outbox);
	if (rc != NF_OK) {
		nf_part_unknown(p, _("Not measured yet: no mail has been owed."));
		return;
	}
	nf_html_open(p->h, "p", NULL);
	nf_html_textf(p->h, _("Waiting: %llu, sent: %llu, refused: %llu. "),
		(unsigned long long)f.waiting, (unsigned long long)f.sent,
		(unsigned long long)f.refused);
	if (f.oldest_wall_us != 0) {
		nf_html_text(p->h, _("The oldest that waits was owed "));
		nf_part_when(p, f.oldest_wall_us);
	} else if (f.last_sent_wall_us != 0) {
		nf_html_text(p->h, _("The last one left "));
		nf_part_when(p, f.last_sent_wall_us);
		nf_html_textf(p->h, _(", %.1f s after it was owed."),
			(double)f.last_lag_us / (double)NF_US_PER_S);
	}
	nf_html_close(p->h);
}

void nf_page_about(struct nf_page *p)
{
	nf_layout_begin(p, _("About this monitor"), NULL);
	put_programs(p);
	put_coverage(p);
	put_disk(p);
	nf_section_open(p, "mail", _("Mail delivery"), NULL);
	put_mail(p);
	nf_section_close(p);
	put_reload(p);
	nf_layout_end(p);
}
