// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_compose: a notice as the bytes of a mail: text and HTML, ready for SMTP.
 * Shape:   strict CRLF, no line over 76 bytes but for Message-IDs, dots not doubled (libcurl does that). The same
 *          notice gives the same bytes.
 * Errors:  NF_EINVAL where an address or a Message-ID could break out of its header.
 * Source:  RFC 5322, 2046 (multipart/alternative), 3834 (Auto-Submitted), 2919 (List-Id).
 */
#pragma once

#include "alert/notice.h"
#include "base/strbuf.h"

/* Appends the mail from that address to notice->address; the language is that of base/i18n.h. */
enum nf_err nf_mail_compose(
	const struct nf_notice *notice, const char *from, struct nf_strbuf *mail);

/* Whether text may stand between < and > in a header and after RCPT TO. */
bool nf_mail_is_address(const char *text);
