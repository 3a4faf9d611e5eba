// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/web/history_move.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "checks/cutover/network.h"
#include "checks/cutover/stage.h"
#include "store/cutover.h"
#include "store/sightings.h"

#define DAYS 90

static json_t *observation(int64_t at_us, const char *source, const char *reason)
{
	char at[NF_ISO8601_MAX];
	return json_pack("{s:s, s:s, s:s}", "at", nf_iso8601(at_us, at), "source", source,
		"reason", reason);
}

static json_t *sight(int64_t at_us, const char *source, const char *by, const char *place)
{
	json_t *seen = observation(at_us, source, "seen");
	json_object_update_new(
		seen, json_pack("{s:s, s:s, s:s, s:s, s:s}", "identity", "mac", "value",
			      "00:1b:21:3c:9d:04", "doubt", "local", "by", by, "place", place));
	return seen;
}

static enum nf_err put_stage(struct nf_store *store, const struct nf_device *d,
	enum nf_stage stage, int64_t now_us, bool hostile)
{
	const char *name = hostile ? "<img src=x onerror=window.pwned=1>\x1b[31m" : "Gi0/12";
	json_t *for_it = json_array(), *against = json_array();
	json_array_append_new(against, sight(now_us - NF_HOUR_US, "arp", "core-1", ""));
	json_array_append_new(against, observation(now_us - NF_HOUR_US, "ping", "silent"));
	if (nf_stage_rank(stage) >= nf_stage_rank(NF_STAGE_DUAL))
		json_array_append_new(
			for_it, sight(now_us - 2 * NF_HOUR_US, "fdb", "core-1", name));
	json_t *json = json_pack("{s:[], s:o, s:o}", "legs", "for", for_it, "against", against);
	char *text = json_dumps(json, 0);
	struct nf_stage_row row = {.device = d->name,
		.stage = nf_stage_text(stage),
		.since_wall_us = now_us - (int64_t)(d->index % 12) * NF_DAY_US - NF_HOUR_US,
		.computed_wall_us = now_us,
		.json = text};
	struct nf_stage_change change = {.network = d->legs[0].network->id, .why = "the past"};
	bool changed;
	enum nf_err rc = nf_stage_put(store, &row, &change, &changed);
	json_decref(json);
	free(text);
	return rc;
}

static enum nf_err put_progress(
	struct nf_store *store, const char *network, size_t total, int64_t now_us)
{
	enum nf_err rc = NF_OK;
	for (int64_t back = DAYS; back >= 0 && rc == NF_OK; back--) {
		size_t scope = total + (size_t)((DAYS - back) / 30);
		size_t proofs = total * (size_t)(DAYS - back) / (DAYS * 2);
		char *json = NULL;
		json_t *made = json_pack("{s:{}, s:I, s:I, s:I}", "stages", "scope",
			(json_int_t)scope, "unlisted", (json_int_t)(scope - total), "proofs",
			(json_int_t)proofs);
		json = json_dumps(made, 0);
		rc = nf_progress_put(store, &(struct nf_progress){.network = network,
						    .day = now_us / NF_DAY_US - back,
						    .json = json});
		free(json);
		json_decref(made);
	}
	return rc;
}

static enum nf_err put_blockers(struct nf_store *store, const struct nf_network *network,
	const struct nf_device *device, int64_t now_us, bool hostile)
{
	const char *says = hostile ? "<script>window.pwned=1</script>" : "LARARE-12";
	const int64_t hour_ago_us = now_us - NF_HOUR_US;
	struct nf_blocker items[] = {
		{NF_BLOCKER_DEVICE,	    .what = device->name,	  "planned",    "",		 "",    "",
			.since_wall_us = now_us - 9 * NF_DAY_US															     },
		{ NF_BLOCKER_UNLISTED, .what = "00:1b:21:3c:9d:01",		   "10.1.7.7",	       "", "sw-1 Gi0/3",
			says,											.since_wall_us = now_us - 30 * NF_DAY_US,
			.last_wall_us = hour_ago_us},
		{																	  NF_BLOCKER_CALLER,	    .what = "10.1.9.9",			"10.1.0.11", device->name,
			"00:1b:21:3c:9d:02",							       "tcp:445", .since_wall_us = now_us - 3 * NF_DAY_US,
			.last_wall_us = hour_ago_us},
		{																	  NF_BLOCKER_CALLER,	    .what = "10.1.0.1",			"10.1.0.11", device->name,	   "", "arp",
			.since_wall_us = now_us - 3 * NF_DAY_US,												 .last_wall_us = hour_ago_us,
			.is_behind = true},
		{																		      NF_BLOCKER_LEASE,		   .what = "00:1b:21:3c:9d:03", "10.1.7.8",   "",		"",    "",
			.since_wall_us = now_us - NF_DAY_US,
			.last_wall_us = now_us + NF_DAY_US},
		{																     NF_BLOCKER_QUIET,		   .what = "",		       "",	   "",	       "",	   "",				       .covered_us = 30 * NF_HOUR_US,
			.needed_us = 7 * NF_DAY_US},
	};
	struct nf_blocker *quiet = &items[sizeof items / sizeof *items - 1];
	quiet->last_wall_us = now_us;
	quiet->earliest_wall_us = now_us + quiet->needed_us - quiet->covered_us;
	struct nf_blockers blockers = {.items = items, .len = sizeof items / sizeof *items};
	struct nf_strbuf json = {0};
	nf_blockers_encode(&blockers, &json);
	enum nf_err rc = nf_network_put(store, &(struct nf_network_row){.network = network->id,
						       .blockers = json.data,
						       .computed_wall_us = now_us});
	nf_strbuf_free(&json);
	return rc;
}

static enum nf_err put_wave(struct nf_store *store, const struct nf_wave *wave,
	const struct nf_device *device, int64_t now_us, bool hostile)
{
	const char *name = hostile ? "\"><script>window.pwned=1</script>" : "Gi0/12";
	json_t *result = json_pack(
		"{s:s, s:s, s:[{s:s, s:s, s:[{s:s, s:s, s:i, s:i, s:s, s:n}], s:i, s:i}], s:i, s:i, "
		"s:{s:[], s:[], s:[s], s:[]}}",
		"wave", wave->id, "network", wave->network->id, "devices", "device",
		device->name, "side", "moved", "differences", "aspect", "link speed", "item",
		name, "before", 1000, "after", 100, "state", "open", "reason", "open", 1,
		"explained", 0, "open", 1, "explained", 0, "roll_back", "come_back",
		"both_sides", "not_come_back", device->name, "neither");
	char *json = json_dumps(result, 0);
	enum nf_err rc = nf_snapshot_put(store, &(struct nf_snapshot){.wave = wave->id,
							.device = device->name,
							.at_wall_us = now_us - NF_DAY_US,
							.json = "{}"});
	if (rc == NF_OK)
		rc = nf_wave_result_put(
			store, &(struct nf_wave_result){
				       .wave = wave->id, .at_wall_us = now_us, .json = json});
	free(json);
	json_decref(result);
	return rc;
}

/* Two machines from one image. */
static enum nf_err put_duplicates(
	struct nf_store *store, const struct nf_site *site, bool hostile)
{
	json_t *list = json_pack("[{s:s, s:s, s:[s, s]}, {s:s, s:s, s:[s, s]}]", "kind",
		"hostkey", "value",
		hostile ? "<script>window.pwned=1</script>"
			: "SHA256:dDsbLyCTXpmT5DFWVtEdY7tZAFOCuNQOPqUPJ9phE3A",
		"devices", site->devices.items[6].name, site->devices.items[7].name, "kind",
		"mac", "value", "00:1b:21:3c:9d:0e", "devices", site->devices.items[6].name,
		site->devices.items[8].name);
	char *json = json_dumps(list, 0);
	enum nf_err rc = nf_store_value_put(store, "cutover.duplicates", json);
	free(json);
	json_decref(list);
	return rc;
}

enum nf_err history_move(
	const struct nf_site *site, struct nf_store *store, int64_t now_wall_us, bool hostile)
{
	size_t all = 0;
	enum nf_err rc = NF_OK;
	NF_EACH(struct nf_network, network, site->networks)
	{
		const struct nf_device *last = NULL;
		size_t total = 0;
		NF_EACH(struct nf_device, d, site->devices)
		{
			if (d->legs[0].network != network || network->role != NF_ROLE_LEGACY)
				continue;
			if (rc == NF_OK)
				rc = put_stage(store, d, (enum nf_stage)(d->index % NF_STAGES),
					now_wall_us, hostile);
			total++;
			last = d;
		}
		if (last == NULL || rc != NF_OK)
			continue;
		all += total;
		rc = put_progress(store, network->id, total, now_wall_us);
		if (rc == NF_OK)
			rc = put_blockers(store, network, last, now_wall_us, hostile);
	}
	if (rc == NF_OK)
		rc = put_progress(store, "", all, now_wall_us);
	NF_EACH(struct nf_wave, wave, site->waves)
	{
		NF_EACH(struct nf_device, d, site->devices)
		{
			if (d->wave == wave && rc == NF_OK)
				rc = put_wave(store, wave, d, now_wall_us, hostile);
		}
	}
	if (rc == NF_OK && site->devices.len > 8)
		rc = put_duplicates(store, site, hostile);
	if (rc == NF_OK && site->devices.len > 8)
		rc = nf_exemption_put(
			store, &(struct nf_exemption){.device = site->devices.items[8].name,
				       .reason = "the supplier moves it in the autumn",
				       .owner = "Omsorgen",
				       .until_wall_us = now_wall_us + 60 * NF_DAY_US,
				       .at_wall_us = now_wall_us});
	return rc;
}
