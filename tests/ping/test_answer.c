// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "collector/ping/answer.h"

#define NOW (100 * NF_US_PER_S)

static struct nf_network admin = {.id = "admin", .source = {.interface = "vlan20"}};
static struct nf_network common = {.id = "common"};
static const struct nf_polling polling = {.loss_warning = 10,
	.loss_critical = 50,
	.rtt_warning_us = 200000,
	.rtt_critical_us = 500000};
static const struct nf_leg legs[] = {
	{.network = &admin,  .address = {.family = NF_IPV4, .bytes = {10, 1, 2, 3}}  },
	{.network = &common, .address = {.family = NF_IPV4, .bytes = {10, 100, 2, 3}}},
};

#define ANSWERED(n, rtt)                                                                       \
	{                                                                                      \
		.sent = 3, .received = (n), .lost = 3 - (n), .rtt_us = {(rtt), (rtt), (rtt) }  \
	}

static const struct {
	const char *name;
	size_t legs;
	struct nf_burst bursts[2];
	int64_t answered_mono_us; /* before, on the first leg */
	enum nf_state want;
	const char *line;
} rows[] = {
	{"all answered",		 1, {ANSWERED(3, 800)},						0,			   NF_STATE_OK,
		"3 of 3 answered, median 0.8 ms"																											     },
	{"slow",		      1, {ANSWERED(3, 250000)},					     0,		      NF_STATE_WARNING,
		"3 of 3 answered, median 250 ms (slow)"																										      },
	{"very slow",		      1, {ANSWERED(3, 600000)},						0,			   NF_STATE_CRITICAL,
		"3 of 3 answered, median 600 ms (slow)"																										      },
	{"some lost",		      1, {ANSWERED(2, 12300)},					       0,			  NF_STATE_WARNING,
		"2 of 3 answered, median 12.3 ms, 33 % lost in the last 1 bursts"																							    },
	{"silent, never answered",	   1, {ANSWERED(0, 0)},							0,			   NF_STATE_CRITICAL,
		"no answer from 10.1.2.3 (3 lost)"																											   },
	{"silent, answered before",   1, {ANSWERED(0, 0)},							 NOW - 14 * NF_US_PER_S,
		NF_STATE_CRITICAL,															    "no answer from 10.1.2.3 (3 lost), last answer 14 s ago"							   },
	{"only mangled",		 1, {{.sent = 3, .lost = 3, .mangled = 3}},			    0,		       NF_STATE_CRITICAL,
		"no answer from 10.1.2.3 (3 lost, 3 came back damaged)"																								      },
	{"unsure",		    1, {{.sent = 3, .lost = 1, .unsure = 2}},			     0,			NF_STATE_UNKNOWN,
		"no verdict on 10.1.2.3: this machine missed packets itself (3 unanswered)"																						  },
	{"queue full",		       1, {{.unsent = 3, .trouble = NF_BURST_OVERLOADED, .sys_errno = 105}}, 0,
		NF_STATE_UNKNOWN,															     "10.1.2.3 cannot be asked: the send queue of vlan20 stayed full"						},
	{"interface gone",		   1,
		{{.unsent = 3, .trouble = NF_BURST_NO_INTERFACE, .sys_errno = 19}},				    0,
		NF_STATE_CRITICAL,															    "10.1.2.3 cannot be asked: interface vlan20 is not there"							    },
	{"not our source address",	   1,
		{{.unsent = 3, .trouble = NF_BURST_NO_ROUTE, .sys_errno = 22}},					0,
		NF_STATE_CRITICAL,															    "10.1.2.3 cannot be asked: no way out of vlan20: the source address is not this machine's"			  },
	{"both answer",		2, {ANSWERED(3, 800), ANSWERED(3, 400)},				 0,			    NF_STATE_OK,
		"3 of 3 answered from 10.1.2.3, median 0.8 ms"																									       },
	{"moved",		     2, {ANSWERED(0, 0), ANSWERED(3, 400)},				 0,			    NF_STATE_OK,
		"3 of 3 answered from 10.100.2.3, median 0.4 ms; no answer from 10.1.2.3 (3 lost)"																					   },
	{"slow there, silent here",   2, {ANSWERED(0, 0), ANSWERED(3, 600000)},			      0,
		NF_STATE_CRITICAL,															    "3 of 3 answered from 10.100.2.3, median 600 ms (slow); no answer from 10.1.2.3 (3 lost)"			 },
	{"silent on both",		   2, {ANSWERED(0, 0), ANSWERED(0, 0)},					NOW - 59 * NF_US_PER_S,
		NF_STATE_CRITICAL,															    "no answer from 10.1.2.3 (3 lost); no answer from 10.100.2.3 (3 lost), last answer 59 s ago"		    },
	{"silent here, unsure there", 2, {ANSWERED(0, 0), {.sent = 3, .unsure = 3}},			     0,
		NF_STATE_CRITICAL,															    "no answer from 10.1.2.3 (3 lost); no verdict on 10.100.2.3: this machine missed packets itself (3 unanswered)"},
};

static void answer__each_row__state_and_line(void **state)
{
	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_leg_history history[2] = {
			{.answered_mono_us = rows[i].answered_mono_us}};
		struct nf_leg_look looks[2];
		struct nf_strbuf line = {0};

		print_message("  %s\n", rows[i].name);
		for (size_t leg = 0; leg < rows[i].legs; leg++) {
			nf_leg_history_add(&history[leg], &rows[i].bursts[leg], true);
			looks[leg] = (struct nf_leg_look){
				&legs[leg], &rows[i].bursts[leg], &history[leg]};
		}
		assert_int_equal(
			nf_ping_answer(&polling, looks, rows[i].legs, NF_STATE_OK, NOW, &line),
			rows[i].want);
		assert_string_equal(line.data, rows[i].line);
		nf_strbuf_free(&line);
	}
}

static void answer__of_what_is_silent__no_trouble_without_one(void **state)
{
	static const struct {
		struct nf_burst burst;
		enum nf_state state, want;
	} cases[] = {
		{ANSWERED(0,	     0), NF_STATE_CRITICAL,				    NF_STATE_OK},
		{ANSWERED(3,		     600000),	      NF_STATE_CRITICAL,				 NF_STATE_CRITICAL},
		{{.sent = 3, .lost = 1, .unsure = 2}, NF_STATE_UNKNOWN,	NF_STATE_UNKNOWN},
		{{.unsent = 3, .trouble = NF_BURST_NO_INTERFACE},  NF_STATE_CRITICAL,
			NF_STATE_CRITICAL			 },
	};

	(void)state;
	NF_ROWS(i, cases)
	{
		const struct nf_leg_history history = {0};
		const struct nf_leg_look look = {&legs[0], &cases[i].burst, &history};
		struct nf_strbuf line = {0};

		nf_strbuf_puts(&line, "x");
		assert_int_equal(nf_ping_answer_of_silent(cases[i].state, &look, 1, &line),
			cases[i].want);
		assert_int_equal(line.len > 1, cases[i].want == NF_STATE_OK);
		nf_strbuf_free(&line);
	}
}

static double loss_after(const char *bursts)
{
	struct nf_leg_history h = {0};

	/* 3 2 1 0: a usual burst with so many answers; x: a confirming echo lost; o: answered */
	for (; *bursts; bursts++) {
		bool usual = *bursts >= '0' && *bursts <= '3';
		uint32_t sent = usual ? 3 : 1;
		uint32_t received = usual ? (uint32_t)(*bursts - '0') : *bursts == 'o';
		struct nf_burst b = {
			.sent = sent, .received = received, .lost = sent - received};

		nf_leg_history_add(&h, &b, usual);
	}
	return nf_leg_history_loss(&h);
}

static void loss__over_ten_bursts__an_outage_is_not_loss(void **state)
{
	(void)state;
	static const struct {
		const char *bursts;
		double want;
	} cases[] = {
		{"3",				 0	       },
		  {"2",				 100.0 / 3 },
		    {"3333333332",			   100.0 / 30},
		{"03333333333",			0	 }, /* the first of eleven is forgotten */
		{"30o3",			      100.0 / 3 }, /* once, and the next question was answered: loss */
		{"30xxx3",			    0	    },
		       {"3333330xxx000000000000000000o3333", 0	      },
		 {"000",				 100	    },
		{"2000000000000003",		     0	      }, /* an outage longer than what is remembered */
	};

	NF_ROWS(i, cases)
	{
		print_message("  %s\n", cases[i].bursts);
		assert_true(fabs(loss_after(cases[i].bursts) - cases[i].want) < 0.001);
	}
	assert_true(isnan(loss_after("")));
	assert_true(isnan(loss_after("xx")));
}

static void rtt__quartiles__interpolated(void **state)
{
	(void)state;
	struct nf_burst b = {
		.received = 4, .rtt_us = {40, 10, 30, 20}
	 };
	struct nf_rtt r;

	nf_burst_sort(&b);
	assert_true(nf_burst_rtt(&b, &r));
	assert_true(r.min_us == 10 && r.max_us == 40);
	assert_true(r.q1_us == 17.5 && r.median_us == 25 && r.q3_us == 32.5);
	b.received = 1;
	assert_true(nf_burst_rtt(&b, &r));
	assert_true(r.min_us == 10 && r.q1_us == 10 && r.median_us == 10 && r.max_us == 10);
	b.received = 0;
	assert_false(nf_burst_rtt(&b, &r));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer__each_row__state_and_line),
		cmocka_unit_test(answer__of_what_is_silent__no_trouble_without_one),
		cmocka_unit_test(loss__over_ten_bursts__an_outage_is_not_loss),
		cmocka_unit_test(rtt__quartiles__interpolated),
	};

	return NF_RUN(tests, argc, argv);
}
