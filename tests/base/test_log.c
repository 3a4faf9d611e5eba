// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static char got[8192];

/* What say() writes to stderr, in `got`. */
static void capture(void (*say)(void))
{
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	say();
	dup2(kept, STDERR_FILENO);
	close(kept);
	ssize_t n = read(ends[0], got, sizeof got - 1);
	got[n < 0 ? 0 : n] = '\0';
	close(ends[0]);
}

static void say_hostile(void)
{
	errno = 42;
	nf_log(NF_LOG_WARN, "sweep", "name=%s", "a\r\nb\x1b[31m");
	assert_int_equal(errno, 42);
}

static void line__hostile__stays_one_line(void **state)
{
	(void)state;
	nf_log_open("netfold-test", NF_LOG_INFO);
	capture(say_hostile);
	assert_non_null(strstr(got, " netfold-test warn sweep: name=a\\x0d\\x0ab\\x1b[31m\n"));
	assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
}

static void say_long(void)
{
	char text[5000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	nf_log(NF_LOG_INFO, "long", "%s", text);
}

static void line__long__cut(void **state)
{
	(void)state;
	capture(say_long);
	assert_in_range(strlen(got), 1900, 2100);
	assert_non_null(strstr(got, "…\n"));
}

static void say_levels(void)
{
	nf_log(NF_LOG_DEBUG, "quiet", "unsaid");
	nf_log_debug_subsystem("loud");
	nf_log(NF_LOG_DEBUG, "loud", "said");
}

static void debug__by_subsystem__only_that(void **state)
{
	(void)state;
	capture(say_levels);
	assert_null(strstr(got, "unsaid"));
	assert_non_null(strstr(got, "debug loud: said"));
}

static void say_again(void)
{
	for (int i = 0; i < 50; i++)
		nf_log_limited("disk", NF_LOG_ERROR, "rrd", "no space");
	nf_log_limited("other", NF_LOG_ERROR, "rrd", "other thing");
}

static void limited__same_key__once(void **state)
{
	(void)state;
	capture(say_again);
	char *first = strstr(got, "no space");
	assert_non_null(first);
	assert_null(strstr(first + 1, "no space"));
	assert_non_null(strstr(got, "other thing"));
}

static void say_for_systemd(void)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	nf_log_open("netfold-test", NF_LOG_INFO);
	nf_log(NF_LOG_ERROR, "rrd", "text");
}

static void line__under_systemd__priority_prefix(void **state)
{
	(void)state;
	capture(say_for_systemd);
	assert_string_equal(got, "<3>rrd: text\n");
}

int main(int argc, char **argv)
{
	unsetenv("JOURNAL_STREAM");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line__hostile__stays_one_line),
		cmocka_unit_test(line__long__cut),
		cmocka_unit_test(debug__by_subsystem__only_that),
		cmocka_unit_test(limited__same_key__once),
		cmocka_unit_test(line__under_systemd__priority_prefix),
	};
	return NF_RUN(tests, argc, argv);
}
