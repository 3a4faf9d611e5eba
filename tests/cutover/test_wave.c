// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "checks/cutover/wave.h"
#include "checks/cutover/wave_result.h"
#include "tests/cutover/looks.h"
#include "tests/speak.h"

static void same__a_copied_mac__is_no_other_machines(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after;
		enum nf_same want;
	} rows[] = {
		{"{'macs':['m1']}",		    "{'macs':['m0','m1']}",		    NF_SAME_YES    },
		{"{'macs':['m1'],'engine':'e1'}",	  "{'macs':['m1'],'engine':'e2'}",	   NF_SAME_YES    },
		{"{'macs':['m1']}",		    "{'macs':['m2']}",		       NF_SAME_NO	 },
		{"{'macs':['m1'],'serials':['S1']}",  "{'macs':['m1'],'serials':['S2']}",
			NF_SAME_NO									       },
		{"{'macs':['m1'],'hostkey':'k1'}",	   "{'macs':['m1'],'hostkey':'k2'}",
			NF_SAME_NO									       },
		{"{'engine':'e1','hostkey':'k1'}",	   "{'engine':'e1','hostkey':'k2'}",
			NF_SAME_NO									       },
		{"{'macs':['m1'],'serials':['S1']}",  "{'macs':['m1']}",			NF_SAME_YES	   },
		{"{'serials':['S1'],'hostkey':'k1'}", "{'serials':['S1'],'hostkey':'k2'}",
			NF_SAME_YES									      },
		{"{'serials':['S1'],'hostkey':'k1'}", "{'serials':['S2'],'hostkey':'k1'}",
			NF_SAME_YES									      },
		{"{'serials':['S1']}",		       "{'hostkey':'k1'}",		   NF_SAME_UNKNOWN},
	};
	NF_ROWS(i, rows)
	{
		json_t *before = json_object(), *after = json_object();

		json_object_set_new(before, "identity", looks_parse(rows[i].before));
		json_object_set_new(after, "identity", looks_parse(rows[i].after));
		print_message("  %s %s\n", rows[i].before, rows[i].after);
		assert_int_equal(nf_wave_same(before, after), rows[i].want);
		json_decref(before);
		json_decref(after);
	}
}

static void compare__each_aspect__named_and_judged(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *want;
	} rows[] = {
		{"{" ALIVE "}",													    "{" ALIVE "}",						   ""						 },
		{NULL,														     "{" ALIVE "}",
			"open|snapshot||there is none from before: nothing to compare with"																					},
		{"{" ALIVE "}",													    NULL,
			"open|address||the inventory gives it no address in the new network"																				       },
		{"{" ALIVE "," SNMP "}",
			"{'ping':{'sent':3,'received':0},'snmp':{'answered':false}}",															      "open|reachability||nothing answers any more"   },
		{"{" ALIVE "," SNMP "}",												   "{'ping':{'sent':3,'received':0}," SNMP "}",
			"open|ping||does not answer ping any more"																								 },
		{"{" ALIVE "," SNMP "}",												   "{" SNMP "}",						       "open|ping||was not pinged this time"	    },
		{"{'ping':{'sent':3,'received':0}," SNMP "}",									      "{" ALIVE "," SNMP "}",
			"explained|ping||answers now"																									      },
		{"{" ALIVE "}",													    "{'ping':{'received':3,'rtt_us':3001}}",
			"open|round trip time||more than twice as long as before"																						  },
		{"{" ALIVE "}",													    "{'ping':{'received':3,'rtt_us':3000}}",			 ""						   },
		{"{'ping':{'received':3,'rtt_us':500,'usual_rtt_us':5000}}",
			"{'ping':{'received':3,'rtt_us':9000}}",																		   ""						   },
		{"{" ALIVE "}",													    "{'ping':{'sent':3,'received':2,'rtt_us':500}}",
			"open|loss||loses more echoes than before"																								 },
		{"{'ping':{'sent':3,'received':2,'rtt_us':500}}",
			"{'ping':{'sent':3,'received':2,'rtt_us':500}}",																	   ""						   },
		{"{'ping':{'sent':3,'received':3,'usual_loss':30}}",
			"{'ping':{'sent':3,'received':2}}",																			""					      },
		{"{" ALIVE ",'place':'sw-1 Gi0/1'}",										       "{" ALIVE ",'ports_told':false}",
			"open|switch port||no switch has told its ports since the move"																					    },
		{"{" ALIVE "," SNMP "}",
			"{" ALIVE ",'snmp':{'answered':false,'error':'no answer'}}",
			"open|SNMP||does not answer SNMP any more"																								 },
		{"{" ALIVE "," SNMP "}",												   "{" ALIVE ",'snmp':{'answered':true,'sysName':'b'}}",
			"open|its own name||changed"																									       },
		{"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m1']}}",
			"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m2']}}",
			"explained|MAC address||the same machine with another network card"																					},
		{"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m1']}}",
			"{" ALIVE ",'identity':{'serials':['S2'],'macs':['m2']}}",
			"open|serial number||another machine answers here; open|MAC address||another "
			"machine answers here"																									      },
		{"{" ALIVE ",'identity':{'serials':['S1'],'hostkey':'k1'}}",
			"{" ALIVE ",'identity':{'serials':['S1'],'hostkey':'k2'}}",
			"open|SSH host key||changed"																									       },
		{"{" ALIVE ",'identity':{'hostkey':'k1'}}",										"{" ALIVE "}",
			"open|identity||nothing shows yet that it is the same machine"																					     },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up','mbps':1000,'errors':5},{'name':'eth1','status':'down'}]}",
			"{" ALIVE
			",'interfaces':[{'name':'eth0','status':'up','mbps':100,'errors':16}]}",													    "open|link speed|eth0|slower than before; open|link errors|eth0|errors since the "
			"snapshot"															  },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up','mbps':100,'errors':500}]}",				"{" ALIVE
			",'interfaces':[{'name':'eth0','status':'up','mbps':1000,'errors':3}]}", "explained|link speed|eth0|faster than before"  },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up'},{'name':'eth1','status':'up'}]}",			  "{" ALIVE ",'interfaces':[{'name':'eth0','status':'down'}]}",
			"open|link|eth0|is not up any more; open|link|eth1|is not there any more"																				  },
 /* A walk that was not complete says nothing. */
		{"{" ALIVE ",'interfaces':[{'name':'eth0','status':'up'}]}",								     "{" ALIVE "}",						    ""					      },
		{"{" ALIVE ",'neighbours':[{'system':'sw-1'}],'place':'sw-1 Gi0/1'}",
			"{" ALIVE ",'neighbours':[{'system':'core'}],'place':'core Gi0/7'}",
			"explained|neighbours||it moved; explained|switch port||it moved"																					  },
		{"{" ALIVE ",'neighbours':[{'system':'sw-1'}],'place':'sw-1 Gi0/1'}",
			"{" ALIVE ",'neighbours':[]}",
			"open|neighbours||has no neighbour any more; open|switch port||was not seen at a "
			"port of the new network"																									   },
		{"{" ALIVE
		 ",'services':[{'port':22,'state':'open'},{'port':80,'state':'closed'},{'port':443,'state':'open'}]}",
			"{" ALIVE
			",'services':[{'port':22,'state':'open'},{'port':80,'state':'open'},{'port':443,'state':'closed'}]}",
			"explained|service|80|answers now; open|service|443|does not answer any more"																			      },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"open|backup|n|was not looked at since the move"																							   },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE
			",'backups':[{'job':'n','verdict':'unverifiable','at_us':1000}]}",														  "open|backup|n|is not proved at the new address"},
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'bad','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'bad','at_us':2000}]}",															""					      },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':2000}]}",															 ""						     },
	};
	NF_ROWS(i, rows)
	{
		char *got = looks_differences(rows[i].before, rows[i].after);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s", i, got);
		free(got);
	}
}

static void compare__measures__have_their_unit(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *want;
	} rows[] = {
		{"{" ALIVE "}",						       "{'ping':{'received':3,'rtt_us':3001}}",
			"{'aspect':'round trip time','before':0.0005,'after':0.003001,'unit':'s','state':'open',"
			"'reason':'more than twice as long as before'}"				       },
		{"{'ping':{'sent':4,'received':4}}",				     "{'ping':{'sent':4,'received':3}}",
			"{'aspect':'loss','before':0.0,'after':25.0,'unit':'%','state':'open',"
			"'reason':'loses more echoes than before'}"					   },
		{"{" ALIVE ",'interfaces':[{'name':'e','status':'up','mbps':1000}]}",
			"{" ALIVE ",'interfaces':[{'name':'e','status':'up','mbps':100}]}",
			"{'aspect':'link speed','item':'e','before':1000,'after':100,'unit':'Mbit/s','state':'open',"
			"'reason':'slower than before'}"							},
		{"{" ALIVE ",'place':'a'}",					    "{" ALIVE ",'place':'b'}",
			"{'aspect':'switch port','before':'a','after':'b','state':'explained','reason':'it moved'}"},
	};
	NF_ROWS(i, rows)
	{
		json_t *before = looks_parse(rows[i].before),
		       *after = looks_parse(rows[i].after), *want = looks_parse(rows[i].want),
		       *got = nf_wave_compare(before, after, MOVED);
		assert_int_equal(json_array_size(got), 1);
		if (!json_equal(json_array_get(got, 0), want))
			fail_msg("row %zu: %s", i, json_dumps(got, 0));
		json_decref(before);
		json_decref(after);
		json_decref(want);
		json_decref(got);
	}
}

static void differences__wherever_it_is__compared_there(void **state)
{
	(void)state;
	static const struct {
		const char *before, *new_side, *old_side, *want;
	} rows[] = {
		{"{" ALIVE "}",					 "{" ALIVE "}",		       "{}",				     ""							},
		{"{" ALIVE "}",					 "{" ALIVE "}",		       "{'address':'10.1.0.9'," ALIVE "}",
			"old address||still answers there, too"																	     },
		{"{" ALIVE "}",					 "{}",			      "{" ALIVE "}",			     "reachability||stayed at its old address"		      },
		{"{" ALIVE ",'identity':{'macs':['a']}}",		  "{'identity':{'macs':['a']}}",
			"{" ALIVE ",'identity':{'macs':['a']}}",
			"reachability||came back to its old address"																	},
		{"{" ALIVE ",'identity':{'macs':['a']}}",
			"{'address':'10.1.0.9'," ALIVE ",'identity':{'macs':['b']}}",
			"{" ALIVE ",'identity':{'macs':['a']}}",
			"reachability||stayed at its old address; new address||another machine answers there"												     },
		{"{" ALIVE ",'services':[{'port':22,'state':'open'}]}", "{}",
			"{" ALIVE ",'services':[{'port':22,'state':'closed'}]}",
			"reachability||stayed at its old address; service|22|does not answer any more"												      },
		{"{" ALIVE "}",					 "{" ALIVE "}",
			"{'callers':[{'from':'10.1.0.7','how':'arp','at_us':5}]}",								"caller|10.1.0.7|still calls the old address"	     },
		{"{}",						  "{}",			     "{}",				   "reachability||answers nothing, and did not before either"},
		{"{" ALIVE "}",					 "{}",			      "{}",				    "reachability||nothing answers any more"		    },
		{NULL,						  "{}",			     "{" ALIVE "}",
			"snapshot||there is none from before: nothing to compare with"														      },
	};
	NF_ROWS(i, rows)
	{
		json_t *a = rows[i].before != NULL ? looks_parse(rows[i].before) : NULL,
		       *b = looks_parse(rows[i].new_side), *c = looks_parse(rows[i].old_side);
		char *got = looks_words(nf_wave_differences(a, b, c, MOVED), false);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s", i, got);
		free(got);
		json_decref(a);
		json_decref(b);
		json_decref(c);
	}
}

static void text__round_trip__with_the_languages_comma(void **state)
{
	(void)state;
	json_t *d = looks_parse("{'aspect':'round trip time','unit':'s','before':0.000512}");
	struct nf_strbuf out = {0};
	speak("sv");
	nf_wave_value_words(d, json_object_get(d, "before"), &out);
	assert_string_equal(out.data, "0,51 ms");
	speak("en");
	nf_strbuf_free(&out);
	json_decref(d);
}

static void text__values__as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *difference, *want;
	} rows[] = {
		{"{'aspect':'round trip time','unit':'s','before':0.000512,'after':0.009}",
			"|0.51 ms|9.00 ms"													      },
 /* as it was kept before differences had units */
		{"{'aspect':'round trip time','before':512,'after':9000}",						   "|0.51 ms|9.00 ms"    },
		{"{'aspect':'round trip time','unit':'s','before':0.512,'after':1}",
			"|512 ms|1000 ms"													       },
		{"{'aspect':'link speed','item':'eth0','before':1000,'after':100}",
			"eth0|1000 Mbit/s|100 Mbit/s"												   },
		{"{'aspect':'loss','before':0.0,'after':33.3}",								"|0 %|33 %"	   },
		{"{'aspect':'ping','before':3,'after':0}",								 "|3 answers|0 answers"},
		{"{'aspect':'service','item':'22','before':'open','after':'silent'}",
			"22 (ssh)|answers|is silent"												    },
		{"{'aspect':'service','item':'99999','before':'open','after':null}",
			"99999|answers|nothing"													 },
		{"{'aspect':'backup','item':'n','before':'ok','after':'unverifiable'}",
			"n|in order|could not be looked at"											     },
		{"{'aspect':'its own name','before':'open','after':'up'}",						   "|open|up"	     },
		{"{'aspect':'MAC address','before':['a','b'],'after':[]}",						   "|a, b|none"	       },
		{"{'aspect':'neighbours','before':[{'port':1,'system':'sw','remote':'Gi1'},{'system':'x'}],'after':[{}]}",
			"|sw Gi1, x|"														   },
		{"{'aspect':'SNMP','before':true,'after':''}",							       "|answers|"		  },
	};
	NF_ROWS(i, rows)
	{
		json_t *d = looks_parse(rows[i].difference);
		struct nf_strbuf out = {0};
		nf_wave_item_words(d, &out);
		nf_strbuf_putc(&out, '|');
		nf_wave_value_words(d, json_object_get(d, "before"), &out);
		nf_strbuf_putc(&out, '|');
		nf_wave_value_words(d, json_object_get(d, "after"), &out);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
		json_decref(d);
	}
}

#define FROM INT64_C(1700000000000000)
#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

static void judge__when_things_were_done__noted(void **state)
{
	(void)state;
	static const struct {
		int64_t snapshot_us, now_us;
		const char *want; /* the first words of each note */
	} rows[] = {
		{FROM - HOUR,    FROM + HOUR, ""					     },
		{FROM - HOUR,    FROM - 1,	"The wave has not begun yet"		    },
		{FROM + HOUR,    FROM + DAY,  "A snapshot was taken after the wave began"},
		{FROM + DAY,     FROM + HOUR, "The clock was set back"			  },
		{FROM - 8 * DAY, FROM + HOUR, "A snapshot is from long before the wave"  },
	};
	struct nf_device device = {.name = "a"};
	struct nf_network network = {.id = "n"};
	struct nf_wave wave = {.id = "w", .network = &network, .from_wall_us = FROM};
	NF_ROWS(i, rows)
	{
		struct nf_wave_member m = {.device = &device,
			.before = looks_parse("{" ALIVE "}"),
			.snapshot_wall_us = rows[i].snapshot_us};
		struct nf_wave_members members = {.items = &m, .len = 1};
		json_t *result = nf_wave_judge(&members, &wave, rows[i].now_us);
		const json_t *notes = json_object_get(result, "notes");
		const char *got =
			json_string_value(json_object_get(json_array_get(notes, 0), "text"));
		assert_int_equal(json_array_size(notes), *rows[i].want != '\0');
		if (got != NULL && strncmp(got, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("row %zu: %s", i, got);
		json_decref(result);
		json_decref(m.before);
	}
}

static void judge__callers_of_before__with_times(void **state)
{
	(void)state;
	char at[NF_ISO8601_MAX];
	struct nf_device device = {.name = "a"};
	struct nf_network network = {.id = "n"};
	struct nf_wave wave = {.id = "w", .network = &network, .from_wall_us = FROM};
	struct nf_wave_member m = {.device = &device,
		.before = looks_parse(
			"{" ALIVE
			",'callers':[{'from':'10.1.0.7','how':'arp','at_us':1699990000000000}]}"),
		.snapshot_wall_us = FROM - HOUR};
	struct nf_wave_members members = {.items = &m, .len = 1};
	json_t *result = nf_wave_judge(&members, &wave, FROM + HOUR);
	const json_t *got = json_object_get(
		json_array_get(json_object_get(result, "devices"), 0), "callers_before");
	json_t *want = json_pack("[{s:s, s:s, s:s}]", "from", "10.1.0.7", "how", "arp", "at",
		nf_iso8601(INT64_C(1699990000000000), at));
	if (!json_equal(got, want))
		fail_msg("%s", json_dumps(got, 0));
	json_decref(want);
	json_decref(result);
	json_decref(m.before);
}

static void accept__a_name__is_there_or_not(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"a/service 22=gone for good", "a/service 22"  },
		{"a/tjänst 22=borta",	      "a/service 22"  },
		{"a/reachability=x",	     "a/reachability"},
		{"a/nåbarhet=x",		 "a/reachability"},
		{"a/tjänst 22 (ssh)=borta",   "a/service 22"  },
		{"a/service 22 (ssh)=gone",    "a/service 22"  },
		{"a/service 22 (telnet)=gone", NULL		   },
		{"a/länk e\\x1b/1=bort",	 "a/link e\x1b/1"},
		{"a/service 2=x",		  NULL	      },
		{"a/service=x",		NULL	    },
		{"b/reachability=x",	     NULL		 },
		{"nonsense",		     NULL		 },
		{"a/=x",			 NULL	     },
	};
	json_t *result = looks_parse(
		"{'devices':[{'device':'a','differences':["
		"{'aspect':'service','item':'22'},{'aspect':'link','item':'e\\u001b/1'},"
		"{'aspect':'reachability'}]},{}]}");
	speak("sv");
	NF_ROWS(i, rows)
	{
		char *name = nf_wave_named(result, rows[i].text);
		print_message("  %s\n", rows[i].text);
		assert_string_equal(
			name != NULL ? name : "", rows[i].want != NULL ? rows[i].want : "");
		free(name);
	}
	speak("en");
	json_decref(result);
}

static void compare__garbage__no_crash(void **state)
{
	(void)state;
	static const char *const rows[] = {"{}", "{'ping':3,'snmp':[],'identity':'x'}",
		"{'interfaces':{},'services':[1,null,{}],'neighbours':'x','place':[]}",
		"{'identity':{'serials':{},'macs':3},'backups':[[],{'job':7}]}"};
	NF_ROWS(a, rows)
	NF_ROWS(b, rows)
	free(looks_differences(rows[a], rows[b]));
}

static void side__looks__where_it_stands(void **state)
{
	(void)state;
	static const struct {
		const char *before, *new_side, *old_side, *want;
	} rows[] = {
		{"{" ALIVE "}",			"{" ALIVE "}",				       "{}",	     "moved"  },
		{"{" ALIVE "}",			"{}",					  "{" ALIVE "}", "back"   },
		{"{" ALIVE "}",			"{" ALIVE "}",				       "{" ALIVE "}", "both"   },
		{"{" ALIVE "}",			"{}",					  "{}",	    "neither"},
		{"{'identity':{'macs':['a']}}", "{" ALIVE ",'identity':{'macs':['b']}}",	 "{}",
			"other"											       },
		{"{'identity':{'macs':['a']}}", "{" ALIVE ",'identity':{'macs':['b']}}",
			"{" ALIVE ",'identity':{'macs':['a']}}",							 "back"   },
		{"{'identity':{'macs':['a']}}", "{" ALIVE ",'identity':{'macs':['a']}}",
			"{" ALIVE ",'identity':{'macs':['b']}}",							 "moved"	},
		{"{}",			  "{'services':[{'port':22,'state':'closed'}]}",
			"{'services':[{'port':22,'state':'silent'}]}",					       "moved"  },
	};
	NF_ROWS(i, rows)
	{
		json_t *a = looks_parse(rows[i].before), *b = looks_parse(rows[i].new_side),
		       *c = looks_parse(rows[i].old_side);
		assert_string_equal(nf_wave_side(a, b, c), rows[i].want);
		json_decref(a);
		json_decref(b);
		json_decref(c);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same__a_copied_mac__is_no_other_machines),
		cmocka_unit_test(compare__each_aspect__named_and_judged),
		cmocka_unit_test(compare__measures__have_their_unit),
		cmocka_unit_test(differences__wherever_it_is__compared_there),
		cmocka_unit_test(text__values__as_people_write_them),
		cmocka_unit_test(text__round_trip__with_the_languages_comma),
		cmocka_unit_test(judge__when_things_were_done__noted),
		cmocka_unit_test(judge__callers_of_before__with_times),
		cmocka_unit_test(accept__a_name__is_there_or_not),
		cmocka_unit_test(compare__garbage__no_crash),
		cmocka_unit_test(side__looks__where_it_stands),
	};
	return NF_RUN(tests, argc, argv);
}
