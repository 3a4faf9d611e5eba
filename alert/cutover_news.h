// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover_news: what the migration team has not heard yet: devices that came back, what a wave left open,
 * what no longer stands against switching a network off, and, once a week, how far it has come.
 * Shape:   (told, moves, results, now) -> notices, and told brought up to date. `told` is JSON that outlives
 *          the program; an empty one means that nobody was told anything: what is so now is then no news.
 *            {"stages":{DEVICE:since_us of those that came back},"waves":{WAVE:mark of what was told last},
 *             "networks":{NETWORK:{"ready","at_us","words_us","blockers":{key:its words}}},"weekly_us"}
 *          Blockers that went are told once a day at most, that a network is ready at once. A talker is the same one
 *          whatever its address; of a list that does not hold all of them nothing is said to be gone.
 *          One look tells NF_MOVE_NEWS_MAX at most; what is left over is told by the next ones.
 * Memory:  notices live in the news' arena (nf_move_news_free); told is changed in place.
 */
#pragma once

#include "alert/notice.h"
#include "checks/cutover/moves.h"

#include <jansson.h>

#define NF_MOVE_NEWS_MAX 8

struct nf_move_news {
	struct nf_arena *arena;
	struct nf_notice items[NF_MOVE_NEWS_MAX];
	size_t len;
};

/* store may be NULL: no results of waves. */
void nf_move_news_find(struct nf_move_news *news, json_t *told, const struct nf_moves *moves,
	struct nf_store *store);
void nf_move_news_free(struct nf_move_news *news);
