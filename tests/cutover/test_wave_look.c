// SPDX-License-Identifier: GPL-3.0-or-later
/* What a look of a wave takes from a probe and from the ledger. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "checks/cutover/wave.h"
#include "checks/cutover/wave_ledger.h"
#include "tests/cutover/looks.h"

static void look__probe__parts_are_filled(void **state)
{
	(void)state;
	json_t *probe = looks_parse(
		"{'device':'a','ping':{'sent':3,'received':2,'rtt_us':{'min':1,'median':2.5,'max':3}},"
		"'snmp':{'answered':true,'error':'','engine_id':'80001f','system':{'sysName':'x'},"
		"'interfaces':[{'ifName':'eth0','ifOperStatus':'up','ifHighSpeed':1000,'ifInErrors':2,"
		"'ifOutErrors':3,'ifPhysAddress':'52:54:00:00:00:01'},{'ifDescr':'lo','ifSpeed':10000000,'ifPhysAddress':'00:00:00:00:00:00'}],"
		"'entities':[{'entPhysicalClass':'chassis','entPhysicalSerialNum':'S1'},"
		"{'entPhysicalClass':'chassis','entPhysicalSerialNum':''},"
		"{'entPhysicalClass':'port','entPhysicalSerialNum':'SFP1'},{'entPhysicalSerialNum':'X'},"
		"{'entPhysicalClass':'chassis','entPhysicalSerialNum':'S2'},"
		"{'entPhysicalClass':'chassis','entPhysicalSerialNum':'S1'}],'neighbours':[{'lldpRemSysName':'sw'}]}}");
	json_t *want = looks_parse(
		"{'ping':{'sent':3,'received':2,'rtt_us':2.5},'snmp':{'answered':true,'error':'','sysName':'x'},"
		"'identity':{'engine':'80001f','serials':['S1','S2'],'macs':['52:54:00:00:00:01']},"
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

/* A module that was taken along makes no other machine the same one. */
static void look__a_module_moved__is_not_the_machine(void **state)
{
	(void)state;
	static const char form[] =
		"{'snmp':{'answered':true,'entities':[{'entPhysicalClass':'chassis',"
		"'entPhysicalSerialNum':'%s'},{'entPhysicalClass':'module','entPhysicalSerialNum':'SFP1'}]}}";
	static const struct {
		const char *serial;
		enum nf_same want;
	} rows[] = {
		{"S1", NF_SAME_YES},
		{"S2", NF_SAME_NO },
	};
	NF_ROWS(i, rows)
	{
		char *was = nf_xasprintf(form, "S1"), *is = nf_xasprintf(form, rows[i].serial);
		json_t *probes[] = {looks_parse(was), looks_parse(is)};
		json_t *looks[] = {json_object(), json_object()};
		for (size_t k = 0; k < 2; k++)
			nf_wave_look_probe(looks[k], probes[k]);
		assert_int_equal(nf_wave_same(looks[0], looks[1]), rows[i].want);
		for (size_t k = 0; k < 2; k++) {
			json_decref(looks[k]);
			json_decref(probes[k]);
		}
		free(was);
		free(is);
	}
}

#define MAC "00:1b:21:00:00:01"

static void see(struct nf_book *book, const char *network, const char *source,
	const char *value, const char *place, int64_t last_us)
{
	nf_book_add(book, &(struct nf_sighting){.network = network,
				  .source = source,
				  .by = strncmp(place, "sw-9", 4) == 0 ? "sw-9" : "sw-1",
				  .kind = "mac",
				  .value = value,
				  .address = strcmp(source, "fdb") == 0 ? "" : "10.1.0.7",
				  .place = place,
				  .detail = "",
				  .first_wall_us = 1,
				  .last_wall_us = last_us});
}

static json_t *look_at(const struct nf_book *book, const char *network, int64_t since_us)
{
	json_t *look = looks_parse("{" ALIVE ",'identity':{'macs':['" MAC "']}}");
	nf_wave_look_ledger(look, book, network, "10.1.0.7", since_us);
	return look;
}

/* What a wire saw on a VLAN is no port: neither the one it was at, nor the one it is at now. */
static void look__ledger__only_a_switch_tells_a_port(void **state)
{
	(void)state;
	static const struct {
		const char *before,
			*after;	 /* the source of what was seen of it last; NULL: nothing was */
		int64_t told_us; /* another one's port in the new network; 0: never */
		const char *want;
	} rows[] = {
		{"wire", NULL,   0,  ""							},
		{"wire", "wire", 0,  ""							},
		{"fdb",	NULL,   0,	 "switch port||no switch has told its ports since the move"},
		{"fdb",	NULL,   40, "switch port||no switch has told its ports since the move"},
		{"fdb",	NULL,   60, "switch port||was not seen at a port of the new network"  },
		{"fdb",	"wire", 60, "switch port||was not seen at a port of the new network"  },
		{"fdb",	"fdb",  0,  "switch port||it moved"					 },
		{"fdb",	"lldp", 0,  "switch port||it moved"					  },
	};
	NF_ROWS(i, rows)
	{
		struct nf_book *book = nf_book_new();
		if (strcmp(rows[i].before, "fdb") == 0)
			see(book, "a", "fdb", MAC, "sw-1 Gi0/1", 10);
		see(book, "a", "wire", MAC, "vlan 12", 20);
		if (rows[i].after != NULL)
			see(book, "c", rows[i].after, MAC,
				strcmp(rows[i].after, "wire") == 0 ? "vlan 9" : "sw-9 Gi0/1",
				70);
		if (rows[i].told_us != 0)
			see(book, "c", "fdb", "00:1b:21:00:00:99", "sw-9 Gi0/2",
				rows[i].told_us);
		nf_book_index(book, NULL);
		json_t *before = look_at(book, "a", 0), *after = look_at(book, "c", 50);
		char *got = looks_words(nf_wave_compare(before, after, MOVED), false);
		assert_string_equal(got, rows[i].want);
		free(got);
		json_decref(before);
		json_decref(after);
		nf_book_free(book);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(look__probe__parts_are_filled),
		cmocka_unit_test(look__a_module_moved__is_not_the_machine),
		cmocka_unit_test(look__ledger__only_a_switch_tells_a_port),
	};
	return NF_RUN(tests, argc, argv);
}
