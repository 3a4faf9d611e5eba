// SPDX-License-Identifier: GPL-3.0-or-later
/* child: one program of the suite as a process: started, awaited, started again.
 * Shape:   idle -> running -> (waiting -> running)* -> ended. The handles live on one loop; the struct
 *          stays where it is until nf_child_is_ended.
 */
#pragma once

#include "base/err.h"
#include "cli/programs.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define NF_CHILD_DELAY_FIRST_US (INT64_C(1) * 1000000)
#define NF_CHILD_DELAY_MAX_US	(INT64_C(60) * 1000000)
#define NF_CHILD_SETTLED_US	(INT64_C(60) * 1000000)

struct nf_child {
	const struct nf_suite_program *program;
	char *path;	   /* owned; NULL: not built */
	const char **args; /* borrowed, ended by NULL; args[0] is set by the child */
	char **env;	   /* borrowed */
	bool once;	   /* is not started again */
	void (*ended)(struct nf_child *child); /* for good; may be NULL */
	void *owner;

	uv_process_t process;
	uv_timer_t timer;
	bool running, timer_open, stopping, done;
	int exit_status; /* of the last process; 128 + signal */
	int64_t started_mono_us, delay_us;
};

/* The pause before the next start of a program that lived so long, after this last pause (0: none). */
int64_t nf_child_delay(int64_t last_delay_us, int64_t lived_us);

void nf_child_start(struct nf_child *child, uv_loop_t *loop);
/* Sends a signal to a running process; nothing otherwise. */
void nf_child_signal(struct nf_child *child, int signum);
/* Never again; a running process gets SIGTERM. */
void nf_child_stop(struct nf_child *child);
