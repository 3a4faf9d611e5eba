// SPDX-License-Identifier: GPL-3.0-or-later
/* What a frame says: frames of real daemons (dnsmasq, dhclient, udhcpc, lldpd, avahi, the kernel) and some made
 * by hand, which are the seeds of the fuzz target, too. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "collector/wire/sight.h"
#include "tests/conf/fixture.h"

#define CLIENT "02:00:00:00:00:09"
#define SERVER "02:00:00:00:00:01"

static const struct {
	const char *file;
	const char *want; /* notes, one a line */
	enum nf_err err;
} rows[] = {
	/* clang-format off */
	{"arp-elsewhere",
		"arp mac " CLIENT "\n", NF_OK},
	{"arp-gratuitous",
		"arp mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"arp-probe",
		"arp mac " CLIENT " (probes 10.1.0.9)\n", NF_OK},
	{"arp-proxy",
		"arp mac " CLIENT " (said by ARP that 10.1.0.5 is at 02:00:00:00:00:aa)\n", NF_OK},
	{"arp-reply",
		"arp mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"arp-request-by-client",
		"arp mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 arp\n", NF_OK},
	{"arp-request-by-server",
		"arp mac " SERVER " 10.1.0.1\n"
		"call " SERVER " 10.1.0.1 > 10.1.0.52 arp\n", NF_OK},
	{"arp-tagged",
		"arp mac " CLIENT " 10.1.0.9 vlan 12.0\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 arp\n", NF_OK},
	{"arp-twice-tagged",
		"arp mac " CLIENT " 10.1.0.9 vlan 100.12\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 arp\n", NF_OK},
	{"cdp",
		"cdp mac " CLIENT " (system vm, port eth0, is Linux)\n"
		"cdp name vm " CLIENT "\n", NF_OK},
	{"dhcp-ack",
		"dhcp mac " CLIENT " 10.1.0.52 for 3600 s\n"
		"dhcp name lab-pc7 " CLIENT " 10.1.0.52\n"
		"wire mac " SERVER " 10.1.0.1\n", NF_OK},
	/* Who has moved and still asks the server in the old network, through a relay or a router, is not here. */
	{"dhcp-ack-elsewhere",
		"wire mac " SERVER " 10.1.0.2\n", NF_OK},
	{"dhcp-ack-relayed",
		"dhcp mac 02:00:00:00:00:77 10.1.7.7 for 3600 s (relay 10.1.0.1)\n"
		"dhcp name phone\\x1b[31m 02:00:00:00:00:77 10.1.7.7\n"
		"wire mac " CLIENT " 10.1.0.2\n", NF_OK},
	/* To an old address, which was lent again: its server is no caller of whoever left it. */
	{"dhcp-ack-to-its-client",
		"dhcp mac " CLIENT " 10.1.0.52 for 3600 s\n"
		"dhcp name lab-pc7 " CLIENT " 10.1.0.52\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"dhcp-discover-printer",
		"dhcp mac " CLIENT " (host printer-3, vendor Brother)\n"
		"dhcp name printer-3 " CLIENT "\n", NF_OK},
	{"dhcp-discover-windows",
		"dhcp mac " CLIENT " (host lab-pc7, vendor MSFT 5.0)\n"
		"dhcp name lab-pc7 " CLIENT "\n", NF_OK},
	{"dhcp-offer",
		"wire mac " SERVER " 10.1.0.1\n", NF_OK},
	{"dhcp-rebind-relayed-elsewhere",
		"call 10.100.0.1 > 10.1.0.5 udp 67\n"
		"wire mac " CLIENT "\n", NF_OK},
	{"dhcp-release-elsewhere",
		"call 10.100.3.7 > 10.1.0.5 udp 67\n"
		"wire mac " CLIENT "\n", NF_OK},
	{"dhcp-release-overload",
		"release mac " CLIENT " 10.1.0.9 (host over, gives it back)\n"
		"dhcp name over " CLIENT " 10.1.0.9\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"dhcp-renew-elsewhere",
		"call 10.100.3.7 > 10.1.0.5 udp 67\n"
		"wire mac " CLIENT "\n", NF_OK},
	/* On this wire itself, with a lease of the other network: it is here. */
	{"dhcp-renew-other-lease",
		"dhcp mac 02:00:00:00:00:78 (host moved-pc, vendor MSFT 5.0)\n"
		"dhcp name moved-pc 02:00:00:00:00:78\n", NF_OK},
	{"dhcp-request-printer",
		"dhcp mac " CLIENT " (host printer-3, vendor Brother, asks for 10.1.0.52)\n"
		"dhcp name printer-3 " CLIENT "\n", NF_OK},
	{"dhcp-request-relayed",
		"dhcp mac 02:00:00:00:00:78 (host moved-pc, vendor MSFT 5.0, asks for 10.1.7.7, relay 10.1.7.1)\n"
		"dhcp name moved-pc 02:00:00:00:00:78\n"
		"wire mac " CLIENT " 10.1.7.1\n", NF_OK},
	{"dhcp-request-relayed-elsewhere",
		"call 10.100.0.1 > 10.1.0.5 udp 67\n"
		"wire mac " CLIENT "\n", NF_OK},
	{"dhcp-request-windows",
		"dhcp mac " CLIENT " (host lab-pc7, vendor MSFT 5.0, asks for 10.1.0.52)\n"
		"dhcp name lab-pc7 " CLIENT "\n", NF_OK},
	{"dhcp6-advertise",
		"dhcp mac " CLIENT "\n"
		"wire mac " SERVER "\n", NF_OK},
	{"dhcp6-renew-routed",
		"wire mac " CLIENT "\n", NF_OK},
	{"dhcp6-reply",
		"dhcp mac " CLIENT " fd00:1::12 for 3600 s\n"
		"wire mac " SERVER "\n", NF_OK},
	/* Nobody lends an address to itself. */
	{"dhcp6-reply-by-client",
		"dhcp mac " CLIENT " (DUID 02:00:00:00:00:77)\n", NF_OK},
	/* Who is there is at the end of the link, whatever its DUID was made of once. */
	{"dhcp6-reply-cloned",
		"dhcp mac " CLIENT " fd00:1::13 for 3600 s (host pc7.example.se, DUID 02:00:00:00:00:77)\n"
		"dhcp name pc7.example.se " CLIENT " fd00:1::13\n"
		"wire mac " SERVER "\n", NF_OK},
	{"dhcp6-reply-uuid",
		"dhcp mac " CLIENT " fd00:1::13 for 3600 s\n"
		"wire mac " SERVER "\n", NF_OK},
	{"dhcp6-request",
		"dhcp mac " CLIENT "\n", NF_OK},
	{"dhcp6-solicit",
		"dhcp mac " CLIENT "\n", NF_OK},
	{"dhcp6-solicit-cloned",
		"dhcp mac " CLIENT " (host pc7, DUID 02:00:00:00:00:77)\n"
		"dhcp name pc7 " CLIENT "\n", NF_OK},
	{"dns-answer",
		"call 10.1.0.9 > 10.1.0.5 dns\n"
		"wire mac " SERVER " 10.1.0.2\n", NF_OK},
	{"fragment-first",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 161\n", NF_OK},
	{"fragment-later",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"from-group",
		"", NF_EFORMAT},
	{"gre",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 other 47\n", NF_OK},
	{"icmp-echo",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 icmp\n", NF_OK},
	{"icmp-reply",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"ip-bad-checksum",
		"wire mac " CLIENT "\n", NF_EFORMAT},
	{"lldp",
		"lldp mac " CLIENT " 10.1.0.9 (system vm, is Testbed 7)\n"
		"lldp name vm " CLIENT " 10.1.0.9\n"
		"lldp serial SN12345 " CLIENT " 10.1.0.9\n", NF_OK},
	{"llmnr-response",
		"llmnr name skola-pc3 " CLIENT " 10.1.0.9\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"mdns-probe",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"mdns-response",
		"mdns name kopiator.local " CLIENT " 10.1.0.9\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"nd-na",
		"ndp mac " CLIENT "\n", NF_OK},
	{"nd-ns",
		"ndp mac " SERVER "\n", NF_OK},
	{"nd-probe",
		"ndp mac " CLIENT "\n", NF_OK},
	{"nd-ra",
		"ndp mac " SERVER " (router)\n", NF_OK},
	{"nd-rs",
		"ndp mac " SERVER "\n", NF_OK},
	{"netbios-answer",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 137\n", NF_OK},
	{"netbios-datagram",
		"netbios name skola-pc3 " CLIENT " 10.1.0.9\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"netbios-question",
		"wire mac 02:00:00:00:00:05 10.1.0.5\n", NF_OK},
	{"netbios-registration",
		"netbios name skola-pc3 " CLIENT " 10.1.0.9\n"
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"nfs-answer",
		"wire mac 02:00:00:00:00:05 10.1.0.5\n", NF_OK},
	/* Who asks says by its port that root does. */
	{"nfs-question",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 2049\n", NF_OK},
	/* Where nobody was heard to ask for it, it may be a question. */
	{"ntp-answer",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 123\n", NF_OK},
	{"ntp-question",
		"wire mac 02:00:00:00:00:05 10.1.0.5\n", NF_OK},
	{"portmap-answer",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"stp",
		"wire mac " CLIENT "\n", NF_OK},
	{"tcp-syn",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 tcp 445\n", NF_OK},
	{"tcp-syn-ack",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"tcp-syn-routed",
		"call 10.9.0.4 > 10.1.0.5 tcp 445\n"
		"wire mac " CLIENT "\n", NF_OK},
	{"udp-answer",
		"wire mac " CLIENT " 10.1.0.9\n", NF_OK},
	{"udp-bad-checksum",
		"wire mac " CLIENT "\n", NF_EFORMAT},
	{"udp-half-checksum",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 161\n", NF_OK},
	{"udp-high",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp\n", NF_OK},
	{"udp-snmp",
		"wire mac " CLIENT " 10.1.0.9\n"
		"call " CLIENT " 10.1.0.9 > 10.1.0.5 udp 161\n", NF_OK},
	{"vrrp",
		"wire mac 00:00:5e:00:01:05 10.1.0.3 (VRRP group 5)\n", NF_OK},
	/* clang-format on */
};

static const char *const whats[] = {"", "mac", "address", "name", "serial", "call"};
static const char *const sources[] = {
	"wire", "arp", "ndp", "dhcp", "mdns", "llmnr", "netbios", "lldp", "cdp", "release"};
static const char *const hows[] = {"arp", "ndp", "tcp", "udp", "icmp", "dns", "other"};

/* "arp mac 02:… 10.1.0.9 vlan 12.0 "detail"" or "call 02:… 10.1.0.9 > 10.1.0.5 tcp 445". */
static void put(const struct nf_note *n, void *arg)
{
	static const struct nf_mac none;
	struct nf_strbuf *out = arg;
	char mac[NF_MAC_TEXT_MAX], addr[NF_ADDR_TEXT_MAX];

	if (n->key.what == NF_NOTE_CALL)
		nf_strbuf_puts(out, "call");
	else
		nf_strbuf_printf(out, "%s %s", sources[n->key.source], whats[n->key.what]);
	if (n->text)
		nf_strbuf_printf(out, " %s", n->text);
	if (memcmp(&n->key.mac, &none, sizeof none) != 0)
		nf_strbuf_printf(out, " %s", nf_mac_format(&n->key.mac, mac));
	if (n->key.address.family)
		nf_strbuf_printf(out, " %s", nf_addr_format(&n->key.address, addr));
	if (n->key.what == NF_NOTE_CALL)
		nf_strbuf_printf(
			out, " > %s %s", nf_addr_format(&n->key.to, addr), hows[n->key.how]);
	if (n->key.port)
		nf_strbuf_printf(out, " %u", n->key.port);
	if (n->key.vlans[0])
		nf_strbuf_printf(out, " vlan %u.%u", n->key.vlans[0], n->key.vlans[1]);
	if (n->lease_s)
		nf_strbuf_printf(out, " for %u s", n->lease_s);
	if (n->detail)
		nf_strbuf_printf(out, " (%s)", n->detail);
	nf_strbuf_putc(out, '\n');
}

static int set_up(void **state)
{
	struct fixture *f = fixture_new();

	fixture_puts(f, "site.yaml",
		"site: {name: Wire, timezone: UTC, state_dir: state, www_dir: www}\n"
		"networks:\n"
		"  - {id: old, role: legacy, prefixes: [10.1.0.0/16, \"fd00:1::/64\"], source: {interface: vlan10}}\n"
		"  - {id: new, role: common, prefixes: [10.100.0.0/16]}\n"
		"  - {id: twin, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan20}}\n"
		"devices_csv: devices.csv\n");
	fixture_puts(f, "devices.csv",
		"name,kind,network,address,common_address\n"
		"files,server,old,10.1.0.5,10.100.0.5\n");
	fixture_load(f);
	*state = f;
	return f->site ? 0 : -1;
}

static int tear_down(void **state)
{
	fixture_free(*state);
	return 0;
}

static size_t read_seed(const char *name, char **data)
{
	const char *source = getenv("NF_SRC");
	char *path = nf_xasprintf("%s/tests/fuzz/seeds/sight/%s", source ? source : ".", name);
	size_t len = 0;

	assert_int_equal(nf_file_read(path, 4096, data, &len, NULL), NF_OK);
	free(path);
	return len;
}

static enum nf_err look(const struct fixture *f, const struct nf_own *own, const char *bytes,
	size_t captured, size_t len, struct nf_strbuf *out)
{
	const struct nf_sight sight = {
		f->site, &f->site->networks.items[0], own, NULL, NULL, 0};
	struct nf_canary_token token;

	return nf_sight_frame(&sight, (const uint8_t *)bytes, captured, len, put, out, &token);
}

static void sight__each_seed__says_this(void **state)
{
	static const struct nf_own nobody;

	NF_ROWS(i, rows)
	{
		struct nf_strbuf got = {0};
		char *data;
		size_t len = read_seed(rows[i].file, &data);
		enum nf_err rc = look(*state, &nobody, data, len, len, &got);

		print_message("  %s\n", rows[i].file);
		assert_string_equal(got.data ? got.data : "", rows[i].want);
		assert_int_equal(rc, rows[i].err);
		nf_strbuf_free(&got);
		free(data);
	}
}

/* Whatever of a frame the capture kept, nothing is read past it, and nothing is invented: each note of a cut
 * frame is about the same things as one of the whole. */
static void sight__every_cut__never_past_the_end(void **state)
{
	static const struct nf_own nobody;

	NF_ROWS(i, rows)
	{
		char *data;
		size_t len = read_seed(rows[i].file, &data);

		for (size_t cut = 0; cut < len; cut++) {
			char *exact = test_malloc(cut + 1);
			struct nf_strbuf got = {0};

			memcpy(exact, data, cut);
			look(*state, &nobody, exact, cut, len, &got);
			test_free(exact);
			nf_strbuf_free(&got);
		}
		free(data);
	}
}

static void sight__this_machine__is_not_noted(void **state)
{
	struct nf_own own = {.macs_len = 1, .addresses_len = 1};
	struct nf_strbuf got = {0};
	char *data;
	size_t len = read_seed("tcp-syn", &data);

	assert_int_equal(nf_mac_parse(CLIENT, &own.macs[0]), NF_OK);
	assert_int_equal(look(*state, &own, data, len, len, &got), NF_ENOENT);
	assert_null(got.data);
	/* Through a router it has the router's MAC, and still our address. */
	own.macs_len = 0;
	assert_int_equal(nf_addr_parse("10.1.0.9", &own.addresses[0]), NF_OK);
	assert_int_equal(look(*state, &own, data, len, len, &got), NF_OK);
	assert_string_equal(got.data, "wire mac " CLIENT "\n");
	nf_strbuf_free(&got);
	/* In another network, which has the same addresses, it is somebody else's. */
	memcpy(own.interfaces[0], "vlan20", sizeof "vlan20");
	assert_int_equal(look(*state, &own, data, len, len, &got), NF_OK);
	assert_non_null(strstr(got.data, "call"));
	nf_strbuf_free(&got);
	free(data);
}

/* Frames one after the other, at these seconds, and how many of them call the old address 10.1.0.5. */
static void talk__who_asked_first__calls(void **state)
{
	static const struct nf_own nobody;
	static const struct {
		const char *name;
		struct {
			const char *file;
			int64_t at_s;
		} frames[4];
		size_t calls;
	} talks[] = {
	/* clang-format off */
		{"an answer to the old address", {{"ntp-question", 1}, {"ntp-answer", 2}}, 0},
		{"and again", {{"ntp-question", 1}, {"ntp-answer", 2}, {"ntp-question", 65}, {"ntp-answer", 66}}, 0},
		{"a question to it, and its answer", {{"ntp-answer", 1}, {"ntp-question", 2}, {"ntp-answer", 3}}, 2},
		{"who goes on when it has left",
			{{"ntp-question", 1}, {"ntp-answer", 20}, {"ntp-answer", 40}, {"ntp-answer", 60}}, 2},
		{"an answer to a question to all", {{"netbios-question", 1}, {"netbios-answer", 2}}, 0},
		{"too late", {{"netbios-question", 1}, {"netbios-answer", 40}}, 1},
		{"by another port", {{"netbios-question", 1}, {"ntp-answer", 2}}, 1},
		{"NFS of the old address", {{"nfs-question", 1}, {"nfs-answer", 2}, {"nfs-question", 3}}, 2},
	/* clang-format on */
	};
	const struct fixture *f = *state;

	NF_ROWS(i, talks)
	{
		struct nf_sight sight = {
			f->site, &f->site->networks.items[0], &nobody, NULL, nf_talks_new(), 0};
		struct nf_strbuf got = {0};
		size_t calls = 0;

		print_message("  %s\n", talks[i].name);
		for (size_t k = 0; k < 4 && talks[i].frames[k].file; k++) {
			struct nf_canary_token token;
			char *data;
			size_t len = read_seed(talks[i].frames[k].file, &data);

			sight.mono_us = talks[i].frames[k].at_s * NF_US_PER_S;
			nf_sight_frame(
				&sight, (const uint8_t *)data, len, len, put, &got, &token);
			free(data);
		}
		for (const char *at = got.data; (at = strstr(at, "call ")); at++)
			calls++;
		assert_int_equal(calls, talks[i].calls);
		nf_strbuf_free(&got);
		nf_talks_free(sight.talks);
	}
}

static void canary__written__is_read_again(void **state)
{
	static const struct nf_own nobody;
	const struct fixture *f = *state;
	const struct nf_sight sight = {
		f->site, &f->site->networks.items[0], &nobody, NULL, NULL, 0};
	struct nf_canary_token token =
				       {
					       {7, 8, 9}
	},
			       got;
	struct nf_mac mac;
	uint8_t frame[NF_CANARY_BYTES];

	assert_int_equal(nf_mac_parse(SERVER, &mac), NF_OK);
	nf_canary_write(&mac, &token, frame);
	assert_int_equal(
		nf_sight_frame(&sight, frame, sizeof frame, sizeof frame, put, NULL, &got),
		NF_EEXIST);
	assert_memory_equal(&got, &token, sizeof token);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sight__each_seed__says_this, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sight__every_cut__never_past_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sight__this_machine__is_not_noted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			talk__who_asked_first__calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			canary__written__is_read_again, set_up, tear_down),
	};

	return NF_RUN(tests, argc, argv);
}
