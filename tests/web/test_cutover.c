// SPDX-License-Identifier: GPL-3.0-or-later
/* The cutover's page, and a wave's. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/web/moved.h"

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void wave__a_snapshot_from_after__is_not_how_it_was_before(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	const struct nf_snapshot before = {"w1", "old", MOVED_WAVE - NF_HOUR_US, "{}"},
				 after = {"w1", "old", MOVED_WAVE + NF_HOUR_US, "{}"};
	assert_int_equal(nf_snapshot_put(m->store, &before), NF_OK);
	assert_int_equal(nf_snapshot_put(m->store, &after), NF_OK);
	char *page = moved_wave(m);
	holds(page, "<dt>Looked at before</dt><dd>16 Mar 2027 17:00</dd>");
	free(page);
	moved_free(m);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wave__a_snapshot_from_after__is_not_how_it_was_before),
	};
	return NF_RUN(tests, argc, argv);
}
