// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/ledger_parts.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/mem.h"

#define SEPARATOR "\x1f"

void nf_text_put(char **at, const char *text)
{
	char *copy = nf_xstrdup(text);
	free(*at);
	*at = copy;
}

static const char *bare(const char *key)
{
	return strchr(key, SEPARATOR[0]) + 1;
}

static void name_member(struct nf_ledger *ledger, struct nf_member *m)
{
	free(m->key);
	m->key = nf_xasprintf("%lld" SEPARATOR "%s" SEPARATOR "%s" SEPARATOR "%s",
		(long long)(m->incident != NULL ? m->incident->number : 0), m->network,
		m->device, m->check);
	HASH_ADD_KEYPTR(hh, ledger->members, m->key, strlen(m->key), m);
	if (m->ended_wall_us == 0)
		HASH_ADD_KEYPTR(hh_bad, ledger->bad, bare(m->key), strlen(bare(m->key)), m);
}

static void unname_member(struct nf_ledger *ledger, struct nf_member *m)
{
	HASH_DELETE(hh, ledger->members, m);
	if (m->ended_wall_us == 0)
		HASH_DELETE(hh_bad, ledger->bad, m);
}

void nf_ledger_free_member(struct nf_member *m)
{
	free(m->key);
	free(m->network);
	free(m->device);
	free(m->check);
	free(m->output);
	free(m->cause);
	free(m->maintenance);
	free(m);
}

void nf_ledger_free_incident(struct nf_ledger *ledger, struct nf_incident *i)
{
	struct nf_member *m, *next_member;
	DL_FOREACH_SAFE(i->members, m, next_member)
	{
		unname_member(ledger, m);
		nf_ledger_free_member(m);
	}
	struct nf_telling *t, *next_telling;
	LL_FOREACH_SAFE(i->tellings, t, next_telling)
	{
		free(t->contact);
		free(t->address);
		free(t->first_id);
		free(t->last_id);
		free(t);
	}
	struct nf_incident *newest = NULL;
	HASH_FIND(hh_cause, ledger->causes, i->cause, strlen(i->cause), newest);
	if (newest == i)
		HASH_DELETE(hh_cause, ledger->causes, i);
	HASH_DELETE(hh, ledger->incidents, i);
	free(i->cause);
	free(i->title);
	free(i->network);
	free(i->acknowledged_by);
	free(i->acknowledged_text);
	free(i);
}

struct nf_incident *nf_ledger_incident(const struct nf_ledger *ledger, int64_t number)
{
	struct nf_incident *i = NULL;
	HASH_FIND(hh, ledger->incidents, &number, sizeof number, i);
	return i;
}

struct nf_incident *nf_ledger_of_cause(const struct nf_ledger *ledger, const char *cause)
{
	struct nf_incident *i = NULL;
	HASH_FIND(hh_cause, ledger->causes, cause, strlen(cause), i);
	return i != NULL && i->phase != NF_INCIDENT_ENDED ? i : NULL;
}

struct nf_incident *nf_ledger_add_incident(
	struct nf_ledger *ledger, int64_t number, const char *cause)
{
	struct nf_incident *i = nf_xcalloc(1, sizeof *i);
	i->number = number;
	i->cause = nf_xstrdup(cause);
	HASH_ADD(hh, ledger->incidents, number, sizeof i->number, i);
	struct nf_incident *older = NULL;
	HASH_FIND(hh_cause, ledger->causes, i->cause, strlen(i->cause), older);
	if (older != NULL)
		HASH_DELETE(hh_cause, ledger->causes, older);
	HASH_ADD_KEYPTR(hh_cause, ledger->causes, i->cause, strlen(i->cause), i);
	return i;
}

struct nf_incident *nf_ledger_open(struct nf_ledger *ledger, const char *cause,
	const char *title, const char *network, int64_t now_wall_us)
{
	struct nf_incident *i = nf_ledger_add_incident(ledger, ledger->next_number++, cause);
	i->title = nf_xstrdup(title);
	i->network = nf_xstrdup(network);
	i->acknowledged_by = nf_xstrdup("");
	i->acknowledged_text = nf_xstrdup("");
	i->made_wall_us = i->opened_wall_us = i->joined_wall_us = now_wall_us;
	i->dirty = ledger->dirty = true;
	return i;
}

static struct nf_member *find_key(
	const struct nf_ledger *ledger, const char *key, bool with_number)
{
	struct nf_member *m = NULL;
	if (with_number)
		HASH_FIND(hh, ledger->members, key, strlen(key), m);
	else
		HASH_FIND(hh_bad, ledger->bad, key, strlen(key), m);
	return m;
}

struct nf_member *nf_ledger_bad(const struct nf_ledger *ledger, const char *network,
	const char *device, const char *check)
{
	char *key = nf_xasprintf("%s" SEPARATOR "%s" SEPARATOR "%s", network, device, check);
	struct nf_member *m = find_key(ledger, key, false);
	free(key);
	return m;
}

struct nf_member *nf_ledger_find(const struct nf_ledger *ledger,
	const struct nf_incident *incident, const char *network, const char *device,
	const char *check)
{
	char *key = nf_xasprintf("%lld" SEPARATOR "%s" SEPARATOR "%s" SEPARATOR "%s",
		(long long)(incident != NULL ? incident->number : 0), network, device, check);
	struct nf_member *m = find_key(ledger, key, true);
	free(key);
	return m;
}

void nf_ledger_join(struct nf_ledger *ledger, struct nf_member *m, struct nf_incident *incident)
{
	m->incident = incident;
	if (incident != NULL) {
		DL_APPEND(incident->members, m);
		incident->bad += m->ended_wall_us == 0;
	}
	name_member(ledger, m);
	m->dirty = true;
}

static void begin_again(
	struct nf_ledger *ledger, struct nf_member *m, struct nf_incident *incident)
{
	HASH_DELETE(hh, ledger->members, m);
	m->ended_wall_us = 0;
	m->end = NF_MEMBER_BAD;
	m->moved_to = 0;
	m->silenced = false;
	m->dirty = true;
	incident->bad++;
	name_member(ledger, m);
}

struct nf_member *nf_ledger_new_member(
	const char *network, const char *device, const char *check)
{
	struct nf_member *m = nf_xcalloc(1, sizeof *m);
	m->network = nf_xstrdup(network);
	m->device = nf_xstrdup(device);
	m->check = nf_xstrdup(check);
	m->output = nf_xstrdup("");
	m->cause = nf_xstrdup("");
	m->maintenance = nf_xstrdup("");
	return m;
}

struct nf_member *nf_ledger_member(struct nf_ledger *ledger, struct nf_incident *incident,
	const char *network, const char *device, const char *check)
{
	struct nf_member *m = nf_ledger_find(ledger, incident, network, device, check);
	if (m != NULL && m->ended_wall_us != 0) {
		begin_again(ledger, m, incident);
	} else if (m == NULL) {
		m = nf_ledger_new_member(network, device, check);
		nf_ledger_join(ledger, m, incident);
	}
	ledger->dirty = true;
	return m;
}

static void owe_drop(struct nf_ledger *ledger, const struct nf_member *m)
{
	struct nf_member_drop *drop = nf_xcalloc(1, sizeof *drop);
	drop->number = m->incident != NULL ? m->incident->number : 0;
	drop->network = nf_xstrdup(m->network);
	drop->device = nf_xstrdup(m->device);
	drop->check = nf_xstrdup(m->check);
	LL_PREPEND(ledger->drops, drop);
	ledger->dirty = true;
}

static void leave(struct nf_ledger *ledger, struct nf_member *m)
{
	owe_drop(ledger, m);
	unname_member(ledger, m);
	if (m->incident != NULL) {
		DL_DELETE(m->incident->members, m);
		m->incident->bad -= m->ended_wall_us == 0;
		m->incident->dirty = true;
	}
}

void nf_ledger_move(
	struct nf_ledger *ledger, struct nf_member *member, struct nf_incident *incident)
{
	struct nf_member *there = nf_ledger_find(
		ledger, incident, member->network, member->device, member->check);
	leave(ledger, member);
	/* It had ended there before: that row gives way. */
	if (there != NULL) {
		unname_member(ledger, there);
		DL_DELETE(incident->members, there);
		nf_ledger_free_member(there);
	}
	nf_ledger_join(ledger, member, incident);
}

void nf_ledger_end_member(struct nf_ledger *ledger, struct nf_member *member,
	enum nf_member_end end, int64_t now_wall_us)
{
	if (member->incident == NULL) {
		leave(ledger, member);
		nf_ledger_free_member(member);
		return;
	}
	HASH_DELETE(hh_bad, ledger->bad, member);
	member->incident->bad--;
	member->incident->dirty = true;
	member->ended_wall_us = now_wall_us > 0 ? now_wall_us : 1;
	member->end = end;
	member->flapping = false;
	member->dirty = ledger->dirty = true;
}

void nf_ledger_end(struct nf_incident *incident, int64_t now_wall_us)
{
	incident->phase = NF_INCIDENT_ENDED;
	incident->ended_wall_us = now_wall_us;
	incident->due_wall_us = 0;
	incident->dirty = true;
}

struct nf_telling *nf_ledger_telling(const struct nf_incident *incident, const char *contact)
{
	struct nf_telling *t;
	LL_FOREACH (incident->tellings, t)
		if (strcmp(t->contact, contact) == 0)
			return t;
	return NULL;
}

struct nf_telling *nf_ledger_tell(struct nf_incident *incident, const char *contact)
{
	struct nf_telling *t = nf_ledger_telling(incident, contact);
	if (t == NULL) {
		t = nf_xcalloc(1, sizeof *t);
		t->contact = nf_xstrdup(contact);
		t->address = nf_xstrdup("");
		t->first_id = nf_xstrdup("");
		t->last_id = nf_xstrdup("");
		LL_APPEND(incident->tellings, t);
	}
	t->dirty = true;
	return t;
}

void nf_ledger_free_owed(struct nf_ledger *ledger)
{
	while (ledger->owed != NULL) {
		struct nf_owed_mail *o = ledger->owed;
		ledger->owed = o->next;
		free((void *)(uintptr_t)o->row.contact);
		free((void *)(uintptr_t)o->row.address);
		free((void *)(uintptr_t)o->row.message_id);
		free((void *)(uintptr_t)o->row.notice);
		free(o);
	}
	ledger->owed_last = NULL;
}

void nf_ledger_owe(struct nf_ledger *ledger, const struct nf_outbox_row *row)
{
	struct nf_owed_mail *o = nf_xcalloc(1, sizeof *o);
	o->row = *row;
	o->row.contact = nf_xstrdup(row->contact);
	o->row.address = nf_xstrdup(row->address);
	o->row.message_id = nf_xstrdup(row->message_id);
	o->row.notice = nf_xstrdup(row->notice);
	if (ledger->owed_last != NULL)
		ledger->owed_last->next = o;
	else
		ledger->owed = o;
	ledger->owed_last = o;
	ledger->mails++;
	ledger->dirty = true;
}

void nf_ledger_free_drops(struct nf_ledger *ledger)
{
	struct nf_member_drop *d, *next;
	LL_FOREACH_SAFE(ledger->drops, d, next)
	{
		free(d->network);
		free(d->device);
		free(d->check);
		free(d);
	}
	ledger->drops = NULL;
}

void nf_ledger_free(struct nf_ledger *ledger)
{
	if (ledger == NULL)
		return;
	struct nf_incident *i, *next;
	HASH_ITER (hh, ledger->incidents, i, next)
		nf_ledger_free_incident(ledger, i);
	struct nf_member *m, *next_member;
	HASH_ITER (hh, ledger->members, m, next_member) {
		unname_member(ledger, m);
		nf_ledger_free_member(m);
	}
	nf_ledger_free_drops(ledger);
	nf_ledger_free_owed(ledger);
	free(ledger);
}
