// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/answer.h"

#include <math.h>

#include "base/parse.h"
#include "checks/threshold.h"

/* A value must come back this far under its limit before the state does. */
#define HYSTERESIS 0.1

void nf_leg_history_add(struct nf_leg_history *h, const struct nf_burst *burst, bool usual)
{
	if (burst->received) {
		if (h->silent >= 2) {
			h->len -= h->silent_usual;
			h->next = (h->next + NF_ANSWER_BURSTS - h->silent_usual) %
				  NF_ANSWER_BURSTS;
		}
		h->silent = h->silent_usual = 0;
		h->answered_mono_us = burst->ended_mono_us;
	} else if (burst->lost) {
		h->silent++;
	}
	if (!usual || burst->received + burst->lost == 0)
		return;
	if (!burst->received && h->silent_usual < NF_ANSWER_BURSTS)
		h->silent_usual++;
	h->bursts[h->next].answered = burst->received;
	h->bursts[h->next].lost = burst->lost;
	h->next = (h->next + 1) % NF_ANSWER_BURSTS;
	if (h->len < NF_ANSWER_BURSTS)
		h->len++;
}

double nf_leg_history_loss(const struct nf_leg_history *h)
{
	uint32_t answered = 0, lost = 0;

	for (size_t i = 1; i <= h->len; i++) {
		size_t at = (h->next + NF_ANSWER_BURSTS - i) % NF_ANSWER_BURSTS;

		answered += h->bursts[at].answered;
		lost += h->bursts[at].lost;
	}
	return answered + lost ? 100.0 * lost / (answered + lost) : NAN;
}

static enum nf_state judge_limit(
	double warning, double critical, double value, enum nf_state before)
{
	struct nf_threshold t = {
		.warning = warning > 0 ? warning : NAN,
		.critical = critical > 0 ? critical : NAN,
		.above = true,
		.hysteresis = HYSTERESIS * (warning > 0 ? warning : critical),
	};

	return isnan(value) ? NF_STATE_OK : nf_threshold_judge(&t, value, before);
}

struct leg_state {
	enum nf_state loss, rtt, state;
	double loss_percent;
	struct nf_rtt times;
};

static struct leg_state judge_leg(
	const struct nf_polling *p, const struct nf_leg_look *look, enum nf_state before)
{
	const struct nf_burst *b = look->burst;
	struct leg_state s = {.state = NF_STATE_UNKNOWN};

	if (!nf_burst_rtt(b, &s.times)) {
		bool silent = b->lost && !b->unsure;
		bool cut_off = !b->sent && (b->trouble == NF_BURST_NO_INTERFACE ||
						   b->trouble == NF_BURST_NO_ROUTE);

		if (silent || cut_off)
			s.state = NF_STATE_CRITICAL;
		return s;
	}
	s.loss_percent = nf_leg_history_loss(look->history);
	s.loss = judge_limit(p->loss_warning, p->loss_critical, s.loss_percent, before);
	s.rtt = judge_limit((double)p->rtt_warning_us, (double)p->rtt_critical_us,
		s.times.median_us, before);
	s.state = nf_state_worse(s.loss, s.rtt);
	return s;
}

/* Lower is better; an address that answers badly is better than one that does not. */
static int rank(const struct leg_state *s, const struct nf_leg_look *look)
{
	static const int ranks[NF_STATES] = {[NF_STATE_OK] = 0,
		[NF_STATE_WARNING] = 1,
		[NF_STATE_CRITICAL] = 2,
		[NF_STATE_UNKNOWN] = 4,
		[NF_STATE_UNREACHABLE] = 4};

	return ranks[s->state] + (s->state == NF_STATE_CRITICAL && !look->burst->received);
}

static void put_ms(struct nf_strbuf *line, double us)
{
	nf_strbuf_printf(line,
		us < 1000     ? "%.2g ms"
		: us < 100000 ? "%.1f ms"
			      : "%.0f ms",
		us / 1000);
}

static void put_answered(struct nf_strbuf *line, const struct nf_leg_look *look,
	const struct leg_state *s, bool name_it)
{
	char address[NF_ADDR_TEXT_MAX];
	const struct nf_burst *b = look->burst;

	nf_strbuf_printf(line, "%u of %u answered", b->received, b->sent);
	if (name_it)
		nf_strbuf_printf(
			line, " from %s", nf_addr_format(&look->leg->address, address));
	nf_strbuf_puts(line, ", median ");
	put_ms(line, s->times.median_us);
	if (s->rtt != NF_STATE_OK)
		nf_strbuf_puts(line, " (slow)");
	if (s->loss != NF_STATE_OK)
		nf_strbuf_printf(line, ", %.0f %% lost in the last %zu bursts", s->loss_percent,
			look->history->len);
	if (b->duplicates)
		nf_strbuf_printf(line, ", %u duplicates", b->duplicates);
}

static void put_silent(struct nf_strbuf *line, const struct nf_leg_look *look)
{
	char address[NF_ADDR_TEXT_MAX], text[160];
	const struct nf_burst *b = look->burst;

	nf_addr_format(&look->leg->address, address);
	if (b->lost && !b->unsure)
		nf_strbuf_printf(line, "no answer from %s (%u lost", address, b->lost);
	else if (b->sent)
		nf_strbuf_printf(line,
			"no verdict on %s: this machine missed packets itself (%u unanswered",
			address, b->lost + b->unsure);
	else
		nf_strbuf_printf(line, "%s cannot be asked: %s", address,
			nf_burst_trouble_text(
				b, look->leg->network->source.interface, text, sizeof text));
	if (b->mangled)
		nf_strbuf_printf(line, ", %u came back damaged", b->mangled);
	if (b->sent)
		nf_strbuf_puts(line, ")");
}

static void put_last_answer(
	struct nf_strbuf *line, const struct nf_leg_look *looks, size_t len, int64_t mono_us)
{
	char age[NF_QUANTITY_MAX];
	int64_t last = 0;

	for (size_t i = 0; i < len; i++)
		if (looks[i].history->answered_mono_us > last)
			last = looks[i].history->answered_mono_us;
	if (last)
		nf_strbuf_printf(
			line, ", last answer %s ago", nf_format_age(mono_us - last, age));
}

enum nf_state nf_ping_answer(const struct nf_polling *polling, const struct nf_leg_look *looks,
	size_t len, enum nf_state before, int64_t mono_us, struct nf_strbuf *line)
{
	struct leg_state states[NF_LEGS_MAX];
	size_t best = 0;

	for (size_t i = 0; i < len; i++) {
		states[i] = judge_leg(polling, &looks[i], before);
		if (rank(&states[i], &looks[i]) < rank(&states[best], &looks[best]))
			best = i;
	}
	bool answered = looks[best].burst->received > 0;

	if (answered)
		put_answered(line, &looks[best], &states[best], len > 1);
	for (size_t i = 0; i < len; i++) {
		if (looks[i].burst->received)
			continue;
		if (line->len)
			nf_strbuf_puts(line, "; ");
		put_silent(line, &looks[i]);
	}
	if (!answered)
		put_last_answer(line, looks, len, mono_us);
	return states[best].state;
}

enum nf_state nf_ping_answer_of_silent(enum nf_state state, const struct nf_leg_look *looks,
	size_t len, struct nf_strbuf *line)
{
	for (size_t i = 0; i < len; i++)
		if (looks[i].burst->received || !looks[i].burst->lost || looks[i].burst->unsure)
			return state;
	nf_strbuf_puts(line,
		"; the inventory calls it silent: that proves nothing, and is no trouble");
	return NF_STATE_OK;
}
