// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static void escape__anything__printable_single_line(void **state)
{
	(void)state;
	static const struct {
		const char *name, *input;
		size_t len, max;
		const char *want;
	} rows[] = {
		{"plain",	  BYTES("sw-1 Gi0/1"),       100, "sw-1 Gi0/1"		},
		{"swedish",	    BYTES("Järfälla"),       100, "Järfälla"	      },
		{"empty",	  BYTES(""),		     100, ""		    },
		{"backslash",   BYTES("a\\b"),	     100, "a\\b"		},
		{"escape code", BYTES("a\x1b[31m"),	    100, "a\\x1b[31m"	     },
		{"crlf",	 BYTES("a\r\nb"),		  100, "a\\x0d\\x0ab"	     },
		{"nul",		BYTES("a\0b"),	       100, "a\\x00b"	     },
		{"del",		BYTES("\x7f"),	       100, "\\x7f"		   },
		{"c1",	       BYTES("\xc2\x9b"),	  100, "\\xc2\\x9b"	   },
		{"bidi",	 BYTES("\xe2\x80\xae"),	100, "\\xe2\\x80\\xae"     },
		{"line sep",    BYTES("\xe2\x80\xa8"),	    100, "\\xe2\\x80\\xa8"	  },
		{"broken",	   BYTES("\xff\xc3"),	      100, "\\xff\\xc3"	       },
		{"overlong",    BYTES("\xc0\xaf"),		100, "\\xc0\\xaf"		 },
		{"surrogate",   BYTES("\xed\xa0\x80"),     100, "\\xed\\xa0\\x80"	   },
		{"too high",    BYTES("\xf4\x90\x80\x80"), 100, "\\xf4\\x90\\x80\\x80"},
		{"cut",		BYTES("abcdefgh"),	   6,   "abc…"		    },
		{"just fits",   BYTES("abcdef"),	       6,	  "abcdef"		  },
		{"cut between", BYTES("aäääää"),	 8,   "aää…"		  },
		{"tiny",	 BYTES("abcdef"),		  2,   ""		       },
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf out = {0};
		nf_text_escape(&out, rows[i].input, rows[i].len, rows[i].max);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

static void escape__appending__keeps_what_stands(void **state)
{
	(void)state;
	struct nf_strbuf out = {0};
	nf_strbuf_puts(&out, "name=");
	nf_text_escape(&out, "abcdefgh", 8, 6);
	assert_string_equal(out.data, "name=abc…");
	nf_strbuf_free(&out);
}

static void utf8__valid__told_from_broken(void **state)
{
	(void)state;
	assert_true(nf_utf8_valid(BYTES("a\0ö€😀")));
	assert_false(nf_utf8_valid(BYTES("a\xe2\x82")));
	assert_false(nf_utf8_valid(BYTES("\x80")));
}

static void octets__not_utf8__escaped_bytewise(void **state)
{
	(void)state;
	struct nf_strbuf out = {0};
	nf_text_octets(&out, BYTES("ö\xff\n\x80"));
	assert_string_equal(out.data, "ö\\xff\n\\x80");
	nf_strbuf_free(&out);
}

static void lower__every_locale__knows_our_letters(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"ÅÄÖ Växel ÉÞ 1", "åäö växel éþ 1", true },
		{"",		     "",			 true },
		{"Ö",		      "O",			   false},
		{"×",		      "÷",		   false},
		{"ab",		       "abc",		      false},
		{"[@`{",		 "[@`{",		 true },
		{"[",		      "{",			   false},
		{"Đ",		      "Đ",		   true },
	};
	NF_ROWS(i, rows)
	{
		char low[40];
		snprintf(low, sizeof low, "%s", rows[i].a);
		nf_text_lower(low);
		assert_int_equal(strcmp(low, rows[i].b) == 0, rows[i].same);
		assert_int_equal(nf_text_same(rows[i].a, rows[i].b), rows[i].same);
		assert_int_equal(nf_text_same(rows[i].b, rows[i].a), rows[i].same);
	}
}

static void nearest__typo__offers_the_name(void **state)
{
	(void)state;
	static const char *const names[] = {
		"ping", "snmp", "timezone", "state_dir", "max_packets"};
	static const struct {
		const char *input, *want;
	} rows[] = {
		{"pnig",	 "ping"       },
		{"snmpp",	  "snmp"	},
		{"time_zone",  "timezone"	},
		{"statedir",   "state_dir"	},
		{"SNMP",	 "snmp"       },
		{"max_packts", "max_packets"},
		{"completely", NULL	   },
		{"",	     NULL	 },
	};
	NF_ROWS(i, rows)
	{
		const char *got = nf_nearest(rows[i].input, names, NF_LEN(names));
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
}

static void safename__any_bytes__reversible(void **state)
{
	(void)state;
	static const struct {
		const char *input;
		size_t len;
		const char *want;
	} rows[] = {
		{BYTES("interface eth0"), "interface%20eth0"},
		{BYTES("Gi0/1"),		 "Gi0%2F1"	  },
		{BYTES(".."),	      "%2E."	    },
		{BYTES(""),		    "%"	       },
		{BYTES("%41"),	       "%2541"	      },
		{BYTES("a\0b"),		"a%00b"	       },
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf name = {0}, back = {0};
		nf_safename(&name, rows[i].input, rows[i].len);
		assert_string_equal(name.data, rows[i].want);
		assert_true(nf_safename_decode(&back, name.data));
		assert_int_equal(back.len, rows[i].len);
		assert_memory_equal(back.data, rows[i].input, rows[i].len);
		nf_strbuf_free(&name);
		nf_strbuf_free(&back);
	}
}

static void safename__too_long__unique_and_bounded(void **state)
{
	(void)state;
	char a[300], b[300];
	memset(a, '/', sizeof a);
	memcpy(b, a, sizeof a);
	b[299] = 'x';
	struct nf_strbuf na = {0}, nb = {0}, back = {0};
	nf_safename(&na, a, sizeof a);
	nf_safename(&nb, b, sizeof b);
	assert_true(na.len <= 200);
	assert_string_not_equal(na.data, nb.data);
	assert_false(nf_safename_decode(&back, na.data));
	nf_strbuf_free(&na);
	nf_strbuf_free(&nb);
	nf_strbuf_free(&back);
}

static void safename__not_ours__refused(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"", ".hidden", "a/b", "%4", "%2g", "%2f", "%41", "a%2Eb"};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf back = {0};
		assert_false(nf_safename_decode(&back, rows[i]));
		nf_strbuf_free(&back);
	}
}

static void csv__what_begins_a_formula__has_an_apostrophe(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"",			      "\"\""				  },
		{"srv-1",			  "\"srv-1\""			     },
		{"say \"hi\", then",		     "\"say \"\"hi\"\", then\""	       },
		{"=1+1",			  "\"'=1+1\""				    },
		{"+46",			   "\"'+46\""				  },
		{"-",			     "\"'-\""				},
		{"@x",			    "\"'@x\""				},
		{"\tx",			   "\"'\tx\""				  },
		{"\rx",			   "\"'\rx\""				  },
		{"a=b-c@d+e",		      "\"a=b-c@d+e\""			     },
		{"N\xc3\xa4t; -1",		   "\"N\xc3\xa4t; -1\""		       },
		{"x;=HYPERLINK(\"http://evil\")", "\"x;'=HYPERLINK(\"\"http://evil\"\")\""},
		{"x,+1",			  "\"x,'+1\""				    },
		{"x\t@1",			  "\"x\t'@1\""			      },
		{"x\r-1\n=2",		      "\"x\r'-1\n'=2\""		       },
		{"x;\"=1",			   "\"x;\"\"'=1\""			  },
		{"x;;=-1",			   "\"x;;'=-1\""				},
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf out = {0};
		nf_text_csv(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

static void csv__for_people_and_for_programs(void **state)
{
	(void)state;
	static const struct {
		const char *text, *guarded, *plain;
	} rows[] = {
		{"",	     "\"\"",	     ""		       },
		{"sw-1",	 "\"sw-1\"",	     "sw-1"		   },
		{"a, \"b\"", "\"a, \"\"b\"\"\"", "\"a, \"\"b\"\"\""},
		{"a\nb",	 "\"a\nb\"",	     "\"a\nb\""	       },
		{"=1+1",	 "\"'=1+1\"",	      "=1+1"	    },
		{"-x,y",	 "\"'-x,y\"",	      "\"-x,y\""	},
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf guarded = {0}, plain = {0};
		nf_text_csv(&guarded, rows[i].text);
		nf_text_csv_plain(&plain, rows[i].text);
		assert_string_equal(guarded.data, rows[i].guarded);
		assert_string_equal(plain.data, rows[i].plain);
		nf_strbuf_free(&guarded);
		nf_strbuf_free(&plain);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape__anything__printable_single_line),
		cmocka_unit_test(escape__appending__keeps_what_stands),
		cmocka_unit_test(utf8__valid__told_from_broken),
		cmocka_unit_test(octets__not_utf8__escaped_bytewise),
		cmocka_unit_test(lower__every_locale__knows_our_letters),
		cmocka_unit_test(nearest__typo__offers_the_name),
		cmocka_unit_test(csv__what_begins_a_formula__has_an_apostrophe),
		cmocka_unit_test(safename__any_bytes__reversible),
		cmocka_unit_test(safename__too_long__unique_and_bounded),
		cmocka_unit_test(safename__not_ours__refused),
		cmocka_unit_test(csv__for_people_and_for_programs),
	};
	return NF_RUN(tests, argc, argv);
}
