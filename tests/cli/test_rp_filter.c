// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cli/rp_filter.h"
#include "tests/conf/fixture.h"

static void put(struct fixture *f, const char *interface, const char *value)
{
	char *folder = nf_xasprintf("%s/%s", f->folder, interface);
	char *name = nf_xasprintf("%s/rp_filter", interface);

	mkdir(folder, 0700);
	fixture_puts(f, name, value);
	free(folder);
	free(name);
}

static void filter__table__larger_of_all_and_own_counts(void **state)
{
	static const struct {
		const char *all, *own;
		bool strict;
	} rows[] = {
		{"0\n", "0\n", false},
		{"1\n", "0\n", true },
		{"0\n", "1\n", true },
		{"2\n", "1\n", false},
		{"1\n", "2\n", false},
		{"x\n", "",    false},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();

		put(f, "all", rows[i].all);
		put(f, "vlan10", rows[i].own);
		assert_int_equal(nf_rp_filter_is_strict(f->folder, "vlan10"), rows[i].strict);
		assert_false(nf_rp_filter_is_strict(f->folder, "vlan11"));
		fixture_free(f);
	}
}

static void warning__shared_addresses__only_then(void **state)
{
	struct fixture *f = fixture_new();
	struct nf_diags *diags = nf_diags_new();

	(void)state;
	fixture_puts(f, "site.yaml",
		"site: {name: T}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: 10.1.0.0/16, source: {interface: vlan10}}\n"
		"  - {id: b, role: legacy, prefixes: 10.1.0.0/16, source: {interface: vlan20}}\n"
		"  - {id: c, role: legacy, prefixes: 10.2.0.0/16, source: {interface: vlan30}}\n"
		"  - {id: d, role: common, prefixes: 10.4.0.0/14, source: {interface: vlan30}}\n"
		"  - {id: e, role: lab, prefixes: 10.4.0.0/16, source: {interface: vlan30}}\n");
	put(f, "vlan10", "1\n");
	put(f, "vlan20", "2\n");
	put(f, "vlan30", "1\n");
	fixture_load(f);
	assert_non_null(f->site);
	nf_rp_filter_warn(f->folder, f->site, diags);
	assert_int_equal(nf_diags_warnings(diags), 1);
	assert_non_null(
		strstr(nf_diags_at(diags, 0)->message, "net.ipv4.conf.vlan10.rp_filter=2"));
	nf_diags_free(diags);
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter__table__larger_of_all_and_own_counts),
		cmocka_unit_test(warning__shared_addresses__only_then),
	};

	return NF_RUN(tests, argc, argv);
}
