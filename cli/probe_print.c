// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"
#include "cli/probe.h"

#define SHOWN_MAX 150 /* bytes of a text from the device */

static void put_ping(const struct nf_probe *probe, struct nf_json *json)
{
	struct nf_rtt rtt;

	nf_json_key(json, "ping");
	nf_json_object(json);
	nf_json_key(json, "sent");
	nf_json_u64(json, probe->burst.sent);
	nf_json_key(json, "received");
	nf_json_u64(json, probe->burst.received);
	if (nf_burst_rtt(&probe->burst, &rtt)) {
		nf_json_key(json, "rtt_us");
		nf_json_object(json);
		nf_json_key(json, "min");
		nf_json_double(json, rtt.min_us);
		nf_json_key(json, "median");
		nf_json_double(json, rtt.median_us);
		nf_json_key(json, "max");
		nf_json_double(json, rtt.max_us);
		nf_json_end(json);
	}
	nf_json_end(json);
}

static void put_unasked(const char *error, struct nf_json *json)
{
	nf_json_object(json);
	nf_json_key(json, "answered");
	nf_json_bool(json, false);
	nf_json_key(json, "error");
	nf_json_puts(json, error);
	nf_json_key(json, "complete");
	nf_json_bool(json, false);
	nf_json_end(json);
}

void nf_probe_json(const struct nf_probe *probe, struct nf_json *json)
{
	const struct nf_leg *leg = &probe->device->legs[0];
	char address[NF_ADDR_TEXT_MAX];

	nf_json_object(json);
	nf_json_key(json, "device");
	nf_json_puts(json, probe->device->name);
	nf_json_key(json, "network");
	nf_json_puts(json, leg->network->id);
	nf_json_key(json, "address");
	nf_json_puts(json, nf_addr_format(&leg->address, address));
	if (probe->pinged)
		put_ping(probe, json);
	if (probe->asked) {
		nf_json_key(json, "snmp");
		if (probe->report)
			nf_report_json(probe->report, json);
		else
			put_unasked(probe->error, json);
	}
	nf_json_end(json);
}

static void print_ping(const struct nf_probe *probe, FILE *to)
{
	char why[NF_ERROR_TEXT_MAX];
	struct nf_rtt rtt;

	if (!probe->pinged)
		return;
	fprintf(to, "  ping        %u of %u", probe->burst.received, probe->burst.sent);
	if (nf_burst_rtt(&probe->burst, &rtt))
		fprintf(to, ", %.2f ms (%.2f to %.2f)", rtt.median_us / 1000, rtt.min_us / 1000,
			rtt.max_us / 1000);
	else if (probe->burst.trouble != NF_BURST_FINE)
		fprintf(to, ": %s",
			nf_burst_trouble_text(&probe->burst,
				probe->device->legs[0].network->source.interface, why,
				sizeof why));
	fputc('\n', to);
}

static void print_text(const char *name, const void *bytes, size_t len, FILE *to)
{
	struct nf_strbuf shown = {0};

	nf_text_escape(&shown, bytes, len, SHOWN_MAX);
	fprintf(to, "  %-11s %s\n", name, shown.data ? shown.data : "");
	nf_strbuf_free(&shown);
}

static void print_system(const struct nf_report *report, FILE *to)
{
	static const char *const names[][2] = {
		{"sysName",	    "name"	  },
		     {"sysDescr",	  "description"},
		  {"sysLocation", "location"   },
		{"sysContact",  "contact"	}
	 };
	const struct nf_part *part = nf_report_part(report, "system");
	char age[NF_QUANTITY_MAX];

	if (!part || part->records_len == 0)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct nf_cell *cell = nf_report_cell(part, part->records, names[i][0]);

		if (cell && cell->type == NF_CELL_OCTETS && cell->len)
			print_text(names[i][1], cell->octets, cell->len, to);
	}
	const struct nf_cell *up = nf_report_cell(part, part->records, "sysUpTime");
	if (up && up->type == NF_CELL_UNSIGNED)
		fprintf(to, "  %-11s %s\n", "up",
			nf_format_age((int64_t)up->number * (NF_US_PER_S / 100), age));
}

static void print_interfaces(const struct nf_part *part, FILE *to)
{
	size_t up = 0;

	for (size_t i = 0; i < part->records_len; i++) {
		const struct nf_cell *cell =
			nf_report_cell(part, &part->records[i], "ifOperStatus");

		up += cell && cell->type == NF_CELL_INTEGER && cell->integer == 1;
	}
	fprintf(to, "  %-11s %zu, %zu up\n", "interfaces", part->records_len, up);
}

/* What else was found, in one line: "storage 8, processors 2". */
static void print_counts(const struct nf_report *report, FILE *to)
{
	const char *separator = "";

	for (size_t i = 0; i < report->parts_len; i++) {
		const struct nf_part *part = &report->parts[i];

		if (part->group->scalars || part->records_len == 0 ||
			strcmp(part->group->name, "interfaces") == 0)
			continue;
		fprintf(to, "%s%s %zu", *separator ? separator : "  also        ",
			part->group->report ? part->group->report : part->group->name,
			part->records_len);
		separator = ", ";
	}
	if (*separator)
		fputc('\n', to);
}

static void print_snmp(const struct nf_probe *probe, FILE *to)
{
	const struct nf_report *report = probe->report;
	const struct nf_part *interfaces;

	if (!report || !report->answered) {
		const char *error = report ? report->error : probe->error;

		print_text("snmp", error, strlen(error), to);
		return;
	}
	if (report->complete)
		fprintf(to, "  %-11s answers, every table is complete\n", "snmp");
	else
		print_text("snmp", report->error, strlen(report->error), to);
	print_system(report, to);
	interfaces = nf_report_part(report, "interfaces");
	if (interfaces && interfaces->records_len)
		print_interfaces(interfaces, to);
	print_counts(report, to);
}

void nf_probe_print(const struct nf_probe *probe, bool colour, FILE *to)
{
	const struct nf_leg *leg = &probe->device->legs[0];
	const char *mark = nf_probe_is_good(probe) ? "32" : "31";
	char address[NF_ADDR_TEXT_MAX];

	if (colour)
		fprintf(to, "\x1b[%sm", mark);
	fprintf(to, "%s", probe->device->name);
	if (colour)
		fputs("\x1b[0m", to);
	fprintf(to, "  %s in %s%s\n", nf_addr_format(&leg->address, address), leg->network->id,
		nf_probe_is_good(probe) ? "" : ": not as it should be");
	print_ping(probe, to);
	if (probe->asked)
		print_snmp(probe, to);
}
