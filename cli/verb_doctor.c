// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verb.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/put.h"
#include "base/text.h"
#include "cli/doctor.h"
#include "cli/table.h"

typedef void examine_fn(const struct nf_site *site, struct nf_findings *findings);

static examine_fn *const examinations[] = {
	nf_doctor_rights,
	nf_doctor_programs,
	nf_doctor_permissions,
	nf_doctor_disks,
	nf_doctor_interfaces,
	nf_doctor_reverse_path,
	nf_doctor_buffers,
	nf_doctor_limits,
	nf_doctor_clock,
};

void nf_findings_add(struct nf_findings *findings, const char *examination, enum nf_state state,
	const char *remedy, const char *format, ...)
{
	char text[1000];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	findings->items = nf_grow(
		findings->items, findings->len, &findings->cap, sizeof *findings->items);
	findings->items[findings->len++] =
		(struct nf_finding){examination, state, nf_xstrdup(text), nf_xstrdup(remedy)};
}

void nf_findings_free(struct nf_findings *findings)
{
	for (size_t i = 0; i < findings->len; i++) {
		free(findings->items[i].text);
		free(findings->items[i].remedy);
	}
	free(findings->items);
}

static void print_json(const struct nf_findings *findings)
{
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);
	nf_json_object(&j);
	nf_put_time(&j, "generated_at", nf_clock_now().wall_us);
	nf_json_key(&j, "findings");
	nf_json_array(&j);
	for (size_t i = 0; i < findings->len; i++) {
		const struct nf_finding *f = &findings->items[i];
		nf_json_object(&j);
		nf_put_text(&j, "examination", f->examination);
		nf_put_text(&j, "state", nf_state_text(f->state));
		nf_put_text(&j, "text", f->text);
		nf_put_some(&j, "remedy", f->remedy);
		nf_json_end(&j);
	}
	nf_json_end(&j);
	nf_json_end(&j);
	puts(out.data);
	nf_strbuf_free(&out);
}

static void print_one(const struct nf_finding *f, bool colour)
{
	struct nf_strbuf line = {0};
	nf_text_escape(&line, f->text, strlen(f->text), 1000);
	printf("%s%s%s %s: %s\n", nf_state_colour(f->state, colour), nf_state_sign(f->state),
		nf_colour_off(colour), f->examination, line.data);
	nf_strbuf_clear(&line);
	nf_text_escape(&line, f->remedy, strlen(f->remedy), 1000);
	if (f->remedy[0] != '\0')
		printf("    remedy: %s\n", line.data);
	nf_strbuf_free(&line);
}

/* What is wrong comes first. */
static void print_all(const struct nf_findings *findings, bool colour)
{
	static const enum nf_state order[] = {
		NF_STATE_CRITICAL, NF_STATE_WARNING, NF_STATE_UNKNOWN, NF_STATE_OK};
	for (size_t s = 0; s < sizeof order / sizeof *order; s++)
		for (size_t i = 0; i < findings->len; i++)
			if (findings->items[i].state == order[s])
				print_one(&findings->items[i], colour);
}

static int conclude(const struct nf_findings *findings)
{
	for (size_t i = 0; i < findings->len; i++)
		if (findings->items[i].state == NF_STATE_CRITICAL ||
			findings->items[i].state == NF_STATE_WARNING)
			return NF_EXIT_PROBLEMS;
	return NF_EXIT_GOOD;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{NULL,   0,		  NULL, 0	 },
	};
	bool json = false;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j')
			return nf_cli_bad_option(&nf_verb_doctor, argv);
		json = true;
	}
	if (optind < argc)
		return nf_cli_usage(
			&nf_verb_doctor, "\"%s\" is one argument too many", argv[optind]);
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	struct nf_findings findings = {0};
	for (size_t i = 0; i < sizeof examinations / sizeof *examinations; i++)
		examinations[i](site, &findings);
	if (json)
		print_json(&findings);
	else
		print_all(&findings, cli->colour);
	int status = conclude(&findings);
	nf_findings_free(&findings);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_doctor = {
	.name = "doctor",
	.arguments = "[--json]",
	.summary = "say what this machine lacks for watching the site, each with its remedy",
	.run = run,
};
