// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/moves.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "checks/cutover/duplicates.h"
#include "checks/cutover/listeners.h"
#include "store/sightings.h"

#define FREEZES_MAX 100
#define SEED	    1 /* the same every time: a date that changes means that something happened */

const char *nf_move_stage(const struct nf_move *move)
{
	return move->known ? nf_stage_text(move->stage) : "unknown";
}

int64_t nf_moves_day(int64_t wall_us)
{
	return (wall_us + NF_DAY_US / 2) / NF_DAY_US;
}

size_t nf_moves_freezes(const struct nf_site *site, struct nf_freeze_days *out, size_t max)
{
	size_t len = 0;
	for (size_t i = 0; i < site->cutover.freezes.len && len < max; i++) {
		const struct nf_freeze *f = &site->cutover.freezes.items[i];
		out[len++] = (struct nf_freeze_days){
			nf_moves_day(f->from_wall_us), nf_moves_day(f->to_wall_us) - 1};
	}
	return len;
}

static struct nf_move *find(const struct nf_moves *m, const char *device)
{
	const struct nf_device *d = nf_site_device(m->site, device);
	return d != NULL && m->at[d->index] > 0 ? &m->items[m->at[d->index] - 1] : NULL;
}

const struct nf_move *nf_moves_find(const struct nf_moves *moves, const char *device)
{
	return find(moves, device);
}

/* A time that is to come was written by a clock that was wrong. */
static bool is_stale(const struct nf_moves *m, int64_t computed_wall_us)
{
	int64_t age_us = m->at_wall_us - computed_wall_us;
	return age_us > NF_MOVES_STALE_US || age_us < -NF_MOVES_STALE_US;
}

static struct nf_moves_network *network_of(struct nf_moves *m, const char *id)
{
	for (size_t i = 0; i < m->networks_len; i++)
		if (strcmp(m->networks[i].network->id, id) == 0)
			return &m->networks[i];
	return *id == '\0' ? &m->all : NULL;
}

static void frame(struct nf_moves *m)
{
	m->items = nf_xcalloc(m->site->devices.len + 1, sizeof *m->items);
	m->at = nf_xcalloc(m->site->devices.len + 1, sizeof *m->at);
	m->networks = nf_xcalloc(m->site->networks.len + 1, sizeof *m->networks);
	NF_EACH(struct nf_network, n, m->site->networks)
	{
		if (n->role != NF_ROLE_LEGACY)
			continue;
		struct nf_moves_network *own = &m->networks[m->networks_len++];
		own->network = n;
		if (n->leave_by_wall_us != 0)
			own->leave_by_day = nf_moves_day(n->leave_by_wall_us);
		if (own->leave_by_day > m->all.leave_by_day)
			m->all.leave_by_day = own->leave_by_day;
	}
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		const struct nf_network *from = nf_move_from(d);
		if (from == NULL)
			continue;
		m->items[m->len++] = (struct nf_move){.device = d, .from = from, .json = "{}"};
		m->at[d->index] = m->len;
	}
}

static void take_stage(const struct nf_stage_row *row, void *arg)
{
	struct nf_moves *m = arg;
	struct nf_move *move = find(m, row->device);
	if (move == NULL || !nf_stage_parse(row->stage, &move->stage))
		return;
	move->known = true;
	move->since_wall_us = row->since_wall_us;
	move->computed_wall_us = row->computed_wall_us;
	move->stale = is_stale(m, row->computed_wall_us);
	move->json = nf_arena_strdup(m->arena, row->json);
}

static void take_exemption(const struct nf_exemption *row, void *arg)
{
	struct nf_moves *m = arg;
	struct nf_move *move = find(m, row->device);
	if (move == NULL || row->until_wall_us <= m->at_wall_us)
		return;
	move->exempt_reason = nf_arena_strdup(m->arena, row->reason);
	move->exempt_owner = nf_arena_strdup(m->arena, row->owner);
	move->exempt_until_wall_us = row->until_wall_us;
}

static void take_network(const struct nf_network_row *row, void *arg)
{
	struct nf_moves *m = arg;
	struct nf_moves_network *n = network_of(m, row->network);
	if (n == NULL || n == &m->all ||
		nf_blockers_decode(row->blockers, m->arena, &n->blockers) != NF_OK)
		return;
	n->stale = is_stale(m, row->computed_wall_us);
	n->computed = !n->stale;
	n->ready = row->ready && n->computed;
	n->computed_wall_us = row->computed_wall_us;
}

static void take_progress(const struct nf_progress *row, void *arg)
{
	struct nf_moves *m = arg;
	struct nf_moves_network *n = network_of(m, row->network);
	json_t *json = json_loads(row->json, 0, NULL);
	/* A day of the future was written by a clock that was wrong. */
	if (n != NULL && json_is_object(json) && row->day <= m->at_wall_us / NF_DAY_US) {
		struct nf_moves_burn *b = &n->burn;
		b->days = nf_grow(b->days, b->len, &b->cap, sizeof *b->days);
		b->days[b->len++] = (struct nf_burn){row->day,
			(uint32_t)json_integer_value(json_object_get(json, "proofs")),
			(uint32_t)json_integer_value(json_object_get(json, "scope"))};
		n->unlisted = (uint32_t)json_integer_value(json_object_get(json, "unlisted"));
	}
	json_decref(json);
}

static void count(struct nf_moves_network *n, const struct nf_move *move)
{
	n->total++;
	n->unknown += !move->known;
	n->by_stage[move->stage] += move->known;
}

static void forecast(struct nf_moves *m, struct nf_moves_network *n)
{
	struct nf_freeze_days freezes[FREEZES_MAX];
	size_t len = nf_moves_freezes(m->site, freezes, FREEZES_MAX);
	n->burn.forecast = nf_forecast_make(n->burn.days, n->burn.len, freezes, len,
		m->at_wall_us / NF_DAY_US, n->leave_by_day, SEED);
}

static void sum_up(struct nf_moves *m)
{
	for (size_t i = 0; i < m->len; i++) {
		struct nf_moves_network *n = network_of(m, m->items[i].from->id);
		if (n != NULL && n != &m->all)
			count(n, &m->items[i]);
		count(&m->all, &m->items[i]);
	}
	m->all.computed = m->all.ready = m->networks_len > 0;
	for (size_t i = 0; i < m->networks_len; i++) {
		m->all.computed &= m->networks[i].computed;
		m->all.ready &= m->networks[i].ready;
		m->networks[i].listeners =
			json_object_get(m->listeners, m->networks[i].network->id);
		forecast(m, &m->networks[i]);
	}
	forecast(m, &m->all);
}

enum nf_err nf_moves_read(const struct nf_site *site, struct nf_store *store,
	int64_t now_wall_us, struct nf_moves *out)
{
	struct nf_moves m = {.site = site, .at_wall_us = now_wall_us, .arena = nf_arena_new()};
	enum nf_err rc = NF_OK;
	frame(&m);
	if (store != NULL)
		rc = nf_stages(store, take_stage, &m);
	if (store != NULL && rc == NF_OK)
		rc = nf_exemptions(store, take_exemption, &m);
	if (store != NULL && rc == NF_OK)
		rc = nf_networks(store, take_network, &m);
	if (store != NULL && rc == NF_OK)
		rc = nf_progresses(store, NULL, 0, take_progress, &m);
	if (store != NULL && rc == NF_OK)
		rc = nf_duplicates_read(store, &m.duplicates);
	if (store != NULL && rc == NF_OK)
		rc = nf_listeners_read(store, &m.listeners);
	if (rc != NF_OK) {
		nf_moves_free(&m);
		return rc;
	}
	sum_up(&m);
	*out = m;
	return NF_OK;
}

static void free_network(struct nf_moves_network *n)
{
	nf_blockers_free(&n->blockers);
	free(n->burn.days);
}

void nf_moves_free(struct nf_moves *m)
{
	for (size_t i = 0; i < m->networks_len; i++)
		free_network(&m->networks[i]);
	free_network(&m->all);
	free(m->networks);
	free(m->items);
	free(m->at);
	json_decref(m->duplicates);
	json_decref(m->listeners);
	nf_arena_free(m->arena);
	*m = (struct nf_moves){0};
}
