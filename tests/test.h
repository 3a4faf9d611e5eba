// SPDX-License-Identifier: GPL-3.0-or-later
/* test: what every unit test includes: cmocka (1.1 API) and the table idiom.
 * Running: `make check TESTS=tests/base/test_text`; one case: `tests/base/test_text 'nearest*'`.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define NF_LEN(array) (sizeof(array) / sizeof *(array))

/* For each row of a static table: NF_ROWS(row, rows) { … } */
#define NF_ROWS(row, rows) for (size_t row = 0; row < NF_LEN(rows); row++)

/* The body of main: runs the tests, or those that match argv[1] (* and ?). */
#define NF_RUN(tests, argc, argv)                                                              \
	((argc) > 1 ? cmocka_set_test_filter((argv)[1]) : (void)0,                             \
		cmocka_run_group_tests((tests), NULL, NULL))

/* For mkdtemp: in memory where there is some. Thousands of commits and files that wait for a disk would take
 * the test's time. */
#define NF_TEST_FOLDER(name)                                                                   \
	(access("/dev/shm", W_OK) == 0 ? "/dev/shm/nf-" name "-XXXXXX"                         \
				       : "/tmp/nf-" name "-XXXXXX")

/* automake's "skipped" exit status. */
#define NF_SKIP 77
