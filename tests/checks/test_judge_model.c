// SPDX-License-Identifier: GPL-3.0-or-later
/* Random worlds: trees of devices that go up and down while the judge is restarted, the site reloaded,
 * the clock set and the store locked. What must hold, holds at every step; and when all is quiet at last,
 * every device is called what it is. NF_SEED picks another world. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "checks/verdict.h"
#include "tests/checks/world.h"

#define WORLDS	12
#define DEVICES 12

struct dice {
	uint64_t seed;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	d->seed = d->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(d->seed >> 33) % sides;
}

static char *random_devices(struct dice *d, uint32_t roots)
{
	struct nf_strbuf csv = {0};
	for (uint32_t i = 0; i < DEVICES; i++) {
		nf_strbuf_printf(&csv, "d-%u,switch,a,10.1.0.%u,", i, i + 1);
		if (i >= roots)
			nf_strbuf_printf(&csv, "d-%u", roll(d, i));
		nf_strbuf_putc(&csv, '\n');
	}
	return nf_strbuf_take(&csv);
}

/* What the events told so far, by device; a second telling of the same is a fault. */
struct told {
	struct world *w;
	enum nf_state state[DEVICES];
	enum nf_state uplink;
};

static void hear(const struct nf_event *e, void *arg)
{
	struct told *t = arg;
	t->w->seen_event = e->id;
	assert_true(e->at_wall_us <= t->w->now.wall_us + 20 * 3600 * WORLD_S);
	if (strcmp(e->kind, "state") != 0)
		return;
	enum nf_state *known = strcmp(e->check, "ping") == 0
				       ? &t->state[nf_site_device(t->w->site, e->device)->index]
			       : strcmp(e->check, "uplink") == 0 ? &t->uplink
								 : NULL;
	if (known == NULL)
		return;
	assert_int_equal(e->before, *known);
	assert_int_not_equal(e->before, e->after);
	*known = e->after;
}

static void listen_events(struct told *t)
{
	nf_store_events(
		t->w->store, &(struct nf_event_filter){.after_id = t->w->seen_event}, hear, t);
}

static void look_at_row(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	struct told *t = arg;
	const struct world *w = t->w;
	assert_true(row->since_wall_us <= w->now.wall_us);
	assert_true(row->soft_since_wall_us <= w->now.wall_us);
	if (strcmp(row->check, "ping") != 0)
		return;
	size_t index = world_index(w, row->device);
	assert_int_equal(row->state, t->state[index]);
	assert_int_equal(row->state, world_state(w, row->device));
	if (row->state == NF_STATE_UNREACHABLE)
		assert_true(*row->cause != '\0');
}

/* In rows and events alike, once the store has them. */
static void check_records(struct told *t)
{
	if (nf_judge_stats(t->w->judge).owed > 0)
		return;
	listen_events(t);
	assert_int_equal(nf_store_checks(t->w->store, "netfold-ping", look_at_row, t), NF_OK);
}

/* Something above it is not well, or was not until a moment ago. */
static void check_unreachable(const struct told *t, int64_t *alone_s)
{
	const struct world *w = t->w;
	NF_EACH(struct nf_device, d, w->site->devices)
	{
		bool is_start = nf_judge_stats(w->judge).owed > 0 ||
				w->now.mono_us - w->started_mono_us < 35 * WORLD_S;
		bool excused = is_start || world_state(w, d->name) != NF_STATE_UNREACHABLE;
		const struct nf_device *above = d->parent;
		if (above == NULL)
			excused |= t->uplink == NF_STATE_CRITICAL;
		for (; above != NULL && !excused; above = above->parent) {
			enum nf_state s = world_state(w, above->name);
			excused = s == NF_STATE_CRITICAL || s == NF_STATE_UNREACHABLE;
		}
		alone_s[d->index] = excused ? 0 : alone_s[d->index] + 1;
		assert_true(alone_s[d->index] < 20);
	}
}

static void unlock(struct nf_store **locker)
{
	if (*locker == NULL)
		return;
	nf_store_rollback(*locker);
	nf_store_close(*locker);
	*locker = NULL;
}

static void disturb(struct world *w, struct dice *d, const char *csv, struct nf_store **locker)
{
	switch (roll(d, 40)) {
	case 0:
		unlock(locker); /* what an exit cannot write, is lost: see the test of kill -9 */
		world_stop(w);
		world_start(w, false);
		break;
	case 1:
		world_reload(w, csv, "");
		break;
	case 2:
		w->now.wall_us += ((int64_t)roll(d, 7200) - 3600) * WORLD_S;
		break;
	case 3:
		w->cut[0] = !w->cut[0];
		break;
	case 4:
		if (*locker == NULL) {
			nf_store_open(w->site->state_dir, NF_STORE_WRITE, 10, locker, NULL);
			nf_store_begin(*locker);
			break;
		}
		nf_store_rollback(*locker);
		nf_store_close(*locker);
		*locker = NULL;
		break;
	default:
		w->down[roll(d, DEVICES)] = roll(d, 3) == 0;
	}
}

static bool is_above_down(const struct world *w, const struct nf_device *d)
{
	for (d = d->parent; d != NULL; d = d->parent)
		if (w->down[d->index])
			return true;
	return false;
}

static void check_truth(const struct world *w)
{
	NF_EACH(struct nf_device, d, w->site->devices)
	{
		enum nf_state got = world_state(w, d->name);
		if (is_above_down(w, d))
			assert_int_equal(got, NF_STATE_UNREACHABLE);
		else if (!w->down[d->index])
			assert_int_equal(got, NF_STATE_OK);
		else if (d->parent != NULL)
			assert_int_equal(got, NF_STATE_CRITICAL);
		else /* roots that fell together are behind the uplink */
			assert_true(got == NF_STATE_CRITICAL || got == NF_STATE_UNREACHABLE);
	}
}

static void live_in_one_world(uint64_t seed)
{
	struct dice d = {seed};
	char *csv = random_devices(&d, 1 + roll(&d, 3));
	struct world *w = world_new(csv, "");
	struct told told = {.w = w, .uplink = NF_STATE_UNKNOWN};
	struct nf_store *locker = NULL;
	int64_t alone_s[DEVICES] = {0};
	for (int i = 0; i < DEVICES; i++)
		told.state[i] = NF_STATE_UNKNOWN;
	world_start(w, false);
	for (int round = 0; round < 60; round++) {
		disturb(w, &d, csv, &locker);
		for (uint32_t s = roll(&d, 50); s > 0; s--) {
			world_run(w, 1);
			if (locker != NULL)
				continue; /* what was told is not known now */
			check_records(&told);
			check_unreachable(&told, alone_s);
		}
	}
	unlock(&locker);
	w->cut[0] = false;
	world_run(w, 400);
	check_records(&told);
	check_truth(w);
	world_free(w);
	free(csv);
}

static void judge__anything_happens__told_once_and_true_at_last(void **state)
{
	(void)state;
	const char *given = getenv("NF_SEED");
	uint64_t first = given != NULL ? strtoull(given, NULL, 10) : 1;
	for (uint64_t i = 0; i < WORLDS; i++) {
		if (given != NULL)
			printf("seed %llu\n", (unsigned long long)(first + i));
		live_in_one_world(first + i);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge__anything_happens__told_once_and_true_at_last),
	};
	return NF_RUN(tests, argc, argv);
}
