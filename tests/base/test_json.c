// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/text.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static void text__any_octets__one_printable_line_that_reads_back(void **state)
{
	(void)state;
	static const struct {
		const char *name, *input;
		size_t len;
		const char *want, *read;
	} rows[] = {
		{"plain",	  BYTES("eth0"),		 "\"eth0\"",		     "eth0"	   },
		{"empty",	  BYTES(""),		     "\"\"",		     ""	       },
		{"quotes",	   BYTES("a\"b\\c/d"),	       "\"a\\\"b\\\\c/d\"",	    "a\"b\\c/d"   },
		{"html",		 BYTES("\"><script>"),      "\"\\\"><script>\"",	    "\"><script>" },
		{"swedish",	    BYTES("Järfälla"),       "\"Järfälla\"",	       "Järfälla"	 },
		{"crlf",		 BYTES("a\r\nb"),		  "\"a\\r\\nb\"",		  "a\r\nb"	  },
		{"escape",	   BYTES("\x1b[31m\x7f"),	  "\"\\u001b[31m\\u007f\"", "\x1b[31m\x7f"},
		{"c1",	       BYTES("\xc2\x9b"),	  "\"\\u009b\"",		 "\xc2\x9b"	   },
		{"bidi",		 BYTES("\xe2\x80\xae"),	"\"\\u202e\"",	       "\xe2\x80\xae"},
		{"isolate",	    BYTES("\xe2\x81\xa6"),	   "\"\\u2066\"",		  "\xe2\x81\xa6"},
		{"line separator", BYTES("\xe2\x80\xa8"),	  "\"\\u2028\"",		 "\xe2\x80\xa8"},
		{"astral",	   BYTES("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"",
			"\xf0\x9f\x98\x80"								   },
		{"not utf-8",      BYTES("\xff\x01"),	 "\"\\\\xff\\u0001\"",     "\\xff\x01"	  },
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf out = {0};
		struct nf_json j = nf_json_of(&out);

		nf_json_text(&j, rows[i].input, rows[i].len);
		if (strcmp(out.data, rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].name, out.data);
		json_t *read = json_loads(out.data, JSON_DECODE_ANY, NULL);
		assert_non_null(read);
		assert_string_equal(json_string_value(read), rows[i].read);
		json_decref(read);
		nf_strbuf_free(&out);
	}
}

static void text__with_nul__kept_as_escape(void **state)
{
	(void)state;
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);

	nf_json_text(&j, BYTES("MS TCP\0"));
	assert_string_equal(out.data, "\"MS TCP\\u0000\"");
	nf_strbuf_free(&out);
}

static void numbers__all_64_bits__written_exactly(void **state)
{
	(void)state;
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);

	nf_json_array(&j);
	nf_json_u64(&j, UINT64_MAX);
	nf_json_u64(&j, UINT64_C(1) << 63);
	nf_json_i64(&j, INT64_MIN);
	nf_json_double(&j, 0.1);
	nf_json_double(&j, 1.0 / 3);
	nf_json_double(&j, 100);
	nf_json_double(&j, (double)NAN);
	nf_json_double(&j, -(double)INFINITY);
	nf_json_end(&j);
	assert_string_equal(out.data,
		"[18446744073709551615,9223372036854775808,-9223372036854775808,0.1,"
		"0.3333333333333333,100,null,null]");
	nf_strbuf_free(&out);
}

static void nesting__objects_and_arrays__commas_where_due(void **state)
{
	(void)state;
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);

	nf_json_object(&j);
	nf_json_key(&j, "a");
	nf_json_array(&j);
	nf_json_end(&j);
	nf_json_key(&j, "b");
	nf_json_object(&j);
	nf_json_key(&j, "c");
	nf_json_bool(&j, true);
	nf_json_key(&j, "d");
	nf_json_null(&j);
	nf_json_end(&j);
	nf_json_key(&j, "e");
	nf_json_puts(&j, NULL);
	nf_json_end(&j);
	assert_string_equal(out.data, "{\"a\":[],\"b\":{\"c\":true,\"d\":null},\"e\":null}");
	nf_strbuf_free(&out);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text__any_octets__one_printable_line_that_reads_back),
		cmocka_unit_test(text__with_nul__kept_as_escape),
		cmocka_unit_test(numbers__all_64_bits__written_exactly),
		cmocka_unit_test(nesting__objects_and_arrays__commas_where_due),
	};
	return NF_RUN(tests, argc, argv);
}
