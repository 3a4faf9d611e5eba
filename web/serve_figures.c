// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "web/serve_own.h"

#define HEALTH_MAX  65536
#define FIGURES_MAX ((size_t)64 << 20)
#define END	    "# EOF\n"

/* The time a published file was written; 0: there is none. */
static int64_t written_us(const char *www_dir, const char *name)
{
	struct stat st;
	char *path = nf_xasprintf("%s/%s", www_dir, name);
	bool there = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	free(path);
	return there ? st.st_mtim.tv_sec * NF_US_PER_S + st.st_mtim.tv_nsec / 1000 : 0;
}

static bool is_fresh(int64_t written_wall_us, int64_t now_wall_us, int64_t limit_us)
{
	int64_t age_us = now_wall_us - written_wall_us;
	return written_wall_us != 0 && age_us < limit_us && age_us > -60 * NF_US_PER_S;
}

/* netfold-publish writes it in each cycle, and what failed (web/site_data.h). */
static bool says_failure(const char *www_dir)
{
	char *path = nf_xasprintf("%s/health.json", www_dir), *text = NULL;
	size_t len = 0;
	bool fails = nf_file_read(path, HEALTH_MAX, &text, &len, NULL) != NF_OK ||
		     strstr(text, "\"failure\":null") == NULL;
	free(text);
	free(path);
	return fails;
}

const char *nf_serve_ill(const char *www_dir, int64_t now_wall_us, char *buf, size_t size)
{
	int64_t at_us = written_us(www_dir, "health.json");
	int64_t age_s = (now_wall_us - at_us) / NF_US_PER_S;
	if (access(www_dir, X_OK) != 0)
		return "www_dir is missing, or may not be read\n";
	if (at_us == 0)
		return "no pages yet: netfold-publish has not written any\n";
	if (is_fresh(at_us, now_wall_us, NF_SERVE_FRESH_US))
		return !says_failure(www_dir) ? NULL
					      : "the last attempt to write the pages failed: "
						"health.json says why\n";
	if (age_s < 0)
		snprintf(buf, size,
			"the pages are from %" PRId64
			" s in the future: the clock was set back\n",
			-age_s);
	else
		snprintf(buf, size,
			"the pages are %" PRId64 " s old: netfold-publish does not write\n",
			age_s);
	return buf;
}

static bool ends_well(const char *text, size_t len)
{
	size_t end = sizeof END - 1;
	return len >= end && memcmp(text + len - end, END, end) == 0;
}

static void add_published(const struct nf_server *server, struct nf_strbuf *out)
{
	char *path = nf_xasprintf("%s/metrics", server->site->www_dir), *text = NULL;
	size_t len = 0;
	struct nf_error err;
	if (nf_file_read(path, FIGURES_MAX, &text, &len, &err) == NF_OK && ends_well(text, len))
		nf_strbuf_add(out, text, len - (sizeof END - 1));
	free(text);
	free(path);
}

static void add_one(struct nf_strbuf *out, const char *name, const char *type, const char *help,
	int64_t value)
{
	nf_strbuf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s%s %" PRId64 "\n", name, help,
		name, type, name, strcmp(type, "counter") == 0 ? "_total" : "", value);
}

static void add_own(const struct nf_server *server, int64_t figures_us, struct nf_strbuf *out)
{
	const struct nf_serve_counts *c = &server->counts;
	add_one(out, "netfold_figures_timestamp_seconds", "gauge",
		"When netfold-publish wrote the figures; those older than 480 s are left out.",
		figures_us / NF_US_PER_S);
	add_one(out, "netfold_serve_start_timestamp_seconds", "gauge",
		"When netfold-serve was started.", server->started_wall_us / NF_US_PER_S);
	add_one(out, "netfold_serve_connections", "gauge", "Connections now.",
		(int64_t)c->connections_now);
	add_one(out, "netfold_serve_connections_ended", "counter",
		"Connections ended because the client was too slow.", (int64_t)c->ended);
	nf_strbuf_puts(out, "# HELP netfold_serve_responses Answers, by class of status.\n"
			    "# TYPE netfold_serve_responses counter\n");
	for (unsigned k = 2; k <= 5; k++)
		nf_strbuf_printf(out,
			"netfold_serve_responses_total{code=\"%uxx\"} %" PRIu64 "\n", k,
			c->by_class[k]);
}

char *nf_serve_figures(const struct nf_server *server, int64_t now_wall_us, size_t *len)
{
	struct nf_strbuf out = {0};
	int64_t at_us = written_us(server->site->www_dir, "metrics");
	if (is_fresh(at_us, now_wall_us, NF_SERVE_FIGURES_US) &&
		is_fresh(written_us(server->site->www_dir, "health.json"), now_wall_us,
			NF_SERVE_FRESH_US))
		add_published(server, &out);
	add_own(server, at_us, &out);
	nf_strbuf_puts(&out, END);
	*len = out.len;
	return nf_strbuf_take(&out);
}
