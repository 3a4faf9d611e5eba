// SPDX-License-Identifier: GPL-3.0-or-later
/* follower: what the tests of store/follow do again and again, with a clock of their own. A failure ends the
 * test.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "store/follow.h"

/* nf_follow's notes, a line each: arg is a strbuf. */
void follower_note(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg);
struct nf_now follower_at(int64_t wall_s, int64_t mono_s);
/* When every sample of a test is due. */
struct nf_now follower_late(void);
void follower_read_all(struct nf_follow *follow);
/* Reads, writes and trims all there is. */
void follower_drain(struct nf_follow *follow, struct nf_now now);
/* The same by a follower of its own, which goes. notes may be NULL. */
struct nf_follow_stats follower_drain_once(const char *folder, struct nf_strbuf *notes);
/* The files of series 0…series-1 hold samples from…to-1 and none besides. */
void follower_check(const char *folder, unsigned int series, int from, int to);
char *follower_path(const char *folder, unsigned int n); /* of series n; the caller frees */
/* How many files stand beside this one whose names are its own and go on with `what`. */
size_t follower_beside(const char *path, const char *what);
double follower_value(const char *path, int64_t wall_s, uint32_t step_s, const char *name);
