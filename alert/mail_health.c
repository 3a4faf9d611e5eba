// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parse.h"

#define PROGRAM	 "netfold-notify"
#define TOO_LONG (5 * 60 * NF_US_PER_S)
#define TO	 "mail to "

struct verdict {
	char *check, *output;
	enum nf_state state;
	bool is_there; /* state.db has it */
	bool is_known; /* and says the same */
};

struct judging {
	const struct nf_site *site;
	const struct nf_mail_health *health;
	struct nf_store *state;
	int64_t now;
	struct verdict *items;
	size_t len, cap;
	struct stale {
		char *check;
		enum nf_state state;
	} * stale;
	size_t stale_len, stale_cap;
};

static void say(struct judging *j, char *check, enum nf_state state, char *output)
{
	j->items = nf_grow(j->items, j->len, &j->cap, sizeof *j->items);
	j->items[j->len++] = (struct verdict){.check = check, .output = output, .state = state};
}

static bool is_contact(const struct nf_site *site, const char *address)
{
	NF_EACH(struct nf_contact, c, site->contacts)
	{
		if (strcmp(c->mail, address) == 0)
			return true;
	}
	return false;
}

static void say_refused(const struct nf_outbox_row *row, void *arg)
{
	struct judging *j = arg;
	if (is_contact(j->site, row->address))
		say(j, nf_xasprintf(TO "%s", row->address), NF_STATE_WARNING,
			nf_xasprintf("refused for good: %s", row->error));
}

static void say_route(struct judging *j, const struct nf_outbox_figures *o)
{
	const struct nf_mail_health *h = j->health;
	char since[NF_QUANTITY_MAX];
	bool fails = h->failing_us >= TOO_LONG;
	bool waits = o->tried_wall_us != 0 && j->now - o->tried_wall_us >= TOO_LONG;
	if (waits)
		say(j, nf_xstrdup("mail"), NF_STATE_CRITICAL,
			nf_xasprintf("%llu mails wait, the first has been tried for %s: %s",
				(unsigned long long)o->waiting,
				nf_format_age(j->now - o->tried_wall_us, since), h->error));
	else if (fails)
		say(j, nf_xstrdup("mail"), NF_STATE_WARNING,
			nf_xasprintf("%s takes no mail for %s: %s", j->site->mail.server,
				nf_format_age(h->failing_us, since), h->error));
	else
		say(j, nf_xstrdup("mail"), NF_STATE_OK, nf_xstrdup("mails leave"));
}

static void hold(struct verdict *v, const struct nf_check_row *row)
{
	v->state = row->state;
	free(v->output);
	v->output = nf_xstrdup(row->output);
}

/* Ages in the text of a trouble that goes on are no reason to write each time. */
static void compare(const struct nf_check_row *row, int64_t asked_wall_us, void *arg)
{
	struct judging *j = arg;
	(void)asked_wall_us;
	for (size_t i = 0; i < j->len; i++) {
		struct verdict *v = &j->items[i];
		if (strcmp(v->check, row->check) != 0)
			continue;
		/* After a restart, the trouble is over when a mail has left again. */
		if (strcmp(v->check, "mail") == 0 && v->state == NF_STATE_OK &&
			!j->health->works)
			hold(v, row);
		v->is_there = true;
		v->is_known = v->state == row->state;
		return;
	}
	j->stale = nf_grow(j->stale, j->stale_len, &j->stale_cap, sizeof *j->stale);
	j->stale[j->stale_len++] = (struct stale){nf_xstrdup(row->check), row->state};
}

static enum nf_err put_event(struct judging *j, const char *check, const char *kind,
	enum nf_state before, enum nf_state after, const char *output)
{
	return nf_store_event_add(j->state,
		&(struct nf_event){.at_wall_us = j->now,
			.network = "",
			.device = "",
			.check = check,
			.kind = kind,
			.before = before,
			.after = after,
			.output = output,
			.cause = "",
			.maintenance = ""},
		NULL);
}

static enum nf_err put_verdict(struct judging *j, const struct verdict *v)
{
	enum nf_err rc = nf_store_check_put(j->state, &(struct nf_check_row){.network = "",
							      .device = "",
							      .check = v->check,
							      .program = PROGRAM,
							      .state = v->state,
							      .since_wall_us = j->now,
							      .soft = v->state,
							      .soft_since_wall_us = j->now,
							      .output = v->output,
							      .cause = "",
							      .looked_wall_us = j->now});
	if (rc != NF_OK || (!v->is_there && v->state == NF_STATE_OK))
		return rc;
	enum nf_state before = v->state == NF_STATE_OK ? NF_STATE_WARNING : NF_STATE_OK;
	return put_event(j, v->check, "finding", before, v->state, v->output);
}

static enum nf_err drop(struct judging *j, const struct stale *s)
{
	const char *why = "mails are taken again, or it is no contact's address";
	enum nf_err rc = nf_store_check_drop(j->state, "", "", s->check);
	if (rc == NF_OK)
		rc = put_event(j, s->check, "finding", s->state, NF_STATE_OK, why);
	return rc;
}

static void write_down(struct judging *j)
{
	enum nf_err rc = nf_store_begin(j->state);
	for (size_t i = 0; i < j->len && rc == NF_OK; i++)
		if (!j->items[i].is_known)
			rc = put_verdict(j, &j->items[i]);
	for (size_t i = 0; i < j->stale_len && rc == NF_OK; i++)
		rc = drop(j, &j->stale[i]);
	if (rc != NF_OK || nf_store_commit(j->state) != NF_OK)
		nf_store_rollback(j->state);
}

static void release(struct judging *j)
{
	for (size_t i = 0; i < j->len; i++) {
		free(j->items[i].check);
		free(j->items[i].output);
	}
	for (size_t i = 0; i < j->stale_len; i++)
		free(j->stale[i].check);
	free(j->items);
	free(j->stale);
}

void nf_mail_health_judge(struct nf_store *state, struct nf_store *outbox,
	const struct nf_site *site, const struct nf_mail_health *health, int64_t now_wall_us)
{
	struct judging j = {.site = site, .health = health, .state = state, .now = now_wall_us};
	struct nf_outbox_figures o = {0};
	enum nf_err rc = NF_OK;
	/* Without a server nothing is judged, and what was is over. */
	if (site->mail.server != NULL) {
		rc = nf_outbox_figures(outbox, &o);
		say_route(&j, &o);
		if (rc == NF_OK)
			rc = nf_outbox_refused(outbox, say_refused, &j);
	}
	if (rc == NF_OK)
		rc = nf_store_checks(state, PROGRAM, compare, &j);
	bool differs = j.stale_len > 0;
	for (size_t i = 0; i < j.len; i++)
		differs |= !j.items[i].is_known;
	if (rc == NF_OK && differs)
		write_down(&j);
	release(&j);
}
