// SPDX-License-Identifier: GPL-3.0-or-later
/* sandbox: once everything is open, the sensor can still make few system calls.
 * Shape:   a seccomp filter from one table: reading, writing and locking files, waiting, time, memory, the
 *          sockets it has, and of new ones only those for the service manager and for the list of
 *          interfaces. No program, no process, no memory that runs, no packet or internet socket. Any
 *          other call fails with EPERM, and the kernel's log names it where it keeps one: a call that nobody
 *          foresaw (another C library) costs its purpose, not the sensor.
 * Role:    netfold-wire, behind base/rights.h.
 * Errors:  NF_ESYS where the kernel knows no filters.
 * Source:  seccomp(2).
 */
#pragma once

#include "base/err.h"

enum nf_err nf_wire_sandbox_enter(struct nf_error *err);
