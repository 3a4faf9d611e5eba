// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "store/store.h"
#include "tests/store/folder.h"

static struct nf_store *opened(const char *folder, enum nf_store_mode mode)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	assert_int_equal(nf_store_open(folder, mode, 1000, &store, &err), NF_OK);
	return store;
}

static const struct nf_check_row ping = {
	.network = "admin",
	.device = "sw-1",
	.check = "ping",
	.program = "netfold-ping",
	.state = NF_STATE_CRITICAL,
	.since_wall_us = 1000,
	.soft = NF_STATE_OK,
	.soft_count = 2,
	.soft_since_wall_us = 2000,
	.flap_history = 0x1fffff,
	.flapping = true,
	.output = "no answer to 3 echoes; '); DROP TABLE event; --",
	.cause = "router-1",
	.interval_us = 30000000,
};

static void collect_check(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	nf_strbuf_printf(arg,
		"%s/%s/%s %s %s %lld %s %u %lld %x %d '%s' '%s' %lld asked %lld\n",
		row->network, row->device, row->check, row->program, nf_state_text(row->state),
		(long long)row->since_wall_us, nf_state_text(row->soft), row->soft_count,
		(long long)row->soft_since_wall_us, row->flap_history, row->flapping,
		row->output, row->cause, (long long)row->interval_us, (long long)asked_wall_us);
}

static void check__put_and_read__every_field_comes_back(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	struct nf_check_row first = ping;
	first.state = NF_STATE_OK;
	first.output = "old";
	assert_int_equal(nf_store_check_put(store, &first), NF_OK);
	assert_int_equal(nf_store_check_put(store, &ping), NF_OK);
	assert_int_equal(nf_store_asked_put(store, "netfold-ping", "admin", "sw-1", 77), NF_OK);
	struct nf_strbuf got = {0};
	assert_int_equal(nf_store_checks(store, NULL, collect_check, &got), NF_OK);
	assert_string_equal(got.data,
		"admin/sw-1/ping netfold-ping critical 1000 ok 2 2000 1fffff 1 "
		"'no answer to 3 echoes; '); DROP TABLE event; --' 'router-1' 30000000 asked 77\n");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void put_check(
	struct nf_store *store, const char *device, const char *check, const char *program)
{
	struct nf_check_row row = ping;
	row.device = device;
	row.check = check;
	row.program = program;
	assert_int_equal(nf_store_check_put(store, &row), NF_OK);
}

static void collect_name(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)asked_wall_us;
	nf_strbuf_printf(arg, "%s/%s ", row->device, row->check);
}

static void checks__by_program_and_name__ordered_and_complete(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	put_check(store, "b", "ping", "p");
	put_check(store, "a", "snmp", "s");
	put_check(store, "a", "ping", "p");
	put_check(store, "c", "ping", "p");
	assert_int_equal(nf_store_check_drop(store, "admin", "c", "ping"), NF_OK);
	struct nf_strbuf got = {0};
	assert_int_equal(nf_store_checks(store, NULL, collect_name, &got), NF_OK);
	assert_string_equal(got.data, "a/ping a/snmp b/ping ");
	nf_strbuf_clear(&got);
	assert_int_equal(nf_store_checks(store, "s", collect_name, &got), NF_OK);
	assert_string_equal(got.data, "a/snmp ");
	nf_strbuf_clear(&got);
	assert_int_equal(nf_store_checks_named(store, "ping", collect_name, &got), NF_OK);
	assert_string_equal(got.data, "a/ping b/ping ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static int64_t add_event(struct nf_store *store, const char *device, int64_t at_us)
{
	struct nf_event event = {.at_wall_us = at_us,
		.network = "admin",
		.device = device,
		.check = "ping",
		.kind = "state",
		.before = NF_STATE_OK,
		.after = NF_STATE_UNREACHABLE,
		.output = "silent",
		.held = true};
	int64_t id = 0;
	assert_int_equal(nf_store_event_add(store, &event, &id), NF_OK);
	return id;
}

struct collected {
	struct nf_strbuf text;
	int64_t before_first; /* id */
};

static void collect_event(const struct nf_event *e, void *arg)
{
	struct collected *c = arg;
	nf_strbuf_printf(&c->text, "%lld:%s ", (long long)(e->id - c->before_first), e->device);
	if (strcmp(e->output, "silent") != 0 || e->after != NF_STATE_UNREACHABLE || !e->held ||
		e->cause[0] != '\0' || strcmp(e->kind, "state") != 0)
		nf_strbuf_puts(&c->text, "WRONG ");
}

static void events__filters__what_was_asked(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	int64_t before_first = add_event(store, "a", 10) - 1;
	assert_true(before_first > INT64_C(1000000000000));
	add_event(store, "b", 20);
	add_event(store, "a", 30);
	add_event(store, "b", 40);
	static const struct {
		const char *name;
		struct nf_event_filter filter;
		const char *want;
	} rows[] = {
		{"all",			{0},						"1:a 2:b 3:a 4:b "},
		{"after id",	     {.after_id = 2},				      "3:a 4:b "	},
		{"since",		  {.since_wall_us = 20},				 "2:b 3:a 4:b "    },
		{"device",		   {.device = "b"},				    "2:b 4:b "	      },
		{"device, newest, one", {.device = "b", .limit = 1, .newest_first = true},
			"4:b "										       },
		{"newest two",	       {.limit = 2, .newest_first = true},		   "4:b 3:a "	     },
		{"other network",	  {.network = "jakgym"},				 ""		   },
		{"network and device",  {.network = "admin", .device = "a", .after_id = 1},
			"3:a "										       },
	};
	NF_ROWS(i, rows)
	{
		struct collected got = {.before_first = before_first};
		struct nf_event_filter filter = rows[i].filter;
		if (filter.after_id != 0)
			filter.after_id += before_first;
		nf_strbuf_puts(&got.text, "");
		assert_int_equal(nf_store_events(store, &filter, collect_event, &got), NF_OK);
		if (strcmp(got.text.data, rows[i].want) != 0)
			fail_msg("%s: got %s", rows[i].name, got.text.data);
		nf_strbuf_free(&got.text);
	}
	nf_store_close(store);
}

static void events_trim__steps__from_the_oldest(void **state)
{
	static const struct {
		int64_t before_wall_us, before, step; /* before: id */
		const char *want;
	} rows[] = {
		{20, 9, 10, "2:a 3:a 4:a 5:a 6:a "},
		{50, 9, 2,  "4:a 5:a 6:a "	 },
		{50, 5, 10, "5:a 6:a "	      },
		{99, 6, 10, "6:a "		  },
		{99, 6, 10, "6:a "		  },
	};
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	int64_t before_first = add_event(store, "a", 10) - 1;
	for (int i = 2; i <= 6; i++)
		add_event(store, "a", 10 * i);
	NF_ROWS(i, rows)
	{
		struct collected got = {.before_first = before_first};
		assert_int_equal(nf_store_events_trim(store, rows[i].before_wall_us,
					 before_first + rows[i].before, rows[i].step),
			NF_OK);
		assert_int_equal(nf_store_events(store, &(struct nf_event_filter){0},
					 collect_event, &got),
			NF_OK);
		assert_string_equal(got.text.data, rows[i].want);
		nf_strbuf_free(&got.text);
	}
	nf_store_close(store);
}

static void transaction__rolled_back__nothing_stays(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	assert_int_equal(nf_store_begin(store), NF_OK);
	put_check(store, "a", "ping", "p");
	add_event(store, "a", 1);
	nf_store_rollback(store);
	assert_int_equal(nf_store_begin(store), NF_OK);
	put_check(store, "b", "ping", "p");
	assert_int_equal(nf_store_commit(store), NF_OK);
	struct nf_strbuf got = {0};
	assert_int_equal(nf_store_checks(store, NULL, collect_name, &got), NF_OK);
	assert_string_equal(got.data, "b/ping ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void collect_fact(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg)
{
	nf_strbuf_printf(
		arg, "%s/%s/%s=%s@%lld ", network, device, name, json, (long long)at_wall_us);
}

static void facts__put_twice__the_last_one_by_device(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	assert_int_equal(nf_store_fact_put(store, "n", "a", "system", "{}", 1), NF_OK);
	assert_int_equal(nf_store_fact_put(store, "n", "a", "system", "{\"x\":1}", 2), NF_OK);
	assert_int_equal(nf_store_fact_put(store, "n", "b", "system", "[]", 3), NF_OK);
	struct nf_strbuf got = {0};
	assert_int_equal(nf_store_facts(store, NULL, NULL, collect_fact, &got), NF_OK);
	assert_string_equal(got.data, "n/a/system={\"x\":1}@2 n/b/system=[]@3 ");
	nf_strbuf_clear(&got);
	assert_int_equal(nf_store_facts(store, "n", "b", collect_fact, &got), NF_OK);
	assert_string_equal(got.data, "n/b/system=[]@3 ");
	nf_strbuf_free(&got);
	nf_store_close(store);
}

static void collect_engine(const struct nf_engine_row *row, void *arg)
{
	static const uint8_t want[] = {0x80, 0, 0x1f, 0, 5};
	assert_int_equal(row->engine_id_len, sizeof want);
	assert_memory_equal(row->engine_id, want, sizeof want);
	assert_int_equal(row->boots, 0xffffffff);
	assert_int_equal(row->time_s, 9);
	assert_string_equal(row->address, "fe80::1");
	++*(int *)arg;
}

static void engines__put__bytes_with_nul_come_back(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	static const uint8_t id[] = {0x80, 0, 0x1f, 0, 5};
	struct nf_engine_row row = {"n", "fe80::1", id, sizeof id, 0xffffffff, 9, 5};
	int seen = 0;
	assert_int_equal(nf_store_engine_put(store, &row), NF_OK);
	assert_int_equal(nf_store_engine_put(store, &row), NF_OK);
	assert_int_equal(nf_store_engines(store, collect_engine, &seen), NF_OK);
	assert_int_equal(seen, 1);
	nf_store_close(store);
}

static void collect_program(const struct nf_program_row *row, void *arg)
{
	nf_strbuf_printf(arg, "%s %lld %lld %lld %lld %s", row->name, (long long)row->pid,
		(long long)row->started_wall_us, (long long)row->beat_wall_us,
		(long long)row->cycle_wall_us, row->json);
}

static void programs_and_values__put__read_by_a_reader(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	struct nf_program_row row = {"netfold-ping", 12, 1, 2, 3, "{\"sent\":1}"};
	assert_int_equal(nf_store_program_put(store, &row), NF_OK);
	assert_int_equal(nf_store_value_put(store, "events.position", "1"), NF_OK);
	assert_int_equal(nf_store_value_put(store, "events.position", "2"), NF_OK);
	struct nf_store *reader = opened(*state, NF_STORE_READ);
	struct nf_strbuf got = {0};
	assert_int_equal(nf_store_programs(reader, collect_program, &got), NF_OK);
	assert_string_equal(got.data, "netfold-ping 12 1 2 3 {\"sent\":1}");
	char *value = NULL;
	assert_int_equal(nf_store_value_get(reader, "events.position", &value), NF_OK);
	assert_string_equal(value, "2");
	free(value);
	assert_int_equal(nf_store_value_get(reader, "nothing", &value), NF_ENOENT);
	assert_int_equal(nf_store_value_put(reader, "x", "y"), NF_EPERM);
	nf_strbuf_free(&got);
	nf_store_close(reader);
	nf_store_close(store);
}

static void state__words__there_and_back(void **state)
{
	(void)state;
	static const char *const words[] = {
		"ok", "warning", "critical", "unknown", "unreachable"};
	enum nf_state s = NF_STATE_OK;
	for (int i = 0; i < NF_STATES; i++) {
		assert_string_equal(nf_state_text((enum nf_state)i), words[i]);
		assert_true(nf_state_parse(words[i], &s));
		assert_int_equal(s, i);
		assert_int_equal(
			nf_state_worse((enum nf_state)i, NF_STATE_CRITICAL), NF_STATE_CRITICAL);
		assert_int_equal(nf_state_worse(NF_STATE_OK, (enum nf_state)i), i);
	}
	assert_false(nf_state_parse("OK", &s));
	assert_int_equal(nf_state_worse(NF_STATE_UNKNOWN, NF_STATE_WARNING), NF_STATE_UNKNOWN);
	assert_int_equal(
		nf_state_worse(NF_STATE_UNKNOWN, NF_STATE_UNREACHABLE), NF_STATE_UNREACHABLE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(check__put_and_read__every_field_comes_back),
		CASE(checks__by_program_and_name__ordered_and_complete),
		CASE(events__filters__what_was_asked),
		CASE(events_trim__steps__from_the_oldest),
		CASE(transaction__rolled_back__nothing_stays),
		CASE(facts__put_twice__the_last_one_by_device),
		CASE(engines__put__bytes_with_nul_come_back),
		CASE(programs_and_values__put__read_by_a_reader),
		cmocka_unit_test(state__words__there_and_back),
	};
	return NF_RUN(tests, argc, argv);
}
