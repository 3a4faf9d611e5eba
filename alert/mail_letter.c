// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_letter.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "conf/zone.h"

#define NAME_MAX_                                                                              \
	48 /* of a title in the lead: since when still stands in the first 80 characters */
#define NETWORK_MAX 32
#define LINE_MAX_   400
#define LINK_MAX    1000
#define MINUTE_US   (INT64_C(60) * 1000000)

struct writer {
	const struct nf_notice *n;
	struct nf_letter *letter;
	struct nf_arena *arena;
};

static const char *safe(struct writer *w, const char *text, size_t max)
{
	struct nf_strbuf b = {0};
	nf_strbuf_puts(&b, "");
	nf_text_escape(&b, text != NULL ? text : "", text != NULL ? strlen(text) : 0, max);
	const char *kept = nf_arena_strdup(w->arena, b.data);
	nf_strbuf_free(&b);
	return kept;
}

/* Only what a reader would click: no other scheme, nothing that had to be escaped. */
static const char *link_of(struct writer *w, const char *text)
{
	if (text == NULL || strlen(text) > LINK_MAX || strpbrk(text, " \"<>\\") != NULL)
		return NULL;
	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return NULL;
	const char *same = safe(w, text, LINK_MAX);
	return strcmp(same, text) == 0 ? same : NULL;
}

/* "02:14" of the day the mail was made, else "2011-02-03 02:14". */
static const char *when(struct writer *w, int64_t wall_us)
{
	char at[40], made[40];
	nf_zone_minute(w->n->timezone, wall_us, at);
	nf_zone_minute(w->n->timezone, w->n->made_wall_us, made);
	return nf_arena_strdup(w->arena, strncmp(at, made, 10) == 0 ? at + 11 : at);
}

static const char *how_long(struct writer *w, int64_t from_us, int64_t to_us)
{
	long long minutes = to_us > from_us ? (to_us - from_us) / MINUTE_US : 0;
	if (minutes < 1)
		return _("less than a minute");
	if (minutes < 60)
		return nf_arena_printf(w->arena, _("%lld min"), minutes);
	if (minutes < 48 * 60)
		return nf_arena_printf(
			w->arena, _("%lld h %lld min"), minutes / 60, minutes % 60);
	return nf_arena_printf(w->arena, _("%lld d %lld h"), minutes / 1440, minutes / 60 % 24);
}

static const char *state_word(enum nf_state state)
{
	return _(nf_state_text(state));
}

static enum nf_letter_tone tone_of(enum nf_state state)
{
	switch (state) {
	case NF_STATE_OK:
		return NF_TONE_GOOD;
	case NF_STATE_WARNING:
		return NF_TONE_WARNING;
	case NF_STATE_CRITICAL:
	case NF_STATE_UNREACHABLE:
		return NF_TONE_BAD;
	default:
		return NF_TONE_UNKNOWN;
	}
}

static void add_row(struct writer *w, struct nf_letter_block *b, const char *label,
	const char *value, const char *link)
{
	if (value == NULL || *value == '\0')
		return;
	if (b->rows_len == b->rows_cap) {
		size_t cap = b->rows_cap == 0 ? 12 : 2 * b->rows_cap;
		struct nf_letter_row *rows = nf_arena_alloc(w->arena, cap * sizeof *rows);
		if (b->rows_len > 0)
			memcpy(rows, b->rows, b->rows_len * sizeof *rows);
		b->rows = rows;
		b->rows_cap = cap;
	}
	b->rows[b->rows_len++] = (struct nf_letter_row){label, safe(w, value, LINE_MAX_), link};
}

/* "sw-1 down" where the cause itself does not answer to ping. */
static const char *what(struct writer *w)
{
	const struct nf_notice *n = w->n;
	const char *title = safe(w, n->title, NAME_MAX_);
	const struct nf_notice_member *m = n->members_len > 0 ? &n->members[0] : NULL;
	if (n->kind != NF_NOTICE_RECOVERY && m != NULL && n->state == NF_STATE_CRITICAL &&
		strcmp(m->check, "ping") == 0 && strcmp(m->device, n->title) == 0)
		return nf_arena_printf(w->arena, _("%s down"), title);
	return title;
}

static const char *where(struct writer *w, const char *network)
{
	return *network != '\0'
		       ? nf_arena_printf(w->arena, " (%s)", safe(w, network, NETWORK_MAX))
		       : "";
}

static const char *subject_of_incident(struct writer *w)
{
	const struct nf_notice *n = w->n;
	const char *in = where(w, n->network);
	if (n->kind == NF_NOTICE_RECOVERY)
		return nf_arena_printf(w->arena, _("[netfold] #%lld ok: %s%s at %s after %s"),
			(long long)n->number, what(w), in, when(w, n->ended_wall_us),
			how_long(w, n->since_wall_us, n->ended_wall_us));
	const char *mark = n->kind == NF_NOTICE_FOLLOW_UP  ? _(", more")
			   : n->kind == NF_NOTICE_REMINDER ? _(", still")
							   : "";
	return nf_arena_printf(w->arena, _("[netfold] #%lld %s%s: %s%s since %s"),
		(long long)n->number, state_word(n->state), mark, what(w), in,
		when(w, n->since_wall_us));
}

static const char *lead_of_incident(struct writer *w)
{
	const struct nf_notice *n = w->n;
	const char *in = where(w, *n->network_name != '\0' ? n->network_name : n->network);
	const char *output = n->members_len > 0 ? safe(w, n->members[0].output, 160) : "";
	if (n->kind == NF_NOTICE_RECOVERY)
		return nf_arena_printf(w->arena, _("%s%s is over at %s, after %s."), what(w),
			in, when(w, n->ended_wall_us),
			how_long(w, n->since_wall_us, n->ended_wall_us));
	return nf_arena_printf(w->arena, _("%s%s since %s: %s. %s"), what(w), in,
		when(w, n->since_wall_us), state_word(n->state), output);
}

static void write_facts(struct writer *w)
{
	const struct nf_notice *n = w->n;
	struct nf_letter_block *f = &w->letter->facts;
	if (n->escalated)
		add_row(w, f, "",
			_("You get this mail because nobody has acknowledged it yet."), NULL);
	if (*n->acknowledged_by != '\0')
		add_row(w, f, _("Acknowledged by"),
			nf_arena_printf(
				w->arena, "%s: %s", n->acknowledged_by, n->acknowledged_text),
			NULL);
	if (n->number == 0)
		return;
	add_row(w, f, _("Network"), n->network_name, NULL);
	add_row(w, f, _("Incidents"), n->link, link_of(w, n->link));
	if (n->kind != NF_NOTICE_RECOVERY && *n->acknowledged_by == '\0')
		add_row(w, f, _("To acknowledge"),
			nf_arena_printf(w->arena, "netfold ack %lld --for 4h \"%s\"",
				(long long)n->number, _("I am looking at it")),
			NULL);
}

static const char *end_of(struct writer *w, const struct nf_notice_member *m)
{
	switch (m->end) {
	case NF_MEMBER_REMOVED:
		return _("is no longer watched");
	case NF_MEMBER_MOVED:
		return nf_arena_printf(
			w->arena, _("belongs to incident #%lld now"), (long long)m->moved_to);
	case NF_MEMBER_FINE:
		return nf_arena_printf(w->arena, _("ok since %s, was %s for %s"),
			when(w, m->ended_wall_us), state_word(m->state),
			how_long(w, m->since_wall_us, m->ended_wall_us));
	default:
		return "";
	}
}

static const char *name_of(struct writer *w, const struct nf_notice_member *m)
{
	const char *thing = *m->device != '\0'	  ? m->device
			    : *m->network != '\0' ? m->network
						  : _("the monitor itself");
	const char *fresh = m->is_new && w->n->kind == NF_NOTICE_FOLLOW_UP ? _(" (new)") : "";
	return nf_arena_printf(
		w->arena, "%s %s%s", safe(w, thing, 120), safe(w, m->check, 120), fresh);
}

static void write_member(
	struct writer *w, const struct nf_notice_member *m, struct nf_letter_block *b)
{
	bool over = m->ended_wall_us != 0;
	b->badge = over && m->end == NF_MEMBER_FINE ? state_word(NF_STATE_OK)
						    : state_word(m->state);
	b->tone = over && m->end == NF_MEMBER_FINE ? NF_TONE_GOOD : tone_of(m->state);
	b->head = name_of(w, m);
	if (over) {
		add_row(w, b, "", end_of(w, m), NULL);
		return;
	}
	add_row(w, b, "", m->output, NULL);
	if (*m->cause != '\0')
		add_row(w, b, _("Behind"), m->cause, NULL);
	if (m->flapping)
		add_row(w, b, "", _("goes up and down all the time"), NULL);
	add_row(w, b, _("Since"), when(w, m->since_wall_us), NULL);
	add_row(w, b, _("Expected"), m->expected, NULL);
	if (m->last_good_wall_us != 0)
		add_row(w, b, _("Last good"),
			nf_arena_printf(
				w->arena, "%s %s", when(w, m->last_good_wall_us), m->last_good),
			NULL);
	add_row(w, b, _("Owner"), m->owner, NULL);
	add_row(w, b, _("Deputy"), m->deputy, NULL);
	add_row(w, b, _("Runbook"), m->runbook, link_of(w, m->runbook));
	add_row(w, b, _("Page"), m->link, link_of(w, m->link));
}

static void write_section(
	struct writer *w, const struct nf_notice_section *s, struct nf_letter_block *b)
{
	b->badge = "";
	b->tone = NF_TONE_UNKNOWN;
	b->head = safe(w, s->title, 120);
	for (size_t i = 0; i < s->len; i++)
		add_row(w, b, "", s->lines[i], NULL);
	if (s->more > 0)
		add_row(w, b, "",
			nf_arena_printf(w->arena,
				ngettext("and %zu more", "and %zu more", s->more), s->more),
			NULL);
}

static void write_blocks(struct writer *w)
{
	const struct nf_notice *n = w->n;
	struct nf_letter *l = w->letter;
	size_t max = n->members_len + n->sections_len;
	l->blocks = nf_arena_alloc(w->arena, (max + 1) * sizeof *l->blocks);
	for (size_t i = 0; i < n->members_len; i++)
		write_member(w, &n->members[i], &l->blocks[l->blocks_len++]);
	for (size_t i = 0; i < n->sections_len; i++)
		write_section(w, &n->sections[i], &l->blocks[l->blocks_len++]);
	size_t more = n->members_total > n->members_len ? n->members_total - n->members_len : 0;
	l->more = more == 0 ? ""
			    : nf_arena_printf(w->arena,
				      ngettext("and %zu more", "and %zu more", more), more);
}

static void write_head(struct writer *w)
{
	const struct nf_notice *n = w->n;
	struct nf_letter *l = w->letter;
	const char *site = safe(w, n->site, 80);
	char made[40];
	nf_zone_iso8601(n->timezone, n->made_wall_us, made);
	switch (n->kind) {
	case NF_NOTICE_DIGEST:
		l->subject = nf_arena_printf(
			w->arena, _("[netfold] digest of %.10s: %s"), made, site);
		l->lead = nf_arena_printf(
			w->arena, _("%s on %.10s at %.5s"), site, made, made + 11);
		l->tone = NF_TONE_UNKNOWN;
		return;
	case NF_NOTICE_TEST:
		l->subject =
			nf_arena_printf(w->arena, _("[netfold] test of %.10s: %s"), made, site);
		l->lead = nf_arena_printf(w->arena,
			_("This is a test from %s at %.5s: mail from netfold reaches you. Nothing is "
			  "wrong."),
			site, made + 11);
		l->tone = NF_TONE_GOOD;
		return;
	case NF_NOTICE_MOVE:
		l->lead = safe(w, n->title, 200);
		l->subject = nf_arena_printf(w->arena, "[netfold] %s: %s", l->lead, site);
		l->tone = tone_of(n->state);
		return;
	default:
		l->subject = subject_of_incident(w);
		l->lead = lead_of_incident(w);
		l->tone = n->kind == NF_NOTICE_RECOVERY ? NF_TONE_GOOD : tone_of(n->state);
	}
}

struct nf_letter *nf_letter_write(const struct nf_notice *notice)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_letter *l = nf_arena_alloc(arena, sizeof *l);
	struct writer w = {notice, l, arena};
	l->arena = arena;
	l->language = safe(&w, notice->language, 16);
	write_head(&w);
	write_facts(&w);
	write_blocks(&w);
	l->foot = nf_arena_printf(arena,
		_("netfold watches %s. Nobody reads answers to this mail."),
		safe(&w, notice->site, 80));
	return l;
}

void nf_letter_free(struct nf_letter *letter)
{
	if (letter != NULL)
		nf_arena_free(letter->arena);
}
