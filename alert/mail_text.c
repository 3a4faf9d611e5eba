// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_letter.h"

static void write_rows(
	struct nf_strbuf *out, const struct nf_letter_block *b, const char *indent)
{
	for (size_t i = 0; i < b->rows_len; i++) {
		const struct nf_letter_row *r = &b->rows[i];
		if (*r->label != '\0')
			nf_strbuf_printf(out, "%s%s: %s\n", indent, r->label, r->value);
		else
			nf_strbuf_printf(out, "%s%s\n", indent, r->value);
	}
}

void nf_letter_text(const struct nf_letter *letter, struct nf_strbuf *out)
{
	nf_strbuf_printf(out, "%s\n", letter->lead);
	if (letter->facts.rows_len > 0)
		nf_strbuf_putc(out, '\n');
	write_rows(out, &letter->facts, "");
	for (size_t i = 0; i < letter->blocks_len; i++) {
		const struct nf_letter_block *b = &letter->blocks[i];
		if (*b->badge != '\0')
			nf_strbuf_printf(out, "\n[%s] %s\n", b->badge, b->head);
		else
			nf_strbuf_printf(out, "\n%s\n", b->head);
		write_rows(out, b, "  ");
	}
	if (*letter->more != '\0')
		nf_strbuf_printf(out, "\n%s\n", letter->more);
	/* What mail programs take for a signature (RFC 3676 4.3). */
	nf_strbuf_printf(out, "\n-- \n%s\n", letter->foot);
}
