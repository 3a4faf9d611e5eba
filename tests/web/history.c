// SPDX-License-Identifier: GPL-3.0-or-later
/* history: gives a site a plausible past through the real store and the real journals, for a look at the
 * pages and for their tests. The gatherers must not have begun: the past comes first.
 *   history SITE [HOURS [SEED [hostile | plain]]]
 * Writes check states, events and samples of the last HOURS (24) up to now; netfold-series --once makes
 * RRDs of the samples. The same SEED gives the same past; "hostile" puts markup
 * into every text that a device could have sent; "plain" makes up nothing that real devices will contradict:
 * no interfaces, no identities, no move. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"
#include "conf/load.h"
#include "store/backups.h"
#include "store/journal.h"
#include "store/sightings.h"
#include "store/store.h"
#include "tests/web/history_move.h"

#define STEP_S 60

struct past {
	const struct nf_site *site;
	struct nf_store *store;
	struct nf_journal *journal;
	int64_t from_s, to_s;
	uint64_t seed;
	bool hostile, plain;
	struct nf_event *events; /* written in the order of their times, at the end */
	size_t len, cap;
};

/* splitmix64: the same everywhere. */
static double chance(struct past *p)
{
	uint64_t z = (p->seed += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

/* Quiet nights, busy days: 0.2 … 1. */
static double busy(int64_t at_s)
{
	double hour = (double)(at_s % 86400) / 3600.0;
	return 0.6 - 0.4 * cos((hour - 2.0) / 24.0 * 6.283185307);
}

static struct nf_value gauge(double value)
{
	return (struct nf_value){.known = !isnan(value), .gauge = value};
}

static uint32_t define(struct past *p, const struct nf_device *d, const char *series,
	const char *const *names, size_t len, enum nf_ds_kind kind, uint32_t step_s)
{
	struct nf_series_def def = {.network = d->legs[0].network->id,
		.device = d->name,
		.series = series,
		.step_s = step_s,
		.heartbeat_s = step_s == STEP_S ? 3 * STEP_S : 2 * 86400,
		.ds_len = len};
	for (size_t i = 0; i < len; i++) {
		snprintf(def.ds[i].name, sizeof def.ds[i].name, "%s", names[i]);
		def.ds[i].kind = kind;
		def.ds[i].min = 0;
		def.ds[i].max = (double)NAN;
	}
	return nf_journal_series(p->journal, &def);
}

static void put_ping(
	struct past *p, const struct nf_device *d, int64_t down_from, int64_t down_to)
{
	static const char *const names[] = {"loss", "rtt_min_us", "rtt_q1_us", "rtt_median_us",
		"rtt_q3_us", "rtt_max_us", "duplicates"};
	uint32_t id = define(p, d, "ping", names, 7, NF_DS_GAUGE, STEP_S);
	double base = 300 + 900 * chance(p);
	for (int64_t at = p->from_s; at <= p->to_s; at += STEP_S) {
		bool down = at >= down_from && at < down_to;
		double rtt =
			down ? (double)NAN : base * (0.8 + 0.5 * busy(at) + 0.2 * chance(p));
		double loss = down ? 100 : chance(p) < 0.004 ? 33.3 : 0;
		const struct nf_value values[] = {gauge(loss), gauge(rtt * 0.8),
			gauge(rtt * 0.9), gauge(rtt), gauge(rtt * 1.1),
			gauge(rtt * (1.2 + chance(p))), gauge(0)};
		nf_journal_sample(p->journal, id, at, values);
	}
}

static void put_traffic(struct past *p, const struct nf_device *d, const char *name)
{
	static const char *const names[] = {"in_octets", "out_octets"};
	uint32_t id = define(p, d, name, names, 2, NF_DS_DERIVE, STEP_S);
	uint64_t in = 1000000, out = 1000000;
	double scale = 2e5 + 3e6 * chance(p);
	for (int64_t at = p->from_s; at <= p->to_s; at += STEP_S) {
		in += (uint64_t)(STEP_S * scale * busy(at) * (0.5 + chance(p)));
		out += (uint64_t)(STEP_S * scale * 0.3 * busy(at) * (0.5 + chance(p)));
		const struct nf_value values[] = {
			{.known = true, .counter = in },
			{.known = true, .counter = out}
		       };
		nf_journal_sample(p->journal, id, at, values);
	}
}

static void put_event(struct past *p, const struct nf_device *d, const char *check,
	int64_t at_s, enum nf_state before, enum nf_state after, const char *output,
	const char *cause)
{
	p->events = nf_grow(p->events, p->len, &p->cap, sizeof *p->events);
	p->events[p->len++] = (struct nf_event){.id = (int64_t)p->len,
		.at_wall_us = at_s * NF_US_PER_S,
		.network = d->legs[0].network->id,
		.device = d->name,
		.check = nf_xstrdup(check),
		.kind = "state",
		.before = before,
		.after = after,
		.output = output,
		.cause = cause,
		.maintenance = ""};
}

static void put_state(struct past *p, const struct nf_device *d, const char *check,
	enum nf_state state, int64_t since_s, const char *output, const char *cause)
{
	bool ping = strcmp(check, "ping") == 0;
	struct nf_check_row row = {.network = d->legs[0].network->id,
		.device = d->name,
		.check = check,
		.program = ping				      ? "netfold-ping"
			   : strncmp(check, "backup", 6) == 0 ? "netfold-verify"
							      : "netfold-snmp",
		.state = state,
		.soft = state,
		.since_wall_us = since_s * NF_US_PER_S,
		.soft_since_wall_us = since_s * NF_US_PER_S,
		.output = output,
		.cause = cause,
		.interval_us = ping ? 30 * NF_US_PER_S : 3600 * NF_US_PER_S};
	nf_store_check_put(p->store, &row);
	nf_store_asked_put(
		p->store, row.program, row.network, d->name, (p->to_s - 5) * NF_US_PER_S);
}

#define HOSTILE                                                                                \
	"<script>window.pwned=1</script><img src=x onerror=window.pwned=1>\\\"'>&amp;]]>"      \
	"</td></table></main>\xe2\x80\xae"

static void put_facts(struct past *p, const struct nf_device *d)
{
	static const char plain[] =
		"[{\"ifName\":\"uplink\",\"ifAlias\":\"to the core\",\"ifOperStatus\":\"up\","
		"\"ifAdminStatus\":\"up\",\"ifHighSpeed\":1000,\"ifPhysAddress\":\"00:00:5e:00:53:01\"}]";
	static const char hostile[] =
		"[{\"ifName\":\"" HOSTILE
		"\",\"ifAlias\":\"javascript:alert(1)\",\"ifHighSpeed\":-1}]";
	nf_store_fact_put(p->store, d->legs[0].network->id, d->name, "interfaces",
		p->hostile ? hostile : plain, p->to_s * NF_US_PER_S);
}

/* Two agents and two servers with the same identity, as copies of a machine have. */
static void put_twins(struct past *p)
{
	const struct nf_device *first = NULL;
	NF_EACH(struct nf_device, d, p->site->devices)
	{
		uint8_t id[] = {0x80, 0, 0, 0, 4, (uint8_t)d->index};
		char address[NF_ADDR_TEXT_MAX], key[120];
		if (d->kind == NF_KIND_SERVER && first == NULL)
			first = d;
		if (d->snmp == NULL)
			continue;
		if (d->kind == NF_KIND_SERVER)
			id[5] = 0xff;
		struct nf_engine_row row = {.network = d->legs[0].network->id,
			.address = nf_addr_format(&d->legs[0].address, address),
			.engine_id = id,
			.engine_id_len = sizeof id,
			.boots = 1,
			.at_wall_us = p->to_s * NF_US_PER_S};
		if (d->snmp->version == NF_SNMP_V3 || d == first)
			nf_store_engine_put(p->store, &row);
		if (d->kind != NF_KIND_SERVER)
			continue;
		snprintf(key, sizeof key,
			"SHA256:vBZ2T0DsH0RYcWyIqkhWrYuvpBNYF4rVkNwaNc9N1c%zu", d->index % 2);
		struct nf_sighting seen = {.network = row.network,
			.source = "ssh",
			.by = d->name,
			.kind = "hostkey",
			.value = key,
			.address = row.address,
			.place = "",
			.detail = "",
			.day = p->to_s / 86400,
			.first_wall_us = p->to_s * NF_US_PER_S,
			.last_wall_us = p->to_s * NF_US_PER_S,
			.count = 1};
		nf_sighting_put(p->store, &seen);
	}
}

/* One device's day: mostly well, some with an outage behind them, a few in trouble now. */
static void put_device(struct past *p, const struct nf_device *d)
{
	int64_t down_from = p->to_s + 1, down_to = p->to_s + 1;
	double fate = chance(p);
	const struct nf_device *above = d->parent;
	if (fate < 0.25) {
		down_from =
			p->from_s + (int64_t)(chance(p) * (double)(p->to_s - p->from_s) * 0.8);
		down_to = down_from + 180 + (int64_t)(chance(p) * 3600);
	}
	put_event(
		p, d, "ping", p->from_s, NF_STATE_UNKNOWN, NF_STATE_OK, "3 of 3 answered", "");
	put_ping(p, d, down_from, down_to);
	if (down_to < p->to_s) {
		enum nf_state bad =
			above != NULL && fate < 0.08 ? NF_STATE_UNREACHABLE : NF_STATE_CRITICAL;
		const char *cause = bad == NF_STATE_UNREACHABLE ? above->name : "";
		put_event(p, d, "ping", down_from, NF_STATE_OK, bad, "0 of 3 answered", cause);
		put_event(p, d, "ping", down_to, bad, NF_STATE_OK,
			"3 of 3 answered, median 0.4 ms", "");
	}
	put_state(p, d, "ping", NF_STATE_OK, down_to < p->to_s ? down_to : p->from_s,
		"3 of 3 answered, median 0.4 ms", "");
	if (d->snmp == NULL)
		return;
	put_state(p, d, "snmp", NF_STATE_OK, p->from_s, p->hostile ? HOSTILE : "answers, 2 ms",
		"");
	if (p->plain)
		return;
	put_facts(p, d);
	if (d->kind <= NF_KIND_SWITCH || d->kind == NF_KIND_SERVER ||
		d->kind == NF_KIND_FIREWALL) {
		put_traffic(p, d,
			d->kind == NF_KIND_SERVER ? "interface eth0" : "interface uplink");
		put_state(p, d,
			d->kind == NF_KIND_SERVER ? "interface eth0" : "interface uplink",
			NF_STATE_OK, p->from_s, "up, set up", "");
	}
}

/* The last that has children fails now, with all that is behind it; a printer runs out of toner. */
static void put_trouble(struct past *p)
{
	const struct nf_device *failed = NULL, *printer = NULL;
	int64_t since = p->to_s - 1260;
	NF_EACH(struct nf_device, d, p->site->devices)
	{
		failed = d->parent != NULL && d->kind != NF_KIND_SERVER &&
					 d->parent->parent != NULL
				 ? d->parent
				 : failed;
		printer = d->kind == NF_KIND_PRINTER ? d : printer;
	}
	if (printer != NULL) {
		put_event(p, printer, "supply Black toner", since - 7200, NF_STATE_OK,
			NF_STATE_WARNING, "4 % left", "");
		put_state(p, printer, "supply Black toner", NF_STATE_WARNING, since - 7200,
			"4 % left", "");
	}
	if (failed == NULL)
		return;
	put_event(p, failed, "ping", since, NF_STATE_OK, NF_STATE_CRITICAL, "0 of 3 answered",
		"");
	put_state(p, failed, "ping", NF_STATE_CRITICAL, since, "0 of 3 answered", "");
	NF_EACH(struct nf_device, d, p->site->devices)
	{
		if (d->parent != failed)
			continue;
		put_event(p, d, "ping", since + 3, NF_STATE_OK, NF_STATE_UNREACHABLE,
			"0 of 3 answered", failed->name);
		put_state(p, d, "ping", NF_STATE_UNREACHABLE, since + 3, "0 of 3 answered",
			failed->name);
	}
}

struct night {
	const char *verdict, *reason;
	enum nf_state state;
	double part; /* of the usual size */
	const char *proofs;
};

#define PROOF(kind, result, detail)                                                            \
	"{\"kind\":\"" kind "\",\"result\":\"" result "\",\"detail\":\"" detail "\"}"

static const struct night good_night = {"ok", "all proofs hold", NF_STATE_OK, 1,
	"[" PROOF("artefact", "ok",
		"12.4 GiB, written 01:52, 3 % over the median of 10") "," PROOF("complete",
		"ok", "gzip: trailer says 31.0 GiB") "," PROOF("log", "ok",
		"\\\"finished OK\\\" at 01:53") "]"};

static const struct night bad_nights[] = {
	{"bad",							"the archive ends early: gzip without its trailer", NF_STATE_CRITICAL,			       0.4,
		"[" PROOF("artefact",						 "warning",
		"5.0 GiB, 60 % under the median of 10") "," PROOF("complete", "bad",
		"gzip: ends in the middle of a block") "]"},
	{"late", "due 06:00, nothing new since yesterday",						   NF_STATE_CRITICAL,														       1,
		"[" PROOF("artefact",		      "late", "the newest is of the run before") "]"},
	{"warning",					   "40 % under the median of the last 10 runs",						 NF_STATE_WARNING,																	     0.6,
		"[" PROOF("artefact","warning", "7.4 GiB, 40 % under the median of 10") "]"},
	{"unverifiable",						    "the server does not answer: connection timed out",		     NF_STATE_UNKNOWN,
		0, "[]"						},
};

/* A site whose real backups are small must not have large ones in its past: today's would be a drop. */
static double usual_size(const struct nf_backup *job)
{
	uint64_t floor = 0;
	NF_EACH(struct nf_proof, proof, job->proofs)
	floor = proof->min_size > floor ? proof->min_size : floor;
	return floor >= (1 << 20) ? 13e9 : 40e3;
}

static void put_look(
	struct past *p, const struct nf_backup *job, int64_t run_s, const struct night *night)
{
	double size = night->part * usual_size(job) * (0.9 + 0.2 * chance(p));
	struct nf_backup_look look = {.job = job->id,
		.device = job->device->name,
		.verdict = night->verdict,
		.at_wall_us = (run_s + 7200) * NF_US_PER_S,
		.run_wall_us = run_s * NF_US_PER_S,
		.duration_us = 1400000,
		.reason = p->hostile ? HOSTILE : night->reason,
		.path = p->hostile ? HOSTILE : "/backup/files-latest.tar.gz",
		.size = size > 0 ? (int64_t)size : -1,
		.mtime_wall_us = size > 0 ? (run_s + 3120) * NF_US_PER_S : 0,
		.hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		.proofs = night->proofs};
	static const char *const names[] = {"size", "duration"};
	char series[200];
	snprintf(series, sizeof series, "backup %s", job->id);
	uint32_t id = define(p, job->device, series, names, 2, NF_DS_GAUGE, 3600);
	const struct nf_value values[] = {gauge(size > 0 ? size : (double)NAN), gauge(1.4)};
	nf_journal_sample(p->journal, id, run_s + 7200, values);
	nf_backup_look_add(p->store, &look);
}

/* Thirty nights of every job, however short the rest of the past is, in the order of their times. */
static void put_backups(struct past *p)
{
	size_t len = p->site->backups.len;
	enum nf_state *before = nf_xcalloc(len + 1, sizeof *before);
	const struct night **last = nf_xcalloc(len + 1, sizeof *last);
	for (int64_t at_s = p->to_s - 33 * INT64_C(86400); at_s < p->to_s - 8 * 3600;
		at_s += 3600) {
		for (size_t i = 0; i < len; i++) {
			const struct nf_backup *job = &p->site->backups.items[i];
			char check[200];
			if (nf_window_count(&job->starts, p->site->timezone,
				    (at_s - 3600) * NF_US_PER_S, at_s * NF_US_PER_S) == 0)
				continue;
			last[i] = chance(p) < 0.8 ? &good_night
						  : &bad_nights[(size_t)(chance(p) * 4)];
			put_look(p, job, at_s, last[i]);
			snprintf(check, sizeof check, "backup %s", job->id);
			if (last[i]->state != before[i] && at_s > p->from_s)
				put_event(p, job->device, check, at_s + 7200, before[i],
					last[i]->state, last[i]->reason, "");
			before[i] = last[i]->state;
			put_state(p, job->device, check, before[i], at_s + 7200,
				last[i]->reason, "");
		}
	}
	if (len > 0)
		nf_drill_add(
			p->store, &(struct nf_drill){p->site->backups.items[0].id, "Jour A",
					  "one folder of 2 GiB, read back whole",
					  (p->to_s - 40 * INT64_C(86400)) * NF_US_PER_S, true});
	free(before);
	free(last);
}

static int by_time(const void *a, const void *b)
{
	const struct nf_event *x = a, *y = b;
	if (x->at_wall_us != y->at_wall_us)
		return x->at_wall_us < y->at_wall_us ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void write_events(struct past *p)
{
	qsort(p->events, p->len, sizeof *p->events, by_time);
	for (size_t i = 0; i < p->len; i++) {
		nf_store_event_add(p->store, &p->events[i], NULL);
		free((char *)(uintptr_t)p->events[i].check);
	}
	free(p->events);
}

static enum nf_err make_past(struct past *p, struct nf_error *err)
{
	put_backups(p); /* each look is a transaction */
	enum nf_err rc = nf_store_begin(p->store);
	if (rc != NF_OK)
		return nf_error_set(err, rc, "%s", nf_store_error(p->store));
	NF_EACH(struct nf_device, d, p->site->devices)
	put_device(p, d);
	put_trouble(p);
	if (!p->plain)
		put_twins(p);
	write_events(p);
	rc = nf_store_commit(p->store);
	return rc == NF_OK ? nf_journal_flush(p->journal, err) : rc;
}

int main(int argc, char **argv)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;
	struct nf_error err = {0};
	int64_t hours = 24, seed = 1;
	struct past p = {0};
	if (argc < 2 || nf_site_load(argv[1], diags, &site) != NF_OK ||
		(argc > 2 && nf_parse_i64(argv[2], 1, 9000, &hours) != NF_OK) ||
		(argc > 3 && nf_parse_i64(argv[3], 0, INT64_MAX, &seed) != NF_OK)) {
		fprintf(stderr,
			"usage: history SITE [HOURS [SEED [hostile | plain]]]; SITE must be right\n");
		return 2;
	}
	p.site = site;
	p.hostile = argc > 4 && strcmp(argv[4], "hostile") == 0;
	p.plain = argc > 4 && strcmp(argv[4], "plain") == 0;
	p.seed = (uint64_t)seed;
	p.to_s = nf_clock_now().wall_us / NF_US_PER_S;
	p.from_s = p.to_s - hours * 3600;
	enum nf_err rc = nf_store_open(site->state_dir, NF_STORE_WRITE, 5000, &p.store, &err);
	if (rc == NF_OK)
		rc = nf_journal_open(site->state_dir, "history", &p.journal, &err);
	if (rc == NF_OK)
		rc = make_past(&p, &err);
	if (rc == NF_OK && !p.plain)
		rc = history_move(site, p.store, p.to_s * NF_US_PER_S, p.hostile);
	if (rc != NF_OK)
		fprintf(stderr, "history: %s\n", err.text);
	nf_journal_close(p.journal);
	nf_store_close(p.store);
	nf_site_free(site);
	nf_diags_free(diags);
	return rc == NF_OK ? 0 : 3;
}
