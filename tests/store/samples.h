// SPDX-License-Identifier: GPL-3.0-or-later
/* samples: a journal with known samples, and whether the RRDs hold just these.
 * Shape:   series n has a gauge "level" and a counter "octets"; sample i, at START + i × 60 s, has the
 *          gauge n × 1000 + i and a counter that grows by 60 × (n + 1) each time, so that every row
 *          that was written says which it is.
 */
#pragma once

#include <stdbool.h>

#include "store/journal.h"

#define START 1300000020 /* a multiple of 60 */
#define STEP  60

struct nf_series_def samples_def(unsigned int n);
struct nf_journal *samples_open(const char *folder);
/* Queues and flushes samples from…to-1 of series 0…series-1. */
void samples_write(struct nf_journal *journal, unsigned int series, int from, int to);
/* NULL: the file of series n holds samples from…to-1 and none besides; else what is wrong. The caller
 * frees. */
char *samples_wrong(const char *folder, unsigned int n, int from, int to);
