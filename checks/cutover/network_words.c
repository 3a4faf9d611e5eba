// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/network.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/parse.h"
#include "base/text.h"
#include "conf/zone.h"

#define PIECE_MAX 120

struct pieces {
	char what[PIECE_MAX], about[PIECE_MAX], whose[PIECE_MAX], place[PIECE_MAX],
		how[PIECE_MAX];
	char since[40], last[40], earliest[40];
	char more[NF_QUANTITY_MAX]; /* still to be listened to */
	char covered[NF_QUANTITY_MAX], needed[NF_QUANTITY_MAX];
};

/* "2011-02-05 18:00" in the zone. */
static void put_instant(char buf[40], const char *zone, int64_t wall_us)
{
	if (wall_us != 0)
		nf_zone_minute(zone, wall_us, buf);
	else
		snprintf(buf, 40, "%s", _("unknown"));
}

static void cut(const struct nf_blocker *b, const char *zone, struct pieces *p)
{
	nf_text_escape_buf(p->what, PIECE_MAX, b->what);
	nf_text_escape_buf(p->about, PIECE_MAX, b->about);
	nf_text_escape_buf(p->whose, PIECE_MAX, b->whose);
	nf_text_escape_buf(p->place, PIECE_MAX, b->place);
	nf_text_escape_buf(p->how, PIECE_MAX, b->how);
	put_instant(p->since, zone, b->since_wall_us);
	put_instant(p->last, zone, b->last_wall_us);
	put_instant(p->earliest, zone, b->earliest_wall_us);
	nf_format_age(b->needed_us - b->covered_us, p->more);
	nf_format_age(b->covered_us, p->covered);
	nf_format_age(b->needed_us, p->needed);
}

static void put_device(const struct pieces *p, struct nf_strbuf *out)
{
	const char *stage = p->about;
	if (strcmp(stage, "planned") == 0)
		nf_strbuf_printf(out, _("%s has not moved"), p->what);
	else if (strcmp(stage, "prepared") == 0)
		nf_strbuf_printf(out, _("%s is prepared, and has not moved"), p->what);
	else if (strcmp(stage, "dual") == 0)
		nf_strbuf_printf(out, _("%s talks on both sides since %s"), p->what, p->since);
	else if (strcmp(stage, "moved") == 0)
		nf_strbuf_printf(
			out, _("%s moved at %s and is not confirmed yet"), p->what, p->since);
	else if (strcmp(stage, "regressed") == 0)
		nf_strbuf_printf(
			out, _("%s came back to the old network at %s"), p->what, p->since);
	else if (strcmp(stage, "lost") == 0)
		nf_strbuf_printf(
			out, _("%s was seen on neither side since %s"), p->what, p->since);
	else
		nf_strbuf_printf(out, _("%s is not confirmed"), p->what);
}

static void put_with(struct nf_strbuf *out, const char *before, const char *text)
{
	if (*text != '\0')
		nf_strbuf_printf(out, "%s%s", before, text);
}

static void put_talker(
	const struct nf_blocker *b, const struct pieces *p, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, p->what);
	put_with(out, ", ", p->about);
	if (*p->how != '\0')
		nf_strbuf_printf(out, _(", noted: \"%s\""), p->how);
	if (*p->place != '\0')
		nf_strbuf_printf(out, _(", at %s"), p->place);
	nf_strbuf_puts(out, b->kind == NF_BLOCKER_VISITOR
				    ? _(": a device of another network talks here")
				    : _(": in no inventory"));
	nf_strbuf_printf(out, _(", last heard %s"), p->last);
}

static void put_behind(const struct pieces *p, struct nf_strbuf *out)
{
	if (*p->whose != '\0')
		nf_strbuf_printf(out,
			_("somebody behind %s still calls %s at its old address %s"), p->what,
			p->whose, p->about);
	else
		nf_strbuf_printf(
			out, _("somebody behind %s still calls %s"), p->what, p->about);
	nf_strbuf_printf(out, _(": the router looks for it by %s, last %s"), p->how, p->last);
}

static void put_caller(const struct pieces *p, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, p->what);
	if (*p->place != '\0')
		nf_strbuf_printf(out, " (%s)", p->place);
	if (*p->whose != '\0')
		nf_strbuf_printf(
			out, _(" still calls %s at its old address %s"), p->whose, p->about);
	else
		nf_strbuf_printf(out, _(" still calls %s"), p->about);
	nf_strbuf_printf(out, _(" by %s, last %s"), p->how, p->last);
}

static void put_lease(const struct pieces *p, struct nf_strbuf *out)
{
	nf_strbuf_printf(out, _("the lease of %s to %s"), p->about, p->what);
	if (*p->whose != '\0')
		nf_strbuf_printf(out, " (%s)", p->whose);
	nf_strbuf_printf(out, _(" runs until %s"), p->last);
}

static void put_quiet(const struct nf_blocker *b, const struct pieces *p, struct nf_strbuf *out)
{
	if (strcmp(b->about, "nobody") == 0)
		nf_strbuf_puts(
			out, _("nobody listens on this network: its silence proves nothing"));
	else if (strcmp(b->about, "unheard") == 0)
		nf_strbuf_puts(out,
			_("nobody else is heard on this network, and nothing shows that they would be: its silence proves nothing"));
	else if (b->covered_us == 0)
		nf_strbuf_printf(
			out, _("no minute of the %s of silence was listened to"), p->needed);
	else if (b->covered_us < b->needed_us)
		nf_strbuf_printf(out,
			_("only %s of the %s of silence were listened to, last at %s"),
			p->covered, p->needed, p->last);
	else
		nf_strbuf_printf(out, _("nobody listens any more, since %s"), p->last);
	if (b->earliest_wall_us != 0)
		nf_strbuf_printf(out, _("; %s more are needed: at the earliest %s"), p->more,
			p->earliest);
}

void nf_blocker_words(const struct nf_blocker *b, const char *zone, struct nf_strbuf *out)
{
	struct pieces p;
	cut(b, zone, &p);
	switch (b->kind) {
	case NF_BLOCKER_DEVICE:
		put_device(&p, out);
		break;
	case NF_BLOCKER_UNLISTED:
	case NF_BLOCKER_VISITOR:
		put_talker(b, &p, out);
		break;
	case NF_BLOCKER_CALLER:
		if (b->is_behind)
			put_behind(&p, out);
		else
			put_caller(&p, out);
		break;
	case NF_BLOCKER_LEASE:
		put_lease(&p, out);
		break;
	case NF_BLOCKER_BACKUP:
		nf_strbuf_printf(out, _("backup job %s still reads %s at its old address %s"),
			p.what, p.whose, p.about);
		break;
	case NF_BLOCKER_QUIET:
		put_quiet(b, &p, out);
		break;
	case NF_BLOCKER_MONTH_END:
		nf_strbuf_puts(out, _("the last day of no month was listened through"));
		if (b->earliest_wall_us != 0)
			nf_strbuf_printf(out, _(": at the earliest %s"), p.earliest);
		break;
	}
}
