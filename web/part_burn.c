// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "store/sightings.h"
#include "web/parts.h"

/* The drawing's own units. */
#define WIDTH	    720.0
#define HEIGHT	    240.0
#define LEFT	    56.0
#define BOTTOM	    26.0
#define TOP	    12.0
#define RIGHT	    12.0

#define AHEAD_MAX   400 /* days: a forecast beyond does not squeeze the past */
#define ROWS_MAX    16	/* of the table beside it */
#define FREEZES_MAX 50
#define STEPS_MAX   60 /* of a line: an attribute is cut at 2,000 bytes (web/html.h) */

struct frame {
	int64_t from, to; /* days */
	double most;	  /* devices */
};

static double x_of(const struct frame *f, int64_t day)
{
	double share = (double)(day - f->from) / (double)(f->to - f->from);
	return LEFT + share * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct frame *f, double count)
{
	return HEIGHT - BOTTOM - count / f->most * (HEIGHT - BOTTOM - TOP);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct frame frame_of(const struct nf_moves_network *n, int64_t today)
{
	const struct nf_moves_burn *b = &n->burn;
	struct frame f = {.from = b->days[0].day, .to = later(today, b->days[0].day + 7)};
	int64_t far = today + AHEAD_MAX;
	if (n->leave_by_day != 0 && n->leave_by_day <= far)
		f.to = later(f.to, n->leave_by_day + 3);
	if (b->forecast.state == NF_FORECAST_RANGE)
		f.to = later(f.to, b->forecast.day_80 < far ? b->forecast.day_80 + 3 : far);
	f.most = 1;
	for (size_t i = 0; i < b->len; i++)
		if ((double)b->days[i].scope > f.most)
			f.most = (double)b->days[i].scope;
	f.most *= 1.06;
	return f;
}

/* Those of the frame, cut to it; to is the day after. */
static size_t freezes_in(
	const struct nf_page *p, const struct frame *f, struct nf_freeze_days out[FREEZES_MAX])
{
	size_t kept = 0, len = nf_moves_freezes(p->m->site, out, FREEZES_MAX);
	for (size_t i = 0; i < len; i++) {
		int64_t from = later(out[i].from_day, f->from);
		int64_t to = out[i].to_day < f->to ? out[i].to_day : f->to - 1;
		if (from <= to)
			out[kept++] = (struct nf_freeze_days){from, to};
	}
	return kept;
}

static void put_freezes(struct nf_page *p, const struct frame *f)
{
	struct nf_freeze_days days[FREEZES_MAX];
	size_t len = freezes_in(p, f, days);
	for (size_t i = 0; i < len; i++) {
		char x[16], width[16];
		double from = x_of(f, days[i].from_day);
		snprintf(x, sizeof x, "%.1f", from);
		snprintf(width, sizeof width, "%.1f", x_of(f, days[i].to_day + 1) - from);
		nf_html_el(p->h, "rect", NULL, "class", "freeze", "x", x, "y", "12", "width",
			width, "height", "202", NULL);
	}
}

static void put_key_item(struct nf_page *p, const char *class, bool is_line, const char *word)
{
	nf_html_open(p->h, "li", NULL);
	nf_html_open(p->h, "svg", "viewBox", "0 0 24 10", "aria-hidden", "true", "focusable",
		"false", NULL);
	if (is_line)
		nf_html_el(p->h, "line", NULL, "class", class, "x1", "0", "y1", "5", "x2", "24",
			"y2", "5", NULL);
	else
		nf_html_el(p->h, "rect", NULL, "class", class, "x", "0", "y", "0", "width",
			"24", "height", "10", NULL);
	nf_html_close(p->h);
	nf_html_text(p->h, word);
	nf_html_close(p->h);
}

static bool is_in(const struct frame *f, int64_t day)
{
	return day > f->from && day <= f->to;
}

/* What each line and colour is. */
static void put_key(struct nf_page *p, const struct frame *f, const struct nf_moves_network *n)
{
	nf_html_open(p->h, "ul", "class", "legend", NULL);
	put_key_item(p, "scope", true, _("To move"));
	put_key_item(p, "done", false, _("Proved"));
	if (n->burn.forecast.state == NF_FORECAST_RANGE)
		put_key_item(p, "range", false, _("Forecast, 20 to 80 %"));
	put_key_item(p, "today", true, _("Today"));
	if (is_in(f, n->leave_by_day))
		put_key_item(p, "leave", true, _("To be left by"));
	nf_html_close(p->h);
}

/* What is shaded, for those who do not see it. */
static void put_freeze_words(struct nf_page *p, const struct frame *f)
{
	struct nf_freeze_days days[FREEZES_MAX];
	size_t len = freezes_in(p, f, days);
	char from[NF_TIME_MAX], to[NF_TIME_MAX];
	if (len == 0)
		return;
	nf_html_open(p->h, "p", "class", "meta", NULL);
	nf_html_text(p->h, _("Shaded, nothing may move:"));
	for (size_t i = 0; i < len; i++) {
		nf_html_text(p->h, i > 0 ? ", " : " ");
		nf_html_textf(p->h, _("%s to %s"), nf_utc_day_text(days[i].from_day, from),
			nf_utc_day_text(days[i].to_day, to));
	}
	nf_html_close(p->h);
}

static void add_point(struct nf_strbuf *points, double x, double y)
{
	nf_strbuf_printf(points, "%s%.1f,%.1f", points->len > 0 ? " " : "", x, y);
}

static void put_line(
	struct nf_page *p, const char *class, double x1, double y1, double x2, double y2)
{
	char text[4][16];
	snprintf(text[0], 16, "%.1f", x1);
	snprintf(text[1], 16, "%.1f", y1);
	snprintf(text[2], 16, "%.1f", x2);
	snprintf(text[3], 16, "%.1f", y2);
	nf_html_el(p->h, "line", NULL, "class", class, "x1", text[0], "y1", text[1], "x2",
		text[2], "y2", text[3], NULL);
}

static void put_label(
	struct nf_page *p, const char *anchor, double x, double y, const char *label)
{
	char text[2][16];
	snprintf(text[0], 16, "%.1f", x);
	snprintf(text[1], 16, "%.1f", y);
	nf_html_el(
		p->h, "text", label, "x", text[0], "y", text[1], "text-anchor", anchor, NULL);
}

static void put_shape(
	struct nf_page *p, const char *element, const char *class, struct nf_strbuf *points)
{
	nf_html_el(p->h, element, NULL, "class", class, "points", points->data, NULL);
	nf_strbuf_free(points);
}

/* A day without a row stood as the one before: steps, not slopes. */
static void put_past(
	struct nf_page *p, const struct frame *f, const struct nf_moves_burn *b, int64_t today)
{
	struct nf_strbuf done = {0}, scope = {0};
	double ground = y_of(f, 0);
	add_point(&done, x_of(f, f->from), ground);
	size_t stride = b->len / STEPS_MAX + 1;
	for (size_t i = (b->len - 1) % stride; i < b->len; i += stride) {
		int64_t until = i + stride < b->len ? b->days[i + stride].day
						    : later(today, b->days[i].day);
		double y = y_of(f, b->days[i].done), x = x_of(f, b->days[i].day);
		add_point(&done, x, y);
		add_point(&done, x_of(f, until), y);
		add_point(&scope, x, y_of(f, b->days[i].scope));
		add_point(&scope, x_of(f, until), y_of(f, b->days[i].scope));
	}
	add_point(&done, x_of(f, later(today, b->days[b->len - 1].day)), ground);
	put_shape(p, "polygon", "done", &done);
	put_shape(p, "polyline", "scope", &scope);
}

static int64_t inside(const struct frame *f, int64_t day)
{
	return day < f->to ? day : f->to;
}

/* From where it stands to where the scope line is met: the range, and its middle. */
static void put_future(
	struct nf_page *p, const struct frame *f, const struct nf_moves_burn *b, int64_t today)
{
	struct nf_strbuf band = {0};
	const struct nf_forecast *c = &b->forecast;
	double from_x = x_of(f, today), from_y = y_of(f, c->done), full = y_of(f, c->scope);
	if (c->state != NF_FORECAST_RANGE)
		return;
	add_point(&band, from_x, from_y);
	add_point(&band, x_of(f, inside(f, c->day_20)), full);
	add_point(&band, x_of(f, inside(f, c->day_80)), full);
	put_shape(p, "polygon", "range", &band);
	put_line(p, "middle", from_x, from_y, x_of(f, inside(f, c->day_50)), full);
}

static void put_axes(struct nf_page *p, const struct frame *f, const struct nf_moves_network *n,
	int64_t today)
{
	char text[NF_TIME_MAX];
	double ground = y_of(f, 0), foot = HEIGHT - 8;
	uint32_t scope = n->burn.days[n->burn.len - 1].scope;
	put_line(p, "axis", LEFT, ground, WIDTH - RIGHT, ground);
	put_label(p, "end", LEFT - 6, ground, "0");
	snprintf(text, sizeof text, "%u", (unsigned)scope);
	put_label(p, "end", LEFT - 6, y_of(f, scope) + 4, text);
	put_line(p, "today", x_of(f, today), TOP, x_of(f, today), ground);
	put_label(p, "start", LEFT, foot, nf_utc_day_text(f->from, text));
	if (is_in(f, n->leave_by_day)) {
		double x = x_of(f, n->leave_by_day);
		put_line(p, "leave", x, TOP, x, ground);
		put_label(p, "end", x, foot, nf_utc_day_text(n->leave_by_day, text));
	}
}

static void put_numbers(struct nf_page *p, const struct nf_moves_burn *b)
{
	static const char *const heads[] = {
		N_("Day"), ">" N_("Proved"), ">" N_("To move"), NULL};
	char text[NF_TIME_MAX];
	size_t step = b->len / ROWS_MAX + 1;
	nf_html_open(p->h, "details", NULL);
	nf_html_el(p->h, "summary", _("The numbers"), NULL);
	nf_table_open(p, _("Proved moves and scope"), false, heads);
	for (size_t back = 0; back < b->len; back += step) {
		const struct nf_burn *day = &b->days[b->len - 1 - back];
		nf_html_open(p->h, "tr", NULL);
		nf_html_el(p->h, "th", nf_utc_day_text(day->day, text), "scope", "row", NULL);
		nf_part_cell(p, "n", nf_number_text(p->m, day->done, 0, (char[32]){0}));
		nf_part_cell(p, "n", nf_number_text(p->m, day->scope, 0, (char[32]){0}));
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_html_close(p->h);
}

void nf_part_burn(struct nf_page *p, const struct nf_moves_network *n)
{
	int64_t today = p->m->now.wall_us / NF_DAY_US;
	if (n->burn.len == 0) {
		nf_part_unknown(p, _("Not measured yet: no day has been counted."));
		return;
	}
	if (n->burn.len == 1) { /* nothing to draw: it was begun today */
		nf_part_forecast(p, n);
		put_numbers(p, &n->burn);
		return;
	}
	struct frame f = frame_of(n, today);
	nf_html_open(p->h, "figure", "class", "burn", NULL);
	nf_html_open(p->h, "div", "class", "scroll", "tabindex", "0", "role", "group",
		"aria-label", _("Burn-up"), NULL);
	nf_html_open(p->h, "svg", "viewBox", "0 0 720 240", "role", "img", "aria-label",
		_("Burn-up: proved moves under the line of all that has to move; the range is the forecast from 20 to 80 percent"),
		NULL);
	put_freezes(p, &f);
	put_future(p, &f, &n->burn, today);
	put_past(p, &f, &n->burn, today);
	put_axes(p, &f, n, today);
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_open(p->h, "figcaption", NULL);
	put_key(p, &f, n);
	nf_part_forecast(p, n);
	put_freeze_words(p, &f);
	put_numbers(p, &n->burn);
	nf_html_close(p->h);
	nf_html_close(p->h);
}
