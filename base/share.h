// SPDX-License-Identifier: GPL-3.0-or-later
/* share: files of the state directory belong to whom the directory belongs.
 * Shape:   netfold's programs run as users of their own with one group in common. They share a folder whose group
 *          may write it and is inherited (mode 2770): what is made in such a folder may be written by the group,
 *          whatever the umask; and what root makes in a folder of another user is given to that user, so that
 *          `netfold run` or a command by root never shuts the programs out. In any other folder nothing differs.
 * Source:  mkdir(2) on S_ISGID.
 */
#pragma once

#include <sys/stat.h>

/* open() with O_CREAT, mode 0640; in a shared folder 0660. */
int nf_open_shared(const char *path, int flags);
/* mkdir(), with the group's right in a shared folder. */
int nf_mkdir_shared(const char *path, mode_t mode);
