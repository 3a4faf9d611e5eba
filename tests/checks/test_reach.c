// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "checks/reach.h"

static void judge__parent__what_the_child_is_called(void **state)
{
	(void)state;
	static const struct {
		struct nf_reach_parent parent;
		enum nf_reach want;
	} rows[] = {
		{{false, NF_STATE_UNKNOWN, false, 0},      NF_REACH_DOWN	   },
		{{true, NF_STATE_OK, false, 101},	  NF_REACH_DOWN       },
		{{true, NF_STATE_OK, false, 100},	  NF_REACH_DOWN       },
		{{true, NF_STATE_WARNING, false, 101},     NF_REACH_DOWN	    },
		{{true, NF_STATE_OK, false, 99},		 NF_REACH_ASK_PARENT },
		{{true, NF_STATE_OK, true, 101},		 NF_REACH_ASK_PARENT },
		{{true, NF_STATE_UNKNOWN, false, 0},	     NF_REACH_ASK_PARENT },
		{{true, NF_STATE_UNKNOWN, false, 101},     NF_REACH_DOWN	    },
		{{true, NF_STATE_CRITICAL, false, 101},	NF_REACH_UNREACHABLE},
		{{true, NF_STATE_UNREACHABLE, false, 101}, NF_REACH_UNREACHABLE},
	};
	NF_ROWS(i, rows)
	if (nf_reach_judge(&rows[i].parent, 100) != rows[i].want)
		fail_msg("row %zu", i);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge__parent__what_the_child_is_called),
	};
	return NF_RUN(tests, argc, argv);
}
