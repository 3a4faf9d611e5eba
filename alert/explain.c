// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/explain.h"

#include <stdio.h>
#include <string.h>

#include "alert/core.h"
#include "base/text.h"
#include "conf/hours.h"
#include "conf/oncall.h"
#include "conf/zone.h"

#define SHOWN_MAX 20

struct explaining {
	const struct nf_site *site;
	struct nf_strbuf *out;
	struct nf_duty *duty;
	int64_t now, number;
	bool is_there;
	enum nf_incident_phase phase;
	size_t shown, left;
};

static const char *when(const struct nf_site *site, int64_t wall_us, char buf[40])
{
	nf_zone_iso8601(site->timezone, wall_us, buf);
	buf[10] = ' ';
	buf[19] = '\0';
	return buf;
}

static void escaped(struct nf_strbuf *out, const char *text)
{
	nf_text_escape(out, text, strlen(text), 120);
}

static void say_incident(const struct nf_incident_row *row, void *arg)
{
	struct explaining *x = arg;
	char at[40];
	if (row->number != x->number)
		return;
	x->is_there = true;
	x->phase = row->phase;
	nf_strbuf_printf(
		x->out, "#%lld %s: ", (long long)row->number, nf_state_text(row->state));
	escaped(x->out, row->title);
	nf_strbuf_printf(x->out, ", %s, since %s", nf_incident_phase_text(row->phase),
		when(x->site, row->opened_wall_us, at));
	if (row->ended_wall_us != 0)
		nf_strbuf_printf(x->out, " until %s", when(x->site, row->ended_wall_us, at));
	nf_strbuf_puts(x->out, "\n  joined by the cause ");
	escaped(x->out, row->cause);
	nf_strbuf_putc(x->out, '\n');
	if (row->merged_into != 0)
		nf_strbuf_printf(x->out, "  merged into #%lld: too many at once\n",
			(long long)row->merged_into);
	if (row->acknowledged_wall_us != 0) {
		nf_strbuf_puts(x->out, "  acknowledged by ");
		escaped(x->out, row->acknowledged_by);
		nf_strbuf_printf(x->out,
			" until %s: ", when(x->site, row->acknowledged_until_wall_us, at));
		escaped(x->out, row->acknowledged_text);
		nf_strbuf_putc(x->out, '\n');
	}
	if (row->digested_wall_us != 0)
		nf_strbuf_printf(x->out, "  in the morning digest of %s\n",
			when(x->site, row->digested_wall_us, at));
	if (row->phase == NF_INCIDENT_SETTLING && row->due_wall_us > x->now)
		nf_strbuf_printf(x->out, "  waits for the picture to settle until %s\n",
			when(x->site, row->due_wall_us, at));
}

static void say_wait(
	struct explaining *x, const struct nf_subject_of *s, enum nf_urgency urgency)
{
	char at[40];
	int64_t start, end;
	switch (urgency) {
	case NF_URGENCY_NOW:
		nf_strbuf_printf(x->out, "goes to rota %s at once (%s now)", s->rota->id,
			nf_duty_contact(x->duty, s->rota)->id);
		break;
	case NF_URGENCY_HOURS:
		nf_strbuf_printf(x->out, "waits for the hours of service %s", s->service->id);
		if (nf_service_next(s->service, x->now, &start, &end) == NF_OK)
			nf_strbuf_printf(x->out, " at %s", when(x->site, start, at));
		break;
	case NF_URGENCY_DIGEST:
		nf_strbuf_printf(x->out, "waits for the morning digest at %s",
			when(x->site,
				nf_daytime_next(
					x->site->alerting.digest, x->site->timezone, x->now),
				at));
		break;
	case NF_URGENCY_NEVER:
		nf_strbuf_puts(x->out, "nobody is told: ");
		if (s->network != NULL && s->network->role == NF_ROLE_LAB)
			nf_strbuf_puts(x->out, "the lab wakes nobody");
		else if (s->service != NULL && s->rota == NULL)
			nf_strbuf_printf(x->out, "service %s has no rota", s->service->id);
		else
			nf_strbuf_puts(x->out, "the site has no rota");
		break;
	}
}

static void say_muted(struct explaining *x, const struct nf_member_row *row)
{
	char at[40];
	if (row->told_wall_us != 0)
		nf_strbuf_printf(x->out, "told %s, ", when(x->site, row->told_wall_us, at));
	nf_strbuf_puts(x->out, "in maintenance (");
	escaped(x->out, row->maintenance);
	nf_strbuf_puts(x->out, "): nobody is told before that ends");
}

static void say_member(const struct nf_member_row *row, void *arg)
{
	struct explaining *x = arg;
	char at[40];
	if (x->shown++ >= SHOWN_MAX) {
		x->left++;
		return;
	}
	nf_strbuf_puts(x->out, "  ");
	escaped(x->out, *row->device != '\0'	? row->device
			: *row->network != '\0' ? row->network
						: "netfold");
	nf_strbuf_putc(x->out, ' ');
	escaped(x->out, row->check);
	nf_strbuf_printf(x->out, ": %s since %s, ",
		nf_state_text(row->ended_wall_us != 0 ? row->worst : row->state),
		when(x->site, row->since_wall_us, at));
	struct nf_subject_of s = nf_duty_subject(x->site, row->network, row->device);
	const struct nf_word *silence =
		nf_words_silence(x->duty->words, row->network, row->device, row->check, x->now);
	if (row->moved_to != 0)
		nf_strbuf_printf(x->out, "is in #%lld now", (long long)row->moved_to);
	else if (row->ended_wall_us != 0)
		nf_strbuf_printf(
			x->out, "over since %s", when(x->site, row->ended_wall_us, at));
	else if (silence != NULL)
		nf_strbuf_printf(x->out, "silenced until %s (silence %lld)",
			when(x->site, silence->until_wall_us, at), (long long)silence->id);
	else if (row->muted)
		say_muted(x, row);
	else if (row->hold_wall_us > x->now)
		nf_strbuf_puts(
			x->out, "seen before the first cycle after a start: waits for it");
	else if (row->told_wall_us != 0)
		nf_strbuf_printf(x->out, "told %s", when(x->site, row->told_wall_us, at));
	else
		say_wait(x, &s, nf_duty_urgency(x->duty, &s, row->state));
	nf_strbuf_puts(x->out, row->flapping ? ", flapping\n" : "\n");
}

static void say_mail(const struct nf_outbox_row *row, void *arg)
{
	struct explaining *x = arg;
	char at[40];
	nf_strbuf_printf(x->out, "  %s  %s to %s <%s>: %s",
		when(x->site, row->made_wall_us, at), row->kind, row->contact, row->address,
		nf_outbox_state_text(row->state));
	if (row->ended_wall_us != 0)
		nf_strbuf_printf(x->out, " %s", when(x->site, row->ended_wall_us, at));
	if (row->attempts > 0 && row->state != NF_OUTBOX_SENT) {
		nf_strbuf_printf(x->out, ", %u attempts, the last: ", row->attempts);
		escaped(x->out, row->error);
	}
	nf_strbuf_putc(x->out, '\n');
}

/* What will happen if nobody does anything. */
static void say_next(struct explaining *x, const struct nf_ledger *ledger)
{
	char at[40];
	const struct nf_incident *i = nf_ledger_incident(ledger, x->number);
	if (i == NULL || i->told_wall_us == 0)
		return;
	if (i->bad == 0) {
		nf_strbuf_printf(x->out, "Next: the recovery, at %s, if all stays well\n",
			when(x->site, i->due_wall_us, at));
		return;
	}
	if (nf_core_is_acknowledged(i, x->now)) {
		nf_strbuf_printf(x->out,
			"Next: a reminder at %s, when the acknowledgement ends\n",
			when(x->site, i->acknowledged_until_wall_us, at));
		return;
	}
	const struct nf_rota *done = NULL;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next) {
		struct nf_subject_of s;
		if (m->ended_wall_us != 0 || m->told_wall_us == 0 ||
			(m->state != NF_STATE_CRITICAL && m->state != NF_STATE_UNREACHABLE) ||
			nf_core_urgency(x->duty, m, &s) != NF_URGENCY_NOW || s.rota == done)
			continue;
		done = s.rota;
		for (size_t k = 0; k < s.rota->escalate_to.len; k++)
			if (nf_ledger_telling(i, s.rota->escalate_to.items[k]->id) == NULL)
				nf_strbuf_printf(x->out,
					"Next: a mail to %s at %s, if nobody acknowledges\n",
					s.rota->escalate_to.items[k]->id,
					when(x->site,
						i->told_wall_us + s.rota->escalate_after_us,
						at));
	}
}

static enum nf_err say_all(struct explaining *x, struct nf_store *outbox)
{
	enum nf_err rc = nf_incidents(outbox, 0, say_incident, x);
	if (rc == NF_OK && !x->is_there)
		return NF_ENOENT;
	nf_strbuf_puts(x->out, "Members:\n");
	if (rc == NF_OK)
		rc = nf_members(outbox, x->number, say_member, x);
	if (x->left > 0)
		nf_strbuf_printf(x->out, "  and %zu more\n", x->left);
	nf_strbuf_puts(x->out, "Mails:\n");
	if (rc == NF_OK)
		rc = nf_outbox_of(outbox, x->number, say_mail, x);
	return rc;
}

enum nf_err nf_explain_incident(const struct nf_site *site, struct nf_store *outbox,
	int64_t number, int64_t now_wall_us, struct nf_strbuf *out, struct nf_error *err)
{
	struct nf_words words = {0};
	struct nf_ledger *ledger = NULL;
	struct nf_duty duty;
	struct explaining x = {
		.site = site, .out = out, .duty = &duty, .now = now_wall_us, .number = number};
	nf_duty_init(&duty, site, &words, now_wall_us);
	enum nf_err rc = nf_words_read(outbox, now_wall_us, &words);
	if (rc == NF_OK)
		rc = say_all(&x, outbox);
	if (rc == NF_OK)
		rc = nf_ledger_load(outbox, &ledger, err);
	if (rc == NF_OK)
		say_next(&x, ledger);
	else if (rc == NF_ENOENT)
		nf_error_set(err, rc, "there is no incident #%lld", (long long)number);
	else
		nf_error_set(err, rc, "outbox.db: %s", nf_store_error(outbox));
	nf_ledger_free(ledger);
	nf_duty_free(&duty);
	nf_words_free(&words);
	return rc;
}

void nf_explain_rota(const struct nf_site *site, struct nf_store *outbox,
	const struct nf_rota *rota, int64_t at_wall_us, const struct nf_contact **who,
	struct nf_strbuf *why)
{
	struct nf_words words = {0};
	struct nf_duty duty;
	char at[40];
	int64_t change;
	/* A time to come may lie in a cover that was said already. */
	if (outbox != NULL)
		nf_words_read(outbox, at_wall_us, &words);
	nf_duty_init(&duty, site, &words, at_wall_us);
	*who = nf_duty_contact(&duty, rota);
	const struct nf_contact *turn = nf_rota_turn(rota, site->timezone, at_wall_us);
	const struct nf_word *cover = nf_words_cover(&words, rota->id, at_wall_us);
	if (cover != NULL && nf_duty_find(site, cover->who) == *who)
		nf_strbuf_printf(why, "covers for %s until %s", turn->id,
			when(site, cover->until_wall_us, at));
	else if (nf_rota_change(rota, site->timezone, at_wall_us, &change) == NF_OK)
		nf_strbuf_printf(why, "has the turn until %s", when(site, change, at));
	else
		nf_strbuf_puts(why, "has the turn");
	nf_duty_free(&duty);
	nf_words_free(&words);
}
