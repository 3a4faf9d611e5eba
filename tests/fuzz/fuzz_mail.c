// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "alert/mail_compose.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a notice says, its mail has strict CRLF, no NUL, and no line over 998 bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *json = nf_xstrndup((const char *)data, size);
	struct nf_notice *notice = NULL;
	struct nf_strbuf mail = {0};
	size_t column = 0;

	if (nf_notice_decode(json, &notice) == NF_OK)
		nf_mail_compose(notice, "netfold@example.se", &mail);
	for (size_t i = 0; i < mail.len; i++) {
		column = mail.data[i] == '\n' ? 0 : column + 1;
		if (mail.data[i] == '\0' || column > 999 ||
			(mail.data[i] == '\n') != (i > 0 && mail.data[i - 1] == '\r'))
			abort();
	}
	nf_strbuf_free(&mail);
	nf_notice_free(notice);
	free(json);
	return 0;
}
