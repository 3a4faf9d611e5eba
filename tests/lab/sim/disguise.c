// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "tests/lab/sim/switch.h"
#include "tests/lab/sim/view.h"

/* One filling for everything long; bigger than any datagram. */
#define FILLING_LEN 65507

static const uint8_t *filling(void)
{
	static const uint8_t as[FILLING_LEN] = {[0 ... FILLING_LEN - 1] = 'A'};

	return as;
}

static const struct {
	const char *text;
	size_t len;
} hostile_texts[] = {
#define HOSTILE(text)                                                                          \
	{                                                                                      \
		text, sizeof text - 1                                                          \
	}
	[NF_SIM_HTML] = HOSTILE("\"><script>alert('x')</script><!-- &amp; </td><b "),
	[NF_SIM_ANSI] = HOSTILE("\033[2J\033[31mred\033]0;title\007 \233"),
	[NF_SIM_CRLF] = HOSTILE("one\r\nBcc: other@example.org\r\n\r\n.\r\ntwo "),
	[NF_SIM_BIDI] = HOSTILE("abc\342\200\256gpj.exe\342\201\246 \342\200\250"),
	[NF_SIM_NUL] = HOSTILE("before\0after\0"),
	[NF_SIM_UTF8] = HOSTILE("\303( \300\257 \355\240\200 \364\220\200\200 \377 \342\202"),
	[NF_SIM_PATH] = HOSTILE("../../../../tmp/x/./..//%00%2f "),
#undef HOSTILE
};

/* The texts an administrator or an attacker can write into a device. */
static bool is_text(const uint32_t *ids, size_t len)
{
	static const struct nf_sim_oid texts[] = {
		{8,  {1, 3, 6, 1, 2, 1, 1, 1}	    }, /* sysDescr */
		{8,  {1, 3, 6, 1, 2, 1, 1, 4}	    }, /* sysContact */
		{8,  {1, 3, 6, 1, 2, 1, 1, 5}	    }, /* sysName */
		{8,  {1, 3, 6, 1, 2, 1, 1, 6}	    }, /* sysLocation */
		{10, {1, 3, 6, 1, 2, 1, 2, 2, 1, 2}	   }, /* ifDescr */
		{11, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1} }, /* ifName */
		{11, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18}}, /* ifAlias */
		{11, {1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 3} }, /* hrStorageDescr */
		{11, {1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1} }, /* entPhysicalTable */
		{11, {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6}}, /* prtMarkerSuppliesDescription */
		{11, {1, 0, 8802, 1, 1, 2, 1, 4, 1, 1}  }, /* lldpRemTable */
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (nf_sim_oid_within(ids, len, &texts[i]))
			return true;
	}
	return false;
}

/* The text and the row's number, so that names stay distinct. */
static void be_hostile(
	uint32_t kind, const struct nf_sim_entry *entry, struct nf_sim_value *value)
{
	if (kind == NF_SIM_LONG) {
		value->bytes = filling();
		value->len = 60000;
		return;
	}
	if (kind == NF_SIM_EMPTY) {
		value->len = 0;
		return;
	}
	size_t len = hostile_texts[kind].len;

	memcpy(value->room, hostile_texts[kind].text, len);
	int more = snprintf((char *)value->room + len, sizeof value->room - len, "%u",
		entry->ids[entry->ids_len - 1]);

	value->bytes = value->room;
	value->len = (uint32_t)len + (uint32_t)more;
}

static void wrong_type(uint32_t as, struct nf_sim_value *value)
{
	static const uint8_t negative[] = {0xff, 0xff, 0xff, 0xff};
	/* Opaque float 1.5, as net-snmp wraps it */
	static const uint8_t opaque[] = {0x9f, 0x78, 0x04, 0x3f, 0xc0, 0x00, 0x00};

	switch (as) {
	case NF_SIM_AS_STRING:
		nf_sim_value_text(value, "many");
		break;
	case NF_SIM_AS_NEGATIVE: /* the tag stays: a counter of minus one, in four octets */
		nf_sim_value_bytes(value, value->tag, negative, sizeof negative);
		break;
	case NF_SIM_AS_OPAQUE:
		nf_sim_value_bytes(value, NF_SIM_OPAQUE, opaque, sizeof opaque);
		break;
	default:
		nf_sim_value_bytes(value, NF_SIM_NULL, opaque, 0);
	}
}

static void forge(struct nf_sim_value *value)
{
	if (value->tag == NF_SIM_OCTETS)
		nf_sim_value_text(value, "forged");
	else if (value->tag != NF_SIM_OBJECT && value->tag != NF_SIM_ADDRESS)
		nf_sim_value_number(value, value->tag, 666);
}

static void lie(const struct nf_sim_options *options, const struct nf_sim_entry *entry,
	struct nf_sim_value *value)
{
	const struct nf_sim_rule *rule;

	if (options->hostile != NF_SIM_TAME && value->tag == NF_SIM_OCTETS &&
		is_text(entry->ids, entry->ids_len))
		be_hostile(options->hostile, entry, value);
	rule = nf_sim_rule_of(&options->bloat, entry->ids, entry->ids_len);
	if (rule && value->tag == NF_SIM_OCTETS) {
		value->bytes = filling();
		value->len = rule->number;
	}
	rule = nf_sim_rule_of(&options->as, entry->ids, entry->ids_len);
	if (rule)
		wrong_type(rule->number, value);
}

/* A recording that lives: its sysUpTime goes on, and each counter by `rate` a second. */
static void liven(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	struct nf_sim_value *value)
{
	static const struct nf_sim_oid uptime = {
		8, {1, 3, 6, 1, 2, 1, 1, 3}
	   };
	bool is_uptime = nf_sim_oid_within(entry->ids, entry->ids_len, &uptime);
	uint64_t number = 0;

	if (!is_uptime && value->tag != NF_SIM_COUNTER32 && value->tag != NF_SIM_COUNTER64)
		return;
	bool from_zero = is_uptime ? agent->rebooted : agent->counters_reset;

	for (uint32_t i = 0; i < value->len && !from_zero; i++)
		number = number << 8 | value->bytes[i];
	if (is_uptime) {
		number += (uint64_t)(agent->now_us - agent->boot_us) / 10000;
	} else {
		uint64_t us = (uint64_t)(agent->now_us - agent->counters_us);

		number += us / 1000 * agent->options.rate / 1000;
	}
	nf_sim_value_number(
		value, value->tag, value->tag == NF_SIM_COUNTER64 ? number : (uint32_t)number);
}

void nf_sim_view_value(const struct nf_sim_agent *agent, const struct nf_sim_entry *entry,
	bool forged, struct nf_sim_value *out)
{
	if (entry->bytes) {
		out->bytes = entry->bytes;
		out->len = entry->len;
		out->tag = entry->tag;
		if (agent->options.live)
			liven(agent, entry, out);
	} else {
		nf_sim_switch_value(agent, entry, out);
	}
	if (agent->lying)
		lie(&agent->options, entry, out);
	if (forged)
		forge(out);
}
