// SPDX-License-Identifier: GPL-3.0-or-later
/* link: names become pointers, once everything is bound. */
#pragma once

#include "conf/bind.h"

/* Indexes every named thing; says duplicate names. */
void nf_link_index(struct nf_bind *b);
/* Fills every reference; says the dangling ones, with the nearest name. */
void nf_link_resolve(struct nf_bind *b);
/* The hint for a name that is not in the table, as nf_bind_hint. */
const char *nf_link_hint(struct nf_bind *b, enum nf_table table, const char *name);
