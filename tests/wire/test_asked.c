// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "base/clock.h"
#include "collector/wire/asked.h"
#include "tests/conf/fixture.h"

#define SECOND NF_US_PER_S

enum { LAN = 2, VLAN10, VLAN20, BRIDGE };

static struct nf_addr addr_of(const char *text)
{
	struct nf_addr addr;

	assert_int_equal(nf_addr_parse(text, &addr), NF_OK);
	return addr;
}

static int set_up(void **state)
{
	struct fixture *f = fixture_new();

	fixture_puts(f, "site.yaml",
		"site: {name: Wire, timezone: UTC, state_dir: state, www_dir: www}\n"
		"networks:\n"
		"  - {id: admin, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}}\n"
		"  - {id: school, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan20}}\n"
		"  - {id: care, role: legacy, prefixes: [10.1.0.0/16], source: {address: 192.0.2.7}}\n"
		"  - {id: other, role: legacy, prefixes: [10.2.0.0/16]}\n"
		"devices_csv: devices.csv\n");
	fixture_puts(f, "devices.csv", "name,kind,network,address,common_address\n");
	fixture_load(f);
	*state = f;
	return f->site ? 0 : -1;
}

static int tear_down(void **state)
{
	fixture_free(*state);
	return 0;
}

static struct nf_asked *make(void)
{
	static const struct {
		unsigned interface;
		const char *name, *own;
		uint8_t bits;
	} links[] = {
		{LAN,    "eth0",   "192.0.2.2",	   24},
		{LAN,    "eth0",   "192.0.2.7",	   24},
		{VLAN10, "vlan10", "192.168.10.2", 24},
		{VLAN20, "vlan20", "192.168.20.2", 24},
		{BRIDGE, "br0",	"10.1.0.9",	    16},
	};
	struct nf_asked *asked = nf_asked_new();

	NF_ROWS(i, links)
	{
		struct nf_addr own = addr_of(links[i].own);

		nf_asked_link(asked, links[i].interface, links[i].name, &own, links[i].bits);
	}
	return asked;
}

struct sent {
	unsigned interface; /* 0: no more */
	const char *from, *to;
};

/* What was sent at 1 s, and in whose wires 10.1.0.5, or 10.2.0.5, is then looked for in our name. */
static void asked__each_row__in_these_networks(void **state)
{
	static const struct {
		const char *name;
		struct sent sent[3];
		const char *to;
		bool want[4]; /* admin, school, care, other */
	} rows[] = {
	/* clang-format off */
		{"nothing", {{0}}, "10.1.0.5", {false, false, false, false}},
		{"by one network's interface", {{VLAN10, "192.168.10.2", "10.1.0.5"}},
			"10.1.0.5", {true, false, false, false}},
		{"by one network's address", {{LAN, "192.0.2.7", "10.1.0.5"}},
			"10.1.0.5", {false, false, true, false}},
		{"by nobody's way out", {{LAN, "192.0.2.2", "10.1.0.5"}},
			"10.1.0.5", {true, true, true, true}},
		{"in two of them",
			{{VLAN10, "192.168.10.2", "10.1.0.5"}, {VLAN20, "192.168.20.2", "10.1.0.5"}},
			"10.1.0.5", {true, true, false, false}},
		{"by one's way out to another that has none", {{VLAN10, "192.168.10.2", "10.2.0.5"}},
			"10.2.0.5", {true, true, true, true}},
		{"seen again below the VLAN",
			{{VLAN10, "192.168.10.2", "10.1.0.5"}, {LAN, "192.168.10.2", "10.1.0.5"}},
			"10.1.0.5", {true, false, false, false}},
		{"reached itself", {{BRIDGE, "10.1.0.9", "10.1.0.5"}},
			"10.1.0.5", {false, false, false, false}},
		{"reached itself, and seen again below the bridge",
			{{BRIDGE, "10.1.0.9", "10.1.0.5"}, {LAN, "10.1.0.9", "10.1.0.5"}},
			"10.1.0.5", {false, false, false, false}},
		{"by an interface without that address",
			{{LAN, "192.168.10.2", "10.1.0.5"}},
			"10.1.0.5", {true, true, true, true}},
		{"somebody else", {{VLAN10, "192.168.10.2", "10.1.0.6"}},
			"10.1.0.5", {false, false, false, false}},
	/* clang-format on */
	};
	const struct fixture *f = *state;

	NF_ROWS(i, rows)
	{
		struct nf_asked *asked = make();
		struct nf_addr looked_for = addr_of(rows[i].to);

		print_message("  %s\n", rows[i].name);
		for (size_t k = 0; k < 3 && rows[i].sent[k].interface; k++) {
			struct nf_addr from = addr_of(rows[i].sent[k].from),
				       to = addr_of(rows[i].sent[k].to);

			nf_asked_sent(asked, rows[i].sent[k].interface, &from, &to, SECOND);
		}
		for (size_t n = 0; n < 4; n++)
			assert_int_equal(
				nf_asked_lately(asked, f->site, &f->site->networks.items[n],
					&looked_for, 2 * SECOND),
				rows[i].want[n]);
		nf_asked_close(asked);
	}
}

static void asked__four_seconds_later__is_no_more(void **state)
{
	const struct fixture *f = *state;
	const struct nf_network *admin = &f->site->networks.items[0];
	struct nf_addr from = addr_of("192.168.10.2"), to = addr_of("10.1.0.5");
	struct nf_asked *asked = make();

	assert_false(nf_asked_lately(NULL, f->site, admin, &to, SECOND));
	nf_asked_sent(asked, VLAN10, &from, &to, SECOND);
	assert_true(nf_asked_lately(asked, f->site, admin, &to, 5 * SECOND));
	assert_false(nf_asked_lately(asked, f->site, admin, &to, 5 * SECOND + 1));
	nf_asked_sent(asked, VLAN10, &from, &to, 6 * SECOND);
	assert_true(nf_asked_lately(asked, f->site, admin, &to, 7 * SECOND));
	nf_asked_close(asked);
}

/* Four networks with the same addresses, asked at once, of thousands. */
static void asked__many__keeps_the_latest(void **state)
{
	enum { MANY = 3000 };
	const struct fixture *f = *state;
	struct nf_addr own[] = {addr_of("192.168.10.2"), addr_of("192.168.20.2")};
	struct nf_addr to = addr_of("10.1.0.0");
	struct nf_asked *asked = make();
	size_t kept = 0;

	for (unsigned i = 0; i < MANY; i++) {
		to.bytes[2] = (uint8_t)(i >> 8);
		to.bytes[3] = (uint8_t)i;
		nf_asked_sent(asked, VLAN10, &own[0], &to, SECOND + i);
		nf_asked_sent(asked, VLAN20, &own[1], &to, SECOND + i);
	}
	for (unsigned i = 0; i < MANY; i++) {
		to.bytes[2] = (uint8_t)(i >> 8);
		to.bytes[3] = (uint8_t)i;
		for (size_t n = 0; n < 2; n++)
			kept += nf_asked_lately(
				asked, f->site, &f->site->networks.items[n], &to, 2 * SECOND);
	}
	assert_in_range(kept, 2 * MANY * 95 / 100, 2 * MANY);
	nf_asked_close(asked);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			asked__each_row__in_these_networks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			asked__four_seconds_later__is_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			asked__many__keeps_the_latest, set_up, tear_down),
	};

	return NF_RUN(tests, argc, argv);
}
