// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/reason.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/put.h"

static const char *const kinds[NF_REASON_KINDS] = {
	[NF_REASON_SEEN] = "seen",
	[NF_REASON_ANSWERS] = "answers",
	[NF_REASON_ANSWERS_ONLY] = "answers_only",
	[NF_REASON_QUIET] = "quiet",
	[NF_REASON_BLIND] = "blind",
	[NF_REASON_EXEMPT] = "exempt",
	[NF_REASON_CHECKS_OK] = "checks_ok",
	[NF_REASON_CHECKS_UNKNOWN] = "checks_unknown",
	[NF_REASON_CHECK_BAD] = "check_bad",
	[NF_REASON_BACKUP] = "backup",
	[NF_REASON_NO_BACKUP] = "no_backup",
	[NF_REASON_BACKUP_AIMED] = "backup_aimed",
	[NF_REASON_DOUBTED] = "doubted",
	[NF_REASON_UNKNOWABLE] = "unknowable",
	[NF_REASON_USURPED] = "usurped",
	[NF_REASON_SILENT] = "silent",
	[NF_REASON_NOT_ARRIVED] = "not_arrived",
	[NF_REASON_NO_MONTH_END] = "no_month_end",
	[NF_REASON_CALLED] = "called",
	[NF_REASON_LEASE] = "lease",
	[NF_REASON_LOST] = "lost",
	[NF_REASON_NOTHING] = "nothing",
	[NF_REASON_SAID] = "said",
};

static const char *const doubts[NF_DOUBTS] = {
	[NF_DOUBT_NONE] = "",
	[NF_DOUBT_LOCAL] = "local",
	[NF_DOUBT_RIVAL] = "rival",
	[NF_DOUBT_NAME] = "name",
	[NF_DOUBT_SHARED] = "shared",
	[NF_DOUBT_FOREIGN] = "foreign",
	[NF_DOUBT_MIXED] = "mixed",
};

static const struct {
	const char *key;
	size_t offset;
} texts[] = {
	{"identity", offsetof(struct nf_reason, identity)},
	{"value",	  offsetof(struct nf_reason, value)   },
	{"whose",	  offsetof(struct nf_reason, whose)   },
	{"place",	  offsetof(struct nf_reason, place)   },
	{"address",  offsetof(struct nf_reason, address) },
	{"by",       offsetof(struct nf_reason, by)	     },
	{"about",	  offsetof(struct nf_reason, about)   },
};

#define TEXTS (sizeof texts / sizeof *texts)

const char *nf_reason_kind_text(enum nf_reason_kind kind)
{
	return kinds[kind];
}

const char *nf_doubt_text(enum nf_doubt doubt)
{
	return doubts[doubt];
}

static const char *text_of(const struct nf_reason *r, size_t i)
{
	const char *text;
	memcpy(&text, (const char *)r + texts[i].offset, sizeof text);
	return text != NULL ? text : "";
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

bool nf_reason_is_seen(const struct nf_reason *reason)
{
	return reason->kind == NF_REASON_SEEN || reason->kind == NF_REASON_ANSWERS ||
	       reason->kind == NF_REASON_ANSWERS_ONLY;
}

int nf_reason_compare(const struct nf_reason *a, const struct nf_reason *b)
{
	int order = compare(a->kind, b->kind);
	for (size_t i = 0; order == 0 && i < TEXTS; i++)
		order = strcmp(text_of(a, i), text_of(b, i));
	if (order == 0)
		order = compare(a->doubt, b->doubt);
	if (order == 0)
		order = compare(a->covered_us, b->covered_us);
	return order != 0 ? order : compare(a->needed_us, b->needed_us);
}

void nf_reason_encode(const struct nf_reason *r, struct nf_json *j)
{
	nf_put_text(j, "reason", kinds[r->kind]);
	for (size_t i = 0; i < TEXTS; i++)
		if (*text_of(r, i) != '\0')
			nf_put_text(j, texts[i].key, text_of(r, i));
	if (r->doubt != NF_DOUBT_NONE)
		nf_put_text(j, "doubt", doubts[r->doubt]);
	if (r->kind == NF_REASON_QUIET) {
		nf_put_i64(j, "covered_s", r->covered_us / NF_US_PER_S);
		nf_put_i64(j, "needed_s", r->needed_us / NF_US_PER_S);
	}
}

/* Where the item's word stands in the table; len: nowhere. */
static size_t find(const json_t *item, const char *key, const char *const *words, size_t len)
{
	const char *word = json_string_value(json_object_get(item, key));
	size_t i = word != NULL ? 0 : len;
	while (i < len && strcmp(words[i], word) != 0)
		i++;
	return i;
}

static int64_t seconds(const json_t *item, const char *key)
{
	json_int_t s = json_integer_value(json_object_get(item, key));
	return s < 0 || s > INT64_MAX / NF_US_PER_S ? 0 : s * NF_US_PER_S;
}

bool nf_reason_decode(const json_t *item, struct nf_reason *out)
{
	bool is_doubted = json_object_get(item, "doubt") != NULL;
	size_t kind = find(item, "reason", kinds, NF_REASON_KINDS);
	size_t doubt = is_doubted ? find(item, "doubt", doubts, NF_DOUBTS) : NF_DOUBT_NONE;
	if (kind == NF_REASON_KINDS || doubt == NF_DOUBTS)
		return false;
	struct nf_reason got = {.kind = (enum nf_reason_kind)kind,
		.doubt = (enum nf_doubt)doubt,
		.covered_us = seconds(item, "covered_s"),
		.needed_us = seconds(item, "needed_s")};
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = json_string_value(json_object_get(item, texts[i].key));
		memcpy((char *)&got + texts[i].offset, &text, sizeof text);
	}
	if (!nf_reason_is_whole(&got))
		return false;
	*out = got;
	return true;
}

/* Of an item without a reason. */
static const char *kept_text(const json_t *item)
{
	const char *text = json_string_value(json_object_get(item, "text"));
	return text != NULL ? text : "";
}

void nf_reason_item_words(const json_t *item, struct nf_strbuf *out)
{
	struct nf_reason reason;
	if (nf_reason_decode(item, &reason))
		nf_reason_words(&reason, out);
	else
		nf_strbuf_puts(out, *kept_text(item) != '\0' ? gettext(kept_text(item)) : "");
}

void nf_reason_item_english(const json_t *item, struct nf_strbuf *out)
{
	struct nf_reason reason;
	if (nf_reason_decode(item, &reason))
		nf_reason_english(&reason, out);
	else
		nf_strbuf_puts(out, kept_text(item));
}
