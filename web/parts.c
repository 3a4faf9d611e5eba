// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/text.h"

static const char *const state_words[NF_STATES] = {
	N_("OK"), N_("Warning"), N_("Critical"), N_("Unknown"), N_("Unreachable")};
static const char *const state_classes[NF_STATES] = {
	"s-ok", "s-warning", "s-critical", "s-unknown", "s-unreachable"};
static const char *const kind_words[] = {N_("Router"), N_("Switch"), N_("Access point"),
	N_("Firewall"), N_("Server"), N_("Printer"), N_("UPS"), N_("Workstation"), N_("Phone"),
	N_("Other")};
static const char *const role_words[] = {N_("legacy"), N_("common"), N_("lab")};

const char *nf_state_word(enum nf_state state)
{
	return _(state_words[state]);
}

const char *nf_state_class(enum nf_state state)
{
	return state_classes[state];
}

const char *nf_kind_word(enum nf_kind kind)
{
	return _(kind_words[kind]);
}

const char *nf_role_word(enum nf_role role)
{
	return _(role_words[role]);
}

void nf_part_state(struct nf_page *p, enum nf_state state)
{
	char classes[32];
	snprintf(classes, sizeof classes, "state %s", nf_state_class(state));
	nf_html_el(p->h, "span", nf_state_word(state), "class", classes, NULL);
}

/* Swedish and ISO 8601 agree; English names the month, because 03/04 means two days. */
static char *time_text(int64_t wall_us, bool seconds, char buf[NF_TIME_MAX])
{
	static const char *const months[] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
		N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"),
		N_("Dec")};
	time_t s = (time_t)(wall_us / NF_US_PER_S);
	struct tm tm = {0};
	localtime_r(&s, &tm);
	int len = snprintf(buf, NF_TIME_MAX, "%d %s %d %02d:%02d", tm.tm_mday,
		_(months[tm.tm_mon % 12]), tm.tm_year + 1900, tm.tm_hour, tm.tm_min);
	if (seconds)
		snprintf(buf + len, NF_TIME_MAX - (size_t)len, ":%02d", tm.tm_sec);
	return buf;
}

char *nf_when_text(int64_t wall_us, char buf[NF_TIME_MAX])
{
	return time_text(wall_us, false, buf);
}

char *nf_date_text(int64_t wall_us, char buf[NF_TIME_MAX])
{
	*strrchr(nf_when_text(wall_us, buf), ' ') = '\0';
	return buf;
}

static void put_time(struct nf_page *p, int64_t wall_us, bool seconds)
{
	char iso[NF_ISO8601_MAX], text[NF_TIME_MAX];
	if (wall_us == 0) {
		nf_html_el(p->h, "span", _("never"), "class", "none", NULL);
		return;
	}
	nf_html_el(p->h, "time", time_text(wall_us, seconds, text), "datetime",
		nf_iso8601(wall_us, iso), NULL);
}

void nf_part_when(struct nf_page *p, int64_t wall_us)
{
	put_time(p, wall_us, false);
}

void nf_part_moment(struct nf_page *p, int64_t wall_us)
{
	put_time(p, wall_us, true);
}

char *nf_number_text(const struct nf_model *m, double number, int decimals, char buf[32])
{
	if (isnan(number)) {
		snprintf(buf, 32, "–");
		return buf;
	}
	snprintf(buf, 32, "%.*f", decimals, number);
	char *point = strchr(buf, '.');
	if (point != NULL && m->site->language == NF_LANGUAGE_SV)
		*point = ',';
	return buf;
}

char *nf_size_text(const struct nf_model *m, int64_t bytes, char buf[32])
{
	char text[NF_QUANTITY_MAX];
	snprintf(buf, 32, "%s", bytes < 0 ? "–" : nf_format_size((uint64_t)bytes, text));
	char *point = strchr(buf, '.');
	if (point != NULL && m->site->language == NF_LANGUAGE_SV)
		*point = ',';
	return buf;
}

void nf_part_more(struct nf_page *p, size_t more)
{
	if (more == 0)
		return;
	nf_html_open(p->h, "p", "class", "meta", NULL);
	nf_html_textf(p->h, _("and %zu more"), more);
	nf_html_close(p->h);
}

void nf_part_cell(struct nf_page *p, const char *class, const char *text)
{
	nf_html_el(p->h, "td", text, "class", class, NULL);
}

void nf_part_when_cell(struct nf_page *p, int64_t wall_us)
{
	nf_html_open(p->h, "td", "class", "when", NULL);
	nf_part_when(p, wall_us);
	nf_html_close(p->h);
}

/* The order in which a reader wants them: what is wrong first. */
const enum nf_state nf_states_worst_first[NF_STATES] = {NF_STATE_CRITICAL, NF_STATE_WARNING,
	NF_STATE_UNREACHABLE, NF_STATE_UNKNOWN, NF_STATE_OK};

static void put_bar(struct nf_page *p, const size_t by_state[NF_STATES], size_t total)
{
	double x = 0;
	nf_html_open(p->h, "svg", "class", "bar", "viewBox", "0 0 100 6", "preserveAspectRatio",
		"none", "aria-hidden", "true", "focusable", "false", NULL);
	for (size_t i = 0; i < NF_STATES && total > 0; i++) {
		enum nf_state s = nf_states_worst_first[i];
		char from[32], width[32];
		if (by_state[s] == 0)
			continue;
		double share = 100.0 * (double)by_state[s] / (double)total;
		snprintf(from, sizeof from, "%.3f", x);
		snprintf(width, sizeof width, "%.3f", share);
		nf_html_el(p->h, "rect", NULL, "class", nf_state_class(s), "x", from, "y", "0",
			"width", width, "height", "6", NULL);
		x += share;
	}
	nf_html_close(p->h);
}

void nf_part_window(struct nf_page *p, const struct nf_view *view)
{
	const struct nf_view_window *w = view->window;
	char until[NF_TIME_MAX];
	if (w == NULL)
		return;
	nf_when_text(w->until_wall_us, until);
	nf_html_text(p->h, " ");
	nf_html_open(p->h, "span", "class", "tag", NULL);
	if (w->wave != NULL)
		nf_html_textf(
			p->h, _("in wave %s's window until %s: no mail"), w->wave->id, until);
	else
		nf_html_textf(p->h, _("in maintenance %s until %s: no mail"), w->id, until);
	nf_html_close(p->h);
}

void nf_part_share(struct nf_page *p, const size_t by_state[NF_STATES], size_t total)
{
	put_bar(p, by_state, total);
	nf_html_open(p->h, "ul", "class", "counts", NULL);
	for (size_t i = 0; i < NF_STATES; i++) {
		enum nf_state s = nf_states_worst_first[i];
		if (by_state[s] == 0 && s != NF_STATE_OK)
			continue;
		char classes[32];
		snprintf(classes, sizeof classes, "state %s", nf_state_class(s));
		nf_html_open(p->h, "li", NULL);
		nf_html_open(p->h, "span", "class", classes, NULL);
		nf_html_textf(p->h, "%zu ", by_state[s]);
		nf_html_text(p->h, nf_state_word(s));
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_html_open(p->h, "li", "class", "sum", NULL);
	nf_html_textf(p->h, _("of %zu devices"), total);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

/* nf_safename's '%' is a character of the file's name, so a link has to write it as %25. */
static char *href(const struct nf_page *p, const char *folder, const char *name)
{
	struct nf_strbuf safe = {0}, out = {0};
	nf_safename(&safe, name, strlen(name));
	nf_strbuf_printf(&out, "%s%s/", p->root, folder);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.data[i] == '%')
			nf_strbuf_puts(&out, "%25");
		else
			nf_strbuf_putc(&out, safe.data[i]);
	}
	nf_strbuf_puts(&out, ".html");
	nf_strbuf_free(&safe);
	return nf_strbuf_take(&out);
}

char *nf_leaving_href(const struct nf_page *p, const struct nf_network *network)
{
	return href(p, "cutover", network->id);
}

char *nf_wave_href(const struct nf_page *p, const struct nf_wave *wave)
{
	return href(p, "wave", wave->id);
}

char *nf_device_href(const struct nf_page *p, const struct nf_device *device)
{
	return href(p, "device", device->name);
}

char *nf_job_href(const struct nf_page *p, const struct nf_backup *job)
{
	return href(p, "backup", job->id);
}

char *nf_network_href(const struct nf_page *p, const struct nf_network *network)
{
	return href(p, "network", network->id);
}

void nf_part_device_link(struct nf_page *p, const struct nf_device *device)
{
	char *to = nf_device_href(p, device);
	nf_html_el(p->h, "a", device->name, "href", to, NULL);
	free(to);
}

void nf_part_job_link(struct nf_page *p, const struct nf_backup *job)
{
	char *to = nf_job_href(p, job);
	nf_html_el(p->h, "a", job->id, "href", to, NULL);
	free(to);
}

void nf_part_network_link(struct nf_page *p, const struct nf_network *network)
{
	char *to = nf_network_href(p, network);
	nf_html_el(p->h, "a", network->name, "href", to, NULL);
	free(to);
}

void nf_section_open(struct nf_page *p, const char *id, const char *heading, const char *note)
{
	nf_html_open(p->h, "section", "aria-labelledby", id, NULL);
	nf_html_el(p->h, "h2", heading, "id", id, NULL);
	if (note != NULL)
		nf_html_el(p->h, "p", note, "class", "note", NULL);
}

void nf_section_close(struct nf_page *p)
{
	nf_html_close(p->h);
}

/* tabindex: a keyboard must be able to scroll what a mouse can. */
void nf_table_open(
	struct nf_page *p, const char *caption, bool sortable, const char *const *heads)
{
	nf_html_open(p->h, "div", "class", "scroll", "tabindex", "0", "role", "group",
		"aria-label", caption, NULL);
	nf_html_open(p->h, "table", "class", sortable ? "sortable" : NULL, NULL);
	nf_html_el(p->h, "caption", caption, NULL);
	nf_html_open(p->h, "thead", NULL);
	nf_html_open(p->h, "tr", NULL);
	for (; *heads != NULL; heads++) {
		bool number = **heads == '>';
		nf_html_el(p->h, "th", _(*heads + number), "scope", "col", "class",
			number ? "n" : NULL, NULL);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_open(p->h, "tbody", NULL);
}

void nf_table_close(struct nf_page *p)
{
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

void nf_part_unknown(struct nf_page *p, const char *text)
{
	nf_html_el(p->h, "p", text, "class", "notyet", NULL);
}

void nf_part_term(struct nf_page *p, const char *term, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	nf_html_el(p->h, "dt", term, NULL);
	nf_html_el(p->h, "dd", text, NULL);
}
