// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

static void u64__text__strict(void **state)
{
	(void)state;
	static const struct {
		const char *input;
		enum nf_err want;
		uint64_t value;
	} rows[] = {
		{"0",		      NF_OK,	     0	      },
		{"16",		       NF_OK,      16	},
		{"18446744073709551615", NF_OK,	UINT64_MAX},
		{"18446744073709551616", NF_ERANGE,  0	     },
		{"",		     NF_EFORMAT, 0	  },
		{"16l",			NF_EFORMAT, 0	     },
		{"0161",		 NF_EFORMAT, 0	      },
		{" 1",		       NF_EFORMAT, 0	    },
		{"+1",		       NF_EFORMAT, 0	    },
		{"-1",		       NF_EFORMAT, 0	    },
		{"0x10",		 NF_EFORMAT, 0	      },
	};
	NF_ROWS(i, rows)
	{
		uint64_t got = 7;
		assert_int_equal(
			nf_parse_u64(rows[i].input, 0, UINT64_MAX, &got), rows[i].want);
		assert_true(got == (rows[i].want == NF_OK ? rows[i].value : 7));
	}
}

static void i64__bounds__kept(void **state)
{
	(void)state;
	int64_t got;
	assert_int_equal(
		nf_parse_i64("-9223372036854775808", INT64_MIN, INT64_MAX, &got), NF_OK);
	assert_true(got == INT64_MIN);
	assert_int_equal(
		nf_parse_i64("9223372036854775808", INT64_MIN, INT64_MAX, &got), NF_ERANGE);
	assert_int_equal(nf_parse_i64("70000", 1, 65535, &got), NF_ERANGE);
	assert_int_equal(nf_parse_i64("--1", INT64_MIN, INT64_MAX, &got), NF_EFORMAT);
}

static void duration__text__microseconds(void **state)
{
	(void)state;
	static const struct {
		const char *input;
		enum nf_err want;
		int64_t us;
	} rows[] = {
		{"500ms",		  NF_OK,	 500 * NF_US_PER_MS	   },
		{"30s",			NF_OK,      30 * NF_US_PER_S	       },
		{"5m",		       NF_OK,      300 * NF_US_PER_S       },
		{"2h",		       NF_OK,      7200 * NF_US_PER_S	},
		{"90d",			NF_OK,      90 * 86400 * NF_US_PER_S},
		{"2w",		       NF_OK,      14 * 86400 * NF_US_PER_S},
		{"0",		      NF_OK,	     0			      },
		{"30",		       NF_EFORMAT, 0			    },
		{"30 s",			 NF_EFORMAT, 0			      },
		{"30sec",		  NF_EFORMAT, 0		       },
		{"1.5s",			 NF_EFORMAT, 0			      },
		{"s",		      NF_EFORMAT, 0			   },
		{"99999999999999999999s", NF_ERANGE,  0			      },
		{"99999999w",	      NF_ERANGE,	 0			  },
	};
	NF_ROWS(i, rows)
	{
		int64_t got = -7;
		assert_int_equal(
			nf_parse_duration(rows[i].input, 0, INT64_MAX, &got), rows[i].want);
		assert_true(got == (rows[i].want == NF_OK ? rows[i].us : -7));
	}
}

static void size__text__bytes(void **state)
{
	(void)state;
	static const struct {
		const char *input;
		enum nf_err want;
		uint64_t bytes;
	} rows[] = {
		{"512",		NF_OK,      512			  },
		{"512B",	 NF_OK,	512			   },
		{"10KB",	 NF_OK,	10000		     },
		{"10KiB",	  NF_OK,	 10240		      },
		{"1GiB",	 NF_OK,	UINT64_C(1) << 30	 },
		{"2TB",		NF_OK,      UINT64_C(2000000000000)},
		{"1G",	       NF_EFORMAT, 0			    },
		{"1gib",	 NF_EFORMAT, 0		      },
		{"17000000TiB", NF_ERANGE,  0			    },
	};
	NF_ROWS(i, rows)
	{
		uint64_t got = 7;
		assert_int_equal(
			nf_parse_size(rows[i].input, 0, UINT64_MAX, &got), rows[i].want);
		assert_true(got == (rows[i].want == NF_OK ? rows[i].bytes : 7));
	}
}

static void number__text__no_junk(void **state)
{
	(void)state;
	double d = -1;
	assert_int_equal(nf_parse_double("99.5", 0, 100, &d), NF_OK);
	assert_true(d == 99.5);
	static const char *const bad[] = {"", "99,5", "1e", "nan", "inf", "0x1p3", " 1", ".5"};
	NF_ROWS(i, bad)
	assert_int_equal(nf_parse_double(bad[i], 0, 100, &d), NF_EFORMAT);
	assert_int_equal(nf_parse_double("100.1", 0, 100, &d), NF_ERANGE);
	bool b = true;
	assert_int_equal(nf_parse_bool("false", &b), NF_OK);
	assert_false(b);
	assert_int_equal(nf_parse_bool("yes", &b), NF_EFORMAT);
}

static void duration__written__read_back(void **state)
{
	(void)state;
	static const struct {
		int64_t us;
		const char *want;
	} rows[] = {
		{0,			"0s"	},
		{1,			"1us"	 },
		{1500 * NF_US_PER_MS,      "1500ms"},
		{90 * NF_US_PER_S,	   "90s"	},
		{7200 * NF_US_PER_S,	     "2h"	 },
		{14 * 86400 * NF_US_PER_S, "2w"    },
	};
	NF_ROWS(i, rows)
	{
		char buf[NF_QUANTITY_MAX];
		assert_string_equal(nf_format_duration(rows[i].us, buf), rows[i].want);
		int64_t back = -1;
		assert_int_equal(nf_parse_duration(buf, 0, INT64_MAX, &back), NF_OK);
		assert_true(back == rows[i].us);
	}
}

static void people__numbers__short(void **state)
{
	(void)state;
	char buf[NF_QUANTITY_MAX];
	assert_string_equal(nf_format_size(0, buf), "0 B");
	assert_string_equal(nf_format_size(1023, buf), "1023 B");
	assert_string_equal(nf_format_size(1536, buf), "1.5 KiB");
	assert_string_equal(nf_format_size(UINT64_C(1048575), buf), "1.0 MiB");
	assert_string_equal(nf_format_size(UINT64_MAX, buf), "16.0 EiB");
	assert_string_equal(nf_format_age(59 * NF_US_PER_S, buf), "59 s");
	assert_string_equal(nf_format_age(3599 * NF_US_PER_S, buf), "59 min");
	assert_string_equal(nf_format_age(15000 * NF_US_PER_S, buf), "4 h 10 min");
	assert_string_equal(nf_format_age(-5, buf), "0 s");
	assert_string_equal(nf_format_age(INT64_MAX, buf), "106751991 d 4 h");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u64__text__strict),
		cmocka_unit_test(i64__bounds__kept),
		cmocka_unit_test(duration__text__microseconds),
		cmocka_unit_test(size__text__bytes),
		cmocka_unit_test(number__text__no_junk),
		cmocka_unit_test(duration__written__read_back),
		cmocka_unit_test(people__numbers__short),
	};
	return NF_RUN(tests, argc, argv);
}
