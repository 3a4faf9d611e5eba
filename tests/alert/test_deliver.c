// SPDX-License-Identifier: GPL-3.0-or-later
/* The outbox delivered: who waits for whom, when it is tried again and by which way, and when it is given
 * up; the clock is the test's, the servers are real processes. */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "alert/mail_deliver.h"
#include "alert/mail_health.h"
#include "alert/notice.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/incidents.h"
#include "tests/alert/smtp_server.h"
#include "tests/conf/fixture.h"
#include "tests/test.h"

#define S      INT64_C(1000000)
#define MINUTE (60 * S)
#define DAY    (86400 * S)
#define WAITS  NF_OUTBOX_WAITING
#define SENT   NF_OUTBOX_SENT

struct rig {
	struct fixture *f;
	struct nf_store *outbox, *state;
	struct nf_deliver *deliver;
	uv_loop_t loop;
	struct nf_now now;
	struct smtp_server server;
	char *taken; /* file */
};

static const struct smtp_script good[] = {{0}};

/* first, second: ports, 0: none of its own; the second is the fallback. */
static void load(struct rig *r, int first, int second)
{
	char fallback[120] = "";
	if (second != 0)
		snprintf(fallback, sizeof fallback,
			", fallback: {server: \"smtp://127.0.0.1:%d\", tls: never, from: n@example.se}",
			second);
	char *text = nf_xasprintf(
		"site: {name: Test, timezone: Europe/Stockholm, language: en, state_dir: state}\n"
		"networks: [{id: common, role: common, prefixes: [10.100.0.0/14]}]\n"
		"contacts: [{id: anna, mail: anna@example.se}, {id: bo, mail: bo@example.se}]\n"
		"rotas: [{id: day, turns: [anna], starts: 2011-01-03}]\n"
		"mail: {server: \"smtp://127.0.0.1:%d\", tls: never, from: n@example.se%s}\n",
		first, fallback);
	fixture_puts(r->f, "site.yaml", text);
	fixture_load(r->f);
	if (r->f->site == NULL)
		print_message("%s\n", r->f->text);
	assert_non_null(r->f->site);
	free(text);
}

static struct rig *make(const struct smtp_script *scripts, size_t len)
{
	struct rig *r = nf_xcalloc(1, sizeof *r);
	struct nf_error err = {0};
	r->f = fixture_new();
	r->taken = nf_xasprintf("%s/taken", r->f->folder);
	r->server = smtp_server_lasting(scripts, len, r->taken);
	load(r, r->server.port, 0);
	char *state = nf_xasprintf("%s/state", r->f->folder);
	assert_int_equal(nf_outbox_open(state, NF_STORE_WRITE, 5000, &r->outbox, &err), NF_OK);
	assert_int_equal(nf_store_open(state, NF_STORE_WRITE, 5000, &r->state, &err), NF_OK);
	free(state);
	uv_loop_init(&r->loop);
	r->deliver = nf_deliver_new(&r->loop);
	r->now = (struct nf_now){.wall_us = 1296550800 * S, .mono_us = 1000 * S};
	return r;
}

static void release(struct rig *r)
{
	nf_deliver_free(r->deliver, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	smtp_server_stop(&r->server);
	nf_store_close(r->outbox);
	nf_store_close(r->state);
	fixture_free(r->f);
	free(r->taken);
	free(r);
}

static void rest(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static void later(struct rig *r, int64_t us)
{
	r->now.wall_us += us;
	r->now.mono_us += us;
}

/* Until nothing that is due is left. */
static void deliver(struct rig *r)
{
	for (int i = 0; i < 5000; i++) {
		if (nf_deliver_step(r->deliver, r->outbox, r->f->site, r->now))
			return;
		uv_run(&r->loop, UV_RUN_NOWAIT);
		rest();
	}
	fail_msg("it never ends");
}

static void owe_as(struct rig *r, enum nf_notice_kind kind, int64_t number, const char *who,
	const char *id)
{
	char *address = nf_xasprintf("%s@example.se", who);
	char *message_id = nf_xasprintf("<%s@example.se>", id);
	struct nf_notice n = {.kind = kind,
		.number = number,
		.site = "Test",
		.title = "sw-1",
		.network = "",
		.network_name = "",
		.acknowledged_by = "",
		.language = "en",
		.timezone = "UTC"};
	char *json = nf_notice_encode(&n);
	assert_int_equal(nf_outbox_add(r->outbox,
				 &(struct nf_outbox_row){.number = number,
					 .kind = nf_notice_kind_text(kind),
					 .contact = who,
					 .address = address,
					 .message_id = message_id,
					 .notice = json,
					 .made_wall_us = r->now.wall_us},
				 NULL),
		NF_OK);
	free(json);
	free(message_id);
	free(address);
}

static void owe(struct rig *r, int64_t number, const char *who, const char *id)
{
	owe_as(r, number != 0 ? NF_NOTICE_PROBLEM : NF_NOTICE_TEST, number, who, id);
}

static void expect_taken(const struct rig *r, const char *who, const char *want)
{
	char *text = NULL, *got = nf_xstrdup(""), *rest_of = NULL;
	size_t len;
	struct nf_error err = {0};
	if (nf_file_read(r->taken, 100000, &text, &len, &err) != NF_OK)
		text = nf_xstrdup("");
	for (char *l = strtok_r(text, "\n", &rest_of); l != NULL;
		l = strtok_r(NULL, "\n", &rest_of)) {
		char *id = strstr(l, " <");
		if (strncmp(l, who, strlen(who)) != 0 || id == NULL)
			continue;
		char *more = nf_xasprintf("%s%.*s ", got, (int)strcspn(id + 2, "@"), id + 2);
		free(got);
		got = more;
	}
	assert_string_equal(got, want);
	free(got);
	free(text);
}

struct seen {
	int64_t id, next_wall_us;
	uint32_t attempts;
	enum nf_outbox_state state;
};

static void see(const struct nf_outbox_row *row, void *arg)
{
	*(struct seen *)arg =
		(struct seen){row->id, row->next_wall_us, row->attempts, row->state};
}

static struct seen last_of(struct rig *r, int64_t number)
{
	struct seen s = {0};
	assert_int_equal(nf_outbox_of(r->outbox, number, see, &s), NF_OK);
	return s;
}

static void deliver__one_fails_first__each_hears_in_order(void **state)
{
	(void)state;
	static const struct smtp_script scripts[] = {{.mail = "451 later"}, {0}};
	struct rig *r = make(scripts, NF_LEN(scripts));
	owe(r, 1001, "anna", "a1");
	owe(r, 1001, "anna", "a2");
	owe(r, 1001, "anna", "a3");
	deliver(r);
	expect_taken(r, "anna", "");
	owe(r, 1001, "bo", "b1");
	owe(r, 1002, "anna", "c1");
	deliver(r);
	expect_taken(r, "bo", "b1 ");
	expect_taken(r, "anna", "c1 "); /* another incident waits for nobody */
	later(r, 15 * S);
	deliver(r);
	expect_taken(r, "anna", "c1 a1 a2 a3 ");
	release(r);
}

static void deliver__greylisted__others_do_not_wait(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	owe(r, 1001, "grey", "g1");
	owe(r, 1001, "anna", "a1");
	owe(r, 1001, "bo", "b1");
	deliver(r);
	expect_taken(r, "anna", "a1 ");
	expect_taken(r, "bo", "b1 ");
	expect_taken(r, "grey", "");
	release(r);
}

static void deliver__server_is_away__is_tried_ever_more_rarely(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	load(r, 1, 0);
	owe(r, 1001, "anna", "a1");
	int64_t want = 10 * S;
	for (uint32_t i = 1; i <= 8; i++) {
		deliver(r);
		struct seen s = last_of(r, 1001);
		assert_int_equal(s.state, WAITS);
		assert_int_equal(s.attempts, i);
		assert_in_range(s.next_wall_us - r->now.wall_us, want * 8 / 10, want * 12 / 10);
		later(r, s.next_wall_us - r->now.wall_us - S);
		deliver(r);
		assert_int_equal(last_of(r, 1001).attempts, i);
		later(r, S);
		want = want * 2 < 300 * S ? want * 2 : 300 * S;
	}
	assert_string_not_equal(nf_deliver_error(r->deliver), "");
	load(r, r->server.port, 0);
	deliver(r);
	expect_taken(r, "anna", "a1 ");
	release(r);
}

static void deliver__five_minutes__goes_by_the_fallback(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	load(r, 1, r->server.port);
	owe(r, 1001, "anna", "a1");
	for (int64_t t = 0; t < 290; t += 10) {
		deliver(r);
		later(r, 10 * S);
	}
	expect_taken(r, "anna", "");
	later(r, 5 * MINUTE); /* its last wait may have been that long */
	deliver(r);
	later(r, 20 * S);
	deliver(r);
	later(r, 6 * MINUTE);
	deliver(r);
	expect_taken(r, "anna", "a1 ");
	assert_true(nf_deliver_failing_mono_us(r->deliver) != 0);
	/* The next asks the first server, the one after that does not wait for it. */
	owe(r, 1002, "anna", "b1");
	deliver(r);
	owe(r, 1003, "anna", "c1");
	deliver(r);
	later(r, 6 * MINUTE);
	deliver(r);
	later(r, 10 * S);
	deliver(r);
	later(r, 6 * MINUTE);
	deliver(r);
	assert_int_equal(last_of(r, 1002).state, SENT);
	assert_int_equal(last_of(r, 1003).state, SENT);
	/* It is back: one mail finds out. */
	load(r, r->server.port, 1);
	later(r, 6 * MINUTE);
	owe(r, 1004, "anna", "d1");
	deliver(r);
	assert_int_equal(last_of(r, 1004).state, SENT);
	assert_int_equal(nf_deliver_failing_mono_us(r->deliver), 0);
	release(r);
}

static void put_incident(struct rig *r, int64_t number, int64_t ended)
{
	assert_int_equal(
		nf_incident_put(r->outbox,
			&(struct nf_incident_row){.number = number,
				.cause = "device/x",
				.title = "x",
				.network = "",
				.phase = ended != 0 ? NF_INCIDENT_ENDED : NF_INCIDENT_OPEN,
				.opened_wall_us = r->now.wall_us,
				.made_wall_us = r->now.wall_us,
				.ended_wall_us = ended,
				.acknowledged_by = "",
				.acknowledged_text = ""}),
		NF_OK);
}

static void deliver__never_taken__is_given_up_after_its_incident(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	load(r, 1, 0);
	put_incident(r, 1001, 0);
	owe(r, 1001, "anna", "a1");
	owe(r, 0, "anna", "t1");
	deliver(r);
	later(r, DAY + MINUTE);
	deliver(r);
	assert_int_equal(last_of(r, 0).state, NF_OUTBOX_DROPPED);
	later(r, 30 * DAY);
	deliver(r);
	assert_int_equal(last_of(r, 1001).state, WAITS);
	put_incident(r, 1001, r->now.wall_us);
	later(r, 2 * DAY);
	deliver(r);
	assert_int_equal(last_of(r, 1001).state, WAITS);
	later(r, 2 * DAY);
	deliver(r);
	assert_int_equal(last_of(r, 1001).state, NF_OUTBOX_DROPPED);
	release(r);
}

/* It is told once, and no later mail says it anew. */
static void deliver__to_the_team__waits_as_long_as_it_takes(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	load(r, 1, 0);
	owe_as(r, NF_NOTICE_MOVE, 0, "anna", "m1");
	for (int i = 0; i < 3; i++) {
		deliver(r);
		assert_int_equal(last_of(r, 0).state, WAITS);
		later(r, 20 * DAY);
	}
	load(r, r->server.port, 0);
	deliver(r);
	assert_int_equal(last_of(r, 0).state, SENT);
	release(r);
}

/* A mail to the team that the server will not have today holds back nothing else of that person. */
static void deliver__of_another_kind__does_not_wait(void **state)
{
	(void)state;
	static const struct smtp_script scripts[] = {{.mail = "451 later"}, {0}};
	struct rig *r = make(scripts, NF_LEN(scripts));
	owe_as(r, NF_NOTICE_MOVE, 0, "anna", "m1");
	deliver(r);
	owe_as(r, NF_NOTICE_MOVE, 0, "anna", "m2");
	owe_as(r, NF_NOTICE_DIGEST, 0, "anna", "d1");
	deliver(r);
	expect_taken(r, "anna", "d1 ");
	later(r, 15 * S);
	deliver(r);
	expect_taken(r, "anna", "d1 m1 m2 ");
	release(r);
}

static void deliver__reload_in_an_attempt__it_ends_as_it_began(void **state)
{
	(void)state;
	struct rig *r = make(good, 1);
	owe(r, 1001, "anna", "a1");
	assert_false(nf_deliver_step(r->deliver, r->outbox, r->f->site, r->now));
	load(r, 1, 0); /* frees the server's name and the sender */
	deliver(r);
	expect_taken(r, "anna", "a1 ");
	assert_int_equal(last_of(r, 1001).state, SENT);
	release(r);
}

/* Health. */

struct found {
	char text[400];
};

static void find(const struct nf_check_row *row, int64_t asked, void *arg)
{
	struct found *f = arg;
	(void)asked;
	size_t len = strlen(f->text);
	snprintf(f->text + len, sizeof f->text - len, "%s %s; ", row->check,
		nf_state_text(row->state));
}

static void expect_health(struct rig *r, const char *want)
{
	struct found f = {""};
	int64_t failing = nf_deliver_failing_mono_us(r->deliver);
	nf_mail_health_judge(r->state, r->outbox, r->f->site,
		&(struct nf_mail_health){failing != 0 ? r->now.mono_us - failing : 0,
			nf_deliver_works(r->deliver), nf_deliver_error(r->deliver)},
		r->now.wall_us);
	assert_int_equal(nf_store_checks(r->state, "netfold-notify", find, &f), NF_OK);
	assert_string_equal(f.text, want);
}

static void count(const struct nf_event *e, void *arg)
{
	(void)e;
	++*(size_t *)arg;
}

static void health__what_happens__stands_in_state(void **state)
{
	(void)state;
	static const struct smtp_script scripts[] = {{.rcpt = "550 no such user"}, {0}};
	struct rig *r = make(scripts, NF_LEN(scripts));
	int port = r->server.port;
	expect_health(r, "mail ok; ");
	owe(r, 1001, "anna", "a1");
	deliver(r);
	owe(r, 1001, "bo", "b1");
	deliver(r);
	expect_health(r, "mail ok; mail to anna@example.se warning; ");
	expect_health(r, "mail ok; mail to anna@example.se warning; ");
	owe(r, 1002, "anna", "a2");
	deliver(r);
	expect_health(r, "mail ok; ");
	load(r, 1, 0);
	owe(r, 1003, "anna", "a3");
	deliver(r);
	expect_health(r, "mail ok; ");
	later(r, 5 * MINUTE);
	expect_health(r, "mail critical; ");
	/* A start that has not sent anything yet does not know better. */
	nf_deliver_free(r->deliver, r->outbox);
	r->deliver = nf_deliver_new(&r->loop);
	put_incident(r, 1003, r->now.wall_us);
	later(r, 4 * DAY);
	deliver(r);
	assert_int_equal(last_of(r, 1003).state, NF_OUTBOX_DROPPED);
	expect_health(r, "mail critical; ");
	load(r, port, 0);
	owe(r, 0, "anna", "t1");
	deliver(r);
	expect_health(r, "mail ok; ");
	size_t events = 0;
	struct nf_event_filter filter = {.network = ""};
	assert_int_equal(nf_store_events(r->state, &filter, count, &events), NF_OK);
	assert_int_equal(events, 4);
	release(r);
}

/* The real program, killed while the server has the text and has not said that it took it. */
static void killed__after_the_text__is_sent_again_with_its_id(void **state)
{
	(void)state;
	static const struct smtp_script scripts[] = {{.dot = STALL}, {0}};
	struct rig *r = make(scripts, NF_LEN(scripts));
	char *config = nf_xasprintf("%s/site.yaml", r->f->folder);
	char *program = nf_xasprintf("%s/alert/netfold-notify",
		getenv("NF_BUILD") != NULL ? getenv("NF_BUILD") : ".");
	char flag[] = "-c", *const argv[] = {program, flag, config, NULL};
	r->now = nf_clock_now();
	owe(r, 1001, "anna", "a1");
	owe(r, 1001, "anna", "a2");
	for (int life = 0; life < 2; life++) {
		pid_t pid;
		assert_int_equal(posix_spawn(&pid, program, NULL, NULL, argv, environ), 0);
		bool over = false;
		for (int i = 0; i < 20000 && !over; i++) {
			rest();
			over = life == 0 ? access(r->taken, F_OK) == 0
					 : last_of(r, 1001).state == SENT;
		}
		assert_true(over);
		for (int i = 0; i < 100 && life == 0; i++)
			rest(); /* the text is on its way */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (life == 0)
			expect_taken(r, "anna", "");
	}
	expect_taken(r, "anna", "a1 a2 ");
	free(config);
	free(program);
	release(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deliver__one_fails_first__each_hears_in_order),
		cmocka_unit_test(deliver__greylisted__others_do_not_wait),
		cmocka_unit_test(deliver__server_is_away__is_tried_ever_more_rarely),
		cmocka_unit_test(deliver__five_minutes__goes_by_the_fallback),
		cmocka_unit_test(deliver__never_taken__is_given_up_after_its_incident),
		cmocka_unit_test(deliver__to_the_team__waits_as_long_as_it_takes),
		cmocka_unit_test(deliver__of_another_kind__does_not_wait),
		cmocka_unit_test(deliver__reload_in_an_attempt__it_ends_as_it_began),
		cmocka_unit_test(health__what_happens__stands_in_state),
		cmocka_unit_test(killed__after_the_text__is_sent_again_with_its_id),
	};
	return NF_RUN(tests, argc, argv);
}
