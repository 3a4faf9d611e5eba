// SPDX-License-Identifier: GPL-3.0-or-later
/* pool: the parts of a pool and its remotes, between pool.c, remote.c and talk.c only.
 * Shape:   a remote goes OFF → WAITING → CONNECTING → LOGIN → READY and back to OFF; PAUSED before it
 *          tries again. A question is current while its remote is READY and `asked` is set.
 */
#pragma once

#include "base/clock.h"
#include "base/strbuf.h"
#include "checks/backup/ssh/connect.h"
#include "checks/backup/ssh/helper.h"
#include "checks/backup/ssh/known_hosts.h"
#include "checks/backup/ssh/remote.h"
#include "checks/backup/ssh/wire.h"

#define NF_POOL_WORKERS 64u
#define NF_POOL_KEYS	8u

enum nf_remote_state {
	NF_STATE_OFF,
	NF_STATE_WAITING, /* for room under the caps */
	NF_STATE_PAUSED,  /* until due_us, then waiting again */
	NF_STATE_CONNECTING,
	NF_STATE_LOGIN,
	NF_STATE_READY,
};

struct nf_question {
	struct nf_question *next;
	struct nf_remote_ask ask; /* path, argv: ours */
	bool asked;
	unsigned cuts, restarts;
};

struct nf_remote {
	struct nf_remote *next;
	struct nf_remote_pool *pool;
	const struct nf_device *device;
	const struct nf_network *network;
	struct nf_addr address;
	const struct nf_ssh *ssh;
	uint32_t ssh_index;
	unsigned refs;
	unsigned busy; /* done is being called */
	enum nf_remote_state state;
	struct nf_question *first, **last;
	struct nf_connect *connect;
	struct nf_helper *worker;
	uint32_t session;
	int64_t due_us; /* of the state: deadline, end of the pause, end of idleness; 0: none */
	unsigned tries, crashes;

	int64_t failed_until_us; /* until then the same answer: */
	struct nf_remote_answer failure;
	char failure_reason[NF_ERROR_TEXT_MAX];
	char key_offered[128], key_known[512];

	struct nf_strbuf bytes, errors;
	struct nf_remote_entry *entries; /* paths are ours */
	size_t entries_len, entries_cap;
};

struct nf_pool_worker {
	struct nf_helper *helper; /* NULL: none now */
	unsigned sessions;
	int64_t idle_since_us;
	int64_t pinged_us; /* 0: has answered */
};

struct nf_pool_identity { /* of one nf_ssh, by its index in the site */
	struct nf_known_hosts *hosts;
	char *why; /* no key: why */
	uint8_t *keys[NF_POOL_KEYS];
	size_t key_lens[NF_POOL_KEYS];
	size_t keys_len;
};

struct nf_remote_pool {
	uv_loop_t *loop;
	const struct nf_site *site;
	struct nf_remote_limits limits;
	struct nf_remote *remotes;
	struct nf_pool_worker workers[NF_POOL_WORKERS];
	struct nf_helper *signer;
	bool signer_ready;
	unsigned signer_falls; /* without having been ready */
	struct nf_pool_identity *identities;
	const char **mistakes;
	size_t mistakes_len, mistakes_cap;
	uv_timer_t kick, tick;
	unsigned living; /* handles and helpers that have to end before the pool is freed */
	bool closing, kicked;
	void (*closed)(void *ctx);
	void *closed_ctx;
	uint32_t next_session;
	struct nf_remote_stats stats;
};

/* pool.c */
void nf_pool_kick(struct nf_remote_pool *pool); /* looks at all remotes, soon */
void nf_pool_release(struct nf_remote *r);	/* its worker has one session less */

/* talk.c: the worker's messages, and how questions end. */
void nf_talk_worker_message(void *ctx, struct nf_helper *h, const uint8_t *bytes, size_t len);
void nf_talk_signer_message(void *ctx, struct nf_helper *h, const uint8_t *bytes, size_t len);
void nf_talk_ask_next(struct nf_remote *r);
/* Ends the connection, if any; questions stay. */
void nf_talk_drop(struct nf_remote *r);
/* Answers every question with this, and new ones for a while. */
void nf_talk_fail(struct nf_remote *r, enum nf_remote_outcome outcome,
	enum nf_remote_cause cause, const char *reason);
/* Answers those that are asked now, alike. */
void nf_talk_answer_all(struct nf_remote *r, const struct nf_remote_answer *with);
/* Answers the first question and takes it off the queue. */
void nf_talk_answer(struct nf_remote *r, struct nf_remote_answer *answer);
/* A connection or login did not work: again a little later, or failure. */
void nf_talk_not_connected(struct nf_remote *r, enum nf_remote_cause cause, const char *reason);
