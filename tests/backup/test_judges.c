// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "checks/backup/artefact.h"
#include "checks/backup/judges.h"
#include "checks/backup/logtext.h"
#include "checks/backup/manifest.h"

#define ZONE "Europe/Stockholm"
#define MB   1000000u

/* Tuesday 2011-02-08 07:00; the job starts at 01:00 and is due at 06:00. */
static int64_t at(const char *text)
{
	int64_t us = 0;

	assert_int_equal(nf_instant_parse(text, ZONE, &us), NF_OK);
	return us;
}

static struct nf_job_run run_at(const char *now)
{
	static struct nf_backup job = {
		.due = {6, 0}
	     };
	static char why[NF_ERROR_TEXT_MAX];

	assert_int_equal(nf_window_parse("01:00", &job.starts, why), NF_OK);
	return nf_job_run_at(&job, ZONE, at(now));
}

struct file {
	const char *name, *mtime;
	uint64_t size;
	char kind; /* f, d, or l for a dangling link */
};

struct artefact_row {
	const char *name, *now;
	struct file files[5];
	uint64_t again_size; /* 0: not looked at twice */
	const char *hash, *past_hash;
	uint64_t past_size;
	enum nf_proof_result want;
	const char *says;
};

static void fill(const struct file *file, char *path, size_t size, struct nf_remote_entry *e)
{
	snprintf(path, size, "/backup/%s", file->name);
	*e = (struct nf_remote_entry){
		.path = path,
		.name = path + 8,
		.stat = {.size = file->size,
			 .mtime_s = at(file->mtime) / NF_US_PER_S,
			 .has_size = true,
			 .has_mtime = true,
			 .is_file = file->kind == 'f',
			 .is_directory = file->kind == 'd',
			 .is_symlink = file->kind == 'l',
			 .is_dangling = file->kind == 'l'},
	};
}

static void check_artefact(const struct artefact_row *row)
{
	const struct nf_proof proof = {.min_size = MB,
		.max_drop = 50,
		.keep = 1,
		.max_age_us = 100 * 3600 * NF_US_PER_S};
	struct nf_job_run run = run_at(row->now ? row->now : "2011-02-08 07:00");
	struct nf_remote_entry entries[5];
	struct nf_artefact_past past[2] = {
		{.size = row->past_size, .mtime_s = at("2011-02-07 01:20") / NF_US_PER_S}
	 };
	struct nf_artefact_seen seen = {.pattern = "/backup/*.gz",
		.entries = entries,
		.hash = row->hash,
		.past = past,
		.past_len = row->past_size > 0};
	struct nf_proof_answer answer = {0};
	char paths[5][64];

	if (row->past_hash)
		snprintf(past[0].hash, sizeof past[0].hash, "%s", row->past_hash);
	for (; seen.len < 5 && row->files[seen.len].name; seen.len++)
		fill(&row->files[seen.len], paths[seen.len], sizeof paths[0],
			&entries[seen.len]);
	seen.has_again = row->again_size > 0;
	if (seen.has_again) {
		seen.again = entries[0].stat;
		seen.again.size = row->again_size;
	}
	nf_artefact_judge(&proof, &run, &seen, &answer);
	if (answer.result != row->want || !strstr(answer.detail, row->says ? row->says : ""))
		fail_msg("%s: %s: %s", row->name, nf_proof_result_text(answer.result),
			answer.detail);
}

static void artefact__table(void **state)
{
	/* clang-format off */
	static const struct artefact_row rows[] = {
		{"good", .files = {{"a.gz", "2011-02-08 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_OK, .says = "/backup/a.gz"},
		{"none", .want = NF_PROOF_BAD, .says = "no file matches"},
		{"a directory", .files = {{"a.gz", "2011-02-08 01:12", 5 * MB, 'd'}},
			.want = NF_PROOF_BAD, .says = "director"},
		{"a directory newer than the old file",
			.files = {{"d.gz", "2011-02-08 01:12", 5 * MB, 'd'},
				{"a.gz", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_LATE},
		{"partial only", .files = {{"a.gz.part", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_BAD, .says = "never finished"},
		{"partial in the window", .now = "2011-02-08 02:00",
			.files = {{"b.gz.part", "2011-02-08 01:12", 5 * MB, 'f'},
				{"a.gz", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_RUNNING},
		{"partial after due",
			.files = {{"b.gz.part", "2011-02-08 01:12", 5 * MB, 'f'},
				{"a.gz", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_LATE, .says = "b.gz.part"},
		{"dangling", .files = {{"latest.gz", "2011-02-08 01:12", 0, 'l'}},
			.want = NF_PROOF_BAD, .says = "link"},
		{"empty", .files = {{"a.gz", "2011-02-08 01:12", 0, 'f'}},
			.want = NF_PROOF_BAD, .says = "empty"},
		{"too small", .files = {{"a.gz", "2011-02-08 01:12", 552, 'f'}},
			.want = NF_PROOF_BAD, .says = "552"},
		{"yesterday's", .files = {{"a.gz", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_LATE, .says = "06:00"},
		{"yesterday's, before due", .now = "2011-02-08 05:59",
			.files = {{"a.gz", "2011-02-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_OK},
		{"two months old", .files = {{"a.gz", "2010-12-07 01:12", 5 * MB, 'f'}},
			.want = NF_PROOF_LATE},
		{"future", .files = {{"a.gz", "2011-02-08 09:00", 5 * MB, 'f'}},
			.want = NF_PROOF_BAD, .says = "future"},
		{"growing", .files = {{"a.gz", "2011-02-08 01:12", 5 * MB, 'f'}},
			.again_size = 6 * MB, .want = NF_PROOF_RUNNING, .says = "still"},
		{"dropped against its forerunners",
			.files = {{"d.gz", "2011-02-08 01:12", 2 * MB, 'f'},
				{"c.gz", "2011-02-07 01:12", 50 * MB, 'f'},
				{"b.gz", "2011-02-06 01:12", 49 * MB, 'f'},
				{"a.gz", "2011-02-05 01:12", 48 * MB, 'f'}},
			.want = NF_PROOF_BAD, .says = "median"},
		{"dropped against what was proved",
			.files = {{"d.gz", "2011-02-08 01:12", 2 * MB, 'f'}},
			.past_size = 50 * MB, .want = NF_PROOF_BAD, .says = "median"},
		{"grown", .files = {{"d.gz", "2011-02-08 01:12", 90 * MB, 'f'}},
			.past_size = 5 * MB, .want = NF_PROOF_OK},
		{"the same again", .files = {{"d.gz", "2011-02-08 01:12", 5 * MB, 'f'}},
			.past_size = 5 * MB, .hash = "sha256:aa", .past_hash = "sha256:aa",
			.want = NF_PROOF_WARNING, .says = "same"},
		{"as long, another content",
			.files = {{"d.gz", "2011-02-08 01:12", 5 * MB, 'f'}},
			.past_size = 5 * MB, .hash = "sha256:aa", .past_hash = "sha256:bb",
			.want = NF_PROOF_OK},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_artefact(&rows[i]);
}

static void artefact__too_few_kept__bad(void **state)
{
	const struct nf_proof proof = {.min_size = 1, .max_drop = 50, .keep = 3};
	struct nf_job_run run = run_at("2011-02-08 07:00");
	struct file files[] = {
		{"b", "2011-02-08 01:12", 9, 'f'},
		   {"a", "2011-02-07 01:12", 0, 'f'},
		{"c", "2011-02-06 01:12", 9, 'f'}
	 };
	struct nf_remote_entry entries[3];
	struct nf_proof_answer answer = {0};
	char paths[3][32];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		fill(&files[i], paths[i], sizeof paths[i], &entries[i]);
	struct nf_artefact_seen seen = {.pattern = "*", .entries = entries, .len = 3};
	nf_artefact_judge(&proof, &run, &seen, &answer);
	assert_int_equal(answer.result, NF_PROOF_BAD);
	assert_non_null(strstr(answer.detail, "2 good copies"));
}

static void artefact__servers_clock_off__times_are_corrected_and_it_is_said(void **state)
{
	const struct nf_proof proof = {.min_size = 1, .max_drop = 50, .keep = 1};
	struct nf_job_run run = run_at("2011-02-08 07:00");
	struct file file = {"b", "2011-02-08 04:12", 9, 'f'};
	struct nf_remote_entry entry;
	struct nf_proof_answer answer = {0};
	char path[32];

	(void)state;
	run.clock_known = true;
	run.clock_ahead_us = 3 * 3600 * NF_US_PER_S;
	fill(&file, path, sizeof path, &entry);
	struct nf_artefact_seen seen = {.pattern = "*", .entries = &entry, .len = 1};
	nf_artefact_judge(&proof, &run, &seen, &answer);
	assert_int_equal(answer.result, NF_PROOF_WARNING);
	assert_non_null(strstr(answer.detail, "ahead"));
	run.clock_ahead_us = -3 * 3600 * NF_US_PER_S;
	nf_artefact_judge(&proof, &run, &seen, &answer); /* made at 07:12 by our clock */
	assert_int_equal(answer.result, NF_PROOF_BAD);
}

static void partial__names(void **state)
{
	static const char *const partial[] = {
		"a.tar.gz.part", "A.ZIP.FILEPART", "x.tmp", ".dump.sql.gz.Ab12xZ", "x~"};
	static const char *const whole[] = {"a.tar.gz", "part", ".part", "department",
		".hidden", "a.partial.gz", ".config.tar.gz"};

	(void)state;
	for (size_t i = 0; i < sizeof partial / sizeof *partial; i++)
		if (!nf_artefact_is_partial(partial[i]))
			fail_msg("%s", partial[i]);
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (nf_artefact_is_partial(whole[i]))
			fail_msg("%s", whole[i]);
}

static void log__table(void **state)
{
	static const struct {
		const char *name, *mtime, *text;
		enum nf_proof_result want;
	} rows[] = {
		{"dated success",				  "2011-02-08 01:40",
			"2011-02-08 01:00:01 start\n2011-02-08 01:40:00 finished OK\n",						NF_PROOF_OK	   },
		{"yesterday's success, today's start",	       "2011-02-08 01:00",
			"2011-02-07 01:40:00 finished OK\n2011-02-08 01:00:01 start\n",						NF_PROOF_LATE   },
		{"today's failure",			    "2011-02-08 01:40",
			"2011-02-08 01:10:00 ERROR disk\n2011-02-08 01:40:00 finished OK\n",					   NF_PROOF_BAD    },
		{"yesterday's failure, today's success",	 "2011-02-08 01:40",
			"2011-02-07 01:10:00 ERROR disk\n2011-02-08 01:40:00 finished OK\n",					   NF_PROOF_OK	   },
		{"syslog",				     "2011-02-08 01:40", "Feb  8 01:40:00 srv backup: finished OK\n",
			NF_PROOF_OK														    },
		{"date in brackets",			     "2011-02-08 01:40",
			"[2011-02-08T01:40:00+01:00] finished OK\n",								     NF_PROOF_OK	},
		{"a server in UTC",			    "2011-02-08 01:40",
			"2011-02-08 00:01:00 start\n2011-02-08 00:40:00 finished OK\n",						NF_PROOF_OK	   },
		{"an old file",				"2011-02-07 01:40", "finished OK\n",			     NF_PROOF_LATE	  },
		{"undated, ends in success",		     "2011-02-08 01:40", "start\nfinished OK\n",
			NF_PROOF_OK														    },
		{"undated, something follows",		       "2011-02-08 01:00",
			"start\nfinished OK\nstart\n",										 NF_PROOF_WARNING},
		{"undated failure after the last success",	   "2011-02-08 01:40",
			"finished OK\nstart\nERROR disk\n",									    NF_PROOF_BAD	},
		{"undated failure before an earlier success",  "2011-02-08 01:40",
			"ERROR disk\nfinished OK\nstart\nfinished OK\n",								 NF_PROOF_OK	    },
		{"undated failure in a run that says success", "2011-02-08 01:40",
			"finished OK\nstart\nERROR disk\nfinished OK\n",								 NF_PROOF_BAD    },
		{"empty",				      "2011-02-08 01:40", "",					  NF_PROOF_LATE   },
		{"no success",				 "2011-02-08 01:40", "2011-02-08 01:10:00 nothing\n",
			NF_PROOF_LATE														  },
	};
	const struct nf_proof proof = {.success = "finished OK", .failure = "ERROR"};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_job_run run = run_at("2011-02-08 07:00");
		struct nf_log_seen seen = {"/var/log/b.log", rows[i].text, strlen(rows[i].text),
			at(rows[i].mtime) / NF_US_PER_S};
		struct nf_proof_answer answer = {0};

		nf_log_judge(&proof, &run, &seen, &answer);
		if (answer.result != rows[i].want)
			fail_msg("%s: %s: %s", rows[i].name,
				nf_proof_result_text(answer.result), answer.detail);
	}
}

static void manifest__gnu_bsd_escapes_and_nonsense(void **state)
{
#define H32 "0123456789abcdef0123456789ABCDEF"
	static const char text[] =
		H32 H32 "  a b.gz\n" H32 " *./c.gz\r\n" H32 H32 H32 H32 "  /abs/d\n\\" H32
			"  e\\nf\nSHA256 (g (1).gz) = " H32 H32 "\nMD5 (h) = " H32
			"\n\n# comment\nnonsense\n" H32 "x  i\n";
	struct nf_manifest m;

	(void)state;
	nf_manifest_read(&m, "/backup/SUMS", text, strlen(text));
	assert_int_equal(m.len, 6);
	assert_int_equal(m.strange, 2);
	assert_non_null(nf_manifest_find(&m, "/backup/a b.gz"));
	assert_int_equal(nf_manifest_find(&m, "/backup/c.gz")->hash, NF_REMOTE_MD5);
	assert_int_equal(nf_manifest_find(&m, "/abs/d")->hash, NF_REMOTE_SHA512);
	assert_non_null(nf_manifest_find(&m, "/backup/e\nf"));
	assert_string_equal(nf_manifest_find(&m, "/backup/g (1).gz")->digest + 28,
		"cdef0123456789abcdef0123456789abcdef");
	assert_null(nf_manifest_find(&m, "/backup/i"));
	nf_manifest_free(&m);
}

typedef bool reader(const struct nf_command_seen *, const struct nf_job_run *,
	struct nf_newest *, struct nf_proof_answer *);

static void repository__table(void **state)
{
	static const struct {
		const char *name;
		reader *read;
		const char *out;
		int status;
		uint64_t past;
		enum nf_proof_result want;
	} rows[] = {
		{"restic",		   nf_restic_read,
			"[{\"time\":\"2011-02-07T01:30:00Z\",\"short_id\":\"a\"},{\"time\":"
			"\"2011-02-08T01:30:00.123456789+01:00\",\"short_id\":\"b\"}]",		0,   0,    NF_PROOF_OK		 },
		{"restic, old",	nf_restic_read,
			"[{\"time\":\"2011-01-07T01:30:00+01:00\",\"short_id\":\"a\"}]",			 0,   0,
			NF_PROOF_LATE													 },
		{"restic, empty",	  nf_restic_read, "null",					  0,   0,	NF_PROOF_BAD	    },
		{"restic, nonsense",   nf_restic_read, "Fatal: no",					  0,   0,	NF_PROOF_UNVERIFIABLE},
		{"restic, wrong key",  nf_restic_read, "",						  1,   0,	NF_PROOF_BAD	    },
		{"restic, not there",  nf_restic_read, "",						  127, 0,	  NF_PROOF_UNVERIFIABLE},
		{"borg",		 nf_borg_read,
			"{\"archives\":[{\"name\":\"n\",\"start\":\"2011-02-08T00:10:00.000000\","
			"\"end\":\"2011-02-08T00:20:00.000000\",\"stats\":{\"original_size\":900}}]}",
			0,											 1000, NF_PROOF_OK	    },
		{"borg, nearly empty", nf_borg_read,
			"{\"archives\":[{\"name\":\"n\",\"end\":\"2011-02-08T00:20:00.000000\","
			"\"stats\":{\"original_size\":10}}]}",					 0,   1000, NF_PROOF_BAD	     },
		{"borg, no archive",   nf_borg_read,   "{\"archives\":[]}",				0,   0,    NF_PROOF_BAD	  },
		{"borg, error",	nf_borg_read,   "",						  2,   0,	NF_PROOF_BAD	    },
		{"zfs",		nf_zfs_read,
			"tank/home@a\t1297036800\t5\t900\ntank/home@b\t1297123800\t0\t1000\n",		0,   1000, NF_PROOF_OK	    },
		{"zfs, none",	      nf_zfs_read,	   "",					       0,	  0,    NF_PROOF_BAD	 },
		{"zfs, old",	     nf_zfs_read,	  "tank/home@a\t1296036800\t5\t900\n",	       0,	  0,
			NF_PROOF_LATE													 },
		{"zfs, nonsense",	  nf_zfs_read,    "no datasets available\n",			  0,   0,
			NF_PROOF_UNVERIFIABLE												 },
		{"zfs, future",	nf_zfs_read,    "tank/home@a\t1397123800\t5\t900\n",		  0,   0,
			NF_PROOF_BAD													  },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_command_seen seen = {.out = rows[i].out,
			.out_len = strlen(rows[i].out),
			.errors = "wrong password",
			.has_status = true,
			.status = rows[i].status};
		const struct nf_proof proof = {0};
		struct nf_job_run run = run_at("2011-02-08 07:00");
		struct nf_proof_answer answer = {0};
		struct nf_newest newest;

		if (rows[i].read(&seen, &run, &newest, &answer))
			nf_snapshot_judge(&proof, &run, "r", &newest, &rows[i].past,
				rows[i].past > 0, &answer);
		if (answer.result != rows[i].want)
			fail_msg("%s: %s: %s", rows[i].name,
				nf_proof_result_text(answer.result), answer.detail);
	}
}

static void small_kinds__table(void **state)
{
	const struct nf_proof proof = {
		.success = "^0$", .max_age_us = 4 * 3600 * NF_US_PER_S, .min_size = 1};
	struct nf_job_run run = run_at("2011-02-08 03:00");
	struct nf_proof_answer a = {0};
	int64_t today_s = at("2011-02-08 01:30") / NF_US_PER_S;

	(void)state;
	nf_status_judge(&proof, &run, &(struct nf_status_seen){"s", "0\n", 2, today_s}, &a);
	assert_int_equal(a.result, NF_PROOF_OK);
	nf_status_judge(&proof, &run, &(struct nf_status_seen){"s", "01\n", 3, today_s}, &a);
	assert_int_equal(a.result, NF_PROOF_BAD);
	nf_status_judge(
		&proof, &run, &(struct nf_status_seen){"s", "0", 1, today_s - 3 * 86400}, &a);
	assert_int_equal(a.result, NF_PROOF_LATE);

	nf_lock_judge(&proof, &run, &(struct nf_lock_seen){.path = "l"}, &a);
	assert_int_equal(a.result, NF_PROOF_OK);
	struct nf_lock_seen lock = {.path = "l", .there = true, .mtime_s = today_s};
	nf_lock_judge(&proof, &run, &lock, &a);
	assert_int_equal(a.result, NF_PROOF_RUNNING);
	lock.pid_known = true;
	nf_lock_judge(&proof, &run, &lock, &a);
	assert_int_equal(a.result, NF_PROOF_WARNING);
	lock.mtime_s -= 86400;
	nf_lock_judge(&proof, &run, &lock, &a);
	assert_int_equal(a.result, NF_PROOF_BAD);

	struct nf_copy_seen copy = {.where = "off",
		.pattern = "/c/*",
		.there = true,
		.path = "/c/a",
		.size = 9,
		.mtime_s = today_s,
		.original = "/b/a",
		.original_size = 9,
		.original_mtime_s = today_s,
		.digest = "x",
		.original_digest = "x"};
	nf_copy_judge(&proof, &run, &copy, &a);
	assert_int_equal(a.result, NF_PROOF_OK);
	copy.digest = "y";
	nf_copy_judge(&proof, &run, &copy, &a);
	assert_int_equal(a.result, NF_PROOF_BAD);
	copy.size = 8;
	nf_copy_judge(&proof, &run, &copy, &a); /* on its way: the run is not due yet */
	assert_int_equal(a.result, NF_PROOF_RUNNING);
	run = run_at("2011-02-08 06:00");
	nf_copy_judge(&proof, &run, &copy, &a);
	assert_int_equal(a.result, NF_PROOF_BAD);

	nf_drill_judge(&proof, &run, &(struct nf_drill_seen){0}, &a);
	assert_int_equal(a.result, NF_PROOF_WARNING);
	struct nf_drill_seen drill = {true, true, run.now_us, "anna", "all files"};
	nf_drill_judge(&proof, &run, &drill, &a);
	assert_int_equal(a.result, NF_PROOF_OK);
	drill.good = false;
	nf_drill_judge(&proof, &run, &drill, &a);
	assert_int_equal(a.result, NF_PROOF_BAD);

	static const enum nf_proof_result plugin[] = {NF_PROOF_OK, NF_PROOF_WARNING,
		NF_PROOF_BAD, NF_PROOF_UNVERIFIABLE, NF_PROOF_UNVERIFIABLE};
	for (int s = 0; s < 5; s++) {
		nf_plugin_judge(&(struct nf_command_seen){.out = "T|x",
					.out_len = 3,
					.errors = "",
					.has_status = true,
					.status = s},
			&a);
		assert_int_equal(a.result, plugin[s]);
	}
	nf_plugin_judge(&(struct nf_command_seen){.out = "", .errors = ""}, &a);
	assert_int_equal(a.result, NF_PROOF_UNVERIFIABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(artefact__table),
		cmocka_unit_test(artefact__too_few_kept__bad),
		cmocka_unit_test(
			artefact__servers_clock_off__times_are_corrected_and_it_is_said),
		cmocka_unit_test(partial__names),
		cmocka_unit_test(log__table),
		cmocka_unit_test(manifest__gnu_bsd_escapes_and_nonsense),
		cmocka_unit_test(repository__table),
		cmocka_unit_test(small_kinds__table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
