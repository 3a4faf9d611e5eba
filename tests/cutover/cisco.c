// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "tests/cutover/cisco.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/snmp/poll.h"
#include "store/store.h"
#include "tests/snmp/rig.h"

#define PORT   16172
#define SWITCH "127.0.15.7"
#define VTP    "1.3.6.1.4.1.9.9.46.1.3.1.1"

/* VLANs 1 and 10 operate. */
static void play(struct rig *rig, const char *const *lies)
{
	static const char *const words[] = {
		"object-id=1.3.6.1.4.1.9.1.617",
		"hide=1.3.6.1.2.1.17.7",
		"value=" VTP ".2.1.1|2|1",
		"value=" VTP ".3.1.1|2|1",
		"value=" VTP ".2.1.10|2|1",
		"value=" VTP ".3.1.10|2|1",
	};

	rig_simulate(rig, PORT, "127.0.15.0/24 synthetic:switch ports=8 hosts=2 name=sw");
	NF_ROWS(i, words)
	rig_lie(rig, SWITCH, words[i]);
	for (; *lies; lies++)
		rig_lie(rig, SWITCH, *lies);
}

static struct nf_profiles *load_profiles(void)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_profiles *profiles;
	char path[512];
	const char *folders[] = {path};

	snprintf(path, sizeof path, "%s/conf/profiles",
		getenv("NF_SRC") ? getenv("NF_SRC") : ".");
	assert_int_equal(nf_profiles_load(folders, 1, diags, &profiles), NF_OK);
	nf_diags_free(diags);
	return profiles;
}

struct looking {
	struct rig *rig;
	bool done;
};

static void on_report(struct nf_polled *polled, const struct nf_report *report,
	enum nf_judge_next next, void *arg)
{
	struct looking *l = arg;

	(void)polled;
	(void)next;
	assert_true(report->answered);
	l->done = true;
	uv_stop(&l->rig->loop); /* the answer may come just before the loop sleeps */
}

static void note_fdb(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg)
{
	char **out = arg;

	(void)network;
	(void)device;
	(void)at_wall_us;
	if (strcmp(name, "fdb") == 0)
		*out = nf_xstrdup(json);
}

static void look(struct rig *rig, struct nf_store *store)
{
	struct nf_profiles *profiles = load_profiles();
	struct nf_poller *poller =
		nf_poller_new(&(struct nf_poller_options){.profiles = profiles,
			.store = store,
			.cycle_us = 60 * NF_US_PER_S,
			.topology_us = 300 * NF_US_PER_S});
	struct nf_device *device = rig_device(rig, "sw-1", SWITCH, PORT);
	struct looking l = {.rig = rig};

	device->kind = NF_KIND_SWITCH;
	rig_start(rig);
	struct nf_polled *polled = nf_polled_new(poller, device, rig_agent(rig, device));
	nf_poll_start(polled, NF_POLL_TOPOLOGY, on_report, &l);
	while (!l.done)
		uv_run(&rig->loop, UV_RUN_ONCE);
	nf_polled_free(polled);
	nf_poller_free(poller);
	nf_profiles_free(profiles);
}

char *cisco_fdb(const char *const *lies)
{
	char state_dir[128], *fdb = NULL;
	struct nf_store *store;
	void *state;

	rig_set_up(&state);
	struct rig *rig = state;
	snprintf(state_dir, sizeof state_dir, "%s/state", rig->dir);
	assert_int_equal(nf_store_open(state_dir, NF_STORE_WRITE, 1000, &store, NULL), NF_OK);
	play(rig, lies);
	look(rig, store);
	assert_int_equal(nf_store_facts(store, NULL, NULL, note_fdb, &fdb), NF_OK);
	nf_store_close(store);
	rig_tear_down(&state);
	return fdb;
}
