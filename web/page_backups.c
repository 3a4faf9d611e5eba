// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/parse.h"
#include "web/parts.h"

/* netfold-verify judges a job as the check "backup JOB" of its device; NULL: it never did. */
static const struct nf_view_check *check_of(
	const struct nf_model *m, const struct nf_backup *job)
{
	const struct nf_view *view = &m->picture.devices[job->device->index];
	for (size_t i = 0; i < view->len; i++)
		if (strncmp(view->checks[i].name, "backup ", 7) == 0 &&
			strcmp(view->checks[i].name + 7, job->id) == 0)
			return &view->checks[i];
	return NULL;
}

const struct nf_job *nf_job_shown(const struct nf_page *p, const struct nf_backup *job,
	enum nf_proof_result *verdict, char **reason)
{
	const struct nf_model *m = p->m;
	const struct nf_view_check *c = check_of(m, job);
	const struct nf_job *known =
		m->jobs != NULL ? &m->jobs->items[(size_t)(job - m->site->backups.items)]
				: NULL;
	char when[NF_TIME_MAX];
	*verdict = NF_PROOF_UNVERIFIABLE;
	if (known == NULL || !known->looked) {
		*reason = nf_xstrdup(_("Not looked at yet."));
		return NULL;
	}
	if (c != NULL && c->stale) {
		*reason = nf_xasprintf(_("Not looked at since %s; then: %s"),
			nf_when_text(known->at_wall_us, when), nf_verdict_word(known->verdict));
		return known;
	}
	*verdict = known->verdict;
	*reason = nf_xstrdup(known->reason);
	return known;
}

/* The waiver that lasts longest, over or not. */
static const struct nf_waiver *waiver_of(const struct nf_model *m, const struct nf_device *d)
{
	const struct nf_waiver *longest = NULL;
	NF_EACH(struct nf_waiver, waiver, m->site->waivers)
	{
		if (waiver->device == d &&
			(longest == NULL || waiver->until_wall_us > longest->until_wall_us))
			longest = waiver;
	}
	return longest;
}

static bool has_job(const struct nf_model *m, const struct nf_device *d)
{
	NF_EACH(struct nf_backup, job, m->site->backups)
	{
		if (job->device == d)
			return true;
	}
	return false;
}

static bool is_gap(const struct nf_model *m, const struct nf_device *d)
{
	const struct nf_waiver *waiver = waiver_of(m, d);
	return d->kind == NF_KIND_SERVER && !has_job(m, d) &&
	       (waiver == NULL || waiver->until_wall_us <= m->now.wall_us);
}

static void put_counts(struct nf_page *p, const size_t *by_verdict)
{
	static const enum nf_proof_result worst_first[] = {NF_PROOF_BAD, NF_PROOF_LATE,
		NF_PROOF_WARNING, NF_PROOF_UNVERIFIABLE, NF_PROOF_RUNNING, NF_PROOF_OK};
	nf_html_open(p->h, "ul", "class", "counts", NULL);
	for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++) {
		enum nf_proof_result v = worst_first[i];
		char classes[32];
		if (by_verdict[v] == 0)
			continue;
		snprintf(classes, sizeof classes, "state %s", nf_verdict_class(v));
		nf_html_open(p->h, "li", NULL);
		nf_html_open(p->h, "span", "class", classes, NULL);
		nf_html_textf(p->h, "%zu %s", by_verdict[v], nf_verdict_word(v));
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_html_open(p->h, "li", "class", "sum", NULL);
	nf_html_textf(p->h, _("of %zu jobs"), p->m->site->backups.len);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_summary(struct nf_page *p)
{
	size_t by_verdict[NF_PROOF_BAD + 1] = {0}, gaps = 0;
	const struct nf_model *m = p->m;
	NF_EACH(struct nf_backup, job, m->site->backups)
	{
		enum nf_proof_result verdict;
		char *reason;
		nf_job_shown(p, job, &verdict, &reason);
		by_verdict[verdict]++;
		free(reason);
	}
	NF_EACH(struct nf_device, d, m->site->devices)
	gaps += is_gap(m, d);
	put_counts(p, by_verdict);
	nf_html_open(p->h, "p", NULL);
	if (gaps > 0)
		nf_html_textf(p->h, _("Servers without any backup: %zu."), gaps);
	else
		nf_html_text(p->h, _("Every server has a job or a valid waiver."));
	nf_html_close(p->h);
}

void nf_part_backups_summary(struct nf_page *p)
{
	char *href = nf_xasprintf("%sbackups.html", p->root);
	if (p->m->site->backups.len == 0)
		nf_part_unknown(p, _("The site names no backup job."));
	else
		put_summary(p);
	nf_html_open(p->h, "p", NULL);
	nf_html_el(p->h, "a", _("All jobs and gaps"), "href", href, NULL);
	nf_html_close(p->h);
	free(href);
}

static void put_job(struct nf_page *p, const struct nf_backup *job)
{
	struct nf_html *h = p->h;
	enum nf_proof_result verdict;
	char hours[120], size[32], *reason;
	const struct nf_job *known = nf_job_shown(p, job, &verdict, &reason);
	snprintf(hours, sizeof hours, "%s → %02u:%02u", job->starts.text,
		(unsigned)job->due.hour % 25u, (unsigned)job->due.minute % 60u);
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_verdict(p, verdict);
	nf_html_close(h);
	nf_html_open(h, "th", "scope", "row", NULL);
	nf_part_job_link(p, job);
	nf_html_close(h);
	nf_html_open(h, "td", NULL);
	nf_part_device_link(p, job->device);
	nf_html_close(h);
	nf_part_cell(p, "when", hours);
	nf_part_cell(p, "n", nf_size_text(p->m, known != NULL ? known->size : -1, size));
	nf_part_when_cell(p, known != NULL ? known->mtime_wall_us : 0);
	nf_part_cell(p, "wide", reason);
	nf_part_when_cell(p, known != NULL ? known->since_wall_us : 0);
	nf_part_when_cell(p, known != NULL ? known->at_wall_us : 0);
	nf_html_close(h);
	free(reason);
}

static void put_jobs(struct nf_page *p)
{
	static const char *const heads[] = {N_("Verdict"), N_("Job"), N_("Device"),
		N_("Starts → due"), ">" N_("Size"), N_("Written"), N_("Reason"), N_("Since"),
		N_("Looked at"), NULL};
	nf_section_open(p, "jobs", _("Jobs"), NULL);
	if (p->m->site->backups.len == 0) {
		nf_part_unknown(p, _("The site names no backup job."));
	} else {
		put_summary(p);
		nf_table_open(p, _("Backup jobs and their last verdict"), true, heads);
		NF_EACH(struct nf_backup, job, p->m->site->backups)
		put_job(p, job);
		nf_table_close(p);
	}
	nf_section_close(p);
}

static void put_gap(struct nf_page *p, const struct nf_device *d)
{
	const struct nf_waiver *waiver = waiver_of(p->m, d);
	bool gap = is_gap(p->m, d);
	char when[NF_TIME_MAX];
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "td", NULL);
	nf_html_el(p->h, "span", gap ? _("Gap") : _("Waived"), "class",
		gap ? "state s-warning" : "state s-unreachable", NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_device_link(p, d);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	nf_part_network_link(p, d->legs[0].network);
	nf_html_close(p->h);
	nf_part_cell(p, NULL, d->owner != NULL ? d->owner : _("nobody is named"));
	nf_part_cell(p, "wide", waiver != NULL ? waiver->reason : _("no job and no waiver"));
	nf_part_cell(p, NULL, waiver != NULL ? waiver->owner : NULL);
	nf_html_open(p->h, "td", "class", "when", NULL);
	if (waiver != NULL) {
		nf_html_text(p->h, nf_date_text(waiver->until_wall_us - 1, when));
		if (gap)
			nf_html_el(p->h, "span", _("over"), "class", "tag", NULL);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_gaps(struct nf_page *p)
{
	static const char *const heads[] = {N_("State"), N_("Server"), N_("Network"),
		N_("Owner"), N_("Reason"), N_("Waived by"), N_("Until"), NULL};
	size_t rows = 0;
	nf_section_open(p, "gaps", _("Servers without a backup job"),
		_("A waiver says why none is needed, and until when that holds; after that it is a gap again."));
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		if (d->kind != NF_KIND_SERVER || has_job(p->m, d))
			continue;
		if (rows++ == 0)
			nf_table_open(p, _("Gaps and waivers"), true, heads);
		put_gap(p, d);
	}
	if (rows > 0)
		nf_table_close(p);
	else
		nf_html_el(p->h, "p", _("Every server has a job."), NULL);
	nf_section_close(p);
}

static int64_t wanted_every(const struct nf_backup *job)
{
	NF_EACH(struct nf_proof, proof, job->proofs)
	{
		if (proof->kind == NF_PROOF_DRILL)
			return proof->max_age_us > 0 ? proof->max_age_us : INT64_MAX;
	}
	return 0;
}

static void put_drill(
	struct nf_page *p, const struct nf_backup *job, const struct nf_job *known)
{
	int64_t every_us = wanted_every(job);
	char age[NF_QUANTITY_MAX];
	bool drilled = known != NULL && known->drilled;
	bool old = drilled && every_us > 0 && every_us < INT64_MAX &&
		   p->m->now.wall_us - known->drill_wall_us > every_us;
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "td", NULL);
	if (!drilled)
		nf_html_el(p->h, "span", _("Never"), "class", "state s-unknown", NULL);
	else
		nf_part_verdict(p, !known->drill_good ? NF_PROOF_BAD
				   : old	      ? NF_PROOF_WARNING
						      : NF_PROOF_OK);
	if (old)
		nf_html_el(p->h, "span", _("too long ago"), "class", "tag", NULL);
	nf_html_close(p->h);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_job_link(p, job);
	nf_html_close(p->h);
	nf_part_when_cell(p, drilled ? known->drill_wall_us : 0);
	nf_part_cell(p, NULL, drilled ? known->drill_who : NULL);
	nf_part_cell(p, "wide", drilled ? known->drill_note : NULL);
	nf_part_cell(p, NULL,
		every_us == 0		? _("not asked for")
		: every_us == INT64_MAX ? _("once")
					: nf_format_age(every_us, age));
	nf_html_close(p->h);
}

static void put_drills(struct nf_page *p)
{
	static const char *const heads[] = {N_("Result"), N_("Job"), N_("When"), N_("Who"),
		N_("Note"), N_("Wanted every"), NULL};
	const struct nf_model *m = p->m;
	size_t rows = 0;
	nf_section_open(p, "drills", _("Restore drills"),
		_("A backup is proved for good when somebody has restored from it: netfold drill writes that down."));
	NF_EACH(struct nf_backup, job, m->site->backups)
	{
		const struct nf_job *known =
			m->jobs != NULL
				? &m->jobs->items[(size_t)(job - m->site->backups.items)]
				: NULL;
		if (wanted_every(job) == 0 && (known == NULL || !known->drilled))
			continue;
		if (rows++ == 0)
			nf_table_open(p, _("The last drill of each job"), true, heads);
		put_drill(p, job, known);
	}
	if (rows > 0)
		nf_table_close(p);
	else
		nf_part_unknown(p, _("No job asks for a drill, and none is recorded."));
	nf_section_close(p);
}

void nf_page_backups(struct nf_page *p)
{
	nf_layout_begin(p, _("Backups"), NULL);
	put_jobs(p);
	nf_section_open(p, "nights", _("The last 30 days"),
		_("By the day on which the run began; what was said of it last."));
	nf_part_nights(p, NULL);
	nf_section_close(p);
	put_gaps(p);
	put_drills(p);
	nf_layout_end(p);
}
