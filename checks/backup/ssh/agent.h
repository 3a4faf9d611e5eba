// SPDX-License-Identifier: GPL-3.0-or-later
/* agent: keys and signatures from an SSH agent.
 * Role:    the signer only; waits for the agent, at most 5 s a question.
 * Source:  draft-miller-ssh-agent.
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "checks/backup/ssh/sign_request.h"

#include <stddef.h>
#include <stdint.h>

#define NF_AGENT_KEYS 8u

struct nf_agent_key {
	uint8_t blob[2048];
	size_t len;
};

/* Gives a connected socket. */
enum nf_err nf_agent_connect(const char *socket_path, int *agent, struct nf_error *err);
/* NF_ENOENT: the agent holds none. Longer blobs than fit are left out. */
enum nf_err nf_agent_keys(
	int agent, struct nf_agent_key keys[NF_AGENT_KEYS], size_t *len, struct nf_error *err);
/* Appends the signature's inner bytes, without the algorithm's name. */
enum nf_err nf_agent_sign(int agent, const struct nf_agent_key *key, enum nf_sign_with with,
	const uint8_t *data, size_t len, struct nf_strbuf *signature);
