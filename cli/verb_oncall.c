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
#include "base/text.h"
#include "cli/table.h"
#include "conf/zone.h"

#define BUSY_MS 5000

struct request {
	const struct nf_site *site;
	struct nf_store *outbox; /* NULL: nobody said anything yet */
	const char *at, *cover, *from, *to, *rota;
	bool json;
	int64_t at_wall_us;
};

static void put_services(
	const struct request *r, const struct nf_rota *rota, struct nf_strbuf *out)
{
	NF_EACH(struct nf_service, s, r->site->services)
	{
		if (s->rota == rota)
			nf_strbuf_printf(out, "%s%s", out->len > 0 ? " " : "", s->id);
	}
	const struct nf_rota *rest =
		r->site->alerting.rota != NULL ? r->site->alerting.rota : r->site->rotas.items;
	if (rota == rest)
		nf_strbuf_printf(out, "%s(and all without a service)", out->len > 0 ? " " : "");
	if (out->data == NULL)
		nf_strbuf_puts(out, "");
}

static void show_rota(const struct request *r, const struct nf_rota *rota,
	struct nf_table *table, struct nf_json *j)
{
	const struct nf_contact *who = NULL;
	struct nf_strbuf why = {0}, services = {0}, later = {0};
	char after[NF_QUANTITY_MAX];
	nf_explain_rota(r->site, r->outbox, rota, r->at_wall_us, &who, &why);
	put_services(r, rota, &services);
	nf_strbuf_puts(&later, "");
	for (size_t k = 0; k < rota->escalate_to.len; k++)
		nf_strbuf_printf(
			&later, "%s%s", k > 0 ? " " : "", rota->escalate_to.items[k]->id);
	nf_json_object(j);
	nf_put_text(j, "rota", rota->id);
	nf_put_text(j, "contact", who->id);
	nf_put_text(j, "name", who->name);
	nf_put_text(j, "mail", who->mail);
	nf_put_text(j, "why", why.data);
	nf_put_i64(j, "escalate_after", rota->escalate_after_us / NF_US_PER_S);
	nf_put_text(j, "escalate_to", later.data);
	nf_put_text(j, "services", services.data);
	nf_json_end(j);
	if (later.len > 0)
		nf_strbuf_printf(&later, " after %s",
			nf_format_duration(rota->escalate_after_us, after));
	nf_table_cell(table, rota->id);
	nf_table_cell(table, who->id);
	nf_table_cell(table, why.data);
	nf_table_cell(table, later.data);
	nf_table_cell(table, services.data);
	nf_strbuf_free(&why);
	nf_strbuf_free(&services);
	nf_strbuf_free(&later);
}

static int show(const struct request *r)
{
	static const char *const headings[] = {
		"rota", "on call", "because", "unacknowledged", "services"};
	struct nf_table *table = nf_table_new(headings, sizeof headings / sizeof *headings);
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);
	nf_json_object(&j);
	nf_put_time(&j, "at", r->at_wall_us);
	nf_json_key(&j, "on_call");
	nf_json_array(&j);
	NF_EACH(struct nf_rota, rota, r->site->rotas)
	{
		show_rota(r, rota, table, &j);
	}
	nf_json_end(&j);
	nf_json_end(&j);
	if (r->json)
		puts(out.data);
	else if (r->site->rotas.len == 0)
		puts("The site has no rotas: nobody is told.");
	else
		nf_table_print(table, stdout, false);
	nf_table_free(table);
	nf_strbuf_free(&out);
	return NF_EXIT_GOOD;
}

static const char *nearest(
	const char *const *names, size_t len, const char *name, char buf[120])
{
	const char *near = nf_nearest(name, names, len);
	snprintf(buf, 120, near != NULL ? "; did you mean \"%.60s\"?" : "%.0s",
		near != NULL ? near : "");
	return buf;
}

static bool knows(const struct request *r, bool rota, const char *name)
{
	size_t len = 0;
	const char *names[256];
	char hint[120];
	NF_EACH(struct nf_rota, x, r->site->rotas)
	{
		if (rota && len < 256)
			names[len++] = x->id;
	}
	NF_EACH(struct nf_contact, c, r->site->contacts)
	{
		if (!rota && len < 256)
			names[len++] = c->id;
	}
	for (size_t i = 0; i < len; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	nf_cli_usage(&nf_verb_oncall, "no %s is called \"%s\"%s", rota ? "rota" : "contact",
		name, nearest(names, len, name, hint));
	return false;
}

static int cover(struct request *r)
{
	struct nf_error err = {0};
	struct nf_word_row row = {.kind = "cover",
		.at_wall_us = nf_clock_now().wall_us,
		.scope = r->rota != NULL ? r->rota : "",
		.who = r->cover};
	row.from_wall_us = row.at_wall_us;
	if (!knows(r, false, r->cover) || (r->rota != NULL && !knows(r, true, r->rota)))
		return NF_EXIT_USAGE;
	if (r->to == NULL ||
		nf_instant_parse(r->to, r->site->timezone, &row.until_wall_us) != NF_OK ||
		(r->from != NULL && nf_instant_parse(r->from, r->site->timezone,
					    &row.from_wall_us) != NF_OK))
		return nf_cli_usage(&nf_verb_oncall,
			"--cover needs --to TIME, and may have --from TIME, such as \"2011-02-05 18:00\"");
	if (row.until_wall_us <= row.from_wall_us || row.until_wall_us <= row.at_wall_us)
		return nf_cli_usage(&nf_verb_oncall, "the cover ends before it begins");
	enum nf_err rc =
		nf_outbox_open(r->site->state_dir, NF_STORE_WRITE, BUSY_MS, &r->outbox, &err);
	if (rc == NF_OK && (rc = nf_word_add(r->outbox, &row, NULL)) != NF_OK)
		nf_error_set(&err, rc, "outbox.db: %s", nf_store_error(r->outbox));
	if (rc != NF_OK)
		return nf_cli_failed(&nf_verb_oncall, &err);
	r->at_wall_us = row.from_wall_us;
	return show(r);
}

static int answer(struct request *r)
{
	r->at_wall_us = nf_clock_now().wall_us;
	if (r->cover != NULL)
		return cover(r);
	if (r->at != NULL &&
		nf_instant_parse(r->at, r->site->timezone, &r->at_wall_us) != NF_OK)
		return nf_cli_usage(
			&nf_verb_oncall, "--at takes a time such as \"2011-02-05 18:00\"");
	/* Without an outbox, or one that is damaged, the rotas are still true. */
	nf_outbox_open(r->site->state_dir, NF_STORE_READ, BUSY_MS, &r->outbox, NULL);
	return show(r);
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"at",    required_argument, NULL, 'a'},
		{"cover", required_argument, NULL, 'c'},
		{"from",	 required_argument, NULL, 'f'},
		{"to",    required_argument, NULL, 't'},
		{"rota",	 required_argument, NULL, 'r'},
		{"json",	 no_argument,	      NULL, 'j'},
		{NULL,    0,		  NULL, 0	 },
	};
	struct request r = {0};
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_oncall, argv);
		r.json |= c == 'j';
		r.at = c == 'a' ? optarg : r.at;
		r.cover = c == 'c' ? optarg : r.cover;
		r.from = c == 'f' ? optarg : r.from;
		r.to = c == 't' ? optarg : r.to;
		r.rota = c == 'r' ? optarg : r.rota;
	}
	if (optind < argc)
		return nf_cli_usage(
			&nf_verb_oncall, "\"%s\" is one argument too many", argv[optind]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	r.site = site;
	int status = answer(&r);
	nf_store_close(r.outbox);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_oncall = {
	.name = "oncall",
	.arguments =
		"[--json] [--at TIME] | --cover CONTACT [--rota ROTA] [--from TIME] --to TIME",
	.summary = "say who is on call and why; --cover: somebody stands in for a while",
	.run = run,
};
