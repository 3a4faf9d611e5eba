// SPDX-License-Identifier: GPL-3.0-or-later
/* worker: the process in which libssh2 talks to servers; holds no key, no file, no right.
 * Shape:   one loop over its sessions and the pair to the parent. Every libssh2 call is non-blocking
 *          and repeated with the same arguments until it no longer says EAGAIN; a session has at most
 *          one call under way. A question is an op: a step function over its own state.
 * Bounds:  a step receives at most some KiB, so that no server keeps the loop; before login a server
 *          may send preauth_bytes in all. Every phase has a deadline; one that passes ends the session.
 * Blame:   before each step the session's number is written into a page shared with the parent, so that
 *          whoever brings the worker down is known.
 * Role:    a process of its own.
 * Source:  LIBRARIES.md 5 (libssh2 1.10 as it is).
 */
#pragma once

#include "base/strbuf.h"
#include "checks/backup/ssh/remote.h"
#include "checks/backup/ssh/wire.h"

#include <libssh2.h>
#include <libssh2_sftp.h>
#include <stdbool.h>
#include <stdint.h>

/* Returns the exit status; blame: the shared page. */
int nf_worker_run(int socket, volatile uint32_t *blame);

/* What follows is between the worker's own files. */

#define NF_WORKER_SESSIONS 400u
#define NF_WORKER_KEYS	   8u
#define NF_WORKER_ARGS	   64u

enum nf_phase {
	NF_PHASE_HANDSHAKE,
	NF_PHASE_TRUST, /* the parent looks at the host key */
	NF_PHASE_AUTH,
	NF_PHASE_IDLE,
	NF_PHASE_SFTP,	/* for the question under way */
	NF_PHASE_NOISE, /* SFTP did not come: what does the server say instead? */
	NF_PHASE_ASKED,
	NF_PHASE_DEAD,
};

enum nf_step {
	NF_STEP_WAIT, /* for the socket, or for the parent */
	NF_STEP_MORE, /* has more to do at once */
	NF_STEP_DONE, /* the phase is over, or the answer is filled in */
	NF_STEP_LAST, /* the answer is filled in and the session is of no more use */
	NF_STEP_LOST, /* cause and reason are set: the session is over */
};

struct nf_session;

struct nf_op {
	bool needs_sftp;
	enum nf_step (*step)(struct nf_session *s);
	void (*drop)(struct nf_session *s); /* frees s->state; the session may be dead */
};

extern const struct nf_op nf_op_list, nf_op_stat, nf_op_read, nf_op_stream, nf_op_exec,
	nf_op_clock, nf_op_statvfs;

struct nf_session {
	uint32_t id;
	int fd, control; /* control: the pair to the parent */
	LIBSSH2_SESSION *ssh;
	LIBSSH2_SFTP *sftp;
	enum nf_phase phase;
	bool wants_out, more, for_parent; /* what it waits for */
	int64_t now_us, deadline_us;	  /* monotonic; deadline 0: none */
	int64_t wall_us;

	struct nf_wire_login login;
	char *user;
	bool windows;
	size_t step_left;	 /* bytes that this step may still receive */
	uint64_t received;	 /* before login */
	bool over_budget, ended; /* ended: the server closed */
	struct nf_strbuf first;	 /* its first bytes, until the handshake is over */

	uint8_t *keys[NF_WORKER_KEYS];
	size_t key_lens[NF_WORKER_KEYS];
	uint32_t keys_len, key;
	bool sign_sent, signature_came;
	struct nf_strbuf signature;
	char sign_why[256];

	LIBSSH2_CHANNEL *noise; /* the subsystem's raw words */
	struct nf_strbuf noise_text;
	bool noise_started, noise_by_exec;
	bool sftp_late; /* it timed out */

	const struct nf_op *op;
	void *state;
	struct nf_strbuf question; /* keeps the texts of ask */
	struct nf_remote_ask ask;
	const char *argv[NF_WORKER_ARGS];
	struct nf_remote_answer answer;
	enum nf_remote_cause cause;
	char reason[NF_ERROR_TEXT_MAX];
	int64_t told_us; /* of the last PROGRESS */
};

/* worker_login.c */
bool nf_login_begin(struct nf_session *s, const struct nf_wire_login *login);
enum nf_step nf_login_handshake(struct nf_session *s);
enum nf_step nf_login_auth(struct nf_session *s);
enum nf_step nf_login_sftp(struct nf_session *s);
/* Enters the phase in which the server's words are listened to instead of SFTP. */
void nf_login_listen(struct nf_session *s);
enum nf_step nf_login_noise(struct nf_session *s);
enum nf_step nf_login_noise_over(struct nf_session *s); /* with what came so far */

/* worker_answer.c: how steps end. */
__attribute__((format(printf, 3, 4))) enum nf_step nf_lost(
	struct nf_session *s, enum nf_remote_cause cause, const char *format, ...);
__attribute__((format(printf, 4, 5))) enum nf_step nf_answered(struct nf_session *s,
	enum nf_remote_outcome outcome, enum nf_remote_cause cause, const char *format, ...);
enum nf_step nf_answered_ok(struct nf_session *s);
/* By what libssh2 says of its last call: waits, answers (SFTP's own errors), or the session is lost.
 * what: "list", path: of what. */
enum nf_step nf_by_error(struct nf_session *s, const char *what, const char *path);
void nf_tell(struct nf_session *s, const struct nf_strbuf *message);
void nf_tell_bytes(struct nf_session *s, uint8_t stream, const void *bytes, size_t len);
void nf_tell_progress(struct nf_session *s, uint64_t bytes, uint64_t size);
/* A path as OpenSSH on Windows wants it; others as they are. Caller frees. */
char *nf_remote_path(const char *path);
void nf_stat_of(const LIBSSH2_SFTP_ATTRIBUTES *attrs, struct nf_remote_stat *stat);
/* The end of CLOCK where it had to run date: output has room for a NUL. */
enum nf_step nf_clock_from_date(struct nf_session *s, char *output, size_t len);
