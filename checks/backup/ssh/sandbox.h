// SPDX-License-Identifier: GPL-3.0-or-later
/* sandbox: a helper gives up everything but the descriptors it has, for good.
 * Shape:   limits (memory, no core, no process), no capability, no new rights, not
 *          dumpable, Landlock with no rule at all where the kernel knows it, and a seccomp filter from
 *          one table of system calls: reading, writing, waiting, memory, time, ending. Any other call
 *          fails with EPERM.
 * Role:    SSH workers and the signer, after everything is loaded; nothing can be opened afterwards.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Sanitizers reserve terabytes of addresses: no limit then. */
#if defined(__SANITIZE_ADDRESS__)
#define NF_SANDBOX_MEMORY(bytes) 0u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NF_SANDBOX_MEMORY(bytes) 0u
#endif
#endif
#ifndef NF_SANDBOX_MEMORY
#define NF_SANDBOX_MEMORY(bytes) (bytes)
#endif

/* memory_max: of address space, bytes; 0: unlimited. */
enum nf_err nf_sandbox_enter(uint64_t memory_max, struct nf_error *err);

/* Tries from inside what must not work: to open, connect, start, trace or signal anything. Gives the
 * number of things that did, and names the first. */
unsigned nf_sandbox_leaks(const char **first);
