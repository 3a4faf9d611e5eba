// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>

#include "checks/threshold.h"

static void judge__value__state(void **state)
{
	(void)state;
	const enum nf_state o = NF_STATE_OK, w = NF_STATE_WARNING, c = NF_STATE_CRITICAL,
			    u = NF_STATE_UNKNOWN;
	const struct nf_threshold load = {80, 90, true, 5}, toner = {20, 10, false, 2},
				  only_critical = {NAN, 90, true, 0},
				  none = {NAN, NAN, true, 0};
	const struct {
		const struct nf_threshold *t;
		double value;
		enum nf_state before, want;
	} rows[] = {
		{&load,		0,	   o, o},
		{&load,		80,	    o, o},
		{&load,		80.1,     o, w},
		{&load,		90,	    o, w},
		{&load,		90.1,     o, c},
		{&load,		76,	    w, w},
		{&load,		75,	    w, o},
		{&load,		86,	    c, c},
		{&load,		85,	    c, w},
		{&load,		76,	    c, w},
		{&load,		75,	    c, o},
		{&load,		76,	    u, o},
		{&load,		INFINITY, o, c},
		{&toner,	 20,	     o, o},
		{&toner,	 19,	     o, w},
		{&toner,	 9,	    o, c},
		{&toner,	 11,	     c, c},
		{&toner,	 12,	     c, w},
		{&toner,	 21.9,     w, w},
		{&toner,	 22,	     w, o},
		{&only_critical, 89,	     o, o},
		{&only_critical, 91,	     o, c},
		{&none,		1e9,	     o, o},
		{&load,		NAN,	     o, u},
		{&none,		NAN,	     c, u},
	};
	NF_ROWS(i, rows)
	if (nf_threshold_judge(rows[i].t, rows[i].value, rows[i].before) != rows[i].want)
		fail_msg("row %zu", i);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge__value__state),
	};
	return NF_RUN(tests, argc, argv);
}
