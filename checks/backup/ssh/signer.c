// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/signer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <sodium.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "checks/backup/ssh/agent.h"
#include "checks/backup/ssh/key_file.h"
#include "checks/backup/ssh/sandbox.h"
#include "checks/backup/ssh/wire.h"

#define KEYS_MAX   256u
#define MEMORY_MAX (256u << 20)

struct identity {
	char *user;
	struct nf_private_key *key; /* or */
	int agent;		    /* -1: none */
	struct nf_agent_key agent_keys[NF_AGENT_KEYS];
	size_t agent_len;
};

struct signer {
	int socket;
	bool sealed;
	struct identity *identities[KEYS_MAX];
	struct nf_strbuf out;
};

static void answer(struct signer *s)
{
	struct pollfd wait = {.fd = s->socket, .events = POLLOUT};
	while (nf_wire_send(s->socket, s->out.data, s->out.len, -1) == NF_EBUSY)
		poll(&wait, 1, -1);
}

static enum nf_err read_key(struct identity *id, const char *key_file,
	const char *passphrase_file, struct nf_error *err)
{
	char *text = NULL, *passphrase = NULL;
	size_t len = 0, passphrase_len = 0;
	enum nf_err rc = nf_file_read_secret(key_file, &text, &len, err);
	if (rc == NF_OK && *passphrase_file)
		rc = nf_file_read_secret(passphrase_file, &passphrase, &passphrase_len, err);
	if (rc == NF_OK) {
		struct nf_error why = {0};
		rc = nf_private_key_read(text, len, passphrase, &id->key, &why);
		if (rc != NF_OK)
			nf_error_set(err, rc, "%.200s: %.200s", key_file, why.text);
	}
	if (text)
		sodium_memzero(text, len);
	if (passphrase)
		sodium_memzero(passphrase, passphrase_len);
	free(text);
	free(passphrase);
	return rc;
}

static void put_keys(struct signer *s, const struct identity *id)
{
	for (size_t i = 0; i < id->agent_len; i++)
		nf_wire_bytes(&s->out, id->agent_keys[i].blob, id->agent_keys[i].len);
	if (id->key) {
		size_t len;
		const uint8_t *blob = nf_private_key_blob(id->key, &len);
		nf_wire_bytes(&s->out, blob, len);
	}
}

static void take_key(struct signer *s, uint32_t index, struct nf_cursor *c)
{
	const char *user = nf_wire_get_text(c), *key_file = nf_wire_get_text(c),
		   *passphrase_file = nf_wire_get_text(c);
	bool agent = nf_cursor_u8(c);
	const char *agent_socket = nf_wire_get_text(c);
	if (c->failed || s->sealed || index >= KEYS_MAX || s->identities[index])
		return;
	struct identity *id = nf_xcalloc(1, sizeof *id);
	struct nf_error err = {0};
	id->user = nf_xstrdup(user);
	id->agent = -1;
	s->identities[index] = id;
	enum nf_err rc;
	if (agent) {
		rc = nf_agent_connect(agent_socket, &id->agent, &err);
		if (rc == NF_OK)
			rc = nf_agent_keys(id->agent, id->agent_keys, &id->agent_len, &err);
	} else
		rc = read_key(id, key_file, passphrase_file, &err);
	nf_wire_start(&s->out, NF_WIRE_KEYS, index);
	nf_wire_text(&s->out, rc == NF_OK ? "" : err.text);
	put_keys(s, id);
	answer(s);
}

static enum nf_err sign(const struct identity *id, uint32_t which, const uint8_t *data,
	size_t len, struct nf_strbuf *signature)
{
	enum nf_sign_with with;
	if (id->agent >= 0) {
		if (which >= id->agent_len ||
			!nf_sign_request_ok(data, len, id->user, id->agent_keys[which].blob,
				id->agent_keys[which].len, &with))
			return NF_EINVAL;
		return nf_agent_sign(
			id->agent, &id->agent_keys[which], with, data, len, signature);
	}
	size_t blob_len;
	if (!id->key || which != 0)
		return NF_EINVAL;
	const uint8_t *blob = nf_private_key_blob(id->key, &blob_len);
	if (!nf_sign_request_ok(data, len, id->user, blob, blob_len, &with))
		return NF_EINVAL;
	return nf_private_key_sign(id->key, with, data, len, signature);
}

static void take_sign(struct signer *s, uint32_t index, struct nf_cursor *c)
{
	uint32_t ticket = nf_cursor_be32(c), which = nf_cursor_be32(c);
	size_t len;
	const uint8_t *data = nf_wire_get_bytes(c, &len);
	struct nf_strbuf signature = {0};
	const char *why = "";
	if (!s->sealed || c->failed || !data || index >= KEYS_MAX || !s->identities[index])
		why = "the signer has no such key";
	else
		switch (sign(s->identities[index], which, data, len, &signature)) {
		case NF_OK:
			break;
		case NF_EINVAL:
			why = "the signer refuses: this is not a login of its user with its key";
			break;
		default:
			why = "the SSH agent does not sign";
			break;
		}
	nf_wire_start(&s->out, NF_WIRE_SIGNED, index);
	nf_wire_u32(&s->out, ticket);
	nf_wire_bytes(&s->out, signature.data, *why ? 0 : signature.len);
	nf_wire_text(&s->out, why);
	answer(s);
	nf_strbuf_free(&signature);
}

/* PING comes behind the last key: from then on nothing can be opened. */
static bool seal(struct signer *s)
{
	struct nf_error err;
	if (!s->sealed && nf_sandbox_enter(NF_SANDBOX_MEMORY(MEMORY_MAX), &err) != NF_OK) {
		fprintf(stderr, "netfold signer: %s\n", err.text);
		return false;
	}
	s->sealed = true;
	nf_wire_start(&s->out, NF_WIRE_PONG, 0);
	answer(s);
	return true;
}

static bool take(struct signer *s, const uint8_t *bytes, size_t len)
{
	struct nf_cursor c = nf_cursor_of(bytes, len);
	enum nf_wire_type type;
	uint32_t index;
	if (!nf_wire_get(&c, &type, &index))
		return false;
	if (type == NF_WIRE_KEY)
		take_key(s, index, &c);
	else if (type == NF_WIRE_SIGN_AS)
		take_sign(s, index, &c);
	else if (type == NF_WIRE_PING)
		return seal(s);
	return true;
}

int nf_signer_run(int socket)
{
	struct signer s = {.socket = socket};
	uint8_t *buf = nf_xmalloc(NF_WIRE_MAX);
	if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1 || sodium_init() < 0)
		return 3;
	struct pollfd wait = {.fd = socket, .events = POLLIN};
	for (;;) {
		int passed;
		ssize_t n = nf_wire_receive(socket, buf, NF_WIRE_MAX, &passed);
		if (passed >= 0)
			close(passed);
		if (n == 0 || (n > 0 && !take(&s, buf, (size_t)n)))
			return n == 0 ? 0 : 3;
		if (n < 0)
			poll(&wait, 1, -1);
	}
}
