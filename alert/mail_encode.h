// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_encode: texts as a mail may hold them.
 * Shape:   all lines end in CRLF and none is longer than 76 bytes, whatever the text holds. CR, LF, NUL
 *          and other control characters of a header's value become blanks: nothing can add a header.
 * Source:  RFC 2045 6.7 (quoted-printable), RFC 2047 (encoded words), RFC 5322 2.2.3 (folding).
 */
#pragma once

#include "base/strbuf.h"

/* "Name: value\r\n", folded at blanks, as encoded words of at most 75 bytes where it is not plain
 * ASCII or a word is too long for a line. At most 900 bytes of the value are kept. */
void nf_mail_header(struct nf_strbuf *out, const char *name, const char *value);
/* "Name: display <address>\r\n"; address is not checked. */
void nf_mail_mailbox(
	struct nf_strbuf *out, const char *name, const char *display, const char *address);
/* Lines of text, ended by LF, as quoted-printable. */
void nf_mail_quoted(struct nf_strbuf *out, const char *text, size_t len);
