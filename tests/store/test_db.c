// SPDX-License-Identifier: GPL-3.0-or-later
/* Faults of state.db: damaged, locked, newer, replaced, many at once. */
#include "tests/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "store/incidents.h"
#include "store/store.h"
#include "tests/store/folder.h"

#define PROCESSES 8

static struct nf_store *opened(const char *folder, enum nf_store_mode mode)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	if (nf_store_open(folder, mode, 200, &store, &err) != NF_OK)
		fail_msg("%s", err.text);
	return store;
}

static char *in(const char *folder, const char *name)
{
	return nf_xasprintf("%s/%s", folder, name);
}

static enum nf_err put(struct nf_store *store, const char *device)
{
	struct nf_check_row row = {.network = "n",
		.device = device,
		.check = "ping",
		.program = "p",
		.output =
			"a line long enough to fill pages with, after a while, and then some more"};
	return nf_store_check_put(store, &row);
}

static void count_check(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	(void)row;
	(void)asked_wall_us;
	++*(int *)arg;
}

static int checks_in(struct nf_store *store)
{
	int n = 0;
	assert_int_equal(nf_store_checks(store, NULL, count_check, &n), NF_OK);
	return n;
}

static void see_finding(const struct nf_event *event, void *arg)
{
	int *seen = arg;
	if (strcmp(event->kind, "finding") == 0 && strcmp(event->check, "state.db") == 0 &&
		event->device[0] == '\0' && event->after == NF_STATE_CRITICAL &&
		event->id > INT64_C(1000000000000))
		++*seen;
}

static int findings_in(struct nf_store *store)
{
	struct nf_event_filter all = {0};
	int n = 0;
	assert_int_equal(nf_store_events(store, &all, see_finding, &n), NF_OK);
	return n;
}

static void fill(const char *folder, int rows)
{
	struct nf_store *store = opened(folder, NF_STORE_WRITE);
	assert_int_equal(nf_store_begin(store), NF_OK);
	for (int i = 0; i < rows; i++) {
		char name[16];
		snprintf(name, sizeof name, "d%d", i);
		assert_int_equal(put(store, name), NF_OK);
	}
	assert_int_equal(nf_store_commit(store), NF_OK);
	nf_store_close(store);
}

static void replace_by_garbage(const char *db)
{
	FILE *f = fopen(db, "wb");
	fputs("This was a database once. It holds nothing of that kind any more, as you see.",
		f);
	fclose(f);
}

static void flip_pages(const char *db)
{
	for (long page = 1; page < 40; page++)
		test_flip(db, page * 4096, 64);
}

static void cut_short(const char *db)
{
	assert_int_equal(truncate(db, 5000), 0);
}

static void flip_header(const char *db)
{
	test_flip(db, 0, 100);
}

static void damage__at_start__quarantined_and_told_once(void **state)
{
	static const struct {
		const char *name;
		void (*damage)(const char *db);
	} rows[] = {
		{"garbage",	    replace_by_garbage},
		{"flipped pages",  flip_pages	    },
		{"cut short",      cut_short	       },
		{"flipped header", flip_header	      },
	};
	NF_ROWS(i, rows)
	{
		char *folder = in(*state, rows[i].name), *db = in(folder, "state.db");
		fill(folder, 2000);
		rows[i].damage(db);
		struct nf_store *store = opened(folder, NF_STORE_WRITE);
		if (test_count(folder, "state.db.corrupt-") != 1)
			fail_msg("%s: not moved aside", rows[i].name);
		assert_int_equal(checks_in(store), 0);
		assert_int_equal(findings_in(store), 1);
		assert_int_equal(put(store, "again"), NF_OK);
		nf_store_close(store);
		store = opened(folder, NF_STORE_WRITE);
		assert_int_equal(findings_in(store), 1);
		assert_int_equal(checks_in(store), 1);
		nf_store_close(store);
		free(db);
		free(folder);
	}
}

static void damage__reader__refused_and_nothing_moved(void **state)
{
	fill(*state, 10);
	char *db = in(*state, "state.db");
	replace_by_garbage(db);
	struct nf_store *store = NULL;
	struct nf_error err;
	assert_int_equal(nf_store_open(*state, NF_STORE_READ, 100, &store, &err), NF_ECORRUPT);
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 0);
	free(db);
}

static void damage__while_open__healed_at_the_next_call(void **state)
{
	fill(*state, 30000); /* more than SQLite's page cache holds */
	char *db = in(*state, "state.db");
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	uint64_t generation = nf_store_generation(store);
	for (long page = 1; page < 1000; page++)
		test_flip(db, page * 4096, 64);
	int n = 0;
	assert_int_equal(nf_store_checks(store, NULL, count_check, &n), NF_ECORRUPT);
	assert_int_equal(put(store, "again"), NF_OK);
	assert_int_equal(findings_in(store), 1);
	assert_true(nf_store_generation(store) > generation);
	nf_store_close(store);
	free(db);
}

static void replaced__by_another_process__followed(void **state)
{
	fill(*state, 5);
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	char *db = in(*state, "state.db"), *wal = in(*state, "state.db-wal"),
	     *shm = in(*state, "state.db-shm"), *away = in(*state, "away");
	assert_int_equal(rename(db, away), 0);
	unlink(wal);
	unlink(shm);
	struct nf_store *other = opened(*state, NF_STORE_WRITE);
	assert_int_equal(put(other, "new"), NF_OK);
	assert_int_equal(checks_in(store), 1);
	assert_int_equal(put(store, "newer"), NF_OK);
	assert_int_equal(checks_in(other), 2);
	nf_store_close(store);
	nf_store_close(other);
	free(db);
	free(wal);
	free(shm);
	free(away);
}

static void wal_deleted__while_open__writes_go_on(void **state)
{
	fill(*state, 5);
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	assert_int_equal(put(store, "in-the-log"), NF_OK);
	char *wal = in(*state, "state.db-wal");
	assert_int_equal(unlink(wal), 0);
	assert_int_equal(put(store, "after"), NF_OK);
	nf_store_close(store);
	store = opened(*state, NF_STORE_WRITE);
	assert_int_equal(checks_in(store), 7);
	nf_store_close(store);
	free(wal);
}

static void newer__version__refused_and_untouched(void **state)
{
	fill(*state, 3);
	char *db = in(*state, "state.db");
	sqlite3 *raw = NULL;
	assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(raw, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
	for (int mode = NF_STORE_READ; mode <= NF_STORE_WRITE; mode++) {
		struct nf_store *store = NULL;
		struct nf_error err;
		assert_int_equal(
			nf_store_open(*state, (enum nf_store_mode)mode, 100, &store, &err),
			NF_ENEWER);
		assert_non_null(strstr(err.text, "version 99"));
		assert_null(store);
	}
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 0);
	free(db);
}

static void take_member(const struct nf_member_row *row, void *arg)
{
	nf_strbuf_printf(arg, "%s %s %d %s %d; ", row->device, nf_state_text(row->state),
		row->muted, nf_state_text(row->muted_state), row->muted_flapping);
}

static struct nf_store *outbox_in(const char *folder)
{
	struct nf_store *outbox = NULL;
	struct nf_error err;
	assert_int_equal(nf_outbox_open(folder, NF_STORE_WRITE, 100, &outbox, &err), NF_OK);
	return outbox;
}

static void outbox__of_version_1__keeps_its_members(void **state)
{
	struct nf_member_row row = {.network = "a",
		.device = "sw-1",
		.check = "ping",
		.state = NF_STATE_CRITICAL,
		.worst = NF_STATE_CRITICAL,
		.muted = true,
		.output = "",
		.cause = "",
		.maintenance = "patch",
		.muted_state = NF_STATE_WARNING,
		.muted_flapping = true};
	struct nf_strbuf got = {0};
	char *db = in(*state, "outbox.db");
	sqlite3 *raw = NULL;
	struct nf_store *outbox = outbox_in(*state);
	assert_int_equal(nf_member_put(outbox, &row), NF_OK);
	row.device = "sw-2";
	assert_int_equal(nf_members(outbox, -1, take_member, &got), NF_OK);
	assert_string_equal(got.data, "sw-1 critical 1 warning 1; ");
	nf_store_close(outbox);
	assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw,
				 "ALTER TABLE member DROP COLUMN muted_state;"
				 "ALTER TABLE member DROP COLUMN muted_flapping;"
				 "PRAGMA user_version = 1;",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(raw);
	outbox = outbox_in(*state);
	assert_int_equal(nf_member_put(outbox, &row), NF_OK);
	nf_strbuf_clear(&got);
	assert_int_equal(nf_members(outbox, -1, take_member, &got), NF_OK);
	assert_string_equal(got.data, "sw-1 critical 1 ok 0; sw-2 critical 1 warning 1; ");
	nf_store_close(outbox);
	nf_strbuf_free(&got);
	free(db);
}

static void missing__reader__no_such_thing(void **state)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	assert_int_equal(nf_store_open(*state, NF_STORE_READ, 100, &store, &err), NF_ENOENT);
	assert_non_null(strstr(err.text, "state.db"));
}

static void locked__by_another__busy_and_then_good(void **state)
{
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	struct nf_store *other = opened(*state, NF_STORE_WRITE);
	assert_int_equal(nf_store_begin(other), NF_OK);
	assert_int_equal(put(other, "theirs"), NF_OK);
	assert_int_equal(put(store, "ours"), NF_EBUSY);
	assert_int_equal(nf_store_begin(store), NF_EBUSY);
	assert_int_equal(checks_in(store), 0); /* a reader never waits for a writer */
	struct nf_store *third = opened(*state, NF_STORE_WRITE); /* nor does a start */
	nf_store_close(third);
	assert_int_equal(nf_store_commit(other), NF_OK);
	assert_int_equal(put(store, "ours"), NF_OK);
	assert_int_equal(checks_in(store), 2);
	nf_store_close(store);
	nf_store_close(other);
}

/* Runs in a child: opens a state.db that may not exist yet, and writes. */
/* Eight that write at once, on a machine that does other things, too. */
#define PATIENCE_MS 60000

static int write_much(const char *folder, int process)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	if (nf_store_open(folder, NF_STORE_WRITE, PATIENCE_MS, &store, &err) != NF_OK) {
		fprintf(stderr, "process %d: %s\n", process, err.text);
		return 1;
	}
	for (int i = 0; i < 200; i++) {
		struct nf_event event = {.at_wall_us = i, .device = "d", .kind = "state"};
		char device[24];
		snprintf(device, sizeof device, "p%d-%d", process, i);
		if (nf_store_begin(store) != NF_OK || put(store, device) != NF_OK ||
			nf_store_event_add(store, &event, NULL) != NF_OK ||
			nf_store_commit(store) != NF_OK) {
			fprintf(stderr, "process %d: %s\n", process, nf_store_error(store));
			return 1;
		}
	}
	nf_store_close(store);
	return 0;
}

static void run_at_once(const char *folder)
{
	pid_t children[PROCESSES];
	int gate[2], status;
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			char c;
			close(gate[1]);
			if (read(gate[0], &c, 1) < 0)
				_exit(2);
			_exit(write_much(folder, i));
		}
	}
	close(gate[0]);
	close(gate[1]); /* all start now */
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
}

static void eight_processes__migrating_and_writing__all_rows_there(void **state)
{
	run_at_once(*state);
	struct nf_store *store = opened(*state, NF_STORE_READ);
	assert_int_equal(checks_in(store), PROCESSES * 200);
	nf_store_close(store);
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 0);
}

static void eight_processes__damaged_file__moved_aside_once(void **state)
{
	fill(*state, 100);
	char *db = in(*state, "state.db");
	replace_by_garbage(db);
	run_at_once(*state);
	struct nf_store *store = opened(*state, NF_STORE_READ);
	assert_int_equal(checks_in(store), PROCESSES * 200);
	assert_int_equal(findings_in(store), 1);
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 1);
	nf_store_close(store);
	free(db);
}

/* Commits one row after the other; says each committed one on the pipe. */
static void commit_for_ever(const char *folder, int out)
{
	struct nf_store *store = NULL;
	struct nf_error err;
	if (nf_store_open(folder, NF_STORE_WRITE, 5000, &store, &err) != NF_OK)
		_exit(1);
	for (int i = 0;; i++) {
		char device[24];
		snprintf(device, sizeof device, "%d-%d", (int)getpid(), i);
		if (put(store, device) != NF_OK || write(out, "x", 1) != 1)
			_exit(1);
	}
}

static void writer__killed__no_committed_row_lost(void **state)
{
	int said = 0;
	for (int round = 0; round < 15; round++) {
		int out[2];
		char c;
		assert_int_equal(pipe(out), 0);
		pid_t child = fork();
		if (child == 0)
			commit_for_ever(*state, out[1]);
		close(out[1]);
		for (int i = 0; i <= round * 7; i++)
			said += read(out[0], &c, 1) == 1;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(out[0], &c, 1) == 1)
			said++;
		close(out[0]);
	}
	struct nf_store *store = opened(*state, NF_STORE_WRITE);
	assert_true(said > 700);
	assert_in_range(checks_in(store), said, said + 15); /* committed, not yet said */
	assert_int_equal(test_count(*state, "state.db.corrupt-"), 0);
	nf_store_close(store);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(damage__at_start__quarantined_and_told_once),
		CASE(damage__reader__refused_and_nothing_moved),
		CASE(damage__while_open__healed_at_the_next_call),
		CASE(replaced__by_another_process__followed),
		CASE(wal_deleted__while_open__writes_go_on),
		CASE(newer__version__refused_and_untouched),
		CASE(outbox__of_version_1__keeps_its_members),
		CASE(missing__reader__no_such_thing),
		CASE(locked__by_another__busy_and_then_good),
		CASE(eight_processes__migrating_and_writing__all_rows_there),
		CASE(eight_processes__damaged_file__moved_aside_once),
		CASE(writer__killed__no_committed_row_lost),
	};
	return NF_RUN(tests, argc, argv);
}
