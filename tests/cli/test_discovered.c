// SPDX-License-Identifier: GPL-3.0-or-later
/* What a sweep prints is an inventory: devices.csv takes every row of it. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/discovered.h"
#include "store/sightings.h"
#include "tests/conf/fixture.h"

static const char site[] = "site: {name: T, timezone: UTC, state_dir: state}\n"
			   "networks: [{id: a, role: legacy, prefixes: [10.1.0.0/16]}]\n"
			   "devices_csv: devices.csv\n";
static const char devices[] = "name,kind,network,address,mac\n"
			      "gw,router,a,10.1.0.1,\n"
			      "files,server,a,10.1.0.2,00:1b:21:00:00:02\n";

struct world {
	struct fixture *f;
	struct nf_sweep sweep;
	struct nf_prefix prefix;
};

static int set_up(void **state)
{
	struct world *w = nf_xcalloc(1, sizeof *w);
	w->f = fixture_new();
	fixture_puts(w->f, "site.yaml", site);
	fixture_puts(w->f, "devices.csv", devices);
	fixture_load(w->f);
	assert_string_equal(w->f->text, "");
	nf_prefix_parse("10.1.0.0/24", &w->prefix);
	w->sweep = (struct nf_sweep){.prefixes = &w->prefix, .len = 1};
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	fixture_free(w->f);
	free(w);
	return 0;
}

static void remember(const struct world *w)
{
	static const struct {
		const char *mac, *address;
	} seen[] = {
		{"00:1b:21:00:00:07", "10.1.0.7" },
		{"00:1b:21:00:00:07", "10.1.0.8" },
		{"00:1b:21:00:00:01", "10.1.0.1" },
		{"00:1b:21:00:00:01", "10.1.0.9" },
		{"00:1b:21:00:00:02", "10.1.0.10"},
	};
	struct nf_store *store = NULL;
	int64_t now_us = nf_clock_now().wall_us;
	assert_int_equal(
		nf_store_open(w->f->site->state_dir, NF_STORE_WRITE, 5000, &store, NULL),
		NF_OK);
	NF_ROWS(i, seen)
	assert_int_equal(nf_sighting_put(store, &(struct nf_sighting){.network = "a",
							.source = "arp",
							.by = "gw",
							.kind = "mac",
							.value = seen[i].mac,
							.address = seen[i].address,
							.place = "",
							.detail = "",
							.day = now_us / NF_DAY_US,
							.first_wall_us = now_us,
							.last_wall_us = now_us,
							.count = 1}),
		NF_OK);
	const struct nf_engine_row engine = {.network = "a",
		.address = "10.1.0.1",
		.engine_id = (const uint8_t *)"\x80\x00\x00\x00\x01",
		.engine_id_len = 5,
		.at_wall_us = now_us};
	assert_int_equal(nf_store_engine_put(store, &engine), NF_OK);
	nf_store_close(store);
}

/* What answers, one a row: its address, its own name, its engine. */
struct answer {
	const char *address, *name, *engine;
};

static void sweep(struct world *w, const struct answer *answers, size_t len)
{
	struct nf_discovered d = {.site = w->f->site,
		.network = nf_site_network(w->f->site, "a"),
		.sweep = &w->sweep,
		.only_new = true};
	nf_discovered_begin(&d);
	for (size_t i = 0; i < len; i++) {
		struct nf_identified it = {.network = d.network, .kind = NF_KIND_SWITCH};
		assert_int_equal(nf_addr_parse(answers[i].address, &it.address), NF_OK);
		snprintf(it.name, sizeof it.name, "%s", answers[i].name);
		snprintf(it.engine, sizeof it.engine, "%s", answers[i].engine);
		nf_discovered_new(&d, &it);
	}
	nf_discovered_heard(&d);
	nf_discovered_end(&d);
}

static char *read_all(int fd)
{
	char *text = nf_xcalloc(1, 16384);
	assert_true(pread(fd, text, 16383, 0) >= 0);
	close(fd);
	return text;
}

/* The rows, and what was said beside them. The caller frees both. */
static char *captured(struct world *w, const struct answer *answers, size_t len, char **said)
{
	int kept[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)}, files[2];
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		char name[] = "/tmp/nf-test-discovered-XXXXXX";
		files[i] = mkstemp(name);
		unlink(name);
		dup2(files[i], i == 0 ? STDOUT_FILENO : STDERR_FILENO);
	}
	sweep(w, answers, len);
	fflush(stdout);
	dup2(kept[0], STDOUT_FILENO);
	dup2(kept[1], STDERR_FILENO);
	close(kept[0]);
	close(kept[1]);
	*said = read_all(files[1]);
	return read_all(files[0]);
}

/* What is printed and what there is already, as one inventory. */
static void want_taken(struct world *w, const char *rows)
{
	const char *first = strchr(rows, '\n') + 1;
	char *both = nf_xasprintf("%sfiles,server,a,10.1.0.2,,,,\ngw,router,a,10.1.0.1,,,,\n%s",
		"name,kind,network,address,mac,snmp,inventory,seen\n", first);
	fixture_puts(w->f, "devices.csv", both);
	fixture_load(w->f);
	if (w->f->site == NULL)
		fail_msg("%s%s", both, w->f->text);
	free(both);
}

static void rows__names_that_are_taken__each_its_own(void **state)
{
	struct world *w = *state;
	static const struct answer answers[] = {
		{"10.1.0.3",  "switch",      ""},
		{"10.1.0.4",  "switch",      ""},
		{"10.1.0.5",  "files",	      ""},
		{"10.1.0.6",  "a-10-1-0-11", ""},
		{"10.1.0.11", "",		  ""},
		{"10.1.0.12", "",		  ""},
	};
	char *said, *rows = captured(w, answers, NF_LEN(answers), &said);
	assert_string_equal(rows, "name,kind,network,address,mac,snmp,inventory,seen\n"
				  "switch,switch,a,10.1.0.3,,,new,ping\n"
				  "a-10-1-0-4,switch,a,10.1.0.4,,,new,ping\n"
				  "a-10-1-0-5,switch,a,10.1.0.5,,,new,ping\n"
				  "a-10-1-0-11,switch,a,10.1.0.6,,,new,ping\n"
				  "a-10-1-0-11-2,switch,a,10.1.0.11,,,new,ping\n"
				  "a-10-1-0-12,switch,a,10.1.0.12,,,new,ping\n");
	assert_string_equal(said,
		"netfold discover: a-10-1-0-4 calls itself switch, which is another's name already\n"
		"netfold discover: a-10-1-0-5 calls itself files, which is another's name already\n");
	want_taken(w, rows);
	free(rows);
	free(said);
}

/* A router with an engine, and machines with a MAC, at several addresses. */
static void rows__one_machine_at_several_addresses__said(void **state)
{
	struct world *w = *state;
	static const struct answer answers[] = {
		{"10.1.0.3",  "core", "8000000009"},
		{"10.1.0.4",  "core", "8000000009"},
		{"10.1.0.5",  "gw",   "8000000001"},
		{"10.1.0.7",  "pc",   ""	     },
		{"10.1.0.10", "",	  ""	    },
	};
	static const char *const want[] = {
		"a-10-1-0-4 has the SNMP engine of core: one machine",
		"a-10-1-0-5 has the SNMP engine of gw: one machine",
		"a-10-1-0-8 has the MAC address of pc: one machine",
		"a-10-1-0-9 has the MAC address of gw: one machine",
		"a-10-1-0-10 has the MAC address of files: one machine",
	};
	remember(w);
	char *said, *rows = captured(w, answers, NF_LEN(answers), &said);
	size_t lines = 0;
	for (const char *c = said; *c != '\0'; c++)
		lines += *c == '\n';
	NF_ROWS(i, want)
	if (strstr(said, want[i]) == NULL)
		fail_msg("not said: %s; but:\n%s", want[i], said);
	assert_int_equal(lines, NF_LEN(want));
	want_taken(w, rows);
	free(rows);
	free(said);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rows__names_that_are_taken__each_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			rows__one_machine_at_several_addresses__said, set_up, tear_down),
	};
	return NF_RUN(tests, argc, argv);
}
