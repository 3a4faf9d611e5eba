// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "base/addr.h"

static void addr__text__one_form_only(void **state)
{
	(void)state;
	static const struct {
		const char *input;
		enum nf_err want;
		const char *text;
	} rows[] = {
		{"10.1.2.3",     NF_OK,	    "10.1.2.3"   },
		{"2001:DB8::1",	NF_OK,      "2001:db8::1"},
		{"10.1.2",	   NF_EFORMAT, NULL	   },
		{"10.01.2.3",    NF_EFORMAT, NULL	      },
		{"10.1.2.3 ",    NF_EFORMAT, NULL	      },
		{"fe80::1%eth0", NF_EFORMAT, NULL	 },
		{"host",	 NF_EFORMAT, NULL	 },
		{"",	     NF_EFORMAT, NULL	     },
	};
	NF_ROWS(i, rows)
	{
		struct nf_addr a;
		char buf[NF_ADDR_TEXT_MAX];
		assert_int_equal(nf_addr_parse(rows[i].input, &a), rows[i].want);
		if (rows[i].text)
			assert_string_equal(nf_addr_format(&a, buf), rows[i].text);
	}
}

static void prefix__host_bits__refused(void **state)
{
	(void)state;
	struct nf_prefix p;
	assert_int_equal(nf_prefix_parse("10.1.0.0/16", &p), NF_OK);
	assert_int_equal(p.bits, 16);
	assert_int_equal(nf_prefix_parse("0.0.0.0/0", &p), NF_OK);
	assert_int_equal(nf_prefix_parse("fd00::/8", &p), NF_OK);
	assert_int_equal(nf_prefix_parse("10.1.0.1/16", &p), NF_ERANGE);
	assert_int_equal(nf_prefix_parse("10.1.0.0/33", &p), NF_ERANGE);
	assert_int_equal(nf_prefix_parse("10.1.0.0", &p), NF_EFORMAT);
	assert_int_equal(nf_prefix_parse("10.1.0.0/", &p), NF_EFORMAT);
}

static void prefix__holds__by_bits(void **state)
{
	(void)state;
	static const struct {
		const char *prefix, *addr;
		bool want;
	} rows[] = {
		{"10.100.0.0/14", "10.103.255.255", true },
		{"10.100.0.0/14", "10.104.0.0",	false},
		{"0.0.0.0/0",     "255.1.1.1",	   true },
		{"0.0.0.0/0",     "::1",	     false},
		{"fd00::/9",	     "fd7f::1",	true },
		{"fd00::/9",	     "fd80::1",	false},
	};
	NF_ROWS(i, rows)
	{
		struct nf_prefix p;
		struct nf_addr a;
		assert_int_equal(nf_prefix_parse(rows[i].prefix, &p), NF_OK);
		assert_int_equal(nf_addr_parse(rows[i].addr, &a), NF_OK);
		assert_int_equal(nf_prefix_contains(&p, &a), rows[i].want);
	}
	struct nf_prefix wide, narrow, other;
	nf_prefix_parse("10.0.0.0/8", &wide);
	nf_prefix_parse("10.1.0.0/16", &narrow);
	nf_prefix_parse("10.2.0.0/16", &other);
	assert_true(nf_prefix_overlap(&wide, &narrow));
	assert_true(nf_prefix_overlap(&narrow, &wide));
	assert_false(nf_prefix_overlap(&narrow, &other));
}

static void mac__every_writing__same(void **state)
{
	(void)state;
	static const char *const good[] = {
		"00:1A:2b:3c:4d:5e", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E"};
	NF_ROWS(i, good)
	{
		struct nf_mac mac;
		char buf[NF_MAC_TEXT_MAX];
		assert_int_equal(nf_mac_parse(good[i], &mac), NF_OK);
		assert_string_equal(nf_mac_format(&mac, buf), "00:1a:2b:3c:4d:5e");
	}
	static const char *const bad[] = {"", "00:1a:2b:3c:4d", "00:1a-2b:3c:4d:5e",
		"001a2b3c4d5g", "001a:2b3c:4d5e", "00 1a 2b 3c 4d 5e"};
	NF_ROWS(i, bad)
	{
		struct nf_mac mac;
		assert_int_equal(nf_mac_parse(bad[i], &mac), NF_EFORMAT);
	}
}

static void sockaddr__both_ways__same(void **state)
{
	(void)state;
	static const char *const rows[] = {"10.1.2.3", "fd00::7"};
	NF_ROWS(i, rows)
	{
		struct nf_addr a, back;
		struct sockaddr_storage ss;
		uint16_t port = 0;
		assert_int_equal(nf_addr_parse(rows[i], &a), NF_OK);
		nf_addr_to_sockaddr(&a, 161, &ss);
		assert_true(nf_addr_from_sockaddr((struct sockaddr *)&ss, &back, &port));
		assert_true(nf_addr_equal(&a, &back));
		assert_int_equal(port, 161);
	}
	struct nf_addr mapped, back;
	struct sockaddr_storage ss;
	assert_int_equal(nf_addr_parse("::ffff:10.1.2.3", &mapped), NF_OK);
	nf_addr_to_sockaddr(&mapped, 0, &ss);
	assert_true(nf_addr_from_sockaddr((struct sockaddr *)&ss, &back, NULL));
	assert_int_equal(back.family, NF_IPV4);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addr__text__one_form_only),
		cmocka_unit_test(prefix__host_bits__refused),
		cmocka_unit_test(prefix__holds__by_bits),
		cmocka_unit_test(mac__every_writing__same),
		cmocka_unit_test(sockaddr__both_ways__same),
	};
	return NF_RUN(tests, argc, argv);
}
