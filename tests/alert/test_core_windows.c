// SPDX-License-Identifier: GPL-3.0-or-later
/* Stories of maintenance and waves: what is mailed of what a window covers, and when. */
#include <stdlib.h>
#include <string.h>

#include "alert/explain.h"
#include "tests/alert/rig.h"
#include "tests/test.h"

#define OK	    NF_STATE_OK
#define CRITICAL    NF_STATE_CRITICAL
#define WARNING	    NF_STATE_WARNING
#define UNREACHABLE NF_STATE_UNREACHABLE
#define HOUR	    3600

static void expect(struct rig *r, const char *want)
{
	char *got = rig_mails(r);
	assert_string_equal(got, want);
	free(got);
}

static void maintenance__mutes__and_tells_what_outlasts_it(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += 3 * HOUR * RIG_S + 60 * RIG_S; /* 12:01 */
	rig_set(r, "s1", "ping", CRITICAL, "");
	rig_set(r, "s2", "ping", CRITICAL, "");
	rig_run(r, 50 * 60);
	expect(r, "");
	rig_set(r, "s2", "ping", OK, "");
	rig_restart(r);
	rig_run(r, 12 * 60);
	expect(r, "problem anna #1001 critical s1 1/1\n");
	rig_free(r);
}

/* That `netfold incidents --explain 1001` says so, and of nobody who is told next. */
static void expect_why(struct rig *r, const char *want)
{
	struct nf_strbuf out = {0};
	struct nf_error err = {0};
	assert_int_equal(
		nf_explain_incident(r->f->site, r->outbox, 1001, r->now, &out, &err), NF_OK);
	if (strstr(out.data, want) == NULL || strstr(out.data, "Next:") != NULL)
		fail_msg("not %s in %s", want, out.data);
	nf_strbuf_free(&out);
}

/* s1's toner is told as a warning at 11:51, nine minutes before its window. */
static struct rig *told_before_the_window(enum nf_state state)
{
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += (2 * HOUR + 50 * 60) * RIG_S;
	rig_set(r, "s1", "toner", state, "");
	rig_run(r, 60);
	expect(r, state == CRITICAL ? "problem anna #1001 critical s1 1/1\n"
				    : "problem anna #1001 warning s1 1/1\n");
	return r;
}

static void maintenance__told_before_and_worse_inside__is_told_when_it_ends(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(WARNING);
	rig_run(r, 15 * 60); /* 12:06 */
	rig_set(r, "s1", "toner", CRITICAL, "");
	rig_event(r, "s1", "toner", "flapping", CRITICAL);
	rig_run(r, 20 * 60);
	expect_why(r,
		", in maintenance (patch): nobody is told before that ends, flapping\nMails:");
	rig_restart(r);
	rig_compare(r);
	rig_run(r, 33 * 60); /* 12:59, more than escalate_after */
	expect(r, "");
	rig_run(r, 3 * 60);
	expect(r, "follow-up anna #1001 critical s1 1/1\n");
	rig_run(r, 20 * 60);
	expect(r, "");
	rig_run(r, 15 * 60);
	expect(r, "problem chief #1001 critical s1 1/1 escalated\n");
	rig_free(r);
}

static void maintenance__worse_inside_and_as_before_at_its_end__is_no_news(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(WARNING);
	rig_run(r, 15 * 60);
	rig_set(r, "s1", "toner", CRITICAL, "");
	rig_event(r, "s1", "toner", "flapping", CRITICAL);
	rig_run(r, 20 * 60);
	rig_restart(r);
	rig_set(r, "s1", "toner", WARNING, "");
	rig_event(r, "s1", "toner", "steady", WARNING);
	rig_run(r, 2 * HOUR);
	expect(r, "");
	rig_set(r, "s1", "toner", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical s1 0/1\n");
	rig_free(r);
}

static void maintenance__told_before__escalates_only_after_it(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(CRITICAL);
	rig_say(r, "ack", 1001, "", "anna", r->now, r->now + 20 * 60 * RIG_S);
	rig_run(r, 68 * 60); /* 12:59 */
	expect(r, "");
	rig_run(r, 2 * 60);
	expect(r, "reminder anna #1001 critical s1 0/1\n");
	rig_run(r, 25 * 60);
	expect(r, "");
	rig_run(r, 10 * 60);
	expect(r, "problem chief #1001 critical s1 1/1 escalated\n");
	rig_free(r);
}

static void maintenance__fine_inside__recovery_comes_and_no_second_problem(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(CRITICAL);
	rig_run(r, 15 * 60);
	rig_set(r, "s1", "toner", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical s1 0/1\n");
	rig_set(r, "s1", "toner", CRITICAL, "");
	rig_run(r, 50 * 60);
	expect(r, "");
	rig_run(r, 10 * 60);
	expect(r, "problem anna #1002 critical s1 1/1\n");
	rig_free(r);
}

static void maintenance__bad_again_before_its_recovery_left__is_not_over(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(CRITICAL);
	rig_run(r, 15 * 60);
	rig_set(r, "s1", "toner", OK, "");
	rig_run(r, 10);
	rig_set(r, "s1", "toner", CRITICAL, "");
	rig_run(r, HOUR + 10 * 60); /* 13:16 */
	expect(r, "");
	rig_set(r, "s1", "toner", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical s1 0/1\n");
	rig_free(r);
}

static void maintenance__one_outside__is_told_without_those_inside(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += (2 * HOUR + 50 * 60) * RIG_S;
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_set(r, "s1", "ping", UNREACHABLE, "r1");
	rig_set(r, "s2", "ping", UNREACHABLE, "r1");
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 3/3\n");
	rig_run(r, 15 * 60); /* 12:06 */
	rig_set(r, "n1", "ping", UNREACHABLE, "r1");
	rig_set(r, "s3", "ping", UNREACHABLE, "r1");
	rig_run(r, 60);
	expect(r, "follow-up anna #1001 critical r1 1/2\n");
	rig_run(r, 20 * 60);
	expect(r, "problem chief #1001 critical r1 2/2 escalated\n");
	rig_run(r, 40 * 60); /* 13:07 */
	expect(r,
		"follow-up anna #1001 critical r1 1/5\nfollow-up chief #1001 critical r1 1/5 escalated\n");
	rig_free(r);
}

static void maintenance__worst_inside__is_not_what_the_mail_is_called(void **state)
{
	(void)state;
	static const char *const devices[] = {"r1", "p2", "m1", "m2"};
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += (2 * HOUR + 50 * 60) * RIG_S;
	NF_ROWS(i, devices)
	rig_set(r, devices[i], "toner", WARNING, "");
	rig_set(r, "s1", "ping", CRITICAL, "");
	rig_set(r, "s2", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "problem anna #1007 critical many problems in a 6/6\n");
	rig_run(r, 15 * 60);
	rig_event(r, "p2", "toner", "flapping", WARNING);
	rig_run(r, 60);
	expect(r, "follow-up anna #1007 warning many problems in a 1/4\n");
	rig_free(r);
}

static void wave__told_before_and_worse_in_its_window__is_told_when_it_ends(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += (8 * HOUR + 50 * 60) * RIG_S; /* 17:50 */
	rig_set(r, "m1", "toner", WARNING, "");
	rig_run(r, 60);
	expect(r, "problem anna #1001 warning m1 1/1\n");
	rig_run(r, 15 * 60);
	rig_set(r, "m1", "toner", CRITICAL, "");
	rig_set(r, "m1", "ping", CRITICAL, "");
	rig_run(r, 3 * HOUR + 50 * 60); /* 21:56 */
	expect(r, "");
	rig_run(r, 10 * 60);
	expect(r,
		"follow-up anna #1001 critical m1 1/1\nproblem anna #1002 critical wave w1 1/1\n");
	rig_free(r);
}

/* Nobody looked while the window was open. */
static void maintenance__heard_of_after_it__is_told_once(void **state)
{
	(void)state;
	struct rig *r = told_before_the_window(WARNING);
	r->now += 30 * 60 * RIG_S;
	rig_set(r, "s1", "toner", CRITICAL, "");
	r->now += HOUR * RIG_S;
	rig_run(r, HOUR / 4);
	expect(r, "follow-up anna #1001 critical s1 1/1\n");
	rig_free(r);
}

static void wave__after_its_window__one_incident(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += 10 * HOUR * RIG_S; /* 19:00 */
	rig_set(r, "m1", "ping", CRITICAL, "");
	rig_set(r, "m2", "ping", CRITICAL, "");
	rig_run(r, HOUR);
	expect(r, "");
	r->now += 2 * HOUR * RIG_S;
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical wave w1 2/2\n");
	rig_free(r);
}

static void wave__a_member_down_after_its_window__with_all_that_hangs_on_it(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += 10 * HOUR * RIG_S; /* 19:00 */
	rig_set(r, "m1", "snmp", UNREACHABLE, "m1");
	rig_set(r, "m1", "ping", CRITICAL, "");
	rig_run(r, HOUR);
	expect(r, "");
	r->now += 2 * HOUR * RIG_S;
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical wave w1 1/1\n");
	rig_set(r, "m1", "ping", OK, "");
	rig_set(r, "m1", "snmp", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical wave w1 0/1\n");
	rig_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maintenance__mutes__and_tells_what_outlasts_it),
		cmocka_unit_test(
			maintenance__told_before_and_worse_inside__is_told_when_it_ends),
		cmocka_unit_test(
			maintenance__worse_inside_and_as_before_at_its_end__is_no_news),
		cmocka_unit_test(maintenance__told_before__escalates_only_after_it),
		cmocka_unit_test(
			maintenance__fine_inside__recovery_comes_and_no_second_problem),
		cmocka_unit_test(maintenance__bad_again_before_its_recovery_left__is_not_over),
		cmocka_unit_test(maintenance__one_outside__is_told_without_those_inside),
		cmocka_unit_test(maintenance__worst_inside__is_not_what_the_mail_is_called),
		cmocka_unit_test(
			wave__told_before_and_worse_in_its_window__is_told_when_it_ends),
		cmocka_unit_test(maintenance__heard_of_after_it__is_told_once),
		cmocka_unit_test(wave__after_its_window__one_incident),
		cmocka_unit_test(
			wave__a_member_down_after_its_window__with_all_that_hangs_on_it),
	};
	return NF_RUN(tests, argc, argv);
}
