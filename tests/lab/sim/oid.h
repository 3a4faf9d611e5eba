// SPDX-License-Identifier: GPL-3.0-or-later
/* oid: object identifiers of the simulator: a fixed array that fits any legal one.
 * Source:  RFC 2578 3.5 (at most 128 sub-identifiers of 32 bits).
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_SIM_OID_MAX 128

struct nf_sim_oid {
	uint32_t len;
	uint32_t ids[NF_SIM_OID_MAX];
};

/* "1.3.6.1.2" or ".1.3.6.1.2", len bytes of text. NF_EFORMAT otherwise, or with no sub-identifier. */
enum nf_err nf_sim_oid_parse(const char *text, size_t len, struct nf_sim_oid *out);

/* Negative, 0, positive, in the order of a walk: a prefix comes before what it begins. */
int nf_sim_oid_compare(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len);

/* Whether ids begins with prefix (or is it). */
bool nf_sim_oid_within(const uint32_t *ids, size_t len, const struct nf_sim_oid *prefix);

/* Adds one sub-identifier; the caller has checked that there is room. */
void nf_sim_oid_append(struct nf_sim_oid *oid, uint32_t id);
