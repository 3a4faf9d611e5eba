// SPDX-License-Identifier: GPL-3.0-or-later
/* known_hosts: which key belongs to which server, strictly.
 * Shape:   pure: parsed once from the file's bytes, asked with the names of a server and the key it
 *          shows. Lines as OpenSSH has them: plain names, comma lists, * ? patterns, !negation, |1|
 *          hashes, [host]:port, @revoked, @cert-authority.
 * Trust:   fail closed. A key is accepted only when the very key stands in a line for one of the names;
 *          any other key known for them, of whatever kind, means changed. A revoked key is refused for
 *          whatever names its line has, before anything else. Host certificates are beyond libssh2: a
 *          server known by a @cert-authority line only is refused, with that reason.
 * Errors:  a bad line is never dropped silently: it is a mistake with its number and why.
 * Memory:  free takes; results borrow.
 * Source:  sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nf_known_hosts;

enum nf_known_verdict {
	NF_KNOWN_MATCH,
	NF_KNOWN_UNKNOWN,   /* no line for these names */
	NF_KNOWN_CHANGED,   /* lines for these names, and none has this key */
	NF_KNOWN_REVOKED,   /* this very key is @revoked */
	NF_KNOWN_AUTHORITY, /* only a @cert-authority line for these names */
};

struct nf_known_result {
	enum nf_known_verdict verdict;
	uint32_t line;	   /* of the line that decided; 0: none did */
	char known[512];   /* CHANGED: "ssh-ed25519 SHA256:…, …", cut */
	char offered[128]; /* "ssh-rsa SHA256:…" */
};

/* file: for messages; copied. Never fails: what cannot be read is a mistake. */
struct nf_known_hosts *nf_known_hosts_parse(const char *file, const char *text, size_t len);
void nf_known_hosts_free(struct nf_known_hosts *hosts); /* takes; NULL is fine */

/* Names under which a server stands in the file: as they are for port 22, "[name]:port" and, where no
 * line has that, the bare name for others, as ssh does. Case does not matter. */
void nf_known_hosts_check(const struct nf_known_hosts *hosts, const char *const *names,
	size_t names_len, uint16_t port, const uint8_t *key, size_t key_len,
	struct nf_known_result *result);
/* The kinds of key known for these names, "ssh-ed25519,ssh-rsa", so that the server is asked for one of
 * them first; nothing is added where none is known. */
void nf_known_hosts_types(const struct nf_known_hosts *hosts, const char *const *names,
	size_t names_len, uint16_t port, struct nf_strbuf *types);

/* "file:line: why", in the file's order. */
size_t nf_known_hosts_mistakes(
	const struct nf_known_hosts *hosts, const char *const **mistakes);

/* "ssh-ed25519 SHA256:…" of a key's blob; "a broken key" where it is none. Returns buf. */
char *nf_fingerprint(const uint8_t *key, size_t len, char *buf, size_t size);
