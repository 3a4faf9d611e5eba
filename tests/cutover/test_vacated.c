// SPDX-License-Identifier: GPL-3.0-or-later
/* Ports that may be down, because what stood there moves. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "checks/cutover/vacated.h"
#include "checks/cutover/wave_ledger.h"
#include "tests/conf/fixture.h"

#define FILES "00:1b:21:00:00:01"
#define PHONE "00:1b:21:00:00:02"
#define OPENS INT64_C(1296928800000000) /* 2011-02-05 18:00 UTC */

static int make(void **state)
{
	struct fixture *f = fixture_new();

	fixture_puts(f, "site.yaml",
		"site: {name: s, timezone: UTC, state_dir: state}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.1.0.0/16]}\n"
		"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
		"waves: [{id: w, network: a, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n"
		"devices:\n"
		"  - {name: sw-1, kind: switch, network: a, address: 10.1.0.2}\n"
		"  - {name: files, kind: server, network: a, address: 10.1.0.7,"
		" common_address: 10.100.0.7, mac: \"" FILES "\", wave: w}\n"
		"  - {name: phone, kind: phone, network: a, address: 10.1.0.8, mac: \"" PHONE
		"\"}\n");
	fixture_load(f);
	if (!f->site) {
		print_error("%s\n", f->text);
		return -1;
	}
	*state = f;
	return 0;
}

static int unmake(void **state)
{
	fixture_free(*state);
	return 0;
}

static struct nf_sighting at_port(const char *mac, const char *place, int64_t last_us)
{
	return (struct nf_sighting){.network = "a",
		.source = "fdb",
		.by = "sw-1",
		.kind = "mac",
		.value = mac,
		.address = "",
		.place = place,
		.detail = "",
		.first_wall_us = last_us,
		.last_wall_us = last_us};
}

/* What is told when these were seen, files has this stage, and it is this late. */
static char *told(const struct fixture *f, const struct nf_sighting *seen, size_t len,
	enum nf_stage stage, int64_t now_us)
{
	enum nf_stage stages[3] = {NF_STAGE_PLANNED, NF_STAGE_PLANNED, NF_STAGE_PLANNED};
	struct nf_book *book = nf_book_new();
	struct nf_strbuf text = {0};

	for (size_t i = 0; i < len; i++)
		nf_book_add(book, &seen[i]);
	nf_book_index(book, f->site);
	struct nf_identities *ids = nf_identities_learn(f->site, book);
	stages[nf_site_device(f->site, "files")->index] = stage;
	nf_vacated_encode(&(struct nf_vacating){f->site, book, ids, stages, now_us}, &text);
	nf_identities_free(ids);
	nf_book_free(book);
	return nf_strbuf_take(&text);
}

static void port__by_stage_and_wave__only_of_what_goes(void **state)
{
	static const struct {
		enum nf_stage stage;
		int64_t now_us;
		const char *want;
	} rows[] = {
		{NF_STAGE_PREPARED,  OPENS - 1,	       "{}"						   },
		{NF_STAGE_PREPARED,  OPENS,		   "{\"sw-1\":{\"Gi0/1\":\"files moves in wave w\"}}"},
		{NF_STAGE_PREPARED,  OPENS + 12 * NF_HOUR_US, "{}"						 },
		{NF_STAGE_MOVED,	 OPENS + NF_DAY_US,
			"{\"sw-1\":{\"Gi0/1\":\"files has moved away\"}}"						 },
		{NF_STAGE_RELEASED,  OPENS + NF_DAY_US,
			"{\"sw-1\":{\"Gi0/1\":\"files has moved away\"}}"						 },
		{NF_STAGE_REGRESSED, OPENS + NF_DAY_US,	"{}"						    },
		{NF_STAGE_DUAL,	OPENS + NF_DAY_US,	   "{}"					       },
		{NF_STAGE_LOST,	OPENS + NF_DAY_US,	   "{}"					       },
	};
	/* It stood at another port before, which is somebody else's by now. */
	const struct nf_sighting seen[] = {at_port(FILES, "sw-1 Gi0/9", OPENS - NF_DAY_US),
		at_port(FILES, "sw-1 Gi0/1", OPENS - 1)};

	NF_ROWS(i, rows)
	{
		char *got = told(*state, seen, 2, rows[i].stage, rows[i].now_us);
		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void port__with_somebody_who_stays__is_missed_when_it_is_down(void **state)
{
	const struct nf_sighting seen[] = {
		at_port(FILES, "sw-1 Gi0/1", OPENS), at_port(PHONE, "sw-1 Gi0/1", OPENS)};
	char *got = told(*state, seen, 2, NF_STAGE_MOVED, OPENS + NF_DAY_US);

	assert_string_equal(got, "{}");
	free(got);
}

/* The same cable in another VLAN, as its switch tells in either network; or at another port of it. */
static void port__of_who_moved_and_stays_plugged_in__is_missed(void **state)
{
	static const struct {
		const char *place, *want;
	} rows[] = {
		{"sw-1 Gi0/1",  "{}"					     },
		{"sw-1 Gi0/11", "{\"sw-1\":{\"Gi0/1\":\"files has moved away\"}}"},
	};

	NF_ROWS(i, rows)
	{
		struct nf_sighting seen[] = {at_port(FILES, "sw-1 Gi0/1", OPENS),
			at_port(FILES, rows[i].place, OPENS + NF_HOUR_US)};
		seen[1].network = "c";
		char *got = told(*state, seen, 2, NF_STAGE_MOVED, OPENS + NF_DAY_US);

		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void place__an_uplink_or_none__says_nothing(void **state)
{
	const struct nf_sighting seen[] = {
		at_port(FILES, "", OPENS), at_port(FILES, "vlan 12", OPENS + 1)};
	char *got = told(*state, seen, 2, NF_STAGE_MOVED, OPENS + NF_DAY_US);

	assert_string_equal(got, "{}");
	free(got);
}

/* A snapshot's port is one, too, and no VLAN that a mirror showed since. */
static void look__a_vlan_since__keeps_the_port(void **state)
{
	const struct fixture *f = *state;
	struct nf_sighting seen[] = {at_port(FILES, "sw-1 Gi0/1", OPENS),
		at_port(FILES, "vlan 12", OPENS + NF_HOUR_US)};
	struct nf_book *book = nf_book_new();
	json_t *look = json_object();

	seen[1].source = "wire";
	seen[1].by = "wire:span";
	seen[1].address = "10.1.0.7";
	for (size_t i = 0; i < 2; i++)
		nf_book_add(book, &seen[i]);
	nf_book_index(book, f->site);
	nf_wave_look_ledger(look, book, "a", "10.1.0.7", 0);
	assert_string_equal(json_string_value(json_object_get(look, "place")), "sw-1 Gi0/1");
	json_decref(look);
	nf_book_free(book);
}

static void why__of_a_port__or_nothing(void **state)
{
	json_t *kept =
		json_loads("{\"sw-1\":{\"Gi0/1\":\"files has moved away\",\"x\":7}}", 0, NULL);

	(void)state;
	assert_string_equal(nf_vacated_why(kept, "sw-1", "Gi0/1"), "files has moved away");
	assert_null(nf_vacated_why(kept, "sw-1", "Gi0/2"));
	assert_null(nf_vacated_why(kept, "sw-1", "x"));
	assert_null(nf_vacated_why(kept, "sw-2", "Gi0/1"));
	assert_null(nf_vacated_why(NULL, "sw-1", "Gi0/1"));
	json_decref(kept);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(port__by_stage_and_wave__only_of_what_goes),
		CASE(port__with_somebody_who_stays__is_missed_when_it_is_down),
		CASE(port__of_who_moved_and_stays_plugged_in__is_missed),
		CASE(place__an_uplink_or_none__says_nothing),
		CASE(look__a_vlan_since__keeps_the_port),
		cmocka_unit_test(why__of_a_port__or_nothing),
	};
	return NF_RUN(tests, argc, argv);
}
