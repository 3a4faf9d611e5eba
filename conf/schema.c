// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema.h"

#include <string.h>

#include "conf/schema_key.h"

static const char *const language_words[] = {"sv", "en", NULL};
static const char *const role_words[] = {"legacy", "common", "lab", NULL};
const char *const nf_kind_words[] = {"router", "switch", "ap", "firewall", "server", "printer",
	"ups", "workstation", "phone", "other", NULL};
static const char *const version_words[] = {"1", "2c", "3", NULL};
static const char *const level_words[] = {"noAuthNoPriv", "authNoPriv", "authPriv", NULL};
static const char *const auth_words[] = {
	"MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512", NULL};
static const char *const priv_words[] = {"DES", "AES", "AES-192", "AES-256", NULL};

/* clang-format off */
#define AT(member) offsetof(struct nf_site, member)
static const struct nf_key site_keys[] = {
	KEY("name", TEXT, REQUIRED, AT(name), NULL, NULL, NULL,
		"The organisation, as pages and mails call it."),
	KEY("timezone", ZONE, 0, AT(timezone), NULL, NULL, "UTC",
		"IANA name of the zone in which all times of this file are meant."),
	KEY("language", WORD, 0, AT(language), NULL, NULL, "sv",
		"Language of pages and mails, and of the sentences of netfold cutover and netfold events.", .words = language_words),
	KEY("state_dir", PATH, 0, AT(state_dir), NULL, NULL, NF_STATE_DIR,
		"Where netfold remembers: the database, the journals and the series."),
	KEY("www_dir", PATH, NF_KEY_COMPUTED, AT(www_dir), NULL, NULL, "www in state_dir",
		"Where pages are written."),
	KEY("profile_dir", PATH, 0, AT(profile_dir), NULL, NULL, NULL,
		"A folder of SNMP profiles of your own, read before those that netfold ships."),
};
#undef AT

#define AT(member) offsetof(struct nf_polling, member)
static const struct nf_key polling_keys[] = {
	KEY("ping", DURATION, 0, AT(ping_us), "1s", "1d", "30s",
		"Time between two bursts of echoes to an address."),
	KEY("ping_timeout", DURATION, 0, AT(ping_timeout_us), "50ms", "10s", "1s",
		"An echo that is not answered by then is lost."),
	KEY("ping_spacing", DURATION, 0, AT(ping_spacing_us), "1ms", "10s", "100ms",
		"Time between the echoes of one burst."),
	KEY("echoes", COUNT, 0, AT(echoes), "1", "20", "3", "Echoes in a burst."),
	KEY("snmp", DURATION, 0, AT(snmp_us), "5s", "1d", "60s",
		"Time between two polls of an SNMP agent."),
	KEY("topology", DURATION, 0, AT(topology_us), "30s", "1d", "5m",
		"Time between two readings of the large tables: forwarding, ARP, LLDP, inventory."),
	KEY("confirm", COUNT, 0, AT(confirm), "0", "20", "3",
		"Questions after a first failure, before the failure counts."),
	KEY("confirm_every", DURATION, 0, AT(confirm_every_us), "200ms", "5m", "1s",
		"Time between those questions."),
	KEY("port_settles", DURATION, 0, AT(port_settles_us), "0s", "365d", "7d",
		"A port that goes down is a warning only after it was up for so long in one piece, or was a "
		"warning before: what is switched off every evening is none. 0s: every port that was up once."),
	KEY("loss_warning", PERCENT, 0, AT(loss_warning), "0", "100", "20",
		"Percent of echoes lost over the last ten bursts that is worth a warning; 0 never is."),
	KEY("loss_critical", PERCENT, 0, AT(loss_critical), "0", "100", "60",
		"Percent of echoes lost over the last ten bursts that is critical; 0 never is."),
	KEY("rtt_warning", DURATION, 0, AT(rtt_warning_us), "0s", "10s", "0s",
		"Median round trip time that is worth a warning; 0s never is."),
	KEY("rtt_critical", DURATION, 0, AT(rtt_critical_us), "0s", "10s", "0s",
		"Median round trip time that is critical; 0s never is."),
};
#undef AT

#define AT(member) offsetof(struct nf_source, member)
static const struct nf_key source_keys[] = {
	KEY("interface", INTERFACE, 0, AT(interface), NULL, NULL, NULL,
		"Interface that all questions to this network leave through: a VLAN, a VRF or any other."),
	KEY("address", NF_TYPE_ADDRESS46, 0, AT(address4), NULL, NULL, NULL,
		"Own address that all questions to this network come from; a list of two for IPv4 and IPv6."),
};
#undef AT
static const struct nf_section source_section = {
	.name = "source", KEYS(source_keys), .size = sizeof(struct nf_source)};

#define AT(member) offsetof(struct nf_network, member)
static const struct nf_key network_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL,
		"Short name, used in devices.csv, in file names and on pages."),
	KEY("name", TEXT, 0, AT(name), NULL, NULL, NULL, "Full name; without it, the id."),
	KEY("role", WORD, REQUIRED, AT(role), NULL, NULL, NULL,
		"Whether people leave it (legacy), move into it (common), or only try things in it (lab).",
		.words = role_words),
	KEY("prefixes", NF_TYPE_PREFIX, REQUIRED | LIST, AT(prefixes), NULL, NULL, NULL,
		"Its addresses. Two networks may use the same ones if each has a source of its own; "
		"a lab may lie inside the common network."),
	KEY("source", SECTION, 0, AT(source), NULL, NULL, NULL,
		"The way out to this network.", .section = &source_section),
	KEY("wire", INTERFACE, LIST, AT(wire), NULL, NULL, NULL,
		"Interfaces on which to listen for who still talks in this network."),
	KEY("vlans", COUNT, LIST, AT(vlans), "1", "4094", NULL,
		"VLANs that carry this network, wherever their frames are seen: a switch that carries an old network "
		"and the common one at once then tells who is in which. Without it a switch shows the network in "
		"which it is asked (netfold-verify(8))."),
	KEY("max_packets_per_second", COUNT, 0, AT(max_packets_per_second), "1", "100000", "500",
		"Never send more than this into the network, all questions together."),
	KEY("supplier", TEXT, 0, AT(supplier), NULL, NULL, NULL, "Who built it, or keeps it."),
	KEY("leave_by", NF_TYPE_DAY, 0, AT(leave_by_wall_us), NULL, NULL, NULL,
		"Day by which everything should have moved out."),
};
#undef AT

#define AT(member) offsetof(struct nf_snmp, member)
static const struct nf_key auth_keys[] = {
	KEY("protocol", WORD, 0, AT(auth.protocol), NULL, NULL, "SHA-256",
		"Authentication protocol of version 3.", .words = auth_words),
	KEY("passphrase_file", SECRET, 0, AT(auth.passphrase_file), NULL, NULL, NULL,
		"File that holds the authentication passphrase."),
};
static const struct nf_key priv_keys[] = {
	KEY("protocol", WORD, 0, AT(priv.protocol), NULL, NULL, "AES",
		"Encryption protocol of version 3.", .words = priv_words),
	KEY("passphrase_file", SECRET, 0, AT(priv.passphrase_file), NULL, NULL, NULL,
		"File that holds the encryption passphrase."),
};
/* Their offsets count from the struct nf_snmp around them. */
static const struct nf_section auth_section = {
	.name = "auth", KEYS(auth_keys), .size = 0, .has_secret = true};
static const struct nf_section priv_section = {
	.name = "priv", KEYS(priv_keys), .size = 0, .has_secret = true};
static const struct nf_key snmp_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in devices.csv."),
	KEY("version", WORD, REQUIRED, AT(version), NULL, NULL, NULL,
		"Version of the protocol.", .words = version_words),
	KEY("community_file", SECRET, 0, AT(community_file), NULL, NULL, NULL,
		"Versions 1 and 2c: file that holds the community."),
	KEY("user", TEXT, 0, AT(user), NULL, NULL, NULL, "Version 3: user name."),
	KEY("level", WORD, 0, AT(level), NULL, NULL, "authPriv",
		"Version 3: security level.", .words = level_words),
	KEY("auth", SECTION, 0, 0, NULL, NULL, NULL,
		"Version 3: authentication.", .section = &auth_section),
	KEY("priv", SECTION, 0, 0, NULL, NULL, NULL,
		"Version 3: encryption.", .section = &priv_section),
	KEY("context", TEXT, 0, AT(context), NULL, NULL, "",
		"Version 3: name of the context."),
	KEY("port", PORT, 0, AT(port), "1", "65535", "161", "UDP port of the agents."),
	KEY("timeout", DURATION, 0, AT(timeout_us), "100ms", "60s", "2s",
		"How long an answer may take."),
	KEY("retries", COUNT, 0, AT(retries), "0", "10", "2",
		"How often a question without answer is sent again."),
	KEY("max_repetitions", COUNT, 0, AT(max_repetitions), "1", "200", "25",
		"Rows asked for at once; netfold goes lower by itself where an agent cannot."),
	KEY("accept_source", ADDRESS, LIST, AT(accept_source), NULL, NULL, NULL,
		"Other addresses that these agents may answer from."),
	KEY("accept_any_source", BOOL, 0, AT(accept_any_source), NULL, NULL, "false",
		"Accept answers from any address: weaker, for agents that answer from changing ones."),
};
#undef AT

#define AT(member) offsetof(struct nf_ssh, member)
static const struct nf_key ssh_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in backups."),
	KEY("user", TEXT, REQUIRED, AT(user), NULL, NULL, NULL, "User on the servers."),
	KEY("port", PORT, 0, AT(port), "1", "65535", "22", "TCP port of the servers."),
	KEY("key_file", SECRET, 0, AT(key_file), NULL, NULL, NULL, "The private key."),
	KEY("passphrase_file", SECRET, 0, AT(passphrase_file), NULL, NULL, NULL,
		"File that holds the passphrase of the key."),
	KEY("agent", BOOL, 0, AT(agent), NULL, NULL, "false",
		"Ask the SSH agent for the key instead of reading key_file."),
	KEY("known_hosts_file", FILE_THERE, REQUIRED, AT(known_hosts_file), NULL, NULL, NULL,
		"Host keys of the servers, as OpenSSH writes them; other keys are refused."),
};
#undef AT

#define AT(member) offsetof(struct nf_device, member)
static const struct nf_key device_keys[] = {
	KEY("name", NAME, REQUIRED, AT(name), NULL, NULL, NULL, "Name, unique in the site."),
	KEY("kind", WORD, REQUIRED, AT(kind), NULL, NULL, NULL,
		"What it is.", .words = nf_kind_words),
	KEY("network", REFERENCE, REQUIRED, AT(legs[0].network), NULL, NULL, NULL,
		"The network it lives in.", .table = NF_TABLE_NETWORKS),
	KEY("address", ADDRESS, REQUIRED, AT(legs[0].address), NULL, NULL, NULL,
		"Its address in that network."),
	KEY("common_address", ADDRESS, 0, AT(legs[1].address), NULL, NULL, NULL,
		"Its address in the common network, or in a lab."),
	KEY("mac", NF_TYPE_MAC, 0, AT(legs[0]), NULL, NULL, NULL, "Its MAC address."),
	KEY("snmp", REFERENCE, 0, AT(snmp), NULL, NULL, NULL,
		"How to ask its SNMP agent; without it, nobody asks.", .table = NF_TABLE_SNMP),
	KEY("parent", REFERENCE, 0, AT(parent), NULL, NULL, NULL,
		"The device through which it is reached; behind a dead parent it is unreachable, not down.",
		.table = NF_TABLE_DEVICES),
	KEY("service", REFERENCE, 0, AT(service), NULL, NULL, NULL,
		"The service it belongs to, and so who is told.", .table = NF_TABLE_SERVICES),
	KEY("owner", TEXT, 0, AT(owner), NULL, NULL, NULL, "Who answers for it."),
	KEY("deputy", TEXT, 0, AT(deputy), NULL, NULL, NULL, "Who does so in the owner's absence."),
	KEY("runbook", TEXT, 0, AT(runbook), NULL, NULL, NULL,
		"What to do when it fails: a text or a URL."),
	KEY("wave", REFERENCE, 0, AT(wave), NULL, NULL, NULL,
		"The wave it moves with.", .table = NF_TABLE_WAVES),
	KEY("acquired", NF_TYPE_DAY, 0, AT(acquired_wall_us), NULL, NULL, NULL,
		"Day on which it was bought."),
	KEY("silent", BOOL, 0, AT(silent), NULL, NULL, "false",
		"Whether it may say nothing for long and nobody is to worry: an alarm panel, a door controller, a "
		"meter. That it does not answer is no trouble then, and it is never lost for its silence alone."),
};
#undef AT
static const struct nf_section device_section = {.name = "devices", KEYS(device_keys),
	.size = sizeof(struct nf_device)};

#define AT(member) offsetof(struct nf_serve, member)
static const struct nf_key serve_keys[] = {
	KEY("listen", ADDRESS, 0, AT(listen), NULL, NULL, "127.0.0.1", "Address it listens at."),
	KEY("port", PORT, 0, AT(port), "1", "65535", "8642", "Its TCP port."),
	KEY("allow_public", BOOL, 0, AT(allow_public), NULL, NULL, "false",
		"Listen also where others can reach it, who can then read every page, without login."),
	KEY("names", TEXT, LIST, AT(names), NULL, NULL, NULL,
		"Host names that browsers may call it by, besides localhost and plain addresses."),
};
#undef AT

static const struct nf_section site_section = {.name = "site", KEYS(site_keys),
	.finish = nf_finish_site};
static const struct nf_section polling_section = {.name = "polling", KEYS(polling_keys),
	.size = sizeof(struct nf_polling), .finish = nf_finish_polling};
static const struct nf_section serve_section = {.name = "serve", KEYS(serve_keys), .finish = nf_finish_serve};
static const struct nf_section network_section = {.name = "networks", KEYS(network_keys),
	.size = sizeof(struct nf_network), .finish = nf_finish_network};
static const struct nf_section snmp_section = {.name = "snmp", KEYS(snmp_keys),
	.size = sizeof(struct nf_snmp), .has_secret = true, .finish = nf_finish_snmp};
static const struct nf_section ssh_section = {.name = "ssh", KEYS(ssh_keys),
	.size = sizeof(struct nf_ssh), .has_secret = true, .finish = nf_finish_ssh};

/* The order is that of binding: the site's zone is known before the first date is read. */
#define AT(member) offsetof(struct nf_site, member)
static const struct nf_key root_keys[] = {
	KEY("site", SECTION, REQUIRED, 0, NULL, NULL, NULL,
		"The site itself.", .section = &site_section),
	KEY("polling", SECTION, 0, AT(polling), NULL, NULL, NULL,
		"How often to ask.", .section = &polling_section),
	KEY("serve", SECTION, 0, AT(serve), NULL, NULL, NULL, "netfold-serve.", .section = &serve_section),
	KEY("networks", SECTION, REQUIRED | LIST, AT(networks), NULL, NULL, NULL,
		"The infrastructures.", .table = NF_TABLE_NETWORKS, .section = &network_section),
	KEY("snmp", SECTION, LIST, AT(snmp), NULL, NULL, NULL,
		"Ways to ask SNMP agents.", .table = NF_TABLE_SNMP, .section = &snmp_section),
	KEY("ssh", SECTION, LIST, AT(ssh), NULL, NULL, NULL,
		"Ways to look at servers.", .table = NF_TABLE_SSH, .section = &ssh_section),
	KEY("mail", SECTION, 0, AT(mail), NULL, NULL, NULL,
		"How mail leaves; without it, none does, of which netfold check warns where there are contacts.",
		.section = &nf_schema_mail),
	KEY("contacts", SECTION, LIST, AT(contacts), NULL, NULL, NULL,
		"Who can be told.", .table = NF_TABLE_CONTACTS, .section = &nf_schema_contact),
	KEY("rotas", SECTION, LIST, AT(rotas), NULL, NULL, NULL,
		"Who is on call when.", .table = NF_TABLE_ROTAS, .section = &nf_schema_rota),
	KEY("services", SECTION, LIST, AT(services), NULL, NULL, NULL,
		"What the devices are for.", .table = NF_TABLE_SERVICES, .section = &nf_schema_service),
	KEY("alerting", SECTION, 0, AT(alerting), NULL, NULL, NULL,
		"How people are told.", .section = &nf_schema_alerting),
	KEY("inventory", SECTION, 0, AT(inventory), NULL, NULL, NULL,
		"How devices_csv is to be read when it comes from another tool.",
		.section = &nf_schema_inventory),
	KEY("devices_csv", PATH, 0, AT(devices_csv), NULL, NULL, NULL,
		"The inventory: a CSV file with a row for each device."),
	KEY("devices", SECTION, LIST | NF_KEY_LATER, AT(devices), NULL, NULL, NULL,
		"Devices written here instead of, or beside, devices_csv, with the same keys.",
		.table = NF_TABLE_DEVICES, .section = &device_section),
	KEY("backups", SECTION, LIST, AT(backups), NULL, NULL, NULL,
		"Jobs whose results are proved.", .table = NF_TABLE_BACKUPS, .section = &nf_schema_backup),
	KEY("waivers", SECTION, LIST, AT(waivers), NULL, NULL, NULL,
		"Servers that need no backup, for a while.", .section = &nf_schema_waiver),
	KEY("waves", SECTION, LIST, AT(waves), NULL, NULL, NULL,
		"Devices that move together.", .table = NF_TABLE_WAVES, .section = &nf_schema_wave),
	KEY("maintenance", SECTION, LIST, AT(maintenance), NULL, NULL, NULL,
		"Windows in which trouble is expected: mails wait, measurement goes on.",
		.table = NF_TABLE_MAINTENANCE, .section = &nf_schema_maintenance),
	KEY("cutover", SECTION, 0, AT(cutover), NULL, NULL, NULL,
		"How a device's move is followed.", .section = &nf_schema_cutover),
};
#undef AT
/* clang-format on */

static const struct nf_section root_section = {
	.name = "", KEYS(root_keys), .size = sizeof(struct nf_site)};

const struct nf_section *nf_schema_site(void)
{
	return &root_section;
}

const struct nf_section *nf_schema_device(void)
{
	return &device_section;
}

static const struct nf_key *table_key(enum nf_table table)
{
	for (size_t i = 0; i < root_section.len; i++) {
		if (root_section.keys[i].table == table && root_section.keys[i].section)
			return &root_section.keys[i];
	}
	return NULL;
}

struct nf_list nf_table_list(const void *site, enum nf_table table)
{
	const struct nf_key *key = table_key(table);
	struct nf_list list = {0};

	if (key)
		memcpy(&list, (const char *)site + key->offset, sizeof list);
	return list;
}

size_t nf_table_item_size(enum nf_table table)
{
	const struct nf_key *key = table_key(table);

	return key ? key->section->size : 0;
}

const char *nf_table_noun(enum nf_table table)
{
	static const char *const nouns[NF_TABLES] = {"thing", "network", "snmp", "ssh",
		"contact", "rota", "service", "device", "backup", "wave", "maintenance window"};

	return nouns[table];
}

const char *nf_role_text(enum nf_role role)
{
	return role_words[role];
}

const char *nf_kind_text(enum nf_kind kind)
{
	return nf_kind_words[kind];
}
