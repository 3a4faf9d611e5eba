// SPDX-License-Identifier: GPL-3.0-or-later
/* encoding: what spreadsheets save, as UTF-8: UTF-16 (Excel's "Unicode text"), and Windows-1252 (Excel's plain CSV in
 *           western Europe), which is ISO 8859-1 with letters where that has control characters.
 * Shape:   pure; every input gives valid UTF-8: what stands for no character becomes U+FFFD. The output has as
 *          many characters as the input, so that a message's column is the spreadsheet's.
 * Why own: iconv reads its tables from files when it is asked, which a program in its sandbox may not.
 * Source:  RFC 2781; Unicode's mapping table CP1252.TXT.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether it begins with UTF-16's byte order mark. */
bool nf_encoding_is_utf16(const char *bytes, size_t len);
/* Of such a text; the mark is left out. Appends. */
void nf_encoding_from_utf16(const char *bytes, size_t len, struct nf_strbuf *out);
void nf_encoding_from_windows_1252(const char *bytes, size_t len, struct nf_strbuf *out);
