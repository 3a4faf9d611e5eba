// SPDX-License-Identifier: GPL-3.0-or-later
/* program: the skeleton every netfold program starts with: options, log, loop, signals, systemd.
 * Shape:   main() fills one struct nf_program and returns nf_program_main(). Common options:
 *          -c FILE, --config FILE   the site file (default NF_SYSCONF_DIR/site.yaml)
 *          -d, --debug              debug messages; -D SUBSYSTEM of one subsystem only
 *          --once                   one full pass, then exit (where the program can)
 *          -h, --help; -V, --version
 * Signals: SIGHUP calls reload; SIGTERM and SIGINT call stop once, a second one exits at once;
 *          SIGPIPE is ignored.
 * systemd: READY=1 after start, RELOADING=1/READY=1 around reload, STOPPING=1, WATCHDOG=1 at half the
 *          interval asked for, from the loop itself, so that a loop that hangs is noticed.
 * Parent:  where NETFOLD_SUPERVISOR names the process that started it, it gets SIGTERM when that dies.
 * Exit:    0 good, 1 problems found, 2 wrong use or configuration, 3 failed.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <uv.h>

enum nf_exit { NF_EXIT_GOOD = 0, NF_EXIT_PROBLEMS = 1, NF_EXIT_USAGE = 2, NF_EXIT_FAILED = 3 };

struct nf_program_args {
	const char *config_file;
	bool once;
	bool debug;
};

struct nf_program_ctx {
	const struct nf_program *program;
	struct nf_program_args args;
	uv_loop_t *loop;
	void *state; /* what start made */
	int exit_status;
};

struct nf_program {
	const char *name;    /* "netfold-ping" */
	const char *summary; /* one line for --help */
	bool has_once;
	/* Runs before the loop exists, right after the options: take rights, drop rights. May be NULL. */
	enum nf_err (*early)(struct nf_program_ctx *ctx, struct nf_error *err);
	/* Puts handles on ctx->loop. NF_EINVAL exits 2, any other failure 3; the text is logged. */
	enum nf_err (*start)(struct nf_program_ctx *ctx, struct nf_error *err);
	void (*reload)(struct nf_program_ctx *ctx); /* may be NULL */
	/* Closes the program's handles; the loop runs until they are closed, at most 4 s. */
	void (*stop)(struct nf_program_ctx *ctx);
	void (*destroy)(struct nf_program_ctx *ctx); /* after the loop; may be NULL */
};

int nf_program_main(const struct nf_program *program, int argc, char **argv);

/* The environment for a program that this one starts: ours, but for what systemd told us alone, and with our
 * pid as its supervisor's. Gives; NULL-terminated. */
char **nf_program_env(void);
void nf_program_env_free(char **env); /* takes; NULL is fine */

/* From inside the loop: stop as if SIGTERM had come, and exit with this status. */
void nf_program_exit(struct nf_program_ctx *ctx, int exit_status);
