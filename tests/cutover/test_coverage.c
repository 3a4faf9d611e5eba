// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "checks/cutover/coverage.h"

#define H  NF_HOUR_US
#define T0 (360000 * H)
#define S  NF_US_PER_S

static const char *const wires[] = {"wire:a", "wire:b"};
static const char *const switches[] = {"snmp:sw-1"};

static void proves__only_what_ran_saw_others_dropped_little_and_heard_its_canary(void **state)
{
	static const struct {
		struct nf_coverage c;
		bool want;
	} rows[] = {
		{{.seconds = 3600, .frames = 5},						 true },
		{{.seconds = 0, .frames = 5},					      false},
		{{.seconds = 3600, .frames = 0},						 false},
		{{.seconds = 3600, .frames = 1000, .drops = 1},				true },
		{{.seconds = 3600, .frames = 1000, .drops = 2},				false},
		{{.seconds = 3600, .frames = 5, .canaries_sent = 12, .canaries_seen = 6}, true },
		{{.seconds = 3600, .frames = 5, .canaries_sent = 12, .canaries_seen = 5},
			false									 },
		{{.seconds = 3600, .frames = 5, .canaries_sent = 1},			     false},
	};
	(void)state;
	NF_ROWS(i, rows)
	assert_int_equal(nf_coverage_proves(&rows[i].c), rows[i].want);
}

static void add(struct nf_quiet *q, const char *sensor, int64_t hour, uint32_t seconds)
{
	nf_quiet_add(
		q, &(struct nf_coverage){"n", sensor, 360000 + hour, seconds, .frames = 1});
}

static void hours__every_wire__or_every_switch(void **state)
{
	struct nf_quiet *q = nf_quiet_new(wires, 2, switches, 1);
	size_t len;

	(void)state;
	add(q, "wire:b", 0, 3600);
	add(q, "wire:a", 0, 1800);
	add(q, "wire:a", 1, 3600); /* b could not */
	add(q, "snmp:sw-1", 2, 3000);
	add(q, "snmp:sw-9", 3, 3600); /* not one of this network */
	nf_quiet_end(q);
	assert_int_equal(nf_quiet_us(q, T0, T0 + 4 * H), 4800 * S);
	assert_int_equal(nf_quiet_us(q, T0 + 600 * S, T0 + 4 * H), 4200 * S);
	assert_int_equal(nf_quiet_us(q, T0 + 2000 * S, T0 + 4 * H), 3000 * S);
	assert_int_equal(nf_quiet_us(q, T0, T0 + 60 * S), 60 * S);
	assert_int_equal(nf_quiet_us(q, T0 + 4 * H, T0), 0);
	assert_int_equal(nf_quiet_us(q, 0, INT64_MAX / 2), 4800 * S);
	const int64_t *hours = nf_quiet_hours(q, &len);
	assert_int_equal(len, 2);
	assert_int_equal(hours[1], 360002);
	nf_quiet_free(q);
}

static void nothing__no_sensor__covers_nothing(void **state)
{
	struct nf_quiet *q = nf_quiet_new(NULL, 0, NULL, 0);

	(void)state;
	add(q, "wire:a", 0, 3600);
	nf_quiet_end(q);
	assert_false(nf_quiet_has_sensor(q));
	assert_int_equal(nf_quiet_us(q, 0, INT64_MAX / 2), 0);
	assert_false(nf_quiet_month_end(q, "Europe/Stockholm", 0, T0));
	nf_quiet_free(q);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			proves__only_what_ran_saw_others_dropped_little_and_heard_its_canary),
		cmocka_unit_test(hours__every_wire__or_every_switch),
		cmocka_unit_test(nothing__no_sensor__covers_nothing),
	};
	return NF_RUN(tests, argc, argv);
}
