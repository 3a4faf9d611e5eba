// SPDX-License-Identifier: GPL-3.0-or-later
/* parts: the small things pages are made of: states, times, numbers, links, tables' heads.
 * Shape:   a state is always shape, word and colour; a time always says its date.
 * Role:    netfold-publish; the process's TZ is the site's.
 */
#pragma once

#include "web/layout.h"

#define NF_TIME_MAX 64

/* The order in which a reader wants them. */
extern const enum nf_state nf_states_worst_first[NF_STATES];

const char *nf_state_word(enum nf_state state);	 /* in the reader's language */
const char *nf_state_class(enum nf_state state); /* "s-ok" … */
const char *nf_kind_word(enum nf_kind kind);
const char *nf_role_word(enum nf_role role);

void nf_part_state(struct nf_page *p, enum nf_state state);
/* A time as the language writes it, to the minute; 0: "never". */
void nf_part_when(struct nf_page *p, int64_t wall_us);
void nf_part_moment(struct nf_page *p, int64_t wall_us); /* to the second */
char *nf_when_text(int64_t wall_us, char buf[NF_TIME_MAX]);
char *nf_date_text(int64_t wall_us, char buf[NF_TIME_MAX]); /* without the time of day */
/* A number with the language's decimal mark; NaN: "–". */
char *nf_number_text(const struct nf_model *m, double number, int decimals, char buf[32]);
/* Bytes as "12.4 GiB" with the language's decimal mark; negative: "–". */
char *nf_size_text(const struct nf_model *m, int64_t bytes, char buf[32]);
/* A share of one bar by state, with its counts in words; adds up to total. */
void nf_part_share(struct nf_page *p, const size_t by_state[NF_STATES], size_t total);

/* That no mail leaves for it now, and why; nothing where one would. */
void nf_part_window(struct nf_page *p, const struct nf_view *view);

/* "../device/sw%2525201.html": the page of a device or network as a link's target. Caller frees. */
char *nf_device_href(const struct nf_page *p, const struct nf_device *device);
char *nf_network_href(const struct nf_page *p, const struct nf_network *network);
char *nf_leaving_href(const struct nf_page *p, const struct nf_network *network);
char *nf_wave_href(const struct nf_page *p, const struct nf_wave *wave);
char *nf_job_href(const struct nf_page *p, const struct nf_backup *job);
void nf_part_job_link(struct nf_page *p, const struct nf_backup *job);
void nf_part_device_link(struct nf_page *p, const struct nf_device *device);
void nf_part_network_link(struct nf_page *p, const struct nf_network *network);

/* <section><h2>…, and its end. note may be NULL. */
void nf_section_open(struct nf_page *p, const char *id, const char *heading, const char *note);
void nf_section_close(struct nf_page *p);
/* A table that may scroll sideways by itself; heads end with NULL; one that begins with
 * '>' is of numbers. `sortable`: by script. */
void nf_table_open(
	struct nf_page *p, const char *caption, bool sortable, const char *const *heads);
void nf_table_close(struct nf_page *p);
/* A paragraph for what is not known: honest, and never green. */
void nf_part_unknown(struct nf_page *p, const char *text);
/* "and 12 more", below what was cut; 0: nothing. */
void nf_part_more(struct nf_page *p, size_t more);
/* A cell of a row: text, or a number that stands to the right. */
void nf_part_cell(struct nf_page *p, const char *class, const char *text);
void nf_part_when_cell(struct nf_page *p, int64_t wall_us);
/* A row of <dl>; text NULL or "": left out. */
void nf_part_term(struct nf_page *p, const char *term, const char *text);
/* The newest events, at most `limit`, as a table; NULL: of any device, network, check. */
void nf_part_events(struct nf_page *p, const char *device, const char *network,
	const char *check, size_t limit);
