// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "web/availability.h"
#include "web/banner.h"
#include "web/jobs.h"
#include "web/metrics.h"
#include "web/mix.h"
#include "web/page.h"
#include "web/publish_own.h"
#include "web/site_data.h"

#define REFRESHED_A_CYCLE 150
#define LARGE_US	  (5 * NF_PUBLISH_CYCLE_US) /* what grows with the inventory is no older */
#define ASSET_MAX	  (4 * 1024 * 1024)

/* Those that grow with the inventory are written when something changed, or grew too old. */
static const struct {
	const char *file;
	void (*fn)(struct nf_page *p);
	bool whole;
} pages[] = {
	{"index.html",     nf_page_overview,	 false},
	{"wall.html",      nf_page_wall,	    false},
	{"backups.html",	 nf_page_backups,	  true },
	{"incidents.html", nf_page_incidents, false},
	{"about.html",     nf_page_about,     false},
	{"devices.html",	 nf_page_devices,	  true },
	{"risks.html",     nf_page_risks,     true },
};

char *nf_publish_path(const char *folder, const char *name, const char *suffix)
{
	struct nf_strbuf path = {0};
	nf_strbuf_printf(&path, "%s/", folder);
	nf_safename(&path, name, strlen(name));
	nf_strbuf_puts(&path, suffix);
	return nf_strbuf_take(&path);
}

static void copy_asset(
	struct nf_publisher *pub, const char *folder, const char *file, const char *as)
{
	struct nf_error err = {0};
	char *data = NULL, *to = nf_xasprintf("assets/%s", as);
	char *from = nf_xasprintf("%s/%s", folder != NULL ? folder : ".", file);
	size_t len = 0;
	enum nf_err rc = folder == NULL ? nf_error_set(&err, NF_ENOENT, "%s: not found", file)
					: nf_file_read(from, ASSET_MAX, &data, &len, &err);
	if (rc == NF_OK)
		rc = nf_output_put(&pub->out, to, data, len, &err);
	if (rc != NF_OK)
		nf_log(NF_LOG_WARN, "publish", "a part of the pages is missing: %s", err.text);
	free(data);
	free(from);
	free(to);
}

enum nf_err nf_publisher_new(const struct nf_site *site, const char *assets,
	const char *dygraphs, struct nf_publisher **publisher, struct nf_error *err)
{
	static const char *const own[] = {"style.css", "app.js", "chart.js", "icon.svg"};
	struct nf_publisher *pub = nf_xcalloc(1, sizeof *pub);
	enum nf_err rc = nf_output_open(site->www_dir, &pub->out, err);
	if (rc != NF_OK) {
		free(pub);
		return rc;
	}
	int64_t cycles = (int64_t)(site->devices.len / REFRESHED_A_CYCLE) + 1;
	pub->site = site;
	pub->cadence = (struct nf_cadence){.cycle_us = NF_PUBLISH_CYCLE_US,
		.device_us = cycles * NF_PUBLISH_CYCLE_US,
		.large_us = cycles * NF_PUBLISH_CYCLE_US < LARGE_US
				    ? cycles * NF_PUBLISH_CYCLE_US
				    : LARGE_US};
	pub->devices = nf_xcalloc(site->devices.len + 1, sizeof *pub->devices);
	pub->networks = nf_xcalloc(site->networks.len + 1, sizeof *pub->networks);
	pub->backups = nf_xcalloc(site->backups.len + 1, sizeof *pub->backups);
	pub->jobs = nf_jobs_new(site);
	pub->moving = nf_moving_new(site);
	pub->pings = nf_pings_new(site);
	nf_publish_recall(pub);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		copy_asset(pub, assets, own[i], own[i]);
	copy_asset(pub, dygraphs, "dygraph.min.js", "dygraph.min.js");
	copy_asset(pub, dygraphs, "dygraph.min.css", "dygraph.min.css");
	*publisher = pub;
	return NF_OK;
}

void nf_publisher_free(struct nf_publisher *pub)
{
	if (pub == NULL)
		return;
	nf_availability_free(pub->availability);
	nf_output_close(&pub->out);
	free(pub->devices);
	free(pub->networks);
	free(pub->backups);
	nf_jobs_free(pub->jobs);
	nf_moving_free(pub->moving);
	nf_pings_free(pub->pings);
	free(pub);
}

struct nf_page nf_publish_begin(
	const struct nf_model *m, const char *root, const char *nav, int64_t valid_us)
{
	return (struct nf_page){
		.h = nf_html_new(m->site->language == NF_LANGUAGE_SV ? "sv" : "en"),
		.m = m,
		.root = root,
		.nav = nav,
		.valid_until_wall_us = m->now.wall_us + valid_us,
	};
}

/* A file that cannot be written keeps no other from being written: its old one stays, and the first failure is
 * told on all pages (write_health). */
bool nf_publish_put(struct nf_publisher *pub, const char *path, const void *data, size_t len)
{
	struct nf_error err = {0};
	enum nf_err rc = nf_output_put(&pub->out, path, data, len, &err);
	if (rc == NF_OK)
		return true;
	if (pub->failed++ == 0)
		pub->failure = err;
	return false;
}

/* Nothing more can be written in this cycle. */
bool nf_publish_is_hopeless(const struct nf_publisher *pub)
{
	return pub->failed > 0 && pub->failure.code == NF_EFULL;
}

bool nf_publish_end(struct nf_publisher *pub, struct nf_page *page, const char *path)
{
	size_t len = 0;
	const char *data = nf_html_finish(page->h, &len);
	bool good = nf_publish_put(pub, path, data, len);
	nf_html_free(page->h);
	return good;
}

/* What was shown is still right, and not too old. */
bool nf_publish_is_right(
	const struct nf_page_shown *shown, const struct nf_model *m, uint64_t hash)
{
	return shown->hash == hash && shown->due_mono_us > m->now.mono_us;
}

void nf_publish_take(struct nf_publisher *pub, const struct nf_model *m,
	struct nf_page_shown *shown, uint64_t hash, int64_t rest_us)
{
	*shown = (struct nf_page_shown){
		hash, m->now.mono_us + rest_us, pub->out.written_wall_us};
	pub->remembered++;
}

static void write_pages(struct nf_publisher *pub, const struct nf_model *m, bool whole)
{
	int64_t valid_us = (whole ? pub->cadence.large_us : 0) + 2 * NF_PUBLISH_CYCLE_US;
	for (size_t i = 0; i < sizeof pages / sizeof *pages && !nf_publish_is_hopeless(pub);
		i++) {
		if (pages[i].whole != whole)
			continue;
		struct nf_page page = nf_publish_begin(m, "", pages[i].file, valid_us);
		pages[i].fn(&page);
		nf_publish_end(pub, &page, pages[i].file);
	}
}

static bool write_network(
	struct nf_publisher *pub, const struct nf_model *m, const struct nf_network *n)
{
	struct nf_page page = nf_publish_begin(
		m, "../", "", pub->cadence.device_us + 2 * NF_PUBLISH_CYCLE_US);
	char *path = nf_publish_path("network", n->id, ".html");
	nf_page_network(&page, n);
	bool good = nf_publish_end(pub, &page, path);
	free(path);
	return good;
}

static void write_networks(struct nf_publisher *pub, const struct nf_model *m)
{
	NF_EACH(struct nf_network, n, m->site->networks)
	{
		struct nf_page_shown *shown = &pub->networks[n->index];
		uint64_t hash = nf_model_network_hash(m, n);
		if (nf_publish_is_right(shown, m, hash) || nf_publish_is_hopeless(pub))
			continue;
		if (write_network(pub, m, n))
			nf_publish_take(pub, m, shown, hash,
				pub->cadence.device_us - NF_PUBLISH_CYCLE_US / 2);
	}
}

/* The page and the data of its charts, which it loads from beside itself. */
static bool write_charted(struct nf_publisher *pub, struct nf_page *page,
	const struct nf_charts *charts, const char *path, const char *data_path)
{
	struct nf_strbuf data = {0};
	nf_site_data_charts(charts, &data);
	bool good = nf_publish_put(pub, data_path, data.data, data.len);
	good = nf_publish_end(pub, page, path) && good;
	nf_strbuf_free(&data);
	return good;
}

static bool write_device(
	struct nf_publisher *pub, const struct nf_model *m, const struct nf_device *d)
{
	struct nf_charts charts;
	struct nf_page page = nf_publish_begin(
		m, "../", "devices.html", pub->cadence.device_us + 2 * NF_PUBLISH_CYCLE_US);
	char *path = nf_publish_path("device", d->name, ".html");
	char *data_path = nf_publish_path("device", d->name, ".js");
	nf_charts_load(m, d, &charts);
	nf_page_device(&page, d, &charts, strrchr(data_path, '/') + 1);
	bool good = write_charted(pub, &page, &charts, path, data_path);
	nf_charts_free(&charts);
	free(path);
	free(data_path);
	return good;
}

static bool write_job(
	struct nf_publisher *pub, const struct nf_model *m, const struct nf_backup *job)
{
	struct nf_charts charts;
	struct nf_page page = nf_publish_begin(
		m, "../", "backups.html", pub->cadence.device_us + 2 * NF_PUBLISH_CYCLE_US);
	char *path = nf_publish_path("backup", job->id, ".html");
	char *data_path = nf_publish_path("backup", job->id, ".js");
	char *series = nf_xasprintf("backup %s", job->id);
	nf_charts_load_one(m, job->device, series, &charts);
	nf_page_job(&page, job, &charts, strrchr(data_path, '/') + 1);
	bool good = write_charted(pub, &page, &charts, path, data_path);
	nf_charts_free(&charts);
	free(series);
	free(path);
	free(data_path);
	return good;
}

static void write_jobs(struct nf_publisher *pub, const struct nf_model *m)
{
	for (size_t i = 0; i < m->site->backups.len && !nf_publish_is_hopeless(pub); i++) {
		const struct nf_backup *job = &m->site->backups.items[i];
		uint64_t hash = nf_job_hash(&pub->jobs->items[i]) ^
				nf_model_device_hash(m, job->device);
		if (nf_publish_is_right(&pub->backups[i], m, hash))
			continue;
		if (write_job(pub, m, job))
			nf_publish_take(pub, m, &pub->backups[i], hash,
				pub->cadence.device_us - NF_PUBLISH_CYCLE_US / 2);
	}
}

static void write_devices(struct nf_publisher *pub, const struct nf_model *m, int64_t slice_us)
{
	int64_t begun_us = nf_clock_now().mono_us;
	pub->stats.owed = 0;
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		struct nf_page_shown *shown = &pub->devices[d->index];
		uint64_t hash = nf_model_device_hash(m, d);
		if (nf_publish_is_right(shown, m, hash) || nf_publish_is_hopeless(pub))
			continue;
		if (slice_us > 0 && nf_clock_now().mono_us - begun_us > slice_us)
			pub->stats.owed++;
		else if (write_device(pub, m, d))
			nf_publish_take(
				pub, m, shown, hash, nf_publish_due_after(pub, d->index));
	}
}

void nf_publish_text(struct nf_publisher *pub, const char *path, struct nf_strbuf *text)
{
	nf_publish_put(pub, path, text->data, text->len);
	nf_strbuf_free(text);
}

static void write_availability(struct nf_publisher *pub, const struct nf_model *m)
{
	bool old = pub->availability == NULL ||
		   m->now.mono_us - pub->availability_mono_us > NF_AVAILABILITY_EVERY_US;
	if (!old)
		return;
	nf_availability_free(pub->availability);
	pub->availability = nf_availability_take(m);
	pub->availability_mono_us = m->now.mono_us;
	struct nf_page page = nf_publish_begin(
		m, "", "availability.html", NF_AVAILABILITY_EVERY_US + 2 * NF_PUBLISH_CYCLE_US);
	nf_page_availability(&page, pub->availability);
	struct nf_strbuf csv = {0};
	nf_availability_csv(m, pub->availability, &csv);
	bool good = nf_publish_end(pub, &page, "availability.html");
	if (!nf_publish_put(pub, "availability.csv", csv.data, csv.len) || !good)
		pub->availability_mono_us -= NF_AVAILABILITY_EVERY_US;
	nf_strbuf_free(&csv);
}

static void write_data(struct nf_publisher *pub, const struct nf_model *m)
{
	struct nf_strbuf status = {0}, index = {0}, script = {0}, metrics = {0}, words = {0};
	nf_site_data_status(m, &status);
	nf_publish_text(pub, "status.json", &status);
	nf_site_data_index(m, &index);
	nf_site_data_index_script(&index, &script);
	nf_publish_text(pub, "devices.json", &index);
	nf_publish_text(pub, "devices.js", &script);
	nf_pings_read(pub->pings, m);
	nf_metrics(m, pub->pings, &metrics);
	nf_publish_text(pub, "metrics", &metrics);
	nf_site_data_words(m, &words);
	nf_publish_text(pub, "assets/words.js", &words);
}

static int keep_device(const char *file, void *arg)
{
	const struct nf_publisher *pub = arg;
	struct nf_strbuf name = {0};
	const char *dot = strrchr(file, '.');
	char *stem = nf_xstrndup(file, dot != NULL ? (size_t)(dot - file) : strlen(file));
	bool decoded = nf_safename_decode(&name, stem);
	/* A hashed name cannot be told from another: it stays. */
	bool keep = !decoded || nf_site_device(pub->site, name.data) != NULL;
	nf_strbuf_free(&name);
	free(stem);
	return keep;
}

static int keep_job(const char *file, void *arg)
{
	const struct nf_publisher *pub = arg;
	size_t stem = strcspn(file, ".");
	NF_EACH(struct nf_backup, job, pub->site->backups)
	{
		struct nf_strbuf name = {0};
		nf_safename(&name, job->id, strlen(job->id));
		bool same = name.len == stem && strncmp(file, name.data, stem) == 0;
		nf_strbuf_free(&name);
		if (same)
			return 1;
	}
	return 0;
}

/* Whatever page is open, whatever failed: what a reader with a script learns, and who asks for health. */
static void write_health(struct nf_publisher *pub, struct nf_now now)
{
	struct nf_strbuf text = {0}, script = {0};
	bool good = pub->failure.code == NF_OK;
	if (good) {
		pub->last_good_wall_us = now.wall_us;
		pub->failing_since_wall_us = 0;
	} else if (pub->failing_since_wall_us == 0) {
		pub->failing_since_wall_us = now.wall_us;
	}
	const struct nf_health health = {.at_wall_us = now.wall_us,
		.valid_until_wall_us = now.wall_us + 2 * NF_PUBLISH_CYCLE_US,
		.failure = good ? NULL : pub->failure.text,
		.failing_since_wall_us = pub->failing_since_wall_us,
		.last_good_wall_us = pub->last_good_wall_us,
		.pages_failed = pub->failed,
		.pages_owed = pub->stats.owed};
	nf_site_data_health(&health, &text);
	nf_site_data_fresh(&text, &script);
	nf_banner_show(&pub->banner, &pub->out, !good);
	nf_publish_text(pub, "health.json", &text);
	nf_publish_text(pub, "fresh.js", &script);
}

static uint64_t site_hash(const struct nf_publisher *pub, const struct nf_model *m)
{
	uint64_t hash = nf_model_network_hash(m, NULL);
	for (size_t i = 0; i < m->site->backups.len; i++)
		hash = nf_mix_number(hash, nf_job_hash(&pub->jobs->items[i]));
	return hash;
}

static void write_all(struct nf_publisher *pub, const struct nf_model *m, int64_t slice_us)
{
	write_pages(pub, m, false);
	write_jobs(pub, m);
	write_networks(pub, m);
	nf_publish_moves(pub, m);
	uint64_t hash = site_hash(pub, m);
	if (!nf_publish_is_right(&pub->site_shown, m, hash) && !nf_publish_is_hopeless(pub)) {
		size_t failed = pub->failed;
		write_pages(pub, m, true);
		write_data(pub, m);
		if (pub->failed == failed)
			nf_publish_take(pub, m, &pub->site_shown, hash,
				pub->cadence.large_us - NF_PUBLISH_CYCLE_US / 2);
	}
	write_availability(pub, m);
	write_devices(pub, m, slice_us);
	if (!pub->swept) {
		nf_output_sweep(&pub->out, "device", keep_device, pub);
		nf_output_sweep(&pub->out, "backup", keep_job, pub);
		pub->swept = true;
	}
}

static enum nf_err look(struct nf_publisher *pub, struct nf_store *store, struct nf_now now,
	int64_t slice_us, struct nf_error *err)
{
	struct nf_model model;
	enum nf_err rc = nf_model_take(pub->site, store, pub->cadence, now, &model, err);
	if (rc != NF_OK)
		return rc;
	model.jobs = pub->jobs;
	rc = nf_jobs_follow(pub->jobs, store, now.wall_us);
	if (rc == NF_OK)
		rc = nf_moving_follow(pub->moving, store, now);
	model.moves = nf_moving_moves(pub->moving);
	if (rc == NF_OK)
		write_all(pub, &model, slice_us);
	else
		nf_error_set(err, rc, "state.db: %s", nf_store_error(store));
	nf_model_free(&model);
	return rc;
}

enum nf_err nf_publisher_cycle(struct nf_publisher *pub, struct nf_store *store,
	struct nf_now now, int64_t slice_us, struct nf_error *err)
{
	struct nf_error why = {0};
	pub->out.written = pub->out.bytes = 0;
	pub->failed = 0;
	pub->failure = (struct nf_error){0};
	if (look(pub, store, now, slice_us, &why) != NF_OK)
		pub->failure = why;
	write_health(pub, now);
	nf_publish_keep(pub);
	pub->stats.cycles++;
	pub->stats.failures += pub->failure.code != NF_OK;
	pub->stats.pages = pub->out.written;
	pub->stats.bytes = pub->out.bytes;
	pub->stats.took_us = nf_clock_now().mono_us - now.mono_us;
	if (pub->failure.code != NF_OK && err != NULL)
		*err = pub->failure;
	return pub->failure.code;
}

struct nf_publish_stats nf_publisher_stats(const struct nf_publisher *pub)
{
	return pub->stats;
}
