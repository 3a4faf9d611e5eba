// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "conf/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What can be read has a next and a last start on the right side of now, or neither. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t at = INT64_C(1301187600000000); /* in the spring night of 2011 */
	char *text = nf_xstrndup((const char *)data, size), why[NF_ERROR_TEXT_MAX];
	struct nf_window w;
	int64_t next, last;

	if (nf_window_parse(text, &w, why) == NF_OK) {
		if (nf_window_next(&w, "Europe/Stockholm", at, &next) == NF_OK &&
			(next <= at || nf_window_end(&w, "Europe/Stockholm", next) < next))
			abort();
		if (nf_window_last(&w, "Europe/Stockholm", at, &last) == NF_OK && last > at)
			abort();
	}
	free(text);
	return 0;
}
