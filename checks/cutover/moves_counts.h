// SPDX-License-Identifier: GPL-3.0-or-later
/* moves_counts: how far the move has come, in a few numbers, for what says how everything is.
 * Shape:   JSON: "cutover":{"total","by_stage":{…,"unknown"},"networks":[{"id","ready_to_switch_off","blockers",
 *          "computed_at"}]}; null where the site has no old network.
 */
#pragma once

#include "base/json.h"
#include "checks/cutover/moves.h"

/* Puts "total" and "by_stage", which adds up to it, of a network or of all into an open object. */
void nf_moves_put_stages(struct nf_json *j, const struct nf_moves_network *network);
/* Puts the key "cutover" into an open object. moves (struct nf_moves) may be NULL. For nf_status_choice. */
void nf_moves_put_counts(struct nf_json *j, const void *moves);
/* "12 of 40 confirmed, 2 came back, 1 lost; ready to switch off: admin"; nothing without an old network. */
void nf_moves_counts_words(const struct nf_moves *moves, struct nf_strbuf *out);
