// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
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

static const struct nf_waiver *waiver_of(const struct nf_model *m, const struct nf_device *d)
{
	NF_EACH(struct nf_waiver, waiver, m->site->waivers)
	{
		if (waiver->device == d && waiver->until_wall_us > m->now.wall_us)
			return waiver;
	}
	return NULL;
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

void nf_part_backups_summary(struct nf_page *p)
{
	size_t by_state[NF_STATES] = {0}, gaps = 0, judged = 0;
	const struct nf_model *m = p->m;
	NF_EACH(struct nf_backup, job, m->site->backups)
	{
		const struct nf_view_check *c = check_of(m, job);
		by_state[c != NULL ? c->state : NF_STATE_UNKNOWN]++;
		judged += c != NULL;
	}
	NF_EACH(struct nf_device, d, m->site->devices)
	gaps += d->kind == NF_KIND_SERVER && !has_job(m, d) && waiver_of(m, d) == NULL;
	nf_html_open(p->h, "p", NULL);
	nf_html_textf(p->h, _("Jobs: %zu. "), m->site->backups.len);
	if (judged < m->site->backups.len)
		nf_html_textf(
			p->h, _("Not looked at yet: %zu. "), m->site->backups.len - judged);
	nf_html_textf(p->h, _("Servers without any backup: %zu."), gaps);
	nf_html_close(p->h);
	nf_html_open(p->h, "ul", "class", "counts", NULL);
	for (size_t s = NF_STATES; s-- > 0;) {
		char classes[32];
		if (by_state[s] == 0)
			continue;
		snprintf(classes, sizeof classes, "state %s", nf_state_class((enum nf_state)s));
		nf_html_open(p->h, "li", NULL);
		nf_html_open(p->h, "span", "class", classes, NULL);
		nf_html_textf(p->h, "%zu %s", by_state[s], nf_state_word((enum nf_state)s));
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	char *href = nf_xasprintf("%sbackups.html", p->root);
	nf_html_el(p->h, "a", _("All jobs and gaps"), "href", href, NULL);
	free(href);
}

static void put_job(struct nf_page *p, const struct nf_backup *job)
{
	const struct nf_view_check *c = check_of(p->m, job);
	struct nf_html *h = p->h;
	char due[8];
	snprintf(due, sizeof due, "%02u:%02u", (unsigned)job->due.hour % 25u,
		(unsigned)job->due.minute % 60u);
	nf_html_open(h, "tr", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_state(p, c != NULL ? c->state : NF_STATE_UNKNOWN);
	nf_html_close(h);
	nf_html_el(h, "th", job->id, "scope", "row", NULL);
	nf_html_open(h, "td", NULL);
	nf_part_device_link(p, job->device);
	nf_html_close(h);
	nf_html_el(h, "td", job->starts.text, NULL);
	nf_html_el(h, "td", due, NULL);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, c != NULL ? c->since_wall_us : 0);
	nf_html_close(h);
	nf_html_el(h, "td", c != NULL ? c->output : _("Not looked at yet."), "class", "wide",
		NULL);
	nf_html_open(h, "td", "class", "when", NULL);
	nf_part_when(p, c != NULL ? c->asked_wall_us : 0);
	nf_html_close(h);
	nf_html_close(h);
}

static void put_jobs(struct nf_page *p)
{
	static const char *const heads[] = {N_("Verdict"), N_("Job"), N_("Device"),
		N_("Starts"), N_("Due"), N_("Since"), N_("Reason"), N_("Looked at"), NULL};
	nf_section_open(p, "jobs", _("Jobs"), NULL);
	if (p->m->site->backups.len == 0) {
		nf_part_unknown(p, _("The site names no backup job."));
	} else {
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
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_device_link(p, d);
	nf_html_close(p->h);
	nf_html_open(p->h, "td", NULL);
	nf_part_network_link(p, d->legs[0].network);
	nf_html_close(p->h);
	nf_html_el(p->h, "td", d->owner != NULL ? d->owner : _("nobody is named"), NULL);
	nf_html_open(p->h, "td", "class", "wide", NULL);
	if (waiver == NULL) {
		nf_part_state(p, NF_STATE_WARNING);
		nf_html_text(p->h, " ");
		nf_html_text(p->h, _("no job and no waiver"));
	} else {
		nf_html_textf(
			p->h, _("Waived: %s (%s), until "), waiver->reason, waiver->owner);
		nf_part_when(p, waiver->until_wall_us);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_gaps(struct nf_page *p)
{
	static const char *const heads[] = {
		N_("Server"), N_("Network"), N_("Owner"), N_("Backup"), NULL};
	size_t gaps = 0;
	nf_section_open(p, "gaps", _("Servers without a backup job"), NULL);
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		if (d->kind != NF_KIND_SERVER || has_job(p->m, d))
			continue;
		if (gaps++ == 0)
			nf_table_open(p, _("Gaps and waivers"), true, heads);
		put_gap(p, d);
	}
	if (gaps > 0)
		nf_table_close(p);
	else
		nf_html_el(p->h, "p", _("Every server has a job."), NULL);
	nf_section_close(p);
}

void nf_page_backups(struct nf_page *p)
{
	nf_layout_begin(p, _("Backups"), NULL);
	put_jobs(p);
	nf_section_open(p, "nights", _("The last 30 days"), NULL);
	nf_part_nights(p);
	nf_section_close(p);
	put_gaps(p);
	nf_section_open(p, "drills", _("Restore drills"), NULL);
	nf_part_unknown(p, _("Not measured yet: no drill is recorded."));
	nf_section_close(p);
	nf_layout_end(p);
}
