// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "conf/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct nf_strbuf out = {0};

	nf_encoding_from_windows_1252(bytes, size, &out);
	if (nf_encoding_is_utf16(bytes, size))
		nf_encoding_from_utf16(bytes, size, &out);
	if (out.len > 0 && !nf_utf8_valid(out.data, out.len))
		abort();
	nf_strbuf_free(&out);
	return 0;
}
