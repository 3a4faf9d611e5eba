// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "checks/cutover/wave.h"

#define MOVED INT64_C(1000)

/* Single quotes for double ones, to be readable in C. */
static json_t *parse(const char *text)
{
	char *json = nf_xstrdup(text);
	json_error_t err;
	for (char *c = json; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *got = json_loads(json, 0, &err);
	if (got == NULL)
		fail_msg("%s: %s", text, err.text);
	free(json);
	return got;
}

/* "open|aspect|item|reason" of each difference, separated by "; ". Caller frees. */
static char *differences(const char *before, const char *after)
{
	json_t *a = before != NULL ? parse(before) : NULL,
	       *b = after != NULL ? parse(after) : NULL;
	json_t *list = nf_wave_compare(a, b, MOVED), *d;
	struct nf_strbuf out = {0};
	size_t i;
	nf_strbuf_puts(&out, "");
	json_array_foreach(list, i, d)
	{
		const char *item = json_string_value(json_object_get(d, "item"));
		nf_strbuf_printf(&out, "%s%s|%s|%s|%s", i > 0 ? "; " : "",
			json_string_value(json_object_get(d, "state")),
			json_string_value(json_object_get(d, "aspect")),
			item != NULL ? item : "",
			json_string_value(json_object_get(d, "reason")));
	}
	assert_int_equal(nf_wave_count(list, true) + nf_wave_count(list, false), i);
	json_decref(list);
	json_decref(a);
	json_decref(b);
	return nf_strbuf_take(&out);
}

#define ALIVE "'ping':{'sent':3,'received':3,'rtt_us':500}"
#define SNMP  "'snmp':{'answered':true,'sysName':'a'}"

static void compare__each_aspect__named_and_judged(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *want;
	} rows[] = {
		{"{" ALIVE "}",													    "{" ALIVE "}",						   ""						     },
		{NULL,														     "{" ALIVE "}",
			"open|snapshot||there is none from before: nothing to compare with"																					       },
		{"{" ALIVE "}",													    NULL,
			"open|address||the inventory gives it no address in the new network"																					      },
		{"{" ALIVE "," SNMP "}",
			"{'ping':{'sent':3,'received':0},'snmp':{'answered':false}}",															      "open|reachability||nothing answers at the new address"},
		{"{" ALIVE "," SNMP "}",												   "{'ping':{'sent':3,'received':0}," SNMP "}",
			"open|ping||does not answer ping any more"																									},
		{"{" ALIVE "," SNMP "}",												   "{" SNMP "}",						       "open|ping||was not pinged this time"		    },
		{"{'ping':{'sent':3,'received':0}," SNMP "}",									      "{" ALIVE "," SNMP "}",
			"explained|ping||answers now"																										     },
		{"{" ALIVE "}",													    "{'ping':{'received':3,'rtt_us':3001}}",
			"open|round trip time||more than twice as long as before"																							 },
		{"{" ALIVE "}",													    "{'ping':{'received':3,'rtt_us':3000}}",			 ""							   },
		{"{'ping':{'received':3,'rtt_us':500,'usual_rtt_us':5000}}",
			"{'ping':{'received':3,'rtt_us':9000}}",																		   ""							   },
		{"{" ALIVE "," SNMP "}",
			"{" ALIVE ",'snmp':{'answered':false,'error':'no answer'}}",
			"open|SNMP||does not answer SNMP any more"																									},
		{"{" ALIVE "," SNMP "}",												   "{" ALIVE ",'snmp':{'answered':true,'sysName':'b'}}",
			"open|its own name||changed"																										      },
		{"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m1']}}",
			"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m2']}}",
			"explained|MAC address||the same machine with another network card"																					       },
		{"{" ALIVE ",'identity':{'serials':['S1'],'macs':['m1']}}",
			"{" ALIVE ",'identity':{'serials':['S2'],'macs':['m2']}}",
			"open|serial number||another machine answers here; open|MAC address||another "
			"machine answers here"																										     },
		{"{" ALIVE ",'identity':{'serials':['S1'],'hostkey':'k1'}}",
			"{" ALIVE ",'identity':{'serials':['S1'],'hostkey':'k2'}}",
			"open|SSH host key||changed"																										      },
		{"{" ALIVE ",'identity':{'hostkey':'k1'}}",										"{" ALIVE "}",						   ""						     },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up','mbps':1000,'errors':5},{'name':'eth1','status':'down'}]}",
			"{" ALIVE
			",'interfaces':[{'name':'eth0','status':'up','mbps':100,'errors':16}]}",													    "open|link speed|eth0|slower than before; open|link errors|eth0|errors since the "
			"snapshot"																 },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up','mbps':100,'errors':500}]}",				"{" ALIVE
			",'interfaces':[{'name':'eth0','status':'up','mbps':1000,'errors':3}]}", "explained|link speed|eth0|faster than before"	      },
		{"{" ALIVE
		 ",'interfaces':[{'name':'eth0','status':'up'},{'name':'eth1','status':'up'}]}",			  "{" ALIVE ",'interfaces':[{'name':'eth0','status':'down'}]}",
			"open|link|eth0|is not up any more; open|link|eth1|is not there any more"																					 },
 /* A walk that was not complete says nothing. */
		{"{" ALIVE ",'interfaces':[{'name':'eth0','status':'up'}]}",								     "{" ALIVE "}",						    ""						      },
		{"{" ALIVE ",'neighbours':[{'system':'sw-1'}],'place':'sw-1 Gi0/1'}",
			"{" ALIVE ",'neighbours':[{'system':'core'}],'place':'core Gi0/7'}",
			"explained|neighbours||it moved; explained|switch port||it moved"																						 },
		{"{" ALIVE ",'neighbours':[{'system':'sw-1'}],'place':'sw-1 Gi0/1'}",
			"{" ALIVE ",'neighbours':[]}",
			"open|neighbours||has no neighbour any more; open|switch port||was not seen at a "
			"port of the new network"																										  },
		{"{" ALIVE
		 ",'services':[{'port':22,'state':'open'},{'port':80,'state':'closed'},{'port':443,'state':'open'}]}",
			"{" ALIVE
			",'services':[{'port':22,'state':'open'},{'port':80,'state':'open'},{'port':443,'state':'closed'}]}",
			"explained|service|80|answers now; open|service|443|does not answer any more"																				     },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"open|backup|n|was not looked at since the move"																								  },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE
			",'backups':[{'job':'n','verdict':'unverifiable','at_us':1000}]}",														  "open|backup|n|is not proved at the new address"	},
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'bad','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'bad','at_us':2000}]}",															""						      },
		{"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':5}]}",
			"{" ALIVE ",'backups':[{'job':'n','verdict':'ok','at_us':2000}]}",															 ""						     },
	};
	NF_ROWS(i, rows)
	{
		char *got = differences(rows[i].before, rows[i].after);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s", i, got);
		free(got);
	}
}

static void compare__garbage__no_crash(void **state)
{
	(void)state;
	static const char *const rows[] = {"{}", "{'ping':3,'snmp':[],'identity':'x'}",
		"{'interfaces':{},'services':[1,null,{}],'neighbours':'x','place':[]}",
		"{'identity':{'serials':{},'macs':3},'backups':[[],{'job':7}]}"};
	NF_ROWS(a, rows)
	NF_ROWS(b, rows)
	free(differences(rows[a], rows[b]));
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
		json_t *a = parse(rows[i].before), *b = parse(rows[i].new_side),
		       *c = parse(rows[i].old_side);
		assert_string_equal(nf_wave_side(a, b, c), rows[i].want);
		json_decref(a);
		json_decref(b);
		json_decref(c);
	}
}

static void look__probe__parts_are_filled(void **state)
{
	(void)state;
	json_t *probe = parse(
		"{'device':'a','ping':{'sent':3,'received':2,'rtt_us':{'min':1,'median':2.5,'max':3}},"
		"'engine':'80001f','snmp':{'answered':true,'error':'','system':{'sysName':'x'},"
		"'interfaces':[{'ifName':'eth0','ifOperStatus':'up','ifHighSpeed':1000,'ifInErrors':2,"
		"'ifOutErrors':3,'ifPhysAddress':'52:54:00:00:00:01'},{'ifDescr':'lo','ifSpeed':10000000,'ifPhysAddress':'00:00:00:00:00:00'}],"
		"'entities':[{'entPhysicalSerialNum':'S1'},{'entPhysicalSerialNum':''},"
		"{'entPhysicalSerialNum':'S1'}],'neighbours':[{'lldpRemSysName':'sw'}]}}");
	json_t *want = parse(
		"{'ping':{'sent':3,'received':2,'rtt_us':2.5},'snmp':{'answered':true,'error':'','sysName':'x'},"
		"'identity':{'engine':'80001f','serials':['S1'],'macs':['52:54:00:00:00:01']},"
		"'interfaces':[{'name':'eth0','status':'up','mbps':1000,'errors':5},{'name':'lo','mbps':10}],"
		"'neighbours':[{'system':'sw'}]}");
	json_t *look = json_object();
	nf_wave_look_probe(look, probe);
	if (!json_equal(look, want))
		fail_msg("%s", json_dumps(look, 0));
	json_decref(look);
	json_decref(want);
	json_decref(probe);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compare__each_aspect__named_and_judged),
		cmocka_unit_test(compare__garbage__no_crash),
		cmocka_unit_test(side__looks__where_it_stands),
		cmocka_unit_test(look__probe__parts_are_filled),
	};
	return NF_RUN(tests, argc, argv);
}
