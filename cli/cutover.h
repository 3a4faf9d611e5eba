// SPDX-License-Identifier: GPL-3.0-or-later
/* cutover: the parts of `netfold cutover`, one file each; cli/verb_cutover.c chooses between them.
 * Shape:   argv[0] is the part's own word ("snapshot"); they return enum nf_exit.
 */
#pragma once

#include "cli/verb.h"
#include "store/store.h"

int nf_cutover_show(const struct nf_cli *cli, int argc, char **argv);	  /* cutover_show.c */
int nf_cutover_snapshot(const struct nf_cli *cli, int argc, char **argv); /* cutover_wave.c */
int nf_cutover_verify(const struct nf_cli *cli, int argc, char **argv);
int nf_cutover_exempt(const struct nf_cli *cli, int argc, char **argv); /* cutover_say.c */
int nf_cutover_purge(const struct nf_cli *cli, int argc, char **argv);

/* Opens state.db to write. NULL: said on stderr; exit with NF_EXIT_FAILED. */
struct nf_store *nf_cutover_open(const struct nf_site *site);
