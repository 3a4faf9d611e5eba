// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conf/profile_expr.h"

/* Fields: a = 6, b = 3, zero = 0, gone = absent. */
static int resolve(const char *name, size_t len, void *arg)
{
	static const char *const names[] = {"a", "b", "zero", "gone"};

	(void)arg;
	for (int i = 0; i < (int)NF_LEN(names); i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	}
	return -1;
}

static double value(uint8_t field, void *arg)
{
	static const double values[] = {6, 3, 0, (double)NAN};

	(void)arg;
	return values[field];
}

static void eval__sound_expressions__as_arithmetic_says(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double want; /* NaN: absent */
	} rows[] = {
		{"a",			       6   },
		{"1 + 2 * 3",			      7   },
		{"(1 + 2) * 3",			9	 },
		{"10 - 4 - 3",		       3	},
		{"100 * b / a",			50  },
		{"2 ^ 3 ^ 2",			      512 },
		{"-2 ^ 2",			   -4  },
		{"--a",			     6	 },
		{"a * 10 ^ (3 * (9 - 9)) / 10 ^ 1", 0.6 },
		{"10 ^ -2",			    0.01},
		{"2e8",			     2e8 },
		{" a+b ",			   9   },
		{"a / zero",			     NAN },
		{"zero / zero",			NAN },
		{"a + gone",			     NAN },
		{"0 * gone",			     NAN },
		{"10 ^ 400",			     NAN },
	};
	struct nf_arena *arena = nf_arena_new();

	NF_ROWS(i, rows)
	{
		const struct nf_expr *expr;
		const char *why = "";
		size_t at;

		if (nf_expr_parse(arena, rows[i].text, resolve, NULL, &expr, &why, &at) !=
			NF_OK)
			fail_msg("%s: %s", rows[i].text, why);
		double got = nf_expr_eval(expr, value, NULL);
		if (isnan(rows[i].want) ? !isnan(got) : !(fabs(got - rows[i].want) < 1e-9))
			fail_msg("%s: %g", rows[i].text, got);
	}
	nf_arena_free(arena);
}

static void parse__broken__says_where(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why;
		size_t at;
	} rows[] = {
		{"",				      "a number, a field or '(' expected", 0 },
		{"a +",				   "a number, a field or '(' expected", 3 },
		{"a b",				   "an operator expected",		2 },
		{"(a",				    "')' expected",		       2 },
		{"a + c",				 "no such field",			   4 },
		{"3x",				    "not a number",		       0 },
		{"a % b",				 "an operator expected",		  2 },
		{"((((((((((((((((((a))))))))))))))))))", "too many parentheses",		  17},
	};
	struct nf_arena *arena = nf_arena_new();

	NF_ROWS(i, rows)
	{
		const struct nf_expr *expr;
		const char *why = "";
		size_t at = 0;

		assert_int_equal(
			nf_expr_parse(arena, rows[i].text, resolve, NULL, &expr, &why, &at),
			NF_EFORMAT);
		if (strcmp(why, rows[i].why) != 0 || at != rows[i].at)
			fail_msg("%s: %s at %zu", rows[i].text, why, at);
	}
	nf_arena_free(arena);
}

static void parse__very_long__refused_not_overrun(void **state)
{
	(void)state;
	static const char *const repeated[] = {"a+", "(", "-", "2^", "1/(", "a^("};
	struct nf_arena *arena = nf_arena_new();

	NF_ROWS(i, repeated)
	{
		char text[20000] = "";
		const struct nf_expr *expr = NULL;
		const char *why;
		size_t at;

		for (size_t n = 0; n + 4 < sizeof text; n += strlen(repeated[i]))
			memcpy(text + n, repeated[i], strlen(repeated[i]) + 1);
		enum nf_err err = nf_expr_parse(arena, text, resolve, NULL, &expr, &why, &at);
		assert_int_equal(err, NF_EFORMAT);
	}
	nf_arena_free(arena);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eval__sound_expressions__as_arithmetic_says),
		cmocka_unit_test(parse__broken__says_where),
		cmocka_unit_test(parse__very_long__refused_not_overrun),
	};
	return NF_RUN(tests, argc, argv);
}
