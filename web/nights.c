// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "conf/zone.h"
#include "store/store.h"
#include "web/parts.h"

#define NIGHTS 30

/* The worst verdict of each day, and the one that stood at its end. */
struct nights {
	const char *check;
	int64_t day_wall_us[NIGHTS + 1];
	bool known[NIGHTS];
	enum nf_state worst[NIGHTS], stands[NIGHTS];
	bool has_stand[NIGHTS];
};

static void set_days(struct nights *n, const struct nf_model *m)
{
	for (size_t i = 0; i <= NIGHTS; i++) {

		time_t s = (time_t)(m->now.wall_us / NF_US_PER_S) +
			   ((time_t)i - NIGHTS + 1) * 86400;
		struct tm tm = {0};
		localtime_r(&s, &tm);
		struct nf_date date = {(int16_t)(tm.tm_year + 1900), (uint8_t)(tm.tm_mon + 1),
			(uint8_t)tm.tm_mday};
		n->day_wall_us[i] =
			nf_zone_instant(m->site->timezone, date, (struct nf_daytime){0, 0});
	}
}

static void take_event(const struct nf_event *event, void *arg)
{
	struct nights *n = arg;
	if (strcmp(event->check, n->check) != 0 || strcmp(event->kind, "state") != 0)
		return;
	for (size_t i = 0; i < NIGHTS; i++) {
		if (event->at_wall_us < n->day_wall_us[i] ||
			event->at_wall_us >= n->day_wall_us[i + 1])
			continue;
		n->worst[i] =
			n->known[i] ? nf_state_worse(n->worst[i], event->after) : event->after;
		n->known[i] = n->has_stand[i] = true;
		n->stands[i] = event->after;
	}
}

/* A day without a change is as the day before ended. */
static void carry(struct nights *n)
{
	for (size_t i = 1; i < NIGHTS; i++) {
		if (n->known[i] || !n->has_stand[i - 1])
			continue;
		n->worst[i] = n->stands[i] = n->stands[i - 1];
		n->known[i] = n->has_stand[i] = true;
	}
}

static void put_head(struct nf_page *p, const struct nights *n)
{
	nf_html_open(p->h, "thead", NULL);
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", _("Job"), "scope", "col", NULL);
	for (size_t i = 0; i < NIGHTS; i++) {
		time_t s = (time_t)(n->day_wall_us[i] / NF_US_PER_S);
		struct tm tm = {0};
		char day[16], full[NF_TIME_MAX];
		localtime_r(&s, &tm);
		snprintf(day, sizeof day, "%d", tm.tm_mday % 100);
		nf_date_text(n->day_wall_us[i], full);
		nf_html_el(p->h, "th", day, "scope", "col", "title", full, NULL);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_job(struct nf_page *p, const struct nf_backup *job, struct nights *n)
{
	char check[256];
	snprintf(check, sizeof check, "backup %s", job->id);
	n->check = check;
	memset(n->known, 0, sizeof n->known);
	memset(n->has_stand, 0, sizeof n->has_stand);
	struct nf_event_filter filter = {
		.since_wall_us = n->day_wall_us[0], .device = job->device->name};
	if (p->m->store != NULL)
		nf_store_events(p->m->store, &filter, take_event, n);
	carry(n);
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", job->id, "scope", "row", NULL);
	for (size_t i = 0; i < NIGHTS; i++) {
		char classes[32];
		if (!n->known[i]) {
			nf_html_el(p->h, "td", "·", "class", "none", NULL);
			continue;
		}
		snprintf(classes, sizeof classes, "state %s", nf_state_class(n->worst[i]));
		nf_html_open(p->h, "td", NULL);
		nf_html_open(p->h, "span", "class", classes, NULL);
		nf_html_el(p->h, "span", nf_state_word(n->worst[i]), "class", "word", NULL);
		nf_html_close(p->h);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
}

void nf_part_nights(struct nf_page *p)
{
	struct nights n = {0};
	if (p->m->site->backups.len == 0 || p->m->store == NULL) {
		nf_part_unknown(p, _("Not measured yet: no night has been proved."));
		return;
	}
	set_days(&n, p->m);
	nf_html_el(p->h, "p",
		_("The worst verdict of each day; empty: no change that day and no verdict before it."),
		"class", "note", NULL);
	nf_html_open(p->h, "div", "class", "scroll", "tabindex", "0", "role", "group",
		"aria-label", _("Verdicts, night by night"), NULL);
	nf_html_open(p->h, "table", "class", "matrix", NULL);
	nf_html_el(p->h, "caption", _("Verdicts, night by night"), NULL);
	put_head(p, &n);
	nf_html_open(p->h, "tbody", NULL);
	NF_EACH(struct nf_backup, job, p->m->site->backups)
	put_job(p, job, &n);
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_close(p->h);
}
