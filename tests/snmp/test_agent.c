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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(v2c__system_and_interfaces__complete),
	};
	if (!rig_has_snmpd()) {
		puts("snmpd is not installed");
		return NF_SKIP;
	}
	return NF_RUN(tests, argc, argv);
}
