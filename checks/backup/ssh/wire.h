// SPDX-License-Identifier: GPL-3.0-or-later
/* wire: what the program and its SSH helpers tell each other, over one SOCK_SEQPACKET pair each.
 * Shape:   a message is type u8, session u32, then the type's fields in order; numbers big-endian,
 *          bytes as u32 length and content, texts as bytes that end with their only NUL. At most
 *          NF_WIRE_MAX bytes; longer things are sent in pieces.
 * Trust:   a worker talks to hostile servers, so what it says is decoded as hostile: through a cursor,
 *          with every length, text and enum checked.
 * Memory:  decoded texts and bytes are borrowed from the message.
 */
#pragma once

#include "base/cursor.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "checks/backup/ssh/remote.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define NF_WIRE_MAX   49152u
#define NF_WIRE_PIECE 32768u /* of bytes in one BYTES message */

enum nf_wire_type {
	/* to a worker */
	NF_WIRE_OPEN = 1,  /* login; the connected socket comes with it */
	NF_WIRE_TRUST,	   /* public keys to log in with, each as bytes */
	NF_WIRE_SIGNATURE, /* bytes; none: refused, then a text why */
	NF_WIRE_ASK,	   /* the question */
	NF_WIRE_SHUT,	   /* end the session, without a word */
	NF_WIRE_PING,
	/* from a worker */
	NF_WIRE_HOST_KEY, /* bytes: the key's blob */
	NF_WIRE_SIGN,	  /* u32 which key, bytes to be signed */
	NF_WIRE_READY,	  /* logged in */
	NF_WIRE_FAILED,	  /* u8 cause, text why; the session is gone */
	NF_WIRE_ENTRIES,  /* LIST: entries until the message's end */
	NF_WIRE_BYTES,	  /* u8 stream (0 bytes, 1 errors), bytes */
	NF_WIRE_PROGRESS, /* u64 bytes, u64 size */
	NF_WIRE_ANSWER,	  /* the numbers and texts of an answer */
	NF_WIRE_PONG,
	/* to the signer: session is the ssh's index; from it KEYS, SIGNATURE */
	NF_WIRE_KEY,	 /* user, key file, passphrase file, u8 agent, agent's socket */
	NF_WIRE_KEYS,	 /* text: "" or why there is none; then blobs as bytes */
	NF_WIRE_SIGN_AS, /* u32 ticket, u32 which key, bytes to be signed */
	NF_WIRE_SIGNED,	 /* u32 ticket, bytes; none: refused, then a text why */
};

/* What a worker is told of a connection. */
struct nf_wire_login {
	const char *user;
	const char *known_types; /* "ssh-ed25519,…": host key kinds that are known; "" none */
	int64_t handshake_us, auth_us, sftp_us;
	uint32_t preauth_bytes;
};

void nf_wire_start(struct nf_strbuf *b, enum nf_wire_type type, uint32_t session);
void nf_wire_u8(struct nf_strbuf *b, uint8_t v);
void nf_wire_u32(struct nf_strbuf *b, uint32_t v);
void nf_wire_u64(struct nf_strbuf *b, uint64_t v);
void nf_wire_i64(struct nf_strbuf *b, int64_t v);
void nf_wire_bytes(struct nf_strbuf *b, const void *bytes, size_t len);
void nf_wire_text(struct nf_strbuf *b, const char *text);
void nf_wire_login(struct nf_strbuf *b, const struct nf_wire_login *login);
void nf_wire_ask(struct nf_strbuf *b, const struct nf_remote_ask *ask);
void nf_wire_entry(struct nf_strbuf *b, const struct nf_remote_entry *entry);
/* Without entries, bytes, errors and keys: they have messages of their own. */
void nf_wire_answer(struct nf_strbuf *b, const struct nf_remote_answer *answer);

/* False where the message has no head. */
bool nf_wire_get(struct nf_cursor *c, enum nf_wire_type *type, uint32_t *session);
int64_t nf_wire_get_i64(struct nf_cursor *c);
const uint8_t *nf_wire_get_bytes(struct nf_cursor *c, size_t *len); /* NULL: failed, or none */
const char *nf_wire_get_text(struct nf_cursor *c);		    /* never NULL */
void nf_wire_get_login(struct nf_cursor *c, struct nf_wire_login *login);
/* argv[] has room for argv_max pointers, the last is NULL. */
void nf_wire_get_ask(
	struct nf_cursor *c, struct nf_remote_ask *ask, const char **argv, size_t argv_max);
void nf_wire_get_entry(struct nf_cursor *c, struct nf_remote_entry *entry);
void nf_wire_get_answer(struct nf_cursor *c, struct nf_remote_answer *answer);

/* NF_EBUSY: the socket is full; NF_ECLOSED. passed: a descriptor to go along, or -1; stays ours. */
enum nf_err nf_wire_send(int socket, const void *bytes, size_t len, int passed);
/* The length; 0: the other side is gone; -1: nothing there now. *passed: -1 or a descriptor, given. */
ssize_t nf_wire_receive(int socket, uint8_t *buf, size_t size, int *passed);
