// SPDX-License-Identifier: GPL-3.0-or-later
/* supervise: keeps the programs of the suite running, each in a process of its own.
 * Shape:   a program that ends is started again after 1 s, 2 s, 4 s … 60 s; one that lived for 60 s
 *          begins at 1 s again. SIGHUP is passed on once the new configuration was found good.
 *          Stopping sends SIGTERM, and SIGKILL after 3.5 s. `--once` runs each program's single pass, in
 *          the order of the table's pass numbers, and ends.
 *          One supervisor a state directory: netfold.lock in it. Programs whose supervisor dies get
 *          SIGTERM from the kernel (base/program.c).
 */
#pragma once

#include "base/program.h"

/* What `netfold run` is to nf_program_main; the same arguments, the same result. */
int nf_supervise(int argc, char **argv);
