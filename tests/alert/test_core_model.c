// SPDX-License-Identifier: GPL-3.0-or-later
/* Random lives: outages, flapping, maintenance, acknowledgements, silences, covers, reloads with other rotas
 * and devices, restarts, kills before anything was saved, and clocks. After each of them, per person and
 * incident: one problem, follow-ups, exactly one recovery, in this order; no Message-ID twice; and whatever is
 * bad and not muted was told; and nothing but recoveries left about what a window covered.
 * NF_SEQUENCES and NF_SEED choose how many, and from where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "checks/maintenance.h"
#include "tests/alert/rig.h"
#include "tests/test.h"

#define SEQUENCES 300 /* NF_SEQUENCES asks for more, NF_SEED for others */
#define STEPS	  60
#define HOUR	  3600

static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static size_t below(uint64_t *seed, size_t n)
{
	return (size_t)(next(seed) % n);
}

static const char *const devices[] = {
	"r1", "s1", "s2", "s3", "p1", "p2", "m1", "m2", "x1", "t1", "n1"};

struct life {
	struct rig *r;
	struct nf_site *first, *other;
	uint64_t seed;
	int64_t number; /* NF_SEED of this life */
};

static bool is_there(const struct life *l, const char *device)
{
	return nf_site_device(l->r->f->site, device) != NULL;
}

static void outage(struct life *l)
{
	struct rig *r = l->r;
	static const char *const behind[] = {"s1", "s2", "s3"};
	bool down = below(&l->seed, 2) == 0;
	rig_set(r, "r1", "ping", down ? NF_STATE_CRITICAL : NF_STATE_OK, "");
	NF_ROWS(i, behind)
	if (is_there(l, behind[i]) && below(&l->seed, 4) != 0)
		rig_set(r, behind[i], "ping", down ? NF_STATE_UNREACHABLE : NF_STATE_OK,
			down ? "r1" : "");
}

static void single(struct life *l)
{
	static const char *const checks[] = {"ping", "snmp", "toner"};
	static const enum nf_state states[] = {NF_STATE_OK, NF_STATE_OK, NF_STATE_WARNING,
		NF_STATE_CRITICAL, NF_STATE_CRITICAL, NF_STATE_UNKNOWN};
	const char *d = devices[below(&l->seed, NF_LEN(devices))];
	if (!is_there(l, d))
		return;
	enum nf_state state = states[below(&l->seed, NF_LEN(states))];
	const char *check = checks[below(&l->seed, NF_LEN(checks))];
	if (strcmp(check, "ping") == 0 && state == NF_STATE_UNKNOWN)
		state = NF_STATE_CRITICAL;
	rig_set(l->r, d, check, state, "");
}

static void flap(struct life *l)
{
	const char *d = devices[below(&l->seed, NF_LEN(devices))];
	if (!is_there(l, d))
		return;
	for (size_t i = 0; i < l->r->checks_len; i++) {
		struct rig_check *c = &l->r->checks[i];
		if (strcmp(c->device, d) != 0)
			continue;
		rig_event(l->r, d, c->check, c->flapping ? "steady" : "flapping", c->state);
		return;
	}
}

static void talk(struct life *l)
{
	struct rig *r = l->r;
	int64_t until = r->now + (int64_t)(1 + below(&l->seed, 8)) * HOUR / 2 * RIG_S;
	static const char *const scopes[] = {"r1", "*", "a/s*", "a/p2/toner"};
	static const char *const people[] = {"anna", "bo", "cai", "nobody"};
	switch (below(&l->seed, 3)) {
	case 0:
		if (r->ledger->incidents != NULL)
			rig_say(r, "ack", r->ledger->incidents->number, "", "anna", r->now,
				until);
		break;
	case 1:
		rig_say(r, "silence", 0, scopes[below(&l->seed, NF_LEN(scopes))], "bo", r->now,
			until);
		break;
	default:
		rig_say(r, "cover", 0, below(&l->seed, 2) ? "day" : "",
			people[below(&l->seed, NF_LEN(people))], r->now, until);
		break;
	}
}

static void reload(struct life *l)
{
	struct rig *r = l->r;
	struct nf_site *to = r->f->site == l->first ? l->other : l->first;
	r->f->site = to;
	/* Gatherers say what went; sometimes after alerting saw it by itself. */
	for (size_t i = 0; i < r->checks_len; i++)
		if (nf_site_device(to, r->checks[i].device) == NULL &&
			r->checks[i].device[0] != '\0') {
			char name[32];
			snprintf(name, sizeof name, "%s", r->checks[i].device);
			if (below(&l->seed, 2) == 0)
				nf_core_reload(&r->core, to, r->now);
			rig_remove(r, name);
			i = (size_t)-1;
		}
	nf_core_reload(&r->core, to, r->now);
}

static void pass_time(struct life *l)
{
	static const int seconds[] = {5, 20, 40, 90, 600, 2000, 5000};
	int s = seconds[below(&l->seed, NF_LEN(seconds))];
	if (s <= 90)
		rig_run(l->r, s);
	else
		for (int i = 0; i < 5; i++) {
			l->r->now += s / 5 * RIG_S;
			rig_step(l->r);
		}
}

static void act(struct life *l)
{
	switch (below(&l->seed, 12)) {
	case 0:
	case 1:
		outage(l);
		break;
	case 2:
	case 3:
	case 4:
		single(l);
		break;
	case 5:
		flap(l);
		break;
	case 6:
		talk(l);
		break;
	case 7:
		if (below(&l->seed, 4) == 0)
			reload(l);
		break;
	case 8:
		/* Killed: what was taken and decided was not saved. */
		rig_take(l->r);
		rig_restart(l->r);
		break;
	case 9:
		rig_step(l->r);
		rig_restart(l->r);
		rig_compare(l->r);
		break;
	default:
		pass_time(l);
		break;
	}
}

/* Everything that people were promised about what is bad now. */
static void check_told(struct life *l)
{
	struct rig *r = l->r;
	for (size_t i = 0; i < r->checks_len; i++) {
		const struct rig_check *c = &r->checks[i];
		const struct nf_device *d = nf_site_device(r->f->site, c->device);
		bool owed = d != NULL && c->state == NF_STATE_CRITICAL &&
			    strcmp(c->network, "lab") != 0 &&
			    (d->service == NULL ||
				    (d->service->rota != NULL && !d->service->critical_waits));
		if (!owed)
			continue;
		const struct nf_member *m =
			nf_ledger_bad(r->ledger, c->network, c->device, c->check);
		if (m == NULL || m->incident == NULL)
			fail_msg("seed %lld: %s %s is critical, and in no incident",
				(long long)l->number, c->device, c->check);
		if (m->told_wall_us == 0 || m->incident->tellings == NULL)
			fail_msg(
				"seed %lld: %s %s is critical, and nobody was told: %s, %s, silenced %d, "
				"due in %lld s, remind %d",
				(long long)l->number, c->device, c->check, m->incident->cause,
				nf_state_text(m->state), m->silenced,
				(long long)((m->incident->due_wall_us - r->now) / RIG_S),
				m->incident->remind);
	}
}

static void heal(struct life *l)
{
	struct rig *r = l->r;
	for (size_t i = 0; i < r->checks_len; i++) {
		struct rig_check *c = &r->checks[i];
		if (c->flapping)
			rig_event(r, c->device, c->check, "steady", c->state);
		rig_set(r, c->device, c->check, NF_STATE_OK, "");
	}
	rig_run(r, 90);
}

static void check_lines(const struct life *l)
{
	const struct rig *r = l->r;
	for (size_t i = 0; i < r->mails_len; i++) {
		const struct rig_mail *m = &r->mails[i];
		size_t before = 0, recoveries_before = 0, recoveries = 0, same_id = 0;
		if (m->number == 0)
			continue;
		for (size_t k = 0; k < r->mails_len; k++) {
			const struct rig_mail *o = &r->mails[k];
			same_id += strcmp(o->id, m->id) == 0;
			if (o->number != m->number || strcmp(o->contact, m->contact) != 0)
				continue;
			recoveries += strcmp(o->kind, "recovery") == 0;
			if (k < i) {
				before++;
				recoveries_before += strcmp(o->kind, "recovery") == 0;
			}
		}
		if (same_id != 1 || recoveries != 1 || recoveries_before != 0 ||
			(strcmp(m->kind, "problem") == 0) != (before == 0))
			fail_msg(
				"seed %lld: %s to %s of #%lld: %zu before, %zu recoveries, %zu of this id",
				(long long)l->number, m->kind, m->contact, (long long)m->number,
				before, recoveries, same_id);
	}
}

static void check_window(
	const struct life *l, const struct rig_mail *mail, const struct nf_notice_member *m)
{
	char name[NF_MAINTENANCE_MAX];
	const struct nf_site *site = l->first; /* both have the same windows */
	const char *window = nf_maintenance_at(site, nf_site_device(site, m->device),
		nf_site_network(site, m->network), mail->at_wall_us, name);
	if (window != NULL)
		fail_msg("seed %lld: %s to %s of #%lld about %s %s inside %s",
			(long long)l->number, mail->kind, mail->contact,
			(long long)mail->number, m->device, m->check, window);
}

/* Nothing but a recovery leaves about what a window covers. */
static void check_windows(const struct life *l)
{
	for (size_t i = 0; i < l->r->mails_len; i++) {
		const struct rig_mail *mail = &l->r->mails[i];
		struct nf_notice *n = NULL;
		if (mail->number == 0 || strcmp(mail->kind, "recovery") == 0)
			continue;
		assert_int_equal(nf_notice_decode(mail->notice, &n), NF_OK);
		if (n->members_len == 0)
			fail_msg("seed %lld: %s to %s of #%lld names nothing",
				(long long)l->number, mail->kind, mail->contact,
				(long long)mail->number);
		for (size_t k = 0; k < n->members_len; k++)
			check_window(l, mail, &n->members[k]);
		nf_notice_free(n);
	}
}

static void live(int64_t number)
{
	struct life l = {
		.seed = (uint64_t)number * 2654435761u + 88172645463325252u, .number = number};
	for (int i = 0; i < 8; i++)
		next(&l.seed);
	struct rig *r = l.r = rig_new(rig_site, rig_devices);
	l.first = r->f->site;
	r->f->site = NULL;
	fixture_puts(r->f, "devices.csv",
		"name,kind,network,address,parent,service,wave\n"
		"r1,router,a,10.1.0.1,,always,\ns1,switch,a,10.1.0.2,r1,school,\n"
		"s2,switch,a,10.1.0.3,r1,always,\np1,printer,a,10.1.0.5,,always,\n"
		"m1,server,a,10.1.0.7,,always,w1\nm2,server,a,10.1.0.8,,office,w1\n"
		"x1,server,a,10.1.0.9,,nobody,\nt1,server,lab,10.103.0.1,,always,\n"
		"n1,server,common,10.100.0.1,,,\n");
	fixture_load(r->f);
	l.other = r->f->site;
	r->f->site = l.first;
	r->now += (int64_t)below(&l.seed, 10) * HOUR * RIG_S; /* before, in or after a window */
	for (int i = 0; i < STEPS; i++)
		act(&l);
	/* Silences, windows and acknowledgements end; follow-ups wait an hour at most. */
	for (int i = 0; i < 120; i++) {
		r->now += 300 * RIG_S;
		rig_step(r);
	}
	check_told(&l);
	heal(&l);
	check_lines(&l);
	check_windows(&l);
	if (r->ledger->bad != NULL || r->ledger->incidents != NULL)
		fail_msg("seed %lld: all is fine, and an incident is open", (long long)number);
	r->f->site = l.other;
	nf_site_free(l.first);
	rig_free(r);
}

static void lives__random__each_person_hears_it_in_order(void **state)
{
	(void)state;
	int64_t sequences = SEQUENCES, seed = 1;
	if (getenv("NF_SEQUENCES") != NULL)
		nf_parse_i64(getenv("NF_SEQUENCES"), 1, 100000000, &sequences);
	if (getenv("NF_SEED") != NULL)
		nf_parse_i64(getenv("NF_SEED"), 1, INT64_MAX / 2, &seed);
	for (int64_t i = 0; i < sequences; i++) {
		live(seed + i);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lives__random__each_person_hears_it_in_order),
	};
	return NF_RUN(tests, argc, argv);
}
