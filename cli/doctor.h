// SPDX-License-Identifier: GPL-3.0-or-later
/* doctor: what this machine lacks for watching this site, each with its remedy.
 * Shape:   examinations add findings to a list, good ones too, so that a reader sees what was looked at.
 *          Nothing is changed, nothing is sent.
 * Memory:  takes copies; the list owns its texts.
 */
#pragma once

#include "conf/site.h"
#include "store/state.h"

#include <stddef.h>

struct nf_finding {
	const char *examination; /* static: "reverse path", "rights", … */
	enum nf_state state;	 /* ok, warning, critical; unknown: could not be looked at */
	char *text;
	char *remedy; /* "" where nothing is to be done */
};

struct nf_findings {
	struct nf_finding *items;
	size_t len, cap;
};

void nf_findings_add(struct nf_findings *findings, const char *examination, enum nf_state state,
	const char *remedy, const char *format, ...) __attribute__((format(printf, 5, 6)));
void nf_findings_free(struct nf_findings *findings);

void nf_doctor_interfaces(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_reverse_path(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_buffers(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_rights(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_clock(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_disks(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_permissions(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_limits(const struct nf_site *site, struct nf_findings *findings);
void nf_doctor_programs(const struct nf_site *site, struct nf_findings *findings);

/* For the tests: how large a buffer is wanted, what a disk's room is worth. */
int64_t nf_doctor_buffer_wanted(size_t devices);
enum nf_state nf_doctor_judge_disk(uint64_t free_bytes, uint64_t total_bytes);
