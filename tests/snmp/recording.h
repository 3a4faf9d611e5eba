// SPDX-License-Identifier: GPL-3.0-or-later
/* recording: a recorded device (snmprec: OID|type|value), read apart from the simulator and from netfold,
 *            so that the three can check each other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct value {
	char *oid;
	int type;	       /* the ASN.1 tag */
	char *text;	       /* numbers, OIDs, plain addresses; else NULL */
	unsigned char *octets; /* strings, and addresses in hex; else NULL */
	size_t len;
	bool varies; /* a simulator's variation: any number is right */
};

struct recording {
	struct value *values;
	size_t len, cap;
};

bool recording_read(struct recording *r, const char *path);
void recording_free(struct recording *r);
/* The value of column.index, or NULL. */
const struct value *recording_get(
	const struct recording *r, const char *column, const char *index);
