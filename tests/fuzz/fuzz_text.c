// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_strbuf safe = {0}, name = {0}, back = {0};
	nf_text_escape(&safe, data, size, 2000);
	if (safe.len > 2000 || !nf_utf8_valid(safe.data, safe.len) ||
		memchr(safe.data, '\n', safe.len))
		abort();
	nf_safename(&name, data, size);
	if (nf_safename_decode(&back, name.data) &&
		(back.len != size || memcmp(back.data, data, size)))
		abort();
	nf_strbuf_free(&safe);
	nf_strbuf_free(&name);
	nf_strbuf_free(&back);
	return 0;
}
