// SPDX-License-Identifier: GPL-3.0-or-later
/* What looks leave besides their verdict: gaps, host keys. Real store, real judge. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/backup/hostkey.h"
#include "checks/backup/verify.h"
#include "store/sightings.h"
#include "tests/conf/fixture.h"

#define NOON INT64_C(1297159200000000) /* 2011-02-08 10:00 UTC */
#define DAY  (86400 * NF_US_PER_S)

struct rig {
	struct fixture *f;
	struct nf_store *store;
	struct nf_judge *judge;
	char text[4000];
};

static const char *const devices =
	"name,kind,network,address,common_address\n"
	"covered,server,a,10.1.0.1,10.100.0.1\nbare,server,a,10.1.0.2,\n"
	"waived,server,a,10.1.0.3,\nexpired,server,a,10.1.0.4,\npc,workstation,a,10.1.0.5,\n";
static const char *const jobs =
	"devices_csv: devices.csv\n"
	"ssh:\n  - {id: s, user: u, key_file: secrets/id_ed25519, known_hosts_file: known}\n"
	"waivers:\n"
	"  - {device: waived, reason: empty, owner: me, until: 2011-02-09}\n"
	"  - {device: expired, reason: old, owner: you, until: 2011-02-01}\n";
static const char *const job =
	"backups:\n  - {id: j, device: covered, ssh: s, starts: \"01:00\", "
	"due: \"06:00\", proofs: [{kind: artefact, path: /b}]}\n";

static struct nf_now at(int64_t wall_us)
{
	return (struct nf_now){.wall_us = wall_us, .mono_us = wall_us - NOON + DAY};
}

static struct rig *rig_new(bool with_job)
{
	const struct nf_judge_options options = {
		.program = "netfold-verify", .cycle_us = NF_US_PER_S, .once = true};
	struct rig *r = nf_xcalloc(1, sizeof *r);
	struct nf_error err;
	char *site = nf_xasprintf("%s%s%s", fixture_head, jobs, with_job ? job : "");

	r->f = fixture_new();
	fixture_puts(r->f, "site.yaml", site);
	fixture_puts(r->f, "devices.csv", devices);
	fixture_puts(r->f, "known", "");
	fixture_load(r->f);
	assert_string_equal(r->f->text, "");
	free(site);
	assert_int_equal(
		nf_store_open(r->f->folder, NF_STORE_WRITE, 5000, &r->store, &err), NF_OK);
	assert_int_equal(
		nf_judge_new(&options, r->f->site, r->store, at(NOON), &r->judge, &err), NF_OK);
	return r;
}

static void rig_free(struct rig *r)
{
	nf_judge_free(r->judge);
	nf_store_close(r->store);
	fixture_free(r->f);
	free(r);
}

static void put_row(const struct nf_check_row *row, int64_t asked_us, void *arg)
{
	struct rig *r = arg;
	size_t len = strlen(r->text);

	(void)asked_us;
	snprintf(r->text + len, sizeof r->text - len, "%s %s %s: %s\n", row->device, row->check,
		nf_state_text(row->state), row->output);
}

static const char *rows(struct rig *r)
{
	struct nf_error err;

	nf_judge_flush(r->judge, &err);
	r->text[0] = '\0';
	assert_int_equal(nf_store_checks(r->store, "netfold-verify", put_row, r), NF_OK);
	return r->text;
}

static void expect(struct rig *r, const char *const *lines, size_t len)
{
	const char *got = rows(r);
	size_t count = 0;

	for (const char *p = got; *p; p++)
		count += *p == '\n';
	for (size_t i = 0; i < len; i++) {
		if (!strstr(got, lines[i]))
			fail_msg("no \"%s\" in\n%s", lines[i], got);
	}
	if (count != len)
		fail_msg("%zu lines, not %zu:\n%s", count, len, got);
}

static void gaps__servers_only__waivers_hold_until_their_day_ends(void **state)
{
	static const char *const before[] = {
		"bare backup job warning: no backup job names this server, and no waiver",
		"expired backup job warning: no backup job names this server; its waiver (old;"};
	static const char *const after[] = {"bare backup job warning",
		"expired backup job warning", "waived backup job warning: no backup job names"};
	struct rig *r = rig_new(true);

	(void)state;
	nf_gaps_judge(r->judge, r->f->site, NF_US_PER_S, at(NOON));
	expect(r, before, NF_LEN(before));
	assert_non_null(strstr(r->text, "(old; you) ran out Wed 2011-02-02 00:00"));
	nf_gaps_judge(r->judge, r->f->site, NF_US_PER_S, at(NOON + 2 * DAY));
	expect(r, after, NF_LEN(after));
	rig_free(r);
}

static void gaps__no_job_at_all__nothing_is_said(void **state)
{
	struct rig *r = rig_new(false);

	(void)state;
	nf_gaps_judge(r->judge, r->f->site, NF_US_PER_S, at(NOON));
	expect(r, NULL, 0);
	rig_free(r);
}

static void met(struct rig *r, const char *device, size_t leg, enum nf_remote_cause cause,
	const char *key, bool reached)
{
	struct nf_backup b = {.id = "j", .device = nf_site_device(r->f->site, device)};
	struct nf_look_key k = {.leg = &b.device->legs[leg], .cause = cause};
	struct nf_look_result result = {
		.job = &b, .reached = reached, .keys = &k, .keys_len = 1};

	snprintf(k.offered, sizeof k.offered, "%s", key);
	snprintf(k.known, sizeof k.known, "ssh-ed25519 SHA256:known");
	nf_hostkey_keep(r->store, &result, at(NOON));
	nf_hostkey_judge(r->judge, &result, NF_US_PER_S, at(NOON));
}

static void host_key__changed_and_back__is_a_check_with_both_fingerprints(void **state)
{
	static const char *const changed[] = {
		"bare ssh host key critical: changed: the server"};
	static const char *const back[] = {"bare ssh host key ok: the known one again"};
	struct rig *r = rig_new(true);

	(void)state;
	met(r, "bare", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:known", true);
	expect(r, NULL, 0);
	met(r, "bare", 0, NF_CAUSE_HOST_KEY_CHANGED, "ssh-ed25519 SHA256:other", false);
	expect(r, changed, 1);
	assert_non_null(strstr(r->text, "shows ssh-ed25519 SHA256:other, known is "
					"ssh-ed25519 SHA256:known"));
	met(r, "bare", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:known", true);
	expect(r, back, 1);
	rig_free(r);
}

static void host_key__of_two_devices__both_say_so(void **state)
{
	static const char *const shared[] = {"bare ssh host key shared warning: waived shows",
		"waived ssh host key shared warning: bare shows"};
	static const char *const own[] = {
		"bare ssh host key shared ok", "waived ssh host key shared ok"};
	struct rig *r = rig_new(true);

	(void)state;
	met(r, "bare", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:one", true);
	met(r, "waived", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:one", true);
	/* Two legs of one device are one machine. */
	met(r, "covered", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:two", true);
	met(r, "covered", 1, NF_CAUSE_NONE, "ssh-ed25519 SHA256:two", true);
	nf_hostkey_judge_shared(r->judge, r->store, r->f->site, NF_US_PER_S, at(NOON));
	expect(r, shared, NF_LEN(shared));
	met(r, "waived", 0, NF_CAUSE_NONE, "ssh-ed25519 SHA256:three", true);
	nf_hostkey_judge_shared(r->judge, r->store, r->f->site, NF_US_PER_S, at(NOON));
	expect(r, own, NF_LEN(own));
	rig_free(r);
}

static void count_sighting(const struct nf_sighting *s, void *arg)
{
	assert_string_equal(s->network, "common");
	assert_string_equal(s->by, "covered");
	assert_string_equal(s->address, "10.100.0.1");
	assert_string_equal(s->detail, "changed");
	++*(size_t *)arg;
}

static void host_key__met__is_evidence_in_the_ledger(void **state)
{
	const struct nf_ledger_filter filter = {
		.kind = "hostkey", .value = "ssh-ed25519 SHA256:x"};
	struct rig *r = rig_new(true);
	size_t count = 0;

	(void)state;
	met(r, "covered", 1, NF_CAUSE_HOST_KEY_CHANGED, "ssh-ed25519 SHA256:x", false);
	assert_int_equal(nf_sightings(r->store, &filter, count_sighting, &count), NF_OK);
	assert_int_equal(count, 1);
	rig_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps__servers_only__waivers_hold_until_their_day_ends),
		cmocka_unit_test(gaps__no_job_at_all__nothing_is_said),
		cmocka_unit_test(host_key__changed_and_back__is_a_check_with_both_fingerprints),
		cmocka_unit_test(host_key__of_two_devices__both_say_so),
		cmocka_unit_test(host_key__met__is_evidence_in_the_ledger),
	};
	return NF_RUN(tests, argc, argv);
}
