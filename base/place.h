// SPDX-License-Identifier: GPL-3.0-or-later
/* place: where the running program lies, so that it finds its kin in a build tree, too.
 * Memory:  gives strings; the caller frees.
 */
#pragma once

/* The folder of our own executable, without a slash at its end; NULL where /proc does not tell. */
char *nf_place_of_self(void);
