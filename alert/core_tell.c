// SPDX-License-Identifier: GPL-3.0-or-later
/* Mails, from what is known of an incident and of the one who is to read it. */
#include <stdlib.h>
#include <string.h>

#include "alert/core.h"
#include "alert/expected.h"
#include "base/mem.h"
#include "base/text.h"

#define LISTED_MAX 50

static const char *some(const char *text)
{
	return text != NULL ? text : "";
}

/* The part behind the @ of the sender, so that a Message-ID is ours. */
static const char *domain_of(const struct nf_site *site)
{
	const char *at = site->mail.from != NULL ? strrchr(site->mail.from, '@') : NULL;
	return at != NULL ? at + 1 : "netfold.invalid";
}

static char *link_to(struct nf_arena *arena, const struct nf_site *site, const char *folder,
	const char *name)
{
	if (site->alerting.link == NULL)
		return nf_arena_strdup(arena, "");
	struct nf_strbuf safe = {0};
	nf_safename(&safe, name, strlen(name));
	const char *base = site->alerting.link;
	size_t len = strlen(base);
	while (len > 0 && base[len - 1] == '/')
		len--;
	struct nf_strbuf link = {0};
	nf_strbuf_add(&link, base, len);
	nf_strbuf_printf(&link, "/%s", folder);
	/* The '%' of a safe name is a character of the file's name. */
	for (const char *c = safe.data; *c != '\0'; c++)
		if (*c == '%')
			nf_strbuf_puts(&link, "%25");
		else
			nf_strbuf_putc(&link, *c);
	nf_strbuf_puts(&link, ".html");
	char *kept = nf_arena_strdup(arena, link.data);
	nf_strbuf_free(&safe);
	nf_strbuf_free(&link);
	return kept;
}

/* Worst first; of equals the device itself before what is behind it, then the longest. */
static int severity(enum nf_state state)
{
	static const int order[NF_STATES] = {
		[NF_STATE_CRITICAL] = 0,
		[NF_STATE_UNREACHABLE] = 1,
		[NF_STATE_WARNING] = 2,
		[NF_STATE_UNKNOWN] = 3,
		[NF_STATE_OK] = 4,
	};
	return order[state];
}

static int by_severity(const void *a, const void *b)
{
	const struct nf_member *x = *(const struct nf_member *const *)a;
	const struct nf_member *y = *(const struct nf_member *const *)b;
	int sx = severity(x->ended_wall_us != 0 ? x->worst : x->state);
	int sy = severity(y->ended_wall_us != 0 ? y->worst : y->state);
	if (sx != sy)
		return sx < sy ? -1 : 1;
	bool px = strcmp(x->check, "ping") == 0, py = strcmp(y->check, "ping") == 0;
	if (px != py)
		return px ? -1 : 1;
	if (x->since_wall_us != y->since_wall_us)
		return x->since_wall_us < y->since_wall_us ? -1 : 1;
	int names = strcmp(x->device, y->device);
	return names != 0 ? names : strcmp(x->check, y->check);
}

static size_t pick(const struct nf_core *core, const struct nf_incident *i, bool ended,
	const struct nf_member ***list)
{
	size_t n = 0;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		n++;
	const struct nf_member **picked = nf_xcalloc(n + 1, sizeof *picked);
	n = 0;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if ((ended || (m->ended_wall_us == 0 && !m->silenced && !m->muted)) &&
			!nf_core_is_implied(core, m))
			picked[n++] = m;
	qsort((void *)picked, n, sizeof *picked, by_severity);
	*list = picked;
	return n;
}

static void describe(const struct nf_core *core, struct nf_arena *arena,
	const struct nf_member *m, struct nf_notice_member *out)
{
	const struct nf_site *site = core->site;
	const struct nf_device *d = *m->device != '\0' ? nf_site_device(site, m->device) : NULL;
	bool ended = m->ended_wall_us != 0;
	*out = (struct nf_notice_member){.network = m->network,
		.device = m->device,
		.check = m->check,
		.state = ended ? m->worst : m->state,
		.since_wall_us = m->since_wall_us,
		.ended_wall_us = m->ended_wall_us,
		.end = m->end,
		.moved_to = m->moved_to,
		.is_new = m->told_wall_us == 0,
		.flapping = m->flapping,
		.output = m->output,
		.cause = m->cause,
		.expected = nf_expected(arena, site, m->check),
		.last_good = "",
		.owner = d != NULL ? some(d->owner) : "",
		.deputy = d != NULL ? some(d->deputy) : "",
		.runbook = d != NULL ? some(d->runbook) : "",
		.link = d != NULL ? link_to(arena, site, "device/", d->name) : ""};
	if (core->last_good == NULL || ended)
		return;
	struct nf_strbuf text = {0};
	out->last_good_wall_us =
		core->last_good(m->network, m->device, m->check, &text, core->last_good_arg);
	if (out->last_good_wall_us != 0 && text.data != NULL)
		out->last_good = nf_arena_strdup(arena, text.data);
	nf_strbuf_free(&text);
}

/* The notice of an incident without its reader, made once for all of them. */
static struct nf_notice *make_notice(const struct nf_core *core, const struct nf_incident *i,
	bool recovery, int64_t now_wall_us)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_notice *n = nf_arena_alloc(arena, sizeof *n);
	const struct nf_network *network =
		*i->network != '\0' ? nf_site_network(core->site, i->network) : NULL;
	bool acknowledged = nf_core_is_acknowledged(i, now_wall_us);
	*n = (struct nf_notice){.arena = arena,
		.site = core->site->name,
		.language = core->site->language == NF_LANGUAGE_SV ? "sv" : "en",
		.timezone = core->site->timezone,
		.made_wall_us = now_wall_us,
		.number = i->number,
		.state = i->state,
		.title = i->title,
		.network = i->network,
		.network_name = network != NULL ? network->name : "",
		.since_wall_us = i->opened_wall_us,
		.ended_wall_us = recovery ? now_wall_us : 0,
		.acknowledged_by = acknowledged ? i->acknowledged_by : "",
		.acknowledged_text = acknowledged ? i->acknowledged_text : "",
		.link = link_to(arena, core->site, "", "incidents")};
	const struct nf_member **list;
	n->members_total = pick(core, i, recovery, &list);
	n->members_len = n->members_total < LISTED_MAX ? n->members_total : LISTED_MAX;
	n->members = nf_arena_alloc(arena, (n->members_len + 1) * sizeof *n->members);
	int64_t last = 0;
	enum nf_state worst = NF_STATE_OK, listed = NF_STATE_OK;
	for (size_t k = 0; k < n->members_len; k++)
		describe(core, arena, list[k], &n->members[k]);
	for (size_t k = 0; k < n->members_total; k++) {
		if (list[k]->ended_wall_us > last)
			last = list[k]->ended_wall_us;
		worst = nf_state_worse(worst, list[k]->worst);
		listed = nf_state_worse(listed, list[k]->state);
	}
	/* Of what nobody is to hear of now, not even how bad it is. */
	if ((recovery ? worst : listed) != NF_STATE_OK)
		n->state = recovery ? worst : listed;
	if (recovery && last != 0)
		n->ended_wall_us = last;
	free((void *)list);
	return n;
}

static char *message_id(
	const struct nf_core *core, const struct nf_incident *i, const struct nf_telling *t)
{
	return nf_xasprintf("<netfold.%lld.%llx.%s.%u@%s>", (long long)i->number,
		(unsigned long long)i->made_wall_us, t->contact, t->mails + 1,
		domain_of(core->site));
}

static void owe(struct nf_core *core, const struct nf_notice *n)
{
	char *json = nf_notice_encode(n);
	nf_ledger_owe(core->ledger, &(struct nf_outbox_row){.number = n->number,
					    .kind = nf_notice_kind_text(n->kind),
					    .contact = n->contact,
					    .address = n->address,
					    .message_id = n->message_id,
					    .notice = json,
					    .made_wall_us = n->made_wall_us});
	free(json);
}

/* One mail of the incident's thread to one person. */
static void send_one(struct nf_core *core, struct nf_incident *i, struct nf_notice *n,
	struct nf_telling *t, enum nf_notice_kind kind, int64_t now_wall_us)
{
	const struct nf_contact *c = nf_duty_find(core->site, t->contact);
	if (c != NULL)
		nf_text_put(&t->address, c->mail);
	char *id = message_id(core, i, t);
	const char *references[2];
	n->references = references;
	n->references_len = 0;
	if (*t->first_id != '\0')
		references[n->references_len++] = t->first_id;
	if (*t->last_id != '\0' && strcmp(t->last_id, t->first_id) != 0)
		references[n->references_len++] = t->last_id;
	n->kind = kind;
	n->contact = t->contact;
	n->contact_name = c != NULL ? c->name : t->contact;
	n->address = t->address;
	n->message_id = id;
	n->escalated = t->escalated;
	owe(core, n);
	if (*t->first_id == '\0')
		nf_text_put(&t->first_id, id);
	nf_text_put(&t->last_id, id);
	free(id);
	n->references = NULL;
	n->references_len = 0;
	t->mails++;
	t->last_wall_us = now_wall_us;
	if (t->told_wall_us == 0)
		t->told_wall_us = now_wall_us;
	t->recovered = kind == NF_NOTICE_RECOVERY;
	t->dirty = true;
}

struct readers {
	const struct nf_contact **items;
	size_t len, cap;
};

static void add_reader(struct readers *r, const struct nf_contact *contact)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->items[i] == contact)
			return;
	r->items = nf_grow((void *)r->items, r->len, &r->cap, sizeof *r->items);
	r->items[r->len++] = contact;
}

static struct readers find_readers(struct nf_duty *duty, const struct nf_incident *i)
{
	struct readers r = {0};
	struct nf_subject_of s;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0 && m->told_wall_us == 0 &&
			nf_core_urgency(duty, m, &s) == NF_URGENCY_NOW)
			add_reader(&r, nf_duty_contact(duty, s.rota));
	return r;
}

/* What was in the mail is told, if the one who is on call for it got the mail. */
static void mark_told(struct nf_duty *duty, struct nf_incident *i)
{
	struct nf_subject_of s;
	for (struct nf_member *m = i->members; m != NULL; m = m->next) {
		if (m->ended_wall_us != 0 || m->told_wall_us != 0 ||
			nf_core_urgency(duty, m, &s) == NF_URGENCY_NEVER)
			continue;
		if (nf_ledger_telling(i, nf_duty_contact(duty, s.rota)->id) == NULL)
			continue;
		m->told_wall_us = duty->at_wall_us;
		m->dirty = true;
	}
}

static bool may_remind(struct nf_duty *duty, const struct nf_incident *i)
{
	struct nf_subject_of s;
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0 && nf_core_urgency(duty, m, &s) == NF_URGENCY_NOW)
			return true;
	return false;
}

void nf_core_tell(struct nf_core *core, struct nf_duty *duty, struct nf_incident *i)
{
	int64_t now = duty->at_wall_us;
	/* Whoever is silenced or closed now hears the reminder when it ends. */
	if (i->remind && !may_remind(duty, i))
		return;
	struct readers readers = find_readers(duty, i);
	struct nf_notice *n = make_notice(core, i, false, now);
	bool first = i->tellings == NULL;
	enum nf_notice_kind kind = i->remind ? NF_NOTICE_REMINDER : NF_NOTICE_FOLLOW_UP;
	for (struct nf_telling *t = i->tellings; t != NULL; t = t->next)
		send_one(core, i, n, t, kind, now);
	for (size_t k = 0; k < n->members_len; k++)
		n->members[k].is_new = true;
	for (size_t k = 0; k < readers.len; k++)
		if (nf_ledger_telling(i, readers.items[k]->id) == NULL)
			send_one(core, i, n, nf_ledger_tell(i, readers.items[k]->id),
				NF_NOTICE_PROBLEM, now);
	mark_told(duty, i);
	if (!first && !i->remind)
		i->follow_ups++;
	i->remind = false;
	i->phase = NF_INCIDENT_OPEN;
	if (i->told_wall_us == 0)
		i->told_wall_us = now;
	if (i->due_wall_us > now)
		i->due_wall_us = now;
	i->dirty = core->ledger->dirty = true;
	free((void *)readers.items);
	nf_notice_free(n);
}

bool nf_core_escalate(struct nf_core *core, struct nf_duty *duty, struct nf_incident *i,
	const struct nf_contact *contact)
{
	if (nf_ledger_telling(i, contact->id) != NULL)
		return false;
	struct nf_notice *n = make_notice(core, i, false, duty->at_wall_us);
	struct nf_telling *t = nf_ledger_tell(i, contact->id);
	t->escalated = true;
	for (size_t k = 0; k < n->members_len; k++)
		n->members[k].is_new = true;
	send_one(core, i, n, t, NF_NOTICE_PROBLEM, duty->at_wall_us);
	i->dirty = core->ledger->dirty = true;
	nf_notice_free(n);
	return true;
}

void nf_core_recover(struct nf_core *core, struct nf_duty *duty, struct nf_incident *i)
{
	struct nf_notice *n = make_notice(core, i, true, duty->at_wall_us);
	for (struct nf_telling *t = i->tellings; t != NULL; t = t->next)
		if (!t->recovered)
			send_one(core, i, n, t, NF_NOTICE_RECOVERY, duty->at_wall_us);
	nf_ledger_end(i, duty->at_wall_us);
	core->ledger->dirty = true;
	nf_notice_free(n);
}

void nf_core_tell_plain(struct nf_core *core, const struct nf_contact *contact,
	struct nf_notice *n, int64_t now_wall_us)
{
	char *id = nf_xasprintf("<netfold.%s.%llx.%s@%s>", nf_notice_kind_text(n->kind),
		(unsigned long long)now_wall_us, contact->id, domain_of(core->site));
	n->site = core->site->name;
	n->language = core->site->language == NF_LANGUAGE_SV ? "sv" : "en";
	n->timezone = core->site->timezone;
	n->made_wall_us = now_wall_us;
	n->contact = contact->id;
	n->contact_name = contact->name;
	n->address = contact->mail;
	n->message_id = id;
	owe(core, n);
	free(id);
}
