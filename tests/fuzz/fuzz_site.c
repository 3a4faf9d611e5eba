// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "conf/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text is a site or has mistakes, and every mistake can be printed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_site *site = NULL;
	enum nf_err err =
		nf_site_parse("/nowhere/site.yaml", (const char *)data, size, diags, &site);

	if ((err == NF_OK) != (nf_diags_errors(diags) == 0) || (err == NF_OK) != (site != NULL))
		abort();
	for (size_t i = 0; i < nf_diags_len(diags); i++) {
		const char *message = nf_diags_at(diags, i)->message;

		if (!nf_utf8_valid(message, strlen(message)) || strchr(message, '\n'))
			abort();
	}
	nf_site_free(site);
	nf_diags_free(diags);
	return 0;
}
