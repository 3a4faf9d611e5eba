// SPDX-License-Identifier: GPL-3.0-or-later
/* The asker against agents that lie, lose, are slow or die. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/snmp/rig.h"

#define PORT  16170
#define LIAR  "127.0.13.7"
#define IFTAB "1.3.6.1.2.1.2.2.1"

static struct nf_agent *liar(struct rig *rig)
{
	struct nf_device *device = rig_device(rig, "liar", LIAR, PORT);
	rig_snmp(device)->timeout_us = 60000;
	rig_simulate(rig, PORT, "127.0.13.0/24 synthetic:switch ports=12 name=lie");
	rig_start(rig);
	return rig_agent(rig, device);
}

static void walks__lies_about_objects__never_complete_and_wrong(void **state)
{
	static const struct {
		const char *lie;
		enum nf_result_state want;
		size_t rows; /* 0: any number */
		const char *why;
	} rows[] = {
		{"ports=12",			     NF_RESULT_COMPLETE,	 12,   ""				       },
		{"jump=" IFTAB ".2.3>" IFTAB ".2.3",     NF_RESULT_INCOMPLETE, 12,   "loops"			      },
		{"jump=" IFTAB ".2.3>" IFTAB ".2.2",     NF_RESULT_INCOMPLETE, 12,   "loops"			      },
		{"jump=" IFTAB ".2.3>1.3.6.1.2.1.1.1.0", NF_RESULT_INCOMPLETE, 12,   "backwards"			      },
		{"endless=" IFTAB ":22:1000000",	 NF_RESULT_INCOMPLETE, 5000,
			"more than 5000 rows"										   },
		{"endless=" IFTAB ":22:5000",	      NF_RESULT_COMPLETE,	  5000, ""				  },
		{"generr=" IFTAB ".10.5",		  NF_RESULT_INCOMPLETE, 12,
			"gives an error (status 5)"									     },
		{"toobig=6",			     NF_RESULT_COMPLETE,	 12,   ""				       },
		{"toobig=1",			     NF_RESULT_COMPLETE,	 12,   ""				       },
		{"bulk-max=1",			       NF_RESULT_COMPLETE,   12,   ""					 },
		{"bulk-max=5",			       NF_RESULT_COMPLETE,   12,   ""					 },
		{"max-size=100",			 NF_RESULT_COMPLETE,   12,	 ""				   },
		{"as=" IFTAB ".10:string",		   NF_RESULT_INCOMPLETE, 12,   "wrong type"			 },
		{"as=" IFTAB ".10:opaque",		   NF_RESULT_INCOMPLETE, 12,   "wrong type"			 },
		{"as=" IFTAB ".10:null",		 NF_RESULT_COMPLETE,   12,	 ""				   },
		{"hide=" IFTAB ".10",		      NF_RESULT_COMPLETE,	  12,   ""					},
		{"hide=" IFTAB,				NF_RESULT_COMPLETE,   0,    ""					 },
		{"die-after=1",				NF_RESULT_TIMEOUT,	   0,    "stopped answering after"	       },
		{"silent",			       NF_RESULT_TIMEOUT,    0,	 "no answer from " LIAR " port 16170"},
		{"community=other",			    NF_RESULT_TIMEOUT,    0,	  "another community"		     },
		{"v1-only",			      NF_RESULT_TIMEOUT,    0,	  "no answer"			     },
		{"mangle=truncate",			    NF_RESULT_TIMEOUT,    0,	  "no answer"			     },
		{"mangle=nothing",			   NF_RESULT_TIMEOUT,    0,	 "no answer"			    },
	};
	struct nf_query query = rig_interfaces;
	query.max_rows = 5000;
	struct nf_agent *agent = liar(*state);
	NF_ROWS(i, rows)
	{
		rig_lie(*state, LIAR, NULL);
		rig_lie(*state, LIAR, rows[i].lie);
		struct nf_result *r = rig_ask(*state, agent, &query);
		if (r->state != rows[i].want || !strstr(r->why, rows[i].why) ||
			(rows[i].rows && r->rows_len != rows[i].rows))
			fail_msg("%s: state %u, %zu rows, %s", rows[i].lie, r->state,
				r->rows_len, r->why);
		if (r->state == NF_RESULT_COMPLETE)
			assert_string_equal(r->why, "");
		nf_result_free(r);
	}
}

static void counters__wrong_types__absent_not_zero(void **state)
{
	static const struct {
		const char *lie;
		uint8_t want;
	} rows[] = {
		{"as=" IFTAB ".10:string",   NF_CELL_ABSENT	 },
		{"as=" IFTAB ".10:opaque",   NF_CELL_ABSENT	 },
		{"as=" IFTAB ".10:null",	 NF_CELL_ABSENT  },
		{"as=" IFTAB ".10:negative", NF_CELL_ABSENT  },
		{"start=4294967000",	     NF_CELL_UNSIGNED},
	};
	struct nf_agent *agent = liar(*state);
	NF_ROWS(i, rows)
	{
		rig_lie(*state, LIAR, NULL);
		rig_lie(*state, LIAR, rows[i].lie);
		struct nf_result *r = rig_ask(*state, agent, &rig_interfaces);
		assert_int_equal(r->rows_len, 12);
		for (size_t row = 0; row < 12; row++) {
			if (r->rows[row].cells[2].type != rows[i].want)
				fail_msg(
					"%s: type %u", rows[i].lie, r->rows[row].cells[2].type);
			assert_int_equal(
				r->rows[row].cells[0].integer, r->rows[row].index.ids[0]);
		}
		nf_result_free(r);
	}
}

/* What the asker counted since `before`. */
static struct nf_asker_stats since(const struct rig *rig, struct nf_asker_stats before)
{
	struct nf_asker_stats now = nf_asker_stats(rig->asker);
	now.wrong_source -= before.wrong_source;
	now.wrong_community -= before.wrong_community;
	now.unmatched -= before.unmatched;
	now.malformed -= before.malformed;
	return now;
}

static void answers__that_are_not_the_agents__dropped_and_counted(void **state)
{
	static const struct {
		const char *lie;
		bool complete;
		size_t counter; /* in the stats */
	} rows[] = {
		{"source=127.0.13.8",     false,					     offsetof(struct nf_asker_stats, wrong_source)	  },
		{"forge=127.0.13.8",	     true,					      offsetof(struct nf_asker_stats, wrong_source)	},
		{"reply-community=other", false,
			offsetof(struct nf_asker_stats,									     wrong_community)},
		{"reqid=wrong",		false,					     offsetof(struct nf_asker_stats, unmatched)	 },
		{"reqid=old",	      /* the second try has the id of the first */ true,
			offsetof(struct nf_asker_stats,									     unmatched)	  },
		{"duplicates=3",		 true,					      offsetof(struct nf_asker_stats, unmatched)	 },
		{"mangle=noise",		 false,					     offsetof(struct nf_asker_stats, malformed)	  },
	};
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	NF_ROWS(i, rows)
	{
		rig_lie(rig, LIAR, NULL);
		rig_lie(rig, LIAR, rows[i].lie);
		struct nf_asker_stats before = nf_asker_stats(rig->asker);
		struct nf_result *r = rig_ask(rig, agent, &rig_system);
		struct nf_result *again = rig_ask(rig, agent, &rig_system);
		struct nf_asker_stats counted = since(rig, before);
		uint64_t n;
		memcpy(&n, (const char *)&counted + rows[i].counter, sizeof n);
		enum nf_result_state want =
			rows[i].complete ? NF_RESULT_COMPLETE : NF_RESULT_TIMEOUT;
		if (r->state != want || again->state != want || n == 0)
			fail_msg("%s: state %u, counted %lu, %s", rows[i].lie, r->state,
				(unsigned long)n, r->why);
		nf_result_free(r);
		nf_result_free(again);
	}
}

static void answers__from_another_address__taken_where_the_profile_allows(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	struct nf_snmp *snmp = rig_snmp(&rig->devices[0]);
	struct nf_addr other[1];
	rig_lie(rig, LIAR, "source=127.0.13.8");
	static const struct {
		const char *listed;
		bool any;
		enum nf_result_state want;
	} rows[] = {
		{NULL,	       false, NF_RESULT_TIMEOUT },
		{"127.0.13.9", false, NF_RESULT_TIMEOUT },
		{"127.0.13.8", false, NF_RESULT_COMPLETE},
		{NULL,	       true,  NF_RESULT_COMPLETE},
	};
	NF_ROWS(i, rows)
	{
		if (rows[i].listed)
			nf_addr_parse(rows[i].listed, &other[0]);
		snmp->accept_source.items = other;
		snmp->accept_source.len = rows[i].listed != NULL;
		snmp->accept_any_source = rows[i].any;
		struct nf_result *r = rig_ask(rig, agent, &rig_system);
		assert_int_equal(r->state, rows[i].want);
		nf_result_free(r);
	}
}

static void loss__a_third_of_the_requests__read_all_the_same(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	rig_snmp(&rig->devices[0])->retries = 12;
	rig_snmp(&rig->devices[0])->timeout_us = 10000;
	rig_lie(rig, LIAR, "loss=33");
	for (int i = 0; i < 5; i++) {
		struct nf_result *r = rig_ask(rig, agent, &rig_interfaces);
		assert_int_equal(r->state, NF_RESULT_COMPLETE);
		assert_int_equal(r->rows_len, 12);
		nf_result_free(r);
	}
}

static void delay__longer_than_the_timeout__late_answer_to_the_first_try_counts(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	rig_snmp(&rig->devices[0])->retries = 2;
	rig_lie(rig, LIAR, "delay=100ms"); /* the time-out is 60 ms, the second try waits 90 */
	struct nf_result *r = rig_ask(rig, agent, &rig_system);
	assert_int_equal(r->state, NF_RESULT_COMPLETE);
	assert_true(nf_asker_stats(rig->asker).retries >= 1);
	nf_result_free(r);
}

struct race {
	size_t answered, silent;
	struct rig *rig;
	size_t len;
};

static void raced(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct race *race = arg;
	(void)agent;
	if (result->state == NF_RESULT_COMPLETE) {
		race->answered++;
		assert_int_equal(race->silent, 0); /* nobody waits for the silent one */
	} else {
		race->silent++;
	}
	nf_result_free(result);
	if (race->answered + race->silent == race->len)
		uv_stop(&race->rig->loop);
}

static void silence__one_agent_of_many__delays_nobody_and_costs_one_sequence(void **state)
{
	struct rig *rig = *state;
	struct race race = {.rig = rig, .len = 10 + 3};
	struct nf_agent *dead = liar(rig);
	rig_lie(rig, LIAR, "silent");
	for (int i = 0; i < 3; i++) /* three questions wait behind one another */
		nf_agent_ask(dead, &rig_system, raced, &race);
	for (int i = 0; i < 10; i++) {
		char address[16];
		snprintf(address, sizeof address, "127.0.13.%d", 20 + i);
		struct nf_device *device = rig_device(rig, "other", address, PORT);
		nf_agent_ask(rig_agent(rig, device), &rig_interfaces, raced, &race);
	}
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	assert_int_equal(race.answered, 10);
	assert_int_equal(race.silent, 3);
	assert_int_equal(nf_asker_stats(rig->asker).timeouts, 2); /* one try and one retry */
}

static void manners__too_big_once__remembered(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	rig_lie(rig, LIAR, "toobig=9");
	uint64_t requests[3];
	for (int i = 0; i < 3; i++) {
		uint64_t before = nf_asker_stats(rig->asker).requests;
		struct nf_result *r = rig_ask(rig, agent, &rig_interfaces);
		assert_int_equal(r->state, NF_RESULT_COMPLETE);
		nf_result_free(r);
		requests[i] = nf_asker_stats(rig->asker).requests - before;
	}
	assert_true(requests[1] < requests[0]);
	assert_int_equal(requests[1], 7); /* 13 places, two at a time */
}

static void v1__same_table__by_getnext(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	rig_snmp(&rig->devices[0])->version = NF_SNMP_V1;
	nf_agent_free(agent);
	rig_stop(rig);
	rig_start(rig);
	agent = rig_agent(rig, &rig->devices[0]);
	static const char *const lies[] = {
		"v1-only", "toobig=2", "toobig-empty", "hide=" IFTAB ".10"};
	NF_ROWS(i, lies)
	{
		rig_lie(rig, LIAR, NULL);
		rig_lie(rig, LIAR, lies[i]);
		struct nf_result *r = rig_ask(rig, agent, &rig_interfaces);
		assert_string_equal(r->why, "");
		assert_int_equal(r->rows_len, 12);
		nf_result_free(r);
		r = rig_ask(rig, agent, &rig_system);
		assert_string_equal(r->why, "");
		assert_int_equal(r->rows[0].cells[2].type, NF_CELL_UNSIGNED);
		nf_result_free(r);
	}
}

static void report__forged_before_each_answer__the_answer_counts(void **state)
{
	static const char line[] =
		"127.0.13.0/24 synthetic:switch ports=12 user=u auth=sha auth-key=auth-passphrase"
		" priv=aes priv-key=priv-passphrase forge-report";
	struct rig *rig = *state;
	struct nf_device *device = rig_device(rig, "liar", LIAR, PORT);
	rig_v3(rig, device, "u", NF_SNMP_AUTH_PRIV, NF_AUTH_SHA, "auth-passphrase", NF_PRIV_AES,
		"priv-passphrase");
	rig_simulate(rig, PORT, line);
	rig_start(rig);
	struct nf_agent *agent = rig_agent(rig, device);
	for (int i = 0; i < 3; i++) {
		struct nf_result *r = rig_ask(rig, agent, &rig_interfaces);
		assert_string_equal(r->why, "");
		assert_int_equal(r->rows_len, 12);
		nf_result_free(r);
	}
	assert_true(nf_asker_stats(rig->asker).unauthentic > 0);
}

static void large__replies_of_64_kib__read(void **state)
{
	struct rig *rig = *state;
	struct nf_agent *agent = liar(rig);
	rig_lie(rig, LIAR, "bloat=1.3.6.1.2.1.1.1:64000");
	rig_lie(rig, LIAR, "max-size=65507");
	struct nf_result *r = rig_ask(rig, agent, &rig_system);
	assert_string_equal(r->why, "");
	assert_int_equal(r->rows[0].cells[0].len, 64000);
	nf_result_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(walks__lies_about_objects__never_complete_and_wrong),
		RIG_TEST(counters__wrong_types__absent_not_zero),
		RIG_TEST(answers__that_are_not_the_agents__dropped_and_counted),
		RIG_TEST(answers__from_another_address__taken_where_the_profile_allows),
		RIG_TEST(loss__a_third_of_the_requests__read_all_the_same),
		RIG_TEST(delay__longer_than_the_timeout__late_answer_to_the_first_try_counts),
		RIG_TEST(silence__one_agent_of_many__delays_nobody_and_costs_one_sequence),
		RIG_TEST(manners__too_big_once__remembered),
		RIG_TEST(v1__same_table__by_getnext),
		RIG_TEST(report__forged_before_each_answer__the_answer_counts),
		RIG_TEST(large__replies_of_64_kib__read),
	};
	return NF_RUN(tests, argc, argv);
}
