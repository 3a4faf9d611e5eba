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
#include "web/jobs.h"
#include "web/metrics.h"
#include "web/output.h"
#include "web/page.h"
#include "web/site_data.h"

#define CYCLE_US	  (60 * NF_US_PER_S)
#define REFRESHED_A_CYCLE 150
#define ASSET_MAX	  (4 * 1024 * 1024)

/* What is known of a page that lies in www_dir. */
struct shown {
	uint64_t hash;
	int64_t due_mono_us; /* written anew at the latest; 0: never written */
};

struct nf_publisher {
	const struct nf_site *site;
	struct nf_output out;
	struct nf_cadence cadence;
	struct nf_publish_stats stats;
	struct shown *devices, *networks, *backups, site_shown;
	struct nf_jobs *jobs;
	struct nf_availability *availability; /* made anew each hour */
	int64_t availability_mono_us;
	bool swept;
};

/* Those that grow with the inventory are written when a device changed, or grew too old. */
static const struct {
	const char *file;
	void (*fn)(struct nf_page *p);
	bool whole;
} pages[] = {
	{"index.html",     nf_page_overview,	 false},
	{"wall.html",      nf_page_wall,	    false},
	{"backups.html",	 nf_page_backups,	  false},
	{"cutover.html",	 nf_page_cutover,	  false},
	{"incidents.html", nf_page_incidents, false},
	{"about.html",     nf_page_about,     false},
	{"devices.html",	 nf_page_devices,	  true },
	{"risks.html",     nf_page_risks,     true },
};

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
	pub->cadence = (struct nf_cadence){CYCLE_US, cycles * CYCLE_US};
	pub->devices = nf_xcalloc(site->devices.len + 1, sizeof *pub->devices);
	pub->networks = nf_xcalloc(site->networks.len + 1, sizeof *pub->networks);
	pub->backups = nf_xcalloc(site->backups.len + 1, sizeof *pub->backups);
	pub->jobs = nf_jobs_new(site);
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
	free(pub);
}

static struct nf_page begin_page(
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

static enum nf_err end_page(
	struct nf_publisher *pub, struct nf_page *page, const char *path, struct nf_error *err)
{
	size_t len = 0;
	const char *data = nf_html_finish(page->h, &len);
	enum nf_err rc = nf_output_put(&pub->out, path, data, len, err);
	nf_html_free(page->h);
	return rc;
}

static char *page_path(const char *folder, const char *name, const char *suffix)
{
	struct nf_strbuf path = {0};
	nf_strbuf_printf(&path, "%s/", folder);
	nf_safename(&path, name, strlen(name));
	nf_strbuf_puts(&path, suffix);
	return nf_strbuf_take(&path);
}

/* Whether what was shown is no longer right or nearly too old; then it is taken as shown. */
static bool take_turn(const struct nf_publisher *pub, const struct nf_model *m,
	struct shown *shown, uint64_t hash)
{
	if (shown->hash == hash && shown->due_mono_us > m->now.mono_us)
		return false;
	int64_t rest_us = pub->cadence.device_us - CYCLE_US / 2;
	*shown = (struct shown){hash, m->now.mono_us + rest_us};
	return true;
}

static enum nf_err write_pages(
	struct nf_publisher *pub, const struct nf_model *m, bool whole, struct nf_error *err)
{
	enum nf_err rc = NF_OK;
	int64_t valid_us = (whole ? pub->cadence.device_us : 0) + 2 * CYCLE_US;
	for (size_t i = 0; i < sizeof pages / sizeof *pages && rc == NF_OK; i++) {
		if (pages[i].whole != whole)
			continue;
		struct nf_page page = begin_page(m, "", pages[i].file, valid_us);
		pages[i].fn(&page);
		rc = end_page(pub, &page, pages[i].file, err);
	}
	return rc;
}

static enum nf_err write_networks(
	struct nf_publisher *pub, const struct nf_model *m, struct nf_error *err)
{
	enum nf_err rc = NF_OK;
	NF_EACH(struct nf_network, n, m->site->networks)
	{
		if (rc != NF_OK || !take_turn(pub, m, &pub->networks[n->index],
					   nf_model_network_hash(m, n)))
			continue;
		struct nf_page page =
			begin_page(m, "../", "", pub->cadence.device_us + 2 * CYCLE_US);
		char *path = page_path("network", n->id, ".html");
		nf_page_network(&page, n);
		rc = end_page(pub, &page, path, err);
		free(path);
		if (rc != NF_OK)
			pub->networks[n->index] = (struct shown){0};
	}
	return rc;
}

static enum nf_err write_device(struct nf_publisher *pub, const struct nf_model *m,
	const struct nf_device *d, struct nf_error *err)
{
	struct nf_charts charts;
	struct nf_strbuf data = {0};
	struct nf_page page =
		begin_page(m, "../", "devices.html", pub->cadence.device_us + 2 * CYCLE_US);
	char *path = page_path("device", d->name, ".html");
	char *data_path = page_path("device", d->name, ".js");
	nf_charts_load(m, d, &charts);
	nf_page_device(&page, d, &charts, strrchr(data_path, '/') + 1);
	nf_site_data_charts(&charts, &data);
	enum nf_err rc = nf_output_put(&pub->out, data_path, data.data, data.len, err);
	if (rc == NF_OK)
		rc = end_page(pub, &page, path, err);
	else
		nf_html_free(page.h);
	nf_charts_free(&charts);
	nf_strbuf_free(&data);
	free(path);
	free(data_path);
	return rc;
}

static enum nf_err write_job(struct nf_publisher *pub, const struct nf_model *m,
	const struct nf_backup *job, struct nf_error *err)
{
	struct nf_charts charts;
	struct nf_strbuf data = {0};
	struct nf_page page =
		begin_page(m, "../", "backups.html", pub->cadence.device_us + 2 * CYCLE_US);
	char *path = page_path("backup", job->id, ".html");
	char *data_path = page_path("backup", job->id, ".js");
	char *series = nf_xasprintf("backup %s", job->id);
	nf_charts_load_one(m, job->device, series, &charts);
	nf_page_job(&page, job, &charts, strrchr(data_path, '/') + 1);
	nf_site_data_charts(&charts, &data);
	enum nf_err rc = nf_output_put(&pub->out, data_path, data.data, data.len, err);
	if (rc == NF_OK)
		rc = end_page(pub, &page, path, err);
	else
		nf_html_free(page.h);
	nf_charts_free(&charts);
	nf_strbuf_free(&data);
	free(series);
	free(path);
	free(data_path);
	return rc;
}

static enum nf_err write_jobs(
	struct nf_publisher *pub, const struct nf_model *m, struct nf_error *err)
{
	enum nf_err rc = NF_OK;
	for (size_t i = 0; i < m->site->backups.len && rc == NF_OK; i++) {
		const struct nf_backup *job = &m->site->backups.items[i];
		uint64_t hash = nf_job_hash(&pub->jobs->items[i]) ^
				nf_model_device_hash(m, job->device);
		if (!take_turn(pub, m, &pub->backups[i], hash))
			continue;
		rc = write_job(pub, m, job, err);
		if (rc != NF_OK)
			pub->backups[i] = (struct shown){0};
	}
	return rc;
}

/* Pages written in one go come due spread over half the time, so that they never bunch again. */
static int64_t due_after(const struct nf_publisher *pub, size_t index)
{
	int64_t share = (int64_t)(index * UINT64_C(2654435761) % 1024);
	return pub->cadence.device_us / 2 + pub->cadence.device_us / 2 * share / 1024;
}

static enum nf_err write_devices(struct nf_publisher *pub, const struct nf_model *m,
	int64_t slice_us, struct nf_error *err)
{
	enum nf_err rc = NF_OK;
	int64_t begun_us = nf_clock_now().mono_us;
	pub->stats.owed = 0;
	NF_EACH(struct nf_device, d, m->site->devices)
	{
		struct shown *shown = &pub->devices[d->index];
		uint64_t hash = nf_model_device_hash(m, d);
		if (hash == shown->hash && shown->due_mono_us > m->now.mono_us)
			continue;
		if (slice_us > 0 && nf_clock_now().mono_us - begun_us > slice_us) {
			pub->stats.owed++;
			continue;
		}
		rc = write_device(pub, m, d, err);
		if (rc != NF_OK)
			return rc;
		*shown = (struct shown){hash, m->now.mono_us + due_after(pub, d->index)};
	}
	return rc;
}

static enum nf_err write_availability(
	struct nf_publisher *pub, const struct nf_model *m, struct nf_error *err)
{
	bool old = pub->availability == NULL ||
		   m->now.mono_us - pub->availability_mono_us > NF_AVAILABILITY_EVERY_US;
	if (!old)
		return NF_OK;
	nf_availability_free(pub->availability);
	pub->availability = nf_availability_take(m);
	pub->availability_mono_us = m->now.mono_us;
	struct nf_page page =
		begin_page(m, "", "availability.html", NF_AVAILABILITY_EVERY_US + 2 * CYCLE_US);
	nf_page_availability(&page, pub->availability);
	enum nf_err rc = end_page(pub, &page, "availability.html", err);
	struct nf_strbuf csv = {0};
	nf_availability_csv(m, pub->availability, &csv);
	if (rc == NF_OK)
		rc = nf_output_put(&pub->out, "availability.csv", csv.data, csv.len, err);
	nf_strbuf_free(&csv);
	return rc;
}

static enum nf_err write_data(
	struct nf_publisher *pub, const struct nf_model *m, struct nf_error *err)
{
	static const struct {
		const char *file;
		void (*fn)(const struct nf_model *m, struct nf_strbuf *out);
	} files[] = {
		{"status.json",	nf_site_data_status	   },
		{"devices.json",	 nf_site_data_index	   },
		{"devices.js",      nf_site_data_index_script},
		{"metrics",	    nf_metrics		      },
		{"assets/words.js", nf_site_data_words	      },
	};
	enum nf_err rc = NF_OK;
	for (size_t i = 0; i < sizeof files / sizeof *files && rc == NF_OK; i++) {
		struct nf_strbuf text = {0};
		files[i].fn(m, &text);
		rc = nf_output_put(&pub->out, files[i].file, text.data, text.len, err);
		nf_strbuf_free(&text);
	}
	return rc;
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

/* Outside of the model's failure: what a reader with a script learns, whatever page is open. */
static void write_fresh(struct nf_publisher *pub, struct nf_now now, const char *failure)
{
	struct nf_error err = {0};
	struct nf_strbuf text = {0};
	nf_site_data_fresh(now.wall_us, now.wall_us + 2 * CYCLE_US, failure, &text);
	if (nf_output_put(&pub->out, "fresh.js", text.data, text.len, &err) != NF_OK)
		nf_log_limited("publish-fresh", NF_LOG_ERROR, "publish", "%s", err.text);
	nf_strbuf_free(&text);
}

static enum nf_err write_all(struct nf_publisher *pub, const struct nf_model *m,
	int64_t slice_us, struct nf_error *err)
{
	enum nf_err rc = write_pages(pub, m, false, err);
	if (rc == NF_OK)
		rc = write_jobs(pub, m, err);
	if (rc == NF_OK)
		rc = write_networks(pub, m, err);
	if (rc == NF_OK &&
		take_turn(pub, m, &pub->site_shown, nf_model_network_hash(m, NULL))) {
		rc = write_pages(pub, m, true, err);
		if (rc == NF_OK)
			rc = write_data(pub, m, err);
		if (rc != NF_OK)
			pub->site_shown = (struct shown){0};
	}
	if (rc == NF_OK)
		rc = write_availability(pub, m, err);
	if (rc == NF_OK)
		rc = write_devices(pub, m, slice_us, err);
	if (rc == NF_OK && !pub->swept) {
		nf_output_sweep(&pub->out, "device", keep_device, pub);
		nf_output_sweep(&pub->out, "backup", keep_job, pub);
		pub->swept = true;
	}
	return rc;
}

enum nf_err nf_publisher_cycle(struct nf_publisher *pub, struct nf_store *store,
	struct nf_now now, int64_t slice_us, struct nf_error *err)
{
	struct nf_model model;
	pub->out.written = pub->out.bytes = 0;
	enum nf_err rc = nf_model_take(pub->site, store, pub->cadence, now, &model, err);
	if (rc == NF_OK) {
		model.jobs = pub->jobs;
		rc = nf_jobs_follow(pub->jobs, store, now.wall_us);
		if (rc == NF_OK)
			rc = write_all(pub, &model, slice_us, err);
		else
			nf_error_set(err, rc, "state.db: %s", nf_store_error(store));
		nf_model_free(&model);
	}
	write_fresh(pub, now, rc == NF_OK ? NULL : err->text);
	pub->stats.cycles++;
	pub->stats.failures += rc != NF_OK;
	pub->stats.pages = pub->out.written;
	pub->stats.bytes = pub->out.bytes;
	pub->stats.took_us = nf_clock_now().mono_us - now.mono_us;
	return rc;
}

struct nf_publish_stats nf_publisher_stats(const struct nf_publisher *pub)
{
	return pub->stats;
}
