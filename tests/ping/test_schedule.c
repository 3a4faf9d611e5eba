// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/ping/due.h"
#include "collector/ping/schedule.h"

enum { DEVICES = 1000 };
#define INTERVAL (30 * NF_US_PER_S)

static void set_up(struct nf_schedule *s, int64_t mono_us)
{
	uint64_t hash[DEVICES];

	for (int i = 0; i < DEVICES; i++) {
		char name[32];

		snprintf(name, sizeof name, "sw-%d\nadmin 10.1.0.%d", i, i);
		hash[i] = nf_schedule_hash(name);
	}
	nf_schedule_set(s, hash, DEVICES, INTERVAL, mono_us);
}

/* Takes all that is due; counts them, and how often each came at most. */
static size_t sweep(struct nf_schedule *s, int64_t mono_us, unsigned *most)
{
	unsigned times[DEVICES] = {0};
	size_t count = 0;

	for (size_t i; (i = nf_schedule_next(s, mono_us)) != NF_SCHEDULE_NONE; count++)
		if (++times[i] > *most)
			*most = times[i];
	return count;
}

static void schedule__one_interval__each_once_and_spread(void **state)
{
	(void)state;
	struct nf_schedule s = {0};
	int64_t start = 7 * NF_US_PER_S;
	size_t total = 0, largest = 0;
	unsigned most = 0;

	set_up(&s, start);
	for (int64_t t = start; t <= start + INTERVAL; t += NF_US_PER_S) {
		size_t n = sweep(&s, t, &most);

		total += n;
		largest = n > largest ? n : largest;
	}
	assert_int_equal(total, DEVICES);
	assert_int_equal(most, 1);
	/* 33 a second on average */
	assert_in_range(largest, 33, 70);
	nf_schedule_free(&s);
}

static void schedule__neighbours__are_not_asked_together(void **state)
{
	(void)state;
	struct nf_schedule s = {0};
	size_t close = 0;

	set_up(&s, 0);
	for (size_t i = 1; i < s.len; i++)
		close += labs((long)s.items[i].index - (long)s.items[i - 1].index) < 10;
	/* by chance: 19 of 1000 */
	assert_in_range(close, 0, 60);
	nf_schedule_free(&s);
}

static void schedule__ten_minutes_stopped__each_once(void **state)
{
	(void)state;
	struct nf_schedule s = {0};
	unsigned most = 0;

	set_up(&s, 0);
	sweep(&s, INTERVAL, &most);
	most = 0;
	assert_int_equal(sweep(&s, INTERVAL + 600 * NF_US_PER_S, &most), DEVICES);
	assert_int_equal(most, 1);
	assert_int_equal(sweep(&s, INTERVAL + 600 * NF_US_PER_S, &most), 0);
	nf_schedule_free(&s);
}

static void schedule__set_again__goes_on_where_it_was(void **state)
{
	(void)state;
	struct nf_schedule s = {0};
	unsigned most = 0;
	size_t total;

	set_up(&s, 0);
	total = sweep(&s, INTERVAL / 3, &most);
	set_up(&s, INTERVAL / 3);
	total += sweep(&s, INTERVAL, &most);
	assert_int_equal(total, DEVICES);
	nf_schedule_free(&s);
}

static void schedule__nobody__nothing_due(void **state)
{
	(void)state;
	struct nf_schedule s = {0};

	nf_schedule_set(&s, NULL, 0, INTERVAL, 0);
	assert_true(nf_schedule_next(&s, INT64_MAX / 2) == NF_SCHEDULE_NONE);
	nf_schedule_free(&s);
}

static void heap__random_puts_moves_removes__pops_in_order(void **state)
{
	(void)state;
	struct nf_due_heap heap = {0};
	struct nf_due *things = test_calloc(DEVICES, sizeof *things);
	int64_t before = 0;
	size_t popped = 0;

	srand(1);
	for (int i = 0; i < DEVICES; i++)
		nf_due_put(&heap, &things[i], rand() % 5000);
	for (int i = 0; i < DEVICES; i += 3)
		nf_due_put(&heap, &things[i], rand() % 5000);
	for (int i = 0; i < DEVICES; i += 7)
		nf_due_remove(&heap, &things[i]);
	nf_due_remove(&heap, &things[0]);
	for (struct nf_due *due; (due = nf_due_pop(&heap, 5000)); popped++) {
		assert_true(due->at_mono_us >= before);
		before = due->at_mono_us;
	}
	assert_int_equal(popped, DEVICES - (DEVICES + 6) / 7);
	assert_null(nf_due_pop(&heap, INT64_MAX));
	nf_due_put(&heap, &things[0], 10);
	assert_null(nf_due_pop(&heap, 9));
	assert_ptr_equal(nf_due_pop(&heap, 10), &things[0]);
	nf_due_heap_free(&heap);
	test_free(things);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedule__one_interval__each_once_and_spread),
		cmocka_unit_test(schedule__neighbours__are_not_asked_together),
		cmocka_unit_test(schedule__ten_minutes_stopped__each_once),
		cmocka_unit_test(schedule__set_again__goes_on_where_it_was),
		cmocka_unit_test(schedule__nobody__nothing_due),
		cmocka_unit_test(heap__random_puts_moves_removes__pops_in_order),
	};

	return NF_RUN(tests, argc, argv);
}
