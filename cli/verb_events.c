// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/put.h"
#include "base/text.h"
#include "checks/cutover/reasons.h"
#include "cli/at.h"
#include "cli/since.h"
#include "cli/table.h"
#include "store/store.h"

#define BUSY_MS	  5000
#define FOLLOW_MS 500
#define SINCE	  "24h"

struct request {
	const struct nf_cli *cli;
	const struct nf_site *site;
	struct nf_store *store;
	bool json, follow;
	const char *const
		*names; /* networks and devices, perhaps of an earlier site; none: all */
	size_t names_len;
	int64_t since_wall_us, after_id;
	uv_timer_t timer;
	uv_signal_t signals[2];
};

static bool is_wanted(const struct request *r, const struct nf_event *e)
{
	for (size_t i = 0; i < r->names_len; i++)
		if (strcmp(r->names[i], e->network) == 0 || strcmp(r->names[i], e->device) == 0)
			return true;
	return r->names_len == 0;
}

static void print_json(const struct nf_event *e)
{
	char at[NF_MILLIS_MAX];
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);
	nf_json_object(&j);
	nf_put_i64(&j, "id", e->id);
	nf_put_text(&j, "at", nf_iso8601_millis(e->at_wall_us, at));
	nf_put_text(&j, "network", e->network);
	nf_put_text(&j, "device", e->device);
	nf_put_text(&j, "check", e->check);
	nf_put_text(&j, "kind", e->kind);
	nf_put_text(&j, "before", nf_state_text(e->before));
	nf_put_text(&j, "state", nf_state_text(e->after));
	nf_put_text(&j, "output", e->output);
	nf_put_some(&j, "cause", e->cause);
	nf_put_some(&j, "maintenance", e->maintenance);
	nf_put_bool(&j, "held", e->held);
	nf_json_end(&j);
	puts(out.data);
	nf_strbuf_free(&out);
}

static void add_escaped(struct nf_strbuf *out, const char *before, const char *text)
{
	if (*text == '\0')
		return;
	nf_strbuf_puts(out, before);
	nf_text_escape(out, text, strlen(text), 200);
}

static void print_line(const struct nf_event *e, bool colour)
{
	char at[NF_AT_MAX];
	nf_at_second(e->at_wall_us, at);
	struct nf_strbuf line = {0}, words = {0};
	add_escaped(&line, "", *e->network != '\0' ? e->network : "netfold");
	add_escaped(&line, "/", e->device);
	add_escaped(&line, " ", e->check);
	nf_strbuf_puts(&line, ": ");
	if (e->before != e->after)
		nf_strbuf_printf(&line, "%s → ", nf_state_text(e->before));
	nf_strbuf_printf(&line, "%s%s%s", nf_state_colour(e->after, colour),
		nf_state_text(e->after), nf_colour_off(colour));
	if (strcmp(e->kind, "state") != 0)
		add_escaped(&line, ", ", e->kind);
	add_escaped(&line, ", behind ", e->cause);
	nf_reasons_event_words(e->data, e->output, &words);
	add_escaped(&line, ": ", words.data);
	if (*e->maintenance != '\0')
		add_escaped(&line, " [maintenance ", e->maintenance);
	nf_strbuf_puts(&line, *e->maintenance != '\0' ? "]" : "");
	printf("%s  %s %s\n", at, nf_state_sign(e->after), line.data);
	nf_strbuf_free(&words);
	nf_strbuf_free(&line);
}

static void take_event(const struct nf_event *e, void *arg)
{
	struct request *r = arg;
	r->after_id = e->id;
	if (!is_wanted(r, e))
		return;
	if (r->json)
		print_json(e);
	else
		print_line(e, r->cli->colour);
}

static enum nf_err print_new(struct request *r, struct nf_error *err)
{
	const struct nf_event_filter filter = {
		.after_id = r->after_id,
		.since_wall_us = r->since_wall_us,
	};
	if (r->store == NULL) {
		enum nf_err code = nf_store_open(
			r->site->state_dir, NF_STORE_READ, BUSY_MS, &r->store, err);
		if (code != NF_OK)
			return code == NF_ENOENT ? NF_OK : code; /* nothing was ever recorded */
	}
	enum nf_err code = nf_store_events(r->store, &filter, take_event, r);
	if (code != NF_OK)
		nf_error_set(err, code, "state.db: %s", nf_store_error(r->store));
	return code;
}

static void on_timer(uv_timer_t *timer)
{
	struct request *r = timer->data;
	struct nf_error err = {0};
	/* A store that is busy for a moment is no reason to stop following it. */
	if (print_new(r, &err) != NF_OK)
		fprintf(stderr, "netfold events: %s\n", err.text);
	if (fflush(stdout) != 0)
		uv_stop(timer->loop);
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	uv_stop(signal->loop);
}

static void follow(struct request *r)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	uv_loop_t loop;
	if (uv_loop_init(&loop) != 0)
		return;
	uv_timer_init(&loop, &r->timer);
	r->timer.data = r;
	uv_timer_start(&r->timer, on_timer, FOLLOW_MS, FOLLOW_MS);
	for (size_t i = 0; i < 2; i++) {
		uv_signal_init(&loop, &r->signals[i]);
		uv_signal_start(&r->signals[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&r->signals[i]);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&r->timer, NULL);
	for (size_t i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&r->signals[i], NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
}

static int answer(struct request *r)
{
	struct nf_error err = {0};
	int status = NF_EXIT_GOOD;
	if (!r->json)
		nf_cli_speak(r->site);
	if (print_new(r, &err) != NF_OK)
		status = nf_cli_failed(&nf_verb_events, &err);
	else if (r->follow && fflush(stdout) == 0)
		follow(r);
	nf_store_close(r->store);
	return status;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"follow", no_argument,	NULL, 'f'},
		{"json",	 no_argument,	      NULL, 'j'},
		{"since",  required_argument, NULL, 's'},
		{NULL,     0,		  NULL, 0	 },
	};
	struct request r = {.cli = cli};
	const char *since = SINCE;
	for (int c; (c = getopt_long(argc, argv, "f", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_events, argv);
		r.json |= c == 'j';
		r.follow |= c == 'f';
		since = c == 's' ? optarg : since;
	}
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	r.site = site;
	int status = NF_EXIT_USAGE;
	if (nf_since_parse(since, nf_clock_now().wall_us, &r.since_wall_us) != NF_OK) {
		nf_cli_usage(&nf_verb_events, "--since \"%s\" is not " NF_SINCE_WANTED, since);
	} else {
		r.names = (const char *const *)(argv + optind);
		r.names_len = (size_t)(argc - optind);
		status = answer(&r);
	}
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_events = {
	.name = "events",
	.arguments = "[--json] [--since TIME] [--follow] [NETWORK|DEVICE…]",
	.summary = "list what changed, oldest first; " SINCE " unless --since says else",
	.run = run,
};
