// SPDX-License-Identifier: GPL-3.0-or-later
/* VLANs that were not shown: what was read of the others is no whole table, and a part that is not complete says so, with
 * what there is to do about it. */
#include "collector/snmp/poll_own.h"

static const char *level_in_ios(enum nf_snmp_level level)
{
	static const char *const words[] = {"noauth", "auth", "priv"};

	return words[level];
}

static void put_reason(struct nf_strbuf *out, const struct nf_polled *polled, unsigned vlan)
{
	const struct nf_poll_run *run = polled->run;
	const struct nf_snmp *snmp = polled->device->snmp;

	if (run->silent >= NF_POLL_SILENT_MAX)
		nf_strbuf_puts(out, "the agent stopped answering");
	else if (run->vlans.lost == 0 && run->vlans.at >= NF_POLL_VLANS_MAX)
		nf_strbuf_printf(out, "no more than %d VLANs are asked for", NF_POLL_VLANS_MAX);
	else if (snmp->version == NF_SNMP_V3)
		nf_strbuf_printf(out,
			"the switch must allow user %s the context vlan-%u; in IOS: "
			"snmp-server group GROUP v3 %s context vlan- match prefix",
			snmp->user, vlan, level_in_ios(snmp->level));
	else
		nf_strbuf_printf(out,
			"the switch must answer to its community with @%u behind it "
			"(Cisco's community string indexing), or be asked by SNMPv3",
			vlan);
}

static const char *explain(const struct nf_polled *polled, size_t missing)
{
	const struct nf_poll_vlans *v = &polled->run->vlans;
	struct nf_report_memory *memory = polled->run->report->memory;
	struct nf_strbuf text = {0};

	if (v->unlisted)
		return v->unlisted;
	unsigned vlan = v->lost > 0 ? v->first_lost : v->ids[v->at];
	nf_strbuf_printf(&text, "shows %s VLAN %u",
		v->in_context ? "nothing of" : "VLAN 1 alone, not", vlan);
	if (missing > 1)
		nf_strbuf_printf(&text, " and %zu more", missing - 1);
	nf_strbuf_puts(&text, ": ");
	put_reason(&text, polled, vlan);
	const char *why = nf_arena_strdup(memory->arena, text.data);
	nf_strbuf_free(&text);
	return why;
}

static bool is_whole(const struct nf_report *report, const struct nf_group *group)
{
	for (size_t i = 0; i < report->parts_len; i++) {
		if (report->parts[i].group == group &&
			report->parts[i].state != NF_RESULT_COMPLETE)
			return false;
	}
	return true;
}

/* What was read of the other VLANs shall not pass for the whole. */
static void add_missing(struct nf_polled *polled, size_t missing)
{
	struct nf_report *report = polled->run->report;
	const char *why = explain(polled, missing);

	for (size_t i = 0; i < polled->plan.len; i++) {
		const struct nf_group *group = polled->plan.entries[i].group;

		if (group->per_vlan && group->report && is_whole(report, group))
			report->parts[report->parts_len++] = (struct nf_part){
				.group = group, .state = NF_RESULT_INCOMPLETE, .why = why};
	}
}

void nf_poll_vlan_end(struct nf_polled *polled)
{
	struct nf_poll_run *run = polled->run;
	struct nf_poll_vlans *v = &run->vlans;
	size_t missing = v->lost + v->len - v->at;
	/* A router may list VLANs and bridge nothing. */
	bool bridges = polled->device->kind == NF_KIND_SWITCH || v->in_context ||
		       nf_poll_bridges(run->report);

	if (v->in_context)
		polled->no_contexts_mono_us = 0;
	else if (v->asked && run->silent < NF_POLL_SILENT_MAX)
		polled->no_contexts_mono_us = run->now.mono_us;
	if (bridges && (missing > 0 || v->unlisted))
		add_missing(polled, missing);
}
