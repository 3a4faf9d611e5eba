// SPDX-License-Identifier: GPL-3.0-or-later
/* diag: every mistake of one run, each with its place.
 * Shape:   "file:line:column: message", sorted by file and place on output; at most 1,000 are kept, the
 *          rest counted. Messages are escaped (base/text.h) and cut; secrets never appear in them.
 * Memory:  takes copies of everything.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum nf_severity { NF_DIAG_WARNING, NF_DIAG_ERROR };

struct nf_diag {
	const char *file;
	uint32_t line, column; /* from 1; 0: the whole file */
	enum nf_severity severity;
	const char *message;
};

struct nf_diags;

struct nf_diags *nf_diags_new(void);
void nf_diags_free(struct nf_diags *diags);
void nf_diags_add(struct nf_diags *diags, enum nf_severity severity, const char *file,
	uint32_t line, uint32_t column, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
size_t nf_diags_errors(const struct nf_diags *diags); /* how many, those not kept included */
size_t nf_diags_warnings(const struct nf_diags *diags);
size_t nf_diags_len(const struct nf_diags *diags);
const struct nf_diag *nf_diags_at(struct nf_diags *diags, size_t i); /* sorted */
/* One a line; warnings say "warning: ". */
void nf_diags_print(struct nf_diags *diags, FILE *to);
/* The same through the log, one line each at error or warn. */
void nf_diags_log(struct nf_diags *diags, const char *subsystem);
