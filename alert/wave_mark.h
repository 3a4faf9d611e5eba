// SPDX-License-Identifier: GPL-3.0-or-later
/* wave_mark: what `netfold cutover verify` found of a wave, as a short text that is another one only when something
 * else was found: not because a round trip took longer, a counter went on, or somebody called by another port.
 * Shape:   pure: a result as in checks/cutover/wave_result.h -> 32 hexadecimal digits. It holds of each device its
 *          side and its differences without their values, the notes without their times, and the counts; in
 *          whatever order they stand, and in no language.
 * Memory:  the caller frees the mark.
 */
#pragma once

#include <jansson.h>

char *nf_wave_mark(const json_t *result);
