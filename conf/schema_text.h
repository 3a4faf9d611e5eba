// SPDX-License-Identifier: GPL-3.0-or-later
/* schema_text: the schema for people: the tables of netfold-site(5), and the defaults. */
#pragma once

#include <stdio.h>

/* Every section and key, in scdoc's notation. */
void nf_schema_print_manual(FILE *to);
/* "polling.ping: 30s", one a line, for every key that has a default. */
void nf_schema_print_defaults(FILE *to);
