// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_result: what `netfold cutover verify` found of all members of a wave.
 * Shape:   {"wave","network","verified_at","snapshot_at","notes":[{"text","at"}],"devices":[{"device","side"
 *          (nf_wave_side),"differences":[…],"open","explained","callers_before":[{"from","how","at"}]}],"open",
 *          "explained","roll_back":{"come_back":[…],"stayed":[…],"both_sides":[…],"not_come_back":[…],"neither":[…]}}.
 *          notes: what makes the comparison worth less, texts of the catalogue. come_back: what was seen on
 *          the new network and answers on the old one only; stayed: what never went; not_come_back: what
 *          would have to be carried back.
 * Accepted: a person may explain a difference, "DEVICE/ASPECT=REASON" or "DEVICE/ASPECT ITEM=REASON"; it is
 *          kept with the wave, in English, and the difference is explained as long as it is the same aspect.
 *          It may be called as it is shown, too: "tjänst 22 (ssh)".
 * Memory:  members are borrowed; what is returned is the caller's.
 */
#pragma once

#include "base/strbuf.h"
#include "checks/cutover/wave_members.h"

#include <jansson.h>

json_t *nf_wave_judge(
	const struct nf_wave_members *members, const struct nf_wave *wave, int64_t now_wall_us);

bool nf_wave_is_acceptance(const char *text);
/* The difference that this text accepts, its aspect and its item in English or as they are shown:
 * "DEVICE/ASPECT ITEM" in English. NULL: there is none. Caller frees. */
char *nf_wave_named(const json_t *result, const char *text);
/* NF_EINVAL, it is no acceptance; NF_ENOENT, what it accepts is not there. */
enum nf_err nf_wave_accept(
	struct nf_store *store, const char *wave, const json_t *result, const char *text);
/* Explains what was accepted, and counts again. */
enum nf_err nf_wave_apply_accepted(struct nf_store *store, const char *wave, json_t *result);

/* For people, lines ended by LF, in the language of base/i18n.h; texts of devices escaped. What is open comes
 * first. The parts, then all of it. */
void nf_wave_notes_text(const json_t *result, struct nf_strbuf *out);
void nf_wave_differences_text(const json_t *result, struct nf_strbuf *out);
void nf_wave_roll_back_text(const json_t *result, struct nf_strbuf *out);
void nf_wave_result_text(const json_t *result, struct nf_strbuf *out);
/* The item of a difference ("22 (ssh)") and one of its two values ("1000 Mbit/s"), unescaped. */
void nf_wave_item_words(const json_t *difference, struct nf_strbuf *out);
void nf_wave_item_shown(const json_t *difference, struct nf_strbuf *out); /* escaped */
void nf_wave_value_words(const json_t *difference, const json_t *value, struct nf_strbuf *out);
/* "answers at both addresses", of nf_wave_side. */
const char *nf_wave_side_words(const char *side);
