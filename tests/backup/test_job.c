// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "checks/backup/job.h"

#define ZONE "Europe/Stockholm"

static int64_t at(const char *text)
{
	int64_t us = 0;

	assert_int_equal(nf_instant_parse(text, ZONE, &us), NF_OK);
	return us;
}

static struct nf_backup job_of(const char *starts, uint8_t due_hour, uint8_t due_minute)
{
	static char why[NF_ERROR_TEXT_MAX];
	struct nf_backup job = {
		.id = "j", .due = {due_hour, due_minute}
	};

	assert_int_equal(nf_window_parse(starts, &job.starts, why), NF_OK);
	return job;
}

static void run_at__table(void **state)
{
	static const struct {
		const char *name, *starts;
		uint8_t due_hour, due_minute;
		const char *now, *wanted, *wanted_due, *current;
		bool under_way;
	} rows[] = {
		{"before the start",		     "01:00",	      6, 0,  "2011-02-08 00:30", "2011-02-07 01:00",
			"2011-02-07 06:00",												   "2011-02-07 01:00", false},
		{"in the window",		  "01:00",	   6, 0,	 "2011-02-08 03:00", "2011-02-07 01:00",
			"2011-02-07 06:00",												   "2011-02-08 01:00", true },
		{"after due",		      "01:00",	       6, 0,  "2011-02-08 06:00", "2011-02-08 01:00",
			"2011-02-08 06:00",												   "2011-02-08 01:00", false},
		{"over midnight",		  "22:00",	   6, 0,	 "2011-02-08 03:00", "2011-02-06 22:00",
			"2011-02-07 06:00",												   "2011-02-07 22:00", true },
		{"at the weekend",		   "Mon-Fri 01:00", 6, 0,  "2011-02-13 12:00",
			"2011-02-11 01:00",									       "2011-02-11 06:00", "2011-02-11 01:00", false},
		{"a day long",		       "01:00",		1, 0,  "2011-02-08 03:00", "2011-02-07 01:00",
			"2011-02-08 01:00",												   "2011-02-08 01:00", true },
		{"spring night, start in the gap", "02:30",	    6, 0,  "2011-03-27 07:00",
			"2011-03-27 03:00",									       "2011-03-27 06:00", "2011-03-27 03:00", false},
		{"spring night, due in the gap",	 "01:00",	  2, 30, "2011-03-27 03:00",
			"2011-03-27 01:00",									       "2011-03-27 03:00", "2011-03-27 01:00", false},
		{"autumn night, start twice",      "02:30",	       6, 0,  "2011-10-30 07:00",
			"2011-10-30 02:30",									       "2011-10-30 06:00", "2011-10-30 02:30", false},
		{"cron",			   "0 1 * * 1-5",	6, 0,  "2011-02-14 02:00", "2011-02-11 01:00",
			"2011-02-11 06:00",												   "2011-02-14 01:00", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_backup job =
			job_of(rows[i].starts, rows[i].due_hour, rows[i].due_minute);
		struct nf_job_run run = nf_job_run_at(&job, ZONE, at(rows[i].now));

		if (!run.has_wanted || run.wanted_us != at(rows[i].wanted) ||
			run.wanted_due_us != at(rows[i].wanted_due) ||
			run.current_us != at(rows[i].current) ||
			run.under_way != rows[i].under_way)
			fail_msg("%s", rows[i].name);
	}
}

static void run_at__autumn_night__the_night_is_25_hours_and_has_one_run(void **state)
{
	struct nf_backup job = job_of("02:30", 6, 0);

	(void)state;
	assert_int_equal(nf_window_count(&job.starts, ZONE, at("2011-10-29 12:00"),
				 at("2011-10-30 12:00")),
		1);
}

static void verdict__the_gravest_wins_and_running_after_due_is_late(void **state)
{
	struct nf_backup job = job_of("01:00", 6, 0);
	struct nf_job_run in = nf_job_run_at(&job, ZONE, at("2011-02-08 03:00"));
	struct nf_job_run over = nf_job_run_at(&job, ZONE, at("2011-02-08 07:00"));
	struct nf_proof_answer two[2] = {{.kind = "a"}, {.kind = "b"}};
	char reason[800];

	(void)state;
	for (int a = NF_PROOF_OK; a <= NF_PROOF_BAD; a++) {
		for (int b = NF_PROOF_OK; b <= NF_PROOF_BAD; b++) {
			two[0].result = (enum nf_proof_result)a;
			two[1].result = (enum nf_proof_result)b;
			int want = a > b ? a : b;
			assert_int_equal(
				nf_job_verdict(&in, two, 2, reason, sizeof reason), want);
			if (want == NF_PROOF_RUNNING)
				want = NF_PROOF_LATE;
			assert_int_equal(
				nf_job_verdict(&over, two, 2, reason, sizeof reason), want);
		}
	}
	assert_int_equal(
		nf_job_verdict(&in, NULL, 0, reason, sizeof reason), NF_PROOF_UNVERIFIABLE);
}

static void start__table(void **state)
{
	static const struct {
		const char *name, *starts, *now;
		bool sign, late;
		const char *says;
	} rows[] = {
		{"before the deadline",				"01:00",	 "2011-02-08 01:29", false, false, NULL			       },
		{"at the deadline, no sign",			     "01:00",	      "2011-02-08 01:30", false, true,
			"begin by Tue 2011-02-08 01:30 and is due Tue 2011-02-08 06:00"								       },
		{"at the deadline, a sign",			    "01:00",	     "2011-02-08 01:30", true,  false, NULL				  },
		{"the finish deadline takes over",		   "01:00",	    "2011-02-08 06:00", false, false,
			NULL																  },
		{"both clocks",				      "01:00",	 "2011-02-08 02:00", false, true,  "01:00 (00:00 UTC)"	     },
		{"spring night: the start is in the gap",		  "02:30",	   "2011-03-27 03:29", false,
			false,												 NULL			   },
		{"spring night: half an hour after the gap",	     "02:30",	      "2011-03-27 03:30", false,
			true,												  "begin by Sun 2011-03-27 03:30"},
		{"autumn night: half an hour after the first 02:30", "02:30",
			"2011-10-30 03:30",								      false, true,	 "begin by Sun 2011-10-30 02:00"},
		{"weekday, on its day",				"Mon-Fri 01:00", "2011-02-11 02:00", false, true,  NULL			      },
		{"weekday, on another",				"Mon-Fri 01:00", "2011-02-12 02:00", false, false,
			NULL																  },
		{"cron",					     "0 1 * * 1-5",	"2011-02-14 02:00", false, true,	 NULL			     },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_backup job = job_of(rows[i].starts, 6, 0);
		struct nf_proof_answer answer = {0};
		job.start_within_us = 30 * 60 * NF_US_PER_S;
		struct nf_job_run run = nf_job_run_at(&job, ZONE, at(rows[i].now));

		if (nf_job_start_judge(&run, rows[i].sign, &answer) != rows[i].late ||
			(rows[i].late && answer.result != NF_PROOF_LATE) ||
			(rows[i].says && !strstr(answer.detail, rows[i].says)))
			fail_msg("%s: %s", rows[i].name, answer.detail);
	}
}

static void run_at__autumn_night__the_start_comes_twice(void **state)
{
	struct nf_backup job = job_of("02:30", 6, 0);

	(void)state;
	assert_true(nf_job_run_at(&job, ZONE, at("2011-10-30 07:00")).twice);
	assert_false(nf_job_run_at(&job, ZONE, at("2011-10-31 07:00")).twice);
	assert_false(nf_job_run_at(&job, ZONE, at("2011-03-27 07:00")).twice);
}

static void next_look__never_hammers_and_never_misses_a_due_time(void **state)
{
	struct nf_backup job = job_of("01:00", 6, 0);

	(void)state;
	job.start_within_us = 45 * 60 * NF_US_PER_S;
	for (int hour = 0; hour < 24; hour++) {
		int64_t now = at("2011-02-08 00:10") + hour * 3600 * NF_US_PER_S;
		struct nf_job_run run = nf_job_run_at(&job, ZONE, now);
		for (int v = NF_PROOF_OK; v <= NF_PROOF_BAD; v++) {
			for (unsigned tries = 1; tries < 40; tries++) {
				int64_t next =
					nf_job_next_look(&run, (enum nf_proof_result)v, tries);
				int64_t due =
					run.under_way ? run.current_due_us : run.next_due_us;
				assert_true(next >= now + 60 * NF_US_PER_S);
				int64_t begin = now < run.start_by_us ? run.start_by_us
								      : run.next_start_by_us;
				assert_true(next <= due + 60 * NF_US_PER_S);
				assert_true(next <= begin + 60 * NF_US_PER_S);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_at__table),
		cmocka_unit_test(run_at__autumn_night__the_night_is_25_hours_and_has_one_run),
		cmocka_unit_test(start__table),
		cmocka_unit_test(run_at__autumn_night__the_start_comes_twice),
		cmocka_unit_test(verdict__the_gravest_wins_and_running_after_due_is_late),
		cmocka_unit_test(next_look__never_hammers_and_never_misses_a_due_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
