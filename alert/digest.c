// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/digest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "conf/zone.h"

#define LINES_MAX 40
#define SECTIONS  6

struct part {
	struct nf_arena *arena;
	struct nf_notice_section *section;
	const char *lines[LINES_MAX];
};

static void line(struct part *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(struct part *p, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (p->section->len < LINES_MAX)
		p->lines[p->section->len++] = nf_arena_strdup(p->arena, text);
	else
		p->section->more++;
}

static void begin(
	struct part *p, struct nf_notice *n, struct nf_arena *arena, const char *title)
{
	p->arena = arena;
	p->section = &n->sections[n->sections_len++];
	*p->section = (struct nf_notice_section){.title = title};
}

static void finish(struct part *p)
{
	size_t size = (p->section->len + 1) * sizeof *p->section->lines;
	p->section->lines = nf_arena_alloc(p->arena, size);
	memcpy((void *)p->section->lines, (const void *)p->lines,
		p->section->len * sizeof *p->section->lines);
}

static const char *clock_text(const struct nf_site *site, int64_t wall_us, char buf[40])
{
	return wall_us != 0 ? nf_zone_minute(site->timezone, wall_us, buf) : "";
}

static const char *state_word(enum nf_state state)
{
	static const char *const words[NF_STATES] = {
		[NF_STATE_OK] = N_("ok"),
		[NF_STATE_WARNING] = N_("warning"),
		[NF_STATE_CRITICAL] = N_("critical"),
		[NF_STATE_UNKNOWN] = N_("unknown"),
		[NF_STATE_UNREACHABLE] = N_("unreachable"),
	};
	return _(words[state]);
}

static void put_incidents(struct part *p, const struct nf_core *core, int64_t now_wall_us)
{
	const struct nf_incident *i, *next;
	char at[40];
	HASH_ITER (hh, core->ledger->incidents, i, next) {
		if (i->phase == NF_INCIDENT_ENDED || i->bad == 0)
			continue;
		const char *waited = i->tellings == NULL ? _(", waited for this mail") : "";
		const char *by =
			nf_core_is_acknowledged(i, now_wall_us) ? i->acknowledged_by : NULL;
		line(p, "#%lld %s: %s (%s), %zu%s%s%s", (long long)i->number,
			state_word(i->state), i->title,
			clock_text(core->site, i->opened_wall_us, at), i->bad, waited,
			by != NULL ? _(", acknowledged by ") : "", by != NULL ? by : "");
	}
	if (p->section->len == 0)
		line(p, "%s", _("none"));
}

static void put_view(struct part *p, const struct nf_picture *picture, const struct nf_view *v)
{
	char at[40];
	char *reason = nf_view_reason(v, picture->at_wall_us);
	const char *name = v->device != NULL	? v->device->name
			   : v->network != NULL ? v->network->name
						: _("the monitor itself");
	line(p, "%s: %s %s (%s)", state_word(v->state), name, reason,
		clock_text(picture->site, v->since_wall_us, at));
	free(reason);
}

static void put_not_green(struct part *p, const struct nf_picture *picture)
{
	static const enum nf_state order[] = {
		NF_STATE_CRITICAL, NF_STATE_WARNING, NF_STATE_UNREACHABLE, NF_STATE_UNKNOWN};
	size_t by_state[NF_STATES];
	size_t total = nf_picture_count(picture, NULL, by_state);
	line(p, _("%zu of %zu devices are ok"), by_state[NF_STATE_OK], total);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
		NF_EACH(struct nf_network, n, picture->site->networks)
		{
			if (picture->networks[n->index].len > 0 &&
				picture->networks[n->index].state == order[k])
				put_view(p, picture, &picture->networks[n->index]);
		}
		for (size_t i = 0; i < picture->site->devices.len; i++)
			if (picture->devices[i].state == order[k])
				put_view(p, picture, &picture->devices[i]);
	}
}

static void put_backups(struct part *p, const struct nf_picture *picture)
{
	size_t good = 0, all = 0;
	for (size_t i = 0; i < picture->site->devices.len; i++)
		for (size_t k = 0; k < picture->devices[i].len; k++) {
			const struct nf_view_check *c = &picture->devices[i].checks[k];
			if (strncmp(c->name, "backup ", 7) != 0)
				continue;
			all++;
			good += c->state == NF_STATE_OK;
			if (c->state != NF_STATE_OK)
				line(p, "%s: %s, %s: %s", state_word(c->state), c->name + 7,
					picture->site->devices.items[i].name, c->output);
		}
	line(p, _("%zu of %zu jobs proved good, %zu planned"), good, all,
		picture->site->backups.len);
}

static bool has_job(const struct nf_site *site, const struct nf_device *d)
{
	NF_EACH(struct nf_backup, b, site->backups)
	{
		if (b->device == d)
			return true;
	}
	return false;
}

/* The waiver of a device that holds longest; NULL: it has none. */
static const struct nf_waiver *waiver_of(const struct nf_site *site, const struct nf_device *d)
{
	const struct nf_waiver *last = NULL;

	NF_EACH(struct nf_waiver, w, site->waivers)
	{
		if (w->device == d && (last == NULL || w->until_wall_us > last->until_wall_us))
			last = w;
	}
	return last;
}

static void put_gaps(struct part *p, const struct nf_site *site, int64_t now_wall_us)
{
	NF_EACH(struct nf_device, d, site->devices)
	{
		const struct nf_waiver *w = waiver_of(site, d);
		char until[40] = "";

		if (d->kind != NF_KIND_SERVER || has_job(site, d) ||
			(w != NULL && now_wall_us < w->until_wall_us))
			continue;
		if (w != NULL)
			clock_text(site, w->until_wall_us - 1, until);
		until[10] = '\0';
		line(p, "%s%s%s%s%s", d->name, d->owner != NULL ? ", " : "",
			d->owner != NULL ? d->owner : "",
			w != NULL ? _("; its waiver ended on ") : "", until);
	}
	if (p->section->len == 0)
		line(p, "%s", _("none"));
}

/* What is proved, not what is planned. */
static void put_cutover(struct part *p, const struct nf_moves *moves)
{
	for (size_t i = 0; moves != NULL && i < moves->networks_len; i++) {
		const struct nf_moves_network *n = &moves->networks[i];
		struct nf_strbuf proved = {0}, forecast = {0};
		size_t back = n->by_stage[NF_STAGE_REGRESSED] + n->by_stage[NF_STAGE_LOST];
		nf_moves_proved_words(n, &proved);
		nf_moves_forecast_words(n, &forecast);
		line(p, _("%s: %s, %zu came back or are lost, %zu unknown; %zu things stand against switching it off; forecast: %s"),
			n->network->name, proved.data, back, n->unknown, n->blockers.len,
			forecast.data);
		nf_strbuf_free(&proved);
		nf_strbuf_free(&forecast);
	}
}

static void put_monitor(struct part *p, const struct nf_picture *picture, uint64_t waiting)
{
	char at[40];
	for (size_t i = 0; i < picture->programs_len; i++) {
		const struct nf_view_program *g = &picture->programs[i];
		if (g->alive)
			line(p, _("%s runs since %s"), g->name,
				clock_text(picture->site, g->started_wall_us, at));
		else
			line(p, _("%s does NOT run; last sign of life %s"), g->name,
				clock_text(picture->site, g->beat_wall_us, at));
	}
	for (size_t k = 0; k < picture->monitor.len; k++)
		if (picture->monitor.checks[k].state != NF_STATE_OK)
			line(p, "%s: %s: %s", state_word(picture->monitor.checks[k].state),
				picture->monitor.checks[k].name,
				picture->monitor.checks[k].output);
	if (waiting > 0)
		line(p, _("%llu mails have not left yet"), (unsigned long long)waiting);
}

bool nf_digest_is_due(struct nf_core *core, int64_t now_wall_us)
{
	struct nf_ledger *l = core->ledger;
	if (l->digest_wall_us == 0 || l->digest_wall_us > now_wall_us) {
		l->digest_wall_us = now_wall_us;
		l->dirty = true;
		return false;
	}
	return nf_daytime_next(core->site->alerting.digest, core->site->timezone,
		       l->digest_wall_us) <= now_wall_us;
}

/* What waited for the digest is told by it. */
static void mark_digested(struct nf_core *core, struct nf_duty *duty, int64_t now_wall_us)
{
	struct nf_incident *i, *next;
	HASH_ITER (hh, core->ledger->incidents, i, next) {
		struct nf_subject_of s;
		for (struct nf_member *m = i->members; m != NULL; m = m->next) {
			if (m->ended_wall_us != 0 || m->told_wall_us != 0 ||
				nf_core_urgency(duty, m, &s) != NF_URGENCY_DIGEST)
				continue;
			m->told_wall_us = now_wall_us;
			m->dirty = true;
			i->digested_wall_us = now_wall_us;
			i->dirty = true;
		}
	}
}

static void send_all(
	struct nf_core *core, struct nf_duty *duty, struct nf_notice *n, int64_t now)
{
	const struct nf_alerting *a = &core->site->alerting;
	for (size_t i = 0; i < a->digest_to.len; i++)
		nf_core_tell_plain(core, a->digest_to.items[i], n, now);
	if (a->digest_to.len > 0)
		return;
	for (size_t i = 0; i < core->site->rotas.len; i++) {
		const struct nf_contact *c = nf_duty_contact(duty, &core->site->rotas.items[i]);
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again |= nf_duty_contact(duty, &core->site->rotas.items[k]) == c;
		if (!again)
			nf_core_tell_plain(core, c, n, now);
	}
}

void nf_digest_owe(struct nf_core *core, const struct nf_picture *picture,
	const struct nf_moves *moves, uint64_t waiting, int64_t now_wall_us)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_notice_section sections[SECTIONS];
	struct nf_notice n = {.kind = NF_NOTICE_DIGEST, .sections = sections, .title = ""};
	struct part p;
	struct nf_duty duty;
	n.state = nf_picture_worst(picture);
	begin(&p, &n, arena, _("Open incidents"));
	put_incidents(&p, core, now_wall_us);
	finish(&p);
	begin(&p, &n, arena, _("Not green now"));
	put_not_green(&p, picture);
	finish(&p);
	begin(&p, &n, arena, _("Backups"));
	put_backups(&p, picture);
	finish(&p);
	begin(&p, &n, arena, _("Servers without a backup"));
	put_gaps(&p, core->site, now_wall_us);
	finish(&p);
	begin(&p, &n, arena, _("Moving to the common network"));
	put_cutover(&p, moves);
	finish(&p);
	begin(&p, &n, arena, _("The monitor itself"));
	put_monitor(&p, picture, waiting);
	finish(&p);
	nf_duty_init(&duty, core->site, &core->words, now_wall_us);
	send_all(core, &duty, &n, now_wall_us);
	mark_digested(core, &duty, now_wall_us);
	nf_duty_free(&duty);
	core->ledger->digest_wall_us = now_wall_us;
	core->ledger->dirty = true;
	nf_arena_free(arena);
}

void nf_daily_test_owe(struct nf_core *core, int64_t now_wall_us)
{
	const struct nf_alerting *a = &core->site->alerting;
	struct nf_ledger *l = core->ledger;
	bool first = l->test_wall_us == 0 || l->test_wall_us > now_wall_us;
	if (!first && nf_daytime_next(a->test_at, core->site->timezone, l->test_wall_us) >
			      now_wall_us)
		return;
	l->test_wall_us = now_wall_us;
	l->dirty = true;
	for (size_t i = 0; i < a->test_to.len && !first; i++) {
		struct nf_notice n = {.kind = NF_NOTICE_TEST, .state = NF_STATE_OK};
		nf_core_tell_plain(core, a->test_to.items[i], &n, now_wall_us);
	}
}
