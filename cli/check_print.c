// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/check_report.h"
#include "conf/zone.h"

#define NAMES_SHOWN 8

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_int_t count_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void heading(const char *text, bool colour)
{
	printf("\n%s%s%s\n", colour ? "\033[1m" : "", text, colour ? "\033[0m" : "");
}

/* "Mon 2011-02-07 01:00 +01:00" of "2011-02-07T01:00:00+01:00". */
static void print_time(const char *iso)
{
	static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	struct nf_date date;
	char day[11];
	int64_t days;

	snprintf(day, sizeof day, "%.10s", iso);
	if (strlen(iso) < 25 || nf_date_parse(day, &date) != NF_OK) {
		fputs(iso, stdout);
		return;
	}
	days = nf_zone_instant("UTC", date, (struct nf_daytime){0, 0}) / NF_US_PER_S / 86400;
	printf("%s %s %.5s %s", weekdays[(days % 7 + 11) % 7], day, iso + 11, iso + 19);
}

static void print_names(const json_t *names)
{
	size_t i;
	json_t *name;

	json_array_foreach(names, i, name)
	{
		if (i == NAMES_SHOWN) {
			printf(" and %zu more", json_array_size(names) - i);
			break;
		}
		printf("%s %s", i == 0 ? "" : ",", json_string_value(name));
	}
	putchar('\n');
}

static void print_networks(const json_t *list)
{
	json_t *network;
	size_t i;

	printf("  %-16s %-8s %8s %10s %6s %10s %8s\n", "network", "role", "devices",
		"addresses", "SNMP", "packets/s", "limit");
	json_array_foreach(list, i, network)
	{
		double rate = json_real_value(json_object_get(network, "packets_per_second"));
		json_int_t limit = count_of(network, "max_packets_per_second");

		printf("  %-16s %-8s %8lld %10lld %6lld %10.1f %8lld%s\n",
			text_of(network, "id"), text_of(network, "role"),
			(long long)count_of(network, "devices"),
			(long long)count_of(network, "addresses"),
			(long long)count_of(network, "snmp"), rate, (long long)limit,
			rate > (double)limit ? "  too low: polls will be late" : "");
	}
	json_array_foreach(list, i, network)
	{
		const json_t *names = json_object_get(network, "without_snmp");

		if (json_array_size(names) > 0) {
			printf("  no SNMP in %s:", text_of(network, "id"));
			print_names(names);
		}
	}
}

static void print_on_call(const json_t *list)
{
	json_t *turn;
	size_t i;

	json_array_foreach(list, i, turn)
	{
		const json_t *services = json_object_get(turn, "services");

		printf("  %-16s %s <%s>", text_of(turn, "rota"), text_of(turn, "name"),
			text_of(turn, "mail"));
		if (strncmp(text_of(turn, "why"), "covers", 6) == 0) {
			printf(" %s", text_of(turn, "why"));
		} else if (json_object_get(turn, "until")) {
			fputs(" until ", stdout);
			print_time(text_of(turn, "until"));
		}
		fputs(json_array_size(services) > 0 ? ", for" : ", for nothing", stdout);
		print_names(services);
	}
}

static void print_when(const char *what, const json_t *mailed)
{
	const char *contact = text_of(mailed, "contact");

	printf("%s %s%s%s", what, contact, *contact ? " " : "", text_of(mailed, "when"));
	if (json_object_get(mailed, "at")) {
		fputs(" at ", stdout);
		print_time(text_of(mailed, "at"));
	}
}

static void print_told(const json_t *list)
{
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		const char *service = text_of(row, "service");

		printf("  %-16s ", *service ? service : "no service");
		print_when("critical:", json_object_get(row, "critical"));
		print_when("; warning:", json_object_get(row, "warning"));
		putchar('\n');
	}
}

static void print_windows(const json_t *list)
{
	json_t *window, *time;
	size_t i, k;

	json_array_foreach(list, i, window)
	{
		const json_t *times = json_object_get(window, "times");

		printf("  %s %s %s%s\n", text_of(window, "kind"), text_of(window, "id"),
			text_of(window, "what"),
			json_array_size(times) == 0 ? ": never again" : "");
		json_array_foreach(times, k, time)
		{
			fputs("      ", stdout);
			print_time(text_of(time, "from"));
			if (json_object_get(time, "to")) {
				fputs(" to ", stdout);
				print_time(text_of(time, "to"));
			}
			if (json_object_get(time, "start_by"))
				printf(", at work by %.5s", text_of(time, "start_by") + 11);
			printf("%s%s\n", json_object_get(time, "who") ? " to " : "",
				text_of(time, "who"));
		}
	}
}

void nf_check_print(const json_t *report, bool colour)
{
	const json_t *on_call = json_object_get(report, "on_call");
	const json_t *windows = json_object_get(report, "windows");
	size_t warnings = json_array_size(json_object_get(report, "mistakes"));

	printf("configuration OK: %s", text_of(report, "site"));
	if (warnings > 0)
		printf(", %zu warning%s", warnings, warnings == 1 ? "" : "s");
	putchar('\n');
	heading("What would be asked", colour);
	print_networks(json_object_get(report, "networks"));
	if (json_array_size(on_call) > 0) {
		heading("On call now", colour);
		print_on_call(on_call);
		heading("Who is mailed of trouble that begins now", colour);
		print_told(json_object_get(report, "told"));
	}
	if (json_array_size(windows) > 0) {
		heading("Next times", colour);
		print_windows(windows);
	}
}
