// SPDX-License-Identifier: GPL-3.0-or-later
/* threshold: a number to a state, with hysteresis.
 * Shape:   pure. `above` true: values over a limit are bad (load); false: values under it (toner).
 * Errors:  NaN is unknown. A limit that is NaN is not there.
 */
#pragma once

#include "store/state.h"

#include <stdbool.h>

struct nf_threshold {
	double warning, critical;
	bool above;
	double hysteresis; /* in the value's unit: it must come back this far past the limit */
};

/* `before` is the state this check stood at. */
enum nf_state nf_threshold_judge(
	const struct nf_threshold *t, double value, enum nf_state before);
