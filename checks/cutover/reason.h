// SPDX-License-Identifier: GPL-3.0-or-later
/* reason: one thing that speaks for or against a device's stage: kept as data, said when somebody reads.
 * Shape:   an item of "for" and "against" (checks/cutover/reasons.h) is {"at","source"} and {"reason" (which
 *          sentence),"identity" ("mac"),"value","doubt" ("local", "rival", "name", "shared", "foreign", "mixed"),
 *          "whose","place","address","by","about","covered_s","needed_s"}; absent is what the sentence does
 *          not name. All sentences stand in reason_words.c, and nowhere else.
 * Safety:  arguments come from the network. They are put into sentences of ours and are never a format;
 *          they are raw in the words, too: whoever shows these escapes them.
 * Errors:  an item of an older netfold has "text", an English sentence, instead, and is said as that; one
 *          of a newer, or a damaged one, not at all.
 * Memory:  borrows all texts; a decoded reason borrows from its item.
 */
#pragma once

#include "base/json.h"

#include <jansson.h>

enum nf_reason_kind {
	NF_REASON_SEEN,		/* identity, value, doubt, place, address, by */
	NF_REASON_ANSWERS,	/* address */
	NF_REASON_ANSWERS_ONLY, /* address; it proves no identity */
	NF_REASON_QUIET,	/* about (network), covered, needed */
	NF_REASON_BLIND,	/* about (network) */
	NF_REASON_EXEMPT,	/* about (a person's words) */
	NF_REASON_CHECKS_OK,
	NF_REASON_CHECKS_UNKNOWN,
	NF_REASON_CHECK_BAD, /* about (check) */
	NF_REASON_BACKUP,
	NF_REASON_NO_BACKUP,
	NF_REASON_BACKUP_AIMED, /* about (job) */
	NF_REASON_DOUBTED,	/* identity, value, doubt */
	NF_REASON_UNKNOWABLE,
	NF_REASON_USURPED, /* about (MAC) */
	NF_REASON_SILENT,
	NF_REASON_NOT_ARRIVED,
	NF_REASON_NO_MONTH_END,
	NF_REASON_CALLED, /* about (caller) */
	NF_REASON_LEASE,
	NF_REASON_LOST,
	NF_REASON_NOTHING,
	NF_REASON_SAID, /* about (a person's words), alone */
};
#define NF_REASON_KINDS 23

/* Why an identity is weak. */
enum nf_doubt {
	NF_DOUBT_NONE,
	NF_DOUBT_LOCAL,	  /* a locally administered MAC */
	NF_DOUBT_RIVAL,	  /* another machine held the address at the same time */
	NF_DOUBT_NAME,	  /* a name */
	NF_DOUBT_SHARED,  /* whose: another device has it, too */
	NF_DOUBT_FOREIGN, /* whose: it is that device's */
	NF_DOUBT_MIXED,	  /* seen at a switch that is in both networks */
};
#define NF_DOUBTS 7

/* Texts: NULL where the sentence does not name them. */
struct nf_reason {
	enum nf_reason_kind kind;
	const char *identity, *value;
	enum nf_doubt doubt;
	const char *whose;
	const char *place, *address, *by;
	const char *about;
	int64_t covered_us, needed_us;
};

const char *nf_reason_kind_text(enum nf_reason_kind kind); /* "seen" */
const char *nf_doubt_text(enum nf_doubt doubt);		   /* "local"; "" of none */

/* Whether it is an observation: something was seen, or answered. */
bool nf_reason_is_seen(const struct nf_reason *reason);
/* An order among reasons; 0: they say the same. */
int nf_reason_compare(const struct nf_reason *a, const struct nf_reason *b);
/* Appends the sentence of a whole reason, in English or in the language of base/i18n.h. */
void nf_reason_english(const struct nf_reason *reason, struct nf_strbuf *out);
void nf_reason_words(const struct nf_reason *reason, struct nf_strbuf *out);
/* Whether nothing that the sentence names is missing. */
bool nf_reason_is_whole(const struct nf_reason *reason);

/* Puts its members into an open object. */
void nf_reason_encode(const struct nf_reason *reason, struct nf_json *j);
/* False: this netfold has no sentence for it. */
bool nf_reason_decode(const json_t *item, struct nf_reason *out);
/* Appends what an item says, in the language of base/i18n.h or in English. */
void nf_reason_item_words(const json_t *item, struct nf_strbuf *out);
void nf_reason_item_english(const json_t *item, struct nf_strbuf *out);
