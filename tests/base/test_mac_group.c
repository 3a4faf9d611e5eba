// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "base/mac_group.h"

static void group__each_mac__its_name(void **state)
{
	static const struct {
		const char *mac, *want;
		bool is_group;
	} rows[] = {
	/* clang-format off */
		{"00:00:5e:00:01:05", "VRRP group 5", true},
		{"00:00:5e:00:02:ff", "VRRP (IPv6) group 255", true},
		{"00:00:5e:00:03:05", "", false},
		{"00:00:0c:07:ac:0a", "HSRP group 10", true},
		{"00:00:0c:07:ad:0a", "", false},
		{"00:00:0c:9f:f1:23", "HSRP 2 group 291", true},
		{"00:00:0c:9f:e1:23", "", false},
		{"00:05:73:a0:0f:ff", "HSRP 2 (IPv6) group 4095", true},
		{"00:05:73:a0:10:00", "", false},
		{"00:07:b4:00:17:02", "GLBP group 23", true},
		{"00:07:b4:03:ff:02", "GLBP group 1023", true},
		{"00:07:b4:04:00:02", "", false},
		{"02:00:5e:00:01:05", "", false},
		{"01:00:5e:00:00:12", "", true},
		{"33:33:00:00:00:01", "", true},
		{"ff:ff:ff:ff:ff:ff", "", true},
		{"00:00:00:00:00:00", "", true},
		{"00:1b:21:00:00:01", "", false},
	/* clang-format on */
	};
	char buf[40];

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_mac mac;

		print_message("  %s\n", rows[i].mac);
		assert_int_equal(nf_mac_parse(rows[i].mac, &mac), NF_OK);
		const char *got = nf_mac_group_text(&mac, buf, sizeof buf);

		assert_string_equal(got ? got : "", rows[i].want);
		assert_int_equal(nf_mac_is_group(&mac), rows[i].is_group);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(group__each_mac__its_name),
	};

	return NF_RUN(tests, argc, argv);
}
