// SPDX-License-Identifier: GPL-3.0-or-later
/* grammar: whether a text is a name of some sort. Strict, so that a name can be put into a mail header,
 * a file name, an argument of a program or a page without surprise.
 * Shape:   pure; texts are NUL-terminated UTF-8.
 */
#pragma once

#include <stdbool.h>

/* No control characters, no line separators, no bidirectional controls. */
bool nf_is_plain_text(const char *text);
/* 1 to 64 of A-Z a-z 0-9 _ . -, beginning with a letter or digit. */
bool nf_is_id(const char *text);
/* 1 to 128 bytes of plain text; no blank at either end, no - in front. */
bool nf_is_device_name(const char *text);
/* As Linux has them: 1 to 15 visible ASCII characters, no / and no :, not . or .. */
bool nf_is_interface(const char *text);
/* local@domain: RFC 5321's Dot-string and Domain in ASCII, nothing else; at most 254 bytes. */
bool nf_is_mail(const char *text);
/* A DNS name in ASCII. */
bool nf_is_host(const char *text);
/* smtp://HOST[:PORT] or smtps://HOST[:PORT]; HOST is a name, an IPv4 or a bracketed IPv6 address. */
bool nf_is_mail_server(const char *text);
/* Absolute, plain text. */
bool nf_is_remote_path(const char *text);
/* pool/dataset of ZFS. */
bool nf_is_dataset(const char *text);
