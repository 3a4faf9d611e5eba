// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>

#include "collector/ping/presence.h"
#include "tests/conf/fixture.h"

#define S    NF_US_PER_S
#define H    (3600 * S)
#define D    (24 * H)
#define MONO (7 * S) /* at the wall clock's 0 */
#define NOW  (1000 * D)

static const struct nf_burst answers = {.sent = 3, .received = 3};
static const struct nf_burst silence = {.sent = 3, .lost = 3};
static const struct nf_burst unsure = {.sent = 3, .lost = 1, .unsure = 2};

static struct nf_now at(int64_t second)
{
	return (struct nf_now){second * S, MONO + second * S};
}

static void presence__silence_begins_with_the_first_sure_burst(void **state)
{
	struct nf_presence p = {0};

	(void)state;
	assert_false(nf_presence_is_due(&p, 5 * S));
	nf_presence_note(&p, &answers, at(10));
	assert_true(nf_presence_is_due(&p, 10 * S));
	p.told_us = 10 * S;
	nf_presence_note(&p, &answers, at(40));
	assert_false(nf_presence_is_due(&p, 40 * S));
	assert_true(nf_presence_is_due(&p, 10 * S + NF_PRESENCE_EVERY_US));
	assert_true(nf_presence_is_due(&p, 9 * S)); /* the clock went back */
	nf_presence_note(&p, &unsure, at(70));
	assert_false(p.is_silent);
	nf_presence_note(&p, &silence, at(100));
	nf_presence_note(&p, &silence, at(130));
	assert_int_equal(p.silent_mono_us, MONO + 100 * S);
	assert_int_equal(p.answered_us, 40 * S);
	assert_true(nf_presence_is_due(&p, 130 * S));
	p.told_us = 130 * S;
	nf_presence_note(&p, &answers, at(160));
	assert_false(p.is_silent);
	assert_true(nf_presence_is_due(&p, 160 * S));
}

static const char site_yaml[] =
	"site: {name: s, timezone: UTC}\n"
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], source: {address: 10.1.0.66}}\n"
	"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
	"devices:\n"
	"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7, "
	"common_address: 10.100.0.7}\n";

struct told {
	int64_t at_us;
	char json[300];
};

static void take_told(const char *network, const char *device, const char *name,
	const char *json, int64_t at_us, void *arg)
{
	struct told *t = arg;

	(void)network;
	(void)device;
	(void)name;
	t->at_us = at_us;
	snprintf(t->json, sizeof t->json, "%s", json);
}

/* Tells, and gives what is told then of the first leg. */
static int64_t silent_as_told(struct nf_store *store, const struct nf_device *device,
	struct nf_presence *first, struct nf_now now)
{
	struct nf_presence other = {0};
	struct nf_presence *legs[NF_LEGS_MAX] = {first, &other};
	struct told told = {0};

	assert_int_equal(nf_presence_tell(store, device, legs, now), NF_OK);
	assert_int_equal(nf_store_facts_named(store, "ping", take_told, &told), NF_OK);
	json_t *fact = json_loads(told.json, 0, NULL);
	int64_t silent_us =
		json_integer_value(json_object_get(json_array_get(fact, 0), "silent_us"));
	json_decref(fact);
	return silent_us;
}

/* Silent for ten days when an earlier run told so; then that was not asked for a while, then with this burst. */
static void restart__silence_goes_on_while_it_is_asked(void **state)
{
	static const struct {
		const char *name;
		const char *network, *address;
		int64_t silent_us, told_us;
		const struct nf_burst *burst;
		int64_t want_us; /* how long it is silent; 0: it is not */
	} rows[] = {
		{"a restart",		      "a", "10.1.0.7", NOW - 10 * D, NOW - 60 * S,  &silence, 10 * D},
		{"it answers",		       "a", "10.1.0.7", NOW - 10 * D, NOW - 60 * S,  &answers, 0     },
		{"nothing is sure",		    "a", "10.1.0.7", NOW - 10 * D, NOW - 60 * S,	 &unsure,
			10 * D											  },
		{"a stop of 2 days",		     "a", "10.1.0.7", NOW - 12 * D, NOW - 2 * D,	 &silence,
			10 * D											  },
		{"another address",		    "a", "10.1.0.8", NOW - 10 * D, NOW - 60 * S,	 &silence, 1	    },
		{"another network",		    "b", "10.1.0.7", NOW - 10 * D, NOW - 60 * S,	 &silence, 1	    },
		{"it had answered",		    "a", "10.1.0.7", 0,		NOW - 60 * S,  &silence, 1	 },
		{"told by a clock that was ahead", "a", "10.1.0.7", NOW + 90 * D, NOW + 100 * D,
			&silence,										 10 * D},
		{"begun by one",			 "a", "10.1.0.7", NOW + 90 * D, NOW - 60 * S,  &silence, 1	 },
	};
	struct fixture *f = fixture_new();
	struct nf_store *store = NULL;
	struct nf_error err;

	(void)state;
	fixture_puts(f, "site.yaml", site_yaml);
	fixture_load(f);
	assert_non_null(f->site);
	assert_int_equal(nf_store_open(f->folder, NF_STORE_WRITE, 1000, &store, &err), NF_OK);
	const struct nf_device *device = &f->site->devices.items[0];
	NF_ROWS(i, rows)
	{
		struct nf_presence p = {0};
		struct nf_now now = {NOW, MONO};

		print_message("  %s\n", rows[i].name);
		json_t *fact = json_pack("[{s:s, s:s, s:I, s:I}]", "network", rows[i].network,
			"address", rows[i].address, "answered_us", (json_int_t)(NOW - 20 * D),
			"silent_us", (json_int_t)rows[i].silent_us);
		nf_presence_recall(&p, &device->legs[0], fact, rows[i].told_us, NOW);
		json_decref(fact);
		nf_presence_note(&p, rows[i].burst, now);
		int64_t silent_us = silent_as_told(store, device, &p, now);
		int64_t want_us = rows[i].want_us == 1 ? NOW
				  : rows[i].want_us    ? NOW - rows[i].want_us
						       : 0;
		assert_int_equal(silent_us, want_us);
	}
	/* When the clock is set, nobody has been silent for longer. */
	struct nf_presence p = {0};
	nf_presence_note(&p, &silence, (struct nf_now){NOW, MONO});
	assert_int_equal(silent_as_told(store, device, &p,
				 (struct nf_now){NOW + 100 * D, MONO + 60 * S}),
		NOW + 100 * D - 60 * S);
	nf_store_close(store);
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence__silence_begins_with_the_first_sure_burst),
		cmocka_unit_test(restart__silence_goes_on_while_it_is_asked),
	};
	return NF_RUN(tests, argc, argv);
}
