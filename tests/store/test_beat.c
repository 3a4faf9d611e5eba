// SPDX-License-Identifier: GPL-3.0-or-later
/* The one program of a name, and what it tells of itself. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/beat.h"
#include "tests/store/folder.h"

static const struct nf_now now = {.wall_us = 7 * NF_US_PER_S, .mono_us = 1};

static void begin__twice__the_second_is_told_who_is_first(void **state)
{
	struct nf_beat first = {0}, second = {0};
	struct nf_error err;
	char pid[32];

	assert_int_equal(nf_beat_begin(&first, "netfold-x", *state, now, &err), NF_OK);
	assert_int_equal(nf_beat_begin(&second, "netfold-x", *state, now, &err), NF_EEXIST);
	snprintf(pid, sizeof pid, "%d", (int)getpid());
	assert_non_null(strstr(err.text, pid));
	assert_null(second.program);
	nf_beat_end(&second);
	nf_beat_end(&first);
	assert_int_equal(nf_beat_begin(&second, "netfold-x", *state, now, &err), NF_OK);
	nf_beat_end(&second);
}

static void begin__another_name__both(void **state)
{
	struct nf_beat first = {0}, second = {0};
	struct nf_error err;

	assert_int_equal(nf_beat_begin(&first, "netfold-x", *state, now, &err), NF_OK);
	assert_int_equal(nf_beat_begin(&second, "netfold-y", *state, now, &err), NF_OK);
	nf_beat_end(&first);
	nf_beat_end(&second);
}

static void note(const struct nf_program_row *row, void *arg)
{
	assert_string_equal(row->name, "netfold-x");
	assert_int_equal(row->pid, getpid());
	assert_int_equal(row->started_wall_us, now.wall_us);
	assert_int_equal(row->beat_wall_us, now.wall_us + 1);
	assert_int_equal(row->cycle_wall_us, 3);
	assert_string_equal(row->json, "{\"polls\":18446744073709551615,\"waiting\":0}");
	++*(int *)arg;
}

static void tell__figures__read_back_whole(void **state)
{
	const struct nf_figure figures[] = {
		{"polls",	  UINT64_MAX},
		       {"waiting", 0	    }
	     };
	const struct nf_now later = {.wall_us = now.wall_us + 1};
	struct nf_beat beat = {0};
	struct nf_store *store = NULL;
	struct nf_error err;
	int rows = 0;

	assert_int_equal(nf_store_open(*state, NF_STORE_WRITE, 1000, &store, &err), NF_OK);
	assert_int_equal(nf_beat_begin(&beat, "netfold-x", *state, now, &err), NF_OK);
	assert_int_equal(nf_beat_tell(store, &beat, later, 3, figures, 2), NF_OK);
	assert_int_equal(nf_store_programs(store, note, &rows), NF_OK);
	assert_int_equal(rows, 1);
	nf_beat_end(&beat);
	nf_store_close(store);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, test_folder_make, test_folder_remove)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(begin__twice__the_second_is_told_who_is_first),
		CASE(begin__another_name__both),
		CASE(tell__figures__read_back_whole),
	};
	return NF_RUN(tests, argc, argv);
}
