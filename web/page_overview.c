// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "web/parts.h"

char *nf_reason_text(const struct nf_model *m, const struct nf_view *view)
{
	const struct nf_view_check *c = view->worst;
	char when[NF_TIME_MAX];
	if (c == NULL)
		return nf_xstrdup("");
	if (c->state == NF_STATE_UNREACHABLE)
		return nf_xasprintf(_("behind %s"), c->cause);
	if (c->stale && c->asked_wall_us != 0 && c->asked_wall_us <= m->now.wall_us)
		return nf_xasprintf(_("%s: not asked since %s"), c->name,
			nf_when_text(c->asked_wall_us, when));
	if (c->asked_wall_us == 0)
		return nf_xasprintf(_("%s: not looked at yet"), c->name);
	return nf_xasprintf("%s: %s", c->name, c->output);
}

struct problem {
	const struct nf_view *view;
	size_t behind; /* devices that are unreachable because of it */
};

static const int rank[NF_STATES] = {
	[NF_STATE_CRITICAL] = 0,
	[NF_STATE_WARNING] = 1,
	[NF_STATE_UNREACHABLE] = 2,
	[NF_STATE_UNKNOWN] = 3,
	[NF_STATE_OK] = 4,
};

static int worst_first(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	if (x->view->state != y->view->state)
		return rank[x->view->state] - rank[y->view->state];
	if (x->view->since_wall_us != y->view->since_wall_us)
		return x->view->since_wall_us < y->view->since_wall_us ? 1 : -1;
	return x->view < y->view ? -1 : x->view > y->view;
}

/* The root of an unreachable device: the first above it that is not unreachable itself. */
static const struct nf_device *root_of(const struct nf_model *m, const struct nf_device *d)
{
	const struct nf_device *above = d->parent;
	for (size_t i = 0; above != NULL && i < m->site->devices.len; i++) {
		if (m->picture.devices[above->index].state != NF_STATE_UNREACHABLE)
			return above;
		above = above->parent;
	}
	return NULL;
}

static size_t collect(
	const struct nf_model *m, const struct nf_network *network, struct problem *problems)
{
	size_t len = 0, devices = m->site->devices.len;
	size_t *behind = nf_xcalloc(devices + 1, sizeof *behind);
	for (size_t i = 0; i < devices; i++) {
		const struct nf_view *v = &m->picture.devices[i];
		const struct nf_device *root =
			v->state == NF_STATE_UNREACHABLE ? root_of(m, v->device) : NULL;
		if (root != NULL && m->picture.devices[root->index].state != NF_STATE_OK)
			behind[root->index]++;
	}
	for (size_t i = 0; i < devices; i++) {
		const struct nf_view *v = &m->picture.devices[i];
		const struct nf_device *root =
			v->state == NF_STATE_UNREACHABLE ? root_of(m, v->device) : NULL;
		bool told =
			root != NULL && m->picture.devices[root->index].state != NF_STATE_OK &&
			(network == NULL || m->picture.devices[root->index].network == network);
		if (v->state == NF_STATE_OK || told ||
			(network != NULL && v->network != network))
			continue;
		problems[len++] = (struct problem){v, behind[i]};
	}
	for (size_t i = 0; i < m->site->networks.len; i++) {
		const struct nf_view *v = &m->picture.networks[i];
		if (v->state != NF_STATE_OK && (network == NULL || v->network == network))
			problems[len++] = (struct problem){v, 0};
	}
	if (network == NULL && m->picture.monitor.state != NF_STATE_OK)
		problems[len++] = (struct problem){&m->picture.monitor, 0};
	free(behind);
	qsort(problems, len, sizeof *problems, worst_first);
	return len;
}

static void put_problem(struct nf_page *p, const struct problem *problem)
{
	const struct nf_view *v = problem->view;
	struct nf_html *h = p->h;
	char *reason = nf_reason_text(p->m, v);
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_state(p, v->state);
	nf_html_close(h);
	nf_html_open(h, "th", "scope", "row", NULL);
	if (v->device != NULL)
		nf_part_device_link(p, v->device);
	else
		nf_html_text(
			h, v->network != NULL ? _("the network itself") : _("this monitor"));
	nf_html_close(h);
	nf_html_open(h, "td", NULL);
	if (v->network != NULL)
		nf_part_network_link(p, v->network);
	nf_html_close(h);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, v->since_wall_us);
	nf_html_close(h);
	nf_html_open(h, "td", "class", "wide", NULL);
	nf_html_text(h, reason);
	nf_part_window(p, v);
	if (problem->behind > 0) {
		nf_html_text(h, " ");
		nf_html_open(h, "strong", "class", "behind", NULL);
		nf_html_textf(h, _("+ %zu unreachable behind it"), problem->behind);
		nf_html_close(h);
	}
	nf_html_close(h);
	nf_html_close(h);
	free(reason);
}

void nf_part_problems(struct nf_page *p, const struct nf_network *network, size_t limit)
{
	static const char *const heads[] = {
		N_("State"), N_("Device"), N_("Network"), N_("Since"), N_("Why"), NULL};
	const struct nf_model *m = p->m;
	struct problem *problems =
		nf_xcalloc(m->site->devices.len + m->site->networks.len + 1, sizeof *problems);
	size_t len = collect(m, network, problems);
	if (len == 0) {
		nf_html_el(p->h, "p", _("Nothing is wrong."), "class", "allwell", NULL);
	} else {
		nf_table_open(p, _("Wrong now, worst and newest first"), true, heads);
		for (size_t i = 0; i < len && i < limit; i++)
			put_problem(p, &problems[i]);
		nf_table_close(p);
	}
	if (len > limit) {
		nf_html_open(p->h, "p", "class", "note", NULL);
		nf_html_textf(p->h, _("and %zu more: the pages of the networks list them"),
			len - limit);
		nf_html_close(p->h);
	}
	free(problems);
}

static void put_card(struct nf_page *p, const struct nf_network *n)
{
	size_t by_state[NF_STATES];
	const struct nf_view *own = &p->m->picture.networks[n->index];
	size_t total = nf_picture_count(&p->m->picture, n, by_state);
	char when[NF_TIME_MAX];
	nf_html_open(p->h, "li", "class", "card", NULL);
	nf_html_open(p->h, "h3", NULL);
	nf_part_network_link(p, n);
	nf_html_close(p->h);
	nf_html_open(p->h, "p", "class", "meta", NULL);
	nf_html_el(p->h, "span", nf_role_word(n->role), "class", "tag", NULL);
	if (n->supplier != NULL)
		nf_html_textf(p->h, " %s", n->supplier);
	if (n->leave_by_wall_us != 0) {
		nf_date_text(n->leave_by_wall_us, when);
		nf_html_textf(p->h, _(" to be left by %s"), when);
	}
	nf_html_close(p->h);
	nf_part_share(p, by_state, total);
	if (own->len > 0 && own->state != NF_STATE_OK) {
		char *reason = nf_reason_text(p->m, own);
		nf_html_open(p->h, "p", NULL);
		nf_part_state(p, own->state);
		nf_html_textf(p->h, " %s", reason);
		nf_part_window(p, own);
		nf_html_close(p->h);
		free(reason);
	}
	nf_html_close(p->h);
}

void nf_part_network_cards(struct nf_page *p)
{
	nf_html_open(p->h, "ul", "class", "cards", NULL);
	NF_EACH(struct nf_network, n, p->m->site->networks)
	put_card(p, n);
	nf_html_close(p->h);
}

static void put_headline(struct nf_page *p)
{
	const struct nf_model *m = p->m;
	size_t wrong = m->total - m->by_state[NF_STATE_OK];
	nf_html_open(p->h, "div", "class", "headline", NULL);
	nf_html_open(p->h, "p", "class", "figure", NULL);
	nf_html_textf(p->h, "%zu", m->by_state[NF_STATE_OK]);
	nf_html_open(p->h, "span", NULL);
	nf_html_textf(p->h, _(" of %zu devices are well"), m->total);
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_part_share(p, m->by_state, m->total);
	if (!m->picture.recorded)
		nf_part_unknown(p, _("Nothing was recorded yet: no program has looked."));
	else if (wrong == m->by_state[NF_STATE_UNKNOWN] && wrong > 0)
		nf_part_unknown(
			p, _("Nothing is known to be wrong, but not everything is known."));
	nf_html_close(p->h);
}

/* The age of everything else on the page: who looks, and when it last did. */
static void put_freshness(struct nf_page *p)
{
	static const char *const heads[] = {
		N_("Program"), N_("State"), N_("Sign of life"), N_("Last full round"), NULL};
	const struct nf_picture *picture = &p->m->picture;
	nf_section_open(p, "fresh-figures", _("How fresh the figures are"), NULL);
	nf_table_open(p, _("Programs that gather and judge"), false, heads);
	for (size_t i = 0; i < picture->programs_len; i++) {
		const struct nf_view_program *g = &picture->programs[i];
		nf_html_open(p->h, "tr", NULL);
		nf_html_el(p->h, "th", g->name, "scope", "row", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_state(p, g->alive ? NF_STATE_OK : NF_STATE_CRITICAL);
		nf_html_close(p->h);
		nf_html_open(p->h, "td", "class", "when", NULL);
		nf_part_when(p, g->beat_wall_us);
		nf_html_close(p->h);
		nf_html_open(p->h, "td", "class", "when", NULL);
		nf_part_when(p, g->cycle_wall_us);
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	nf_section_close(p);
}

void nf_page_overview(struct nf_page *p)
{
	nf_layout_begin(p, _("Overview"), NULL);
	put_headline(p);
	nf_section_open(p, "wrong", _("Wrong now"), NULL);
	nf_part_problems(p, NULL, 100);
	nf_section_close(p);
	nf_section_open(p, "networks", _("Networks"), NULL);
	nf_part_network_cards(p);
	nf_section_close(p);
	nf_html_open(p->h, "div", "class", "pair", NULL);
	nf_section_open(p, "backups", _("Backups of the night"), NULL);
	nf_part_backups_summary(p);
	nf_section_close(p);
	nf_section_open(p, "cutover", _("The move"), NULL);
	nf_part_move_summary(p);
	nf_section_close(p);
	nf_html_close(p->h);
	nf_section_open(p, "newest", _("Newest events"), NULL);
	nf_part_events(p, NULL, NULL, NULL, 12);
	nf_section_close(p);
	put_freshness(p);
	nf_layout_end(p);
}

/* For the screen on the wall: no navigation; app.js loads it anew, and so does a browser without. */
void nf_page_wall(struct nf_page *p)
{
	nf_layout_begin_bare(p, _("Wall view"));
	put_headline(p);
	nf_section_open(p, "wrong", _("Wrong now"), NULL);
	nf_part_problems(p, NULL, 12);
	nf_section_close(p);
	nf_section_open(p, "networks", _("Networks"), NULL);
	nf_part_network_cards(p);
	nf_section_close(p);
	nf_layout_end(p);
}
