// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/moves.h"

#include <stdio.h>

#include "base/i18n.h"
#include "store/sightings.h"

char *nf_day_text(int64_t day, char buf[NF_DAY_TEXT_MAX])
{
	char iso[40];
	if (day == NF_FORECAST_NEVER) {
		snprintf(buf, NF_DAY_TEXT_MAX, "%s", _("later than in five years"));
		return buf;
	}
	nf_zone_iso8601("UTC", day * NF_DAY_US, iso);
	snprintf(buf, NF_DAY_TEXT_MAX, "%.10s", iso);
	return buf;
}

void nf_moves_proved_words(const struct nf_moves_network *n, struct nf_strbuf *out)
{
	nf_strbuf_printf(
		out, _("%u of %u proved"), n->burn.forecast.done, n->burn.forecast.scope);
}

static const char *why_none(enum nf_forecast_state state)
{
	switch (state) {
	case NF_FORECAST_EMPTY:
		return _("nothing to move");
	case NF_FORECAST_DONE:
		return _("done");
	case NF_FORECAST_EARLY:
		return _("none yet: too few weeks to go by");
	case NF_FORECAST_STANDS:
		return _("none: nothing moves");
	default:
		return _("none: it grows faster than it is done");
	}
}

unsigned int nf_moves_days_late(const struct nf_moves_network *n)
{
	const struct nf_forecast *f = &n->burn.forecast;
	bool known = f->state == NF_FORECAST_RANGE && f->day_80 != NF_FORECAST_NEVER;
	return known && n->leave_by_day != 0 && f->day_80 > n->leave_by_day
		       ? (unsigned int)(f->day_80 - n->leave_by_day)
		       : 0;
}

void nf_moves_forecast_words(const struct nf_moves_network *n, struct nf_strbuf *out)
{
	const struct nf_forecast *f = &n->burn.forecast;
	char from[NF_DAY_TEXT_MAX], middle[NF_DAY_TEXT_MAX], to[NF_DAY_TEXT_MAX];
	if (n->burn.len == 0) {
		nf_strbuf_puts(out, _("none: nothing is recorded"));
		return;
	}
	if (f->state != NF_FORECAST_RANGE) {
		nf_strbuf_puts(out, why_none(f->state));
		return;
	}
	nf_strbuf_printf(out, _("%s (20%%: %s, 80%%: %s)"), nf_day_text(f->day_50, middle),
		nf_day_text(f->day_20, from), nf_day_text(f->day_80, to));
	if (f->on_time >= 0)
		nf_strbuf_printf(out, _(", in time with %.0f%%"), f->on_time * 100);
	unsigned int late = nf_moves_days_late(n);
	if (late > 0)
		nf_strbuf_printf(out,
			ngettext("; at 80%% it is %u day late", "; at 80%% it is %u days late",
				late),
			late);
}
