// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "web/parts.h"

static const struct {
	const char *word, *class;
} verdicts[] = {
	[NF_PROOF_OK] = {N_("Good"),	     "s-ok"	   },
	[NF_PROOF_WARNING] = {N_("Warning"),	     "s-warning" },
	[NF_PROOF_RUNNING] = {N_("Running"),	     "s-running" },
	[NF_PROOF_UNVERIFIABLE] = {N_("Unverifiable"), "s-unknown" },
	[NF_PROOF_LATE] = {N_("Late"),	       "s-late"    },
	[NF_PROOF_BAD] = {N_("Bad"),	     "s-critical"},
};

const char *nf_verdict_word(enum nf_proof_result verdict)
{
	return _(verdicts[verdict].word);
}

const char *nf_verdict_class(enum nf_proof_result verdict)
{
	return verdicts[verdict].class;
}

void nf_part_verdict(struct nf_page *p, enum nf_proof_result verdict)
{
	char classes[32];
	snprintf(classes, sizeof classes, "state %s", verdicts[verdict].class);
	nf_html_el(p->h, "span", nf_verdict_word(verdict), "class", classes, NULL);
}

static void put_head(struct nf_page *p)
{
	const struct nf_jobs *jobs = p->m->jobs;
	nf_html_open(p->h, "thead", NULL);
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", _("Job"), "scope", "col", NULL);
	for (size_t i = 0; i < NF_JOB_DAYS; i++) {
		time_t s = (time_t)(jobs->day_wall_us[i] / NF_US_PER_S);
		struct tm tm = {0};
		char day[16], full[NF_TIME_MAX];
		localtime_r(&s, &tm);
		snprintf(day, sizeof day, "%d", tm.tm_mday % 100);
		nf_date_text(jobs->day_wall_us[i], full);
		nf_html_el(p->h, "th", day, "scope", "col", "title", full, "class",
			tm.tm_wday == 0 || tm.tm_wday == 6 ? "free" : NULL, NULL);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

/* The word stands in the cell for who hears the page; eyes get the shape. */
static void put_day(struct nf_page *p, const struct nf_job_day *day, bool today)
{
	char classes[40], text[160];
	if (!day->looked) {
		if (!day->planned)
			nf_html_el(p->h, "td", NULL, "class", "off", NULL);
		else
			nf_html_el(p->h, "td", today ? _("not due yet") : _("nobody looked"),
				"class", today ? "off wait" : "none", NULL);
		return;
	}
	bool mended = day->worst > day->last && day->worst > NF_PROOF_RUNNING;
	snprintf(classes, sizeof classes, "%s%s", verdicts[day->last].class,
		mended ? " mended" : "");
	snprintf(text, sizeof text, _("%s, before that: %s"), nf_verdict_word(day->last),
		nf_verdict_word(day->worst));
	nf_html_el(p->h, "td", mended ? text : nf_verdict_word(day->last), "class", classes,
		"title", mended ? text : NULL, NULL);
}

static void put_job(struct nf_page *p, const struct nf_backup *job)
{
	const struct nf_job *known =
		&p->m->jobs->items[(size_t)(job - p->m->site->backups.items)];
	nf_html_open(p->h, "tr", NULL);
	nf_html_open(p->h, "th", "scope", "row", NULL);
	nf_part_job_link(p, job);
	nf_html_close(p->h);
	for (size_t i = 0; i < NF_JOB_DAYS; i++)
		put_day(p, &known->days[i], i == NF_JOB_DAYS - 1);
	nf_html_close(p->h);
}

static void put_legend(struct nf_page *p)
{
	static const enum nf_proof_result shown[] = {NF_PROOF_OK, NF_PROOF_WARNING,
		NF_PROOF_LATE, NF_PROOF_BAD, NF_PROOF_UNVERIFIABLE, NF_PROOF_RUNNING};
	nf_html_open(p->h, "ul", "class", "counts legend", NULL);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		nf_html_open(p->h, "li", NULL);
		nf_part_verdict(p, shown[i]);
		nf_html_close(p->h);
	}
	nf_html_el(p->h, "li", _("corner: it was worse before"), "class", "mended cue", NULL);
	nf_html_el(p->h, "li", _("hatched: nobody looked"), "class", "none cue", NULL);
	nf_html_el(p->h, "li", _("empty: no run was planned"), NULL);
	nf_html_close(p->h);
}

void nf_part_nights(struct nf_page *p, const struct nf_backup *job)
{
	if (p->m->jobs == NULL || p->m->site->backups.len == 0) {
		nf_part_unknown(p, _("Not measured yet: no night has been proved."));
		return;
	}
	nf_html_open(p->h, "div", "class", "scroll nights", "tabindex", "0", "role", "group",
		"aria-label", _("Verdicts, night by night"), NULL);
	nf_html_open(p->h, "table", "class", "matrix", NULL);
	nf_html_el(p->h, "caption", _("Verdicts, night by night"), NULL);
	put_head(p);
	nf_html_open(p->h, "tbody", NULL);
	NF_EACH(struct nf_backup, one, p->m->site->backups)
	{
		if (job == NULL || job == one)
			put_job(p, one);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_close(p->h);
	put_legend(p);
}
