// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/put.h"
#include "checks/cutover/listeners.h"
#include "checks/cutover/moves_counts.h"
#include "checks/cutover/reason.h"
#include "checks/cutover/wave_members.h"
#include "cli/cutover_print.h"

static void put_seconds(struct nf_json *j, const char *key, int64_t us)
{
	if (us != 0)
		nf_put_i64(j, key, us / NF_US_PER_S);
}

static void put_used(struct nf_json *j, const char *key, const char *text)
{
	if (*text != '\0')
		nf_put_text(j, key, text);
}

static void put_blocker(
	struct nf_json *j, const struct nf_blocker *b, const struct nf_site *site)
{
	struct nf_strbuf words = {0}, task = {0};
	nf_blocker_words(b, site->timezone, &words);
	nf_blocker_task(site, b, &task);
	nf_json_object(j);
	nf_put_text(j, "kind", nf_blocker_kind_text(b->kind));
	nf_put_text(j, "what", b->what);
	nf_put_time(j, "since", b->since_wall_us);
	nf_put_time(j, b->kind == NF_BLOCKER_LEASE ? "until" : "last", b->last_wall_us);
	put_used(j, "about", b->about);
	put_used(j, "whose", b->whose);
	put_used(j, "place", b->place);
	put_used(j, "how", b->how);
	if (b->is_behind)
		nf_put_bool(j, "behind", true);
	put_seconds(j, "covered", b->covered_us);
	put_seconds(j, "needed", b->needed_us);
	if (b->earliest_wall_us != 0)
		nf_put_time(j, "earliest", b->earliest_wall_us);
	nf_put_text(j, "text", words.data);
	nf_put_text(j, "owner", nf_blocker_owner(site, b));
	nf_put_text(j, "to_do", task.data);
	nf_json_end(j);
	nf_strbuf_free(&words);
	nf_strbuf_free(&task);
}

static void put_day(struct nf_json *j, const char *key, int64_t day)
{
	char text[NF_DAY_TEXT_MAX];
	nf_put_text(j, key, day == NF_FORECAST_NEVER ? NULL : nf_day_text(day, text));
}

static void put_forecast(struct nf_json *j, const struct nf_forecast *f)
{
	nf_json_key(j, "forecast");
	nf_json_object(j);
	nf_put_text(j, "state", nf_forecast_state_text(f->state));
	nf_put_i64(j, "weeks", f->weeks);
	nf_json_key(j, "proofs_per_week");
	nf_json_double(j, f->per_week);
	if (f->state == NF_FORECAST_RANGE) {
		put_day(j, "by_10", f->day_10);
		put_day(j, "by_20", f->day_20);
		put_day(j, "by_50", f->day_50);
		put_day(j, "by_80", f->day_80);
		put_day(j, "by_90", f->day_90);
	}
	if (f->on_time >= 0) {
		nf_json_key(j, "on_time");
		nf_json_double(j, f->on_time);
	}
	nf_json_end(j);
}

static void put_burn(struct nf_json *j, const struct nf_moves_burn *burn)
{
	nf_json_key(j, "burn_up");
	nf_json_array(j);
	for (size_t i = 0; i < burn->len; i++) {
		nf_json_object(j);
		put_day(j, "day", burn->days[i].day);
		nf_put_i64(j, "proofs", burn->days[i].done);
		nf_put_i64(j, "scope", burn->days[i].scope);
		nf_json_end(j);
	}
	nf_json_end(j);
}

static void put_counts(struct nf_json *j, const struct nf_moves_network *n)
{
	nf_moves_put_stages(j, n);
	nf_put_i64(j, "unlisted", n->unlisted);
	nf_put_i64(j, "scope", n->burn.forecast.scope);
	nf_put_i64(j, "proofs", n->burn.forecast.done);
	if (n->leave_by_day != 0)
		put_day(j, "leave_by", n->leave_by_day);
	put_forecast(j, &n->burn.forecast);
	put_burn(j, &n->burn);
}

static void put_listeners(struct nf_json *j, const json_t *list)
{
	const json_t *item;
	struct nf_listener l;
	size_t i;
	nf_json_key(j, "listeners");
	nf_json_array(j);
	json_array_foreach(list, i, item)
	{
		if (!nf_listener_read(item, &l))
			continue;
		nf_json_object(j);
		nf_put_text(j, "sensor", l.sensor);
		nf_put_i64(j, "covered", (int64_t)l.minutes * 60);
		nf_put_i64(j, "listened", (int64_t)l.listened_s);
		nf_put_i64(j, "frames", (int64_t)l.frames);
		nf_put_i64(j, "lost", (int64_t)l.drops);
		nf_put_i64(j, "canaries_sent", (int64_t)l.canaries_sent);
		nf_put_i64(j, "canaries_seen", (int64_t)l.canaries_seen);
		nf_put_time(j, "last", l.last_wall_us);
		nf_json_end(j);
	}
	nf_json_end(j);
}

static void put_network(
	struct nf_json *j, const struct nf_moves_network *n, const struct nf_site *site)
{
	nf_json_object(j);
	nf_put_text(j, "id", n->network->id);
	nf_put_bool(j, "ready_to_switch_off", n->ready);
	nf_put_bool(j, "stale", n->stale);
	nf_put_time(j, "computed_at", n->computed_wall_us);
	nf_json_key(j, "blockers");
	nf_json_array(j);
	for (size_t i = 0; i < n->blockers.len; i++)
		put_blocker(j, &n->blockers.items[i], site);
	nf_json_end(j);
	put_listeners(j, n->listeners);
	put_counts(j, n);
	nf_json_end(j);
}

/* Written by us, and read back all the same: a damaged row cannot break the answer. */
static void put_members(struct nf_json *j, json_t *item)
{
	const char *name;
	json_t *value;
	json_object_foreach(item, name, value)
	{
		if (strcmp(name, "text") == 0)
			continue;
		if (json_is_string(value))
			nf_put_text(j, name, json_string_value(value));
		else if (json_is_integer(value))
			nf_put_i64(j, name, json_integer_value(value));
		else if (json_is_boolean(value))
			nf_put_bool(j, name, json_is_true(value));
	}
}

static void put_list(struct nf_json *j, const json_t *row, const char *key, bool says)
{
	json_t *list = json_object_get(row, key), *item;
	size_t i;
	nf_json_key(j, key);
	nf_json_array(j);
	json_array_foreach(list, i, item)
	{
		struct nf_strbuf text = {0};
		nf_json_object(j);
		put_members(j, item);
		nf_reason_item_english(item, &text);
		if (says)
			nf_put_text(j, "text", text.data);
		nf_json_end(j);
		nf_strbuf_free(&text);
	}
	nf_json_end(j);
}

static void put_device(struct nf_json *j, const struct nf_move *m)
{
	json_t *row = json_loads(m->json, 0, NULL);
	nf_json_object(j);
	nf_put_text(j, "name", m->device->name);
	nf_put_text(j, "network", m->from->id);
	nf_put_text(j, "stage", nf_move_stage(m));
	nf_put_time(j, "since", m->since_wall_us);
	nf_put_time(j, "computed_at", m->computed_wall_us);
	nf_put_bool(j, "stale", m->stale);
	nf_put_text(j, "wave", m->device->wave != NULL ? m->device->wave->id : NULL);
	put_list(j, row, "for", true);
	put_list(j, row, "against", true);
	put_list(j, row, "legs", false);
	nf_json_key(j, "exempt");
	if (m->exempt_reason != NULL) {
		nf_json_object(j);
		nf_put_text(j, "reason", m->exempt_reason);
		nf_put_text(j, "owner", m->exempt_owner);
		nf_put_time(j, "until", m->exempt_until_wall_us);
		nf_json_end(j);
	} else {
		nf_json_null(j);
	}
	nf_json_end(j);
	json_decref(row);
}

struct newest {
	struct nf_json *j;
	bool any;
};

static void put_result(const struct nf_wave_result *row, void *arg)
{
	struct newest *n = arg;
	json_t *json = n->any ? NULL : json_loads(row->json, 0, NULL);
	if (json == NULL)
		return;
	n->any = true;
	nf_put_time(n->j, "verified_at", row->at_wall_us);
	nf_put_i64(n->j, "open", json_integer_value(json_object_get(json, "open")));
	nf_put_i64(n->j, "explained", json_integer_value(json_object_get(json, "explained")));
	json_decref(json);
}

static void put_wave(struct nf_json *j, const struct nf_moves *m, const struct nf_wave *wave,
	struct nf_store *store)
{
	struct newest result = {.j = j};
	int64_t snapshot_us = 0;
	nf_json_object(j);
	nf_put_text(j, "id", wave->id);
	nf_put_text(j, "network", wave->network->id);
	nf_put_time(j, "from", wave->from_wall_us);
	nf_put_time(j, "to", wave->to_wall_us);
	if (store != NULL) {
		nf_wave_snapshot(m->site, store, wave, &snapshot_us);
		if (snapshot_us != 0)
			nf_put_time(j, "snapshot_at", snapshot_us);
		nf_wave_results(store, wave->id, put_result, &result);
	}
	nf_json_end(j);
}

static void put_duplicates(struct nf_json *j, const struct nf_moves *m)
{
	const json_t *item, *device;
	size_t i, k;
	nf_json_key(j, "duplicates");
	nf_json_array(j);
	json_array_foreach(m->duplicates, i, item)
	{
		nf_json_object(j);
		nf_put_text(j, "kind", json_string_value(json_object_get(item, "kind")));
		nf_put_text(j, "value", json_string_value(json_object_get(item, "value")));
		nf_json_key(j, "devices");
		nf_json_array(j);
		json_array_foreach(json_object_get(item, "devices"), k, device)
			nf_json_puts(j, json_string_value(device));
		nf_json_end(j);
		nf_json_end(j);
	}
	nf_json_end(j);
}

static void put_rest(struct nf_json *j, const struct nf_moves *m, struct nf_store *store)
{
	put_duplicates(j, m);
	nf_json_key(j, "all");
	nf_json_object(j);
	put_counts(j, &m->all);
	nf_json_end(j);
	nf_json_key(j, "waves");
	nf_json_array(j);
	NF_EACH(struct nf_wave, w, m->site->waves)
	put_wave(j, m, w, store);
	nf_json_end(j);
}

void nf_cutover_json(const struct nf_moves *m, struct nf_store *store,
	const struct nf_cutover_choice *choice)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	nf_json_object(&j);
	nf_put_time(&j, "generated_at", m->at_wall_us);
	nf_json_key(&j, "networks");
	nf_json_array(&j);
	for (size_t i = 0; i < m->networks_len; i++)
		if (choice->networks[m->networks[i].network->index])
			put_network(&j, &m->networks[i], m->site);
	nf_json_end(&j);
	nf_json_key(&j, "devices");
	nf_json_array(&j);
	for (size_t i = 0; i < m->len; i++)
		if (choice->devices[m->items[i].device->index])
			put_device(&j, &m->items[i]);
	nf_json_end(&j);
	if (choice->everything)
		put_rest(&j, m, store);
	nf_json_end(&j);
	puts(text.data);
	nf_strbuf_free(&text);
}
