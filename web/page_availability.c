// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/availability.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "web/parts.h"

#define MONTHS_SHOWN 6
#define LISTED_MAX   1500

/* As a table's head: a column of numbers. */
static char *month_text(int64_t wall_us, char buf[32])
{
	time_t s = (time_t)(wall_us / NF_US_PER_S);
	struct tm tm = {0};
	localtime_r(&s, &tm);
	snprintf(buf, 32, ">%04d-%02d", tm.tm_year + 1900, tm.tm_mon + 1);
	return buf;
}

static void open_table(struct nf_page *p, const struct nf_availability *a, const char *caption)
{
	char months[MONTHS_SHOWN][32];
	const char *heads[MONTHS_SHOWN + 6];
	size_t len = 0;
	heads[len++] = N_("Name");
	for (size_t i = 0; i < MONTHS_SHOWN; i++)
		heads[len++] =
			month_text(a->month_wall_us[NF_MONTHS - MONTHS_SHOWN + i], months[i]);
	heads[len++] = ">" N_("Down, min");
	heads[len++] = ">" N_("Planned, min");
	heads[len++] = ">" N_("Unknown, h");
	heads[len++] = ">" N_("Target");
	heads[len] = NULL;
	nf_table_open(p, caption, true, heads);
}

static void put_number(struct nf_page *p, double number, int decimals)
{
	nf_html_el(p->h, "td", nf_number_text(p->m, number, decimals, (char[32]){0}), "class",
		"n", NULL);
}

/* The cells behind the name: a share a month, and the newest month's minutes. */
static void put_cells(
	struct nf_page *p, const struct nf_uptime months[NF_MONTHS], double target)
{
	const struct nf_uptime *now = &months[NF_MONTHS - 1];
	for (size_t i = NF_MONTHS - MONTHS_SHOWN; i < NF_MONTHS; i++) {
		double share = nf_uptime_share(&months[i]);
		char text[48];
		bool missed = target > 0 && !isnan(share) && share < target;
		snprintf(text, sizeof text, "%s%s",
			nf_number_text(p->m, share, 2, (char[32]){0}),
			isnan(share) ? "" : " %");
		nf_html_open(p->h, "td", "class", missed ? "n missed" : "n", NULL);
		nf_html_text(p->h, text);
		if (missed)
			nf_html_el(p->h, "span", _("under target"), "class", "tag", NULL);
		nf_html_close(p->h);
	}
	put_number(p, (double)now->down_us / 6e7, 0);
	put_number(p, (double)now->planned_us / 6e7, 0);
	put_number(p, (double)now->unknown_us / 3.6e9, 1);
	put_number(p, target > 0 ? target : (double)NAN, 1);
}

typedef bool member_fn(const struct nf_device *d, const void *of);

static bool in_network(const struct nf_device *d, const void *of)
{
	return d->legs[0].network == of;
}

static bool in_service(const struct nf_device *d, const void *of)
{
	return d->service == of;
}

static void put_group(struct nf_page *p, const struct nf_availability *a, const char *name,
	member_fn *is_member, const void *of, double target)
{
	struct nf_uptime sum[NF_MONTHS] = {0};
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		for (size_t i = 0; i < NF_MONTHS && is_member(d, of); i++)
			nf_uptime_add(&sum[i], &a->devices[d->index][i]);
	}
	nf_html_open(p->h, "tr", NULL);
	nf_html_el(p->h, "th", name, "scope", "row", NULL);
	put_cells(p, sum, target);
	nf_html_close(p->h);
}

static void put_groups(struct nf_page *p, const struct nf_availability *a)
{
	nf_section_open(p, "networks", _("Networks"), NULL);
	open_table(p, a, _("Availability of the networks' devices together"));
	NF_EACH(struct nf_network, n, p->m->site->networks)
	put_group(p, a, n->name, in_network, n, 0);
	nf_table_close(p);
	nf_section_close(p);
	if (p->m->site->services.len == 0)
		return;
	nf_section_open(
		p, "services", _("Services"), _("Inside the hours in which each is promised."));
	open_table(p, a, _("Availability of the services' devices together"));
	NF_EACH(struct nf_service, s, p->m->site->services)
	put_group(p, a, s->name != NULL ? s->name : s->id, in_service, s, s->target);
	nf_table_close(p);
	nf_section_close(p);
}

void nf_page_availability(struct nf_page *p, const struct nf_availability *a)
{
	size_t listed = 0;
	nf_layout_begin(p, _("Availability"),
		_("Time well of the time that is known, inside service hours. Planned and unknown time stand apart and count for nothing."));
	nf_html_open(p->h, "p", NULL);
	nf_html_el(p->h, "a", _("All months as CSV"), "href", "availability.csv", NULL);
	nf_html_close(p->h);
	put_groups(p, a);
	nf_section_open(p, "devices", _("Devices"), NULL);
	open_table(p, a, _("Availability of each device"));
	NF_EACH(struct nf_device, d, p->m->site->devices)
	{
		if (listed++ >= LISTED_MAX)
			continue;
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "th", "scope", "row", NULL);
		nf_part_device_link(p, d);
		nf_html_close(p->h);
		put_cells(p, a->devices[d->index], d->service != NULL ? d->service->target : 0);
		nf_html_close(p->h);
	}
	nf_table_close(p);
	if (listed > LISTED_MAX)
		nf_html_el(p->h, "p", _("The CSV has the rest."), "class", "note", NULL);
	nf_section_close(p);
	nf_layout_end(p);
}

/* RFC 4180, always with a decimal point: programs read it. */
void nf_availability_csv(
	const struct nf_model *m, const struct nf_availability *a, struct nf_strbuf *out)
{
	char month[32];
	nf_strbuf_puts(out,
		"month,network,service,device,up_s,down_s,planned_s,unknown_s,availability\r\n");
	for (size_t i = 0; i < NF_MONTHS; i++) {
		NF_EACH(struct nf_device, d, m->site->devices)
		{
			const struct nf_uptime *u = &a->devices[d->index][i];
			double share = nf_uptime_share(u);
			if (isnan(share) && u->planned_us == 0)
				continue;
			nf_strbuf_printf(
				out, "%s,", month_text(a->month_wall_us[i], month) + 1);
			nf_text_csv(out, d->legs[0].network->id);
			nf_strbuf_putc(out, ',');
			nf_text_csv(out, d->service != NULL ? d->service->id : "");
			nf_strbuf_putc(out, ',');
			nf_text_csv(out, d->name);
			nf_strbuf_printf(out, ",%.0f,%.0f,%.0f,%.0f,", (double)u->up_us / 1e6,
				(double)u->down_us / 1e6, (double)u->planned_us / 1e6,
				(double)u->unknown_us / 1e6);
			if (!isnan(share))
				nf_strbuf_printf(out, "%.4f", share);
			nf_strbuf_puts(out, "\r\n");
		}
	}
}
