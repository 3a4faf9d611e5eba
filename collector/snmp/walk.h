// SPDX-License-Identifier: GPL-3.0-or-later
/* walk: one query as a row of requests and answers: which OIDs to ask next, what an answer means, when
 *       it is complete.
 * Shape:   pure but for memory: nf_walk_next -> (request goes out) -> nf_walk_answer or nf_walk_smaller,
 *          until nf_walk_next says false; then nf_walk_finish. Scalars by GET; columns by GETBULK (v1:
 *          GETNEXT), several columns a request, each with its own place; a column ends when the agent
 *          leaves its subtree forwards.
 * Doubt:   an OID that does not increase, a wrong type, an error that stays, a cap: the result is
 *          incomplete, says why, and keeps the rows.
 * Learned: struct nf_manners belongs to the agent and outlives the walk: what size of request it takes.
 * Source:  RFC 3416 4.2.1-4.2.3; RFC 1157 4.1 (noSuchName ends a column).
 */
#pragma once

#include "collector/snmp/codec.h"

#define NF_MANNERS_TABLES 8

/* What an agent was found to bear. */
struct nf_manners {
	uint32_t repetitions, repetitions_max; /* now; as the profile says */
	uint8_t columns;		       /* in one request */
	uint8_t good;			       /* answers since the last trouble */
	struct {
		uint32_t table;	   /* a hash of the first column */
		uint32_t rows;	   /* of the last walk that was complete */
	} seen[NF_MANNERS_TABLES]; /* so that a bulk does not ask past the end */
};

void nf_manners_init(struct nf_manners *manners, uint32_t max_repetitions);

struct nf_walk;

/* Borrows query and manners until finish. */
struct nf_walk *nf_walk_new(
	const struct nf_query *query, enum nf_snmp_version version, struct nf_manners *manners);

/* Fills ask; false: nothing more to ask. The same ask again until it is answered or made smaller. */
bool nf_walk_next(struct nf_walk *walk, struct nf_ask *ask);
/* The answer to the last ask (a RESPONSE). */
void nf_walk_answer(struct nf_walk *walk, const struct nf_message *answer);
/* The last ask was too much: the next one will be half of it. False: it cannot be less. */
bool nf_walk_smaller(struct nf_walk *walk);
size_t nf_walk_values(const struct nf_walk *walk); /* got so far */
size_t nf_walk_rows(const struct nf_walk *walk);   /* of the longest column */

/* Takes walk. NF_RESULT_COMPLETE: the state the walk itself came to; another state and its text win. */
struct nf_result *nf_walk_finish(struct nf_walk *walk, enum nf_result_state state,
	const char *why, int64_t answered_wall_us);
