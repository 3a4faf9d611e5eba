// SPDX-License-Identifier: GPL-3.0-or-later
/* The simulator's parts as functions: BER, recordings, ranges, options, and what GETBULK means. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/lab/sim/answer.h"
#include "tests/lab/sim/fleet.h"
#include "tests/lab/sim/range.h"
#include "tests/lab/sim/snmprec.h"

static void ber__number__shortest_form(void **state)
{
	(void)state;
	static const struct {
		bool is_signed;
		uint64_t number;
		const char *want;
		size_t len;
	} rows[] = {
		{true,  0,			  "\0",				 1},
		{true,  127,		    "\x7f",				    1},
		{true,  128,		    "\0\x80",			      2},
		{true,  (uint64_t)-1,	     "\xff",				     1},
		{true,  (uint64_t)-128,      "\x80",			       1},
		{true,  (uint64_t)-129,      "\xff\x7f",			   2},
		{true,  (uint64_t)INT32_MIN, "\x80\0\0\0",			  4},
		{false, 0,		   "\0",				 1},
		{false, 0x80,		      "\0\x80",				2},
		{false, UINT32_MAX,	    "\0\xff\xff\xff\xff",		  5},
		{false, UINT64_MAX,	    "\0\xff\xff\xff\xff\xff\xff\xff\xff", 9},
	};
	NF_ROWS(i, rows)
	{
		uint8_t content[NF_SIM_BER_INTEGER_MAX];
		size_t len = rows[i].is_signed
				     ? nf_sim_ber_signed(content, (int64_t)rows[i].number)
				     : nf_sim_ber_unsigned(content, rows[i].number);

		assert_int_equal(len, rows[i].len);
		assert_memory_equal(content, rows[i].want, len);
	}
}

static void ber__oid__there_and_back(void **state)
{
	(void)state;
	static const char *const rows[] = {"0.0", "1.0.8802", "1.2.840.10006",
		"1.3.6.1.4.1.4294967295.0.1", "2.999.3",
		"1.3.127.128.16383.16384.2097151.2097152.268435455.268435456"};
	NF_ROWS(i, rows)
	{
		struct nf_sim_oid oid, back;
		uint8_t content[NF_SIM_BER_OID_MAX];

		assert_int_equal(nf_sim_oid_parse(rows[i], strlen(rows[i]), &oid), NF_OK);
		size_t len = nf_sim_ber_oid(content, oid.ids, oid.len);

		assert_true(nf_sim_ber_decode_oid(nf_cursor_of(content, len), &back));
		assert_int_equal(nf_sim_oid_compare(oid.ids, oid.len, back.ids, back.len), 0);
		assert_false(nf_sim_ber_decode_oid(nf_cursor_of(content, 0), &back));
	}
}

static void oid__text__strict(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum nf_err want;
	} rows[] = {
		{"1.3.6",	  NF_OK     },
		{".1.3.6",	   NF_OK	},
		{"1.3.4294967295", NF_OK	},
		{"1.3.4294967296", NF_EFORMAT},
		{"1..3",		 NF_EFORMAT},
		{"1.3.",		 NF_EFORMAT},
		{"1.3x",		 NF_EFORMAT},
		{"",		     NF_EFORMAT},
		{".",	      NF_EFORMAT},
	};
	struct nf_sim_oid oid;

	NF_ROWS(i, rows)
	assert_int_equal(
		nf_sim_oid_parse(rows[i].text, strlen(rows[i].text), &oid), rows[i].want);
}

static void snmprec__line__tag_and_content(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int tag; /* -1: refused */
		const char *content;
		size_t len;
	} rows[] = {
		{"1.3.1|2|-5",			       0x02, "\xfb",				     1 },
		{"1.3.1|4|plain | text",			 0x04, "plain | text",		       12},
		{"1.3.1|4|",			      0x04, "",				       0 },
		{"1.3.1|4|ends in CR\r",			 0x04, "ends in CR",			     10},
		{"1.3.1|4x|00fFa0",			    0x04, "\0\xff\xa0",				3 },
		{"1.3.1|5|",			      0x05, "",				       0 },
		{"1.3.1|6|1.3.6.1",			    0x06, "\x2b\x06\x01",			  3 },
		{"1.3.1|64|10.0.0.255",			0x40, "\x0a\0\0\xff",			      4 },
		{"1.3.1|64|J}M}",			  0x40, "J}M}",				4 },
		{"1.3.1|64x|0a0000ff",		       0x40, "\x0a\0\0\xff",			     4 },
		{"1.3.1|65|4294967295",			0x41, "\0\xff\xff\xff\xff",		    5 },
		{"1.3.1|68x|9f78043f800000",		     0x44, "\x9f\x78\x04\x3f\x80\0\0",	       7 },
		{"1.3.1|70|18446744073709551615",	  0x46, "\0\xff\xff\xff\xff\xff\xff\xff\xff",
			9										      },
		{"1.3.1|2:numeric|min=1,max=2,initial=2", 0x02, "\2",				      1 },
		{"1.3.1|2:numeric|min=1,max=2",		0x02, "\1",				    1 },
		{"1.3.1|67:numeric|rate=100",	      0x43, "\0",				  1 },
		{"1.3.1|4:writecache|value=a b",		 0x04, "a b",				      3 },
		{"1.3.1|65|4294967296",			-1,   NULL,				  0 },
		{"1.3.1|65|-1",				-1,   NULL,				  0 },
		{"1.3.1|2|",			      -1,	 NULL,				       0 },
		{"1.3.1|4x|0",			       -1,   NULL,				 0 },
		{"1.3.1|4x|zz",				-1,   NULL,				  0 },
		{"1.3.1|64|10.0.0",			    -1,	NULL,				      0 },
		{"1.3.1|99|1",			       -1,   NULL,				 0 },
		{"1.3.1|4",			       -1,	NULL,				      0 },
		{"x|4|1",				 -1,   NULL,				    0 },
	};
	NF_ROWS(i, rows)
	{
		struct nf_sim_mib *mib = nf_sim_mib_new();
		enum nf_err code = nf_sim_snmprec_parse(
			mib, "row", rows[i].line, strlen(rows[i].line), NULL);

		if (rows[i].tag < 0) {
			assert_int_equal(code, NF_EFORMAT);
		} else {
			assert_int_equal(code, NF_OK);
			assert_int_equal(mib->entries[0].tag, rows[i].tag);
			assert_int_equal(mib->entries[0].len, rows[i].len);
			assert_memory_equal(
				mib->entries[0].bytes, rows[i].content, rows[i].len);
		}
		nf_sim_mib_free(mib);
	}
}

static void snmprec__file__sorted_first_counts(void **state)
{
	(void)state;
	static const char text[] = "# comment\n1.3.2|2|1\n1.3.1.5|2|2\n\n1.3.1|2|3\n1.3.2|4|\n";
	struct nf_sim_mib *mib = nf_sim_mib_new();

	assert_int_equal(nf_sim_snmprec_parse(mib, "text", text, sizeof text - 1, NULL), NF_OK);
	nf_sim_mib_finish(mib);
	assert_int_equal(mib->len, 3);
	assert_int_equal(mib->entries[0].bytes[0], 3);
	assert_int_equal(mib->entries[1].bytes[0], 2);
	assert_int_equal(mib->entries[2].tag, NF_SIM_INTEGER);
	nf_sim_mib_free(mib);
}

static void range__text__addresses(void **state)
{
	(void)state;
	static const struct {
		const char *text, *addr;
		bool want;
		uint32_t offset;
	} rows[] = {
		{"10.0.0.1",	     "10.0.0.1",	 true,  0	},
		{"10.0.0.1",	     "10.0.0.2",	 false, 0	 },
		{"10.0.0.0/24",	"10.0.0.255", true,  255},
		{"10.0.0.0/24",	"10.0.1.0",   false, 0  },
		{"10.0.0.200+300", "10.0.1.243", true,  299},
		{"10.0.0.200+300", "10.0.1.244", false, 0	 },
		{"10.0.0.200+300", "10.0.0.199", false, 0	 },
		{"fd00::1+20",     "fd00::14",   true,	 19 },
		{"fd00::1+20",     "fd01::14",   false, 0  },
		{"0.0.0.0/8",      "::1",	     false, 0  },
	};
	struct nf_sim_range range;
	uint32_t offset;

	NF_ROWS(i, rows)
	{
		struct nf_addr addr;

		assert_int_equal(nf_sim_range_parse(rows[i].text, &range, NULL), NF_OK);
		assert_int_equal(nf_addr_parse(rows[i].addr, &addr), NF_OK);
		assert_int_equal(nf_sim_range_holds(&range, &addr, &offset), rows[i].want);
		if (rows[i].want) {
			const struct nf_addr at = nf_sim_range_at(&range, rows[i].offset);

			assert_int_equal(offset, rows[i].offset);
			assert_true(nf_addr_equal(&at, &addr));
		}
	}
	assert_int_equal(nf_sim_range_parse("10.0.0.1-9", &range, NULL), NF_EINVAL);
	assert_int_equal(nf_sim_range_parse("10.0.0.1+0", &range, NULL), NF_EINVAL);
}

/* A request for GETBULK of two varbinds: 1.3.1 and 1.3.9. */
static size_t bulk(uint8_t out[64], uint8_t non_repeaters, uint8_t repetitions)
{
	const uint8_t request[] = {0x30, 0x2a, 2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c',
		0xa5, 0x1d, 2, 1, 9, 2, 1, non_repeaters, 2, 1, repetitions, 0x30, 0x12, 0x30,
		7, 6, 3, 0x2b, 1, 0, 5, 0, 0x30, 7, 6, 3, 0x2b, 9, 0, 5, 0};

	memcpy(out, request, sizeof request);
	return sizeof request;
}

/* The integers of a reply in order, "e" for endOfMibView; "!n" for error-status n. */
static void say(const uint8_t *reply, size_t len, char out[128])
{
	struct nf_cursor all = nf_cursor_of(reply, len);
	struct nf_cursor message, part, pdu, list, varbind;
	int64_t number, status = 0;
	uint8_t tag;
	size_t at = 0;

	assert_true(nf_sim_ber_read(&all, &tag, &message));
	assert_true(nf_sim_ber_read_integer(&message, &number));
	assert_true(nf_sim_ber_read(&message, &tag, &part) &&
		    nf_sim_ber_read(&message, &tag, &pdu));
	assert_true(nf_sim_ber_read_integer(&pdu, &number) &&
		    nf_sim_ber_read_integer(&pdu, &status) &&
		    nf_sim_ber_read_integer(&pdu, &number));
	assert_true(nf_sim_ber_read(&pdu, &tag, &list));
	if (status != 0) {
		out[at++] = '!';
		out[at++] = (char)('0' + status);
	}
	while (nf_cursor_left(&list) > 0 && at < 120) {
		assert_true(nf_sim_ber_read(&list, &tag, &varbind));
		assert_true(nf_sim_ber_read(&varbind, &tag, &part));
		assert_true(nf_sim_ber_read(&varbind, &tag, &part));
		out[at++] = tag == NF_SIM_END_OF_VIEW ? 'e'
			    : tag == NF_SIM_INTEGER   ? (char)('0' + part.at[0])
						      : '?';
	}
	out[at] = '\0';
}

static void answer__bulk__as_rfc3416_says(void **state)
{
	(void)state;
	static const struct {
		uint8_t non_repeaters, repetitions;
		const char *option;
		const char *want;
	} rows[] = {
		{0, 2, NULL,	     "1728"	   }, /* one repetition after the other */
		{0, 4, NULL,	     "17283e4e"},
		{0, 0, NULL,	     ""	       },
		{1, 3, NULL,	     "178e"	   }, /* all repeaters ended: no more repetitions */
		{2, 9, NULL,	     "17"	 },
		{9, 9, NULL,	     "17"	 },
		{0, 9, "bulk-max=3",     "172"	  },
		{0, 9, "max-size=76",    "172"	   },
		{0, 9, "max-size=40",    "!1"	  },
		{0, 9, "toobig=17",	    "!1"	},
		{0, 1, "generr=1.3.9.1", "!5"	     },
	};
	static const char values[] = "value=1.3.1.1|2|1 value=1.3.1.2|2|2 value=1.3.1.3|2|3 "
				     "value=1.3.1.4|2|4 value=1.3.9.1|2|7 value=1.3.9.2|2|8 "
				     "hide=1.3.6,1.0";
	const struct nf_addr addr = {
		.family = NF_IPV4, .bytes = {10, 0, 0, 1}
	 };
	struct nf_sim_answerer *answerer = nf_sim_answerer_new();
	uint8_t *reply = nf_xmalloc(NF_SIM_MESSAGE_MAX);

	NF_ROWS(i, rows)
	{
		struct nf_sim_fleet *fleet = nf_sim_fleet_new();
		char *line = nf_xasprintf("10.0.0.1 synthetic:switch ports=1 %s %s", values,
			rows[i].option ? rows[i].option : "");
		struct nf_error err = {0};
		uint8_t request[64];
		char said[128];

		assert_int_equal(nf_sim_fleet_add_line(fleet, line, &err), NF_OK);
		size_t len = nf_sim_answer(answerer, nf_sim_fleet_agent(fleet, &addr, 161, 0),
			request, bulk(request, rows[i].non_repeaters, rows[i].repetitions),
			false, reply);

		assert_true(len > 0);
		say(reply, len, said);
		if (said[0] == '!')
			said[2] = '\0';
		assert_string_equal(said, rows[i].want);
		nf_sim_fleet_free(fleet);
		free(line);
	}
	free(reply);
	nf_sim_answerer_free(answerer);
}

static void answer__cut_request__no_reply(void **state)
{
	(void)state;
	const struct nf_addr addr = {
		.family = NF_IPV4, .bytes = {10, 0, 0, 1}
	 };
	struct nf_sim_answerer *answerer = nf_sim_answerer_new();
	struct nf_sim_fleet *fleet = nf_sim_fleet_new();
	uint8_t *reply = nf_xmalloc(NF_SIM_MESSAGE_MAX);
	uint8_t request[64];
	size_t len = bulk(request, 0, 5);

	nf_sim_fleet_add_line(fleet, "10.0.0.1 synthetic:switch", NULL);
	struct nf_sim_agent *agent = nf_sim_fleet_agent(fleet, &addr, 161, 0);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *exact =
			nf_xmalloc(cut + 1); /* so that a sanitizer sees a read behind it */

		memcpy(exact + 1, request, cut);
		assert_int_equal(
			nf_sim_answer(answerer, agent, exact + 1, cut, false, reply), 0);
		free(exact);
	}
	assert_true(nf_sim_answer(answerer, agent, request, len, false, reply) > 0);
	free(reply);
	nf_sim_fleet_free(fleet);
	nf_sim_answerer_free(answerer);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ber__number__shortest_form),
		cmocka_unit_test(ber__oid__there_and_back),
		cmocka_unit_test(oid__text__strict),
		cmocka_unit_test(snmprec__line__tag_and_content),
		cmocka_unit_test(snmprec__file__sorted_first_counts),
		cmocka_unit_test(range__text__addresses),
		cmocka_unit_test(answer__bulk__as_rfc3416_says),
		cmocka_unit_test(answer__cut_request__no_reply),
	};
	return NF_RUN(tests, argc, argv);
}
