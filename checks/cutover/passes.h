// SPDX-License-Identifier: GPL-3.0-or-later
/* passes: the cutover's passes, in a process of their own that netfold-verify starts (checks/cutover/aside.h):
 *         a pass over 10,000 devices takes a second, in which proofs, reloads and the watchdog would wait.
 *         A process, not a thread: time zones are the process's (conf/zone.h), and whatever happens to a pass
 *         happens to it alone.
 * Shape:   a program as any other (base/program.h), with its own site, store and loop: a reload is read
 *          between two passes, and a kill in the middle of one leaves what the next one goes on from.
 *          One at a time: it waits while another process holds netfold-cutover.lock. A pass that takes
 *          ten minutes is taken for stuck, and the process ends.
 * Begin:   after a stop of over an hour the first pass waits for netfold-ping's first round, five minutes at most.
 * Figures: after each pass NF_PASSES_FIGURES in the store, a flat JSON object of numbers.
 */
#pragma once

#include "base/strbuf.h"
#include "checks/cutover/recompute.h"

#define NF_PASSES_ARG	  "--netfold-cutover" /* the first argument of netfold-verify */
#define NF_PASSES_FIGURES "cutover.figures"

/* Runs the program when the first argument says so. Returns its exit status, or -1 when it does not. */
int nf_passes_main(int argc, char **argv);
