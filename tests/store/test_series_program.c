// SPDX-License-Identifier: GPL-3.0-or-later
/* The real netfold-series: one pass, a life of its own, and many deaths. */
#include "tests/test.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "store/store.h"
#include "tests/store/folder.h"
#include "tests/store/samples.h"

#define SERIES	 16U
#define PATIENCE 500 /* × 20 ms */

static const char *program;

/* A site whose state directory is "state" beside it. */
static char *make_site(const char *folder)
{
	char *path = nf_xasprintf("%s/site.yaml", folder);
	static const char text[] =
		"site: {name: Test, timezone: Europe/Stockholm, state_dir: state}\n"
		"networks:\n"
		"  - {id: admin, role: legacy, prefixes: [10.1.0.0/16]}\n";
	struct nf_error err;
	if (nf_file_write_atomic(path, text, sizeof text - 1, 0644, &err) != NF_OK)
		fail_msg("%s", err.text);
	return path;
}

static pid_t start(const char *site, bool once)
{
	char *const args[] = {nf_xstrdup(program), nf_xstrdup("-c"), nf_xstrdup(site),
		once ? nf_xstrdup("--once") : NULL, NULL};
	pid_t pid = -1;
	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, args, environ), 0);
	for (size_t i = 0; i < NF_LEN(args); i++)
		free(args[i]);
	return pid;
}

static int end_of(pid_t pid)
{
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void pause_us(long us)
{
	struct timespec ts = {us / 1000000, us % 1000000 * 1000};
	nanosleep(&ts, NULL);
}

static void check(const char *state_dir, int from, int to)
{
	for (unsigned int n = 0; n < SERIES; n++) {
		char *wrong = samples_wrong(state_dir, n, from, to);
		if (wrong != NULL)
			fail_msg("%s", wrong);
	}
}

static void take_row(const struct nf_program_row *row, void *arg)
{
	if (strcmp(row->name, "netfold-series") == 0) {
		nf_strbuf_clear(arg);
		nf_strbuf_printf(arg, "%lld %s", (long long)row->pid, row->json);
	}
}

static char *program_row(const char *state_dir)
{
	struct nf_strbuf row = {0};
	struct nf_store *store = NULL;
	nf_strbuf_puts(&row, "");
	if (nf_store_open(state_dir, NF_STORE_READ, 1000, &store, NULL) == NF_OK)
		nf_store_programs(store, take_row, &row);
	nf_store_close(store);
	return nf_strbuf_take(&row);
}

static void once__drains_and_leaves_its_figures(void **state)
{
	char *site = make_site(*state), *dir = nf_xasprintf("%s/state", (char *)*state);
	struct nf_journal *journal = samples_open(dir);
	samples_write(journal, SERIES, 0, 20);
	assert_int_equal(end_of(start(site, true)), 0);
	check(dir, 0, 20);
	char *row = program_row(dir);
	assert_non_null(strstr(row, "\"samples\":320,\"written\":320,"));
	assert_non_null(strstr(row, "\"series\":16,\"queue\":0,"));
	free(row);
	nf_journal_close(journal);
	free(site);
	free(dir);
}

static void running__sigusr1__all_written_now__sigterm__gone(void **state)
{
	char *site = make_site(*state), *dir = nf_xasprintf("%s/state", (char *)*state);
	struct nf_journal *journal = samples_open(dir);
	pid_t pid = start(site, false);
	char *begin = nf_xasprintf("%d ", (int)pid), *row = program_row(dir);
	for (int i = 0; i < PATIENCE && strncmp(row, begin, strlen(begin)) != 0; i++) {
		pause_us(20000);
		free(row);
		row = program_row(dir);
	}
	assert_memory_equal(row, begin, strlen(begin));
	assert_int_equal(end_of(start(site, true)), 3); /* a second one is refused */
	samples_write(journal, SERIES, 0, 5);
	assert_int_equal(kill(pid, SIGUSR1), 0);
	char *wrong = NULL;
	for (int i = 0; i < PATIENCE; i++) {
		wrong = samples_wrong(dir, SERIES - 1, 0, 5);
		if (wrong == NULL)
			break;
		free(wrong);
		pause_us(20000);
	}
	assert_null(wrong);
	samples_write(journal, SERIES, 5, 8);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(end_of(pid), 0);
	check(dir, 0, 8); /* written before it went */
	nf_journal_close(journal);
	free(row);
	free(begin);
	free(site);
	free(dir);
}

static void killed__at_any_instant__exactly_the_samples(void **state)
{
	enum { ROUNDS = 40, EACH = 30 };
	char *site = make_site(*state), *dir = nf_xasprintf("%s/state", (char *)*state);
	int killed = 0, all = EACH;
	unsigned int seed = 1;
	struct nf_journal *first = samples_open(dir);
	samples_write(first, SERIES, 0, EACH);
	nf_journal_close(first);
	int64_t begun = nf_clock_now().mono_us;
	assert_int_equal(end_of(start(site, true)), 0);
	int life_us = (int)(nf_clock_now().mono_us - begun);
	for (int round = 0; round < ROUNDS; round++) {
		struct nf_journal *journal = samples_open(dir);
		samples_write(journal, SERIES, all, all + EACH);
		all += EACH;
		pid_t pid = start(site, true);
		pause_us(rand_r(&seed) % life_us);
		kill(pid, SIGKILL);
		if (end_of(pid) == -SIGKILL)
			killed++;
		else /* it lives shorter than the first one did: aim earlier */
			life_us -= life_us / 8;
		nf_journal_close(journal);
	}
	assert_true(killed > ROUNDS / 4);
	assert_int_equal(end_of(start(site, true)), 0);
	check(dir, 0, all);
	char *rrd = nf_xasprintf("%s/rrd", dir);
	assert_int_equal(test_count(rrd, ".new"), 0);
	assert_int_equal(test_count(dir, "state.db.corrupt"), 0);
	free(rrd);
	free(site);
	free(dir);
}

static void newer_state_db__refused(void **state)
{
	char *site = make_site(*state), *dir = nf_xasprintf("%s/state", (char *)*state);
	struct nf_store *store = NULL;
	assert_int_equal(nf_store_open(dir, NF_STORE_WRITE, 1000, &store, NULL), NF_OK);
	nf_store_close(store);
	/* PRAGMA user_version is the big-endian number at byte 60 of the file. */
	char *db = nf_xasprintf("%s/state.db", dir);
	test_flip(db, 63, 1);
	assert_int_equal(end_of(start(site, true)), 3);
	assert_int_equal(test_count(dir, "state.db.corrupt"), 0);
	free(db);
	free(site);
	free(dir);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(once__drains_and_leaves_its_figures),
		CASE(running__sigusr1__all_written_now__sigterm__gone),
		CASE(killed__at_any_instant__exactly_the_samples),
		CASE(newer_state_db__refused),
	};
	const char *build = getenv("NF_BUILD");
	char *path = nf_xasprintf("%s/store/netfold-series", build != NULL ? build : ".");
	program = path;
	int failed = NF_RUN(tests, argc, argv);
	free(path);
	return failed;
}
