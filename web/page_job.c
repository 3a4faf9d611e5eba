// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/parse.h"
#include "store/backups.h"
#include "web/parts.h"

#define LOOKS_SHOWN 30

static const char *proof_word(const char *kind)
{
	static const struct {
		const char *kind, *word;
	} words[] = {
		{"artefact", N_("Artefact")	   },
		{"complete", N_("Written to its end")},
		{"manifest", N_("Checksums")	    },
		{"log",	N_("Log")		 },
		{"status",   N_("Status file")	    },
		{"lock",	 N_("Lock file")		},
		{"copy",	 N_("Second copy")	  },
		{"drill",	  N_("Restore drill")     },
		{"restic",   "restic"		   },
		{"borg",	 "Borg"		       },
		{"zfs",	"ZFS"		     },
		{"plugin",   N_("Plugin")	       },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].kind, kind) == 0)
			return _(words[i].word);
	return kind;
}

static void put_when_term(struct nf_page *p, const char *term, int64_t wall_us)
{
	if (wall_us == 0)
		return;
	nf_html_el(p->h, "dt", term, NULL);
	nf_html_open(p->h, "dd", NULL);
	nf_part_when(p, wall_us);
	nf_html_close(p->h);
}

static void put_device_term(struct nf_page *p, const struct nf_backup *job)
{
	nf_html_el(p->h, "dt", _("Device"), NULL);
	nf_html_open(p->h, "dd", NULL);
	nf_part_state(p, p->m->picture.devices[job->device->index].state);
	nf_html_text(p->h, " ");
	nf_part_device_link(p, job->device);
	nf_html_close(p->h);
	nf_part_term(p, _("Owner"),
		job->device->owner != NULL ? job->device->owner : _("nobody is named"));
}

static void put_code_term(struct nf_page *p, const char *term, const char *text)
{
	if (*text == '\0')
		return;
	nf_html_el(p->h, "dt", term, NULL);
	nf_html_el(p->h, "dd", text, "class", "code", NULL);
}

static void put_artefact_terms(struct nf_page *p, const struct nf_job *known)
{
	char size[32], took[NF_QUANTITY_MAX];
	put_code_term(p, _("Artefact"), known->path);
	if (known->size >= 0)
		nf_part_term(p, _("Size"), nf_size_text(p->m, known->size, size));
	put_when_term(p, _("Written"), known->mtime_wall_us);
	put_code_term(p, _("Hash"), known->hash);
	put_when_term(p, _("Run that had to be there"), known->run_wall_us);
	put_when_term(p, _("Looked at"), known->at_wall_us);
	nf_part_term(p, _("The look took"), nf_format_age(known->duration_us, took));
}

static void put_head(struct nf_page *p, const struct nf_backup *job)
{
	enum nf_proof_result verdict;
	char *reason, due[16];
	const struct nf_job *known = nf_job_shown(p, job, &verdict, &reason);
	snprintf(due, sizeof due, "%02u:%02u", (unsigned)job->due.hour % 25u,
		(unsigned)job->due.minute % 60u);
	nf_html_open(p->h, "div", "class", "headline", NULL);
	nf_html_open(p->h, "p", "class", "verdict", NULL);
	nf_part_verdict(p, verdict);
	if (known != NULL) {
		nf_html_el(p->h, "span", _(" since "), NULL);
		nf_part_when(p, known->since_wall_us);
	}
	nf_html_close(p->h);
	nf_html_el(p->h, "p", reason, "class", "reason", NULL);
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	put_device_term(p, job);
	nf_part_term(p, _("Starts"), job->starts.text);
	nf_part_term(p, _("Due"), due);
	if (known != NULL)
		put_artefact_terms(p, known);
	nf_html_close(p->h);
	nf_html_close(p->h);
	free(reason);
}

static void put_proofs(struct nf_page *p, const char *text)
{
	static const char *const heads[] = {N_("Result"), N_("Proof"), N_("Says"), NULL};
	json_t *list = json_loads(text, 0, NULL), *item;
	size_t i;
	nf_section_open(p, "proofs", _("Proofs of the last look"),
		_("The verdict is the gravest of them."));
	if (json_array_size(list) == 0)
		nf_part_unknown(p, _("None: the look did not get as far as the proofs."));
	else
		nf_table_open(p, _("Proofs"), false, heads);
	json_array_foreach(list, i, item)
	{
		const char *kind = json_string_value(json_object_get(item, "kind"));
		const char *result = json_string_value(json_object_get(item, "result"));
		nf_html_open(p->h, "tr", NULL);
		nf_html_open(p->h, "td", NULL);
		nf_part_verdict(p, nf_proof_result_of(result != NULL ? result : ""));
		nf_html_close(p->h);
		nf_html_el(
			p->h, "th", kind != NULL ? proof_word(kind) : "", "scope", "row", NULL);
		nf_part_cell(p, "wide", json_string_value(json_object_get(item, "detail")));
		nf_html_close(p->h);
	}
	if (json_array_size(list) > 0)
		nf_table_close(p);
	nf_section_close(p);
	json_decref(list);
}

/* The largest of what a table shows fills its column. */
struct listed {
	struct nf_page *p;
	int64_t largest;
	size_t rows;
};

static void find_largest(const struct nf_backup_look *look, void *arg)
{
	struct listed *l = arg;
	l->largest = look->size > l->largest ? look->size : l->largest;
	l->rows++;
}

static void put_size_cell(struct nf_page *p, int64_t size, int64_t largest)
{
	char text[32], width[32];
	nf_part_cell(p, "n", nf_size_text(p->m, size, text));
	nf_html_open(p->h, "td", "class", "sizebar", NULL);
	nf_html_open(p->h, "svg", "class", "bar", "viewBox", "0 0 100 6", "preserveAspectRatio",
		"none", "aria-hidden", "true", "focusable", "false", NULL);
	snprintf(width, sizeof width, "%.2f",
		largest > 0 && size > 0 ? 100.0 * (double)size / (double)largest : 0.0);
	nf_html_el(p->h, "rect", NULL, "x", "0", "y", "0", "width", width, "height", "6", NULL);
	nf_html_close(p->h);
	nf_html_close(p->h);
}

static void put_proved(const struct nf_backup_look *look, void *arg)
{
	struct listed *l = arg;
	struct nf_page *p = l->p;
	nf_html_open(p->h, "tr", NULL);
	nf_part_when_cell(p, look->mtime_wall_us);
	nf_html_open(p->h, "td", NULL);
	nf_part_verdict(p, nf_proof_result_of(look->verdict));
	nf_html_close(p->h);
	put_size_cell(p, look->size, l->largest);
	nf_part_cell(p, "code", look->path);
	nf_part_cell(p, "code short", look->hash);
	nf_html_close(p->h);
}

static void put_good_ones(struct nf_page *p, const struct nf_backup *job)
{
	static const char *const heads[] = {N_("Written"), N_("Verdict"), ">" N_("Size"),
		N_("Beside the largest"), N_("Artefact"), N_("Hash"), NULL};
	struct listed l = {.p = p};
	nf_section_open(p, "proved", _("The last proved backups"), NULL);
	if (p->m->store != NULL)
		nf_backup_proved(p->m->store, job->id, find_largest, &l);
	if (l.rows > 0) {
		nf_table_open(p, _("The last proved backups, newest first"), false, heads);
		nf_backup_proved(p->m->store, job->id, put_proved, &l);
		nf_table_close(p);
	} else {
		nf_part_unknown(p, _("No backup of this job was ever proved."));
	}
	nf_section_close(p);
}

static void put_look(const struct nf_backup_look *look, void *arg)
{
	static const char *const heads[] = {
		N_("When"), N_("Verdict"), N_("Reason"), ">" N_("Size"), NULL};
	struct listed *l = arg;
	struct nf_page *p = l->p;
	char size[32];
	if (l->rows++ == 0)
		nf_table_open(p, _("Looks, newest first"), true, heads);
	nf_html_open(p->h, "tr", NULL);
	nf_part_when_cell(p, look->at_wall_us);
	nf_html_open(p->h, "td", NULL);
	nf_part_verdict(p, nf_proof_result_of(look->verdict));
	nf_html_close(p->h);
	nf_part_cell(p, "wide", look->reason);
	nf_part_cell(p, "n", nf_size_text(p->m, look->size, size));
	nf_html_close(p->h);
}

static void put_looks(struct nf_page *p, const struct nf_backup *job)
{
	struct listed l = {.p = p};
	nf_section_open(p, "looks", _("The last looks"), NULL);
	if (p->m->store != NULL)
		nf_backup_looks_newest(p->m->store, job->id, LOOKS_SHOWN, put_look, &l);
	if (l.rows > 0)
		nf_table_close(p);
	else
		nf_part_unknown(p, _("Not looked at yet."));
	nf_section_close(p);
}

static void put_drill(struct nf_page *p, const struct nf_job *known)
{
	nf_section_open(p, "drill", _("Last restore drill"), NULL);
	if (known == NULL || !known->drilled) {
		nf_part_unknown(p, _("Nobody has written down a restore from this backup."));
	} else {
		nf_html_open(p->h, "p", NULL);
		nf_part_verdict(p, known->drill_good ? NF_PROOF_OK : NF_PROOF_BAD);
		nf_html_text(p->h, " ");
		nf_part_when(p, known->drill_wall_us);
		nf_html_textf(p->h, ", %s%s%s", known->drill_who,
			*known->drill_note != '\0' ? ": " : "", known->drill_note);
		nf_html_close(p->h);
	}
	nf_section_close(p);
}

void nf_page_job(struct nf_page *p, const struct nf_backup *job, const struct nf_charts *charts,
	const char *data)
{
	const struct nf_jobs *jobs = p->m->jobs;
	const struct nf_job *known =
		jobs != NULL ? &jobs->items[(size_t)(job - p->m->site->backups.items)] : NULL;
	nf_layout_begin(p, job->id, NULL);
	put_head(p, job);
	if (known != NULL && known->looked)
		put_proofs(p, known->proofs);
	nf_section_open(p, "nights", _("The last 30 days"), NULL);
	nf_part_nights(p, job);
	nf_section_close(p);
	put_good_ones(p, job);
	nf_section_open(p, "history", _("Sizes over time"), NULL);
	nf_part_charts(p, charts, data);
	nf_section_close(p);
	put_drill(p, known);
	put_looks(p, job);
	nf_layout_end(p);
}
