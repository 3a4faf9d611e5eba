// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/banner.h"

#include <string.h>

#include "base/log.h"

void nf_banner_show(struct nf_banner *banner, struct nf_output *out, bool failed)
{
	static const struct {
		const char *file, *text;
	} sheets[] = {
		{"assets/good.css",   "/* The last run was good. */\n"},
		{"assets/failed.css", "#failed { display: block; }\n" },
	};
	struct nf_error err = {0};
	enum nf_err rc = NF_OK;
	if (banner->there && banner->failed == failed)
		return;
	for (size_t i = 0; i < 2 && rc == NF_OK && !banner->there; i++)
		rc = nf_output_put(
			out, sheets[i].file, sheets[i].text, strlen(sheets[i].text), &err);
	/* What a run before this one left serves as well. */
	rc = nf_output_link(out, sheets[failed].file, "fresh.css", &err);
	if (rc != NF_OK)
		nf_log_limited("publish-banner", NF_LOG_ERROR, "publish", "%s", err.text);
	*banner = (struct nf_banner){rc == NF_OK, failed};
}
