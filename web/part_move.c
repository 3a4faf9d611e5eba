// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/i18n.h"
#include "checks/cutover/reason.h"
#include "store/sightings.h"
#include "web/parts.h"

static const struct {
	const char *class, *means;
} stages[NF_STAGES] = {
	[NF_STAGE_PLANNED] = {"g-planned",
			      N_("it has to move, and was not seen on the new side")		      },
	[NF_STAGE_PREPARED] = {"g-prepared",  N_("its wave and its new address are known")		 },
	[NF_STAGE_DUAL] = {"g-dual",	     N_("proved on the new side, and still on the old one")   },
	[NF_STAGE_MOVED] = {"g-moved",     N_("proved on the new side, gone from the old one")	  },
	[NF_STAGE_CONFIRMED] = {"g-confirmed",
			      N_("silent on the old side long enough, its checks ok, a backup proved")},
	[NF_STAGE_RELEASED] = {"g-released",
			      N_("confirmed, and nobody calls its old address any more")		  },
	[NF_STAGE_REGRESSED] = {"g-regressed",
			      N_("it had moved, and is on the old side again")			},
	[NF_STAGE_LOST] = {"g-lost",	     N_("it used to answer, and is on neither side")	    },
	[NF_STAGE_EXEMPT] = {"g-exempt",	 N_("somebody decided that it stays, until a day")	  },
};

/* As a badge says it of so many devices, which is not how the ledger and a sentence call it (nf_stage_words). */
static const char *word_of(enum nf_stage stage, size_t n)
{
	switch (stage) {
	case NF_STAGE_PLANNED:
		return ngettext("Planned", "Planned", n);
	case NF_STAGE_PREPARED:
		return ngettext("Prepared", "Prepared", n);
	case NF_STAGE_DUAL:
		return ngettext("Both sides", "Both sides", n);
	case NF_STAGE_MOVED:
		return ngettext("Moved", "Moved", n);
	case NF_STAGE_CONFIRMED:
		return ngettext("Confirmed", "Confirmed", n);
	case NF_STAGE_RELEASED:
		return ngettext("Released", "Released", n);
	case NF_STAGE_REGRESSED:
		return ngettext("Came back", "Came back", n);
	case NF_STAGE_LOST:
		return ngettext("Lost", "Lost", n);
	case NF_STAGE_EXEMPT:
		break;
	}
	return ngettext("Exempt", "Exempt", n);
}

/* What a reader wants first, then along the way of the move. */
static const enum nf_stage shown[NF_STAGES] = {NF_STAGE_REGRESSED, NF_STAGE_LOST, NF_STAGE_DUAL,
	NF_STAGE_PLANNED, NF_STAGE_PREPARED, NF_STAGE_MOVED, NF_STAGE_CONFIRMED,
	NF_STAGE_RELEASED, NF_STAGE_EXEMPT};

static void put_badge(struct nf_page *p, const char *class, const char *word, size_t count)
{
	char classes[40];
	snprintf(classes, sizeof classes, "state %s", class);
	nf_html_open(p->h, "span", "class", classes, NULL);
	if (count > 0)
		nf_html_textf(p->h, "%zu ", count);
	nf_html_text(p->h, word);
	nf_html_close(p->h);
}

void nf_part_stage(struct nf_page *p, const struct nf_move *move)
{
	if (!move->known) {
		put_badge(p, "s-unknown", _("Unknown"), 0);
		return;
	}
	put_badge(p, stages[move->stage].class, word_of(move->stage, 1), 0);
	if (move->stale)
		nf_html_el(p->h, "span", _("stale"), "class", "tag", NULL);
}

static void put_piece(struct nf_page *p, const char *class, size_t n, size_t total, double *x)
{
	char from[32], width[32];
	double share = 100.0 * (double)n / (double)total;
	if (n == 0)
		return;
	snprintf(from, sizeof from, "%.3f", *x);
	snprintf(width, sizeof width, "%.3f", share);
	nf_html_el(p->h, "rect", NULL, "class", class, "x", from, "y", "0", "width", width,
		"height", "6", NULL);
	*x += share;
}

/* Done at the left, as a bar that fills. */
static void put_bar(struct nf_page *p, const struct nf_moves_network *n)
{
	static const enum nf_stage filling[NF_STAGES] = {NF_STAGE_RELEASED, NF_STAGE_CONFIRMED,
		NF_STAGE_MOVED, NF_STAGE_DUAL, NF_STAGE_REGRESSED, NF_STAGE_LOST,
		NF_STAGE_PREPARED, NF_STAGE_PLANNED, NF_STAGE_EXEMPT};
	double x = 0;
	nf_html_open(p->h, "svg", "class", "bar", "viewBox", "0 0 100 6", "preserveAspectRatio",
		"none", "aria-hidden", "true", "focusable", "false", NULL);
	for (size_t i = 0; i < NF_STAGES && n->total > 0; i++)
		put_piece(p, stages[filling[i]].class, n->by_stage[filling[i]], n->total, &x);
	if (n->total > 0)
		put_piece(p, "s-unknown", n->unknown, n->total, &x);
	nf_html_close(p->h);
}

void nf_part_stages(struct nf_page *p, const struct nf_moves_network *n)
{
	put_bar(p, n);
	nf_html_open(p->h, "ul", "class", "counts", NULL);
	for (size_t i = 0; i < NF_STAGES; i++) {
		if (n->by_stage[shown[i]] == 0)
			continue;
		nf_html_open(p->h, "li", NULL);
		put_badge(p, stages[shown[i]].class, word_of(shown[i], n->by_stage[shown[i]]),
			n->by_stage[shown[i]]);
		nf_html_close(p->h);
	}
	if (n->unknown > 0) {
		nf_html_open(p->h, "li", NULL);
		put_badge(p, "s-unknown", _("Unknown"), n->unknown);
		nf_html_close(p->h);
	}
	nf_html_open(p->h, "li", "class", "sum", NULL);
	nf_html_textf(p->h, _("of %zu devices"), n->total);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

void nf_part_stage_legend(struct nf_page *p)
{
	nf_html_open(p->h, "dl", "class", "stages", NULL);
	for (size_t i = 0; i < NF_STAGES; i++) {
		nf_html_open(p->h, "dt", NULL);
		put_badge(p, stages[shown[i]].class, word_of(shown[i], 1), 0);
		nf_html_close(p->h);
		nf_html_el(p->h, "dd", _(stages[shown[i]].means), NULL);
	}
	nf_html_close(p->h);
}

char *nf_utc_day_text(int64_t day, char buf[NF_TIME_MAX])
{
	if (day == NF_FORECAST_NEVER)
		snprintf(buf, NF_TIME_MAX, "%s", _("not within five years"));
	else
		nf_date_text(day * NF_DAY_US + NF_DAY_US / 2, buf);
	return buf;
}

static void put_range(struct nf_page *p, const struct nf_forecast *f)
{
	char by_20[NF_TIME_MAX], by_50[NF_TIME_MAX], by_80[NF_TIME_MAX], pace[32];
	nf_html_textf(p->h, _("Done: %s (20 %%), %s (50 %%), %s (80 %%); "),
		nf_utc_day_text(f->day_20, by_20), nf_utc_day_text(f->day_50, by_50),
		nf_utc_day_text(f->day_80, by_80));
	nf_html_textf(p->h, _("%s proofs a week over %u weeks."),
		nf_number_text(p->m, f->per_week, 1, pace), (unsigned)f->weeks);
}

static void put_late(struct nf_page *p, unsigned int days)
{
	if (days == 0)
		return;
	nf_html_text(p->h, " ");
	nf_html_open(p->h, "strong", NULL);
	nf_html_textf(p->h,
		ngettext("The 80 %% day is %u day too late.",
			"The 80 %% day is %u days too late.", days),
		days);
	nf_html_close(p->h);
}

void nf_part_forecast(struct nf_page *p, const struct nf_moves_network *n)
{
	const struct nf_forecast *f = &n->burn.forecast;
	char day[NF_TIME_MAX], chance[32];
	static const char *const none[] = {
		[NF_FORECAST_EMPTY] = N_("Nothing has to move."),
		[NF_FORECAST_DONE] = N_("All of it is proved."),
		[NF_FORECAST_EARLY] = N_("No forecast yet: it goes by three whole weeks."),
		[NF_FORECAST_STANDS] =
			N_("No forecast: nothing was proved in the last four weeks."),
		[NF_FORECAST_RETREATS] =
			N_("No forecast: there is more to move every week than is proved."),
	};
	nf_html_open(p->h, "p", "class", "forecast", NULL);
	if (f->state == NF_FORECAST_RANGE)
		put_range(p, f);
	else
		nf_html_text(p->h, _(none[f->state]));
	if (f->state == NF_FORECAST_RANGE && n->leave_by_day != 0 && f->on_time >= 0) {
		nf_html_text(p->h, " ");
		nf_html_textf(p->h, _("To be left by %s: a chance of %s %%."),
			nf_utc_day_text(n->leave_by_day, day),
			nf_number_text(p->m, 100 * f->on_time, 0, chance));
		put_late(p, nf_moves_days_late(n));
	} else if (n->leave_by_day != 0) {
		nf_html_text(p->h, " ");
		nf_html_textf(
			p->h, _("To be left by %s."), nf_utc_day_text(n->leave_by_day, day));
	}
	nf_html_close(p->h);
}

/* "2011-02-05T18:00:00+01:00" as people read it; what else it may be stays as it is. */
static void put_at(struct nf_page *p, const json_t *at)
{
	const char *text = json_string_value(at);
	char shorter[17];
	if (at == NULL || json_is_null(at)) {
		nf_html_text(p->h, "–");
		return;
	}
	if (json_is_integer(at) || text == NULL || strlen(text) < 16) {
		nf_part_when(p, json_integer_value(at));
		return;
	}
	memcpy(shorter, text, 16);
	shorter[16] = '\0';
	if (shorter[10] == 'T')
		shorter[10] = ' ';
	nf_html_el(p->h, "time", shorter, "datetime", text, NULL);
}

static void put_words(struct nf_page *p, const json_t *item)
{
	struct nf_strbuf words = {0};
	nf_reason_item_words(item, &words);
	nf_part_cell(p, "wide", words.data);
	nf_strbuf_free(&words);
}

static void put_observations(struct nf_page *p, const char *caption, const json_t *list)
{
	static const char *const heads[] = {N_("Seen"), N_("Source"), N_("What"), NULL};
	const json_t *item;
	size_t i;
	if (json_array_size(list) == 0)
		return;
	nf_html_el(p->h, "h3", caption, NULL);
	nf_table_open(p, caption, true, heads);
	json_array_foreach(list, i, item)
	{
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", "class", "when", NULL);
		put_at(p, json_object_get(item, "at"));
		nf_html_close(p->h);
		nf_part_cell(p, "code", json_string_value(json_object_get(item, "source")));
		put_words(p, item);
		nf_html_close(p->h);
	}
	nf_table_close(p);
}

void nf_part_move(struct nf_page *p, const struct nf_device *device)
{
	const struct nf_move *move =
		p->m->moves != NULL ? nf_moves_find(p->m->moves, device->name) : NULL;
	if (move == NULL)
		return;
	char until[NF_TIME_MAX];
	json_t *json = json_loads(move->json, 0, NULL);
	nf_section_open(p, "move", _("The move"),
		_("What was seen of it, for and against, each with its time and source."));
	nf_html_open(p->h, "p", "class", "verdict", NULL);
	nf_part_stage(p, move);
	if (move->known) {
		nf_html_el(p->h, "span", _(" since "), NULL);
		nf_part_when(p, move->since_wall_us);
	}
	nf_html_close(p->h);
	if (move->known)
		nf_html_el(p->h, "p", _(stages[move->stage].means), "class", "reason", NULL);
	if (move->exempt_reason != NULL) {
		nf_html_open(p->h, "p", NULL);
		nf_html_textf(p->h, _("Exempt until %s by %s: %s"),
			nf_date_text(move->exempt_until_wall_us - 1, until), move->exempt_owner,
			move->exempt_reason);
		nf_html_close(p->h);
	}
	put_observations(p, _("For the move"), json_object_get(json, "for"));
	put_observations(p, _("Against it"), json_object_get(json, "against"));
	nf_section_close(p);
	json_decref(json);
}
