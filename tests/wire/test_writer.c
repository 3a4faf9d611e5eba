// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "collector/wire/writer.h"
#include "store/sightings.h"
#include "tests/store/folder.h"

#define DAY  (86400 * NF_US_PER_S)
#define HOUR (3600 * NF_US_PER_S)
#define BASE (20000 * DAY)

struct world {
	struct nf_store *store;
	struct nf_seen_table *table;
	struct nf_writer_wire wire;
	struct nf_writer writer;
};

static void begin(struct world *w, const char *folder)
{
	struct nf_error err;

	*w = (struct world){0};
	assert_int_equal(nf_store_open(folder, NF_STORE_WRITE, 50, &w->store, &err), NF_OK);
	w->table = nf_seen_new(10000);
	w->wire = (struct nf_writer_wire){
		.network = "old", .by = (char *)(uintptr_t) "wire:span0"};
	w->writer = (struct nf_writer){
		.store = w->store, .table = w->table, .wires = &w->wire, .wires_len = 1};
}

static void end(struct world *w)
{
	nf_seen_free(w->table);
	nf_store_close(w->store);
}

static void put_sighting(const struct nf_sighting *s, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %s %s %s|%s|%s|%s|%llu|%lld\n", s->network, s->by,
		s->source, s->kind, s->value, s->address, s->place, s->detail,
		(unsigned long long)s->count,
		(long long)(s->until_wall_us ? s->until_wall_us - BASE : 0));
}

static void put_caller(const struct nf_caller *c, void *arg)
{
	nf_strbuf_printf(arg, "%s %s|%s > %s %s %llu\n", c->by, c->from_mac, c->from_address,
		c->to_address, c->how, (unsigned long long)c->count);
}

static void put_coverage(const struct nf_coverage *c, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %lld %llx %u %llu %llu %u/%u\n", c->network, c->sensor,
		(long long)c->hour, (unsigned long long)c->minutes, c->seconds,
		(unsigned long long)c->frames, (unsigned long long)c->drops, c->canaries_seen,
		c->canaries_sent);
}

static void writer__each_kind__in_the_ledgers_words(void **state)
{
	struct world w;
	struct nf_strbuf got = {0};
	struct nf_note mac = {
		.key = {.what = NF_NOTE_MAC, .source = NF_NOTE_DHCP, .vlans = {12}},
		.detail = "vendor MSFT 5.0",
		.lease_s = 60
	     };
	struct nf_note name = {
		.key = {.what = NF_NOTE_NAME, .source = NF_NOTE_MDNS, .vlans = {100, 12}},
		.text = "kopiator"
	  };
	struct nf_note routed = {.key = {.what = NF_NOTE_ADDRESS}};
	struct nf_note tcp = {
		.key = {.what = NF_NOTE_CALL, .how = NF_HOW_TCP, .port = 445}
	     };
	struct nf_note other = {
		.key = {.what = NF_NOTE_CALL, .how = NF_HOW_OTHER, .port = 47}
	      };

	begin(&w, *state);
	nf_mac_parse("02:00:00:00:00:09", &mac.key.mac);
	nf_addr_parse("10.1.0.9", &mac.key.address);
	name.key.mac = mac.key.mac;
	routed.key.address = name.key.address = tcp.key.address = other.key.address =
		mac.key.address;
	nf_addr_parse("10.1.0.5", &tcp.key.to);
	other.key.to = tcp.key.to;
	tcp.key.mac = mac.key.mac;
	nf_seen_add(w.table, 0, &mac, BASE, 0);
	nf_seen_add(w.table, 0, &name, BASE, 0);
	nf_seen_add(w.table, 0, &routed, BASE, 0);
	nf_seen_add(w.table, 0, &tcp, BASE, 0);
	nf_seen_add(w.table, 0, &other, BASE, 0);
	nf_cover_add(&w.wire.cover, BASE,
		&(struct nf_cover_hour){.running_us = 2 * NF_US_PER_S,
			.minutes = 0x21,
			.frames = 5,
			.canaries_sent = 2,
			.canaries_seen = 1});
	nf_writer_begin(&w.writer, BASE + HOUR);
	assert_int_equal(nf_writer_slice(&w.writer), NF_OK);
	assert_false(w.writer.under_way);
	nf_sightings(w.store, &(struct nf_ledger_filter){0}, put_sighting, &got);
	assert_non_null(strstr(got.data,
		"old wire:span0 dhcp mac 02:00:00:00:00:09|10.1.0.9|vlan 12|vendor MSFT 5.0|1|60000000\n"));
	assert_non_null(strstr(got.data,
		"mdns name kopiator|10.1.0.9|vlan 100.12|of 02:00:00:00:00:09|1|0\n"));
	assert_non_null(strstr(got.data, "wire address 10.1.0.9||||1|0\n"));
	nf_strbuf_clear(&got);
	nf_callers(w.store, &(struct nf_ledger_filter){0}, put_caller, &got);
	assert_non_null(strstr(
		got.data, "wire:span0 02:00:00:00:00:09|10.1.0.9 > 10.1.0.5 tcp:445 1\n"));
	assert_non_null(strstr(got.data, "wire:span0 |10.1.0.9 > 10.1.0.5 other:47 1\n"));
	nf_strbuf_clear(&got);
	nf_coverages(w.store, NULL, 0, put_coverage, &got);
	assert_string_equal(got.data, "old wire:span0 480000 21 2 5 0 1/2\n");
	nf_strbuf_free(&got);
	end(&w);
}

static void add_many(struct world *w, uint32_t from, uint32_t count)
{
	for (uint32_t i = from; i < from + count; i++) {
		struct nf_note note = {.key.what = NF_NOTE_MAC};

		note.key.mac.bytes[0] = 2;
		memcpy(note.key.mac.bytes + 2, &i, sizeof i);
		nf_seen_add(w->table, 0, &note, BASE, 0);
	}
}

static size_t count_covers(struct world *w)
{
	struct nf_strbuf got = {0};

	nf_coverages(w->store, NULL, 0, put_coverage, &got);
	size_t len = got.len;

	nf_strbuf_free(&got);
	return len;
}

/* Covered is what was seen and stored, in this order: a program killed between two slices has claimed nothing. */
static void writer__a_long_batch__covers_last(void **state)
{
	struct world w;

	begin(&w, *state);
	add_many(&w, 0, 2500);
	nf_cover_add(&w.wire.cover, BASE, &(struct nf_cover_hour){.running_us = NF_US_PER_S});
	nf_writer_begin(&w.writer, BASE);
	/* What comes meanwhile belongs to the next batch. */
	add_many(&w, 4000, 10);
	for (int slice = 0; slice < 5; slice++) {
		assert_int_equal(count_covers(&w), 0);
		assert_true(w.writer.under_way);
		assert_int_equal(nf_writer_slice(&w.writer), NF_OK);
	}
	assert_false(w.writer.under_way);
	assert_int_not_equal(count_covers(&w), 0);
	assert_int_equal(nf_seen_stats(w.table).owed, 10);
	end(&w);
}

static void writer__a_busy_store__keeps_all(void **state)
{
	struct world w;
	struct nf_store *other;
	struct nf_error err;

	begin(&w, *state);
	assert_int_equal(nf_store_open(*state, NF_STORE_WRITE, 50, &other, &err), NF_OK);
	add_many(&w, 0, 10);
	nf_writer_begin(&w.writer, BASE);
	assert_int_equal(nf_store_begin(other), NF_OK);
	assert_int_equal(nf_writer_slice(&w.writer), NF_EBUSY);
	add_many(&w, 0, 10);
	assert_int_equal(nf_seen_stats(w.table).owed, 10);
	nf_store_rollback(other);
	assert_int_equal(nf_writer_slice(&w.writer), NF_OK);
	assert_int_equal(w.writer.rows, 10);
	assert_int_equal(w.writer.failures, 1);
	struct nf_strbuf got = {0};

	nf_sightings(w.store, &(struct nf_ledger_filter){0}, put_sighting, &got);
	assert_non_null(strstr(got.data, "||||2|0\n"));
	assert_null(strstr(got.data, "||||1|0\n"));
	nf_strbuf_free(&got);
	nf_store_close(other);
	end(&w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writer__each_kind__in_the_ledgers_words,
			test_folder_make, test_folder_remove),
		cmocka_unit_test_setup_teardown(writer__a_long_batch__covers_last,
			test_folder_make, test_folder_remove),
		cmocka_unit_test_setup_teardown(
			writer__a_busy_store__keeps_all, test_folder_make, test_folder_remove),
	};

	return NF_RUN(tests, argc, argv);
}
