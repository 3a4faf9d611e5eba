// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>

#include "collector/snmp/wheel.h"

#define SECOND INT64_C(1000000)

static void wheel__many_deadlines__each_fires_once_never_early(void **state)
{
	(void)state;
	static struct nf_wheel wheel;
	static struct nf_timer timers[5000];
	int64_t now = 77 * SECOND + 123;
	nf_wheel_init(&wheel, now);
	uint64_t random = 1;
	for (size_t i = 0; i < NF_LEN(timers); i++) {
		random = random * 6364136223846793005 + 1442695040888963407;
		nf_wheel_set(&wheel, &timers[i], now + (int64_t)(random >> 33) % (40 * SECOND));
	}
	size_t fired = 0;
	struct nf_timer *due;
	for (int64_t end = now + 41 * SECOND; now < end; now += 7919) {
		while ((due = nf_wheel_due(&wheel, now))) {
			assert_true(due->at_mono_us <= now);
			assert_true(due->at_mono_us > now - 2 * NF_WHEEL_SLOT_US);
			assert_null(due->next);
			fired++;
		}
	}
	assert_int_equal(fired, NF_LEN(timers));
	assert_int_equal(wheel.len, 0);
}

static void wheel__long_sleep__everything_is_due_at_once(void **state)
{
	(void)state;
	static struct nf_wheel wheel;
	static struct nf_timer timers[300];
	nf_wheel_init(&wheel, 0);
	for (size_t i = 0; i < NF_LEN(timers); i++)
		nf_wheel_set(&wheel, &timers[i], (int64_t)i * SECOND);
	size_t fired = 0;
	while (nf_wheel_due(&wheel, 3600 * SECOND))
		fired++;
	assert_int_equal(fired, NF_LEN(timers));
}

static void wheel__moved_and_stopped__only_the_last_counts(void **state)
{
	(void)state;
	static struct nf_wheel wheel;
	struct nf_timer a = {0}, b = {0};
	nf_wheel_init(&wheel, 0);
	assert_int_equal(nf_wheel_wait_us(&wheel, 0), -1);
	nf_wheel_set(&wheel, &a, 1 * SECOND);
	nf_wheel_set(&wheel, &a, 3 * SECOND);
	nf_wheel_set(&wheel, &b, 2 * SECOND);
	nf_wheel_stop(&wheel, &b);
	nf_wheel_stop(&wheel, &b);
	assert_int_equal(wheel.len, 1);
	assert_null(nf_wheel_due(&wheel, 2 * SECOND));
	int64_t wait = nf_wheel_wait_us(&wheel, 2 * SECOND);
	assert_in_range(wait, 1, SECOND + NF_WHEEL_SLOT_US);
	assert_ptr_equal(nf_wheel_due(&wheel, 3 * SECOND), &a);
	nf_wheel_set(&wheel, &a, 1 * SECOND); /* in the past: at once */
	assert_ptr_equal(nf_wheel_due(&wheel, 3 * SECOND), &a);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wheel__many_deadlines__each_fires_once_never_early),
		cmocka_unit_test(wheel__long_sleep__everything_is_due_at_once),
		cmocka_unit_test(wheel__moved_and_stopped__only_the_last_counts),
	};
	return NF_RUN(tests, argc, argv);
}
