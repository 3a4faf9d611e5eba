// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/cutover_news.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/wave_mark.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "checks/cutover/reason.h"
#include "checks/cutover/wave_result.h"

#define LINES_MAX    60
#define SECTIONS_MAX 8
#define KEYS_MAX     5000 /* blockers of a network that are remembered */
#define WEEK_DAYS    7
#define DAY_US	     (86400 * NF_US_PER_S)

/* The last place is the weekly one's. What finds none stays untold, and is found at the next look. */
static bool has_room(const struct nf_move_news *news)
{
	return news->len < NF_MOVE_NEWS_MAX - 1;
}

static struct nf_notice *begin(struct nf_move_news *news, enum nf_state state)
{
	assert(news->len < NF_MOVE_NEWS_MAX);
	struct nf_notice *n = &news->items[news->len++];
	*n = (struct nf_notice){.kind = NF_NOTICE_MOVE, .state = state, .title = ""};
	n->sections = nf_arena_alloc(news->arena, SECTIONS_MAX * sizeof *n->sections);
	return n;
}

static struct nf_notice_section *section(
	struct nf_move_news *news, struct nf_notice *n, const char *title)
{
	struct nf_notice_section *s = &n->sections[n->sections_len++];
	*s = (struct nf_notice_section){.title = title};
	s->lines = nf_arena_alloc(news->arena, LINES_MAX * sizeof *s->lines);
	return s;
}

static void line(struct nf_move_news *news, struct nf_notice_section *s, const char *text)
{
	if (s->len < LINES_MAX)
		s->lines[s->len++] = nf_arena_strdup(news->arena, text);
	else
		s->more++;
}

/* The part of told of this name, made where it is missing; *is_new says that it was. */
static json_t *part_of(json_t *told, const char *name, bool *is_new)
{
	json_t *part = json_object_get(told, name);
	*is_new = !json_is_object(part);
	if (*is_new) {
		part = json_object();
		json_object_set_new(told, name, part);
	}
	return part;
}

/* Devices that came back */

static const char *why_back(struct nf_move_news *news, const struct nf_move *move)
{
	json_t *row = json_loads(move->json, 0, NULL);
	struct nf_strbuf words = {0};
	nf_reason_item_words(json_array_get(json_object_get(row, "against"), 0), &words);
	const char *kept = nf_arena_strdup(news->arena, words.data != NULL ? words.data : "");
	nf_strbuf_free(&words);
	json_decref(row);
	return kept;
}

static void find_regressions(struct nf_move_news *news, json_t *told, const struct nf_moves *m)
{
	bool first;
	json_t *before = part_of(told, "stages", &first), *now = json_object();
	struct nf_notice *n = NULL;
	struct nf_notice_section *s = NULL;
	char at[40];
	for (size_t i = 0; i < m->len; i++) {
		const struct nf_move *move = &m->items[i];
		if (!move->known || move->stage != NF_STAGE_REGRESSED)
			continue;
		json_object_set_new(now, move->device->name, json_integer(move->since_wall_us));
		json_t *known = json_object_get(before, move->device->name);
		if (first || json_integer_value(known) == move->since_wall_us)
			continue;
		if (n == NULL) {
			n = begin(news, NF_STATE_CRITICAL);
			s = section(news, n, _("Came back to the old network"));
		}
		line(news, s,
			nf_arena_printf(news->arena, _("%s on %s, since %s: %s"),
				move->device->name, move->from->name,
				nf_zone_minute(m->site->timezone, move->since_wall_us, at),
				why_back(news, move)));
	}
	if (n != NULL)
		n->title = nf_arena_printf(news->arena,
			ngettext("%zu device came back to the old network",
				"%zu devices came back to the old network", s->len + s->more),
			s->len + s->more);
	json_object_set_new(told, "stages", now);
}

/* Waves */

struct results {
	struct nf_move_news *news;
	json_t *before;
	bool first;
	const char *wave; /* the last one seen: rows come newest first */
	const struct nf_moves *moves;
	json_t *seen;
};

/* A section of these lines; none where there are none. */
static void put_text(
	struct nf_move_news *news, struct nf_notice *n, const char *title, char *text)
{
	if (text == NULL || *text == '\0')
		return;
	struct nf_notice_section *s = section(news, n, title);
	for (char *at = text; at != NULL && *at != '\0';) {
		char *end = strchr(at, '\n');
		if (end != NULL)
			*end = '\0';
		line(news, s, at);
		at = end != NULL ? end + 1 : NULL;
	}
}

/* The advice before the differences: these may be so many that the mail has not all of them. */
static void put_result(struct nf_move_news *news, struct nf_notice *n, const json_t *result)
{
	struct nf_strbuf text = {0};
	nf_wave_notes_text(result, &text);
	put_text(news, n, _("To know"), text.data);
	nf_strbuf_clear(&text);
	if (n->state != NF_STATE_OK)
		nf_wave_roll_back_text(result, &text);
	put_text(news, n, _("If the wave is rolled back"), text.data);
	nf_strbuf_clear(&text);
	nf_wave_differences_text(result, &text);
	put_text(news, n, _("Before and after"), text.data);
	nf_strbuf_free(&text);
}

static void tell_result(struct nf_move_news *news, const char *wave, const json_t *result)
{
	unsigned int open = (unsigned int)json_integer_value(json_object_get(result, "open"));
	struct nf_notice *n = begin(news, open > 0 ? NF_STATE_WARNING : NF_STATE_OK);
	n->title = open == 0 ? nf_arena_printf(
				       news->arena, _("wave %s: everything is as before"), wave)
			     : nf_arena_printf(news->arena,
				       ngettext("wave %s: %u difference is open",
					       "wave %s: %u differences are open", open),
				       wave, open);
	put_result(news, n, result);
}

static void take_result(const struct nf_wave_result *row, void *arg)
{
	struct results *r = arg;
	if (json_object_get(r->seen, row->wave) != NULL)
		return; /* an older one */
	json_object_set_new(r->seen, row->wave, json_true());
	json_t *json = json_loads(row->json, 0, NULL);
	char *mark = nf_wave_mark(json);
	const char *known = json_string_value(json_object_get(r->before, row->wave));
	bool is_news = !r->first && (known == NULL || strcmp(known, mark) != 0);
	bool waits = is_news && !has_room(r->news);
	if (is_news && !waits)
		tell_result(r->news, row->wave, json);
	if (!waits)
		json_object_set_new(r->before, row->wave, json_string(mark));
	free(mark);
	json_decref(json);
}

static void find_results(struct nf_move_news *news, json_t *told, const struct nf_moves *m,
	struct nf_store *store)
{
	struct results r = {.news = news, .moves = m, .seen = json_object()};
	r.before = part_of(told, "waves", &r.first);
	if (store != NULL)
		nf_wave_results(store, NULL, take_result, &r);
	json_decref(r.seen);
}

/* Networks */

/* What makes it the same blocker as before: not the address it happens to have, nor what it says of itself. */
static char *key_of(const struct nf_blocker *b)
{
	bool calls = b->kind == NF_BLOCKER_CALLER;
	bool is_of_address =
		calls || b->kind == NF_BLOCKER_LEASE || b->kind == NF_BLOCKER_BACKUP;
	struct nf_strbuf key = {0};
	nf_strbuf_printf(&key, "%s %s %s %s", nf_blocker_kind_text(b->kind), b->what,
		is_of_address ? b->about : "", calls ? b->how : "");
	return nf_strbuf_take(&key);
}

/* The keys of all that stands in the way now, each with its place in the list. */
static json_t *keys_of(const struct nf_blockers *blockers)
{
	json_t *keys = json_object();
	for (size_t i = 0; i < blockers->len && i < NF_BLOCKERS_KEPT; i++) {
		char *key = key_of(&blockers->items[i]);
		json_object_set_new(keys, key, json_integer((json_int_t)i));
		free(key);
	}
	return keys;
}

static json_t *words_of(
	const struct nf_blockers *blockers, const json_t *place, const char *zone)
{
	struct nf_strbuf words = {0};
	nf_blocker_words(&blockers->items[json_integer_value(place)], zone, &words);
	json_t *kept = json_string(words.data);
	nf_strbuf_free(&words);
	return kept;
}

/* What is remembered: of before, in its words unless they are to be afresh, and of what went only what was not
 * told yet; then what is new, as long as there is room. */
static json_t *remember(json_t *before, json_t *now, const struct nf_blockers *blockers,
	const char *zone, bool afresh, bool told)
{
	json_t *kept = json_object(), *value;
	const char *key;
	json_object_foreach(before, key, value)
	{
		bool stands = json_object_get(now, key) != NULL;
		if (stands ? !afresh : !told)
			json_object_set(kept, key, value);
	}
	json_object_foreach(now, key, value)
	{
		if (json_object_size(kept) >= KEYS_MAX)
			break;
		if (json_object_get(kept, key) == NULL)
			json_object_set_new(kept, key, words_of(blockers, value, zone));
	}
	return kept;
}

static void put_cleared(
	struct nf_move_news *news, struct nf_notice *n, json_t *before, json_t *now)
{
	struct nf_notice_section *s = section(news, n, _("No longer in the way"));
	const char *key;
	json_t *value;
	json_object_foreach(before, key, value)
	{
		if (json_object_get(now, key) == NULL)
			line(news, s,
				json_string_value(value) != NULL ? json_string_value(value)
								 : key);
	}
}

/* Of a flood not all is in the list: what is not may stand in the way still. */
static size_t count_cleared(json_t *before, json_t *now, const struct nf_blockers *blockers)
{
	const char *key;
	json_t *value;
	size_t n = 0;
	json_object_foreach(before, key, value) n += json_object_get(now, key) == NULL;
	return blockers->len > NF_BLOCKERS_KEPT ? 0 : n;
}

static void put_blockers(struct nf_move_news *news, struct nf_notice *notice,
	const struct nf_blockers *blockers, const char *zone)
{
	struct nf_notice_section *s =
		blockers->len > 0 ? section(news, notice, _("Still in the way")) : NULL;
	for (size_t i = 0; i < blockers->len; i++) {
		struct nf_strbuf words = {0};
		nf_blocker_words(&blockers->items[i], zone, &words);
		line(news, s, words.data);
		nf_strbuf_free(&words);
	}
}

static const char *network_title(struct nf_move_news *news, const struct nf_moves_network *n,
	bool turned, size_t cleared)
{
	const char *name = n->network->name;
	if (!turned)
		return nf_arena_printf(news->arena,
			ngettext("%s: %zu thing less is in the way",
				"%s: %zu things less are in the way", cleared),
			name, cleared);
	if (n->ready)
		return nf_arena_printf(news->arena, _("%s is ready to switch off"), name);
	return nf_arena_printf(news->arena, _("%s is no longer ready to switch off"), name);
}

static void tell_network(struct nf_move_news *news, const struct nf_moves *m,
	const struct nf_moves_network *n, bool turned, size_t cleared, json_t *before,
	json_t *now)
{
	struct nf_notice *notice =
		begin(news, turned && !n->ready ? NF_STATE_WARNING : NF_STATE_OK);
	notice->title = network_title(news, n, turned, cleared);
	if (cleared > 0)
		put_cleared(news, notice, before, now);
	put_blockers(news, notice, &n->blockers, m->site->timezone);
}

static void find_network(struct nf_move_news *news, json_t *told, const struct nf_moves *m,
	const struct nf_moves_network *n)
{
	bool first;
	json_t *mine = part_of(told, n->network->id, &first);
	json_t *before = json_object_get(mine, "blockers"), *now = keys_of(&n->blockers);
	int64_t at_us = json_integer_value(json_object_get(mine, "at_us"));
	size_t cleared = first ? 0 : count_cleared(before, now, &n->blockers);
	bool turned = !first && json_is_true(json_object_get(mine, "ready")) != n->ready;
	bool tell = turned || (cleared > 0 && m->at_wall_us - at_us >= DAY_US);
	/* Once a day is enough for words that change with every look. */
	int64_t words_us = json_integer_value(json_object_get(mine, "words_us"));
	bool afresh = tell || words_us > m->at_wall_us || m->at_wall_us - words_us >= DAY_US;
	if (tell)
		tell_network(news, m, n, turned, cleared, before, now);
	if (tell || first || at_us > m->at_wall_us)
		json_object_set_new(mine, "at_us", json_integer(m->at_wall_us));
	if (afresh)
		json_object_set_new(mine, "words_us", json_integer(m->at_wall_us));
	json_object_set_new(mine, "blockers",
		remember(before, now, &n->blockers, m->site->timezone, afresh,
			tell && cleared > 0));
	json_object_set_new(mine, "ready", json_boolean(n->ready));
	json_decref(now);
}

/* The week */

/* The stages that were not computed lately say nothing of this week. */
static size_t count_stale(const struct nf_moves *m, const struct nf_network *network)
{
	size_t n = 0;
	for (size_t i = 0; i < m->len; i++)
		n += (network == NULL || m->items[i].from == network) &&
		     (!m->items[i].known || m->items[i].stale);
	return n;
}

/* Where the figures come from another day than today's or yesterday's, that is said. */
static void put_age(struct nf_move_news *news, struct nf_notice_section *s,
	const struct nf_moves *m, const struct nf_moves_network *network)
{
	const struct nf_moves_burn *b = &network->burn;
	char day[NF_DAY_TEXT_MAX];
	size_t stale = count_stale(m, network->network);
	if (b->len > 0 && b->days[b->len - 1].day < m->at_wall_us / DAY_US - 1)
		line(news, s,
			nf_arena_printf(news->arena, _("Nothing was counted since %s"),
				nf_day_text(b->days[b->len - 1].day, day)));
	if (stale > 0)
		line(news, s,
			nf_arena_printf(news->arena,
				ngettext("the stage of %zu device is unknown or stale",
					"the stages of %zu devices are unknown or stale",
					stale),
				stale));
}

static void put_progress(struct nf_move_news *news, struct nf_notice *n,
	const struct nf_moves *m, const struct nf_moves_network *network)
{
	const struct nf_moves_burn *b = &network->burn;
	struct nf_notice_section *s = section(
		news, n, network->network != NULL ? network->network->name : _("All networks"));
	struct nf_strbuf words = {0};
	uint32_t before = 0;
	for (size_t i = 0; i < b->len; i++)
		if (b->days[i].day <= m->at_wall_us / DAY_US - WEEK_DAYS)
			before = b->days[i].done;
	nf_moves_proved_words(network, &words);
	line(news, s,
		nf_arena_printf(news->arena, _("%s, %d of them in the last week"), words.data,
			(int)(b->forecast.done - before)));
	put_age(news, s, m, network);
	nf_strbuf_clear(&words);
	nf_moves_forecast_words(network, &words);
	line(news, s, nf_arena_printf(news->arena, _("Forecast: %s"), words.data));
	if (network->unlisted > 0)
		line(news, s,
			nf_arena_printf(news->arena, _("%u talk there that nobody listed"),
				network->unlisted));
	if (network->network != NULL && network->computed)
		line(news, s,
			network->ready
				? _("Ready to switch off")
				: nf_arena_printf(news->arena,
					  ngettext(
						  "%zu thing is in the way of switching it off",
						  "%zu things are in the way of switching it off",
						  network->blockers.len),
					  network->blockers.len));
	nf_strbuf_free(&words);
}

static bool is_trouble(enum nf_stage stage)
{
	return stage == NF_STAGE_REGRESSED || stage == NF_STAGE_LOST || stage == NF_STAGE_DUAL;
}

static bool is_done(enum nf_stage stage)
{
	return stage == NF_STAGE_MOVED || stage == NF_STAGE_CONFIRMED ||
	       stage == NF_STAGE_RELEASED;
}

static void put_moves(struct nf_move_news *news, struct nf_notice *n, const struct nf_moves *m)
{
	struct nf_notice_section *trouble = section(news, n, _("To look after"));
	struct nf_notice_section *moved = section(news, n, _("This week's moves"));
	int64_t since_us = m->at_wall_us - WEEK_DAYS * DAY_US;
	char at[40];
	for (size_t i = 0; i < m->len; i++) {
		const struct nf_move *move = &m->items[i];
		bool bad = is_trouble(move->stage), good = is_done(move->stage);
		if (!move->known || !(bad || (good && move->since_wall_us >= since_us)))
			continue;
		line(news, bad ? trouble : moved,
			nf_arena_printf(news->arena, "%s: %s, %s", move->device->name,
				nf_stage_words(move->stage),
				nf_zone_minute(m->site->timezone, move->since_wall_us, at)));
	}
	if (trouble->len == 0)
		line(news, trouble, _("none"));
	if (moved->len == 0)
		line(news, moved, _("none"));
}

static void find_weekly(struct nf_move_news *news, json_t *told, const struct nf_moves *m)
{
	int64_t last = json_integer_value(json_object_get(told, "weekly_us")), due;
	bool wait = last == 0 || last > m->at_wall_us;
	if (!wait && (nf_window_next(&m->site->cutover.weekly, m->site->timezone, last, &due) !=
				     NF_OK ||
			     due > m->at_wall_us))
		return;
	json_object_set_new(told, "weekly_us", json_integer(m->at_wall_us));
	if (wait)
		return;
	struct nf_notice *n = begin(news, NF_STATE_UNKNOWN);
	struct nf_strbuf proved = {0};
	nf_moves_proved_words(&m->all, &proved);
	n->title = nf_arena_printf(news->arena, _("the move this week: %s"), proved.data);
	nf_strbuf_free(&proved);
	put_progress(news, n, m, &m->all);
	for (size_t i = 0; i < m->networks_len && n->sections_len < SECTIONS_MAX - 2; i++)
		put_progress(news, n, m, &m->networks[i]);
	put_moves(news, n, m);
}

void nf_move_news_find(struct nf_move_news *news, json_t *told, const struct nf_moves *m,
	struct nf_store *store)
{
	bool first;
	*news = (struct nf_move_news){.arena = nf_arena_new()};
	find_regressions(news, told, m);
	find_results(news, told, m, store);
	json_t *networks = part_of(told, "networks", &first);
	for (size_t i = 0; i < m->networks_len; i++)
		if (m->networks[i].computed && has_room(news))
			find_network(news, networks, m, &m->networks[i]);
	find_weekly(news, told, m);
}

void nf_move_news_free(struct nf_move_news *news)
{
	nf_arena_free(news->arena);
	*news = (struct nf_move_news){0};
}
