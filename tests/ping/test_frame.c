// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "collector/ping/frame.h"

#define ETHER	 "020000000001020000000002"
#define SLL_IN	 "0000000100060200000000020000"
#define SLL_OUT	 "0004000100060200000000020000"
#define SLL_LO	 "0000030400060000000000000000"
#define SLL2_IN	 "080000000000000200010006020000000002 0000"
#define SLL2_6	 "86dd0000000000020001040602000000000200 00"
#define SLL2_FAR "080000000000000200010306020000000002 0000"
/* 10.0.0.2 to 10.0.0.1, echo reply, id 0x1234, seq 7, payload "abcd" */
#define IP4  "45000020000040004001 26db 0a0000020a000001"
#define ECHO "0000 28fe 1234 0007 61626364"
/* the same with four bytes of options (NOPs) */
#define IP4_OPTIONS "46000024000040004001 23d5 0a0000020a000001 01010101"
/* fe80::2 to fe80::1, echo reply of the same */
#define IP6(next, len)                                                                         \
	"60000000" len next "ff"                                                               \
	"fe800000000000000000000000000002"                                                     \
	"fe800000000000000000000000000001"
#define ECHO6 "8100 aab2 1234 0007 61626364"
#define HOP   "3a00 050200000100"

static size_t bytes_of(const char *hex, uint8_t *out)
{
	size_t len = 0;
	unsigned value;

	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		assert_int_equal(sscanf(hex, "%2x", &value), 1);
		out[len++] = (uint8_t)value;
		hex += 2;
	}
	return len;
}

static const struct {
	const char *name;
	enum nf_frame_link link;
	const char *hex;
	enum nf_err want;
	bool outgoing, loopback, foreign;
} rows[] = {
	{"ethernet",			NF_LINK_ETHERNET, ETHER "0800" IP4 ECHO,			      NF_OK,					     false,														     false,																							       false																										},
	{"one tag",			 NF_LINK_ETHERNET, ETHER "8100000a 0800" IP4 ECHO,	      NF_OK,					     false,														     false,
		false																																																																																			      },
	{"two tags",			NF_LINK_ETHERNET, ETHER "88a80005 8100000a 0800" IP4 ECHO,	NF_OK,				       false,
		false,																																																									false																										},
	{"tags without end",		     NF_LINK_ETHERNET, ETHER "8100000a 8100000a 8100",	       NF_EFORMAT,
		false,																																   false,																							       false																										},
	{"padding behind the packet",	      NF_LINK_ETHERNET, ETHER "0800" IP4 ECHO "000000000000",
		NF_OK,																	false,														     false,																							       false																										},
	{"cooked, arriving",		     NF_LINK_SLL,	  SLL_IN "0800" IP4 ECHO,			  NF_OK,					 false,														     false,																							       false																										},
	{"cooked, leaving",		    NF_LINK_SLL,	 SLL_OUT "0800" IP4 ECHO,			  NF_OK,					 true,														      false,																							       false																										},
	{"cooked, tagged",		   NF_LINK_SLL,	SLL_IN "8100 000a 0800" IP4 ECHO,		  NF_OK,					 false,														     false,
		false																																																																																			      },
	{"cooked, lo",		       NF_LINK_SLL,	    SLL_LO "0800" IP4 ECHO,			    NF_OK,					   false,														     true,																								false																										},
	{"cooked v2",		       NF_LINK_SLL2,	    SLL2_IN IP4 ECHO,			      NF_OK,					     false,														     false,																							       false																										},
	{"cooked v2, for another machine",  NF_LINK_SLL2,	 SLL2_FAR IP4 ECHO,			    NF_OK,					   false,														     false,
		true																																																																																			       },
	{"cooked v2, IPv6, leaving",	     NF_LINK_SLL2,	   SLL2_6 IP6("3a",				    "000c") ECHO6,				   NF_OK,														     true,
		false,																																																																																			       false},
	{"raw IPv4",				 NF_LINK_RAW,					IP4 ECHO,					    NF_OK,				   false,														false,																																	    false																																													    },
	{"raw IPv6",				 NF_LINK_RAW,					IP6("3a",					    "000c") ECHO6,				   NF_OK,													false,																																    false, false},
	{"IPv4 options",			    NF_LINK_RAW,					    IP4_OPTIONS ECHO,									  NF_OK,									      false,																	    false,																																 false																																																   },
	{"IPv6 hop-by-hop header",				   NF_LINK_RAW,						IP6("00",								"0014") HOP ECHO6,								     NF_OK,																	  false,
		false,false},
	{"IPv6 atomic fragment",				 NF_LINK_RAW,					      IP6("2c",										   "0014") "3a00000000000001" ECHO6,													NF_OK,
		false,																																									      false,																																																																																					   false},
	{"IPv6 fragment",			     NF_LINK_RAW,					IP6("2c",									      "0014") "3a00000800000001" ECHO6,															NF_EFORMAT,
		false,						  false,false},
	{"IPv6 more fragments",			NF_LINK_RAW,					       IP6("2c",										     "0014") "3a00000100000001" ECHO6,
		NF_EFORMAT,																														   false,																																														 false,																																																																																																																															false},
	{"IPv6 header that goes too far", NF_LINK_RAW,
		IP6("00",										"0014") "3aff050200000100" ECHO6,														     NF_EFORMAT,false,false,false},
	{"IPv6 wrong checksum",				NF_LINK_RAW,	     IP6("3a","000c") "8100 aab3 1234 0007 61626364",
		NF_EFORMAT,	    false,																																																false,																																																																																																																																																																																																									    false},
	{"IPv6 TCP",NF_LINK_RAW,IP6("06",					    "000c") ECHO6,																   NF_ENOENT,																													     false,					     false,false},
	{"IPv6 length over the end",			     NF_LINK_RAW,				  IP6("3a",									 "000d") ECHO6,								   NF_EFORMAT,					       false,
		false,																				      false},
	{"nothing",				 NF_LINK_RAW,			 "",				     NF_EFORMAT,					 false,								       false,																								false																																												 },
	{"ARP",			    NF_LINK_ETHERNET,					    ETHER "0806 0001",									       NF_ENOENT,									      false,																					      false,																																								       false																																									       },
	{"cut in the Ethernet header",			       NF_LINK_ETHERNET,						 "0200",										   NF_EFORMAT,										  false,																	       false,
		false},
	{"cut in the IP header",				 NF_LINK_RAW,					      "450000200000",							      NF_EFORMAT,								  false,																   false,false},
	{"cut in the message",			       NF_LINK_RAW,					     IP4 "0000 28fe 1234",								   NF_EFORMAT,									      false,																       false,
		false																																																																							     },
	{"IPv4 fragment",			    NF_LINK_RAW,					    "45000020000020014001 46da 0a0000020a000001" ECHO,
		NF_EFORMAT,								       false,																false,																																										    false																																																																																																	  },
	{"IPv4 wrong header checksum",			       NF_LINK_RAW,
		"45000020000040004001 26dc 0a0000020a000001" ECHO,									  NF_EFORMAT,									       false,													   false,
		false																																																																									    },
	{"ICMP wrong checksum",				NF_LINK_RAW,					     IP4 "0000 28ff 1234 0007 61626364",								 NF_EFORMAT,
		false,																										       false,																																								       false																																																									 },
	{"IPv4 length over the end",			     NF_LINK_RAW,
		"45000040000040004001 26bb 0a0000020a000001" ECHO,								    NF_EFORMAT,									       false,														    false,
		false																																																																																			      },
	{"IPv4 length under its header",				 NF_LINK_RAW,
		"45000010000040004001 26eb 0a0000020a000001" ECHO,								   NF_EFORMAT,								       false,																										       false,
		false																																																										     },
	{"IPv4 header under 20 bytes",			       NF_LINK_RAW,
		"44000020000040004001 27db 0a0000020a000001" ECHO,							   NF_EFORMAT,							       false,																										       false,
		false																																																												  },
	{"UDP",			     NF_LINK_RAW,					     "45000020000040004011 26cb 0a0000020a000001" ECHO,								NF_ENOENT,
		false,																										       false,																																										      false																																																												       },
	{"unreachable",			     NF_LINK_RAW,					     IP4 "0301 25fd 1234 0007 61626364",										    NF_ENOENT,										       false,
		false,																														 false																																																																																			      },
	{"echo with a code",			     NF_LINK_RAW,					    IP4 "0001 28fd 1234 0007 61626364",									      NF_ENOENT,										 false,
		false,false},
};

static void decode__each_row__as_wanted(void **state)
{
	(void)state;
	NF_ROWS(i, rows)
	{
		uint8_t bytes[256];
		size_t len = bytes_of(rows[i].hex, bytes);
		struct nf_frame f;

		print_message("  %s\n", rows[i].name);
		memset(&f, 0xee, sizeof f);
		assert_int_equal(nf_frame_decode(rows[i].link, bytes, len, &f), rows[i].want);
		if (rows[i].want)
			continue;
		assert_true(f.reply);
		assert_int_equal(f.id, 0x1234);
		assert_int_equal(f.seq, 7);
		assert_int_equal(f.payload_len, 4);
		assert_memory_equal(f.payload, "abcd", 4);
		assert_int_equal(f.outgoing, rows[i].outgoing);
		assert_int_equal(f.loopback, rows[i].loopback);
		assert_int_equal(f.foreign, rows[i].foreign);
		assert_int_equal(f.from.bytes[f.from.family == NF_IPV4 ? 3 : 15], 2);
		assert_int_equal(f.to.bytes[f.to.family == NF_IPV4 ? 3 : 15], 1);
	}
}

static void decode__every_cut__never_past_the_end(void **state)
{
	(void)state;
	NF_ROWS(i, rows)
	{
		uint8_t bytes[256];
		size_t len = bytes_of(rows[i].hex, bytes);

		for (size_t cut = 0; cut < len; cut++) {
			/* exact size, so that a sanitizer sees one byte too many */
			uint8_t *exact = test_malloc(cut + 1);
			struct nf_frame f;

			memcpy(exact, bytes, cut);
			nf_frame_decode(rows[i].link, exact, cut, &f);
			test_free(exact);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decode__each_row__as_wanted),
		cmocka_unit_test(decode__every_cut__never_past_the_end),
	};

	return NF_RUN(tests, argc, argv);
}
