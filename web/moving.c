// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/moving.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "web/mix.h"

#define READ_US                                                                                \
	(15 * 60 * NF_US_PER_S) /* exemptions end, and what is computed no more grows stale */

struct nf_moving {
	const struct nf_site *site;
	struct nf_moves moves;
	bool has_moves;
	int64_t read_mono_us;
	uint64_t generation, hash;
	int64_t stamp;
};

struct nf_moving *nf_moving_new(const struct nf_site *site)
{
	struct nf_moving *m = nf_xcalloc(1, sizeof *m);
	m->site = site;
	return m;
}

void nf_moving_free(struct nf_moving *m)
{
	if (m == NULL)
		return;
	if (m->has_moves)
		nf_moves_free(&m->moves);
	free(m);
}

static uint64_t hash_of(const struct nf_moves *moves, int64_t stamp)
{
	uint64_t hash = nf_mix_number(NF_MIX_START, (uint64_t)stamp);
	for (size_t i = 0; i < moves->len; i++)
		hash = nf_mix_number(
			hash, moves->items[i].stale || moves->items[i].exempt_reason);
	return hash;
}

enum nf_err nf_moving_follow(struct nf_moving *m, struct nf_store *store, struct nf_now now)
{
	int64_t stamp = 0;
	uint64_t generation = store != NULL ? nf_store_generation(store) : 0;
	struct nf_moves fresh;
	enum nf_err rc = store != NULL ? nf_cutover_stamp(store, &stamp) : NF_OK;
	if (rc != NF_OK || (m->has_moves && stamp == m->stamp && generation == m->generation &&
				   now.mono_us - m->read_mono_us < READ_US))
		return rc;
	rc = nf_moves_read(m->site, store, now.wall_us, &fresh);
	if (rc != NF_OK)
		return rc;
	if (m->has_moves)
		nf_moves_free(&m->moves);
	m->moves = fresh;
	m->has_moves = true;
	m->stamp = stamp;
	m->generation = generation;
	m->read_mono_us = now.mono_us;
	m->hash = hash_of(&m->moves, stamp);
	return NF_OK;
}

const struct nf_moves *nf_moving_moves(const struct nf_moving *m)
{
	return m->has_moves ? &m->moves : NULL;
}

uint64_t nf_moving_hash(const struct nf_moving *m)
{
	return m->hash;
}
