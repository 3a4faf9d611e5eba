// SPDX-License-Identifier: GPL-3.0-or-later
/* expect: what a probe of a recorded device must say, worked out from the recording by the contract
 *         alone, without any profile.
 * Shape:   lines "TABLE NAME=VALUE NAME=VALUE …", names sorted, texts as JSON would show them after
 *          reading; a value that may be anything is "?".
 */
#pragma once

#include "tests/snmp/recording.h"

struct lines {
	char **items;
	size_t len, cap;
};

void lines_add(struct lines *lines, char *line); /* takes */
void lines_sort(struct lines *lines);
void lines_free(struct lines *lines);

void expect_device(const struct recording *r, struct lines *out);
