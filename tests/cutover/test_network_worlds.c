// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "checks/cutover/network.h"

#define HOUR	 (INT64_C(3600) * NF_US_PER_S)
#define NOW_HOUR INT64_C(400000)
#define NOW	 (NOW_HOUR * HOUR)
#define QUIET	 (INT64_C(24) * HOUR)
#define AGO(h)	 (NOW - (h)*HOUR)

/* Networks as drawn: most of them nearly done. */
enum { THINGS = 4, WORLD_HOURS = 24 * 45, WORLDS = 2000 };

struct world {
	struct nf_leaver leavers[THINGS];
	struct nf_talker talkers[THINGS + 1];
	struct nf_call calls[THINGS + 1];
	struct nf_lease leases[THINGS + 1];
	struct nf_aim aims[THINGS + 1];
	struct nf_coverage cover[WORLD_HOURS];
	size_t cover_len;
	int64_t answered_us;
	struct nf_network_facts facts;
};

static int64_t pick(int64_t below)
{
	return below > 0 ? (int64_t)random() % below : 0;
}

static const char *const things[] = {"d0", "d1", "d2", "d3", "visitor", NULL, NULL, NULL};
static const char *const addresses[] = {"10.1.0.5", "10.1.0.6", "10.1.0.7", "10.9.0.4"};
static const char *const macs[] = {
	"52:54:00:00:00:01", "52:54:00:00:00:02", "00:00:5e:00:01:07", ""};
static const char *const hows[] = {"arp", "ndp", "tcp:445"};
#define ANY(list) ((list)[pick((int64_t)(sizeof(list) / sizeof *(list)))])

/* Most things were over before anybody listened. */
static int64_t any_time(void)
{
	return AGO(pick(3) ? pick(40) + WORLD_HOURS : pick(WORLD_HOURS));
}

static struct nf_leaver any_leaver(size_t i)
{
	bool exempt = pick(6) == 0, settled = exempt || pick(12) != 0;

	return (struct nf_leaver){.name = things[i],
		.stage = settled ? "released" : "moved",
		.settled = settled,
		.exempt = exempt,
		.has_begun = !exempt && pick(5) != 0};
}

static struct nf_talker any_talker(void)
{
	int64_t last_us = any_time();

	return (struct nf_talker){.mac = ANY(macs),
		.address = ANY(addresses),
		.place = "",
		.says = "",
		.first_wall_us = last_us - pick(99) * HOUR,
		.last_wall_us = last_us,
		.owner = ANY(things),
		.is_own = pick(9) == 0,
		.exempt = pick(9) == 0};
}

static struct nf_call any_call(void)
{
	int64_t last_us = any_time();

	return (struct nf_call){.from_mac = ANY(macs),
		.from_address = ANY(addresses),
		.from_owner = ANY(things),
		.from_router = pick(2),
		.to_address = ANY(addresses),
		.to_owner = ANY(things),
		.how = ANY(hows),
		.first_wall_us = last_us - pick(99) * HOUR,
		.last_wall_us = last_us,
		.is_own = pick(9) == 0};
}

static struct nf_lease any_lease(void)
{
	return (struct nf_lease){ANY(macs), ANY(addresses), ANY(things), AGO(2000),
		NOW + (pick(20) - 18) * HOUR};
}

static void make_world(struct world *w, unsigned seed)
{
	size_t hours;

	srandom(seed);
	memset(w, 0, sizeof *w);
	hours = pick(2) ? (size_t)pick(WORLD_HOURS) : WORLD_HOURS;
	w->answered_us = pick(4) ? 0 : any_time();
	for (size_t i = 0; i < hours; i++) {
		bool is_heard = pick(8) != 0, is_whole = pick(60) != 0;

		w->cover[w->cover_len++] = (struct nf_coverage){"a", "wire:span",
			NOW_HOUR - (int64_t)hours + (int64_t)i,
			is_whole ? NF_MINUTES_ALL : (uint64_t)random(),
			.frames = is_heard ? 100 : 0, .canaries_sent = 12,
			.canaries_seen = pick(60) ? 12 : 11};
	}
	w->facts = (struct nf_network_facts){.leavers = w->leavers,
		.leavers_len = (size_t)pick(THINGS + 1),
		.talkers = w->talkers,
		.talkers_len = (size_t)pick(THINGS),
		.calls = w->calls,
		.calls_len = (size_t)pick(THINGS),
		.leases = w->leases,
		.leases_len = (size_t)pick(2),
		.aims = w->aims,
		.aims_len = pick(9) == 0,
		.quiet_us = (pick(7) + 1) * QUIET,
		.month_end = pick(2),
		.zone = "Europe/Stockholm",
		.now_wall_us = NOW};
	for (size_t i = 0; i < w->facts.leavers_len; i++)
		w->leavers[i] = any_leaver(i);
	for (size_t i = 0; i < THINGS; i++) {
		w->talkers[i] = any_talker();
		w->calls[i] = any_call();
		w->leases[i] = any_lease();
		w->aims[i] = (struct nf_aim){"nightly", "d0", "10.1.0.5"};
	}
}

/* Also what says how far it is: unlisted talkers that are over may become fewer, never more. */
static bool is_ready(struct world *w, size_t without, uint32_t *proofs)
{
	static const char *const wires[] = {"wire:span"};
	struct nf_quiet *q = nf_quiet_new(wires, 1, NULL, 0);
	struct nf_blockers b;

	for (size_t i = 0; i < w->cover_len; i++) {
		struct nf_coverage c = w->cover[i];
		if (without && i % (without + 1) == 0)
			c.minutes &= (uint64_t)random();
		if (without && i % (without + 3) == 0)
			continue;
		nf_quiet_add(q, &c);
	}
	nf_quiet_answered(q, w->answered_us);
	nf_quiet_end(q);
	w->facts.quiet = q;
	nf_blockers_find(&w->facts, &b);
	bool ready = b.ready;
	*proofs = b.settled + b.unlisted_quiet;
	nf_blockers_free(&b);
	nf_quiet_free(q);
	return ready;
}

static void add_old(struct world *w)
{
	struct nf_network_facts *f = &w->facts;

	switch (pick(6)) {
	case 0:
		w->talkers[f->talkers_len++] = any_talker();
		break;
	case 1:
		w->calls[f->calls_len++] = any_call();
		break;
	case 2:
		w->leases[f->leases_len++] = any_lease();
		break;
	case 3:
		f->aims_len++;
		break;
	case 4:
		w->answered_us = NOW - pick(WORLD_HOURS) * HOUR;
		break;
	default: /* who was heard is heard again, or seen to have another address */
		for (size_t i = 0; i < f->talkers_len; i++) {
			w->talkers[i].last_wall_us = AGO(pick(99));
			w->talkers[i].address = ANY(addresses);
		}
		for (size_t i = 0; i < f->calls_len; i++)
			w->calls[i].last_wall_us = AGO(pick(99));
		break;
	}
}

static void worlds__more_of_the_old_side_or_less_coverage__never_ready(void **state)
{
	static struct world w;
	size_t ready = 0, lost = 0;
	uint32_t proofs, before;

	(void)state;
	for (unsigned i = 0; i < WORLDS; i++) {
		make_world(&w, i);
		bool was = is_ready(&w, 0, &before);
		bool is = is_ready(&w, (size_t)pick(9) + 1, &proofs);
		ready += was;
		lost += was && !is;
		if ((is && !was) || proofs > before)
			fail_msg("world %u: less coverage made it ready", i);
		add_old(&w);
		is = is_ready(&w, 0, &proofs);
		lost += was && !is;
		if (is && !was)
			fail_msg("world %u: something more made it ready", i);
	}
	print_message("  %zu ready, %zu no more\n", ready, lost);
	assert_true(ready > WORLDS / 20 && lost > WORLDS / 50);
}

static void worlds__the_order_does_not_matter(void **state)
{
	static struct world w;
	uint32_t before, after;

	(void)state;
	for (unsigned i = 0; i < WORLDS / 4; i++) {
		make_world(&w, i);
		bool was = is_ready(&w, 0, &before);
		for (size_t n = w.cover_len; n > 1; n--) {
			size_t other = (size_t)pick((int64_t)n);
			struct nf_coverage c = w.cover[n - 1];

			w.cover[n - 1] = w.cover[other];
			w.cover[other] = c;
		}
		for (size_t n = 0; n + 1 < w.facts.talkers_len; n++) {
			struct nf_talker t = w.talkers[n];

			w.talkers[n] = w.talkers[n + 1];
			w.talkers[n + 1] = t;
		}
		for (size_t n = 0; n + 1 < w.facts.calls_len; n++) {
			struct nf_call c = w.calls[n];

			w.calls[n] = w.calls[n + 1];
			w.calls[n + 1] = c;
		}
		assert_int_equal(is_ready(&w, 0, &after), was);
		assert_int_equal(after, before);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worlds__more_of_the_old_side_or_less_coverage__never_ready),
		cmocka_unit_test(worlds__the_order_does_not_matter),
	};
	return NF_RUN(tests, argc, argv);
}
