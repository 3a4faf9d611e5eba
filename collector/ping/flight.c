// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/flight.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SEQ_INDEX_BITS = 5, SEQ_SLOTS = 1 << (16 - SEQ_INDEX_BITS) };
/* A wall clock that moved this much against the monotonic one was set, not slewed. */
enum { STEP_US = 2000 };
/* The clocks are read once a tick, answers during all of it. */
enum { SLACK_US = 50000 };

#define NONE UINT32_MAX

void nf_flight_init(struct nf_flight *flight, uint16_t id)
{
	*flight = (struct nf_flight){
		.key = nf_echo_key_new(), .id = id, .first_free = NONE, .last_free = NONE};
}

void nf_flight_destroy(struct nf_flight *flight)
{
	for (size_t i = 0; i < flight->len; i++)
		free(flight->slots[i].flying);
	free(flight->slots);
	flight->slots = NULL;
	flight->len = 0;
}

/* First freed, first used: a slot rests as long as it can. */
static uint32_t take_slot(struct nf_flight *flight)
{
	uint32_t slot = flight->first_free;

	if (slot != NONE) {
		flight->first_free = flight->slots[slot].next_free;
		if (flight->first_free == NONE)
			flight->last_free = NONE;
		return slot;
	}
	flight->slots =
		nf_grow(flight->slots, flight->len, &flight->cap, sizeof *flight->slots);
	flight->slots[flight->len] = (struct nf_flight_slot){.next_free = NONE};
	return (uint32_t)flight->len++;
}

static void give_slot(struct nf_flight *flight, uint32_t slot)
{
	flight->slots[slot].flying = NULL;
	flight->slots[slot].round++;
	flight->slots[slot].next_free = NONE;
	if (flight->last_free == NONE)
		flight->first_free = slot;
	else
		flight->slots[flight->last_free].next_free = slot;
	flight->last_free = slot;
}

struct nf_flying *nf_flight_begin(
	struct nf_flight *flight, const struct nf_ping_ask *ask, struct nf_route *route)
{
	uint32_t echoes = ask->echoes < 1 ? 1 : ask->echoes;

	if (echoes > NF_BURST_MAX)
		echoes = NF_BURST_MAX;
	struct nf_flying *f = nf_xcalloc(1, sizeof *f + echoes * sizeof f->times[0]);

	f->route = route;
	f->to = ask->address;
	f->spacing_us = ask->spacing_us;
	f->timeout_us = ask->timeout_us;
	f->echoes = echoes;
	f->slot = take_slot(flight);
	f->round = flight->slots[f->slot].round;
	flight->slots[f->slot].flying = f;
	flight->under_way++;
	return f;
}

void nf_flight_end(struct nf_flight *flight, struct nf_flying *flying)
{
	give_slot(flight, flying->slot);
	flight->under_way--;
	free(flying);
}

void nf_flight_write(const struct nf_flight *flight, const struct nf_flying *flying,
	uint8_t out[NF_ECHO_BYTES])
{
	struct nf_echo echo = {.slot = flying->slot,
		.round = flying->round,
		.route = flying->route->number,
		.index = (uint16_t)flying->sent};

	nf_echo_write(&flight->key, flight->id, &flying->to, &echo, out);
}

/* The burst an authentic echo belongs to, or NULL when it is over. */
static struct nf_flying *find(struct nf_flight *flight, const struct nf_echo *echo)
{
	struct nf_flying *f =
		echo->slot < flight->len ? flight->slots[echo->slot].flying : NULL;

	if (!f || f->round != echo->round || echo->index >= f->sent)
		return NULL;
	return f;
}

/* The burst a cut answer claims to belong to: by sequence number and source alone. */
static struct nf_flying *guess(struct nf_flight *flight, const struct nf_frame *frame)
{
	uint32_t index = frame->seq & ((1U << SEQ_INDEX_BITS) - 1);

	for (size_t slot = frame->seq >> SEQ_INDEX_BITS; slot < flight->len;
		slot += SEQ_SLOTS) {
		struct nf_flying *f = flight->slots[slot].flying;

		if (f && index < f->sent && nf_addr_equal(&f->to, &frame->from))
			return f;
	}
	return NULL;
}

static void see_request(struct nf_flight *flight, const struct nf_frame *frame, int64_t wall_ns)
{
	struct nf_echo echo;

	/* What others send us with our own words would only move our clock. */
	if (!frame->outgoing && !frame->loopback)
		return;
	if (nf_echo_read(&flight->key, &frame->to, frame->seq, frame->payload,
		    frame->payload_len, &echo) != NF_ECHO_GENUINE)
		return;
	struct nf_flying *f = find(flight, &echo);

	/* Stacked interfaces show it once each, the lowest, which is the last, being the wire. */
	if (f && !f->times[echo.index].rx_wall_ns)
		f->times[echo.index].tx_wall_ns = wall_ns;
}

static void see_cut(struct nf_flight *flight, const struct nf_frame *frame)
{
	struct nf_flying *f = guess(flight, frame);

	if (!f) {
		flight->stats.forged++;
		return;
	}
	flight->stats.mangled++;
	f->result.mangled++;
}

static struct nf_flying *see_answer(struct nf_flight *flight, const struct nf_echo *echo,
	int64_t wall_ns, struct nf_now now)
{
	struct nf_flying *f = find(flight, echo);

	if (!f) {
		flight->stats.late++;
		return NULL;
	}
	struct nf_echo_times *t = &f->times[echo->index];

	/* The same packet again, on an interface stacked upon the first: it keeps its time stamp. */
	if (t->rx_wall_ns == wall_ns)
		return NULL;
	if (t->rx_wall_ns) {
		flight->stats.duplicates++;
		f->result.duplicates++;
		return NULL;
	}
	t->rx_wall_ns = wall_ns;
	t->read = now;
	return ++f->answered == f->echoes ? f : NULL;
}

struct nf_flying *nf_flight_see(struct nf_flight *flight, const struct nf_frame *frame,
	int64_t wall_ns, struct nf_now now)
{
	struct nf_echo echo;

	if (frame->id != flight->id || frame->foreign)
		return NULL;
	if (!frame->reply) {
		see_request(flight, frame, wall_ns);
		return NULL;
	}
	switch (nf_echo_read(&flight->key, &frame->from, frame->seq, frame->payload,
		frame->payload_len, &echo)) {
	case NF_ECHO_GENUINE:
		return see_answer(flight, &echo, wall_ns, now);
	case NF_ECHO_CUT:
		see_cut(flight, frame);
		break;
	case NF_ECHO_FORGED:
		flight->stats.forged++;
		break;
	}
	return NULL;
}

/* The difference of the kernel's two times, unless the wall clock was set between them; then what the
 * monotonic clock allows at most. */
static int64_t rtt_us(struct nf_flight *flight, const struct nf_echo_times *t)
{
	int64_t most = t->read.mono_us - t->asked.mono_us;
	int64_t step = t->read.wall_us - t->asked.wall_us - most;
	int64_t sent_ns = t->tx_wall_ns ? t->tx_wall_ns : t->asked.wall_us * 1000;
	int64_t rtt = (t->rx_wall_ns - sent_ns) / 1000;

	if (step > STEP_US || step < -STEP_US) {
		int64_t unstepped = rtt - step;

		if (unstepped >= 0 && unstepped <= most + SLACK_US)
			return unstepped;
	}
	if (rtt >= 0 && rtt <= most + SLACK_US)
		return rtt;
	flight->stats.unstamped++;
	return most;
}

void nf_flight_sum_up(
	struct nf_flight *flight, struct nf_flying *flying, uint64_t troubles, int64_t mono_us)
{
	struct nf_burst *b = &flying->result;

	b->sent = flying->sent;
	b->unsent = flying->echoes - flying->sent;
	b->began_mono_us =
		flying->sent ? flying->times[0].asked.mono_us : flying->wanted_mono_us;
	b->ended_mono_us = mono_us;
	for (uint32_t i = 0; i < flying->sent; i++) {
		const struct nf_echo_times *t = &flying->times[i];
		int64_t rtt = t->rx_wall_ns ? rtt_us(flight, t) : -1;

		if (rtt >= 0 && rtt <= flying->timeout_us)
			b->rtt_us[b->received++] = (uint32_t)rtt;
		else if (rtt >= 0 || t->troubles == troubles)
			b->lost++;
		else
			b->unsure++;
		if (rtt > flying->timeout_us)
			flight->stats.late++;
	}
	flight->stats.received += b->received;
	nf_burst_sort(b);
}
