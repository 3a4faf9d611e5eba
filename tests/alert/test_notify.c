// SPDX-License-Identifier: GPL-3.0-or-later
/* The real netfold-notify: killed at random instants while things fail and come back, and in a storm. */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "store/incidents.h"
#include "tests/conf/fixture.h"
#include "tests/test.h"

#define DEVICES 500
#define KILLS	40

static const char site[] =
	"site: {name: Test, timezone: Europe/Stockholm, language: en, state_dir: state}\n"
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"contacts: [{id: anna, mail: anna@example.se}, {id: bo, mail: bo@example.se}]\n"
	"rotas: [{id: day, turns: [anna], starts: 2011-01-03, escalate_to: [bo]}]\n"
	"alerting: {settle: 0s}\n"
	"devices_csv: devices.csv\n";

struct rig {
	struct fixture *f;
	struct nf_store *state;
	pid_t pid;
	int64_t cpu_us;
};

static void rest(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	nanosleep(&t, NULL);
}

static void begin(struct rig *r)
{
	char *config = nf_xasprintf("%s/site.yaml", r->f->folder);
	char *program = nf_xasprintf("%s/alert/netfold-notify",
		getenv("NF_BUILD") != NULL ? getenv("NF_BUILD") : ".");
	char flag[] = "-c", *const argv[] = {program, flag, config, NULL};
	assert_int_equal(posix_spawn(&r->pid, program, NULL, NULL, argv, environ), 0);
	free(config);
	free(program);
}

static void end(struct rig *r, int signal_number)
{
	struct rusage usage;
	int status;
	kill(r->pid, signal_number);
	assert_int_equal(wait4(r->pid, &status, 0, &usage), r->pid);
	if (signal_number == SIGTERM)
		assert_int_equal(status, 0);
	r->cpu_us += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
		     usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static int setup(void **state)
{
	struct rig *r = nf_xcalloc(1, sizeof *r);
	struct nf_strbuf csv = {0};
	struct nf_error err = {0};
	r->f = fixture_new();
	nf_strbuf_puts(&csv, "name,kind,network,address,parent\nr1,router,a,10.1.0.1,\n");
	for (int i = 0; i < DEVICES; i++)
		nf_strbuf_printf(&csv, "d%d,switch,a,10.1.%d.%d,%s\n", i, 1 + i / 200,
			1 + i % 200, i % 2 == 0 ? "r1" : "");
	fixture_puts(r->f, "site.yaml", site);
	fixture_puts(r->f, "devices.csv", csv.data);
	nf_strbuf_free(&csv);
	fixture_load(r->f);
	assert_non_null(r->f->site);
	assert_int_equal(
		nf_store_open(r->f->site->state_dir, NF_STORE_WRITE, 5000, &r->state, &err),
		NF_OK);
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct rig *r = *state;
	nf_store_close(r->state);
	fixture_free(r->f);
	free(r);
	return 0;
}

/* As a judge does: the row and the event in one transaction; the caller begins and commits. */
static void say(struct rig *r, const char *device, enum nf_state before, enum nf_state after,
	const char *cause)
{
	int64_t now = nf_clock_now().wall_us;
	assert_int_equal(nf_store_check_put(r->state, &(struct nf_check_row){.network = "a",
							      .device = device,
							      .check = "ping",
							      .program = "netfold-ping",
							      .state = after,
							      .soft = after,
							      .since_wall_us = now,
							      .output = nf_state_text(after),
							      .cause = cause,
							      .interval_us = 30000000}),
		NF_OK);
	assert_int_equal(nf_store_event_add(r->state,
				 &(struct nf_event){.at_wall_us = now,
					 .network = "a",
					 .device = device,
					 .check = "ping",
					 .kind = "state",
					 .before = before,
					 .after = after,
					 .output = nf_state_text(after),
					 .cause = cause,
					 .maintenance = ""},
				 NULL),
		NF_OK);
}

static void one(struct rig *r, const char *device, enum nf_state before, enum nf_state after)
{
	assert_int_equal(nf_store_begin(r->state), NF_OK);
	say(r, device, before, after, "");
	assert_int_equal(nf_store_commit(r->state), NF_OK);
}

struct line { /* of one person and incident */
	int64_t number;
	size_t problems, recoveries, late;
};

struct lines {
	struct line items[4096];
	size_t len, mails;
};

static void add_mail(const struct nf_outbox_row *row, void *arg)
{
	struct lines *l = arg;
	struct line *line = NULL;
	l->mails++;
	for (size_t i = 0; i < l->len; i++)
		if (l->items[i].number == row->number)
			line = &l->items[i];
	if (line == NULL) {
		assert_true(l->len < NF_LEN(l->items));
		line = &l->items[l->len++];
		*line = (struct line){.number = row->number};
		assert_string_equal(row->kind, "problem");
	}
	line->late += line->recoveries;
	line->problems += strcmp(row->kind, "problem") == 0;
	line->recoveries += strcmp(row->kind, "recovery") == 0;
}

/* On a busy machine a round of ours may lock state.db for so long that netfold-notify tells of it. */
static bool is_of_devices(const struct nf_incident_row *row)
{
	return strcmp(row->title, "state.db") != 0;
}

static void add_incident(const struct nf_incident_row *row, void *arg)
{
	int64_t **next = arg;
	if (is_of_devices(row))
		*(*next)++ = row->number;
}

static void count_open(const struct nf_incident_row *row, void *arg)
{
	*(size_t *)arg += is_of_devices(row);
}

static size_t open_incidents(struct nf_store *outbox)
{
	size_t n = 0;
	assert_int_equal(nf_incidents(outbox, INT64_MAX, count_open, &n), NF_OK);
	return n;
}

static struct nf_store *open_outbox(struct rig *r)
{
	struct nf_store *outbox = NULL;
	struct nf_error err = {0};
	for (int i = 0; i < 2400 && outbox == NULL; i++) {
		nf_outbox_open(r->f->site->state_dir, NF_STORE_READ, 5000, &outbox, &err);
		rest(50);
	}
	assert_non_null(outbox);
	return outbox;
}

static bool await(struct nf_store *outbox, bool any)
{
	for (int i = 0; i < 2400; i++) {
		if ((open_incidents(outbox) > 0) == any)
			return true;
		rest(50);
	}
	return false;
}

static struct lines read_lines(struct nf_store *outbox)
{
	static struct lines l;
	static int64_t numbers[8192];
	int64_t *next = numbers;
	l = (struct lines){0};
	assert_int_equal(nf_incidents(outbox, 0, add_incident, &next), NF_OK);
	for (const int64_t *n = numbers; n < next; n++)
		assert_int_equal(nf_outbox_of(outbox, *n, add_mail, &l), NF_OK);
	return l;
}

static void killed__at_random__each_problem_has_its_recovery(void **state)
{
	struct rig *r = *state;
	bool down[6] = {false};
	unsigned seed = 4711;
	begin(r);
	struct nf_store *outbox = open_outbox(r);
	for (int i = 0; i < KILLS; i++) {
		for (int k = 0; k < 4; k++) {
			char name[16];
			size_t d = (size_t)rand_r(&seed) % NF_LEN(down);
			snprintf(name, sizeof name, "d%zu", 2 * d + 1);
			one(r, name, down[d] ? NF_STATE_CRITICAL : NF_STATE_OK,
				down[d] ? NF_STATE_OK : NF_STATE_CRITICAL);
			down[d] = !down[d];
			rest(rand_r(&seed) % 200);
		}
		end(r, SIGKILL);
		begin(r);
		rest(rand_r(&seed) % 100);
	}
	NF_ROWS(d, down)
	{
		char name[16];
		snprintf(name, sizeof name, "d%zu", 2 * d + 1);
		if (down[d])
			one(r, name, NF_STATE_CRITICAL, NF_STATE_OK);
	}
	rest(1500);
	assert_true(await(outbox, false));
	end(r, SIGTERM);
	struct lines l = read_lines(outbox);
	assert_true(l.len > 3);
	for (size_t i = 0; i < l.len; i++) {
		assert_int_equal(l.items[i].problems, 1);
		assert_int_equal(l.items[i].recoveries, 1);
		assert_int_equal(l.items[i].late, 0);
	}
	print_message("%zu incidents, %zu mails, %d kills\n", l.len, l.mails, KILLS);
	nf_store_close(outbox);
}

static void storm__ten_thousand_events__a_handful_of_mails(void **state)
{
	struct rig *r = *state;
	begin(r);
	struct nf_store *outbox = open_outbox(r);
	rest(700);
	for (int round = 0; round < 10; round++) {
		bool bad = round % 2 == 0;
		enum nf_state to = bad ? NF_STATE_CRITICAL : NF_STATE_OK;
		assert_int_equal(nf_store_begin(r->state), NF_OK);
		for (int i = 0; i < DEVICES * 2; i++) {
			char name[16];
			snprintf(name, sizeof name, "d%d", i % DEVICES);
			enum nf_state before = bad ? NF_STATE_OK : NF_STATE_CRITICAL;
			say(r, name, i < DEVICES ? before : to, to, "");
		}
		assert_int_equal(nf_store_commit(r->state), NF_OK);
		rest(300);
	}
	rest(1500);
	assert_true(await(outbox, false));
	end(r, SIGTERM);
	struct lines l = read_lines(outbox);
	print_message(
		"10000 events: %zu mails, %.2f s of CPU\n", l.mails, (double)r->cpu_us / 1e6);
	assert_true(l.mails <= 10);
	assert_true(l.mails >= 2);
	nf_store_close(outbox);
}

static void network__lost__one_mail_to_each(void **state)
{
	struct rig *r = *state;
	begin(r);
	struct nf_store *outbox = open_outbox(r);
	rest(700);
	assert_int_equal(nf_store_begin(r->state), NF_OK);
	say(r, "r1", NF_STATE_OK, NF_STATE_CRITICAL, "");
	for (int i = 0; i < DEVICES; i++) {
		char name[16];
		snprintf(name, sizeof name, "d%d", i);
		say(r, name, NF_STATE_OK, NF_STATE_UNREACHABLE, "r1");
	}
	assert_int_equal(nf_store_commit(r->state), NF_OK);
	assert_true(await(outbox, true));
	rest(1500);
	end(r, SIGTERM);
	struct lines l = read_lines(outbox);
	assert_int_equal(l.mails, 1);
	nf_store_close(outbox);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			killed__at_random__each_problem_has_its_recovery, setup, teardown),
		cmocka_unit_test_setup_teardown(
			storm__ten_thousand_events__a_handful_of_mails, setup, teardown),
		cmocka_unit_test_setup_teardown(
			network__lost__one_mail_to_each, setup, teardown),
	};
	return NF_RUN(tests, argc, argv);
}
