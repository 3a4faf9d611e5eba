// SPDX-License-Identifier: GPL-3.0-or-later
/* Who is heard on an old network and calls there, from the ledger to the network's blockers. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "store/cutover.h"
#include "tests/cutover/rig.h"

static void heard(struct rig *r, const char *source, const char *by, const char *mac,
	const char *address, int64_t at)
{
	rig_heard(r, source, by, mac, address, "", at);
}

/* Ports at which it was seen, the wire in between and last, in any order. */
static void talker__told_of__by_what_is_newest(void **state)
{
	static const struct {
		const char *source, *by, *address, *place;
		int64_t at;
	} rows[] = {
		{"fdb",	"sw-1",	"",	    "sw-1 Gi0/3", 0	   },
		{"wire", "wire:span", "10.1.0.200", "",		0	 },
		{"fdb",	"sw-2",	"",	    "sw-2 Gi0/7", H	   },
		{"wire", "wire:span", "10.1.0.66",  "",	       2 * H}, /* netfold's today */
		{"wire", "wire:span", "10.1.0.201", "vlan 12",    3 * H},
		{"mdns", "wire:span", "",		  "",	      4 * H},
	};
	size_t len = sizeof rows / sizeof *rows;

	for (size_t first = 0; first < 2 * len; first++) {
		assert_int_equal(rig_make(state), 0);
		struct rig *r = *state;

		for (size_t k = 0; k < len; k++) {
			size_t i = (first + k) % len;

			i = first < len ? i : len - 1 - i;
			rig_heard(r, rows[i].source, rows[i].by, "00:1b:21:00:00:a1",
				rows[i].address, rows[i].place, rows[i].at);
		}
		rig_pass(r, 5 * H);
		struct ready n = rig_network_of(r);
		const char *talker = strstr(n.blockers, "\"what\":\"00:1b:21:00:00:a1\"");
		if (!talker || !strstr(talker, "\"about\":\"10.1.0.201\"") ||
			!strstr(talker, "\"place\":\"sw-2 Gi0/7\""))
			fail_msg("from row %zu on: %s", first, n.blockers);
		rig_unmake(state);
	}
}

/* Who only asks for its old gateway is there as anybody else; whom a router remembers need not be. */
static void talker__by_arp__heard_and_not_remembered(void **state)
{
	struct rig *r = *state;

	heard(r, "arp", "wire:span", "00:1b:21:00:00:a1", "10.1.0.201", 0);
	heard(r, "arp", "rtr", "00:1b:21:00:00:a2", "10.1.0.202", 0);
	rig_pass(r, 60 * S);
	struct ready n = rig_network_of(r);
	assert_non_null(strstr(n.blockers, "00:1b:21:00:00:a1"));
	assert_null(strstr(n.blockers, "00:1b:21:00:00:a2"));
}

/* The core has a leg in the old network, and is to keep it until a day. */
static void exempt__of_another_network__blocks_nothing(void **state)
{
	struct rig *r = *state;

	heard(r, "wire", "wire:span", SW2, "10.1.0.1", 0);
	assert_int_equal(
		nf_sighting_put(r->store,
			&(struct nf_sighting){"a", "dhcp", "wire:span", "mac", SW2, "10.1.0.1",
				"", "", T0 / D, 1, T0, T0, T0 + 9 * H, T0, 1}),
		NF_OK);
	rig_pass(r, S);
	assert_non_null(strstr(rig_network_of(r).blockers, "\"visitor\""));
	assert_non_null(strstr(rig_network_of(r).blockers, "\"lease\""));
	nf_exemption_put(r->store,
		&(struct nf_exemption){"sw-8", "routes for the rest", "anna", T0 + H, T0});
	rig_pass(r, 2 * S);
	assert_null(strstr(rig_network_of(r).blockers, "sw-8"));
	rig_pass(r, 2 * H);
	assert_non_null(strstr(rig_network_of(r).blockers, "sw-8"));
}

/* Whichever of the two it is: it is listed. */
static void talker__that_the_inventory_has_twice__is_in_it(void **state)
{
	static const char site[] =
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], wire: [span]}\n"
		"  - {id: b, role: legacy, prefixes: [10.2.0.0/16]}\n"
		"devices:\n"
		"  - {name: elsewhere, kind: printer, network: b, address: 10.2.0.7, mac: \"" PC
		"\"}\n"
		"  - {name: pc, kind: workstation, network: a, address: 10.1.0.7, mac: \"" PC
		"\"}\n";
	char progress[RIG_TEXT] = "";

	assert_int_equal(rig_make_site(state, site), 0);
	struct rig *r = *state;
	heard(r, "wire", "wire:span", PC, "10.1.0.7", 0);
	rig_pass(r, 60 * S);
	struct ready n = rig_network_of(r);
	assert_null(strstr(n.blockers, "unlisted"));
	assert_null(strstr(n.blockers, "visitor"));
	assert_non_null(strstr(n.blockers, "\"pc\""));
	rig_progress_of(r, progress);
	assert_non_null(strstr(progress, "\"scope\":1,\"unlisted\":0"));
	rig_unmake(state);
}

/* What netfold has in one network is somebody else's in another one that has the same addresses. */
static void own__by_the_network(void **state)
{
	static const struct {
		const char *from;
		bool want;
	} rows[] = {
		{"10.1.0.66", false},
		{"10.1.0.77", true },
	};
	struct rig *r = *state;

	NF_ROWS(i, rows)
	assert_int_equal(
		nf_caller_put(r->store, &(struct nf_caller){"a", "wire:span", "", rows[i].from,
						"10.1.0.200", "arp", T0 / D, 1, T0, T0, 1}),
		NF_OK);
	rig_pass(r, 60 * S);
	struct ready n = rig_network_of(r);
	NF_ROWS(i, rows)
	assert_int_equal(strstr(n.blockers, rows[i].from) != NULL, rows[i].want);
}

/* A firewall that lowers no hop count calls in others' packets; whom it asks for by ARP it looks for itself. */
static void caller__behind_a_firewall__is_who_sent(void **state)
{
	static const struct {
		const char *from, *how;
		const char *want;
	} rows[] = {
		{"10.100.9.4", "tcp:445", "\"what\":\"10.100.9.4\""},
		{"10.1.0.4",   "udp:514", "\"what\":\"gw\""	 },
		{"10.1.0.4",   "arp",	    "\"what\":\"gw\""	     },
	};
	struct rig *r = *state;

	NF_ROWS(i, rows)
	{
		char to[] = "10.1.0.200";

		to[9] = (char)('0' + i);
		assert_int_equal(nf_caller_put(r->store,
					 &(struct nf_caller){"a", "wire:span", GW, rows[i].from,
						 to, rows[i].how, T0 / D, 1, T0, T0, 1}),
			NF_OK);
	}
	rig_pass(r, 60 * S);
	struct ready n = rig_network_of(r);
	json_t *list = json_loads(n.blockers, 0, NULL);

	NF_ROWS(i, rows)
	{
		bool found = false;
		size_t k;
		json_t *item;

		json_array_foreach(list, k, item)
		{
			char *text = json_dumps(item, JSON_COMPACT);

			found = found ||
				(strstr(text, rows[i].how) && strstr(text, rows[i].want));
			free(text);
		}
		print_message("  %s by %s\n", rows[i].from, rows[i].how);
		assert_true(found);
	}
	json_decref(list);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_unmake)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talker__told_of__by_what_is_newest),
		CASE(talker__by_arp__heard_and_not_remembered),
		cmocka_unit_test(talker__that_the_inventory_has_twice__is_in_it),
		CASE(exempt__of_another_network__blocks_nothing),
		CASE(own__by_the_network),
		CASE(caller__behind_a_firewall__is_who_sent),
	};
	return NF_RUN(tests, argc, argv);
}
