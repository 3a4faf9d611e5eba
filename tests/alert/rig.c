// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/alert/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "checks/maintenance.h"
#include "conf/zone.h"
#include "tests/store/folder.h"
#include "tests/test.h"

#define FIRST "2011-02-01 09:00" /* a Tuesday */

const char rig_site[] =
	"site: {name: Test, timezone: Europe/Stockholm, language: en, state_dir: state}\n"
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"  - {id: lab, role: lab, prefixes: [10.103.0.0/16]}\n"
	"mail: {server: \"smtp://mail.example.se\", from: netfold@example.se}\n"
	"contacts:\n"
	"  - {id: anna, mail: anna@example.se}\n"
	"  - {id: bo, mail: bo@example.se}\n"
	"  - {id: chief, mail: chief@example.se}\n"
	"  - {id: cai, mail: cai@example.se}\n"
	"rotas:\n"
	"  - {id: day, turns: [anna, bo], starts: 2011-01-03, escalate_to: [chief]}\n"
	"  - {id: other, turns: [cai], starts: 2011-01-03}\n"
	"services:\n"
	"  - {id: always, rota: day}\n"
	"  - {id: school, hours: [\"Mon-Fri 07:00-17:00\"], rota: day}\n"
	"  - {id: office, hours: [\"Mon-Fri 08:00-16:00\"], rota: other, critical_waits: true}\n"
	"  - {id: nobody}\n"
	"waves:\n"
	"  - {id: w1, network: a, from: \"2011-02-01 18:00\", to: \"2011-02-01 22:00\"}\n"
	"maintenance:\n"
	"  - {id: patch, devices: [\"s*\"], from: \"2011-02-01 12:00\", to: \"2011-02-01 13:00\"}\n"
	"devices_csv: devices.csv\n";

const char rig_devices[] = "name,kind,network,address,parent,service,wave\n"
			   "r1,router,a,10.1.0.1,,always,\n"
			   "s1,switch,a,10.1.0.2,r1,always,\n"
			   "s2,switch,a,10.1.0.3,r1,always,\n"
			   "s3,switch,a,10.1.0.4,r1,school,\n"
			   "p1,printer,a,10.1.0.5,,office,\n"
			   "p2,printer,a,10.1.0.6,,school,\n"
			   "m1,server,a,10.1.0.7,,always,w1\n"
			   "m2,server,a,10.1.0.8,,always,w1\n"
			   "x1,server,a,10.1.0.9,,nobody,\n"
			   "t1,server,lab,10.103.0.1,,always,\n"
			   "n1,server,common,10.100.0.1,,,\n";

static void open_core(struct rig *r)
{
	struct nf_error err = {0};
	assert_int_equal(nf_ledger_load(r->outbox, &r->ledger, &err), NF_OK);
	nf_core_init(&r->core, r->f->site, r->ledger);
	nf_core_reload(&r->core, r->f->site, r->now);
}

struct rig *rig_new(const char *site, const char *devices)
{
	struct rig *r = nf_xcalloc(1, sizeof *r);
	struct nf_error err = {0};
	r->f = fixture_new();
	fixture_puts(r->f, "site.yaml", site);
	fixture_puts(r->f, "devices.csv", devices);
	fixture_load(r->f);
	if (r->f->site == NULL)
		fail_msg("%s", r->f->text);
	snprintf(r->folder, sizeof r->folder, "%s", NF_TEST_FOLDER("alert"));
	assert_non_null(mkdtemp(r->folder));
	assert_int_equal(
		nf_outbox_open(r->folder, NF_STORE_WRITE, 1000, &r->outbox, &err), NF_OK);
	assert_int_equal(nf_instant_parse(FIRST, r->f->site->timezone, &r->now), NF_OK);
	open_core(r);
	return r;
}

void rig_free(struct rig *r)
{
	nf_core_free(&r->core);
	nf_ledger_free(r->ledger);
	nf_store_close(r->outbox);
	test_tree_remove(r->folder);
	fixture_free(r->f);
	for (size_t i = 0; i < r->mails_len; i++)
		free(r->mails[i].notice);
	free(r->mails);
	free(r->events);
	free(r);
}

static struct rig_check *check_of(struct rig *r, const char *device, const char *check)
{
	for (size_t i = 0; i < r->checks_len; i++)
		if (strcmp(r->checks[i].device, device) == 0 &&
			strcmp(r->checks[i].check, check) == 0)
			return &r->checks[i];
	assert_true(r->checks_len < RIG_CHECKS_MAX);
	struct rig_check *c = &r->checks[r->checks_len++];
	const struct nf_device *d = nf_site_device(r->f->site, device);
	*c = (struct rig_check){.since_wall_us = r->now};
	snprintf(c->device, sizeof c->device, "%s", device);
	snprintf(c->check, sizeof c->check, "%s", check);
	snprintf(c->network, sizeof c->network, "%s",
		d != NULL	  ? d->legs[0].network->id
		: *device == '\0' ? "a"
				  : "");
	return c;
}

static void add_event(struct rig *r, const struct rig_check *c, const char *kind,
	enum nf_state before, enum nf_state after)
{
	r->events = nf_grow(r->events, r->events_len, &r->events_cap, sizeof *r->events);
	struct rig_event *e = &r->events[r->events_len++];
	char name[NF_MAINTENANCE_MAX];
	const struct nf_device *d =
		*c->device != '\0' ? nf_site_device(r->f->site, c->device) : NULL;
	const char *window = nf_maintenance_at(
		r->f->site, d, nf_site_network(r->f->site, c->network), r->now, name);
	*e = (struct rig_event){0};
	snprintf(e->network, sizeof e->network, "%s", c->network);
	snprintf(e->device, sizeof e->device, "%s", c->device);
	snprintf(e->check, sizeof e->check, "%s", c->check);
	snprintf(e->kind, sizeof e->kind, "%s", kind);
	snprintf(e->cause, sizeof e->cause, "%s", c->cause);
	snprintf(e->output, sizeof e->output, "%s is %s", c->check, nf_state_text(after));
	snprintf(e->window, sizeof e->window, "%s", window != NULL ? window : "");
	e->event.id = (int64_t)r->events_len;
	e->event.at_wall_us = r->now;
	e->event.before = before;
	e->event.after = after;
}

void rig_set(struct rig *r, const char *device, const char *check, enum nf_state state,
	const char *cause)
{
	struct rig_check *c = check_of(r, device, check);
	enum nf_state before = c->state;
	if (before == state && strcmp(c->cause, cause) == 0)
		return;
	c->state = state;
	c->since_wall_us = r->now;
	snprintf(c->cause, sizeof c->cause, "%s", cause);
	add_event(r, c, "state", before, state);
}

void rig_event(struct rig *r, const char *device, const char *check, const char *kind,
	enum nf_state after)
{
	struct rig_check *c = check_of(r, device, check);
	if (strcmp(kind, "flapping") == 0 || strcmp(kind, "steady") == 0)
		c->flapping = *kind == 'f';
	add_event(r, c, kind, c->state, after);
}

void rig_remove(struct rig *r, const char *device)
{
	for (size_t i = 0; i < r->checks_len; i++) {
		struct rig_check *c = &r->checks[i];
		if (strcmp(c->device, device) != 0)
			continue;
		add_event(r, c, "removed", c->state, NF_STATE_UNKNOWN);
		*c = r->checks[--r->checks_len];
		i--;
	}
}

void rig_take(struct rig *r)
{
	nf_core_read_words(&r->core, r->outbox, r->now);
	for (size_t i = (size_t)r->ledger->position; i < r->events_len; i++) {
		struct rig_event *e = &r->events[i];
		struct nf_event event = e->event;
		event.network = e->network;
		event.device = e->device;
		event.check = e->check;
		event.kind = e->kind;
		event.output = e->output;
		event.cause = e->cause;
		event.maintenance = e->window;
		nf_core_event(&r->core, &event, r->now);
	}
	nf_core_decide(&r->core, r->now);
}

void rig_save(struct rig *r)
{
	const struct nf_owed_mail *o;
	LL_FOREACH (r->ledger->owed, o) {
		r->mails = nf_grow(r->mails, r->mails_len, &r->mails_cap, sizeof *r->mails);
		struct rig_mail *m = &r->mails[r->mails_len++];
		m->number = o->row.number;
		m->at_wall_us = o->row.made_wall_us;
		snprintf(m->kind, sizeof m->kind, "%s", o->row.kind);
		snprintf(m->contact, sizeof m->contact, "%s", o->row.contact);
		snprintf(m->id, sizeof m->id, "%s", o->row.message_id);
		m->notice = nf_xstrdup(o->row.notice);
	}
	assert_int_equal(nf_ledger_save(r->ledger, r->outbox), NF_OK);
}

void rig_step(struct rig *r)
{
	rig_take(r);
	rig_save(r);
}

void rig_run(struct rig *r, int seconds)
{
	for (int s = 0; s < seconds; s += 5) {
		rig_step(r);
		r->now += 5 * RIG_S;
	}
	rig_step(r);
}

void rig_restart(struct rig *r)
{
	nf_core_free(&r->core);
	nf_ledger_free(r->ledger);
	open_core(r);
}

void rig_compare(struct rig *r)
{
	for (size_t i = 0; i < r->checks_len; i++) {
		const struct rig_check *c = &r->checks[i];
		nf_core_compare(&r->core,
			&(struct nf_check_row){.network = c->network,
				.device = c->device,
				.check = c->check,
				.state = c->state,
				.since_wall_us = c->since_wall_us,
				.flapping = c->flapping,
				.output = "",
				.cause = c->cause},
			r->now);
	}
	nf_core_compared(&r->core, r->now);
}

void rig_say(struct rig *r, const char *kind, int64_t number, const char *scope,
	const char *who, int64_t from, int64_t until)
{
	assert_int_equal(nf_word_add(r->outbox,
				 &(struct nf_word_row){.kind = kind,
					 .at_wall_us = r->now,
					 .from_wall_us = from,
					 .until_wall_us = until,
					 .number = number,
					 .scope = scope,
					 .who = who,
					 .text = "text"},
				 NULL),
		NF_OK);
}

char *rig_mails(struct rig *r)
{
	struct nf_strbuf b = {0};
	nf_strbuf_puts(&b, "");
	for (; r->seen < r->mails_len; r->seen++) {
		const struct rig_mail *m = &r->mails[r->seen];
		struct nf_notice *n = NULL;
		assert_int_equal(nf_notice_decode(m->notice, &n), NF_OK);
		size_t fresh = 0;
		for (size_t i = 0; i < n->members_len; i++)
			fresh += n->members[i].is_new;
		nf_strbuf_printf(&b, "%s %s #%lld %s %s %zu/%zu%s\n", m->kind, m->contact,
			(long long)m->number, nf_state_text(n->state), n->title, fresh,
			n->members_total, n->escalated ? " escalated" : "");
		nf_notice_free(n);
	}
	return nf_strbuf_take(&b);
}
