// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/sightings.h"
#include "web/parts.h"

#define WEEK_US	    (7 * NF_DAY_US)
#define LISTED_MAX  200
#define CALLERS_MAX 200

static void put_move_row(struct nf_page *p, const struct nf_move *move)
{
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "td", NULL);
	nf_part_stage(p, move);
	nf_html_close(p->h);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_device_link(p, move->device);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	nf_part_network_link(p, move->from);
	nf_html_close(p->h);
	nf_part_when_cell(p, move->since_wall_us);
	nf_part_cell(p, NULL, move->device->wave != NULL ? move->device->wave->id : NULL);
	nf_part_cell(p, NULL, move->device->owner);
	nf_html_close(p->h);
}

static int newest_first(const void *a, const void *b)
{
	const struct nf_move *const *x = a, *const *y = b;
	return ((*x)->since_wall_us < (*y)->since_wall_us) -
	       ((*x)->since_wall_us > (*y)->since_wall_us);
}

typedef bool choose_fn(const struct nf_page *p, const struct nf_move *move);

static bool is_trouble(const struct nf_page *p, const struct nf_move *move)
{
	(void)p;
	return move->known &&
	       (move->stage == NF_STAGE_REGRESSED || move->stage == NF_STAGE_LOST);
}

static bool is_this_week(const struct nf_page *p, const struct nf_move *move)
{
	return move->known && p->m->now.wall_us - move->since_wall_us < WEEK_US &&
	       nf_stage_rank(move->stage) >= nf_stage_rank(NF_STAGE_DUAL) &&
	       !is_trouble(p, move) && move->stage != NF_STAGE_EXEMPT;
}

/* Those that are chosen, the newest first; says `none` where there are none. */
static void put_moves(struct nf_page *p, const char *caption, choose_fn *choose,
	const char *none, const char *class)
{
	static const char *const heads[] = {N_("Stage"), N_("Device"), N_("Network"),
		N_("Since"), N_("Wave"), N_("Owner"), NULL};
	const struct nf_moves *m = p->m->moves;
	const struct nf_move **list = nf_xcalloc(m->len + 1, sizeof *list);
	size_t len = 0;
	for (size_t i = 0; i < m->len; i++)
		if (choose(p, &m->items[i]))
			list[len++] = &m->items[i];
	qsort(list, len, sizeof *list, newest_first);
	if (len == 0) {
		nf_html_el(p->h, "p", none, "class", class, NULL);
	} else {
		nf_table_open(p, caption, true, heads);
		for (size_t i = 0; i < len && i < LISTED_MAX; i++)
			put_move_row(p, list[i]);
		nf_table_close(p);
	}
	nf_part_more(p, len > LISTED_MAX ? len - LISTED_MAX : 0);
	free(list);
}

static void put_card(struct nf_page *p, const struct nf_moves_network *n)
{
	char *href = nf_leaving_href(p, n->network);
	nf_html_open(p->h, "li", "class", "card", NULL);
	nf_html_open(p->h, "h3", NULL);
	nf_html_el(p->h, "a", n->network->name, "href", href, NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "p", "class", "meta", NULL);
	if (n->stale)
		nf_html_text(p->h, _("unknown: not computed for over an hour"));
	else if (!n->computed)
		nf_html_text(p->h, _("not computed yet"));
	else if (n->ready)
		nf_html_text(p->h, _("ready to switch off"));
	else
		nf_html_textf(p->h,
			ngettext("%zu thing stands against switching it off",
				"%zu things stand against switching it off", n->blockers.len),
			n->blockers.len);
	nf_html_close(p->h);
	nf_part_stages(p, n);
	nf_part_forecast(p, n);
	nf_html_close(p->h);
	free(href);
}

static void put_networks(struct nf_page *p)
{
	nf_section_open(p, "networks", _("Networks to be left"),
		_("Each leads to its sheet: everything that stands against switching it off."));
	nf_html_open(p->h, "ul", "class", "cards", NULL);
	for (size_t i = 0; i < p->m->moves->networks_len; i++)
		put_card(p, &p->m->moves->networks[i]);
	nf_html_close(p->h);
	nf_section_close(p);
}

static void put_caller(
	struct nf_page *p, const struct nf_network *network, const struct nf_blocker *b)
{
	const struct nf_device *called = nf_site_device(p->m->site, b->whose);
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	if (b->is_behind)
		nf_html_text(p->h, _("somebody behind "));
	nf_html_text(p->h, b->what);
	if (*b->place != '\0') {
		nf_html_text(p->h, " ");
		nf_html_el(p->h, "span", b->place, "class", "tag", NULL);
	}
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	if (called != NULL)
		nf_part_device_link(p, called);
	else
		nf_html_text(p->h, b->whose);
	nf_html_close(p->h);
	nf_part_cell(p, "code", b->about);
	nf_html_open(p->h, "td", NULL);
	nf_part_network_link(p, network);
	nf_html_close(p->h);
	nf_part_cell(p, "code", b->how);
	nf_part_when_cell(p, b->last_wall_us);
	nf_html_close(p->h);
}

static void put_callers(struct nf_page *p)
{
	static const char *const heads[] = {N_("Who"), N_("Calls"), N_("At its old address"),
		N_("Network"), N_("How"), N_("Last"), NULL};
	const struct nf_moves *m = p->m->moves;
	size_t rows = 0;
	nf_section_open(p, "callers", _("Who still calls old addresses"),
		_("Machines that will fail when the old network goes, if nobody tells them the new address."));
	for (size_t n = 0; n < m->networks_len; n++)
		for (size_t i = 0; i < m->networks[n].blockers.len; i++) {
			const struct nf_blocker *b = &m->networks[n].blockers.items[i];
			if (b->kind != NF_BLOCKER_CALLER || rows++ >= CALLERS_MAX)
				continue;
			if (rows == 1)
				nf_table_open(p, _("Callers"), true, heads);
			put_caller(p, m->networks[n].network, b);
		}
	if (rows > 0)
		nf_table_close(p);
	else
		nf_html_el(
			p->h, "p", _("Nobody was heard calling one."), "class", "none", NULL);
	nf_part_more(p, rows > CALLERS_MAX ? rows - CALLERS_MAX : 0);
	nf_section_close(p);
}

/* Who is exempt stays: it ranks above all, and has not moved. */
static bool has_moved(const struct nf_move *move)
{
	return move->known && move->stage != NF_STAGE_EXEMPT &&
	       nf_stage_rank(move->stage) >= nf_stage_rank(NF_STAGE_MOVED);
}

static void put_wave(struct nf_page *p, const struct nf_wave *wave)
{
	size_t members = 0, done = 0;
	char *href = nf_wave_href(p, wave);
	for (size_t i = 0; i < p->m->moves->len; i++) {
		const struct nf_move *move = &p->m->moves->items[i];
		members += move->device->wave == wave;
		done += move->device->wave == wave && has_moved(move);
	}
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_html_el(p->h, "a", wave->id, "href", href, NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	nf_part_network_link(p, wave->network);
	nf_html_close(p->h);
	nf_part_when_cell(p, wave->from_wall_us);
	nf_part_when_cell(p, wave->to_wall_us);
	nf_part_cell(p, "n", nf_number_text(p->m, (double)members, 0, (char[32]){0}));
	nf_part_cell(p, "n", nf_number_text(p->m, (double)done, 0, (char[32]){0}));
	nf_part_cell(p, NULL,
		p->m->now.wall_us < wave->from_wall_us ? _("to come")
		: p->m->now.wall_us < wave->to_wall_us ? _("under way")
						       : _("ended"));
	nf_html_close(p->h);
	free(href);
}

static void put_waves(struct nf_page *p)
{
	static const char *const heads[] = {N_("Wave"), N_("Network"), N_("From"), N_("To"),
		">" N_("Devices"), ">" N_("Of them moved"), N_("Now"), NULL};
	nf_section_open(p, "waves", _("Waves"),
		_("Devices that move together; each leads to what was before and what is after."));
	if (p->m->site->waves.len == 0)
		nf_html_el(p->h, "p", _("No wave is planned."), "class", "none", NULL);
	else
		nf_table_open(p, _("Waves"), true, heads);
	NF_EACH(struct nf_wave, wave, p->m->site->waves)
	put_wave(p, wave);
	if (p->m->site->waves.len > 0)
		nf_table_close(p);
	nf_section_close(p);
}

static void put_exemptions(struct nf_page *p)
{
	static const char *const heads[] = {
		N_("Device"), N_("Reason"), N_("Decided by"), N_("Until"), NULL};
	const struct nf_moves *m = p->m->moves;
	char when[NF_TIME_MAX];
	size_t rows = 0;
	for (size_t i = 0; i < m->len; i++) {
		const struct nf_move *move = &m->items[i];
		if (move->exempt_reason == NULL)
			continue;
		if (rows++ == 0) {
			nf_section_open(p, "exempt", _("Devices that stay"), NULL);
			nf_table_open(p, _("Devices that stay"), true, heads);
		}
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "th", "scope", "row", NULL);
		nf_part_device_link(p, move->device);
		nf_html_close(p->h);
		nf_part_cell(p, "wide", move->exempt_reason);
		nf_part_cell(p, NULL, move->exempt_owner);
		nf_part_cell(p, "when", nf_date_text(move->exempt_until_wall_us - 1, when));
		nf_html_close(p->h);
	}
	if (rows > 0) {
		nf_table_close(p);
		nf_section_close(p);
	}
}

void nf_page_cutover(struct nf_page *p)
{
	const struct nf_moves *m = p->m->moves;
	nf_layout_begin(p, _("Cutover"), NULL);
	if (m == NULL || m->networks_len == 0) {
		nf_section_open(p, "stages", _("The move"), NULL);
		nf_part_unknown(p, _("The site has no old network that devices could leave."));
		nf_section_close(p);
		nf_layout_end(p);
		return;
	}
	nf_section_open(p, "back", _("Came back, or lost"), NULL);
	put_moves(p, _("Came back, or lost"), is_trouble, _("None that is known of."), "none");
	nf_section_close(p);
	put_networks(p);
	nf_section_open(p, "burn", _("All networks"), NULL);
	nf_part_stages(p, &m->all);
	nf_part_burn(p, &m->all);
	nf_section_close(p);
	nf_section_open(p, "week", _("Moves of this week"), NULL);
	put_moves(p, _("Moves of this week"), is_this_week,
		_("Nothing was seen to move in the last seven days."), "none");
	nf_section_close(p);
	put_callers(p);
	nf_part_duplicates(p);
	put_waves(p);
	put_exemptions(p);
	nf_section_open(p, "words", _("What the stages mean"), NULL);
	nf_part_stage_legend(p);
	nf_section_close(p);
	nf_layout_end(p);
}

void nf_part_move_summary(struct nf_page *p)
{
	const struct nf_moves *m = p->m->moves;
	if (m == NULL || m->len == m->all.unknown) {
		nf_part_unknown(p, _("Not measured yet: no stage has been computed."));
		return;
	}
	nf_part_stages(p, &m->all);
	nf_part_forecast(p, &m->all);
}
