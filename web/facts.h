// SPDX-License-Identifier: GPL-3.0-or-later
/* facts: what was last seen on a device (store.h, facts), as tables; each says when it was seen.
 * Shape:   the JSON is a gatherer's, its texts a device's: read by jansson, shown by web/html.h.
 */
#pragma once

#include "web/layout.h"

void nf_part_facts(struct nf_page *p, const struct nf_device *device);
