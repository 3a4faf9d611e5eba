// SPDX-License-Identifier: GPL-3.0-or-later
/* The ledger's sightings of one network, joined to a row a thing. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/witness.h"
#include "store/sightings.h"
#include "tests/store/folder.h"

#define DAY	  INT64_C(20000)
#define NOW	  (DAY * NF_DAY_US + 12 * NF_HOUR_US)
#define AGO(days) (NOW - (days)*NF_DAY_US)

static const struct nf_sighting ledger[] = {
	/* One machine by three witnesses: its newest place counts. */
	{.source = "arp",
		.by = "rtr",
		.kind = "mac",
		.value = "00:1b:21:00:00:01",
		.address = "10.1.0.7",
		.place = "",
		.last_wall_us = AGO(1) },
	{.source = "fdb",
		.by = "sw-1",
		.kind = "mac",
		.value = "00:1b:21:00:00:01",
		.address = "",
		.place = "sw-1 Gi0/3",
		.last_wall_us = AGO(2) },
	{.source = "fdb",
		.by = "sw-2",
		.kind = "mac",
		.value = "00:1b:21:00:00:01",
		.address = "",
		.place = "sw-2 Gi0/9",
		.last_wall_us = NOW	   },
	{.source = "dhcp",
		.by = "wire:span",
		.kind = "name",
		.value = "LARARE-12.skola.se",
		.address = "10.1.0.7",
		.place = "",
		.last_wall_us = AGO(3) },
 /* An address that went to another machine: the newest holder counts. */
	{.source = "wire",
		.by = "wire:span",
		.kind = "mac",
		.value = "00:1b:21:00:00:02",
		.address = "10.1.0.8",
		.place = "",
		.last_wall_us = AGO(5) },
	{.source = "wire",
		.by = "wire:span",
		.kind = "mac",
		.value = "00:1b:21:00:00:03",
		.address = "10.1.0.8",
		.place = "",
		.last_wall_us = AGO(1) },
 /* A machine without an address, and a virtual router, which is none. */
	{.source = "fdb",
		.by = "sw-1",
		.kind = "mac",
		.value = "00:1b:21:00:00:04",
		.address = "",
		.place = "sw-1 Gi0/4",
		.last_wall_us = AGO(1) },
	{.source = "fdb",
		.by = "sw-1",
		.kind = "mac",
		.value = "00:00:5e:00:01:0a",
		.address = "",
		.place = "",
		.last_wall_us = NOW	   },
 /* A switch tells the MACs of all its ports with its one address; neighbours see one of them. */
	{.source = "arp",
		.by = "rtr",
		.kind = "mac",
		.value = "00:1b:21:00:02:00",
		.address = "10.1.0.20",
		.place = "",
		.last_wall_us = AGO(1) },
	{.source = "snmp",
		.by = "sw-2",
		.kind = "mac",
		.value = "00:1b:21:00:02:07",
		.address = "10.1.0.20",
		.place = "",
		.last_wall_us = NOW	   },
	{.source = "lldp",
		.by = "sw-1",
		.kind = "mac",
		.value = "00:1b:21:00:02:07",
		.address = "",
		.place = "sw-1 Gi0/5",
		.last_wall_us = NOW	   },
 /* Too long ago. */
	{.source = "arp",
		.by = "rtr",
		.kind = "mac",
		.value = "00:1b:21:00:00:09",
		.address = "10.1.0.9",
		.place = "",
		.last_wall_us = AGO(30)},
};

static void fill(const char *folder)
{
	struct nf_store *store = NULL;
	assert_int_equal(nf_store_open(folder, NF_STORE_WRITE, 5000, &store, NULL), NF_OK);
	NF_ROWS(i, ledger)
	{
		struct nf_sighting s = ledger[i];
		s.network = "a";
		s.detail = "";
		s.day = s.last_wall_us / NF_DAY_US;
		s.hours = 1;
		s.first_wall_us = s.last_wall_us;
		s.count = 1;
		assert_int_equal(nf_sighting_put(store, &s), NF_OK);
	}
	nf_store_close(store);
}

static void witnesses__of_a_ledger__one_a_thing(void **state)
{
	struct nf_witnesses w;
	struct nf_strbuf got = {0};
	struct nf_addr address;
	struct nf_mac mac;
	char text[NF_ADDR_TEXT_MAX], mac_text[NF_MAC_TEXT_MAX];
	fill(*state);
	assert_int_equal(nf_witnesses_load(*state, "a", AGO(7), &w, NULL), NF_OK);
	for (size_t i = 0; i < w.len; i++)
		nf_strbuf_printf(&got, "%s|%s|%s|%s|%s\n",
			w.items[i].address.family != 0
				? nf_addr_format(&w.items[i].address, text)
				: "",
			nf_mac_format(&w.items[i].mac, mac_text), w.items[i].name,
			w.items[i].place, w.items[i].seen);
	assert_string_equal(got.data,
		"10.1.0.7|00:1b:21:00:00:01|LARARE-12|sw-2 Gi0/9|arp dhcp fdb\n"
		"10.1.0.8|00:1b:21:00:00:03|||wire\n"
		"10.1.0.20|00:1b:21:00:02:00|||arp snmp\n"
		"|00:1b:21:00:00:04||sw-1 Gi0/4|fdb\n");
	nf_addr_parse("10.1.0.8", &address);
	assert_ptr_equal(nf_witness_at(&w, &address), &w.items[1]);
	nf_addr_parse("10.1.0.9", &address);
	assert_null(nf_witness_at(&w, &address));
	nf_mac_parse("00:1b:21:00:00:04", &mac);
	assert_ptr_equal(nf_witness_with(&w, &mac), &w.items[3]);
	nf_strbuf_free(&got);
	nf_witnesses_free(&w);
}

static void witnesses__before_the_first_run__none(void **state)
{
	struct nf_witnesses w;
	struct nf_addr address;
	assert_int_equal(nf_witnesses_load(*state, "a", 0, &w, NULL), NF_OK);
	nf_addr_parse("10.1.0.8", &address);
	assert_null(nf_witness_at(&w, &address));
	nf_witnesses_free(&w);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(witnesses__of_a_ledger__one_a_thing),
		CASE(witnesses__before_the_first_run__none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
