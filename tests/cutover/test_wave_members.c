// SPDX-License-Identifier: GPL-3.0-or-later
/* Which of a wave's snapshots counts. */
#include "tests/test.h"

#include "base/clock.h"
#include "checks/cutover/wave_members.h"
#include "store/cutover.h"
#include "store/sightings.h"
#include "tests/conf/fixture.h"

static const char site[] =
	"site: {name: Prov, timezone: UTC, state_dir: state}\n"
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16]}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"waves: [{id: w1, network: a, from: \"2027-03-16 18:00\", to: \"2027-03-17 06:00\"}]\n"
	"devices_csv: devices.csv\n";
static const char devices[] = "name,kind,network,address,wave\n"
			      "one,server,a,10.1.0.5,w1\n"
			      "two,server,a,10.1.0.6,w1\n"
			      "other,server,a,10.1.0.7,\n";

#define FROM  INT64_C(1805220000000000) /* 2027-03-16 18:00 UTC */
#define NEVER -1000			/* hours */
#define MOST  4

struct snapshot {
	const char *device;
	int hours; /* after the wave began */
	const char *json;
};

static void put(struct nf_store *store, const struct snapshot *s)
{
	const struct nf_snapshot row = {"w1", s->device, FROM + s->hours * NF_HOUR_US,
		s->json != NULL ? s->json : "{}"};
	assert_int_equal(nf_snapshot_put(store, &row), NF_OK);
}

static int64_t instant(int hours)
{
	return hours == NEVER ? 0 : FROM + hours * NF_HOUR_US;
}

static void snapshots__before_and_after__which_counts(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct snapshot snapshots[MOST];
		int one, two, wave;
	} rows[] = {
		{"none",			       {{0}},				    NEVER, NEVER, NEVER},
		{"newest from before",
			{{"one", -30, NULL}, {"one", -2, NULL}, {"one", -9, NULL}},			    -2,	NEVER,
			-2												 },
		{"one from after is none from before", {{"one", -2, NULL}, {"one", 3, NULL}},
			-2,										    NEVER, -2   },
		{"as it begins is after",		  {{"one", -2, NULL}, {"one", 0, NULL}},	 -2,    NEVER, -2   },
		{"only from after: the oldest",
			{{"one", 3, NULL}, {"one", 1, NULL}, {"one", 9, NULL}},				1,	   NEVER, 1	   },
		{"each its own; the oldest is said",
			{{"one", -2, NULL}, {"two", -5, NULL}, {"one", -5, NULL}},			   -2,    -5,	   -5   },
		{"who is no member has none",	      {{"other", -2, NULL}, {"one", -3, NULL}}, -3,
			NEVER,											-3	 },
		{"a damaged one is none",		  {{"one", -2, "{"}, {"one", -4, NULL}},	 -4,    NEVER, -4   },
	};
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();
		struct nf_store *store;
		struct nf_error err = {0};
		struct nf_wave_members members;
		int64_t wall_us = 0;
		fixture_puts(f, "devices.csv", devices);
		fixture_puts(f, "site.yaml", site);
		fixture_load(f);
		if (f->site == NULL)
			fail_msg("%s", f->text);
		assert_int_equal(
			nf_store_open(f->site->state_dir, NF_STORE_WRITE, 5000, &store, &err),
			NF_OK);
		for (size_t k = 0; k < MOST && rows[i].snapshots[k].device != NULL; k++)
			put(store, &rows[i].snapshots[k]);
		const struct nf_wave *wave = &f->site->waves.items[0];
		print_message("  %s\n", rows[i].name);
		nf_wave_members_of(f->site, wave, &members);
		assert_int_equal(members.len, 2);
		assert_int_equal(nf_wave_members_read(store, wave, &members), NF_OK);
		assert_int_equal(members.items[0].snapshot_wall_us, instant(rows[i].one));
		assert_int_equal(members.items[0].before != NULL, rows[i].one != NEVER);
		assert_int_equal(members.items[1].snapshot_wall_us, instant(rows[i].two));
		assert_int_equal(nf_wave_snapshot(f->site, store, wave, &wall_us), NF_OK);
		assert_int_equal(wall_us, instant(rows[i].wave));
		nf_wave_members_free(&members);
		nf_store_close(store);
		fixture_free(f);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshots__before_and_after__which_counts),
	};
	return NF_RUN(tests, argc, argv);
}
