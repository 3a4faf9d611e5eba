// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/talk.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

/* So long does the most patient of them wait for an answer, SIP (RFC 3261 17.1.1.2). */
#define LATELY_US (32 * NF_US_PER_S)

enum { SETS = 1024, WAYS = 8 };

struct end {
	struct nf_addr addr; /* family 0: anybody */
	uint16_t port;
};

struct slot {
	struct end asks, answers; /* asks: family 0: free */
	uint32_t network;
	int64_t asked_mono_us;
};

struct nf_talks {
	struct slot slots[SETS][WAYS];
};

struct nf_talks *nf_talks_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_talks));
}

void nf_talks_free(struct nf_talks *talks)
{
	free(talks);
}

static uint32_t hash_of(const struct end *e)
{
	uint32_t hash = UINT32_C(0x811c9dc5);

	for (size_t i = 0; i < sizeof e->addr.bytes; i++)
		hash = (hash ^ e->addr.bytes[i]) * UINT32_C(0x01000193);
	return (hash ^ e->port) * UINT32_C(0x01000193);
}

/* The same for both directions. */
static struct slot *set_of(struct nf_talks *talks, const struct end *a, const struct end *b)
{
	return talks->slots[(hash_of(a) + hash_of(b)) % SETS];
}

static bool is_end(const struct end *a, const struct end *b)
{
	return a->port == b->port && nf_addr_equal(&a->addr, &b->addr);
}

/* Whether one asked the other lately; NULL: it did not. */
static struct slot *find(struct nf_talks *talks, const struct slot *wanted)
{
	struct slot *set = set_of(talks, &wanted->asks, &wanted->answers);

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].asks.addr.family && set[i].network == wanted->network &&
			wanted->asked_mono_us - set[i].asked_mono_us <= LATELY_US &&
			is_end(&set[i].asks, &wanted->asks) &&
			is_end(&set[i].answers, &wanted->answers))
			return &set[i];
	return NULL;
}

static void keep(struct nf_talks *talks, const struct slot *asked)
{
	struct slot *set = set_of(talks, &asked->asks, &asked->answers), *place = &set[0];

	for (size_t i = 1; i < WAYS && place->asks.addr.family; i++)
		if (!set[i].asks.addr.family || set[i].asked_mono_us < place->asked_mono_us)
			place = &set[i];
	*place = *asked;
}

bool nf_talks_answer(struct nf_talks *talks, const struct nf_talk *p, int64_t mono_us)
{
	const struct end from = {*p->from, p->from_port}, to = {*p->to, p->to_port};
	const struct end anybody_to = {.port = p->to_port},
			 anybody_from = {.port = p->from_port};
	const struct slot asks = {from, p->to_all ? anybody_to : to, p->network, mono_us};
	const struct slot asked = {to, from, p->network, mono_us};
	const struct slot asked_all = {to, anybody_from, p->network, mono_us};

	if (!talks || !p->from->family)
		return false;
	struct slot *known = find(talks, &asks);

	if (known) {
		known->asked_mono_us = mono_us;
		return false;
	}
	if (!p->to_all && (find(talks, &asked) || find(talks, &asked_all)))
		return true;
	keep(talks, &asks);
	return false;
}
