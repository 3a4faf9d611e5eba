// SPDX-License-Identifier: GPL-3.0-or-later
/* rights: what a program gives up once its sockets are open, for good.
 * Shape:   two steps, because whom a program started by root becomes stands in the site file: first
 *          everything but the right to become somebody else, before any file is read; then that too,
 *          before anything from the network is read.
 * Errors:  NF_EPERM, with a text, when a right would remain: the program must end.
 * Source:  capabilities(7), no_new_privs.
 */
#pragma once

#include "base/err.h"

/* Keeps CAP_SETUID and CAP_SETGID where we are root, else nothing. Bounding and ambient sets are emptied,
 * no_new_privs is set: nothing executed later has more. */
enum nf_err nf_rights_shed(struct nf_error *err);

/* Where we are root and folder belongs to another user: becomes that user and the folder's group, without
 * further groups. Root's own folder (or one that is not there yet) leaves us root without a single
 * capability. Then gives up the last rights and makes sure that none is left or can be had again. */
enum nf_err nf_rights_become_owner(const char *folder, struct nf_error *err);
