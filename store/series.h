// SPDX-License-Identifier: GPL-3.0-or-later
/* series: where a series lives, and reading it.
 * Shape:   <state_dir>/rrd/<network>/<device>/<series>.rrd, every part through nf_safename
 *          (base/text.h). Plain rrdtool reads it.
 * Memory:  gives strings; the caller frees.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

char *nf_series_path(
	const char *state_dir, const char *network, const char *device, const char *series);

typedef void nf_series_fn(const char *network, const char *device, const char *series,
	const char *path, void *arg);
/* Every series in the folder, ordered by file name; network, device NULL: of all. A name too long to be
 * turned back (nf_safename) is given as it stands. NF_ENOENT while there is no series at all. */
enum nf_err nf_series_list(const char *state_dir, const char *network, const char *device,
	nf_series_fn *fn, void *arg);
