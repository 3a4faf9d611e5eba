// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/kexinit.h"

#include <string.h>

#include "base/cursor.h"

#define SSH_MSG_KEXINIT 20
#define COOKIE		16u

static void copy_printable(char *to, size_t size, const uint8_t *from, size_t len)
{
	size_t n = len < size - 1 ? len : size - 1;
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] > 0x20 && from[i] < 0x7f ? (char)from[i] : '?';
	to[n] = '\0';
	char *comma = n < len ? strrchr(to, ',') : NULL;
	if (comma)
		*comma = '\0';
}

/* Skips the lines before the banner and the banner. */
static bool read_banner(struct nf_cursor *c, struct nf_offer *offer)
{
	for (;;) {
		size_t left = nf_cursor_left(c);
		const uint8_t *end = left ? memchr(c->at, '\n', left) : NULL;
		if (!end)
			return false;
		size_t len = (size_t)(end - c->at);
		const uint8_t *line = nf_cursor_bytes(c, len + 1);
		if (len < 4 || memcmp(line, "SSH-", 4) != 0)
			continue;
		if (line[len - 1] == '\r')
			len--;
		copy_printable(offer->banner, sizeof offer->banner, line, len);
		return true;
	}
}

bool nf_kexinit_read(const uint8_t *bytes, size_t len, struct nf_offer *offer)
{
	*offer = (struct nf_offer){0};
	struct nf_cursor c = nf_cursor_of(bytes, len);
	if (!read_banner(&c, offer))
		return false;
	uint32_t packet = nf_cursor_be32(&c);
	struct nf_cursor p = nf_cursor_sub(&c, packet);
	nf_cursor_skip(&p, 1);
	if (nf_cursor_u8(&p) != SSH_MSG_KEXINIT)
		return false;
	nf_cursor_skip(&p, COOKIE);
	for (unsigned i = 0; i < NF_OFFERS; i++) {
		uint32_t list_len = nf_cursor_be32(&p);
		const uint8_t *list = nf_cursor_bytes(&p, list_len);
		if (list)
			copy_printable(offer->lists[i], NF_OFFER_MAX, list, list_len);
	}
	return !c.failed && !p.failed;
}

static bool has(const char *list, const char *name, size_t len)
{
	for (const char *at = list; *at;) {
		size_t n = strcspn(at, ",");
		if (n == len && memcmp(at, name, len) == 0)
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

static bool meet(const char *theirs, const char *ours)
{
	for (const char *at = ours; *at;) {
		size_t n = strcspn(at, ",");
		if (n && has(theirs, at, n))
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

enum nf_offer_kind nf_kexinit_missing(
	const struct nf_offer *theirs, const char *const ours[NF_OFFERS])
{
	for (unsigned i = 0; i < NF_OFFERS; i++)
		if (!meet(theirs->lists[i], ours[i]))
			return (enum nf_offer_kind)i;
	return NF_OFFERS;
}

const char *nf_offer_name(enum nf_offer_kind kind)
{
	static const char *const names[] = {
		"key exchange", "host key", "cipher", "cipher", "MAC", "MAC", "algorithm"};
	return names[kind];
}

const char *nf_offer_remedy(enum nf_offer_kind kind)
{
	static const char *const remedies[] = {
		"add curve25519-sha256 to KexAlgorithms in the server's sshd_config",
		"give the server an Ed25519 or ECDSA host key (ssh-keygen -A) and list it in "
		"HostKey and HostKeyAlgorithms",
		"add aes256-ctr to Ciphers in the server's sshd_config",
		"add aes256-ctr to Ciphers in the server's sshd_config",
		"add hmac-sha2-256 to MACs in the server's sshd_config, or build netfold with "
		"libssh2 1.11 or later, which speaks the -etm ones",
		"add hmac-sha2-256 to MACs in the server's sshd_config, or build netfold with "
		"libssh2 1.11 or later, which speaks the -etm ones",
		"compare the offers",
	};
	return remedies[kind];
}
