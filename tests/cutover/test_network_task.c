// SPDX-License-Identifier: GPL-3.0-or-later
/* What stands against switching a network off: when it can be over first, and who has to do what. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "checks/cutover/network.h"
#include "conf/site.h"
#include "tests/conf/fixture.h"

#define HOUR	 (3600 * NF_US_PER_S)
#define MID	 INT64_C(500002) /* 2027-01-15 10:00 UTC */
#define LAST_DAY INT64_C(500386) /* 2027-01-31 10:00 UTC */

static struct nf_quiet *heard(int64_t first_hour, int hours)
{
	static const char *const wires[] = {"wire:span"};
	struct nf_quiet *quiet = nf_quiet_new(wires, 1, NULL, 0);
	for (int i = 0; i < hours; i++) {
		const struct nf_coverage c = {.network = "a",
			.sensor = wires[0],
			.hour = first_hour + i,
			.minutes = NF_MINUTES_ALL,
			.frames = 100000};
		nf_quiet_add(quiet, &c);
	}
	nf_quiet_end(quiet);
	return quiet;
}

static void earliest__if_nothing_is_missed__then(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t now_hour;
		int heard;
		const char *quiet, *month_end;
	} rows[] = {
		{"in mid-month",		 MID,      5,	 "2027-01-16T05:00:00+00:00",
			"2027-01-31T23:00:00+00:00"},
		{"nothing heard",		  MID,      0,  "2027-01-16T10:00:00+00:00",
			"2027-01-31T23:00:00+00:00"},
		{"last day, from its start",     LAST_DAY, 11, "2027-01-31T23:00:00+00:00",
			"2027-01-31T23:00:00+00:00"},
		{"last day, not from its start", LAST_DAY, 2,  "2027-02-01T08:00:00+00:00",
			"2027-02-28T23:00:00+00:00"},
	};
	NF_ROWS(i, rows)
	{
		char quiet_text[NF_ISO8601_MAX], month_text[NF_ISO8601_MAX];
		struct nf_quiet *quiet = heard(rows[i].now_hour - rows[i].heard, rows[i].heard);
		const struct nf_network_facts facts = {.quiet = quiet,
			.quiet_us = 24 * HOUR,
			.month_end = true,
			.zone = "Europe/Stockholm",
			.now_wall_us = rows[i].now_hour * HOUR};
		struct nf_blockers b;
		nf_blockers_find(&facts, &b);
		assert_int_equal(b.len, 2);
		nf_iso8601(b.items[0].earliest_wall_us, quiet_text);
		nf_iso8601(b.items[1].earliest_wall_us, month_text);
		if (strcmp(quiet_text, rows[i].quiet) != 0 ||
			strcmp(month_text, rows[i].month_end) != 0)
			fail_msg("%s: %s, %s", rows[i].name, quiet_text, month_text);
		nf_blockers_free(&b);
		nf_quiet_free(quiet);
	}
}

static void earliest__nobody_listens__never(void **state)
{
	(void)state;
	const struct nf_network_facts facts = {.quiet_us = 24 * HOUR,
		.month_end = true,
		.zone = "Europe/Stockholm",
		.now_wall_us = MID * HOUR};
	struct nf_blockers b;
	nf_blockers_find(&facts, &b);
	assert_int_equal(b.len, 2);
	assert_int_equal(b.items[0].earliest_wall_us, 0);
	assert_int_equal(b.items[1].earliest_wall_us, 0);
	nf_blockers_free(&b);
}

static struct nf_blocker whole(struct nf_blocker b)
{
	const char **texts[] = {&b.what, &b.about, &b.whose, &b.place, &b.how};
	NF_ROWS(t, texts)
	*texts[t] = *texts[t] == NULL ? "" : *texts[t];
	return b;
}

static void words__earliest__is_said(void **state)
{
	(void)state;
	static const struct {
		struct nf_blocker blocker;
		const char *want;
	} rows[] = {
		{{.kind = NF_BLOCKER_QUIET,
			 .covered_us = 5 * HOUR,
			 .needed_us = 24 * HOUR,
			 .earliest_wall_us = 20 * HOUR,
			 .last_wall_us = 1},
			"only 5 h 0 min of the 1 d 0 h of silence were listened to, last at 1970-01-01 01:00; 19 h 0 min more are needed: at the earliest 1970-01-01 21:00"},
		{{.kind = NF_BLOCKER_MONTH_END, .earliest_wall_us = 23 * HOUR},
			"the last day of no month was listened through: at the earliest 1970-01-02 00:00"									 },
	};
	NF_ROWS(i, rows)
	{
		struct nf_blocker b = whole(rows[i].blocker);
		struct nf_strbuf out = {0};
		nf_blocker_words(&b, "Europe/Stockholm", &out);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

static const char site[] =
	"site: {name: Prov, timezone: Europe/Stockholm, state_dir: state, language: en}\n"
	"networks:\n"
	"  - {id: a, name: Admin, role: legacy, prefixes: [10.1.0.0/16]}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"waves: [{id: w1, network: a, from: \"2027-01-14 18:00\", to: \"2027-01-15 06:00\"}]\n"
	"devices_csv: devices.csv\n";
static const char devices[] = "name,kind,network,address,common_address,wave,owner\n"
			      "srv,server,a,10.1.0.5,10.100.0.5,w1,Anna\n"
			      "pc,workstation,a,10.1.0.6,10.100.0.6,,\n"
			      "gone,server,common,10.100.0.7,,w1,\n";

static void task__each_kind__who_and_what(void **state)
{
	(void)state;
	static const struct {
		struct nf_blocker b;
		const char *want, *owner;
	} rows[] = {
		{{.kind = NF_BLOCKER_DEVICE, .what = "srv", .about = "planned"},
			"Anna: move it with wave w1",						      "Anna"},
		{{.kind = NF_BLOCKER_DEVICE, .what = "pc", .about = "planned"},
			"no owner is listed: give it a wave, or exempt it",			    NULL	},
		{{.kind = NF_BLOCKER_DEVICE, .what = "srv", .about = "dual"},
			"Anna: take its old side away",						"Anna"},
		{{.kind = NF_BLOCKER_DEVICE, .what = "srv", .about = "lost"},
			"Anna: look for it: it answers nowhere",					 "Anna"},
		{{.kind = NF_BLOCKER_DEVICE, .what = "1200 more"},
			"give it a wave, or exempt it",						NULL  },
		{{.kind = NF_BLOCKER_UNLISTED,
			 .what = "52:54:00:00:00:01",
			 .place = "sw\x1b 3"},
			"follow the cable at sw\\x1b 3; list it in the inventory, or unplug it",	NULL  },
		{{.kind = NF_BLOCKER_CALLER, .what = "srv", .about = "10.1.0.6", .whose = "pc"},
			"Anna: let it call 10.100.0.6 instead",					"Anna"},
		{{.kind = NF_BLOCKER_CALLER,
			 .what = "srv",
			 .about = "10.1.0.7",
			 .whose = "gone"},
			"Anna: let it call 10.100.0.7 instead",					"Anna"},
		{{.kind = NF_BLOCKER_CALLER, .what = "10.9.9.9", .about = "10.1.0.77"},
			"find out what it wants there, and stop it",				     NULL	 },
		{{.kind = NF_BLOCKER_CALLER, .what = "srv", .whose = "pc", .is_behind = true},
			"find out who it is, in the router's own tables",				  NULL  },
		{{.kind = NF_BLOCKER_BACKUP, .what = "nightly", .whose = "srv"},
			"Anna: aim the job at 10.100.0.5",					   "Anna"},
		{{.kind = NF_BLOCKER_QUIET, .about = "nobody"},
			"let netfold listen there: by a mirror port, or by tables of its switches", NULL  },
		{{.kind = NF_BLOCKER_MONTH_END, .earliest_wall_us = 1},
			"wait, and keep listening",						    NULL	},
	};
	struct fixture *f = fixture_new();
	fixture_puts(f, "devices.csv", devices);
	fixture_puts(f, "site.yaml", site);
	fixture_load(f);
	if (f->site == NULL)
		fail_msg("%s", f->text);
	NF_ROWS(i, rows)
	{
		struct nf_blocker b = whole(rows[i].b);
		struct nf_strbuf out = {0};
		const char *owner = nf_blocker_owner(f->site, &b);
		nf_blocker_task(f->site, &b, &out);
		assert_string_equal(out.data, rows[i].want);
		assert_string_equal(
			owner != NULL ? owner : "", rows[i].owner != NULL ? rows[i].owner : "");
		nf_strbuf_free(&out);
	}
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(earliest__if_nothing_is_missed__then),
		cmocka_unit_test(earliest__nobody_listens__never),
		cmocka_unit_test(words__earliest__is_said),
		cmocka_unit_test(task__each_kind__who_and_what),
	};
	return NF_RUN(tests, argc, argv);
}
