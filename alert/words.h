// SPDX-License-Identifier: GPL-3.0-or-later
/* words: what people said that holds now: silences and covers. Acknowledgements change an incident and
 * are handed on once.
 * Memory:  owns copies of the rows.
 */
#pragma once

#include "store/incidents.h"

struct nf_word {
	int64_t id, from_wall_us, until_wall_us;
	char *scope, *who, *text;
};

struct nf_words {
	struct nf_word *silences, *covers;
	size_t silences_len, silences_cap, covers_len, covers_cap;
};

/* Reads all that is not over at `at`; unsilenced silences are left out. */
enum nf_err nf_words_read(struct nf_store *outbox, int64_t at_wall_us, struct nf_words *words);
void nf_words_free(struct nf_words *words); /* and empties */

/* The silence that covers the check now, or NULL. */
const struct nf_word *nf_words_silence(const struct nf_words *words, const char *network,
	const char *device, const char *check, int64_t at_wall_us);
/* Who stands in for the rota at that time: the cover that was said last, or NULL. */
const struct nf_word *nf_words_cover(
	const struct nf_words *words, const char *rota, int64_t at_wall_us);
