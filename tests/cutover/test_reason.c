// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "checks/cutover/reasons.h"
#include "tests/speak.h"

#define MAC "00:1b:21:00:01:01"
#define S   NF_US_PER_S

/* As it is kept; caller frees. */
static char *kept(const struct nf_reason *reason)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	nf_json_object(&j);
	nf_reason_encode(reason, &j);
	nf_json_end(&j);
	return nf_strbuf_take(&text);
}

/* What an item says; caller frees. */
static char *said(const char *json, void (*say)(const json_t *item, struct nf_strbuf *out))
{
	struct nf_strbuf words = {0};
	json_t *item = json_loads(json, JSON_DECODE_ANY, NULL);
	assert_non_null(item);
	say(item, &words);
	json_decref(item);
	return nf_strbuf_take(&words);
}

static void wants(const char *json, void (*say)(const json_t *item, struct nf_strbuf *out),
	const char *want)
{
	char *got = said(json, say);
	assert_string_equal(got, want);
	free(got);
}

static void reasons__kept_and_read__in_both_languages(void **state)
{
	static const struct {
		struct nf_reason reason;
		const char *english, *swedish;
	} rows[] = {
		{{NF_REASON_SEEN, .identity = "mac", .value = MAC, .place = "sw-1 Gi0/12",
			 .address = "10.1.0.7", .by = "sw-1"},
			"MAC " MAC " at sw-1 Gi0/12, address 10.1.0.7, by sw-1",
			"MAC " MAC " på sw-1 Gi0/12, adress 10.1.0.7, enligt sw-1"														      },
		{{NF_REASON_SEEN, .identity = "mac", .value = MAC, .doubt = NF_DOUBT_LOCAL,
			 .place = "", .address = "10.1.0.7", .by = "router"},
			"MAC " MAC " (locally administered), address 10.1.0.7, by router",
			"MAC " MAC " (lokalt administrerad), adress 10.1.0.7, enligt router"													     },
		{{NF_REASON_SEEN, .identity = "hostkey", .value = "SHA256:x",
			 .doubt = NF_DOUBT_FOREIGN, .whose = "pc-2", .by = "pc-1"},
			"SSH host key SHA256:x (it is pc-2's), by pc-1",							     "SSH-värdnyckel SHA256:x (tillhör pc-2), enligt pc-1"	     },
		{{NF_REASON_SEEN, .identity = "name", .value = "nas", .doubt = NF_DOUBT_NAME,
			 .place = "Gi0/1", .by = "sw-1"},
			"name nas (a name) at Gi0/1, by sw-1",								       "namn nas (bara ett namn) på Gi0/1, enligt sw-1"			},
		{{NF_REASON_DOUBTED, .identity = "serial", .value = "X1",
			 .doubt = NF_DOUBT_SHARED, .whose = "pc-2"},
			"serial number X1 proves little: pc-2 has it, too",							  "serienummer X1 bevisar inte mycket: även pc-2 har samma"		 },
		{{NF_REASON_ANSWERS_ONLY, .address = "10.1.0.7"},
			"10.1.0.7 answers, which alone proves no identity",							  "10.1.0.7 svarar, vilket i sig inte bevisar vilken enhet det är"	},
		{{NF_REASON_QUIET, .about = "admin", .covered_us = 7500 * S,
			 .needed_us = 7 * 86400 * S},
			"silent on admin for 2 h 5 min that were listened to, of 7 d 0 h",					   "tyst på admin i 2 h 5 min som har bevakats, av 7 d 0 h som krävs"},
		{{NF_REASON_QUIET, .about = "admin"},
			"silent on admin for 0 s that were listened to, of 0 s",						     "tyst på admin i 0 s som har bevakats, av 0 s som krävs"		},
		{{NF_REASON_EXEMPT, .about = "ugnens styrning"},
			"exempt until then: ugnens styrning",									"undantagen till dess: ugnens styrning"			       },
		{{.kind = NF_REASON_CHECKS_OK},						      "all its checks are ok",
			"alla dess kontroller är ok"																		    },
		{{NF_REASON_SAID, .about = "skrotas"},					       "skrotas",		  "skrotas"							   },
 /* What comes from the network is no format, and stays as it is. */
		{{NF_REASON_CALLED, .about = "%n%2$s%s%%<b>\x1b[31m\xff"},
			"%n%2$s%s%%<b>\x1b[31m\\xff called its old address",							 "%n%2$s%s%%<b>\x1b[31m\\xff anropade dess gamla adress"	       },
	};
	(void)state;
	speak("sv");
	NF_ROWS(i, rows)
	{
		char *json = kept(&rows[i].reason);
		print_message("  %s\n", json);
		wants(json, nf_reason_item_english, rows[i].english);
		wants(json, nf_reason_item_words, rows[i].swedish);
		free(json);
	}
}

/* Every sentence there is, whole, and in Swedish another than in English. */
static void reasons__all_kinds__have_words(void **state)
{
	(void)state;
	speak("sv");
	for (int kind = 0; kind < NF_REASON_KINDS; kind++) {
		const struct nf_reason reason = {(enum nf_reason_kind)kind, "mac", MAC,
			NF_DOUBT_SHARED, "b", "c", "d", "e", "f", S, S};
		char *json = kept(&reason), *english = said(json, nf_reason_item_english),
		     *swedish = said(json, nf_reason_item_words);
		print_message("  %s: %s\n", json, swedish);
		assert_int_not_equal(*english, 0);
		assert_null(strchr(swedish, '%'));
		assert_int_equal(strcmp(english, swedish) == 0, kind == (int)NF_REASON_SAID);
		free(json);
		free(english);
		free(swedish);
	}
}

static void item__older_or_damaged__says_its_text_or_nothing(void **state)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
		{"{\"text\":\"MAC x at sw-1, by %s\"}",						"MAC x at sw-1, by %s"				      },
		{"{\"text\":\"all its checks are ok\"}",						 "alla dess kontroller är ok"			     },
		{"{\"text\":\"\"}",								    ""						    },
		{"{\"text\":7,\"reason\":9}",							  ""						    },
		{"{}",										 ""						    },
		{"[1]",										""						    },
		{"{\"reason\":\"later\",\"text\":\"x\"}",						  "x"						     },
		{"{\"reason\":\"called\",\"text\":\"x\"}",						   "x"						      },
		{"{\"reason\":\"called\",\"about\":[\"y\"]}",					      ""							},
		{"{\"reason\":\"seen\",\"by\":\"a\",\"value\":\"v\"}",				       ""							 },
		{"{\"reason\":\"doubted\",\"identity\":\"mac\",\"value\":\"v\",\"doubt\":\"shared\"}",
			""																	  },
		{"{\"reason\":\"doubted\",\"identity\":\"mac\",\"value\":\"v\"}",			  ""						    },
		{"{\"reason\":\"lost\",\"doubt\":\"odd\"}",					    ""						      },
		{"{\"reason\":\"quiet\",\"about\":\"a\",\"covered_s\":9223372036854775807,"
		 "\"needed_s\":-1}",						  "tyst på a i 0 s som har bevakats, av 0 s som krävs"},
		{"{\"reason\":\"seen\",\"identity\":\"%s\",\"value\":\"v\",\"by\":\"b\"}",
			"%s v, enligt b"															    },
	};
	(void)state;
	speak("sv");
	NF_ROWS(i, rows)
	{
		print_message("  %s\n", rows[i].json);
		wants(rows[i].json, nf_reason_item_words, rows[i].want);
	}
}

static void event__in_words__or_its_output(void **state)
{
	static const struct {
		const char *data, *want;
	} rows[] = {
		{"{\"stage\":\"regressed\",\"was\":\"moved\",\"why\":{\"source\":\"ping\",\"reason\":"
		 "\"answers\",\"address\":\"10.1.0.7\"}}",			     "tillbaka på gamla sidan, förut flyttad: 10.1.0.7 svarar (ping)"},
		{"{\"stage\":\"lost\",\"was\":\"dual\",\"why\":{\"source\":\"\",\"reason\":\"lost\"}}",
			"försvunnen, förut på båda sidor: den brukade svara, men har inte synts på "
			"någondera sidan"																},
		{"",										    "output %s"						       },
		{"{\"stage\":\"lost\",\"was\":\"?\",\"why\":{\"reason\":\"lost\"}}",
			"output %s"																	      },
		{"{\"stage\":\"lost\",\"was\":\"dual\",\"why\":null}",				       "output %s"							  },
		{"[]",										  "output %s"						       },
	};
	(void)state;
	speak("sv");
	NF_ROWS(i, rows)
	{
		struct nf_strbuf words = {0};
		print_message("  %s\n", rows[i].data);
		nf_reasons_event_words(rows[i].data, "output %s", &words);
		assert_string_equal(words.data, rows[i].want);
		nf_strbuf_free(&words);
	}
}

static void compare__what_says_the_same__is_one(void **state)
{
	const struct nf_reason a = {NF_REASON_SEEN, "mac", MAC, .by = "sw-1"},
			       same = {NF_REASON_SEEN, "mac", MAC, .place = "", .by = "sw-1"},
			       other = {NF_REASON_SEEN, "mac", MAC, .by = "sw-2"},
			       weak = {NF_REASON_SEEN, "mac", MAC, NF_DOUBT_LOCAL,
				       .by = "sw-1"};
	(void)state;
	assert_int_equal(nf_reason_compare(&a, &same), 0);
	assert_true(nf_reason_compare(&a, &other) < 0);
	assert_true(nf_reason_compare(&other, &a) > 0);
	assert_true(nf_reason_compare(&a, &weak) < 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons__kept_and_read__in_both_languages),
		cmocka_unit_test(reasons__all_kinds__have_words),
		cmocka_unit_test(item__older_or_damaged__says_its_text_or_nothing),
		cmocka_unit_test(event__in_words__or_its_output),
		cmocka_unit_test(compare__what_says_the_same__is_one),
	};
	return NF_RUN(tests, argc, argv);
}
