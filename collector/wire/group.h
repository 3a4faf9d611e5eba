// SPDX-License-Identifier: GPL-3.0-or-later
/* group: MACs that belong to a group of routers and not to a device, and MACs that somebody made up.
 * Source:  RFC 5798 (VRRP; CARP uses the same), RFC 2281 (HSRP); HSRP version 2 and GLBP are Cisco's.
 */
#pragma once

#include "base/addr.h"

#include <stddef.h>

/* "VRRP group 5" into buf, which it returns; NULL: a device's own. */
const char *nf_group_text(const struct nf_mac *mac, char *buf, size_t size);
