// SPDX-License-Identifier: GPL-3.0-or-later
/* picture_json: the picture (checks/picture.h) as the contract's JSON: `netfold status --json`, and
 * status.json beside the pages.
 * Source:  DESIGN.md, "Commands".
 */
#pragma once

#include "base/json.h"
#include "checks/picture.h"

/* Which views are wanted; one flag a device, by index. */
struct nf_status_choice {
	const bool *devices;
	bool everything; /* no names were given: networks and the monitor, too */
	bool pass;	 /* after a single pass: that its programs ended is no news */
	/* Puts further keys beside everything, of what this file does not know; NULL: none. */
	void (*more)(struct nf_json *j, const void *arg);
	const void *more_arg;
};

void nf_status_json(const struct nf_picture *picture, const struct nf_status_choice *choice,
	struct nf_strbuf *out);
