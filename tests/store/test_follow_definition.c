// SPDX-License-Identifier: GPL-3.0-or-later
/* A series whose definition or name changes while its history stays, and what counters become. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/rrd_file.h"
#include "store/series.h"
#include "tests/store/folder.h"
#include "tests/store/follower.h"
#include "tests/store/samples.h"

/* One sample of series 0 with a definition of its own. */
static void write_defined(struct nf_journal *journal, const struct nf_series_def *def, int i,
	const struct nf_value *values)
{
	nf_journal_sample(journal, nf_journal_series(journal, def),
		START + (int64_t)i * def->step_s, values);
	nf_journal_flush(journal, NULL);
}

static struct nf_rrd_info look(const char *path)
{
	struct nf_rrd_info info;
	struct nf_error err;
	if (nf_rrd_look(path, &info, &err) != NF_OK)
		fail_msg("%s", err.text);
	return info;
}

static void definition__grown__history_stays(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 10);
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.ds_len = 3;
	def.ds[2] = def.ds[1];
	def.ds[1] = (struct nf_ds){"errors", NF_DS_GAUGE, 0, NAN};
	struct nf_value values[] = {
		{.known = true, .gauge = 10	   },
		      {.known = true, .gauge = 5	},
		{.known = true, .counter = 11 * 60}
	   };
	write_defined(journal, &def, 10, values);
	stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(stats.written, 1);
	char *path = follower_path(*state, 0);
	assert_int_equal(look(path).shape.ds_len, 3);
	assert_int_equal(follower_beside(path, ".damaged-"), 0);
	assert_true(follower_value(path, START + 60 * 4, 60, "level") == 4);
	assert_true(fabs(follower_value(path, START + 60 * 4, 60, "octets") - 1) < 1e-9);
	assert_true(follower_value(path, START + 60 * 10, 60, "level") == 10);
	assert_true(follower_value(path, START + 60 * 10, 60, "errors") == 5);
	assert_true(fabs(follower_value(path, START + 60 * 10, 60, "octets") - 1) < 1e-9);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_order_or_fewer__same_file(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 5);
	follower_drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	struct nf_ds first = def.ds[0];
	def.ds[0] = def.ds[1];
	def.ds[1] = first;
	struct nf_value values[] = {
		{.known = true, .counter = 6 * 60},
		    {.known = true, .gauge = 5	      }
	       };
	write_defined(journal, &def, 5, values);
	follower_drain_once(*state, NULL);
	follower_check(*state, 1, 0, 6);
	def.ds_len = 1;
	values[0].counter = 7 * 60;
	write_defined(journal, &def, 6, values);
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.written, 1);
	char *path = follower_path(*state, 0);
	assert_true(follower_value(path, START + 60 * 5, 60, "level") == 5);
	assert_true(isnan(follower_value(path, START + 60 * 6, 60, "level")));
	assert_true(fabs(follower_value(path, START + 60 * 6, 60, "octets") - 1) < 1e-9);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_bounds__tuned(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 5);
	follower_drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.heartbeat_s = 600;
	def.ds[0].min = -5;
	def.ds[1].max = 2e12;
	struct nf_value values[] = {
		{.known = true, .gauge = 5	  },
		     {.known = true, .counter = 6 * 60}
	       };
	write_defined(journal, &def, 5, values);
	follower_drain_once(*state, NULL);
	char *path = follower_path(*state, 0);
	struct nf_rrd_info info = look(path);
	assert_int_equal(info.shape.heartbeat_s, 600);
	assert_true(info.shape.ds[0].min == -5);
	assert_true(isnan(info.shape.ds[0].max));
	assert_true(info.shape.ds[1].max == 2e12);
	follower_check(*state, 1, 0, 6);
	nf_journal_close(journal);
	free(path);
}

static void definition__other_step__history_stays(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 1, 0, 20);
	follower_drain_once(*state, NULL);
	struct nf_series_def def = samples_def(0);
	def.step_s = 30;
	for (int i = 40; i < 50; i++) {
		struct nf_value values[] = {
			{.known = true, .gauge = i			  },
			{.known = true, .counter = (uint64_t)(i + 2) * 30}
		  };
		write_defined(journal, &def, i, values);
	}
	struct nf_follow_stats stats = follower_drain_once(*state, NULL);
	assert_int_equal(stats.replaced, 0);
	assert_int_equal(stats.written, 10);
	char *path = follower_path(*state, 0);
	assert_int_equal(look(path).shape.step_s, 30);
	assert_true(follower_value(path, START + 45 * 30, 30, "level") == 45);
	assert_true(fabs(follower_value(path, START + 10 * 60, 30, "level") - 10) < 1);
	nf_journal_close(journal);
	free(path);
}

static void rename__file_and_samples_go_along(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	struct nf_series_def old = samples_def(0), new = samples_def(0);
	new.series = "interface Gi1/0/1";
	samples_write(journal, 1, 0, 10);
	follower_drain_once(*state, NULL);
	samples_write(journal, 1, 10, 12); /* still in the journal when the name changes */
	nf_journal_rename(journal, &new, old.series);
	struct nf_value values[] = {
		{.known = true, .gauge = 12	   },
		      {.known = true, .counter = 13 * 60}
	 };
	write_defined(journal, &new, 12, values);
	char *old_path = follower_path(*state, 0),
	     *new_path = nf_series_path(*state, new.network, new.device, new.series);
	for (int replay = 0; replay < 3; replay++) {
		struct nf_follow_stats stats = follower_drain_once(*state, NULL);
		assert_int_equal(stats.queue, 0);
		assert_int_equal(access(old_path, F_OK), -1);
		for (int i = 0; i < 13; i++)
			assert_true(follower_value(new_path, START + 60 * i, 60, "level") == i);
	}
	nf_journal_close(journal);
	free(old_path);
	free(new_path);
}

static void rename__new_name_has_a_file__both_stay(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	samples_write(journal, 3, 0, 5);
	follower_drain_once(*state, NULL);
	struct nf_series_def first = samples_def(0), third = samples_def(2);
	nf_journal_rename(journal, &third, first.series); /* same network and device */
	samples_write(journal, 3, 5, 8);
	follower_drain_once(*state, NULL);
	follower_check(*state, 3, 0, 8);
	nf_journal_close(journal);
}

static void counters__at_64_bits__rates_are_right(void **state)
{
	struct nf_journal *journal = samples_open(*state);
	struct nf_series_def def = samples_def(0);
	for (int i = 0; i < 4; i++) {
		struct nf_value values[] = {
			{.known = true, .gauge = 0.1 + i				},
			{.known = true, .counter = UINT64_MAX - 1000 + (uint64_t)i * 120}
		 };
		write_defined(journal, &def, i, values);
	}
	/* A reset gives unknown, never a spike. */
	struct nf_value reset[] = {
		{.known = false},
		  { .known = true,  .counter = 5}
	       };
	write_defined(journal, &def, 4, reset);
	follower_drain_once(*state, NULL);
	char *path = follower_path(*state, 0);
	assert_true(fabs(follower_value(path, START + 2 * 60, 60, "octets") - 2) < 1e-9);
	assert_true(follower_value(path, START + 2 * 60, 60, "level") == 2.1);
	assert_true(isnan(follower_value(path, START + 4 * 60, 60, "octets")));
	assert_true(isnan(follower_value(path, START + 4 * 60, 60, "level")));
	nf_journal_close(journal);
	free(path);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(definition__grown__history_stays),
		CASE(definition__other_order_or_fewer__same_file),
		CASE(definition__other_bounds__tuned),
		CASE(definition__other_step__history_stays),
		CASE(rename__file_and_samples_go_along),
		CASE(rename__new_name_has_a_file__both_stay),
		CASE(counters__at_64_bits__rates_are_right),
	};
	return NF_RUN(tests, argc, argv);
}
