// SPDX-License-Identifier: GPL-3.0-or-later
/* page: the pages of the dashboard, one function a page.
 * Shape:   each begins and ends the layout itself and writes through web/html.h only.
 */
#pragma once

#include "checks/cutover/moves.h"
#include "web/charts.h"
#include "web/jobs.h"
#include "web/layout.h"

void nf_page_overview(struct nf_page *p);
void nf_page_wall(struct nf_page *p);
void nf_page_devices(struct nf_page *p);
void nf_page_backups(struct nf_page *p);
void nf_page_cutover(struct nf_page *p);
void nf_page_incidents(struct nf_page *p);
void nf_page_risks(struct nf_page *p);
void nf_page_about(struct nf_page *p);

void nf_page_network(struct nf_page *p, const struct nf_network *network);
void nf_page_device(struct nf_page *p, const struct nf_device *device,
	const struct nf_charts *charts, const char *data);

void nf_page_job(struct nf_page *p, const struct nf_backup *job, const struct nf_charts *charts,
	const char *data);

/* Parts of several pages: why a view is as it is, in words; caller frees. */
char *nf_reason_text(const struct nf_model *m, const struct nf_view *view);
/* What is wrong now (network NULL: everywhere), worst and oldest first; who is unreachable stands with its
 * cause. */
void nf_part_problems(struct nf_page *p, const struct nf_network *network, size_t limit);
void nf_part_network_cards(struct nf_page *p);
void nf_part_backups_summary(struct nf_page *p);
/* A job's verdict as it is shown: what was found, or that nobody looked, or not for too long; NULL there is
 * none yet. *reason: in words, caller frees. */
const struct nf_job *nf_job_shown(const struct nf_page *p, const struct nf_backup *job,
	enum nf_proof_result *verdict, char **reason);
const char *nf_verdict_word(enum nf_proof_result verdict);
const char *nf_verdict_class(enum nf_proof_result verdict);
void nf_part_verdict(struct nf_page *p, enum nf_proof_result verdict);
/* One line a job (job NULL: of all), one column a day, thirty days. */
void nf_part_nights(struct nf_page *p, const struct nf_backup *job);
void nf_part_incidents(struct nf_page *p);
/* Identities that should be one's own and are not: SNMP engine IDs, SSH host keys. */
void nf_part_twins(struct nf_page *p);
/* The same as the ledger of the cutover has it; nothing where there is none. */
void nf_part_duplicates(struct nf_page *p);

/* The sheet of an old network that is left, its devices and blockers as CSV (RFC 4180, UTF-8 with a byte order
 * mark; man/netfold-publish.8.scd has the columns); and a wave. */
void nf_page_leaving(struct nf_page *p, const struct nf_moves_network *n);
void nf_leaving_csv(
	const struct nf_model *m, const struct nf_moves_network *n, struct nf_strbuf *out);
void nf_blockers_csv(
	const struct nf_model *m, const struct nf_moves_network *n, struct nf_strbuf *out);
void nf_page_wave(struct nf_page *p, const struct nf_wave *wave);
/* A stage as shape, word and colour; a network's as one bar with its counts, which add up to its devices. */
void nf_part_stage(struct nf_page *p, const struct nf_move *move);
void nf_part_stages(struct nf_page *p, const struct nf_moves_network *n);
void nf_part_stage_legend(struct nf_page *p);
void nf_part_forecast(struct nf_page *p, const struct nf_moves_network *n);
/* The burn-up as a drawing that needs no script, and its numbers. */
void nf_part_burn(struct nf_page *p, const struct nf_moves_network *n);
/* Its sensors: what they could see of the last day. */
void nf_part_listeners(struct nf_page *p, const struct nf_moves_network *n);
/* Of a device that moves: its stage and what speaks for and against it. */
void nf_part_move(struct nf_page *p, const struct nf_device *device);
void nf_part_move_summary(struct nf_page *p);
/* A UTC day as a date; NF_FORECAST_NEVER in words. buf as nf_date_text. */
char *nf_utc_day_text(int64_t day, char buf[64]);
