// SPDX-License-Identifier: GPL-3.0-or-later
/* remote: what a server says over SSH and SFTP, asked without ever waiting.
 * Shape:   a pool holds the helper processes and the caps; a remote is one way to one server (leg, ssh);
 *          questions to a remote are queued and answered in their order over one connection, which is
 *          made by the first question, kept while there are others and dropped when idle:
 *              pool = nf_remote_pool_new(loop, site, NULL, &err);
 *              remote = nf_remote_open(pool, device, leg, ssh);
 *              nf_remote_ask(remote, &(struct nf_remote_ask){.kind = NF_REMOTE_STAT, .path = "/x",
 *                      .done = answered, .ctx = job});
 *          Each question gets exactly one call of done, never from inside nf_remote_ask.
 * Helpers: libssh2 runs in worker processes that hold no key, no file and no right; a signer process
 *          holds the keys. All are this same program, started again: main() must begin with
 *              int status = nf_remote_helper(argc, argv);
 *              if (status >= 0)
 *                      return status;
 * Errors:  everything that goes wrong is an answer: an outcome for the judge, a cause for the machine, a
 *          reason for people. A host that never answers costs one time-out and delays nobody.
 * Units:   microseconds, bytes. Paths are bytes without NUL, '/'-separated; on OpenSSH for Windows
 *          "C:/dir", "C:\dir" and "/C:/dir" are the same.
 * Threads: the loop's.
 */
#pragma once

#include "base/err.h"
#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct nf_remote_pool;
struct nf_remote;

/* 0 in a field means its default. */
struct nf_remote_limits {
	uint32_t workers;     /* processes: 4 */
	uint32_t sessions;    /* open connections in all: 200 */
	uint32_t per_network; /* 40 */
	uint32_t per_host;    /* one address, whatever the account: 2 */
	int64_t connect_us;   /* TCP: 10 s */
	int64_t handshake_us; /* banner and key exchange: 15 s */
	int64_t auth_us;      /* 15 s */
	int64_t sftp_us;      /* until SFTP answers: 15 s */
	int64_t request_us; /* STAT, READ, CLOCK, STATVFS without a deadline of their own: 30 s */
	int64_t long_us;    /* LIST, EXEC without a deadline of their own: 120 s */
	int64_t stall_us;   /* HASH, DEEP: no byte for so long: 60 s */
	int64_t idle_us;    /* a connection that nobody asks is dropped after: 10 s */
	int64_t holdoff_us; /* after a failure to connect, questions get the same answer for: 20 s */
	uint32_t preauth_bytes; /* what a server may send before it is trusted: 256 KiB */
	const char *crash_path; /* for tests: a worker asked about this path aborts */
};

enum nf_remote_kind {
	NF_REMOTE_LIST,	 /* path is a pattern: every component may hold * ? [ ] */
	NF_REMOTE_STAT,	 /* follows symbolic links */
	NF_REMOTE_READ,	 /* len bytes from offset; at most NF_REMOTE_READ_MAX */
	NF_REMOTE_HASH,	 /* of the whole file, or of len bytes from offset when len is not 0 */
	NF_REMOTE_DEEP,	 /* unpacks gzip, xz, zstd, bzip2 to the end, checksums verified; with
			  * argv it is a tar archive, packed or not, that must contain those names */
	NF_REMOTE_EXEC,	 /* runs argv; input is empty, LC_ALL=C */
	NF_REMOTE_CLOCK, /* the server's own time */
	NF_REMOTE_STATVFS, /* space where path lies; OpenSSH's extension */
};

#define NF_REMOTE_READ_MAX (512u << 10)
#define NF_REMOTE_TAIL_MAX 4096u

enum nf_remote_hash { NF_REMOTE_SHA256, NF_REMOTE_SHA512, NF_REMOTE_MD5 };

enum nf_remote_outcome {
	NF_REMOTE_OK,
	NF_REMOTE_ABSENT,	/* no such file or folder; LIST: the folder is not there */
	NF_REMOTE_DENIED,	/* the server does not let this account */
	NF_REMOTE_UNVERIFIABLE, /* could not look: see cause */
	NF_REMOTE_CRASHED,	/* this host brought a worker down, twice */
	NF_REMOTE_CANCELLED,	/* nf_remote_close or nf_remote_pool_close came first */
};

enum nf_remote_cause {
	NF_CAUSE_NONE,
	NF_CAUSE_UNREACHABLE,  /* no TCP connection, or cut before the banner */
	NF_CAUSE_TIMEOUT,      /* the reason names the phase */
	NF_CAUSE_CUT,	       /* the connection broke later on */
	NF_CAUSE_NOT_SSH,      /* what answers does not speak SSH, or too much before it does */
	NF_CAUSE_NO_ALGORITHM, /* nothing in common: the reason has both offers and the remedy */
	NF_CAUSE_HOST_KEY_CHANGED, /* another key than the known ones: both fingerprints are given */
	NF_CAUSE_HOST_KEY_UNKNOWN,
	NF_CAUSE_HOST_KEY_REVOKED,
	NF_CAUSE_HOST_CERTIFICATE, /* only a @cert-authority line: this libssh2 cannot check it */
	NF_CAUSE_KEY,	  /* our own key cannot be used: file, passphrase, agent, kind */
	NF_CAUSE_REFUSED, /* the server does not take our key for this user */
	NF_CAUSE_ACCOUNT, /* password expired, account locked, nologin: what the server said */
	NF_CAUSE_NO_SFTP, /* subsystem missing, or a forced command speaks instead */
	NF_CAUSE_NO_EXEC, /* commands are not allowed (internal-sftp), or another one ran */
	NF_CAUSE_NO_STATUS, /* the command's end was not seen: killed, cut off, over the cap */
	NF_CAUSE_CHANGED,   /* the file shrank, vanished or was replaced while it was read */
	NF_CAUSE_UNSUPPORTED, /* this server cannot be asked that */
	NF_CAUSE_FAILED,      /* the server said failure; the reason has its words */
	NF_CAUSE_LOCAL,	      /* this machine: sockets, processes, known_hosts file */
};

struct nf_remote_stat {
	uint64_t size;
	int64_t mtime_s; /* since 1970, the server's clock */
	uint32_t mode;	 /* permission bits only; made up on Windows */
	bool has_mtime, has_size;
	bool is_file, is_directory;   /* of the target, where it is a link */
	bool is_symlink, is_dangling; /* LIST only */
};

struct nf_remote_entry {
	const char *
		path; /* the whole path as bytes; no NUL inside, "/" kept as the server has it */
	const char *name;	    /* its last component */
	struct nf_remote_stat stat; /* of the link's target where there is one */
	/* A folder that is one backup, as whoever looked inside found; never set by LIST. Its stat is then
	 * that of a file: the sum of its files' sizes and their last time. */
	bool is_dump, is_unfinished;
};

/* Everything is borrowed until done returns. */
struct nf_remote_answer {
	enum nf_remote_kind kind;
	enum nf_remote_outcome outcome;
	enum nf_remote_cause cause;
	const char *reason; /* "" when OK; one line, escaped, for people */

	struct nf_remote_stat stat; /* STAT; HASH, DEEP: as the file was when reading ended */
	const struct nf_remote_entry *entries; /* LIST: newest first */
	size_t entries_len;
	uint64_t seen; /* LIST, DEEP with names: names looked at */
	bool truncated; /* LIST: older entries dropped, or not all names seen; EXEC: output cut */

	const uint8_t
		*bytes;	    /* READ: data; DEEP: the unpacked text's last bytes; EXEC: stdout */
	size_t bytes_len;   /* READ: shorter than asked only at the file's end */
	const char *errors; /* EXEC: stderr, cut */

	char digest[129];   /* HASH: lower-case hex */
	uint64_t read;	    /* HASH, DEEP: bytes read */
	uint64_t unpacked;  /* DEEP */
	const char *format; /* DEEP: "gzip" … */
	bool changed;	    /* HASH, DEEP: size or mtime differ from when reading began */
	bool sound; /* DEEP: complete, every checksum right; false with outcome OK: reason says why */

	bool has_status;    /* EXEC: the command ran to its end */
	int status;	    /* EXEC: exit status */
	const char *signal; /* EXEC: "SEGV"; "" for none */

	bool clock_known;	/* CLOCK */
	int64_t clock_ahead_us; /* CLOCK: server minus ours, to the second */

	uint64_t free_bytes, total_bytes, filesystem; /* STATVFS; filesystem: its id */

	const char *missing; /* DEEP with names: the first that is not inside; "" none */

	/* With a HOST_KEY_* cause, and of the last connection else. "ssh-ed25519 SHA256:…", "" unknown. */
	const char *key_offered;
	const char *key_known; /* CHANGED: what known_hosts has, several joined by ", " */
};

struct nf_remote_ask {
	enum nf_remote_kind kind;
	const char *path;
	uint64_t offset, len;
	enum nf_remote_hash hash;
	const char *const *argv; /* EXEC, DEEP: NULL-terminated */
	uint32_t entries_max;	 /* LIST: 1,000 by default, at most 10,000 */
	uint32_t output_max;	 /* EXEC: 64 KiB by default, at most 16 MiB */
	int64_t deadline_us;	 /* for this question once it is being asked; 0: the limits' */
	/* HASH, DEEP: about once a second. May be NULL. */
	void (*progress)(void *ctx, uint64_t bytes, uint64_t size);
	void (*done)(void *ctx, const struct nf_remote_answer *answer);
	void *ctx;
};

/* Less than 0: not a helper, go on; else main returns it. */
int nf_remote_helper(int argc, char **argv);

/* site is borrowed until the pool is closed (its ssh list is given to the signer). limits: NULL for all
 * defaults. Fails only where this machine cannot make processes or sockets; a key that cannot be read
 * is the answer to those who need it. */
enum nf_err nf_remote_pool_new(uv_loop_t *loop, const struct nf_site *site,
	const struct nf_remote_limits *limits, struct nf_remote_pool **pool,
	struct nf_error *err);
/* Cancels what is queued, ends the helpers; closed (may be NULL) is called from the loop once all
 * handles are gone and the pool is freed. Takes the pool and every remote of it. */
void nf_remote_pool_close(struct nf_remote_pool *pool, void (*closed)(void *ctx), void *ctx);

/* Two opens of the same (leg's network and address, ssh) give the same remote, counted. Borrows all. */
struct nf_remote *nf_remote_open(struct nf_remote_pool *pool, const struct nf_device *device,
	const struct nf_leg *leg, const struct nf_ssh *ssh);
/* Drops one count; with the last, questions still queued are answered CANCELLED at once, from here. */
void nf_remote_close(struct nf_remote *remote);

/* Copies path and argv. */
void nf_remote_ask(struct nf_remote *remote, const struct nf_remote_ask *ask);

/* "unverifiable", "host key changed": for logs and JSON; constant. */
const char *nf_remote_outcome_text(enum nf_remote_outcome outcome);
const char *nf_remote_cause_text(enum nf_remote_cause cause);

struct nf_remote_stats {
	uint32_t sessions, waiting; /* now: connections, remotes that wait for one */
	uint64_t connections, answers, crashes;
	uint32_t workers;
};
struct nf_remote_stats nf_remote_pool_stats(const struct nf_remote_pool *pool);

/* Mistakes in the known_hosts files used by the site, one "file:line: why" each, for `netfold check`
 * and the log: their lines are not used. The strings live as long as the pool. */
size_t nf_remote_known_hosts_mistakes(
	const struct nf_remote_pool *pool, const char *const **mistakes);
