// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/update_text.h"

#include <math.h>
#include <stdio.h>

#define TWO_TO_53 9007199254740992.0

static char *put_u64(char *end, uint64_t n)
{
	do
		*--end = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	return end;
}

static void add_u64(struct nf_strbuf *out, uint64_t n)
{
	char digits[20];
	char *begin = put_u64(digits + sizeof digits, n);
	nf_strbuf_add(out, begin, (size_t)(digits + sizeof digits - begin));
}

/* Whole numbers and whole millionths (round-trip times in seconds) without printf, which costs more than
 * librrd's own work on the value. */
static void add_gauge(struct nf_strbuf *out, double v)
{
	double millionths = v * 1e6;
	if (!isfinite(v)) {
		nf_strbuf_putc(out, 'U');
		return;
	}
	if (fabs(millionths) >= TWO_TO_53 || (millionths = rint(millionths)) / 1e6 != v) {
		nf_strbuf_printf(out, "%.17g", v);
		return;
	}
	if (v < 0)
		nf_strbuf_putc(out, '-');
	uint64_t n = (uint64_t)fabs(millionths);
	add_u64(out, n / 1000000);
	if (n % 1000000 == 0)
		return;
	char digits[20];
	put_u64(digits + sizeof digits, n % 1000000 + 1000000);
	digits[13] = '.';
	nf_strbuf_add(out, digits + 13, 7);
}

void nf_update_text(struct nf_strbuf *out, const struct nf_journal_record *sample,
	const struct nf_shape *shape, const int8_t *order, size_t order_len)
{
	add_u64(out, (uint64_t)sample->sample.wall_s);
	for (size_t i = 0; i < order_len; i++) {
		int at = order[i];
		nf_strbuf_putc(out, ':');
		if (at < 0 || (sample->sample.known >> at & 1) == 0)
			nf_strbuf_putc(out, 'U');
		else if (shape->ds[at].kind == NF_DS_DERIVE)
			add_u64(out, sample->sample.bits[at]);
		else
			add_gauge(out, nf_journal_number(sample->sample.bits[at]));
	}
	nf_strbuf_putc(out, '\0');
}
