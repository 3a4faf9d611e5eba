// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/heartbeat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#define EVERY_US   (60 * NF_US_PER_S)
#define SOON_US	   (5 * NF_US_PER_S)
#define FETCH_MS   20000L
#define CONNECT_MS 5000L

struct nf_heartbeat {
	uv_loop_t *loop;
	uv_work_t work;
	bool busy, abandoned;
	int64_t at_mono_us;
	char *url, error[CURL_ERROR_SIZE];
	long status;
};

struct nf_heartbeat *nf_heartbeat_new(uv_loop_t *loop)
{
	struct nf_heartbeat *h = nf_xcalloc(1, sizeof *h);
	h->loop = loop;
	/* The others have just been started, too. */
	h->at_mono_us = nf_clock_now().mono_us - EVERY_US + SOON_US;
	h->work.data = h;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return h;
}

static void destroy(struct nf_heartbeat *h)
{
	free(h->url);
	free(h);
}

void nf_heartbeat_free(struct nf_heartbeat *h)
{
	if (h == NULL)
		return;
	h->abandoned = true;
	/* A fetch that still runs in its thread frees it; one that outlives the loop ends with the process. */
	if (!h->busy)
		destroy(h);
}

static bool is_alive(const struct nf_picture *picture, const char *program)
{
	for (size_t i = 0; i < picture->programs_len; i++)
		if (strcmp(picture->programs[i].name, program) == 0)
			return picture->programs[i].alive;
	return false;
}

bool nf_heartbeat_is_healthy(const struct nf_picture *picture, struct nf_strbuf *why)
{
	bool snmp = false, wire = false;
	NF_EACH(struct nf_device, d, picture->site->devices)
	{
		snmp |= d->snmp != NULL;
	}
	NF_EACH(struct nf_network, n, picture->site->networks)
	{
		wire |= n->wire.len > 0;
	}
	const struct {
		const char *program;
		bool needed;
	} rows[] = {
		{"netfold-ping",	 picture->site->devices.len > 0},
		{"netfold-snmp",	 snmp			     },
		{"netfold-wire",	 wire			     },
		{"netfold-series", true			       },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].needed && !is_alive(picture, rows[i].program))
			nf_strbuf_printf(why, "%s ", rows[i].program);
	/* Others count once they have run. */
	for (size_t i = 0; i < picture->programs_len; i++) {
		const struct nf_view_program *g = &picture->programs[i];
		bool listed = false;
		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
			listed |= strcmp(g->name, rows[k].program) == 0;
		if (!listed && !g->alive && strcmp(g->name, "netfold-notify") != 0)
			nf_strbuf_printf(why, "%s ", g->name);
	}
	return why->len == 0;
}

static size_t discard(char *data, size_t size, size_t count, void *arg)
{
	(void)data;
	(void)arg;
	return size * count;
}

static void fetch(uv_work_t *work)
{
	struct nf_heartbeat *h = work->data;
	CURL *curl = curl_easy_init();
	if (curl == NULL)
		return;
	curl_easy_setopt(curl, CURLOPT_URL, h->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, FETCH_MS);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "netfold");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, h->error);
	CURLcode rc = curl_easy_perform(curl);
	h->status = 0;
	if (rc == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &h->status);
	else if (h->error[0] == '\0')
		snprintf(h->error, sizeof h->error, "%s", curl_easy_strerror(rc));
	curl_easy_cleanup(curl);
}

static void fetched(uv_work_t *work, int status)
{
	(void)status;
	struct nf_heartbeat *h = work->data;
	h->busy = false;
	if (h->abandoned) {
		destroy(h);
		return;
	}
	/* The URL is a secret: neither it nor what curl quotes of it is logged. */
	if (h->status < 200 || h->status > 299)
		nf_log_limited("heartbeat", NF_LOG_WARN, "heartbeat",
			"the heartbeat URL could not be fetched: status=%ld", h->status);
}

static void begin_fetch(struct nf_heartbeat *h, const struct nf_site *site)
{
	struct nf_error err = {0};
	size_t len;
	free(h->url);
	h->url = NULL;
	if (nf_file_read_secret(site->alerting.heartbeat_url_file, &h->url, &len, &err) !=
		NF_OK) {
		nf_log_limited("heartbeat", NF_LOG_WARN, "heartbeat", "%s", err.text);
		return;
	}
	h->error[0] = '\0';
	h->status = 0;
	h->busy = uv_queue_work(h->loop, &h->work, fetch, fetched) == 0;
}

bool nf_heartbeat_is_due(const struct nf_heartbeat *h, struct nf_now now)
{
	return now.mono_us - h->at_mono_us >= EVERY_US;
}

void nf_heartbeat_give(struct nf_heartbeat *h, const struct nf_site *site,
	const struct nf_picture *picture, struct nf_now now)
{
	struct nf_strbuf why = {0};
	struct nf_error err = {0};
	char at[NF_ISO8601_MAX], text[NF_ISO8601_MAX + 1];
	/* Not healthy: look again soon, so that the beat comes back as soon as the last program does. */
	h->at_mono_us = now.mono_us;
	if (!nf_heartbeat_is_healthy(picture, &why)) {
		nf_log_limited("heartbeat", NF_LOG_WARN, "heartbeat",
			"no heartbeat: no sign of life from %s", why.data);
		h->at_mono_us = now.mono_us - EVERY_US + SOON_US;
		nf_strbuf_free(&why);
		return;
	}
	char *path = site->alerting.heartbeat_file != NULL
			     ? nf_xstrdup(site->alerting.heartbeat_file)
			     : nf_xasprintf("%s/heartbeat", site->state_dir);
	snprintf(text, sizeof text, "%s\n", nf_iso8601(now.wall_us, at));
	if (nf_file_write_atomic(path, text, strlen(text), 0644, &err) != NF_OK)
		nf_log_limited("heartbeat-file", NF_LOG_WARN, "heartbeat", "%s", err.text);
	free(path);
	if (site->alerting.heartbeat_url_file != NULL && !h->busy)
		begin_fetch(h, site);
}
