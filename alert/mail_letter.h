// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_letter: what a notice says to its reader, in words; mail_text and mail_html write it down.
 * Shape:   a lead whose first 80 characters say what, where and since when (a locked phone shows no
 *          more), rows that hold for all of it, and a block for each member or section. All texts are one
 *          line of printable UTF-8 of limited length, in the language of base/i18n.h.
 * Memory:  all in one arena; nf_letter_free.
 */
#pragma once

#include "alert/notice.h"
#include "base/strbuf.h"

struct nf_letter_row {
	const char *label; /* "" for a line that stands alone */
	const char *value;
	const char *link; /* NULL: none; only http:// and https:// */
};

enum nf_letter_tone { NF_TONE_BAD, NF_TONE_WARNING, NF_TONE_UNKNOWN, NF_TONE_GOOD };

struct nf_letter_block {
	const char *badge; /* "critical"; "" none */
	enum nf_letter_tone tone;
	const char *head;
	struct nf_letter_row *rows;
	size_t rows_len, rows_cap;
};

struct nf_letter {
	const char *subject, *lead, *language;
	enum nf_letter_tone tone;
	struct nf_letter_block facts; /* head is not shown */
	struct nf_letter_block *blocks;
	size_t blocks_len;
	const char *more; /* "and 450 more"; "" none */
	const char *foot;
	struct nf_arena *arena;
};

struct nf_letter *nf_letter_write(const struct nf_notice *notice); /* gives */
void nf_letter_free(struct nf_letter *letter);

/* Append the letter as plain text (LF), as a page. */
void nf_letter_text(const struct nf_letter *letter, struct nf_strbuf *out);
void nf_letter_html(const struct nf_letter *letter, struct nf_strbuf *out);
