// SPDX-License-Identifier: GPL-3.0-or-later
/* The asker against the real agent: snmpd. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/snmp/rig.h"

#define PORT 16110

static void v2c__system_and_interfaces__complete(void **state)
{
	struct rig *rig = *state;
	rig_snmpd(rig, "127.0.11.1", PORT, "a", "rocommunity public\nsysName alpha\n");
	struct nf_device *device = rig_device(rig, "alpha", "127.0.11.1", PORT);
	rig_start(rig);
	struct nf_agent *agent = rig_agent(rig, device);
	struct nf_result *r = rig_ask(rig, agent, &rig_system);
	assert_string_equal(r->why, "");
	assert_int_equal(r->state, NF_RESULT_COMPLETE);
	assert_int_equal(r->rows_len, 1);
	assert_int_equal(r->rows[0].cells[3].len, 5);
	assert_memory_equal(r->rows[0].cells[3].octets, "alpha", 5);
	nf_result_free(r);
	r = rig_ask(rig, agent, &rig_interfaces);
	assert_string_equal(r->why, "");
	assert_true(r->rows_len >= 1);
	nf_result_free(r);
}

static void v1_and_ipv6__same_agent__complete(void **state)
{
	struct rig *rig = *state;
	rig_snmpd(rig, "::1", PORT, "a", "rocommunity6 public\n");
	struct nf_device *device = rig_device(rig, "six", "::1", PORT);
	rig_snmp(device)->version = NF_SNMP_V1;
	rig_start(rig);
	struct nf_agent *agent = rig_agent(rig, device);
	static const struct nf_query *const queries[] = {&rig_system, &rig_interfaces};
	NF_ROWS(i, queries)
	{
		struct nf_result *r = rig_ask(rig, agent, queries[i]);
		assert_string_equal(r->why, "");
		assert_true(r->rows_len >= 1);
		nf_result_free(r);
	}
}

static void community__wrong_or_killed__told_and_healed(void **state)
{
	struct rig *rig = *state;
	pid_t pid = rig_snmpd(rig, "127.0.11.2", PORT, "a", "rocommunity other\n");
	struct nf_device *device = rig_device(rig, "d", "127.0.11.2", PORT);
	rig_start(rig);
	struct nf_agent *agent = rig_agent(rig, device);
	struct nf_result *r = rig_ask(rig, agent, &rig_system);
	assert_int_equal(r->state, NF_RESULT_TIMEOUT);
	assert_non_null(strstr(r->why, "another community"));
	nf_result_free(r);
	rig_end_snmpd(rig, pid);
	r = rig_ask(rig, agent, &rig_system);
	assert_int_equal(r->state, NF_RESULT_TIMEOUT);
	nf_result_free(r);
	rig_snmpd(rig, "127.0.11.2", PORT, "b", "rocommunity public\n");
	r = rig_ask(rig, agent, &rig_interfaces);
	assert_string_equal(r->why, "");
	nf_result_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(v2c__system_and_interfaces__complete),
		RIG_TEST(v1_and_ipv6__same_agent__complete),
		RIG_TEST(community__wrong_or_killed__told_and_healed),
	};
	if (!rig_has_snmpd()) {
		puts("snmpd is not installed");
		return NF_SKIP;
	}
	return NF_RUN(tests, argc, argv);
}
