// SPDX-License-Identifier: GPL-3.0-or-later
/* The sample site that is installed as documentation must load as it is. */
#include "tests/test.h"

#include "tests/conf/fixture.h"

static void sample__loaded__has_no_mistakes(void **state)
{
	struct fixture *f = fixture_new();

	(void)state;
	fixture_copy(f, "conf/site.yaml", "site.yaml");
	fixture_copy(f, "conf/devices.csv", "devices.csv");
	fixture_load(f);
	assert_string_equal(f->text, "");
	assert_int_equal(f->err, NF_OK);
	assert_int_equal(f->site->networks.len, 6);
	fixture_free(f);
}

static void sample__loaded__fills_the_site(void **state)
{
	struct fixture *f = fixture_new();
	const struct nf_device *files;

	(void)state;
	fixture_copy(f, "conf/site.yaml", "site.yaml");
	fixture_copy(f, "conf/devices.csv", "devices.csv");
	fixture_load(f);
	assert_non_null(f->site);
	files = nf_site_device(f->site, "srv-files");
	assert_non_null(files);
	assert_string_equal(nf_kind_text(files->kind), "server");
	assert_string_equal(files->legs[0].network->id, "admin");
	assert_int_equal(files->legs_len, 2);
	assert_string_equal(files->legs[1].network->id, "common");
	assert_true(files->legs[0].has_mac);
	assert_string_equal(files->snmp->id, "v2");
	assert_string_equal(files->parent->name, "sw-admin-1");
	assert_string_equal(files->service->rota->turns.items[1]->id, "oncall-b");
	assert_string_equal(files->runbook, "Starta om tjänsten, ring sedan jouren");
	assert_int_equal(files->other.len, 1);
	assert_string_equal(files->other.items[0].key, "room");
	assert_string_equal(files->other.items[0].value, "K2");
	assert_ptr_equal(
		nf_site_device_at(f->site, files->legs[1].network, &files->legs[1].address),
		files);
	assert_string_equal(nf_site_device(f->site, "lab-sw")->legs[0].network->id, "lab");
	assert_ptr_equal(f->site->backups.items[0].device, files);
	assert_int_equal(f->site->backups.items[0].proofs.len, 6);
	assert_int_equal(f->site->backups.items[0].proofs.items[0].min_size, 1 << 30);
	assert_string_equal(
		f->site->backups.items[0].proofs.items[4].device->name, "srv-offsite");
	assert_int_equal(f->site->polling.ping_us, 30000000);
	assert_int_equal(f->site->polling.ping_timeout_us, 1000000);
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample__loaded__has_no_mistakes),
		cmocka_unit_test(sample__loaded__fills_the_site),
	};

	return NF_RUN(tests, argc, argv);
}
