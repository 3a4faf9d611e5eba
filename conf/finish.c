// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/finish.h"

#include <string.h>

#include "conf/bind.h"

void nf_finish_site(struct nf_bind *b, void *item)
{
	struct nf_site *site = item;

	if (!site->www_dir && site->state_dir)
		site->www_dir = nf_arena_printf(site->arena, "%s/www", site->state_dir);
	if (!site->timezone)
		site->timezone = "UTC";
	(void)b;
}

void nf_finish_polling(struct nf_bind *b, void *item)
{
	struct nf_polling *p = item;
	int64_t burst_us = (int64_t)(p->echoes - 1) * p->ping_spacing_us + p->ping_timeout_us;

	if (p->echoes > 0 && p->ping_us > 0 && burst_us > p->ping_us)
		nf_bind_error(b, nf_bind_place(b, &p->ping_us),
			"ping: a burst (echoes, ping_spacing, ping_timeout) lasts longer than this");
	if (p->loss_warning > 0 && p->loss_critical > 0 && p->loss_warning > p->loss_critical)
		nf_bind_error(b, nf_bind_place(b, &p->loss_warning),
			"loss_warning: larger than loss_critical");
	if (p->rtt_warning_us > 0 && p->rtt_critical_us > 0 &&
		p->rtt_warning_us > p->rtt_critical_us)
		nf_bind_error(b, nf_bind_place(b, &p->rtt_warning_us),
			"rtt_warning: larger than rtt_critical");
}

static bool is_loopback(const struct nf_addr *address)
{
	static const uint8_t six[16] = {[15] = 1};

	return address->family == NF_IPV6 ? memcmp(address->bytes, six, sizeof six) == 0
					  : address->bytes[0] == 127;
}

void nf_finish_serve(struct nf_bind *b, void *item)
{
	struct nf_serve *serve = item;

	if (serve->listen.family && !is_loopback(&serve->listen) && !serve->allow_public)
		nf_bind_error(b, nf_bind_place(b, &serve->listen),
			"listen: others can reach this address, and there is no login: put a web server "
			"in front (netfold-serve(8)), or say allow_public: true");
}

void nf_finish_network(struct nf_bind *b, void *item)
{
	struct nf_network *network = item;

	if (!network->name)
		network->name = network->id;
	(void)b;
}

/* A key that another one's value makes necessary or pointless. */
static void needs(struct nf_bind *b, const void *item, const void *field, const char *name,
	const char *when)
{
	if (!nf_bind_given(b, field))
		nf_bind_error(
			b, nf_bind_place(b, item), "%s is missing: %s needs it", name, when);
}

static void excludes(struct nf_bind *b, const void *field, const char *name, const char *when)
{
	if (nf_bind_given(b, field))
		nf_bind_error(
			b, nf_bind_place(b, field), "%s has no meaning with %s", name, when);
}

static void finish_community(struct nf_bind *b, struct nf_snmp *snmp)
{
	const char *when = snmp->version == NF_SNMP_V1 ? "version 1" : "version 2c";

	needs(b, snmp, &snmp->community_file, "community_file", when);
	excludes(b, &snmp->user, "user", when);
	excludes(b, &snmp->level, "level", when);
	excludes(b, &snmp->auth.protocol, "auth", when);
	excludes(b, &snmp->auth.passphrase_file, "auth", when);
	excludes(b, &snmp->priv.protocol, "priv", when);
	excludes(b, &snmp->priv.passphrase_file, "priv", when);
	excludes(b, &snmp->context, "context", when);
}

static void finish_usm(struct nf_bind *b, struct nf_snmp *snmp)
{
	needs(b, snmp, &snmp->user, "user", "version 3");
	excludes(b, &snmp->community_file, "community_file", "version 3");
	if (snmp->level >= NF_SNMP_AUTH_NOPRIV)
		needs(b, snmp, &snmp->auth.passphrase_file, "auth.passphrase_file",
			snmp->level == NF_SNMP_AUTH_PRIV ? "level authPriv"
							 : "level authNoPriv");
	else
		excludes(b, &snmp->auth.passphrase_file, "auth.passphrase_file",
			"level noAuthNoPriv");
	if (snmp->level == NF_SNMP_AUTH_PRIV)
		needs(b, snmp, &snmp->priv.passphrase_file, "priv.passphrase_file",
			"level authPriv");
	else
		excludes(b, &snmp->priv.passphrase_file, "priv.passphrase_file",
			"a level without privacy");
}

void nf_finish_snmp(struct nf_bind *b, void *item)
{
	struct nf_snmp *snmp = item;

	if (!nf_bind_given(b, &snmp->version) || nf_bind_wrong(b, &snmp->version))
		return;
	if (snmp->version == NF_SNMP_V3)
		finish_usm(b, snmp);
	else
		finish_community(b, snmp);
}

void nf_finish_ssh(struct nf_bind *b, void *item)
{
	struct nf_ssh *ssh = item;

	if (ssh->agent)
		excludes(b, &ssh->key_file, "key_file", "agent: true");
	else
		needs(b, ssh, &ssh->key_file, "key_file (or agent: true)", "ssh");
	if (!nf_bind_given(b, &ssh->key_file))
		excludes(b, &ssh->passphrase_file, "passphrase_file", "no key_file");
}

void nf_finish_mail(struct nf_bind *b, void *item)
{
	struct nf_mail *mail = item;

	if (mail->user)
		needs(b, &mail->user, &mail->password_file, "password_file", "user");
	else
		excludes(b, &mail->password_file, "password_file", "no user");
	if (mail->password_file && mail->tls != NF_TLS_REQUIRED)
		nf_bind_warn(b, nf_bind_place(b, &mail->tls),
			"tls: the password may travel in clear; \"required\" forbids that");
}

void nf_finish_contact(struct nf_bind *b, void *item)
{
	struct nf_contact *contact = item;

	if (!contact->name)
		contact->name = contact->id;
	(void)b;
}

void nf_finish_service(struct nf_bind *b, void *item)
{
	struct nf_service *service = item;

	if (!service->name)
		service->name = service->id;
	if (!service->timezone)
		service->timezone = b->site->timezone;
}

/* A column that is none would never be looked at. */
static void check_column(
	struct nf_bind *b, struct nf_place place, const char *key, const char *column)
{
	const char *names[NF_DEVICE_COLUMNS];

	for (size_t i = 0; i < NF_DEVICE_COLUMNS; i++) {
		names[i] = nf_schema_device()->keys[i].name;
		if (strcmp(names[i], column) == 0)
			return;
	}
	nf_bind_error(b, place, "%s: no column %s%s", key, nf_bind_quote(b, column),
		nf_bind_hint(b, column, names, NF_DEVICE_COLUMNS));
}

void nf_finish_inventory_word(struct nf_bind *b, void *item)
{
	const struct nf_inventory_word *word = item;

	if (word->column != NULL)
		check_column(b, nf_bind_place(b, &word->column), "column", word->column);
}

void nf_finish_inventory(struct nf_bind *b, void *item)
{
	const struct nf_inventory_map *map = item;

	for (size_t i = 0; i < map->repeat.len; i++)
		check_column(b, nf_bind_place(b, &map->repeat.items[i]), "repeat",
			map->repeat.items[i]);
}

void nf_finish_wave(struct nf_bind *b, void *item)
{
	struct nf_wave *wave = item;

	if (wave->to_wall_us != 0 && wave->from_wall_us >= wave->to_wall_us)
		nf_bind_error(b, nf_bind_place(b, &wave->to_wall_us), "to: not after from");
}

void nf_finish_maintenance(struct nf_bind *b, void *item)
{
	struct nf_maintenance *m = item;

	if (m->devices.len == 0 && m->networks.len == 0)
		nf_bind_error(
			b, nf_bind_place(b, m), "covers nothing: give devices or networks");
	m->recurs = nf_bind_given(b, &m->every);
	if (m->recurs) {
		needs(b, &m->every, &m->for_us, "for", "every");
		excludes(b, &m->from_wall_us, "from", "every");
		excludes(b, &m->to_wall_us, "to", "every");
		return;
	}
	excludes(b, &m->for_us, "for", "no every");
	needs(b, m, &m->from_wall_us, "from (or every)", "a window");
	needs(b, m, &m->to_wall_us, "to", "from");
	if (m->to_wall_us != 0 && m->from_wall_us >= m->to_wall_us)
		nf_bind_error(b, nf_bind_place(b, &m->to_wall_us), "to: not after from");
}

void nf_finish_freeze(struct nf_bind *b, void *item)
{
	struct nf_freeze *freeze = item;

	if (freeze->to_wall_us != 0 && freeze->from_wall_us >= freeze->to_wall_us)
		nf_bind_error(b, nf_bind_place(b, &freeze->to_wall_us), "to: before from");
}
