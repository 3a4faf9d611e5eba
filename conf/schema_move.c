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
/* clang-format on */

const struct nf_section nf_schema_wave = {.name = "waves",
	KEYS(wave_keys),
	.size = sizeof(struct nf_wave),
	.finish = nf_finish_wave};
const struct nf_section nf_schema_maintenance = {.name = "maintenance",
	KEYS(maintenance_keys),
	.size = sizeof(struct nf_maintenance),
	.finish = nf_finish_maintenance};
