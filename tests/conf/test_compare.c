// SPDX-License-Identifier: GPL-3.0-or-later
/* What a reload changes, in words. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/conf/fixture.h"

#define CONTACTS "contacts: [{id: x, mail: x@b}]\n"
#define DEVICES	 "devices: [{name: d, kind: other, network: a, address: 10.1.0.1}]\n"
#define PROOF                                                                                            \
	"ssh: [{id: s, user: u, key_file: secrets/id_ed25519, known_hosts_file: secrets/known_hosts}]\n" \
	"backups: [{id: b, device: d, ssh: s, starts: \"01:00\", due: \"06:00\", proofs: ["

static struct fixture *load(const char *rest)
{
	struct fixture *f = fixture_new();
	char *text = nf_xasprintf("%s%s", fixture_head, rest);

	fixture_puts(f, "site.yaml", text);
	fixture_load(f);
	assert_int_equal(f->err, NF_OK);
	free(text);
	return f;
}

static void compare__table__names_what_changed(void **state)
{
	static const struct {
		const char *before, *after, *want;
	} rows[] = {
		{DEVICES CONTACTS,					  CONTACTS DEVICES,						     "nothing"    },
		{DEVICES,						   DEVICES "polling: {ping: 30s}\n",					    "nothing"    },
		{DEVICES,						   DEVICES "polling: {ping: 31s}\n",					    "polling"    },
		{DEVICES,						   DEVICES CONTACTS,						     "contacts +1"},
		{DEVICES CONTACTS,					  DEVICES,							      "contacts -1"},
		{CONTACTS,						  "contacts: [{id: x, mail: y@b}, {id: y, mail: y@b}]\n",
			"contacts +1 ~1"															      },
		{DEVICES,						   "devices: [{name: d, kind: other, network: a, address: 10.1.0.2}]\n",
			"devices ~1"																  },
		{DEVICES,
			"devices: [{name: d, kind: other, network: a, address: 10.1.0.1, mac: \"02:00:00:00:00:01\"}]\n",
			"devices ~1"																  },
		{DEVICES,						   "devices: [{name: e, kind: other, network: a, address: 10.1.0.1}]\n",
			"devices +1 -1"															       },
		{DEVICES,						   DEVICES "mail: {server: \"smtp://x\", from: a@b}\n",		       "mail"	     },
		{DEVICES "mail: {server: \"smtp://x\", from: a@b}\n",
			DEVICES
			"mail: {server: \"smtp://x\", from: a@b, fallback: {server: \"smtp://y\", from: a@b}}\n",
			"mail"																	},
		{DEVICES PROOF "{kind: drill, max_age: 90d}]}]\n",
			DEVICES PROOF "{kind: drill, max_age: 91d}]}]\n",										"backups ~1" },
		{DEVICES PROOF "{kind: lock, path: /x, max_age: 90d}]}]\n",
			DEVICES PROOF "{kind: drill, max_age: 90d}]}]\n",										"backups ~1" },
		{DEVICES PROOF "{kind: drill, max_age: 90d}]}]\n",
			DEVICES PROOF "{kind: drill, max_age: 90d}]}]\n",										"nothing"	   },
		{"services: [{id: s, hours: \"07:00-17:00\"}]\n",
			"services: [{id: s, hours: \"07:00-18:00\"}]\n",										 "services ~1"},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *before = load(rows[i].before), *after = load(rows[i].after);
		char *got = nf_site_compare(before->site, after->site);
		/* state_dir is the same, but each fixture has a folder of its own for secrets */
		if (strcmp(got, rows[i].want) != 0 && !strstr(rows[i].before, "secrets"))
			fail_msg("%s to %s: %s, not %s", rows[i].before, rows[i].after, got,
				rows[i].want);
		if (strstr(rows[i].before, "secrets") &&
			(strstr(got, "backups ~1") != NULL) !=
				(strstr(rows[i].want, "backups") != NULL))
			fail_msg("%s to %s: %s", rows[i].before, rows[i].after, got);
		free(got);
		fixture_free(before);
		fixture_free(after);
	}
}

static void compare__inventory__other_columns_count(void **state)
{
	static const char *const tables[] = {
		"name,kind,network,address,room\nd,other,a,10.1.0.1,K1\n",
		"name,kind,network,address,room\nd,other,a,10.1.0.1,K2\n",
	};
	struct fixture *f[2];
	char *got;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		f[i] = fixture_new();
		fixture_puts(f[i], "devices.csv", tables[i]);
		fixture_puts(f[i], "site.yaml",
			"site: {name: T}\n"
			"networks: [{id: a, role: legacy, prefixes: 10.1.0.0/16}]\n"
			"devices_csv: devices.csv\n");
		fixture_load(f[i]);
		assert_string_equal(f[i]->text, "");
	}
	got = nf_site_compare(f[0]->site, f[1]->site);
	assert_non_null(strstr(got, "devices ~1"));
	free(got);
	fixture_free(f[0]);
	fixture_free(f[1]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compare__table__names_what_changed),
		cmocka_unit_test(compare__inventory__other_columns_count),
	};

	return NF_RUN(tests, argc, argv);
}
