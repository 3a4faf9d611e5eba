// SPDX-License-Identifier: GPL-3.0-or-later
/* Every mistake is said with its place, and all of them in one run. */
#include "tests/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/conf/fixture.h"

/* What follows the head (which ends with line 4), and all that is said of it. */
struct row {
	const char *site;
	const char *want;
};

static void check_row(const struct row *row)
{
	struct fixture *f = fixture_new();
	char *text = nf_xasprintf("%s%s", fixture_head, row->site);

	fixture_puts(f, "site.yaml", text);
	fixture_load(f);
	if (strcmp(f->text, row->want) != 0)
		fail_msg("%s\nsays\n%snot\n%s", row->site, f->text, row->want);
	assert_int_equal(f->err, nf_diags_errors(f->diags) > 0 ? NF_EINVAL : NF_OK);
	assert_true((f->site != NULL) == (f->err == NF_OK));
	free(text);
	fixture_free(f);
}

#define NO_DEVICES                                                                             \
	"site.yaml:0:0: warning: no devices: neither devices_csv nor devices names one\n"

static void values__bad__found_and_expected(void **state)
{
	static const struct row rows[] = {
		{"",														NO_DEVICES									     },
		{"polling: {ping: 16l}\n",
			"site.yaml:5:17: ping: found \"16l\", expected a duration such as 500ms, 30s, 5m, 2h, 7d, from 1s to 1d\n"												  },
		{"polling: {ping: 30}\n",
			"site.yaml:5:17: ping: found \"30\", expected a duration such as 500ms, 30s, 5m, 2h, 7d, from 1s to 1d\n"												 },
		{"polling: {ping: 10ms}\n",
			"site.yaml:5:17: ping: found \"10ms\", expected a duration such as 500ms, 30s, 5m, 2h, 7d, from 1s to 1d\n"												   },
		{"polling: {echoes: 0161}\n",
			"site.yaml:5:19: echoes: found \"0161\", expected a whole number, from 1 to 20\n"															 },
		{"polling: {echoes: -1}\n",
			"site.yaml:5:19: echoes: found \"-1\", expected a whole number, from 1 to 20\n"															   },
		{"polling: {loss_warning: 101}\n",
			"site.yaml:5:25: loss_warning: found \"101\", expected a number, from 0 to 100\n"															 },
		{"polling: {echoes: [3]}\n",
			"site.yaml:5:19: echoes: found a list, expected a single value\n"																	 },
		{"polling: {echoes: }\n",
			"site.yaml:5:19: echoes: found nothing, expected a single value\n"																	},
		{"polling: fast\n",
			"site.yaml:5:10: polling: found a single value, expected keys with values\n"															      },
		{"polling: {ping: 1s, echoes: 20}\n",
			"site.yaml:5:17: ping: a burst (echoes, ping_spacing, ping_timeout) lasts longer than this\n"													     },
		{"polling: {loss_warning: 50, loss_critical: 10}\n",
			"site.yaml:5:25: loss_warning: larger than loss_critical\n"																	       },
		{"contacts: {id: x}\n",
			"site.yaml:5:11: contacts: found keys with values, expected a list\n"																     },
		{"contacts: x\n",
			"site.yaml:5:11: contacts: found a single value, expected a list\n"																       },
		{"contacts:\n",												     NO_DEVICES									     },
		{"contacts: [x]\n",
			"site.yaml:5:12: contacts: found a single value, expected keys with values\n"															     },
		{"contacts:\n  - id: a b\n    mail: a@b\n",
			"site.yaml:6:9: id: found \"a b\", expected a name of letters, digits, _ . -, at most 64\n"														   },
		{"contacts:\n  - {id: a, name: \"x\\ny\", mail: a@b}\n",
			"site.yaml:6:19: name: holds control characters or a line break\n"																	},
		{"contacts:\n  - {id: a, name: \"x\\0y\", mail: a@b}\n",
			"site.yaml:6:19: name: holds a NUL byte\n"																				},
		{"services:\n  - {id: a, hours: [\"07:00\"]}\n",
			"site.yaml:6:21: hours: found \"07:00\", expected times with an end, such as \"Mon-Fri 07:00-17:00\"\n"												       },
		{"services:\n  - {id: a, hours: \"Mon-Fri 07:00-17:00\", holidays: 02-30}\n",
			"site.yaml:6:53: holidays: found \"02-30\", expected a date such as 2011-06-24, or 12-24 for every year\n"												  },
		{"services:\n  - {id: a, timezone: Europe/Stokholm}\n",
			"site.yaml:6:23: timezone: found \"Europe/Stokholm\", expected an IANA time zone such as Europe/Stockholm\n"												    },
		{"services:\n  - {id: a, critical_waits: yes}\n",
			"site.yaml:6:29: critical_waits: found \"yes\", expected true or false\n"																 },
		{"waves:\n  - {id: w, network: a, from: 2011-02-05, to: \"2011-02-30 10:00\"}\n",
			"site.yaml:6:31: from: found \"2011-02-05\", expected a day and time such as \"2011-02-05 18:00\"\nsite.yaml:6:47: to: found \"2011-02-30 10:00\", expected a day and time such as \"2011-02-05 18:00\"\n"},
		{"waves:\n  - {id: w, network: a, from: \"2011-02-06 18:00\", to: \"2011-02-06 06:00\"}\n",
			"site.yaml:6:55: to: not after from\n"																				    },
		{"maintenance:\n  - {id: m, networks: a}\n",
			"site.yaml:6:10: from (or every) is missing: a window needs it\nsite.yaml:6:10: to is missing: from needs it\n"											       },
		{"maintenance:\n  - {id: m, every: \"22:00\", for: 2h}\n",
			"site.yaml:6:10: covers nothing: give devices or networks\n"																	      },
		{"maintenance:\n  - {id: m, networks: a, every: \"22:00-23:00\", for: 2h}\n",
			"site.yaml:6:33: every: found \"22:00-23:00\", expected a time without an end, such as \"Mon-Fri 01:00\"\n"												   },
		{"cutover: {quiet: 7, quiet_kinds: [{kind: printr, quiet: 14d}], freezes: [{from: 2011-06-10, to: 2011-06-09}]}\n",
			"site.yaml:5:18: quiet: found \"7\", expected a duration such as 500ms, 30s, 5m, 2h, 7d, from 1s to 400d\n"
			"site.yaml:5:42: kind: found \"printr\", expected one of router, switch, ap, firewall, server, printer, ups, workstation, phone, other; did you mean \"printer\"?\n"
			"site.yaml:5:97: to: before from\n"																				},
		{"cutover: {ports: [8006, 0, 65536, http]}\n",
			"site.yaml:5:25: ports: found \"0\", expected a port, from 1 to 65535\n"
			"site.yaml:5:28: ports: found \"65536\", expected a port, from 1 to 65535\n"
			"site.yaml:5:35: ports: found \"http\", expected a port, from 1 to 65535\n"															},
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void keys__unknown_or_twice__nearest_offered(void **state)
{
	static const struct row rows[] = {
		{"poling: {}\n",
			"site.yaml:5:1: unknown key \"poling\"; did you mean \"polling\"?\n"																	    },
		{"polling: {zzzzzzzz: 1}\n",
			"site.yaml:5:11: unknown key \"zzzzzzzz\"; known keys: ping, ping_timeout, ping_spacing, echoes, snmp, topology, confirm, confirm_every, port_settles, loss_warning, loss_critical, rtt_warning, rtt_critical\n"},
		{"polling: {ping: 30s, ping: 40s}\n",
			"site.yaml:5:22: duplicate key \"ping\"; its first value is on line 5\n"																	},
		{"polling: {}\npolling: {}\n",
			"site.yaml:6:1: duplicate key \"polling\"; its first value is on line 5\n"																      },
		{"polling: {[a]: 1}\n",											  "site.yaml:5:11: found a list where a key belongs\n"					    },
		{"contacts:\n  - {id: a, mial: a@b}\n",
			"site.yaml:6:13: unknown key \"mial\"; did you mean \"mail\"?\n"																		},
		{"contacts:\n  - {id: a}\n",
			"site.yaml:6:5: missing key \"mail\" in contacts\n"																			     },
		{"contacts:\n  -\n",
			"site.yaml:6:4: missing key \"id\" in contacts\nsite.yaml:6:4: missing key \"mail\" in contacts\n"														  },
		{"contacts:\n  - {id: a, mail: a@b}\n  - {id: a, mail: c@d}\n",
			"site.yaml:7:10: duplicate contact \"a\"; the first is on line 6\n"																	     },
		{"rotas:\n  - {id: r, turns: [], starts: 2011-01-03}\n",
			"site.yaml:6:20: turns: needs at least one entry\n"																			     },
		{"contacts: [{id: anna, mail: a@b}]\nrotas: [{id: r, turns: [ana], starts: 2011-01-03, escalate_to: bertil}]\n",
			"site.yaml:6:25: turns: no contact \"ana\"; did you mean \"anna\"?\nsite.yaml:6:64: escalate_to: no contact \"bertil\"\n"											 },
		{"services: [{id: s, rota: r}]\n",									       "site.yaml:5:26: rota: no rota \"r\"\n"							  },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void mail__bad__no_second_header(void **state)
{
	static const struct row rows[] = {
		{"contacts: [{id: a, mail: \"a@b\\r\\nBcc: x@y\"}]\n",
			"site.yaml:5:26: mail: found \"a@b\\x0d\\x0aBcc: x@y\", expected a mail address such as oncall@example.se\n"								    },
		{"contacts: [{id: a, mail: \"A <a@b>\"}]\n",
			"site.yaml:5:26: mail: found \"A <a@b>\", expected a mail address such as oncall@example.se\n"									      },
		{"mail: {server: mail.example.se, from: a@b}\n",
			"site.yaml:5:16: server: found \"mail.example.se\", expected smtp://HOST:PORT or smtps://HOST:PORT\n"									     },
		{"mail: {server: \"smtp://x\", from: a@b, user: u}\n",
			"site.yaml:5:45: password_file is missing: user needs it\n"														 },
		{"mail: {server: \"smtp://x\", from: a@b, password_file: secrets/mail}\n",
			"site.yaml:5:54: password_file has no meaning with no user\n"													       },
		{"mail: {server: \"smtp://x\", from: a@b, user: u, password_file: secrets/mail, tls: optional}\n",
			"site.yaml:0:0: warning: no devices: neither devices_csv nor devices names one\nsite.yaml:5:82: warning: tls: the password may travel in clear; \"required\" forbids that\n"},
		{"mail: {server: \"smtp://x\", from: a@b, fallback: {server: \"smtp://y\", form: a@b}}\n",
			"site.yaml:5:70: unknown key \"form\"; did you mean \"from\"?\n"													    },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void mail__missing__said_where_somebody_waits_for_it(void **state)
{
	static const char missing[] =
		"contacts: nothing is mailed to them without \"mail\", which names the server\n";
	char *want = nf_xasprintf(NO_DEVICES "site.yaml:6:10: warning: %s", missing);
	const struct row rows[] = {
		{"contacts:\n  - {id: a, mail: a@b}\n  - {id: c, mail: c@d}\n",			want	    },
		{"contacts:\n  - {id: a, mail: a@b}\ncutover: {team: [a]}\n",		      want	  },
		{"contacts:\n  - {id: a, mail: a@b}\nmail: {server: \"smtp://x\", from: a@b}\n",
			NO_DEVICES										},
		{"contacts: []\n",							       NO_DEVICES},
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
	free(want);
}

static void snmp__keys__fit_the_version(void **state)
{
	static const struct row rows[] = {
		{"snmp: [{id: x, version: 4}]\n",
			"site.yaml:5:25: version: found \"4\", expected one of 1, 2c, 3\n"											  },
		{"snmp: [{id: x, version: 2c}]\n",
			"site.yaml:5:13: community_file is missing: version 2c needs it\n"											  },
		{"snmp: [{id: x, version: 1, community_file: secrets/community, user: u}]\n",
			"site.yaml:5:69: user has no meaning with version 1\n"												},
		{"snmp: [{id: x, version: 3, user: u}]\n",
			"site.yaml:5:13: auth.passphrase_file is missing: level authPriv needs it\nsite.yaml:5:13: priv.passphrase_file is missing: level authPriv needs it\n"},
		{"snmp: [{id: x, version: 3, user: u, level: noAuthNoPriv}]\n",										NO_DEVICES },
		{"snmp: [{id: x, version: 3, user: u, level: authNoPriv, auth: {passphrase_file: secrets/auth}, priv: {passphrase_file: secrets/priv}}]\n",
			"site.yaml:5:119: priv.passphrase_file has no meaning with a level without privacy\n"								     },
		{"snmp: [{id: x, version: 3, user: u, level: authNoPriv, auth: {protocol: SHA256, passphrase_file: secrets/auth}}]\n",
			"site.yaml:5:73: protocol: found \"SHA256\", expected one of MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512; did you mean \"SHA-256\"?\n"	       },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void proofs__kinds__each_has_its_keys(void **state)
{
#define DEVICE                                                                                           \
	"devices: [{name: d, kind: server, network: a, address: 10.1.0.1}]\n"                            \
	"ssh: [{id: s, user: u, key_file: secrets/id_ed25519, known_hosts_file: secrets/known_hosts}]\n" \
	"backups:\n  - {id: b, device: d, ssh: s, starts: \"01:00\", due: \"06:00\", proofs: ["
	static const struct row rows[] = {
		{DEVICE "{kind: drill, max_age: 90d}]}\n",		   ""												      },
		{DEVICE "]}\n",					  "site.yaml:8:71: proofs: needs at least one entry\n"						    },
		{DEVICE "{max_age: 90d}]}\n",
			"site.yaml:8:72: missing key \"kind\" in proofs\n"													      },
		{DEVICE "{kind: dril}]}\n",
			"site.yaml:8:79: kind: found \"dril\", expected one of artefact, manifest, log, status, lock, copy, drill, restic, borg, zfs, plugin; did you mean \"drill\"?\n"},
		{DEVICE "{kind: drill, max_age: 90d, path: /x}]}\n",
			"site.yaml:8:100: unknown key \"path\"; known keys: max_age\n"												  },
		{DEVICE "{kind: lock, path: x, max_age: 4h}]}\n",
			"site.yaml:8:91: path: found \"x\", expected an absolute path\n"												},
		{DEVICE "{kind: log, path: /x, success: \"(\"}]}\n",
			"site.yaml:8:103: success: found \"(\", expected a POSIX extended regular expression: Unmatched ( or \\(\n"							   },
		{DEVICE "{kind: artefact, path: /x, min_size: 0}]}\n",
			"site.yaml:8:109: min_size: found \"0\", expected a size such as 512, 10KB, 1GiB, at least 1\n"								       },
		{DEVICE "{kind: copy, device: e, ssh: t, path: /x}]}\n",
			"site.yaml:8:93: device: no device \"e\"\nsite.yaml:8:101: ssh: no ssh \"t\"\n"										       },
		{DEVICE "{kind: zfs, dataset: -r}]}\n",
			"site.yaml:8:93: dataset: found \"-r\", expected a ZFS dataset such as tank/home\n"										   },
		{DEVICE "{kind: zfs, kind: zfs, dataset: x}]}\n",
			"site.yaml:8:84: duplicate key \"kind\"\n"														      },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void devices__bad__named(void **state)
{
#define ONE "devices:\n  - {name: r, kind: router, network: a, address: 10.1.0.1}\n  - "
	static const struct row rows[] = {
		{ONE "{name: s, kind: switch, network: b, address: 10.1.0.2}\n",
			"site.yaml:7:38: network: no network \"b\"\n"															     },
		{ONE "{name: s, kind: switch, network: a, address: 10.100.0.2}\n",
			"site.yaml:7:50: address: 10.100.0.2 is outside network \"a\" (10.1.0.0/16); network \"common\" holds it\n"								   },
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.1}\n",
			"site.yaml:7:50: 10.1.0.1 in network \"a\" is the address of \"r\" already\n"											     },
		{ONE "{name: r, kind: switch, network: a, address: 10.1.0.2}\n",
			"site.yaml:7:12: duplicate device \"r\"; the first is on line 6\n"													},
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.2, common_address: 10.1.0.3}\n",
			"site.yaml:7:76: common_address: 10.1.0.3 is in no common or lab network; network \"a\" holds it\n"									   },
		{ONE "{name: s, kind: switch, network: common, address: 10.100.0.2, common_address: 10.100.0.2}\n",
			""																					},
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.2, parent: s}\n",
			"site.yaml:7:68: parent: a ring: s → s\n"															       },
		{"devices:\n  - {name: x, kind: router, network: a, address: 10.1.0.1, parent: z}\n  - {name: y, kind: router, network: a, address: 10.1.0.2, parent: x}\n  - {name: z, kind: router, network: a, address: 10.1.0.3, parent: y}\n  - {name: q, kind: router, network: a, address: 10.1.0.4, parent: z}\n",
			"site.yaml:6:68: parent: a ring: x → z → y → x\n"														   },
		{ONE "{name: s, kind: switch, network: common, address: 10.100.0.2, parent: r}\n",
			"site.yaml:7:75: warning: parent: \"r\" is in another network\n"													  },
		{ONE "{name: -s, kind: switch, network: a, address: 10.1.0.2}\n",
			"site.yaml:7:12: name: found \"-s\", expected a device's name of at most 128 visible characters\n"									  },
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.02, mac: 00:11}\n",
			"site.yaml:7:50: address: found \"10.1.0.02\", expected an IPv4 or IPv6 address\nsite.yaml:7:66: mac: found \"00:11\", expected a MAC address such as 00:11:22:aa:bb:cc\n"},
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.2}\nmaintenance: [{id: m, devices: [r, \"x*\", ss], every: \"22:00\", for: 1h}]\n",
			"site.yaml:8:36: warning: devices: no device matches \"x*\"\nsite.yaml:8:42: devices: no device \"ss\"\n"								 },
		{ONE "{name: s, kind: switch, network: a, address: 10.1.0.2, wave: w}\nwaves: [{id: w, network: common, from: \"2011-02-05 18:00\", to: \"2011-02-06 06:00\"}]\n",
			"site.yaml:7:66: warning: wave: \"w\" moves network \"common\", but this device is in \"a\"\n"									      },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_row(&rows[i]);
}

static void networks__same_addresses__need_two_sources(void **state)
{
	static const struct {
		const char *source, *prefix, *role, *want;
	} rows[] = {
		{"{interface: vlan20}",			"10.1.0.0/16",       "legacy", ""						   },
		{"{interface: vlan10, address: 10.1.0.9}", "10.1.0.0/16",	  "legacy", ""						      },
		{"{interface: vlan10}",			"10.1.0.0/16",       "legacy",
			"site.yaml:3:42: 10.1.0.0/16 overlaps network \"a\": give each a source (interface or address) of its own\n"		    },
		{"{interface: vlan10}",			"10.0.0.0/8",	      "legacy",
			"site.yaml:3:42: 10.0.0.0/8 overlaps network \"a\": give each a source (interface or address) of its own\n"		   },
		{"{}",				     "10.1.128.0/17",	"legacy",
			"site.yaml:3:42: 10.1.128.0/17 overlaps network \"a\": give each a source (interface or address) of its own\n"	      },
		{"{}",				     "10.2.0.0/16",	      "legacy", ""						  },
		{"{}",				     "\"2001:db8::/32\"", "legacy", ""							},
		{"{}",				     "10.1.0.1/16",	      "legacy",
			"site.yaml:3:42: prefixes: found \"10.1.0.1/16\", expected a prefix whose bits behind the mask are 0, such as 10.1.0.0/16\n"},
		{"{interface: \"a/b\"}",			 "10.2.0.0/16",	"legacy",
			"site.yaml:3:76: interface: found \"a/b\", expected an interface's name, at most 15 characters without / and :\n"		 },
		{"{address: [10.1.0.9, 10.1.0.10]}",	     "10.2.0.0/16",	    "legacy",
			"site.yaml:3:85: address: two addresses of the same family\n"								     },
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();
		char *text = nf_xasprintf(
			"site: {name: T}\n"
			"networks: [{id: a, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}},\n"
			"        {id: b, role: %s, prefixes: [%s], source: %s}]\n"
			"devices: [{name: d, kind: other, network: a, address: 10.1.0.1}]\n",
			rows[i].role, rows[i].prefix, rows[i].source);

		fixture_puts(f, "site.yaml", text);
		fixture_load(f);
		assert_string_equal(f->text, rows[i].want);
		free(text);
		fixture_free(f);
	}
}

static void secret__not_private__refused_and_never_shown(void **state)
{
	static const struct {
		const char *file;
		int mode;
		const char *content, *want;
	} rows[] = {
		{"s",	      0600, "x", NULL					       },
		{"s",	      0400, "x", NULL					       },
		{"s",	      0640, "x", "others can read the file named here; chmod 600 it"},
		{"s",	      0604, "x", "others can read the file named here; chmod 600 it"},
		{"s",	      0600, "",	"the file named here is empty"		      },
		{".",	      0600, "x", "the file named here is not a regular file"	    },
		{"Sommar2011!", 0600, "x", "the file named here: No such file or directory"   },
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();
		char *text =
			nf_xasprintf("%ssnmp: [{id: x, version: 2c, community_file: %s}]\n",
				fixture_head, rows[i].file);

		fixture_puts(f, "site.yaml", text);
		fixture_write(f, "s", rows[i].content, strlen(rows[i].content), rows[i].mode);
		fixture_load(f);
		assert_int_equal(f->err, rows[i].want ? NF_EINVAL : NF_OK);
		if (rows[i].want)
			assert_non_null(strstr(f->text, rows[i].want));
		assert_null(strstr(f->text, "Sommar"));
		free(text);
		fixture_free(f);
	}
}

/* People put secrets in the wrong place; no message may carry one into a log. */
static void secret__in_a_bad_line__never_shown(void **state)
{
	static const char *const rows[] = {
		"snmp: [{id: x, version: 2c, community: Sommar2011}]\n",
		"snmp: [{id: x, version: 2c, community_file: Sommar2011}]\n",
		"snmp: [{id: x, version: 2c, community_file: \"Sommar2011\\n\"}]\n",
		"snmp: [{id: x, version: 2c, community_file: {Sommar2011: 1}}]\n",
		"snmp: [{id: x, version: 2c, Sommar2011}]\n",
		"snmp:\n  - id: x\n    community Sommar2011\n",
		"snmp:\n  - id: x\n    community_file: Sommar2011: x\n",
		"mail: {server: \"smtp://u:Sommar2011@mail.example.se\", from: a@b}\n",
		"mail: {server: \"smtp://x\", from: a@b, user: u, password: \"Sommar2011\"}\n",
		"mail: {server: \"smtp://x\", from: a@b, user: u, password_file: [Sommar2011]}\n",
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();
		char *text = nf_xasprintf("%s%s", fixture_head, rows[i]);

		fixture_puts(f, "site.yaml", text);
		fixture_load(f);
		assert_int_equal(f->err, NF_EINVAL);
		if (strstr(f->text, "Sommar"))
			fail_msg("%s shows it: %s", rows[i], f->text);
		free(text);
		fixture_free(f);
	}
}

static void defaults__left_out__as_documented(void **state)
{
	struct fixture *f = fixture_new();
	const struct nf_site *site;

	(void)state;
	fixture_puts(f, "site.yaml",
		"site: {name: T, state_dir: state}\n"
		"networks: [{id: a, role: legacy, prefixes: 10.1.0.0/16}]\n"
		"services: [{id: s}]\n"
		"devices: [{name: d, kind: other, network: a, address: 10.1.0.1, service: s}]\n");
	fixture_load(f);
	assert_string_equal(f->text, "");
	site = f->site;
	assert_string_equal(site->timezone, "UTC");
	assert_int_equal(site->language, NF_LANGUAGE_SV);
	assert_null(site->mail.server);
	assert_string_equal(site->state_dir + strlen(f->folder), "/state");
	assert_string_equal(site->www_dir + strlen(f->folder), "/state/www");
	assert_string_equal(site->networks.items[0].name, "a");
	assert_int_equal(site->networks.items[0].max_packets_per_second, 500);
	assert_int_equal(site->polling.confirm, 3);
	assert_int_equal(site->polling.snmp_us, 60000000);
	assert_string_equal(site->services.items[0].timezone, "UTC");
	assert_null(site->services.items[0].rota);
	assert_null(site->devices.items[0].snmp);
	assert_int_equal(site->devices.items[0].line, 4);
	fixture_free(f);
}

static void site__not_there__said(void **state)
{
	struct fixture *f = fixture_new();
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;

	(void)state;
	assert_int_equal(nf_site_load("/nowhere/site.yaml", diags, &site), NF_ENOENT);
	assert_string_equal(nf_diags_at(diags, 0)->message, "no such file");
	assert_null(site);
	nf_diags_free(diags);

	fixture_puts(f, "site.yaml",
		"site: {name: T}\n"
		"networks: [{id: a, role: legacy, prefixes: 10.1.0.0/16}]\n"
		"devices_csv: device.csv\n");
	fixture_load(f);
	assert_int_equal(f->err, NF_EINVAL);
	assert_non_null(strstr(f->text, "site.yaml:3:14: devices_csv: "));
	assert_non_null(strstr(f->text, "device.csv: no such file"));
	fixture_free(f);
}

/* A thousand are kept, all are counted. */
static void mistakes__many__capped(void **state)
{
	struct fixture *f = fixture_new();
	struct nf_strbuf text = {0};

	(void)state;
	nf_strbuf_puts(&text, fixture_head);
	for (int i = 0; i < 1500; i++)
		nf_strbuf_printf(&text, "zzz%d: 1\n", i);
	fixture_write(f, "site.yaml", text.data, text.len, 0644);
	fixture_load(f);
	assert_int_equal(nf_diags_errors(f->diags), 1500);
	assert_int_equal(nf_diags_len(f->diags), 1000);
	assert_int_equal(nf_diags_at(f->diags, 999)->line, 1004);
	nf_strbuf_free(&text);
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values__bad__found_and_expected),
		cmocka_unit_test(keys__unknown_or_twice__nearest_offered),
		cmocka_unit_test(mail__bad__no_second_header),
		cmocka_unit_test(mail__missing__said_where_somebody_waits_for_it),
		cmocka_unit_test(snmp__keys__fit_the_version),
		cmocka_unit_test(proofs__kinds__each_has_its_keys),
		cmocka_unit_test(devices__bad__named),
		cmocka_unit_test(networks__same_addresses__need_two_sources),
		cmocka_unit_test(secret__not_private__refused_and_never_shown),
		cmocka_unit_test(secret__in_a_bad_line__never_shown),
		cmocka_unit_test(defaults__left_out__as_documented),
		cmocka_unit_test(site__not_there__said),
		cmocka_unit_test(mistakes__many__capped),
	};

	return NF_RUN(tests, argc, argv);
}
