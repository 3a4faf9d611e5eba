// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/probe.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/mem.h"
#include "base/rights.h"
#include "cli/progress.h"
#include "collector/ping/pinger.h"
#include "collector/snmp/agent.h"
#include "collector/snmp/poll.h"

struct nf_probing {
	const struct nf_site *site;
	uv_loop_t loop;
	struct nf_pinger *pinger; /* NULL: no right to */
	struct nf_asker *asker;
	struct nf_poller *poller;
	struct nf_probe *probes;
	size_t len, done, shown; /* all, with their answers, given to fn */
	nf_probe_fn *fn;
	void *arg;
	struct nf_progress progress;
};

static bool is_done(const struct nf_probe *probe)
{
	return probe->ping_done && probe->snmp_done;
}

static void hand_out(struct nf_probing *p)
{
	char text[64];

	while (p->shown < p->len && is_done(&p->probes[p->shown])) {
		struct nf_probe *probe = &p->probes[p->shown++];

		nf_progress_clear(&p->progress);
		p->fn(probe, p->arg);
		nf_report_free(probe->report);
		probe->report = NULL;
	}
	snprintf(text, sizeof text, "%zu of %zu devices", p->done, p->len);
	if (p->shown < p->len)
		nf_progress_show(&p->progress, text);
}

static void note(struct nf_probe *probe)
{
	struct nf_probing *p = probe->probing;

	if (!is_done(probe))
		return;
	p->done++;
	hand_out(p);
	/* Not closed here: this may be an agent's own callback. */
	if (p->done == p->len)
		uv_stop(&p->loop);
}

static void on_burst(const struct nf_burst *burst, void *arg)
{
	struct nf_probe *probe = arg;

	probe->burst = *burst;
	probe->ping_done = true;
	note(probe);
}

static void on_report(struct nf_polled *polled, const struct nf_report *report,
	enum nf_judge_next next, void *arg)
{
	struct nf_probe *probe = arg;

	(void)polled;
	(void)next;
	probe->report = nf_report_keep(report);
	probe->snmp_done = true;
	note(probe);
}

static void ping(struct nf_probing *p, struct nf_probe *probe)
{
	const struct nf_leg *leg = &probe->device->legs[0];
	struct nf_ping_ask ask = {.network = leg->network->index,
		.address = leg->address,
		.echoes = p->site->polling.echoes,
		.spacing_us = p->site->polling.ping_spacing_us,
		.timeout_us = p->site->polling.ping_timeout_us};

	if (p->pinger) {
		probe->pinged = true;
		nf_pinger_burst(p->pinger, &ask, on_burst, probe);
	} else {
		probe->ping_done = true;
	}
}

/* The secrets are read here; a device whose secret cannot be had is not asked, the others are. */
static void make_agent(struct nf_probing *p, struct nf_probe *probe, struct nf_arena *arena)
{
	struct nf_error err = {0};

	probe->asked = probe->device->snmp != NULL;
	if (probe->asked &&
		nf_agent_new(p->asker, probe->device, 0, &probe->agent, &err) != NF_OK)
		probe->error = nf_arena_strdup(arena, err.text);
	if (probe->agent)
		probe->polled = nf_polled_new(p->poller, probe->device, probe->agent);
	else
		probe->snmp_done = true;
}

static enum nf_err begin(struct nf_probing *p, const bool *chosen, struct nf_arena *arena,
	struct nf_error *unpinged, struct nf_error *err)
{
	enum nf_err rc;

	*unpinged = (struct nf_error){0};
	if (nf_pinger_open(&p->pinger, unpinged) != NF_OK)
		p->pinger = NULL;
	rc = nf_asker_new(&p->loop, p->site, &p->asker, err);
	if (rc != NF_OK)
		return rc;
	for (size_t i = 0; i < p->site->devices.len; i++) {
		struct nf_probe *probe = &p->probes[p->len];

		if (!chosen[i])
			continue;
		probe->device = &p->site->devices.items[i];
		probe->probing = p;
		make_agent(p, probe, arena);
		p->len++;
	}
	rc = nf_rights_shed(err);
	if (rc == NF_OK)
		rc = nf_rights_become_owner(p->site->state_dir, err);
	if (rc == NF_OK && p->pinger)
		rc = nf_pinger_start(
			p->pinger, &p->loop, p->site->networks.items, p->site->networks.len);
	return rc;
}

static void look(struct nf_probing *p)
{
	nf_progress_begin(&p->progress, "probe");
	for (size_t i = 0; i < p->len; i++) {
		ping(p, &p->probes[i]);
		if (p->probes[i].polled)
			nf_poll_start(p->probes[i].polled, NF_POLL_TOPOLOGY, on_report,
				&p->probes[i]);
	}
	/* Those that can be asked nothing are done already. */
	for (size_t i = 0; i < p->len; i++)
		p->done += is_done(&p->probes[i]);
	hand_out(p);
	if (p->done < p->len)
		uv_run(&p->loop, UV_RUN_DEFAULT);
}

static void closed(void *arg)
{
	(void)arg;
}

enum nf_err nf_probe_run(const struct nf_site *site, const struct nf_profiles *profiles,
	const bool *chosen, nf_probe_fn *fn, void *arg, struct nf_error *unpinged,
	struct nf_error *err)
{
	struct nf_poller_options options = {.profiles = profiles,
		.cycle_us = site->polling.snmp_us,
		.topology_us = site->polling.topology_us};
	struct nf_probing p = {.site = site, .fn = fn, .arg = arg};
	struct nf_arena *arena = nf_arena_new();
	enum nf_err rc;

	uv_loop_init(&p.loop);
	p.probes = nf_xcalloc(site->devices.len + 1, sizeof *p.probes);
	p.poller = nf_poller_new(&options);
	rc = begin(&p, chosen, arena, unpinged, err);
	if (rc == NF_OK)
		look(&p);
	nf_progress_end(&p.progress);
	nf_pinger_close(p.pinger);
	if (p.asker)
		nf_asker_close(p.asker, closed, NULL);
	uv_run(&p.loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < p.len; i++)
		nf_polled_free(p.probes[i].polled);
	nf_poller_free(p.poller);
	uv_loop_close(&p.loop);
	free(p.probes);
	nf_arena_free(arena);
	return rc;
}

bool nf_probe_is_good(const struct nf_probe *probe)
{
	if (probe->asked)
		return probe->report && probe->report->answered && probe->report->complete;
	return probe->pinged && probe->burst.received > 0;
}
