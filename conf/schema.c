// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema.h"

#include <string.h>

#include "conf/finish.h"
#include "conf/site.h"

#define KEYS(table) .keys = (table), .len = sizeof(table) / sizeof(table)[0]

#define REQUIRED    NF_KEY_REQUIRED
#define LIST	    NF_KEY_LIST

#define TEXT	    NF_TYPE_TEXT
#define ID	    NF_TYPE_ID
#define NAME	    NF_TYPE_NAME
#define BOOL	    NF_TYPE_BOOL
#define COUNT	    NF_TYPE_COUNT
#define PORT	    NF_TYPE_PORT
#define PERCENT	    NF_TYPE_PERCENT
#define DURATION    NF_TYPE_DURATION
#define SIZE	    NF_TYPE_SIZE
#define WORD	    NF_TYPE_WORD
#define PATH	    NF_TYPE_PATH
#define FILE_THERE  NF_TYPE_FILE
#define SECRET	    NF_TYPE_SECRET
#define REMOTE_PATH NF_TYPE_REMOTE_PATH
#define REGEX	    NF_TYPE_REGEX
#define GLOB	    NF_TYPE_GLOB
#define ZONE	    NF_TYPE_ZONE
#define INTERFACE   NF_TYPE_INTERFACE
#define MAIL	    NF_TYPE_MAIL
#define ADDRESS	    NF_TYPE_ADDRESS
#define START	    NF_TYPE_START
#define SPAN	    NF_TYPE_SPAN
#define INSTANT	    NF_TYPE_INSTANT
#define REFERENCE   NF_TYPE_REFERENCE
#define SECTION	    NF_TYPE_SECTION

static const char *const language_words[] = {"sv", "en", NULL};
static const char *const role_words[] = {"legacy", "common", "lab", NULL};
static const char *const kind_words[] = {"router", "switch", "ap", "firewall", "server",
	"printer", "ups", "workstation", "phone", "other", NULL};
static const char *const version_words[] = {"1", "2c", "3", NULL};
static const char *const level_words[] = {"noAuthNoPriv", "authNoPriv", "authPriv", NULL};
static const char *const auth_words[] = {
	"MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512", NULL};
static const char *const priv_words[] = {"DES", "AES", "AES-192", "AES-256", NULL};
static const char *const tls_words[] = {"required", "optional", "never", NULL};

/* Behind the manual's text come .words, .table or .section where the type needs one. */
#define KEY(key_name, key_type, key_flags, target, smallest, largest, otherwise, manual, ...)  \
	{                                                                                      \
		.name = key_name, .type = key_type, .flags = key_flags, .offset = target,      \
		.min = smallest, .max = largest, .fallback = otherwise, .doc = manual,         \
		__VA_ARGS__                                                                    \
	}

/* clang-format off */
#define AT(member) offsetof(struct nf_site, member)
static const struct nf_key site_keys[] = {
	KEY("name", TEXT, REQUIRED, AT(name), NULL, NULL, NULL,
		"The organisation, as pages and mails call it."),
	KEY("timezone", ZONE, 0, AT(timezone), NULL, NULL, "UTC",
		"IANA name of the zone in which all times of this file are meant."),
	KEY("language", WORD, 0, AT(language), NULL, NULL, "sv",
		"Language of pages and mails.", .words = language_words),
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

#define AT(member) offsetof(struct nf_mail, member)
#define MAIL_KEYS \
	KEY("server", NF_TYPE_SERVER, REQUIRED, AT(server), NULL, NULL, NULL, \
		"The mail server: smtp://HOST:PORT, or smtps://HOST:PORT for TLS from the first byte."), \
	KEY("tls", WORD, 0, AT(tls), NULL, NULL, "required", \
		"Whether to insist on encryption.", .words = tls_words), \
	KEY("ca_file", FILE_THERE, 0, AT(ca_file), NULL, NULL, NULL, \
		"Certificates to trust instead of the system's."), \
	KEY("user", TEXT, 0, AT(user), NULL, NULL, NULL, "User name at the server."), \
	KEY("password_file", SECRET, 0, AT(password_file), NULL, NULL, NULL, \
		"File that holds the password at the server."), \
	KEY("from", MAIL, REQUIRED, AT(from), NULL, NULL, NULL, "Sender's address.")
static const struct nf_key fallback_keys[] = {MAIL_KEYS};
static const struct nf_section fallback_section = {.name = "fallback", KEYS(fallback_keys),
	.size = sizeof(struct nf_mail), .has_secret = true, .finish = nf_finish_mail};
static const struct nf_key mail_keys[] = {
	MAIL_KEYS,
	KEY("fallback", NF_TYPE_SECTION_PTR, 0, AT(fallback), NULL, NULL, NULL,
		"Another server, with the same keys, for when the first does not take the mail.",
		.section = &fallback_section),
};
#undef AT

#define AT(member) offsetof(struct nf_contact, member)
static const struct nf_key contact_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in rotas."),
	KEY("name", TEXT, 0, AT(name), NULL, NULL, NULL, "The person or post; without it, the id."),
	KEY("mail", MAIL, REQUIRED, AT(mail), NULL, NULL, NULL, "Where mails go."),
};
#undef AT

#define AT(member) offsetof(struct nf_rota, member)
static const struct nf_key rota_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in services."),
	KEY("turns", REFERENCE, REQUIRED | LIST, AT(turns), NULL, NULL, NULL,
		"Contacts, in the order in which they are on call.", .table = NF_TABLE_CONTACTS),
	KEY("change", START, 0, AT(change), NULL, NULL, "Mon 08:00",
		"When the turn passes to the next."),
	KEY("starts", NF_TYPE_DAY, REQUIRED, AT(starts_wall_us), NULL, NULL, NULL,
		"Day on which the first of the turns begins; a change on that very day does not count."),
	KEY("escalate_after", DURATION, 0, AT(escalate_after_us), "1m", "30d", "30m",
		"A critical problem that nobody acknowledged for so long goes to escalate_to."),
	KEY("escalate_to", REFERENCE, LIST, AT(escalate_to), NULL, NULL, NULL,
		"Contacts who hear of it then.", .table = NF_TABLE_CONTACTS),
};
#undef AT

#define AT(member) offsetof(struct nf_alerting, member)
static const struct nf_key alerting_keys[] = {
	KEY("settle", DURATION, 0, AT(settle_us), "0s", "60s", "30s",
		"How long a mail waits for the picture to settle, so that one mail names all of it."),
	KEY("digest", NF_TYPE_DAYTIME, 0, AT(digest), NULL, NULL, "07:00",
		"Time of the morning digest: all that is not green, and what waited for it."),
	KEY("digest_to", REFERENCE, LIST, AT(digest_to), NULL, NULL, NULL,
		"Contacts who get the digest; without it, whoever is on call then.",
		.table = NF_TABLE_CONTACTS),
	KEY("rota", REFERENCE, NF_KEY_COMPUTED, AT(rota), NULL, NULL, "the first of rotas",
		"Who is told of what has no service: the monitor itself, networks, devices without one.",
		.table = NF_TABLE_ROTAS),
	KEY("heartbeat_url_file", SECRET, 0, AT(heartbeat_url_file), NULL, NULL, NULL,
		"File that holds a URL which is fetched every minute while all programs are healthy, so that "
		"somebody notices when netfold is not."),
	KEY("heartbeat_file", PATH, NF_KEY_COMPUTED, AT(heartbeat_file), NULL, NULL,
		"heartbeat in state_dir", "File that is touched every minute while all programs are healthy."),
	KEY("link", TEXT, 0, AT(link), NULL, NULL, NULL,
		"Where the pages are served, such as https://netfold.example.se; mails then link to them."),
};
#undef AT
static const struct nf_section alerting_section = {.name = "alerting", KEYS(alerting_keys),
	.size = sizeof(struct nf_alerting), .has_secret = true};

#define AT(member) offsetof(struct nf_service, member)
static const struct nf_key service_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Short name, used in devices.csv."),
	KEY("name", TEXT, 0, AT(name), NULL, NULL, NULL, "Full name; without it, the id."),
	KEY("hours", SPAN, LIST, AT(hours), NULL, NULL, NULL,
		"When the service is promised; without it, always."),
	KEY("timezone", ZONE, NF_KEY_COMPUTED, AT(timezone), NULL, NULL, "site.timezone",
		"Zone of the hours."),
	KEY("holidays", NF_TYPE_DATE, LIST, AT(holidays), NULL, NULL, NULL,
		"Days without service: 2011-06-24, or 12-24 for every year."),
	KEY("target", PERCENT, 0, AT(target), "0", "100", "99.5",
		"Percent of its hours in which it should be up."),
	KEY("rota", REFERENCE, 0, AT(rota), NULL, NULL, NULL,
		"Who is told; without it, nobody.", .table = NF_TABLE_ROTAS),
	KEY("critical_waits", BOOL, 0, AT(critical_waits), NULL, NULL, "false",
		"Let critical problems, too, wait for the service hours."),
};
#undef AT

#define AT(member) offsetof(struct nf_device, member)
static const struct nf_key device_keys[] = {
	KEY("name", NAME, REQUIRED, AT(name), NULL, NULL, NULL, "Name, unique in the site."),
	KEY("kind", WORD, REQUIRED, AT(kind), NULL, NULL, NULL,
		"What it is.", .words = kind_words),
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
};
#undef AT
static const struct nf_section device_section = {.name = "devices", KEYS(device_keys),
	.size = sizeof(struct nf_device)};

#define AT(member) offsetof(struct nf_proof, member)
#define MAX_AGE(flags, what) KEY("max_age", DURATION, flags, AT(max_age_us), "1m", "3650d", NULL, what)
static const struct nf_key artefact_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"Pattern of the backups' files; the newest match is judged."),
	KEY("min_size", SIZE, 0, AT(min_size), "1", NULL, "1", "A smaller file is bad."),
	MAX_AGE(0, "An older file is bad."),
	KEY("complete", BOOL, 0, AT(complete), NULL, NULL, "false",
		"Look for the format's own ending."),
	KEY("deep", BOOL, 0, AT(deep), NULL, NULL, "false", "Read the whole file, not only its ends."),
	KEY("max_drop", PERCENT, 0, AT(max_drop), "0", "100", "50",
		"Percent by which a file may be smaller than the median of its last runs."),
	KEY("keep", COUNT, 0, AT(keep), "1", "10000", "1", "Good files that must be there."),
};
static const struct nf_key manifest_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "File of checksums."),
	KEY("sample", COUNT, 0, AT(sample), "0", "1000000", "0",
		"How many of its files to check in one run; 0 is all."),
};
static const struct nf_key log_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "Log of the job."),
	KEY("success", REGEX, REQUIRED, AT(success), NULL, NULL, NULL,
		"Regular expression of the line that says success; it must be later than the start."),
	KEY("failure", REGEX, 0, AT(failure), NULL, NULL, NULL,
		"Regular expression of lines that say failure."),
};
static const struct nf_key status_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"File in which the job leaves its status."),
	KEY("success", REGEX, 0, AT(success), NULL, NULL, "^0$",
		"Regular expression of its first line after a good run."),
	MAX_AGE(0, "An older file is bad."),
};
static const struct nf_key lock_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"Lock or pid file that is there while the job runs."),
	MAX_AGE(REQUIRED, "A job that runs longer hangs."),
};
static const struct nf_key copy_keys[] = {
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"Where the second copy lies.", .table = NF_TABLE_DEVICES),
	KEY("ssh", REFERENCE, REQUIRED, AT(ssh), NULL, NULL, NULL,
		"How to look there.", .table = NF_TABLE_SSH),
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "Pattern of the copies."),
	KEY("min_size", SIZE, 0, AT(min_size), "0", NULL, "0", "A smaller file is bad."),
	MAX_AGE(0, "An older file is bad."),
};
static const struct nf_key drill_keys[] = {
	MAX_AGE(REQUIRED, "How long ago the last restore drill may be."),
};
#define CHECK_KEYS \
	KEY("check", BOOL, 0, AT(check), NULL, NULL, "false", \
		"Ask the repository to check itself, too."), \
	KEY("check_max_age", DURATION, 0, AT(check_max_age_us), "1h", "3650d", "7d", \
		"How long ago the last such check may be before it is done again.")
static const struct nf_key restic_keys[] = {
	KEY("repository", NF_TYPE_REPOSITORY, REQUIRED, AT(repository), NULL, NULL, NULL,
		"The repository, as restic names it."),
	KEY("password_file", REMOTE_PATH, 0, AT(password_file), NULL, NULL, NULL,
		"File on the server that holds the repository's password."),
	MAX_AGE(0, "An older newest snapshot is bad."), CHECK_KEYS,
};
static const struct nf_key borg_keys[] = {
	KEY("repository", NF_TYPE_REPOSITORY, REQUIRED, AT(repository), NULL, NULL, NULL,
		"The repository, as borg names it."),
	KEY("password_file", REMOTE_PATH, 0, AT(password_file), NULL, NULL, NULL,
		"File on the server that holds the repository's passphrase."),
	MAX_AGE(0, "An older newest archive is bad."), CHECK_KEYS,
};
static const struct nf_key zfs_keys[] = {
	KEY("dataset", NF_TYPE_DATASET, REQUIRED, AT(dataset), NULL, NULL, NULL, "The dataset."),
	MAX_AGE(0, "An older newest snapshot is bad."),
};
static const struct nf_key plugin_keys[] = {
	KEY("run", REMOTE_PATH, REQUIRED, AT(run), NULL, NULL, NULL,
		"Command on the server that answers as monitoring plugins do: status 0, 1, 2 or 3."),
};
#undef AT
#define PROOF(kind) &(const struct nf_section){.name = #kind, KEYS(kind##_keys)}
/* In the order of enum nf_proof_kind. */
static const struct nf_section *const proof_kinds[] = {
	PROOF(artefact), PROOF(manifest), PROOF(log), PROOF(status), PROOF(lock), PROOF(copy),
	PROOF(drill), PROOF(restic), PROOF(borg), PROOF(zfs), PROOF(plugin),
};
static const struct nf_section proof_section = {.name = "proofs", .kinds = proof_kinds,
	.kinds_len = sizeof proof_kinds / sizeof proof_kinds[0],
	.kind_offset = offsetof(struct nf_proof, kind), .size = sizeof(struct nf_proof),
	.finish = nf_finish_proof};

#define AT(member) offsetof(struct nf_backup, member)
static const struct nf_key backup_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Name of the job."),
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"The server that is backed up, and looked at.", .table = NF_TABLE_DEVICES),
	KEY("ssh", REFERENCE, REQUIRED, AT(ssh), NULL, NULL, NULL,
		"How to look there.", .table = NF_TABLE_SSH),
	KEY("starts", START, REQUIRED, AT(starts), NULL, NULL, NULL, "When the job starts."),
	KEY("due", NF_TYPE_DAYTIME, REQUIRED, AT(due), NULL, NULL, NULL,
		"Time of day by which it must have finished, next after its start."),
	KEY("proofs", SECTION, REQUIRED | LIST, AT(proofs), NULL, NULL, NULL,
		"Tests that must all hold; each has a kind.", .section = &proof_section),
};
#undef AT

#define AT(member) offsetof(struct nf_waiver, member)
static const struct nf_key waiver_keys[] = {
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"The server that needs no backup.", .table = NF_TABLE_DEVICES),
	KEY("reason", TEXT, REQUIRED, AT(reason), NULL, NULL, NULL, "Why it needs none."),
	KEY("owner", TEXT, REQUIRED, AT(owner), NULL, NULL, NULL, "Who decided so."),
	KEY("until", NF_TYPE_DAY_END, REQUIRED, AT(until_wall_us), NULL, NULL, NULL,
		"Last day on which this holds."),
};
#undef AT

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
static const struct nf_section mail_section = {.name = "mail", KEYS(mail_keys),
	.size = sizeof(struct nf_mail), .has_secret = true, .finish = nf_finish_mail};
static const struct nf_section contact_section = {.name = "contacts", KEYS(contact_keys),
	.size = sizeof(struct nf_contact), .finish = nf_finish_contact};
static const struct nf_section rota_section = {.name = "rotas", KEYS(rota_keys),
	.size = sizeof(struct nf_rota)};
static const struct nf_section service_section = {.name = "services", KEYS(service_keys),
	.size = sizeof(struct nf_service), .finish = nf_finish_service};
static const struct nf_section backup_section = {.name = "backups", KEYS(backup_keys),
	.size = sizeof(struct nf_backup)};
static const struct nf_section waiver_section = {.name = "waivers", KEYS(waiver_keys),
	.size = sizeof(struct nf_waiver)};
static const struct nf_section wave_section = {.name = "waves", KEYS(wave_keys),
	.size = sizeof(struct nf_wave), .finish = nf_finish_wave};
static const struct nf_section maintenance_section = {.name = "maintenance", KEYS(maintenance_keys),
	.size = sizeof(struct nf_maintenance), .finish = nf_finish_maintenance};

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
		"How mail leaves; without it, none does.", .section = &mail_section),
	KEY("contacts", SECTION, LIST, AT(contacts), NULL, NULL, NULL,
		"Who can be told.", .table = NF_TABLE_CONTACTS, .section = &contact_section),
	KEY("rotas", SECTION, LIST, AT(rotas), NULL, NULL, NULL,
		"Who is on call when.", .table = NF_TABLE_ROTAS, .section = &rota_section),
	KEY("services", SECTION, LIST, AT(services), NULL, NULL, NULL,
		"What the devices are for.", .table = NF_TABLE_SERVICES, .section = &service_section),
	KEY("alerting", SECTION, 0, AT(alerting), NULL, NULL, NULL,
		"How people are told.", .section = &alerting_section),
	KEY("devices_csv", PATH, 0, AT(devices_csv), NULL, NULL, NULL,
		"The inventory: a CSV file with a row for each device."),
	KEY("devices", SECTION, LIST | NF_KEY_LATER, AT(devices), NULL, NULL, NULL,
		"Devices written here instead of, or beside, devices_csv, with the same keys.",
		.table = NF_TABLE_DEVICES, .section = &device_section),
	KEY("backups", SECTION, LIST, AT(backups), NULL, NULL, NULL,
		"Jobs whose results are proved.", .table = NF_TABLE_BACKUPS, .section = &backup_section),
	KEY("waivers", SECTION, LIST, AT(waivers), NULL, NULL, NULL,
		"Servers that need no backup, for a while.", .section = &waiver_section),
	KEY("waves", SECTION, LIST, AT(waves), NULL, NULL, NULL,
		"Devices that move together.", .table = NF_TABLE_WAVES, .section = &wave_section),
	KEY("maintenance", SECTION, LIST, AT(maintenance), NULL, NULL, NULL,
		"Windows in which trouble is expected: mails wait, measurement goes on.",
		.table = NF_TABLE_MAINTENANCE, .section = &maintenance_section),
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
	return kind_words[kind];
}
