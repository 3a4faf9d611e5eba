// SPDX-License-Identifier: GPL-3.0-or-later
/* A switch whose management has moved and which still carries the old network: sw-2 of a, asked at its address in c. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/cutover/rig.h"

#define M5	   (300 * S)
#define PANEL	   "00:1b:21:00:00:99"
#define SEEN_PANEL "[{\"mac\":\"" PANEL "\",\"port\":2,\"ifIndex\":2}]"

static const char site[] =
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16]}\n"
	"  - {id: c, role: common, prefixes: [10.100.0.0/14]}\n"
	"snmp: [{id: v2, version: 2c, community_file: secrets/community}]\n"
	"waves: [{id: w, network: a, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n"
	"cutover: {quiet: 2h}\n"
	"devices:\n"
	"  - {name: sw-2, kind: switch, network: a, address: 10.1.0.4, common_address: 10.100.0.4, snmp: v2}\n"
	"  - {name: sw-9, kind: switch, network: c, address: 10.100.0.2, snmp: v2}\n"
	"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7,"
	" common_address: 10.100.0.7, mac: \"" PC "\", wave: w}\n";

static int make(void **state)
{
	return rig_make_site(state, site);
}

/* sw-2's table, read in that network. */
static void ask(struct rig *r, const char *network, int64_t at, const char *fdb)
{
	char leg[100];

	snprintf(leg, sizeof leg, "{\"network\":\"%s\"}", network);
	rig_fact(r, "sw-2", "leg", leg, at);
	rig_table(r, "sw-2", at, fdb);
}

static void routed(struct rig *r, const char *mac, int64_t at)
{
	char arp[200];

	snprintf(arp, sizeof arp,
		"[{\"mac\":\"%s\",\"address\":\"10.100.0.7\",\"state\":\"reachable\"}]", mac);
	rig_fact(r, "sw-9", "arp", arp, at);
}

static void assert_stage(struct rig *r, const char *want, const char *reason)
{
	struct found f = rig_stage_of(r, "pc");

	if (strcmp(f.stage, want) != 0 || !strstr(f.json, reason))
		fail_msg("%s, not %s with %s: %s", f.stage, want, reason, f.json);
}

/* It has not moved, only its switch is asked elsewhere: that says nothing, by its table or as its neighbour. */
static void device__at_a_mixed_switch__is_not_proved(void **state)
{
	struct rig *r = *state;

	ask(r, "a", 0, SEEN_PC);
	rig_pass(r, S);
	ask(r, "c", M5, SEEN_PC);
	rig_fact(r, "sw-2", "neighbours",
		"[{\"lldpRemLocalPortNum\":1,\"lldpRemChassisId\":\"" PC "\"}]", M5);
	rig_pass(r, M5 + S);
	assert_stage(r, "prepared", "\"doubt\":\"mixed\"");
	routed(r, PC, 2 * M5);
	rig_pass(r, 2 * M5 + S);
	assert_stage(r, "moved", "\"source\":\"arp\"");
}

/* What else proves it counts for a day: who is seen at the mixed switch alone may be back. */
static void silence__of_whom_a_mixed_switch_shows__only_while_it_is_proved(void **state)
{
	static const struct {
		int64_t last;
		bool is_back;
	} rows[] = {
		{20 * H, false},
		{28 * H, true },
	};

	NF_ROWS(i, rows)
	{
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		ask(r, "a", 0, SEEN_PC);
		rig_pass(r, S);
		routed(r, PC, 2 * H);
		rig_pass(r, 2 * H + S);
		ask(r, "c", rows[i].last, SEEN_PC);
		rig_pass(r, rows[i].last + S);
		struct found f = rig_stage_of(r, "pc");
		const char *against = strstr(f.json, "\"against\"");
		assert_string_equal(f.stage, "moved");
		assert_int_equal(strstr(against, "\"mixed\"") != NULL, rows[i].is_back);
		assert_int_equal(strstr(f.json, "\"old_last\":\"2011-01-26T00:00") == NULL,
			rows[i].is_back);
		rig_unmake(state);
	}
}

/* Its tables show who is there as before: the old network's clock goes on. */
static void coverage__of_a_mixed_switch__is_the_old_networks_too(void **state)
{
	struct rig *r = *state;
	uint64_t sums[2] = {0};

	for (int64_t at = 0; at <= H; at += M5) {
		ask(r, at < H / 2 ? "a" : "c", at, SEEN_NOT);
		rig_pass(r, at + S);
	}
	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, sums), NF_OK);
	assert_int_equal(sums[0], 3600);
	assert_int_equal(sums[1], 60);
}

/* Nobody knows it, it was there, and its switch is asked elsewhere; a stranger of the new side never was. */
static void talker__at_a_mixed_switch__has_not_gone(void **state)
{
	static const char both[] = "[{\"mac\":\"" PANEL "\",\"port\":2,\"ifIndex\":2},"
				   "{\"mac\":\"00:1b:21:00:00:77\",\"port\":1,\"ifIndex\":1}]";

	for (int is_proved = 0; is_proved < 2; is_proved++) {
		assert_int_equal(make(state), 0);
		struct rig *r = *state;

		for (int64_t at = 0; at <= 4 * H; at += M5) {
			ask(r, at < H ? "a" : "c", at, at < H ? SEEN_PANEL : both);
			if (is_proved)
				routed(r, PANEL, at);
			rig_pass(r, at + S);
		}
		struct ready n = rig_network_of(r);
		assert_null(strstr(n.blockers, "\"quiet\""));
		assert_null(strstr(n.blockers, "00:1b:21:00:00:77"));
		assert_int_equal(strstr(n.blockers, PANEL) == NULL, is_proved);
		rig_unmake(state);
	}
}

/* The site file has the networks' VLANs: tables of whichever switch tell who is in which. */
static const char vlans[] =
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], vlans: [1, 10]}\n"
	"  - {id: b, role: legacy, prefixes: [10.2.0.0/16], vlans: [20, 30]}\n"
	"  - {id: d, role: legacy, prefixes: [10.3.0.0/16], vlans: [30]}\n"
	"  - {id: c, role: common, prefixes: [10.100.0.0/14], vlans: [1, 100]}\n"
	"snmp: [{id: v2, version: 2c, community_file: secrets/community}]\n"
	"devices:\n"
	"  - {name: sw-2, kind: switch, network: a, address: 10.1.0.4, common_address: 10.100.0.4, snmp: v2}\n"
	"  - {name: sw-9, kind: switch, network: c, address: 10.100.0.2, snmp: v2}\n"
	"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7, mac: \"" PC "\"}\n";

static void take_where(const struct nf_sighting *s, void *arg)
{
	char *text = arg;

	snprintf(text, 40, "%s %s", s->network, s->source);
}

static void row__with_a_vlan__is_that_networks(void **state)
{
	static const struct {
		const char *by, *in, *vlan, *want;
	} rows[] = {
		{"sw-2", "a", "10",  "a fdb"  },
		{"sw-2", "a", "100", "c fdb"  }, /* plugged in anew before its switch */
		{"sw-2", "a", "1",   "a fdb"  }, /* where it is asked, that is its number of this */
		{"sw-2", "a", "99",  "a fdb"  },
		      {"sw-2", "a", "0",	 "a fdb"	},
		{"sw-2", "c", "10",  "a fdb"  },
		      {"sw-2", "c", "100", "c fdb"  },
		{"sw-2", "c", "1",   "c mixed"}, /* of both */
		{"sw-2", "c", "99",  "c mixed"},
		{"sw-2", "c", "0",   "c mixed"},
		{"sw-9", "c", "10",  "a fdb"  }, /* an old VLAN on a new switch */
		{"sw-9", "c", "20",  "b fdb"  },
		{"sw-9", "c", "30",  "c mixed"}, /* of one of two */
		{"sw-9", "c", "100", "c fdb"  },
		       {"sw-9", "c", "1",	  "c fdb"	 },
		{"sw-9", "c", "99",  "c mixed"}, /* not the common network's, says the file */
		{"sw-9", "c", "0",   "c fdb"  }, /* it tells no VLANs */
	};
	const struct nf_ledger_filter one = {.kind = "mac", .value = PC};

	NF_ROWS(i, rows)
	{
		char fdb[200], leg[100], where[40] = "";

		assert_int_equal(rig_make_site(state, vlans), 0);
		struct rig *r = *state;
		snprintf(fdb, sizeof fdb, "[{\"mac\":\"" PC "\",\"port\":1,\"ifIndex\":1%s%s}]",
			rows[i].vlan[0] == '0' ? "" : ",\"vlan\":",
			rows[i].vlan[0] == '0' ? "" : rows[i].vlan);
		snprintf(leg, sizeof leg, "{\"network\":\"%s\"}", rows[i].in);
		rig_fact(r, rows[i].by, "leg", leg, 0);
		rig_table(r, rows[i].by, 0, fdb);
		rig_pass(r, S);
		assert_int_equal(nf_sighting_sums(r->store, &one, take_where, where), NF_OK);
		if (strcmp(where, rows[i].want) != 0)
			fail_msg("%s in %s, VLAN %s: %s", rows[i].by, rows[i].in, rows[i].vlan,
				where);
		rig_unmake(state);
	}
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, rig_unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(device__at_a_mixed_switch__is_not_proved),
		cmocka_unit_test(
			silence__of_whom_a_mixed_switch_shows__only_while_it_is_proved),
		CASE(coverage__of_a_mixed_switch__is_the_old_networks_too),
		cmocka_unit_test(talker__at_a_mixed_switch__has_not_gone),
		cmocka_unit_test(row__with_a_vlan__is_that_networks),
	};
	return NF_RUN(tests, argc, argv);
}
