// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/explain.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/put.h"
#include "cli/at.h"
#include "cli/since.h"
#include "cli/table.h"
#include "store/incidents.h"

#define BUSY_MS 5000

struct request {
	const struct nf_site *site;
	struct nf_store *outbox;
	struct nf_json json;
	struct nf_table *table;
	int64_t now, number; /* of the incident whose parts are being written */
	size_t open;
	bool as_json;
	struct list {
		struct nf_incident_row *items;
		size_t len, cap;
	} list;
};

static void keep(const struct nf_incident_row *row, void *arg)
{
	struct request *r = arg;
	if (row->phase == NF_INCIDENT_ENDED && row->told_wall_us == 0 && row->merged_into == 0)
		return; /* over before anybody was told */
	r->list.items = nf_grow(r->list.items, r->list.len, &r->list.cap, sizeof *row);
	struct nf_incident_row *kept = &r->list.items[r->list.len++];
	*kept = *row;
	kept->cause = nf_xstrdup(row->cause);
	kept->title = nf_xstrdup(row->title);
	kept->network = nf_xstrdup(row->network);
	kept->acknowledged_by = nf_xstrdup(row->acknowledged_by);
	kept->acknowledged_text = nf_xstrdup(row->acknowledged_text);
}

static void forget(struct request *r)
{
	for (size_t i = 0; i < r->list.len; i++) {
		const struct nf_incident_row *row = &r->list.items[i];
		const char *texts[] = {row->cause, row->title, row->network,
			row->acknowledged_by, row->acknowledged_text};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			free((void *)(uintptr_t)texts[k]);
	}
	free(r->list.items);
}

static void put_member(const struct nf_member_row *m, void *arg)
{
	struct nf_json *j = &((struct request *)arg)->json;
	nf_json_object(j);
	nf_put_text(j, "network", m->network);
	nf_put_text(j, "device", m->device);
	nf_put_text(j, "check", m->check);
	nf_put_text(j, "state", nf_state_text(m->state));
	nf_put_text(j, "worst", nf_state_text(m->worst));
	nf_put_time(j, "since", m->since_wall_us);
	nf_put_time(j, "ended_at", m->ended_wall_us);
	nf_put_time(j, "told_at", m->told_wall_us);
	nf_put_bool(j, "flapping", m->flapping);
	nf_put_bool(j, "silenced", m->silenced);
	nf_put_text(j, "output", m->output);
	nf_put_some(j, "cause", m->cause);
	nf_json_end(j);
}

static void put_telling(const struct nf_telling_row *t, void *arg)
{
	struct nf_json *j = &((struct request *)arg)->json;
	nf_json_object(j);
	nf_put_text(j, "contact", t->contact);
	nf_put_text(j, "address", t->address);
	nf_put_time(j, "told_at", t->told_wall_us);
	nf_put_time(j, "last_at", t->last_wall_us);
	nf_put_i64(j, "mails", t->mails);
	nf_put_bool(j, "recovered", t->recovered);
	nf_put_bool(j, "escalated", t->escalated);
	nf_json_end(j);
}

static enum nf_err put_incident(struct request *r, const struct nf_incident_row *i)
{
	struct nf_json *j = &r->json;
	nf_json_object(j);
	nf_put_i64(j, "number", i->number);
	nf_put_text(j, "cause", i->cause);
	nf_put_text(j, "title", i->title);
	nf_put_some(j, "network", i->network);
	nf_put_text(j, "phase", nf_incident_phase_text(i->phase));
	nf_put_text(j, "state", nf_state_text(i->state));
	nf_put_time(j, "since", i->opened_wall_us);
	nf_put_time(j, "told_at", i->told_wall_us);
	nf_put_time(j, "ended_at", i->ended_wall_us);
	nf_put_time(j, "acknowledged_until",
		i->acknowledged_wall_us != 0 ? i->acknowledged_until_wall_us : 0);
	nf_put_some(j, "acknowledged_by", i->acknowledged_by);
	nf_put_some(j, "acknowledged_text", i->acknowledged_text);
	nf_put_time(j, "escalated_at", i->escalated_wall_us);
	nf_put_i64(j, "merged_into", i->merged_into);
	nf_json_key(j, "members");
	nf_json_array(j);
	enum nf_err rc = nf_members(r->outbox, i->number, put_member, r);
	nf_json_end(j);
	nf_json_key(j, "told");
	nf_json_array(j);
	if (rc == NF_OK)
		rc = nf_tellings(r->outbox, i->number, put_telling, r);
	nf_json_end(j);
	nf_json_end(j);
	return rc;
}

static void count_member(const struct nf_member_row *m, void *arg)
{
	*(size_t *)arg += m->ended_wall_us == 0;
}

static enum nf_err add_row(struct request *r, const struct nf_incident_row *i)
{
	char text[64], at[NF_AT_MAX];
	size_t bad = 0;
	enum nf_err rc = nf_members(r->outbox, i->number, count_member, &bad);
	snprintf(text, sizeof text, "#%lld", (long long)i->number);
	nf_table_cell(r->table, text);
	nf_table_state(r->table, i->phase == NF_INCIDENT_ENDED ? NF_STATE_OK : i->state);
	nf_table_cell(r->table, nf_incident_phase_text(i->phase));
	nf_table_cell(r->table, nf_at_minute(i->opened_wall_us, at));
	nf_table_number(r->table, bad);
	nf_table_cell(r->table, i->title);
	bool acknowledged =
		i->acknowledged_wall_us != 0 && i->acknowledged_until_wall_us > r->now;
	nf_table_cell(r->table, acknowledged ? i->acknowledged_by : "");
	return rc;
}

static enum nf_err list(struct request *r, int64_t since, bool colour)
{
	static const char *const headings[] = {
		"incident", "state", "phase", "since", ">bad", "cause", "acknowledged by"};
	struct nf_strbuf out = {0};
	enum nf_err rc = nf_incidents(r->outbox, since, keep, r);
	r->json = nf_json_of(&out);
	r->table = nf_table_new(headings, sizeof headings / sizeof *headings);
	nf_json_object(&r->json);
	nf_put_time(&r->json, "generated_at", r->now);
	nf_json_key(&r->json, "incidents");
	nf_json_array(&r->json);
	for (size_t k = 0; k < r->list.len && rc == NF_OK; k++) {
		r->open += r->list.items[k].phase != NF_INCIDENT_ENDED;
		rc = r->as_json ? put_incident(r, &r->list.items[k])
				: add_row(r, &r->list.items[k]);
	}
	nf_json_end(&r->json);
	nf_json_end(&r->json);
	if (rc == NF_OK && r->as_json)
		puts(out.data);
	else if (rc == NF_OK && r->list.len == 0)
		puts("No incident is open.");
	else if (rc == NF_OK)
		nf_table_print(r->table, stdout, colour);
	nf_table_free(r->table);
	nf_strbuf_free(&out);
	forget(r);
	return rc;
}

static int answer(const struct nf_cli *cli, struct request *r, int64_t since)
{
	struct nf_error err = {0};
	struct nf_strbuf text = {0};
	enum nf_err rc =
		nf_outbox_open(r->site->state_dir, NF_STORE_READ, BUSY_MS, &r->outbox, &err);
	if (rc == NF_ENOENT && r->number == 0) {
		puts(r->as_json ? "{\"incidents\":[]}" : "No incident is open.");
		return NF_EXIT_GOOD;
	}
	if (rc == NF_OK && r->number != 0)
		rc = nf_explain_incident(r->site, r->outbox, r->number, r->now, &text, &err);
	else if (rc == NF_OK && (rc = list(r, since, cli->colour)) != NF_OK)
		nf_error_set(&err, rc, "outbox.db: %s", nf_store_error(r->outbox));
	if (rc == NF_OK && text.data != NULL)
		fputs(text.data, stdout);
	nf_strbuf_free(&text);
	nf_store_close(r->outbox);
	if (rc != NF_OK)
		return nf_cli_failed(&nf_verb_incidents, &err);
	return r->open > 0 ? NF_EXIT_PROBLEMS : NF_EXIT_GOOD;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"explain", required_argument, NULL, 'e'},
		{"json",	 no_argument,	      NULL, 'j'},
		{"since",	  required_argument, NULL, 's'},
		{NULL,      0,		  NULL, 0	 },
	};
	struct request r = {.now = nf_clock_now().wall_us};
	const char *since_text = NULL;
	int64_t since = INT64_MAX;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_incidents, argv);
		r.as_json |= c == 'j';
		since_text = c == 's' ? optarg : since_text;
		if (c == 'e' && nf_parse_i64(optarg + (*optarg == '#'), 1, INT64_MAX,
					&r.number) != NF_OK)
			return nf_cli_usage(&nf_verb_incidents, "\"%s\" is no number", optarg);
	}
	if (optind < argc)
		return nf_cli_usage(
			&nf_verb_incidents, "\"%s\" is one argument too many", argv[optind]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	r.site = site;
	int status = NF_EXIT_USAGE;
	if (since_text != NULL && nf_since_parse(since_text, r.now, &since) != NF_OK)
		nf_cli_usage(&nf_verb_incidents, "--since \"%s\" is not " NF_SINCE_WANTED,
			since_text);
	else
		status = answer(cli, &r, since);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_incidents = {
	.name = "incidents",
	.arguments = "[--json] [--since TIME] [--explain NUMBER]",
	.summary = "list what is wrong by cause; --explain: who is mailed of one, when and why",
	.run = run,
};
