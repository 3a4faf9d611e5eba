// SPDX-License-Identifier: GPL-3.0-or-later
/* What no seed of tests/wire/test_sight shows: lengths that lie, loops. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "collector/wire/arp.h"
#include "collector/wire/cdp.h"
#include "collector/wire/dhcp.h"
#include "collector/wire/dhcp6.h"
#include "collector/wire/dns.h"
#include "collector/wire/ether.h"
#include "collector/wire/ip.h"
#include "collector/wire/lldp.h"
#include "collector/wire/netbios.h"

static struct nf_cursor bytes_of(const char *hex, uint8_t *out)
{
	size_t len = 0;
	unsigned value;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert_int_equal(sscanf(hex, "%2x", &value), 1);
		out[len++] = (uint8_t)value;
		hex++;
	}
	return nf_cursor_of(out, len);
}

#define ETHER "ffffffffffff 020000000009 "

static void ether__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		enum nf_err want;
		uint16_t type, vlan;
		uint32_t oui;
		size_t left;
	} rows[] = {
		{"plain",			  ETHER "0806 0102",					     NF_OK,	    0x806,  0,  0,	 2},
		{"one tag",		    ETHER "8100 600c 0806 01",				       NF_OK,      0x806,  12, 0,  1},
		{"priority tag",		 ETHER "8100 6000 0806 01",				    NF_OK,	   0x806,  0,  0,	1},
		{"four tags",		      ETHER "88a80001 81000002 81000003 81000004 0806 01",	   NF_OK,	  0x806,
			1,													     0,  1},
		{"five tags",		      ETHER "88a80001 81000002 81000003 81000004 81000005 0806",
			NF_EFORMAT,											0,      0,  0,  0},
		{"a tag cut",		      ETHER "8100 60",					       NF_EFORMAT, 0,      0,	 0,  0},
		{"SNAP",			 ETHER "000a aaaa03 00000c 2000 0102 ffff",		    NF_OK,	   0x2000, 0,  12, 2},
		{"LLC",			ETHER "0003 424203 00",					NF_OK,      0,	  0,  0,	0},
		{"LLC longer than captured", ETHER "0103 424203 00",				     NF_OK,	    0,      0,  0,  1},
		{"from nobody",		"ffffffffffff 000000000000 0806 01",			     NF_EFORMAT, 0,	    0,  0,  0},
		{"from a group",		 "ffffffffffff 010000000000 0806 01",			      NF_EFORMAT, 0,	     0,	0,  0},
		{"cut",			"ffffffffffff 0200000000",				   NF_EFORMAT, 0,	  0,  0,	0},
	};
	uint8_t bytes[128];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_cursor c = bytes_of(rows[i].hex, bytes);
		struct nf_ether e;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_ether_decode(c.at, nf_cursor_left(&c), &e), rows[i].want);
		if (rows[i].want)
			continue;
		assert_int_equal(e.type, rows[i].type);
		assert_int_equal(e.vlans[0], rows[i].vlan);
		assert_int_equal(e.oui, rows[i].oui);
		assert_int_equal(nf_cursor_left(&e.payload), rows[i].left);
	}
}

static void link__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		bool want;
	} rows[] = {
		{"spanning tree",			  "0180c2000000 020000000009 0026",	    true },
		{"LLDP",			      "0180c200000e 020000000009 88cc",	   true },
		{"the last that no bridge passes on", "0180c200000f 020000000009 88cc",		true },
		{"the first that they do",		   "0180c2000010 020000000009 88cc",	     false},
		{"CDP",			       "01000ccccccc 020000000009 0100",		  true },
		{"PVST+, tagged",			  "01000ccccccd 020000000009 8100 000c 0032", true },
		{"HSRP 2",			    "01000ccccccf 020000000009 0800",	     false},
		{"FDP",			       "01e052cccccc 020000000009 0100",		  true },
		{"EDP",			       "00e02b000000 020000000009 0100",		  true },
		{"a keepalive",			"020000000009 020000000009 9000",		  true },
		{"a broadcast",			"ffffffffffff 020000000009 0806",		  false},
		{"cut",			       "0180c2000000 0200000000",		   false},
	};
	uint8_t bytes[64];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_cursor c = bytes_of(rows[i].hex, bytes);

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_ether_is_link(c.at, nf_cursor_left(&c)), rows[i].want);
	}
}

#define DNS(questions, answers) "0001 8400 " questions " " answers " 0000 0000 "
#define A_RECORD		"0001 0001 0000003c 0004 0a010009"

static void dns__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		bool cut;
		enum nf_err want;
		size_t len;
		const char *host;
	} rows[] = {
		{"one",			DNS("0000",	    "0001") "02506300 " A_RECORD,		  false,									 NF_OK,																			1,"pc"},
		{"flush bit",			      DNS("0000",				  "0001") "02506300 0001 8001 0000003c 0004 0a010009",
			false,				    NF_OK,																																								  1,"pc"},
		{"a pointer to itself",			DNS("0000",					    "0001") "c00c " A_RECORD,							      false,													      NF_EFORMAT,
			0,NULL},
		{"a pointer forward",			      DNS("0000",					  "0001") "c010 0000 " A_RECORD,										  false,
			NF_EFORMAT,																																	0,NULL},
		{"a pointer back and on",
			DNS("0001",				    "0001") "02506300 0001 0001 0178c00c " A_RECORD,									     false,
			NF_OK,		       1,"x.pc"},
		{"no label",		     DNS("0000",					  "0001") "80 " A_RECORD,										   false,																			 NF_EFORMAT,																																				   0,NULL},
		{"bytes that are no text", DNS("0000","0001") "041b2e00c3 00 " A_RECORD,false,
			NF_OK,1,"????"},
		{"an A of 5 bytes",
			DNS("0000",			    "0001") "02506300 0001 0001 0000003c 0005 0a01000900",
			false,																				    NF_OK,																																																																												 0,																																																																																																											NULL},
		{"too many records",	     DNS("0000",					 "ffff") "02506300 " A_RECORD, false,
			NF_EFORMAT,																			0,NULL},
		{"fewer than it says",		       DNS("0000",			   "0002") "02506300 " A_RECORD,							 false,
			NF_EFORMAT,																											1,NULL},
		{"the same, cut",			  DNS("0000",					      "0002") "02506300 " A_RECORD,								    true,													   NF_OK,																										 1,
			"pc"},
		{"header cut",		       "0001 8400 0000",					 true,										 NF_EFORMAT,																	       0,							      NULL},
	};
	uint8_t bytes[128];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_dns dns;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_dns_decode(bytes_of(rows[i].hex, bytes), rows[i].cut, &dns),
			rows[i].want);
		if (rows[i].want)
			continue;
		assert_int_equal(dns.len, rows[i].len);
		if (rows[i].host)
			assert_string_equal(dns.hosts[0].name, rows[i].host);
	}
}

static void dns__a_name_of_many_labels__is_refused_when_too_long(void **state)
{
	char name[NF_DNS_NAME_MAX];
	uint8_t labels[400];

	(void)state;
	for (size_t i = 0; i < sizeof labels; i += 2) {
		labels[i] = 1;
		labels[i + 1] = 'a';
	}
	labels[250] = 0;
	assert_int_equal(nf_dns_labels(nf_cursor_of(labels, 251), name), NF_OK);
	assert_int_equal(strlen(name), 249);
	labels[250] = 1;
	assert_int_equal(nf_dns_labels(nf_cursor_of(labels, sizeof labels), name), NF_EFORMAT);
}

static void lldp__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		enum nf_err want;
	} rows[] = {
		{"the least",	      "0207 04 020000000009 0404 05 676931 0602 0078 0000", NF_OK	 },
		{"a local chassis",	    "0203 07 6161 0404 05 676931 0602 0078",		     NF_OK	  },
		{"no chassis",	       "0404 05 676931 0602 0078 0000",			NF_EFORMAT},
		{"a group as chassis",    "0207 04 010000000009 0404 05 676931 0602 0078 0000",
			NF_EFORMAT									       },
		{"a MAC of 5 bytes",	     "0206 04 0200000000 0404 05 676931 0602 0078 0000",
			NF_EFORMAT									       },
		{"no lifetime",		"0207 04 020000000009 0404 05 676931 0000",	    NF_EFORMAT},
		{"a length over the end",
			"0207 04 020000000009 0404 05 676931 0602 0078 0bff 61",			 NF_OK     },
		{"nothing",		    "",						   NF_EFORMAT},
	};
	uint8_t bytes[128];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_lldp l;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(
			nf_lldp_decode(bytes_of(rows[i].hex, bytes), &l), rows[i].want);
	}
}

static void cdp__checksums__of_both_kinds_are_right(void **state)
{
	static const struct {
		const char *name, *hex;
		bool cut;
		enum nf_err want;
	} rows[] = {
	/* 02b4 + 0001 + 0006 + 7377 = 7632; even */
		{"even",		 "02b4 89cd 0001 0006 7377", false, NF_OK	 },
		{"even, wrong",	"02b4 89ce 0001 0006 7377", false, NF_EFORMAT},
		{"wrong, but cut",	   "02b4 89ce 0001 0006 7377", true,  NF_OK	  },
 /* odd: as the RFC has it 02b4 + 0001 + 0005 + 7300, as Cisco 02b4 + 0001 + 0005 + 0073 */
		{"odd, the RFC's",	   "02b4 8a45 0001 0005 73",   false, NF_OK	 },
		{"odd, Cisco's",	 "02b4 fcd2 0001 0005 73",   false, NF_OK     },
 /* the last byte over 0x7f: a word of ff92 */
		{"odd, Cisco's sign", "02b4 fdb2 0001 0005 93",	false, NF_OK	    },
		{"a TLV of 3 bytes",  "02b4 89d0 0001 0003 7377", true,  NF_EFORMAT},
		{"version 3",	      "03b4 89cd 0001 0006 7377", true,	NF_EFORMAT},
	};
	uint8_t bytes[64];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_cdp d;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_cdp_decode(bytes_of(rows[i].hex, bytes), rows[i].cut, &d),
			rows[i].want);
	}
}

#define IP6 "60000000 %s fd000001000000000000000000000009 fd000001000000000000000000000005"

static void ip6__extension_headers__are_walked_and_bounded(void **state)
{
	static const struct {
		const char *name, *rest; /* length, next header, hops; then what follows */
		const char *behind;
		enum nf_err want;
		bool fragment;
		uint8_t protocol;
	} rows[] = {
		{"none",			 "0004 3b 40", "00000000",		   NF_OK,	  false, 0x3b},
		{"hop by hop",	       "000c 00 40", "3b00000000000000 00000000", NF_OK,	 false, 0x3b},
		{"first fragment",	   "000c 2c 40", "3b00000100000001 00000000", NF_OK,	     false,
			0x3b										       },
		{"later fragment",	   "000c 2c 40", "1100000800000001 00000000", NF_OK,	     true,
			0x11										       },
		{"a header over the end", "000c 00 40", "3b05000000000000 00000000", NF_EFORMAT,
			false,										 0	},
		{"nine of them",		 "0048 3c 40",
			"3c00000000000000 3c00000000000000 3c00000000000000 3c00000000000000 "
			"3c00000000000000 3c00000000000000 3c00000000000000 3c00000000000000 "
			"3b00000000000000",					  NF_EFORMAT, false, 0   },
	};
	uint8_t bytes[256];
	char hex[512];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_ip ip;

		print_message("  %s\n", rows[i].name);
		snprintf(hex, sizeof hex, IP6 " %s", rows[i].rest, rows[i].behind);
		assert_int_equal(nf_ip_decode(bytes_of(hex, bytes), &ip), rows[i].want);
		if (rows[i].want)
			continue;
		assert_int_equal(ip.fragment, rows[i].fragment);
		assert_int_equal(ip.protocol, rows[i].protocol);
	}
}

#define ARP_HOSTS "020000000009 0a010009 000000000000 0a010005"

static void arp__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		enum nf_err want;
		bool reply;
	} rows[] = {
		{"a request",	      "0001 0800 06 04 0001 " ARP_HOSTS,			 NF_OK,	false},
		{"a reply, padded",   "0001 0800 06 04 0002 " ARP_HOSTS " 000000000000",     NF_OK,
			true											 },
		{"hlen 8",		   "0001 0800 08 04 0001 " ARP_HOSTS " 00000000",	  NF_ENOENT,  false},
		{"hlen 0",		   "0001 0800 00 04 0001 0a010009 0a010005",		     NF_ENOENT,	false},
		{"plen 16",	    "0001 0800 06 10 0001 " ARP_HOSTS,		       NF_ENOENT,  false},
		{"of IPv6",	    "0001 86dd 06 04 0001 " ARP_HOSTS,		       NF_ENOENT,  false},
		{"RARP",		 "0001 0800 06 04 0003 " ARP_HOSTS,			    NF_ENOENT,  false},
		{"cut in the target", "0001 0800 06 04 0001 020000000009 0a010009 00000000",
			NF_EFORMAT,									     false},
		{"cut in the head",   "0001 0800 06",					    NF_EFORMAT, false},
		{"from a group",
			"0001 0800 06 04 0001 030000000009 0a010009 000000000000 0a010005",		NF_EFORMAT, false},
	};
	uint8_t bytes[64];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_arp a;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(nf_arp_decode(bytes_of(rows[i].hex, bytes), &a), rows[i].want);
		if (rows[i].want)
			continue;
		assert_int_equal(a.reply, rows[i].reply);
		assert_int_equal(a.sender_mac.bytes[5], 9);
	}
}

static void labels__each_row__as_wanted(void **state)
{
	static const struct {
		const char *name, *hex;
		enum nf_err want;
		const char *text;
	} rows[] = {
		{"whole",		  "02706303 6c616e00", NF_OK,      "pc.lan"},
		{"without its end", "02706303 6c616e",   NF_OK,      "pc.lan"},
		{"none",		 "",		     NF_OK,	    ""      },
		{"a label cut",	"02706303 6c61",	 NF_EFORMAT, ""      },
		{"a pointer",	      "027063 c000",	     NF_EFORMAT, ""	   },
	};
	uint8_t bytes[64];

	(void)state;
	NF_ROWS(i, rows)
	{
		char name[NF_DNS_NAME_MAX] = "";

		print_message("  %s\n", rows[i].name);
		assert_int_equal(
			nf_dns_labels(bytes_of(rows[i].hex, bytes), name), rows[i].want);
		assert_string_equal(name, rows[i].text);
	}
	/* A message's names have their ends. */
	struct nf_dns dns;

	assert_int_equal(
		nf_dns_decode(bytes_of(DNS("0000", "0001") "027063", bytes), false, &dns),
		NF_EFORMAT);
}

static void dhcp6__options_over_the_end__are_refused(void **state)
{
	uint8_t bytes[64];
	struct nf_dhcp6 d;

	(void)state;
	/* Solicit; DUID-LL. */
	assert_int_equal(
		nf_dhcp6_decode(
			bytes_of("01000001 0001 000a 0003 0001 020000000009", bytes), &d),
		NF_OK);
	assert_true(d.has_mac);
	assert_int_equal(
		nf_dhcp6_decode(
			bytes_of("01000001 0001 000b 0003 0001 020000000009", bytes), &d),
		NF_EFORMAT);
	assert_int_equal(nf_dhcp6_decode(bytes_of("0c000001", bytes), &d), NF_ENOENT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ether__each_row__as_wanted),
		cmocka_unit_test(link__each_row__as_wanted),
		cmocka_unit_test(dns__each_row__as_wanted),
		cmocka_unit_test(dns__a_name_of_many_labels__is_refused_when_too_long),
		cmocka_unit_test(lldp__each_row__as_wanted),
		cmocka_unit_test(cdp__checksums__of_both_kinds_are_right),
		cmocka_unit_test(ip6__extension_headers__are_walked_and_bounded),
		cmocka_unit_test(arp__each_row__as_wanted),
		cmocka_unit_test(labels__each_row__as_wanted),
		cmocka_unit_test(dhcp6__options_over_the_end__are_refused),
	};

	return NF_RUN(tests, argc, argv);
}
