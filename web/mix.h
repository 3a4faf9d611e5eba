// SPDX-License-Identifier: GPL-3.0-or-later
/* mix: a number that differs when the bytes do, quickly: for what changed, and against nobody who tries.
 * Source:  FNV-1a over words of eight bytes instead of one, with its bits folded down.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NF_MIX_START UINT64_C(0xcbf29ce484222325)

uint64_t nf_mix(uint64_t seed, const void *bytes, size_t len);
uint64_t nf_mix_text(uint64_t seed, const char *text);
uint64_t nf_mix_number(uint64_t seed, uint64_t number);
