// SPDX-License-Identifier: GPL-3.0-or-later
/* fixture: a folder of its own with a site file, an inventory and secrets, loaded, and the mistakes as
 * one text.
 * Memory:  fixture_new gives, fixture_free takes and removes the folder.
 */
#pragma once

#include "conf/load.h"

#include <stddef.h>

struct fixture {
	char folder[64];
	struct nf_site *site; /* NULL after mistakes */
	struct nf_diags *diags;
	char *text; /* diags, one a line, without the folder */
	enum nf_err err;
};

struct fixture *fixture_new(void); /* with secrets/ as the sample site names them */
void fixture_free(struct fixture *f);
void fixture_write(struct fixture *f, const char *name, const void *data, size_t len, int mode);
void fixture_puts(struct fixture *f, const char *name, const char *text);
/* Copies a file of the source tree. */
void fixture_copy(struct fixture *f, const char *from, const char *name);
/* Loads folder/site.yaml anew; err, site, diags and text are of this load. */
void fixture_load(struct fixture *f);
/* The part every small site begins with: one legacy network 10.1.0.0/16 "a" and a common one. */
extern const char fixture_head[];
