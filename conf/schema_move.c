// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema_key.h"

/* clang-format off */
#define AT(member) offsetof(struct nf_wave, member)
static const struct nf_key wave_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in devices.csv."),
	KEY("network", REFERENCE, REQUIRED, AT(network), NULL, NULL, NULL,
		"The network that its devices leave.", .table = NF_TABLE_NETWORKS),
	KEY("from", INSTANT, REQUIRED, AT(from_wall_us), NULL, NULL, NULL, "The move begins."),
	KEY("to", INSTANT, REQUIRED, AT(to_wall_us), NULL, NULL, NULL,
		"The move should be over; until then trouble is expected."),
};
#undef AT

#define AT(member) offsetof(struct nf_maintenance, member)
static const struct nf_key maintenance_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name of the window."),
	KEY("reason", TEXT, 0, AT(reason), NULL, NULL, NULL, "What is done then."),
	KEY("devices", GLOB, LIST, AT(devices), NULL, NULL, NULL,
		"Devices it covers, and all behind them: names, or patterns such as srv-*."),
	KEY("networks", REFERENCE, LIST, AT(networks), NULL, NULL, NULL,
		"Networks it covers.", .table = NF_TABLE_NETWORKS),
	KEY("every", START, 0, AT(every), NULL, NULL, NULL, "When it begins, again and again."),
	KEY("for", DURATION, 0, AT(for_us), "1m", "7d", NULL, "How long it lasts, with every."),
	KEY("from", INSTANT, 0, AT(from_wall_us), NULL, NULL, NULL, "When it begins, once."),
	KEY("to", INSTANT, 0, AT(to_wall_us), NULL, NULL, NULL, "When it ends, with from."),
};
#undef AT

#define AT(member) offsetof(struct nf_quiet_kind, member)
static const struct nf_key quiet_kind_keys[] = {
	KEY("kind", WORD, REQUIRED, AT(kind), NULL, NULL, NULL,
		"The kind of device, as in devices.csv.", .words = nf_kind_words),
	KEY("quiet", DURATION, 0, AT(quiet_us), "1s", "400d", NULL, "Its quiet time."),
	KEY("lost_after", DURATION, 0, AT(lost_after_us), "1s", "400d", NULL,
		"Its time until it is lost: longer than it is usually off."),
};
#undef AT
static const struct nf_section quiet_kind_section = {.name = "quiet_kinds",
	KEYS(quiet_kind_keys), .size = sizeof(struct nf_quiet_kind)};

#define AT(member) offsetof(struct nf_freeze, member)
static const struct nf_key freeze_keys[] = {
	KEY("from", NF_TYPE_DAY, REQUIRED, AT(from_wall_us), NULL, NULL, NULL, "First day."),
	KEY("to", NF_TYPE_DAY_END, REQUIRED, AT(to_wall_us), NULL, NULL, NULL, "Last day."),
	KEY("reason", TEXT, 0, AT(reason), NULL, NULL, NULL, "Why nothing may move then."),
};
#undef AT
static const struct nf_section freeze_section = {.name = "freezes",
	KEYS(freeze_keys), .size = sizeof(struct nf_freeze), .finish = nf_finish_freeze};

#define AT(member) offsetof(struct nf_cutover, member)
static const struct nf_key cutover_keys[] = {
	KEY("quiet", DURATION, 0, AT(quiet_us), "1s", "400d", "7d",
		"How long a moved device must be silent on its old network before the move is confirmed. "
		"Only time counts in which netfold could have seen it."),
	KEY("quiet_kinds", SECTION, LIST, AT(quiet_kinds), NULL, NULL, NULL,
		"Other times for a kind of device, such as printers that are off for days.",
		.section = &quiet_kind_section),
	KEY("month_end", BOOL, 0, AT(month_end), NULL, NULL, "false",
		"Whether the quiet time must hold the last day of a month, for jobs that run only then."),
	KEY("lost_after", DURATION, 0, AT(lost_after_us), "1s", "400d", "3d",
		"A device that used to answer and was seen on neither side for so long is lost."),
	KEY("team", REFERENCE, LIST, AT(team), NULL, NULL, NULL,
		"Contacts of the migration team: regressions, waves and blockers are mailed to them.",
		.table = NF_TABLE_CONTACTS),
	KEY("weekly", START, 0, AT(weekly), NULL, NULL, "Mon 07:00",
		"When the team gets the progress mail."),
	KEY("freezes", SECTION, LIST, AT(freezes), NULL, NULL, NULL,
		"Days on which nothing may move; the forecast leaves them out.",
		.section = &freeze_section),
	KEY("canary", DURATION, 0, AT(canary_us), "0s", "1h", "5m",
		"Time between two frames that netfold sends on a wire it listens to, to prove that it would "
		"hear one; 0s sends none."),
	KEY("keep", DURATION, 0, AT(keep_us), "1d", "3650d", "400d",
		"How long sightings, callers, snapshots and results of waves are kept: they say who was where and "
		"when. Of devices that move the first and the last day on either side stay: netfold-wire(8), "
		"PRIVACY."),
	KEY("ports", PORT, LIST, AT(ports), "1", "65535", NULL,
		"TCP ports of services of your own, for netfold cutover snapshot: it asks for these beside the usual "
		"ones (netfold(1))."),
};
#undef AT
/* clang-format on */

const struct nf_section nf_schema_cutover = {
	.name = "cutover", KEYS(cutover_keys), .size = sizeof(struct nf_cutover)};
const struct nf_section nf_schema_wave = {.name = "waves",
	KEYS(wave_keys),
	.size = sizeof(struct nf_wave),
	.finish = nf_finish_wave};
const struct nf_section nf_schema_maintenance = {.name = "maintenance",
	KEYS(maintenance_keys),
	.size = sizeof(struct nf_maintenance),
	.finish = nf_finish_maintenance};
