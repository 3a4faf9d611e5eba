// SPDX-License-Identifier: GPL-3.0-or-later
/* Stories: what happens, and what is mailed to whom. */
#include <stdlib.h>
#include <string.h>

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

static void router_down(struct rig *r)
{
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_set(r, "s1", "ping", UNREACHABLE, "r1");
	rig_set(r, "s2", "ping", UNREACHABLE, "r1");
}

static void router_up(struct rig *r)
{
	rig_set(r, "r1", "ping", OK, "");
	rig_set(r, "s1", "ping", OK, "");
	rig_set(r, "s2", "ping", OK, "");
}

static void cause__dead_parent__one_mail_with_all_behind_it(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	router_down(r);
	rig_run(r, 25);
	expect(r, "");
	rig_run(r, 10);
	expect(r, "problem anna #1001 critical r1 3/3\n");
	rig_set(r, "s3", "ping", UNREACHABLE, "r1");
	rig_run(r, 60);
	expect(r, "follow-up anna #1001 critical r1 1/4\n");
	router_up(r);
	rig_set(r, "s3", "ping", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/4\n");
	rig_run(r, 2 * HOUR);
	expect(r, "");
	rig_free(r);
}

static void settle__over_before_it_was_told__no_mail(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	router_down(r);
	rig_run(r, 10);
	router_up(r);
	rig_run(r, HOUR);
	expect(r, "");
	rig_free(r);
}

static void cause__uplink__one_mail(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "", "uplink", CRITICAL, "");
	rig_set(r, "r1", "ping", UNREACHABLE, "uplink");
	rig_set(r, "p2", "ping", UNREACHABLE, "uplink");
	rig_set(r, "s1", "ping", UNREACHABLE, "uplink");
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical the way to a 4/4\n");
	rig_free(r);
}

static void cause__jobs_of_a_dead_server__in_its_mail(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "n1", "ping", CRITICAL, "");
	rig_set(r, "n1", "backup files", UNREACHABLE, "n1");
	rig_set(r, "n1", "backup db", UNREACHABLE, "n1");
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical n1 3/3\n");
	rig_free(r);
}

static void cause__snmp_of_dead_devices__is_no_news(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	router_down(r);
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 3/3\n");
	rig_set(r, "r1", "snmp", UNREACHABLE, "r1");
	rig_set(r, "s1", "snmp", UNREACHABLE, "r1");
	rig_run(r, 1200);
	expect(r, "");
	router_up(r);
	rig_run(r, 60);
	expect(r, "");
	rig_set(r, "r1", "snmp", OK, "");
	rig_set(r, "s1", "snmp", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/3\n");
	rig_free(r);
}

static void cause__child_stays_dead__is_an_incident_of_its_own(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	router_down(r);
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 3/3\n");
	rig_set(r, "r1", "ping", OK, "");
	rig_set(r, "s2", "ping", OK, "");
	rig_set(r, "s1", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/3\n"
		  "problem anna #1002 critical s1 1/1\n");
	rig_free(r);
}

static void storm__many_causes__one_mail(void **state)
{
	(void)state;
	static const char *const devices[] = {"r1", "p1", "p2", "m1", "m2", "x1", "s1", "s2"};
	struct rig *r = rig_new(rig_site, rig_devices);
	NF_ROWS(i, devices)
	rig_set(r, devices[i], "ping", CRITICAL, "");
	rig_run(r, 60);
	/* x1 belongs to a service that tells nobody. */
	expect(r,
		"problem anna #1009 critical many problems in a 7/7\nproblem cai #1009 critical many problems in a 7/7\n");
	NF_ROWS(i, devices)
	rig_set(r, devices[i], "ping", OK, "");
	rig_run(r, 60);
	expect(r,
		"recovery anna #1009 critical many problems in a 0/7\nrecovery cai #1009 critical many problems in a 0/7\n");
	rig_free(r);
}

static void who__warning_at_night__waits_for_the_hours(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	r->now += 11 * HOUR * RIG_S; /* 20:00 */
	rig_set(r, "p2", "toner", WARNING, "");
	rig_set(r, "p1", "ping", CRITICAL, ""); /* critical_waits */
	rig_run(r, 2 * HOUR);
	expect(r, "");
	rig_set(r, "s3", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "problem anna #1003 critical s3 1/1\n");
	r->now += 10 * HOUR * RIG_S; /* 08:00 */
	rig_run(r, 60);
	expect(r, "problem anna #1001 warning p2 1/1\nproblem cai #1002 critical p1 1/1\n"
		  "problem chief #1003 critical s3 1/1 escalated\n");
	rig_free(r);
}

static void who__lab_and_nobody__wake_nobody(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "t1", "ping", CRITICAL, "");
	rig_set(r, "x1", "ping", CRITICAL, "");
	rig_run(r, 2 * HOUR);
	expect(r, "");
	rig_free(r);
}

static void who__cover__gets_the_mail(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_say(r, "cover", 0, "day", "cai", r->now - 1, r->now + HOUR * RIG_S);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "problem cai #1001 critical r1 1/1\n");
	r->now += 2 * HOUR * RIG_S;
	rig_say(r, "ack", 1001, "", "cai", r->now, r->now + HOUR * RIG_S);
	rig_set(r, "s1", "ping", UNREACHABLE, "r1");
	rig_run(r, 60);
	/* The cover is over: who is on call now hears of it for the first time. */
	expect(r, "follow-up cai #1001 critical r1 1/2\nproblem anna #1001 critical r1 2/2\n");
	rig_set(r, "r1", "ping", OK, "");
	rig_set(r, "s1", "ping", OK, "");
	rig_run(r, 60);
	expect(r, "recovery cai #1001 critical r1 0/2\nrecovery anna #1001 critical r1 0/2\n");
	rig_free(r);
}

static void who__turn_of_the_rota__recovery_goes_to_who_was_told(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_say(r, "ack", 1001, "", "anna", r->now, r->now + 30 * 24 * HOUR * RIG_S);
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 1/1\n");
	r->now += 7 * 24 * HOUR * RIG_S;
	rig_set(r, "r1", "ping", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/1\n");
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "problem bo #1002 critical r1 1/1\n");
	rig_free(r);
}

static void escalation__nobody_acknowledged__the_chief_hears_once(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 29 * 60);
	expect(r, "problem anna #1001 critical r1 1/1\n");
	rig_run(r, 5 * 60);
	expect(r, "problem chief #1001 critical r1 1/1 escalated\n");
	rig_run(r, 5 * HOUR);
	expect(r, "");
	rig_set(r, "r1", "ping", OK, "");
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/1\n"
		  "recovery chief #1001 critical r1 0/1 escalated\n");
	rig_free(r);
}

static void ack__in_time__no_escalation_and_said_again_at_its_end(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 60);
	rig_say(r, "ack", 1001, "", "anna", r->now, r->now + 4 * HOUR * RIG_S);
	rig_run(r, 4 * HOUR - 60);
	expect(r, "problem anna #1001 critical r1 1/1\n");
	rig_run(r, 120);
	expect(r, "reminder anna #1001 critical r1 0/1\n");
	rig_run(r, 31 * 60);
	expect(r, "problem chief #1001 critical r1 1/1 escalated\n");
	rig_free(r);
}

static void silence__before__is_told_when_it_ends(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_say(r, "silence", 0, "r*", "anna", r->now, r->now + HOUR * RIG_S);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, HOUR - 60);
	expect(r, "");
	rig_run(r, 120);
	expect(r, "problem anna #1001 critical r1 1/1\n");
	rig_free(r);
}

static void silence__after__recovery_comes_and_end_is_said_again(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_set(r, "p2", "ping", CRITICAL, "");
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 1/1\nproblem anna #1002 critical p2 1/1\n");
	rig_say(r, "silence", 0, "*", "anna", r->now, r->now + HOUR * RIG_S);
	rig_run(r, 60);
	rig_set(r, "p2", "ping", OK, "");
	rig_run(r, HOUR - 150);
	expect(r, "recovery anna #1002 critical p2 0/1\n");
	rig_run(r, 120);
	expect(r, "reminder anna #1001 critical r1 1/1\n");
	rig_free(r);
}

static void flapping__said_once__one_recovery_when_steady(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_event(r, "r1", "ping", "flapping", CRITICAL);
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 1/1\n");
	for (int i = 0; i < 10; i++) {
		rig_set(r, "r1", "ping", OK, "");
		rig_run(r, 60);
		rig_set(r, "r1", "ping", CRITICAL, "");
		rig_run(r, 60);
	}
	expect(r, "");
	rig_set(r, "r1", "ping", OK, "");
	rig_run(r, 60);
	rig_event(r, "r1", "ping", "steady", OK);
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/1\n");
	rig_free(r);
}

static void removed__device__recovery_says_so(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 60);
	rig_remove(r, "r1");
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 1/1\nrecovery anna #1001 critical r1 0/1\n");
	rig_free(r);
}

static void restart__told_already__is_not_told_again(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	router_down(r);
	rig_run(r, 60);
	for (int i = 0; i < 5; i++) {
		rig_restart(r);
		rig_compare(r);
		rig_run(r, 60);
	}
	expect(r, "problem anna #1001 critical r1 3/3\n");
	router_up(r);
	rig_take(r);
	rig_restart(r); /* killed before it was saved */
	rig_run(r, 60);
	expect(r, "recovery anna #1001 critical r1 0/3\n");
	rig_free(r);
}

static void compare__lost_events__cost_nothing(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 60);
	rig_set(r, "r1", "ping", OK, "");
	rig_set(r, "p2", "ping", CRITICAL, "");
	r->ledger->position = (int64_t)r->events_len;
	rig_compare(r);
	rig_run(r, 60);
	expect(r, "problem anna #1001 critical r1 1/1\n"
		  "recovery anna #1001 critical r1 0/1\n"
		  "problem anna #1002 critical p2 1/1\n");
	rig_free(r);
}

static void clock__set_back__nothing_hangs(void **state)
{
	(void)state;
	struct rig *r = rig_new(rig_site, rig_devices);
	rig_set(r, "r1", "ping", CRITICAL, "");
	rig_run(r, 10);
	r->now -= 3 * 24 * HOUR * RIG_S;
	rig_run(r, 60);
	expect(r, "problem bo #1001 critical r1 1/1\n");
	r->now -= 3 * 24 * HOUR * RIG_S;
	rig_set(r, "r1", "ping", OK, "");
	rig_run(r, 120);
	expect(r, "recovery bo #1001 critical r1 0/1\n");
	rig_free(r);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cause__dead_parent__one_mail_with_all_behind_it),
		cmocka_unit_test(settle__over_before_it_was_told__no_mail),
		cmocka_unit_test(cause__uplink__one_mail),
		cmocka_unit_test(cause__jobs_of_a_dead_server__in_its_mail),
		cmocka_unit_test(cause__snmp_of_dead_devices__is_no_news),
		cmocka_unit_test(cause__child_stays_dead__is_an_incident_of_its_own),
		cmocka_unit_test(storm__many_causes__one_mail),
		cmocka_unit_test(who__warning_at_night__waits_for_the_hours),
		cmocka_unit_test(who__lab_and_nobody__wake_nobody),
		cmocka_unit_test(who__cover__gets_the_mail),
		cmocka_unit_test(who__turn_of_the_rota__recovery_goes_to_who_was_told),
		cmocka_unit_test(escalation__nobody_acknowledged__the_chief_hears_once),
		cmocka_unit_test(ack__in_time__no_escalation_and_said_again_at_its_end),
		cmocka_unit_test(silence__before__is_told_when_it_ends),
		cmocka_unit_test(silence__after__recovery_comes_and_end_is_said_again),
		cmocka_unit_test(flapping__said_once__one_recovery_when_steady),
		cmocka_unit_test(removed__device__recovery_says_so),
		cmocka_unit_test(restart__told_already__is_not_told_again),
		cmocka_unit_test(compare__lost_events__cost_nothing),
		cmocka_unit_test(clock__set_back__nothing_hangs),
	};
	return NF_RUN(tests, argc, argv);
}
