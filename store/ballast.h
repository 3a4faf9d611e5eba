// SPDX-License-Identifier: GPL-3.0-or-later
/* ballast: a file of 16 MiB in the state directory that is deleted when the disk is full, so that the
 * state and its alarms can still be written (SQLite needs room even to delete).
 * Role:    inside store/ only.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>

#define NF_BALLAST_BYTES (16 << 20)

/* Makes it where it is missing and at least four times its size is free; otherwise does nothing. */
void nf_ballast_keep(const char *path);
/* Deletes it; true if that gave room. */
bool nf_ballast_release(const char *path);
/* Whether so little is free (under 1 MiB) that a write would probably fail. */
bool nf_ballast_needed(const char *path);
