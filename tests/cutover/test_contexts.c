// SPDX-License-Identifier: GPL-3.0-or-later
/* From a switch that shows its forwarding table VLAN by VLAN to the silence that it can vouch for. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/cutover/cisco.h"
#include "tests/cutover/rig.h"

/* What sw-1 covered of five minutes that begin and end with a look at this table; NULL: none was left. */
static uint64_t minutes_covered(const char *fdb)
{
	uint64_t sums[2] = {0};
	void *state = NULL;

	assert_int_equal(rig_make(&state), 0);
	struct rig *r = state;
	for (int64_t at = 0; at <= 300 * S; at += 300 * S) {
		rig_fact(r, "sw-1", "system", "{\"sysName\":\"sw-1\"}", at);
		if (fdb)
			rig_table(r, "sw-1", at, fdb);
		rig_pass(r, at + S);
	}
	assert_int_equal(nf_coverages(r->store, "a", 0, rig_collect_hours, sums), NF_OK);
	rig_unmake(&state);
	return sums[1];
}

static void switch__covers__only_where_every_vlan_is_shown(void **state)
{
	static const struct {
		const char *name, *lies[3];
		uint64_t want;
	} rows[] = {
		{"every VLAN in its context", {"contexts", NULL},		  5},
		{"no contexts",		{NULL},				0},
		{"contexts not allowed",	 {"contexts", "refuse-in=all", NULL}, 0},
		{"a context without answer",  {"contexts", "silent-in=10", NULL},	 0},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		print_message("  %s\n", rows[i].name);
		char *fdb = cisco_fdb(rows[i].lies);
		assert_int_equal(minutes_covered(fdb), rows[i].want);
		free(fdb);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(switch__covers__only_where_every_vlan_is_shown),
	};
	return NF_RUN(tests, argc, argv);
}
