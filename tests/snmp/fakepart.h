// SPDX-License-Identifier: GPL-3.0-or-later
/* fakepart: parts of the shipped interfaces profile, made of rows written in a test, as if an agent had
 *           answered; and a journal whose records can be read as text.
 */
#pragma once

#include "collector/snmp/part.h"
#include "conf/profile.h"
#include "store/journal.h"

struct fake_row {
	uint32_t index;
	const char *name;  /* ifName; NULL: absent */
	const char *descr; /* ifDescr */
	const char *alias;
	const char *mac; /* six octets or fewer; NULL: absent */
	uint64_t octets; /* of ifHCInOctets, or of ifInOctets with is_32 */
	bool is_32;
	uint32_t cut;  /* ifCounterDiscontinuityTime; 0: absent */
	uint32_t mbit; /* ifHighSpeed; 0: absent */
};

struct fake {
	struct nf_profiles *profiles;
	const struct nf_group *interfaces;
	char folder[64];
	struct nf_journal *journal;
	struct nf_arena *arena;
};

void fake_new(struct fake *fake);
void fake_free(struct fake *fake);
/* A complete part, answered at this wall second; lives as long as the fake. */
struct nf_part *fake_part(
	struct fake *fake, const struct fake_row *rows, size_t len, int64_t wall_s);
/* Flushes the journal and gives what was written since it was opened, by in_octets alone, a line each:
 * "+NAME max", "NAME SECOND VALUE", "NAME SECOND U", "OLD -> NEW"; the caller frees. */
char *fake_journal(struct fake *fake);
