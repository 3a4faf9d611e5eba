// SPDX-License-Identifier: GPL-3.0-or-later
/* The sheet of an old network that is left, and its files. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/web/moved.h"

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

#define CELL "<td class=\"code\">"

static void addresses__inventory_has_the_new_one_alone__not_called_old(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	char *page = moved_sheet(m), *csv = moved_csv(m, nf_leaving_csv);
	holds(page, CELL "10.1.0.5</td>" CELL "10.100.0.5</td>");
	holds(page, CELL "10.1.0.6</td>" CELL "</td>");
	holds(page, CELL "</td>" CELL "10.100.0.7</td>");
	holds(csv, "\"a\",\"10.1.0.5\",\"10.100.0.5\",");
	holds(csv, "\"a\",\"10.1.0.6\",\"\",");
	holds(csv, "\"a\",\"\",\"10.100.0.7\",");
	free(page);
	free(csv);
	moved_free(m);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses__inventory_has_the_new_one_alone__not_called_old),
	};
	return NF_RUN(tests, argc, argv);
}
