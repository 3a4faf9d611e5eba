// SPDX-License-Identifier: GPL-3.0-or-later
/* update_text: a sample as rrdupdate(1) takes it: "1297000000:12:U:0.001234".
 * Shape:   values in the file's order; what the sample lacks is U. A gauge comes back bit for bit.
 */
#pragma once

#include "store/journal_format.h"

/* order[i]: the position in the sample of the file's i-th DS, -1 for none. Appends with its NUL. */
void nf_update_text(struct nf_strbuf *out, const struct nf_journal_record *sample,
	const struct nf_shape *shape, const int8_t *order, size_t order_len);
