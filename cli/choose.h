// SPDX-License-Identifier: GPL-3.0-or-later
/* choose: the devices that a command's NETWORK|DEVICE… arguments mean. */
#pragma once

#include "cli/verb.h"

/* One flag a device, by index; without names: all. Caller frees. NULL: a name is unknown, which was said
 * with the nearest one: exit with NF_EXIT_USAGE. */
bool *nf_choose_devices(
	const struct nf_verb *verb, const struct nf_site *site, int len, char *const *names);

/* The one device of this name; NULL: as above. */
const struct nf_device *nf_choose_device(
	const struct nf_verb *verb, const struct nf_site *site, const char *name);
