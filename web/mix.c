// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/mix.h"

#include <string.h>

#define PRIME UINT64_C(0x9e3779b97f4a7c15)

uint64_t nf_mix_number(uint64_t seed, uint64_t number)
{
	seed = (seed ^ number) * PRIME;
	return seed ^ (seed >> 32);
}

uint64_t nf_mix(uint64_t seed, const void *bytes, size_t len)
{
	const char *at = bytes;
	uint64_t word;
	seed = nf_mix_number(seed, len);
	for (; len >= sizeof word; len -= sizeof word, at += sizeof word) {
		memcpy(&word, at, sizeof word);
		seed = nf_mix_number(seed, word);
	}
	word = 0;
	memcpy(&word, at, len);
	return nf_mix_number(seed, word);
}

uint64_t nf_mix_text(uint64_t seed, const char *text)
{
	return nf_mix(seed, text, strlen(text));
}
