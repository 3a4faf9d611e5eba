// SPDX-License-Identifier: GPL-3.0-or-later
/* journal_files: names of journal folders and files.
 * Shape:   <state_dir>/journal/<program through nf_safename>/<16 hex digits>.nfj, numbered from 1.
 * Memory:  gives strings; the caller frees.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

char *nf_journal_dir(const char *state_dir, const char *program);
char *nf_journal_file(const char *dir, uint64_t number);
/* False for a name that is no journal file's. */
bool nf_journal_file_number(const char *name, uint64_t *number);
/* The highest number in the folder, 0 where there is no file. */
enum nf_err nf_journal_last_file(const char *dir, uint64_t *number, struct nf_error *err);
