// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/strbuf.h"
#include "store/sightings.h"
#include "tests/store/folder.h"

#define DAY	 ((int64_t)15000)
#define AT(d, s) ((d)*NF_DAY_US + (s)*NF_US_PER_S)

static struct nf_store *opened(const char *folder)
{
	struct nf_store *store = NULL;
	struct nf_error err;

	assert_int_equal(nf_store_open(folder, NF_STORE_WRITE, 1000, &store, &err), NF_OK);
	return store;
}

static struct nf_sighting seen(const char *mac, int64_t day, int64_t second, const char *detail)
{
	return (struct nf_sighting){
		.network = "admin",
		.source = "wire",
		.by = "wire:span10",
		.kind = "mac",
		.value = mac,
		.address = "10.1.0.7",
		.place = "",
		.detail = detail,
		.day = day,
		.hours = 1U << (second / 3600),
		.first_wall_us = AT(day, second),
		.last_wall_us = AT(day, second + 60),
		.until_wall_us = AT(day, second + 600),
		.lent_wall_us = AT(day, second),
		.count = 3,
	};
}

static void put(struct nf_store *store, struct nf_sighting s)
{
	assert_int_equal(nf_sighting_put(store, &s), NF_OK);
}

static void collect(const struct nf_sighting *s, void *arg)
{
	nf_strbuf_printf(arg, "%s d%lld h%x %lld-%lld u%lld n%llu %s; ", s->value,
		(long long)(s->day - DAY), s->hours,
		(long long)((s->first_wall_us - AT(DAY, 0)) / NF_US_PER_S),
		(long long)((s->last_wall_us - AT(DAY, 0)) / NF_US_PER_S),
		(long long)((s->until_wall_us - AT(DAY, 0)) / NF_US_PER_S),
		(unsigned long long)s->count, s->detail);
}

static char *all_days(struct nf_store *store, const struct nf_ledger_filter *f)
{
	struct nf_strbuf got = {0};

	assert_int_equal(nf_sightings(store, f, collect, &got), NF_OK);
	return got.data ? got.data : calloc(1, 1);
}

static char *all_sums(struct nf_store *store, const struct nf_ledger_filter *f)
{
	struct nf_strbuf got = {0};

	assert_int_equal(nf_sighting_sums(store, f, collect, &got), NF_OK);
	return got.data ? got.data : calloc(1, 1);
}

#define ASSERT_TEXT(expression, want)                                                          \
	do {                                                                                   \
		char *text_ = (expression);                                                    \
		assert_string_equal(text_, want);                                              \
		free(text_);                                                                   \
	} while (0)

static void put__whatever_the_order__merges_to_the_same(void **state)
{
	static const int orders[][4] = {
		{0, 1, 2, 3},
		{3, 2, 1, 0},
		{2, 0, 3, 1},
	};

	for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
		char mac[] = "02:00:00:00:00:00";
		const struct nf_ledger_filter one = {.kind = "mac", .value = mac};
		struct nf_store *store = opened(*state);

		mac[16] = (char)('0' + o);
		struct nf_sighting rows[] = {
			seen(mac, DAY, 100, "b"),
			seen(mac, DAY, 7200, "c"),
			seen(mac, DAY, 7200, "a"),
			seen(mac, DAY + 1, 0, "d"),
		};
		for (size_t i = 0; i < 4; i++)
			put(store, rows[orders[o][i]]);
		char want[200];
		snprintf(want, sizeof want,
			"%s d0 h5 100-7260 u87000 n9 d; %s d1 h1 86400-86460 u87000 n3 d; ",
			mac, mac);
		ASSERT_TEXT(all_days(store, &one), want);
		snprintf(want, sizeof want, "%s d1 h0 100-86460 u87000 n12 d; ", mac);
		ASSERT_TEXT(all_sums(store, &one), want);
		nf_store_close(store);
	}
}

/* A DHCP server whose administrator has shortened its leases; a message without a lease ends none. */
static void put__a_lease_lent_later__ends_earlier(void **state)
{
	static const int orders[][3] = {
		{0, 1, 2},
		{2, 1, 0},
		{1, 2, 0},
	};

	for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
		char mac[] = "02:00:00:00:00:00";
		const struct nf_ledger_filter one = {.kind = "mac", .value = mac};
		struct nf_store *store = opened(*state);

		mac[16] = (char)('0' + o);
		struct nf_sighting rows[] = {seen(mac, DAY, 0, ""), seen(mac, DAY, 100, ""),
			seen(mac, DAY, 200, "")};
		rows[0].until_wall_us = AT(DAY, 900000);
		rows[2].until_wall_us = rows[2].lent_wall_us = 0;
		for (size_t i = 0; i < 3; i++)
			put(store, rows[orders[o][i]]);
		char want[200];
		snprintf(want, sizeof want, "%s d0 h0 0-260 u700 n9 ; ", mac);
		ASSERT_TEXT(all_sums(store, &one), want);
		nf_store_close(store);
	}
}

static void put__what_names_nothing__is_refused(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_sighting s = seen("", DAY, 0, "");

	assert_int_equal(nf_sighting_put(store, &s), NF_EINVAL);
	s = seen("02:00:00:00:00:01", DAY, 0, "");
	s.last_wall_us = s.first_wall_us - 1;
	assert_int_equal(nf_sighting_put(store, &s), NF_EINVAL);
	s = seen("02:00:00:00:00:01", -1, 0, "");
	assert_int_equal(nf_sighting_put(store, &s), NF_EINVAL);
	nf_store_close(store);
}

static void filter__by_network_and_days(void **state)
{
	struct nf_store *store = opened(*state);
	const struct nf_ledger_filter days = {.since_day = DAY + 1, .until_day = DAY + 1};
	const struct nf_ledger_filter other = {.network = "jakgym"};

	put(store, seen("02:00:00:00:00:01", DAY, 0, ""));
	put(store, seen("02:00:00:00:00:02", DAY + 1, 0, ""));
	put(store, seen("02:00:00:00:00:03", DAY + 2, 0, ""));
	ASSERT_TEXT(all_days(store, &days), "02:00:00:00:00:02 d1 h1 86400-86460 u87000 n3 ; ");
	ASSERT_TEXT(all_sums(store, &days), "02:00:00:00:00:02 d1 h0 86400-86460 u87000 n3 ; ");
	ASSERT_TEXT(all_days(store, &other), "");
	nf_store_close(store);
}

static void collect_caller(const struct nf_caller *c, void *arg)
{
	nf_strbuf_printf(arg, "%s>%s %s h%x n%llu; ", c->from_address, c->to_address, c->how,
		c->hours, (unsigned long long)c->count);
}

static void caller(struct nf_store *store, const char *mac, int64_t second)
{
	struct nf_caller c = {"admin", "wire:span10", mac, "10.1.0.9", "10.1.0.7", "tcp:445",
		DAY, 1U << (second / 3600), AT(DAY, second), AT(DAY, second), 2};

	assert_int_equal(nf_caller_put(store, &c), NF_OK);
}

static void callers__merge_and_are_found_by_target(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};

	caller(store, "02:00:00:00:00:01", 5000);
	caller(store, "02:00:00:00:00:01", 10);
	assert_int_equal(nf_callers(store, &(struct nf_ledger_filter){.value = "10.1.0.7"},
				 collect_caller, &got),
		NF_OK);
	assert_int_equal(nf_caller_sums(store, &(struct nf_ledger_filter){.network = "admin"},
				 collect_caller, &got),
		NF_OK);
	assert_string_equal(
		got.data, "10.1.0.9>10.1.0.7 tcp:445 h3 n4; 10.1.0.9>10.1.0.7 tcp:445 h0 n4; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void collect_coverage(const struct nf_coverage *c, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld %llx %u f%llu d%llu c%u/%u; ", c->sensor,
		(long long)c->hour, (unsigned long long)c->minutes, c->seconds,
		(unsigned long long)c->frames, (unsigned long long)c->drops, c->canaries_seen,
		c->canaries_sent);
}

static void coverage__sums_up_to_an_hour(void **state)
{
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};
	struct nf_coverage c = {"admin", "wire:span10", DAY * 24, 0x3, 3000, 5, 1, 2, 1};

	assert_int_equal(nf_coverage_put(store, &c), NF_OK);
	c.minutes = 0x6;
	assert_int_equal(nf_coverage_put(store, &c), NF_OK);
	c.hour++;
	c.minutes = UINT64_MAX;
	c.seconds = UINT32_MAX;
	assert_int_equal(nf_coverage_put(store, &c), NF_OK);
	assert_int_equal(nf_coverages(store, "admin", 0, collect_coverage, &got), NF_OK);
	assert_string_equal(got.data, "wire:span10 360000 7 3600 f10 d2 c2/4; "
				      "wire:span10 360001 fffffffffffffff 3600 f5 d1 c1/2; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void hear(struct nf_store *store, const char *network, const char *sensor, int64_t hour,
	uint64_t frames)
{
	assert_int_equal(nf_coverage_put(store, &(struct nf_coverage){network, sensor, hour, 1,
							.frames = frames}),
		NF_OK);
}

/* By age or because it is settled: what a wire last heard stays, and what is settled. */
static void coverage__forgotten__but_for_what_was_heard_last(void **state)
{
	static const char *const networks[] = {"admin", "jakgym"};
	struct nf_store *store = opened(*state);
	uint64_t removed;

	NF_ROWS(i, networks)
	{
		struct nf_strbuf got = {0};

		hear(store, networks[i], NF_COVERAGE_SETTLED, 22, 0);
		for (int64_t hour = 20; hour < 25; hour++)
			hear(store, networks[i], "wire:a", hour, hour < 22 ? 7 : 0);
		hear(store, networks[i], "wire:b", 22, 7);
		hear(store, networks[i], "wire:b", 25, 7);
		if (i == 0) {
			nf_sightings_purge(store, 1, NULL, 0, &removed);
		} else {
			nf_coverage_forget(store, networks[i], "wire:a", 24);
			nf_coverage_forget(store, networks[i], "wire:b", 24);
		}
		nf_coverages(store, networks[i], 0, collect_coverage, &got);
		assert_string_equal(got.data, " 22 1 0 f0 d0 c0/0; wire:a 21 1 0 f7 d0 c0/0; "
					      "wire:a 24 1 0 f0 d0 c0/0; "
					      "wire:b 25 1 0 f7 d0 c0/0; ");
		nf_strbuf_free(&got);
	}
	nf_store_close(store);
}

/* What stood there before minutes were kept. */
static void coverage__of_version_3__only_what_was_whole_counts(void **state)
{
	static const char before[] =
		"ALTER TABLE coverage DROP COLUMN minutes; ALTER TABLE seen DROP COLUMN lent_us; "
		"ALTER TABLE event DROP COLUMN data; ALTER TABLE seen DROP COLUMN spared; "
		"PRAGMA user_version = 3;"
		"INSERT INTO coverage (network, sensor, hour, seconds, frames, drops, "
		"canaries_sent, canaries_seen) VALUES ('admin', 'wire:a', 1, 3600, 900, 0, 12, 6),"
		"('admin', 'wire:a', 2, 3599, 1, 0, 0, 0), ('admin', 'wire:a', 3, 3598, 1, 0, 0, 0),"
		"('admin', 'wire:a', 4, 3600, 0, 0, 0, 0), ('admin', 'wire:a', 5, 3600, 900, 1, 0, 0),"
		"('admin', 'wire:a', 6, 3600, 900, 0, 12, 5)";
	struct nf_strbuf file = {0}, got = {0};
	sqlite3 *raw = NULL;

	nf_store_close(opened(*state));
	nf_strbuf_printf(&file, "%s/state.db", (const char *)*state);
	assert_int_equal(sqlite3_open(file.data, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, before, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
	struct nf_store *store = opened(*state);
	assert_int_equal(nf_coverages(store, "admin", 0, collect_coverage, &got), NF_OK);
	assert_string_equal(got.data,
		"wire:a 1 fffffffffffffff 3600 f900 d0 c6/12; "
		"wire:a 2 fffffffffffffff 3599 f1 d0 c0/0; "
		"wire:a 3 0 3598 f1 d0 c0/0; wire:a 4 0 3600 f0 d0 c0/0; "
		"wire:a 5 0 3600 f900 d1 c0/0; wire:a 6 0 3600 f900 d0 c5/12; ");
	nf_strbuf_free(&got);
	nf_strbuf_free(&file);
	nf_store_close(store);
}

static void purge__by_age__clips_the_sums(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct nf_store *store = opened(*state);
	uint64_t removed;

	put(store, seen("02:00:00:00:00:01", DAY, 0, ""));
	put(store, seen("02:00:00:00:00:01", DAY + 2, 0, ""));
	put(store, seen("02:00:00:00:00:02", DAY, 0, ""));
	caller(store, "02:00:00:00:00:01", 0);
	assert_int_equal(nf_sightings_purge(store, DAY + 1, NULL, 0, &removed), NF_OK);
	assert_int_equal(removed, 3);
	ASSERT_TEXT(
		all_days(store, &any), "02:00:00:00:00:01 d2 h1 172800-172860 u173400 n3 ; ");
	ASSERT_TEXT(
		all_sums(store, &any), "02:00:00:00:00:01 d2 h0 172800-172860 u173400 n6 ; ");
	nf_store_close(store);
}

static bool is_first(const struct nf_sighting *sum, void *arg)
{
	return strcmp(sum->value, arg) == 0;
}

/* Of what is spared the first and the last day stay; but not from who names its MAC. */
static void purge__by_age__leaves_what_is_spared(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct nf_store *store = opened(*state);
	char mac[] = "02:00:00:00:00:01", other[] = "02:00:00:00:00:02";
	uint64_t removed, rest;

	for (int64_t day = 0; day < 4; day++) {
		put(store, seen(mac, DAY + day, 3600, ""));
		put(store, seen(other, DAY + day, 0, ""));
	}
	assert_int_equal(nf_sightings_spare(store, is_first, other), NF_OK);
	assert_int_equal(nf_sightings_spare(store, is_first, mac), NF_OK);
	assert_int_equal(nf_sightings_purge(store, DAY + 3, NULL, 0, &removed), NF_OK);
	assert_int_equal(removed, 5);
	ASSERT_TEXT(all_sums(store, &any),
		"02:00:00:00:00:01 d3 h0 3600-262860 u263400 n12 ; "
		"02:00:00:00:00:02 d3 h0 259200-259260 u259800 n12 ; ");
	assert_int_equal(nf_ledger_old(store, DAY + 9, &removed, &rest), NF_OK);
	assert_int_equal(removed, 1);
	assert_int_equal(nf_sightings_purge(store, DAY + 9, NULL, 0, &removed), NF_OK);
	assert_int_equal(removed, 1);
	ASSERT_TEXT(
		all_sums(store, &any), "02:00:00:00:00:01 d3 h0 3600-262860 u263400 n12 ; ");
	ASSERT_TEXT(all_days(store, &any),
		"02:00:00:00:00:01 d0 h2 3600-3660 u263400 n3 ; "
		"02:00:00:00:00:01 d3 h2 262800-262860 u263400 n3 ; ");
	assert_int_equal(nf_ledger_old(store, DAY + 9, &removed, &rest), NF_OK);
	assert_int_equal(removed, 0);
	assert_int_equal(nf_sightings_purge(store, 0, mac, 0, &removed), NF_OK);
	ASSERT_TEXT(all_sums(store, &any), "");
	nf_store_close(store);
}

static void purge__by_mac__forgets_only_that_one(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct nf_store *store = opened(*state);
	struct nf_strbuf got = {0};
	uint64_t removed;

	put(store, seen("02:00:00:00:00:01", DAY, 0, ""));
	put(store, seen("02:00:00:00:00:02", DAY, 0, ""));
	caller(store, "02:00:00:00:00:01", 0);
	caller(store, "02:00:00:00:00:02", 0);
	assert_int_equal(nf_sightings_purge(store, 0, "02:00:00:00:00:01", 0, &removed), NF_OK);
	assert_int_equal(removed, 2);
	ASSERT_TEXT(all_sums(store, &any), "02:00:00:00:00:02 d0 h0 0-60 u600 n3 ; ");
	assert_int_equal(nf_caller_sums(store, &any, collect_caller, &got), NF_OK);
	assert_string_equal(got.data, "10.1.0.9>10.1.0.7 tcp:445 h0 n2; ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static struct nf_sighting said(
	const char *kind, const char *text, const char *of, int64_t day, int64_t second)
{
	struct nf_sighting s = seen(text, day, second, of);

	s.kind = kind;
	s.source = "dhcp";
	return s;
}

static void purge__by_mac__forgets_what_it_said_of_itself(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct nf_store *store = opened(*state);
	uint64_t removed;

	put(store, said("name", "anna-laptop", "of 02:00:00:00:00:01", DAY, 0));
	put(store, said("name", "anna-laptop", "of 02:00:00:00:00:01", DAY + 2, 0));
	put(store, said("serial", "S1", "of 02:00:00:00:00:01", DAY, 0));
	put(store, said("name", "ben-laptop", "of 02:00:00:00:00:02", DAY, 0));
	put(store, said("serial", "S2", "", DAY, 0));
	/* of several that said it, it is the last one's */
	put(store, said("name", "dock", "of 02:00:00:00:00:01", DAY, 0));
	put(store, said("name", "dock", "of 02:00:00:00:00:02", DAY, 100));
	put(store, said("hostkey", "k", "of 02:00:00:00:00:01", DAY, 0));
	assert_int_equal(
		nf_sightings_purge(store, DAY + 1, "02:00:00:00:00:01", 0, &removed), NF_OK);
	assert_int_equal(removed, 2);
	ASSERT_TEXT(all_sums(store, &(struct nf_ledger_filter){.kind = "name"}),
		"anna-laptop d2 h0 172800-172860 u173400 n6 of 02:00:00:00:00:01; "
		"ben-laptop d0 h0 0-60 u600 n3 of 02:00:00:00:00:02; "
		"dock d0 h0 0-160 u700 n6 of 02:00:00:00:00:02; ");
	assert_int_equal(nf_sightings_purge(store, 0, "02:00:00:00:00:01", 0, &removed), NF_OK);
	assert_int_equal(removed, 1);
	ASSERT_TEXT(all_sums(store, &any),
		"ben-laptop d0 h0 0-60 u600 n3 of 02:00:00:00:00:02; S2 d0 h0 0-60 u600 n3 ; "
		"dock d0 h0 0-160 u700 n6 of 02:00:00:00:00:02; "
		"k d0 h0 0-60 u600 n3 of 02:00:00:00:00:01; ");
	nf_store_close(store);
}

static void purge__in_steps__stops_and_goes_on(void **state)
{
	struct nf_store *store = opened(*state);
	uint64_t removed, again;

	assert_int_equal(nf_store_begin(store), NF_OK);
	for (unsigned i = 0; i < 5000; i++) {
		char mac[18];
		snprintf(mac, sizeof mac, "02:00:00:00:%02x:%02x", i >> 8, i & 255);
		put(store, seen(mac, DAY, 0, ""));
	}
	assert_int_equal(nf_store_commit(store), NF_OK);
	assert_int_equal(nf_sightings_purge(store, DAY + 1, NULL, 1, &removed), NF_OK);
	assert_true(removed > 0 && removed < 5000);
	assert_int_equal(nf_sightings_purge(store, DAY + 1, NULL, 0, &again), NF_OK);
	assert_int_equal(removed + again, 5000);
	ASSERT_TEXT(all_sums(store, &(struct nf_ledger_filter){0}), "");
	nf_store_close(store);
}

static void future__is_taken_back(void **state)
{
	const struct nf_ledger_filter any = {0};
	struct nf_store *store = opened(*state);

	put(store, seen("02:00:00:00:00:01", DAY, 0, ""));
	put(store, seen("02:00:00:00:00:01", DAY + 9000, 0, ""));
	put(store, seen("02:00:00:00:00:02", DAY + 9000, 0, ""));
	assert_int_equal(nf_ledger_forget_ahead(store, AT(DAY + 1, 0)), NF_OK);
	ASSERT_TEXT(all_days(store, &any), "02:00:00:00:00:01 d0 h1 0-60 u660 n3 ; ");
	ASSERT_TEXT(all_sums(store, &any), "02:00:00:00:00:01 d0 h0 0-60 u660 n6 ; ");
	nf_store_close(store);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(put__whatever_the_order__merges_to_the_same),
		CASE(put__a_lease_lent_later__ends_earlier),
		CASE(put__what_names_nothing__is_refused),
		CASE(filter__by_network_and_days),
		CASE(callers__merge_and_are_found_by_target),
		CASE(coverage__sums_up_to_an_hour),
		CASE(coverage__forgotten__but_for_what_was_heard_last),
		CASE(coverage__of_version_3__only_what_was_whole_counts),
		CASE(purge__by_age__clips_the_sums),
		CASE(purge__by_age__leaves_what_is_spared),
		CASE(purge__by_mac__forgets_only_that_one),
		CASE(purge__by_mac__forgets_what_it_said_of_itself),
		CASE(future__is_taken_back),
		CASE(purge__in_steps__stops_and_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
