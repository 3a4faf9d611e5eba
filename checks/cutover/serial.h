// SPDX-License-Identifier: GPL-3.0-or-later
/* serial: which serial numbers of ENTITY-MIB are the machine's own: those of its chassis, of a stack one a member. What
 *         is plugged in (a module, a power supply, an SFP) is in another machine one day, and makes that one no other.
 * Shape:  pure, on a row of "entities" as the fact and `netfold probe --json` have it.
 * Memory: what is returned is borrowed from the row.
 */
#pragma once

#include <jansson.h>

/* NULL: it says none, or one that is not the machine's. */
const char *nf_serial_of(const json_t *entity);
