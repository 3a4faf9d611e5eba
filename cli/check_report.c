// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_report.h"

#include <string.h>

#include "base/clock.h"
#include "cli/check_told.h"
#include "conf/hours.h"
#include "conf/oncall.h"

#define NEXT_TIMES 5
/* Packets of one poll of a switch with fifty ports, and of one reading of its large tables: what the
 * profiles take from it, 25 rows a packet. Only for the warning that a network's limit is too low. */
#define POLL_PACKETS	 40
#define TOPOLOGY_PACKETS 60

static json_t *time_text(const char *zone, int64_t wall_us)
{
	char text[NF_ISO8601_MAX];

	return json_string(nf_zone_iso8601(zone, wall_us, text));
}

static json_t *mistakes(struct nf_diags *diags)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nf_diags_len(diags); i++) {
		const struct nf_diag *d = nf_diags_at(diags, i);

		json_array_append_new(
			list, json_pack("{s:s, s:i, s:i, s:s, s:s}", "file", d->file, "line",
				      (int)d->line, "column", (int)d->column, "severity",
				      d->severity == NF_DIAG_ERROR ? "error" : "warning",
				      "message", d->message));
	}
	return list;
}

static double per_second(double packets, int64_t every_us)
{
	return packets * (double)NF_US_PER_S / (double)every_us;
}

static json_t *network_report(const struct nf_site *site, const struct nf_network *network)
{
	const struct nf_polling *polling = &site->polling;
	json_t *without = json_array();
	size_t devices = 0, addresses = 0, snmp = 0;
	double rate;

	NF_EACH(struct nf_device, device, site->devices)
	{
		for (size_t i = 0; i < device->legs_len; i++)
			addresses += device->legs[i].network == network;
		if (device->legs[0].network != network)
			continue;
		devices++;
		snmp += device->snmp != NULL;
		if (!device->snmp)
			json_array_append_new(without, json_string(device->name));
	}
	rate = per_second((double)addresses * polling->echoes, polling->ping_us) +
	       per_second((double)snmp * POLL_PACKETS, polling->snmp_us) +
	       per_second((double)snmp * TOPOLOGY_PACKETS, polling->topology_us);
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:f, s:I}", "id", network->id,
		"name", network->name, "role", nf_role_text(network->role), "devices",
		(json_int_t)devices, "addresses", (json_int_t)addresses, "snmp",
		(json_int_t)snmp, "without_snmp", without, "packets_per_second", rate,
		"max_packets_per_second", (json_int_t)network->max_packets_per_second);
}

static json_t *networks(const struct nf_site *site)
{
	json_t *list = json_array();

	NF_EACH(struct nf_network, network, site->networks)
	json_array_append_new(list, network_report(site, network));
	return list;
}

static json_t *span(const char *zone, int64_t from, int64_t to)
{
	return json_pack(
		"{s:o, s:o}", "from", time_text(zone, from), "to", time_text(zone, to));
}

static void add_window(
	json_t *list, const char *kind, const char *id, const char *what, json_t *times)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "kind", kind, "id", id,
					    "what", what, "times", times));
}

static json_t *backup_times(
	const struct nf_site *site, const struct nf_backup *backup, int64_t now)
{
	json_t *times = json_array();
	int64_t start = now;

	for (int i = 0; i < NEXT_TIMES; i++) {
		if (nf_window_next(&backup->starts, site->timezone, start, &start) != NF_OK)
			break;
		int64_t due = nf_daytime_next(backup->due, site->timezone, start);
		int64_t by = start + backup->start_within_us;
		json_t *run = span(site->timezone, start, due);

		if (backup->start_within_us > 0 && by < due)
			json_object_set_new(run, "start_by", time_text(site->timezone, by));
		json_array_append_new(times, run);
	}
	return times;
}

static json_t *maintenance_times(
	const struct nf_site *site, const struct nf_maintenance *m, int64_t now)
{
	json_t *times = json_array();
	int64_t start = now;

	if (!m->recurs) {
		if (m->to_wall_us > now)
			json_array_append_new(
				times, span(site->timezone, m->from_wall_us, m->to_wall_us));
		return times;
	}
	for (int i = 0; i < NEXT_TIMES; i++) {
		if (nf_window_next(&m->every, site->timezone, start, &start) != NF_OK)
			break;
		json_array_append_new(times, span(site->timezone, start, start + m->for_us));
	}
	return times;
}

static json_t *service_times(const struct nf_service *service, int64_t now)
{
	json_t *times = json_array();
	int64_t start = now, end;

	for (int i = 0; i < NEXT_TIMES; i++) {
		if (nf_service_next(service, start, &start, &end) != NF_OK)
			break;
		json_array_append_new(times, span(service->timezone, start, end));
	}
	return times;
}

static json_t *rota_times(const struct nf_site *site, const struct nf_rota *rota, int64_t now)
{
	json_t *times = json_array();
	int64_t at = now;

	for (int i = 0; i < NEXT_TIMES; i++) {
		if (nf_rota_change(rota, site->timezone, at, &at) != NF_OK)
			break;
		json_array_append_new(
			times, json_pack("{s:o, s:s}", "from", time_text(site->timezone, at),
				       "who", nf_rota_turn(rota, site->timezone, at)->id));
	}
	return times;
}

static json_t *windows(const struct nf_site *site, int64_t now)
{
	json_t *list = json_array();

	NF_EACH(struct nf_backup, backup, site->backups)
	add_window(list, "backup", backup->id, "starts and is due",
		backup_times(site, backup, now));
	NF_EACH(struct nf_maintenance, m, site->maintenance)
	add_window(list, "maintenance", m->id, "mails wait", maintenance_times(site, m, now));
	NF_EACH(struct nf_wave, wave, site->waves)
	{
		json_t *times = json_array();

		if (wave->to_wall_us > now)
			json_array_append_new(times,
				span(site->timezone, wave->from_wall_us, wave->to_wall_us));
		add_window(list, "wave", wave->id, "devices move", times);
	}
	NF_EACH(struct nf_service, service, site->services)
	{
		if (service->hours.len > 0)
			add_window(list, "service", service->id, "is promised",
				service_times(service, now));
	}
	NF_EACH(struct nf_rota, rota, site->rotas)
	add_window(list, "rota", rota->id, "changes", rota_times(site, rota, now));
	return list;
}

json_t *nf_check_report(const struct nf_site *site, struct nf_diags *diags, int64_t now_wall_us)
{
	if (!site)
		return json_pack("{s:b, s:o}", "ok", 0, "mistakes", mistakes(diags));
	json_t *report = json_pack("{s:b, s:o, s:s, s:o, s:o, s:o}", "ok", 1, "at",
		time_text(site->timezone, now_wall_us), "site", site->name, "mistakes",
		mistakes(diags), "networks", networks(site), "windows",
		windows(site, now_wall_us));
	nf_check_told(site, now_wall_us, report);
	return report;
}
