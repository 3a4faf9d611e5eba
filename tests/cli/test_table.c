// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fold.h"
#include "cli/table.h"

static void columns__characters__as_a_terminal_has_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t want;
	} rows[] = {
		{"",		     0},
		{"Järfälla",	     8},
		{"Ja\u0308rfa\u0308lla", 8}, /* as some systems write it: a, then two dots */
		{"✖ →",		3},
		{"日本",		 4},
		{"\xff",		 1},
	};
	NF_ROWS(i, rows)
	assert_int_equal(nf_fold_columns(rows[i].text, strlen(rows[i].text)), rows[i].want);
}

static void lines__width__broken_between_words_and_hung(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t width;
		const char *want;
	} rows[] = {
		{"one two three\n",		    8,  "one two\n  three\n"		   },
		{"one two three\n",		    0,  "one two three\n"			},
		{"  - åäö åäö åäö\nx\n", 11, "  - åäö åäö\n    åäö\nx\n"},
		{"unbreakable and\n",	      5,	 "unbreakable\n  and\n"	       },
		{"exact fits\n\nlast",	       10, "exact fits\n\nlast\n"		 },
	};
	NF_ROWS(i, rows)
	{
		char *got = NULL;
		size_t len = 0;
		FILE *to = open_memstream(&got, &len);
		nf_fold_lines(to, rows[i].text, rows[i].width);
		fclose(to);
		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void table__does_not_fit__last_column_folded_or_below(void **state)
{
	(void)state;
	static const char *const headings[] = {"NETWORK", ">TOTAL", "WHY"};
	static const char why[] = "en lång förklaring med många ord som inte ryms på raden";
	static const struct {
		size_t width;
		const char *want;
	} rows[] = {
		{0,  "NETWORK  TOTAL  WHY\n"
		    "Skolnät      6  en lång förklaring med många ord som inte ryms på raden\n"
		    "a           12  \n"	},
		{60, "NETWORK  TOTAL  WHY\n"
		     "Skolnät      6  en lång förklaring med många ord som inte\n"
		     "                ryms på raden\n"
		     "a           12  \n"},
		{40, "NETWORK  TOTAL\n"
		     "Skolnät      6\n"
		     "    en lång förklaring med många ord som\n"
		     "    inte ryms på raden\n"
		     "a           12\n"  },
		{13, "NETWORK TOTAL\n"
		     "Skolnät     6\n"
		     "    en lång\n    förklaring\n    med många\n    ord som\n    inte ryms\n"
		     "    på raden\n"
		     "a          12\n"   },
	};
	NF_ROWS(i, rows)
	{
		struct nf_table *t = nf_table_new(headings, 3);
		char *got = NULL;
		size_t len = 0;
		FILE *to = open_memstream(&got, &len);
		nf_table_fit(t, rows[i].width);
		nf_table_cell(t, "Skolnät");
		nf_table_number(t, 6);
		nf_table_cell(t, why);
		nf_table_cell(t, "a");
		nf_table_number(t, 12);
		nf_table_cell(t, "");
		nf_table_print(t, to, false);
		fclose(to);
		assert_string_equal(got, rows[i].want);
		free(got);
		nf_table_free(t);
	}
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns__characters__as_a_terminal_has_them),
		cmocka_unit_test(lines__width__broken_between_words_and_hung),
		cmocka_unit_test(table__does_not_fit__last_column_folded_or_below),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return NF_RUN(tests, argc, argv);
}
