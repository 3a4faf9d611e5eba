// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema_key.h"

static const char *const tls_words[] = {"required", "optional", "never", NULL};

/* clang-format off */
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
	KEY("test_to", REFERENCE, LIST, AT(test_to), NULL, NULL, NULL,
		"Contacts who get a test mail every day: one that does not come says that mail is broken.",
		.table = NF_TABLE_CONTACTS),
	KEY("test_at", NF_TYPE_DAYTIME, 0, AT(test_at), NULL, NULL, "06:30", "Time of that test mail."),
	KEY("keep_events", DURATION, 0, AT(keep_events_us), "30d", "4000d", "400d",
		"How long events are kept; those since an open incident began are, however old."),
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
const struct nf_section nf_schema_alerting = {.name = "alerting", KEYS(alerting_keys),
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
/* clang-format on */

const struct nf_section nf_schema_mail = {.name = "mail",
	KEYS(mail_keys),
	.size = sizeof(struct nf_mail),
	.has_secret = true,
	.finish = nf_finish_mail};
const struct nf_section nf_schema_contact = {.name = "contacts",
	KEYS(contact_keys),
	.size = sizeof(struct nf_contact),
	.finish = nf_finish_contact};
const struct nf_section nf_schema_rota = {
	.name = "rotas", KEYS(rota_keys), .size = sizeof(struct nf_rota)};
const struct nf_section nf_schema_service = {.name = "services",
	KEYS(service_keys),
	.size = sizeof(struct nf_service),
	.finish = nf_finish_service};
