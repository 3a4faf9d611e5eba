// SPDX-License-Identifier: GPL-3.0-or-later
/* quote: one command line for a server's shell, of which nothing is interpreted but the words.
 * Shape:   pure. Every word is in single quotes; a sentinel line tells the exit status even where the
 *          server's own message about it is lost (libssh2 says 0 then).
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Room for the sentinel's word and its NUL. */
#define NF_SENTINEL_MAX 48

/* argv NULL-terminated; sentinel: a word of [a-z0-9-]. For the shells of Unix (sh, bash, zsh, ksh, csh,
 * fish, busybox): `env LC_ALL=C … sh -c '…' sh 'word' …`. NF_EINVAL: no word, or one with a newline,
 * which csh cannot quote. */
enum nf_err nf_quote_command(
	struct nf_strbuf *out, const char *const *argv, const char *sentinel);

/* OpenSSH on Windows, cmd.exe or PowerShell: nothing can be quoted there, so only words of letters,
 * digits and _ . : / \ = - are taken; others are NF_EINVAL. No sentinel. */
enum nf_err nf_quote_windows(struct nf_strbuf *out, const char *const *argv);

/* Finds "sentinel:STATUS" as the output's last line, cuts it off (*len) and gives the status. */
bool nf_quote_status(const char *output, size_t *len, const char *sentinel, int *status);
