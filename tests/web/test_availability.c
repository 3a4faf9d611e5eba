// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "conf/load.h"
#include "tests/store/folder.h"
#include "web/availability.h"
#include "web/spans.h"

#define ZONE "Europe/Stockholm"
#define NOW  "2027-04-15 12:00"
#define SITE                                                                                                \
	"site: {name: T, timezone: " ZONE ", language: en, state_dir: state, www_dir: www}\n"               \
	"networks: [{id: a, role: common, prefixes: [10.0.0.0/8]}]\n"                                       \
	"services:\n"                                                                                       \
	"  - {id: day, hours: [\"Mon-Fri 08:00-16:00\"], holidays: [01-01], target: 99}\n"                  \
	"  - {id: twice, hours: [\"Mon-Fri 08:00-16:00\", \"Mon-Fri 08:00-12:00\", \"Mon 15:00-18:00\"]}\n" \
	"  - {id: night, hours: [\"22:00-06:00\"]}\n"                                                       \
	"  - {id: rest, holidays: [02-01, 03-28]}\n"                                                        \
	"maintenance:\n"                                                                                    \
	"  - {id: patch, devices: [\"d-*\"], every: \"Wed 22:00\", for: 2h}\n"                              \
	"  - {id: once, devices: [d-plain], from: \"2027-03-10 10:00\", to: \"2027-03-10 11:00\"}\n"        \
	"devices:\n"                                                                                        \
	"  - {name: d-plain, kind: switch, network: a, address: 10.0.0.1}\n"                                \
	"  - {name: s-day, kind: server, network: a, address: 10.0.0.2, service: day}\n"                    \
	"  - {name: s-twice, kind: server, network: a, address: 10.0.0.3, service: twice}\n"                \
	"  - {name: s-night, kind: server, network: a, address: 10.0.0.4, service: night}\n"                \
	"  - {name: s-rest, kind: server, network: a, address: 10.0.0.5, service: rest}\n"

struct world {
	struct nf_site *site;
	struct nf_store *store;
	char *folder;
};

static int64_t at(const char *text)
{
	int64_t us;
	assert_int_equal(nf_instant_parse(text, ZONE, &us), NF_OK);
	return us;
}

static int set_up(void **state)
{
	struct world *w = nf_xcalloc(1, sizeof *w);
	struct nf_diags *diags = nf_diags_new();
	struct nf_error err = {0};
	test_folder_make(state);
	w->folder = *state;
	assert_int_equal(chdir(w->folder), 0);
	FILE *f = fopen("site.yaml", "w");
	assert_non_null(f);
	fputs(SITE, f);
	fclose(f);
	setenv("TZ", ZONE, 1);
	tzset();
	enum nf_err rc = nf_site_load("site.yaml", diags, &w->site);
	nf_diags_log(diags, "test");
	assert_int_equal(rc, NF_OK);
	nf_diags_free(diags);
	assert_int_equal(nf_store_open("state", NF_STORE_WRITE, 5000, &w->store, &err), NF_OK);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	nf_store_close(w->store);
	nf_site_free(w->site);
	*state = w->folder;
	free(w);
	assert_int_equal(chdir("/"), 0);
	return test_folder_remove(state);
}

static void turns(struct world *w, const char *device, const char *when, enum nf_state before,
	enum nf_state after, const char *window)
{
	const struct nf_event event = {.at_wall_us = at(when),
		.network = "a",
		.device = device,
		.check = "ping",
		.kind = "state",
		.before = before,
		.after = after,
		.output = "",
		.cause = "",
		.maintenance = window};
	assert_int_equal(nf_store_event_add(w->store, &event, NULL), NF_OK);
}

/* What the monitor knows now of a device, asked last at this instant. */
static void stands(struct world *w, const char *device, enum nf_state now, const char *since,
	const char *asked)
{
	const struct nf_check_row row = {.network = "a",
		.device = device,
		.check = "ping",
		.program = "netfold-ping",
		.state = now,
		.soft = now,
		.since_wall_us = at(since),
		.output = "",
		.cause = "",
		.interval_us = 30 * NF_US_PER_S};
	assert_int_equal(nf_store_check_put(w->store, &row), NF_OK);
	assert_int_equal(
		nf_store_asked_put(w->store, "netfold-ping", "a", device, at(asked)), NF_OK);
}

static void take(struct world *w, struct nf_model *m, struct nf_availability **a)
{
	struct nf_error err = {0};
	const struct nf_now now = {.wall_us = at(NOW)};
	assert_int_equal(
		nf_model_take(w->site, w->store, (struct nf_cadence){0}, now, m, &err), NF_OK);
	*a = nf_availability_take(m);
}

/* Minutes of a month: "up/down/planned/unknown". */
static void is(struct world *w, const char *device, const char *month, const char *want)
{
	struct nf_model m;
	struct nf_availability *a;
	char got[120] = "no such month";
	take(w, &m, &a);
	const struct nf_device *d = nf_site_device(w->site, device);
	for (size_t i = 0; i < NF_MONTHS; i++) {
		const struct nf_uptime *u = &a->devices[d->index][i];
		const int64_t minute = 60 * NF_US_PER_S;
		if (a->month_wall_us[i] == at(month))
			snprintf(got, sizeof got, "%lld/%lld/%lld/%lld",
				(long long)(u->up_us / minute),
				(long long)(u->down_us / minute),
				(long long)(u->planned_us / minute),
				(long long)(u->unknown_us / minute));
	}
	assert_string_equal(got, want);
	nf_availability_free(a);
	nf_model_free(&m);
}

#define OK	 NF_STATE_OK
#define CRITICAL NF_STATE_CRITICAL
#define UNKNOWN	 NF_STATE_UNKNOWN

static void promised__minutes_of_a_month(void **state)
{
	static const struct {
		const char *service, *from, *to;
		int64_t minutes;
	} rows[] = {
	/* 31 days, of which one has 23 hours, and one 25 */
		{NULL,    "2027-03-01 00:00", "2027-04-01 00:00", 31 * 1440 - 60},
		{NULL,    "2026-10-01 00:00", "2026-11-01 00:00", 31 * 1440 + 60},
 /* 21 working days, the first of January off */
		{"day",	"2027-01-01 00:00", "2027-02-01 00:00", 20 * 480	},
		{"day",	"2027-03-01 00:00", "2027-04-01 00:00", 23 * 480	},
 /* what overlaps counts once; five Mondays have two hours more */
		{"twice", "2027-03-01 00:00", "2027-04-01 00:00", 23 * 480 + 600},
 /* over midnight and both borders; the night of the 28th is an hour shorter */
		{"night", "2027-03-01 00:00", "2027-04-01 00:00", 31 * 480 - 60 },
		{"night", "2026-10-01 00:00", "2026-11-01 00:00", 31 * 480 + 60 },
 /* always, but on holidays: of 23 hours, too */
		{"rest",	 "2027-02-01 00:00", "2027-03-01 00:00", 27 * 1440	  },
		{"rest",	 "2027-03-01 00:00", "2027-04-01 00:00", 30 * 1440	  },
		{"day",	"2027-03-06 00:00", "2027-03-08 00:00", 0		 },
	};
	const struct world *w = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct nf_service *service = NULL;
		struct nf_spans spans;
		NF_EACH(struct nf_service, s, w->site->services)
		{
			if (rows[i].service != NULL && strcmp(s->id, rows[i].service) == 0)
				service = s;
		}
		nf_spans_promised(service, at(rows[i].from), at(rows[i].to), &spans);
		assert_int_equal(nf_spans_cover(&spans, at(rows[i].from), at(rows[i].to)),
			rows[i].minutes * 60 * NF_US_PER_S);
		nf_spans_free(&spans);
	}
}

static void account__unknown_before_the_first_event(void **state)
{
	turns(*state, "d-plain", "2027-03-02 00:00", UNKNOWN, OK, "");
	is(*state, "d-plain", "2027-03-01 00:00", "43140/0/0/1440");
	is(*state, "d-plain", "2027-02-01 00:00", "0/0/0/40320");
}

static void account__an_outage_over_the_month_s_end(void **state)
{
	turns(*state, "d-plain", "2027-01-01 00:00", UNKNOWN, OK, "");
	turns(*state, "d-plain", "2027-02-28 23:50", OK, CRITICAL, "");
	turns(*state, "d-plain", "2027-03-01 00:20", CRITICAL, OK, "");
	is(*state, "d-plain", "2027-02-01 00:00", "40310/10/0/0");
	is(*state, "d-plain", "2027-03-01 00:00", "44560/20/0/0");
}

static void account__only_inside_the_service_hours(void **state)
{
	turns(*state, "s-day", "2027-01-01 00:00", UNKNOWN, OK, "");
	turns(*state, "s-day", "2027-03-05 15:30", OK, NF_STATE_UNREACHABLE, ""); /* Friday */
	turns(*state, "s-day", "2027-03-08 08:15", CRITICAL, OK, "");		  /* Monday */
	is(*state, "s-day", "2027-03-01 00:00", "10995/45/0/0");
}

static void account__planned_is_what_a_window_covers(void **state)
{
	static const char *const month = "2027-03-01 00:00";
	turns(*state, "d-plain", "2027-01-01 00:00", UNKNOWN, OK, "");
	/* begins before the window (Wednesday 22:00 to 24:00) and ends after it */
	turns(*state, "d-plain", "2027-03-03 21:50", OK, CRITICAL, "");
	turns(*state, "d-plain", "2027-03-04 00:30", CRITICAL, OK, "patch");
	is(*state, "d-plain", month, "44420/40/120/0");
	/* two windows, one of them once; the event's own word changes nothing */
	turns(*state, "d-plain", "2027-03-10 09:50", OK, CRITICAL, "once");
	turns(*state, "d-plain", "2027-03-10 22:10", CRITICAL, OK, "");
	is(*state, "d-plain", month, "43680/710/190/0");
	/* a window that the site file had then */
	turns(*state, "d-plain", "2027-03-20 10:00", OK, CRITICAL, "long ago");
	turns(*state, "d-plain", "2027-03-20 10:07", CRITICAL, OK, "");
	is(*state, "d-plain", month, "43673/710/197/0");
}

static void account__who_never_changed_stands_as_he_stands(void **state)
{
	stands(*state, "d-plain", OK, "2021-01-01 00:00", NOW);
	is(*state, "d-plain", "2026-05-01 00:00", "44640/0/0/0");
	is(*state, "d-plain", "2027-03-01 00:00", "44580/0/0/0");
	stands(*state, "s-night", OK, "2027-04-15 00:00", NOW);
	is(*state, "s-night", "2027-04-01 00:00", "360/0/0/6720");
}

static void account__what_nobody_asks_is_unknown_from_then_on(void **state)
{
	turns(*state, "d-plain", "2027-01-01 00:00", UNKNOWN, OK, "");
	stands(*state, "d-plain", OK, "2027-01-01 00:00", "2027-04-15 11:00");
	is(*state, "d-plain", "2027-04-01 00:00", "20820/0/0/60");
}

static void account__a_clock_set_back_books_nothing_twice(void **state)
{
	turns(*state, "d-plain", "2027-03-01 00:00", UNKNOWN, OK, "");
	turns(*state, "d-plain", "2027-03-02 12:00", OK, CRITICAL, "");
	turns(*state, "d-plain", "2027-03-02 11:00", CRITICAL, OK, "");
	is(*state, "d-plain", "2027-03-01 00:00", "44580/0/0/0");
}

static void share__of_known_time_only(void **state)
{
	(void)state;
	assert_true(isnan(nf_uptime_share(&(struct nf_uptime){0, 0, 5, 5})));
	assert_true(nf_uptime_share(&(struct nf_uptime){3, 1, 100, 100}) == 75.0);
	struct nf_uptime sum = {1, 2, 3, 4};
	nf_uptime_add(&sum, &(struct nf_uptime){10, 20, 30, 40});
	assert_true(sum.up_us == 11 && sum.down_us == 22 && sum.planned_us == 33 &&
		    sum.unknown_us == 44);
}

/* The page rounds what the file beside it says. */
static void csv__says_what_the_page_says(void **state)
{
	struct nf_model m;
	struct nf_availability *a;
	struct nf_strbuf csv = {0};
	turns(*state, "s-day", "2027-01-01 00:00", UNKNOWN, OK, "");
	turns(*state, "s-day", "2027-04-05 09:00", OK, CRITICAL, "");
	turns(*state, "s-day", "2027-04-05 10:00", CRITICAL, OK, "");
	take(*state, &m, &a);
	nf_availability_csv(&m, a, &csv);
	assert_non_null(
		strstr(csv.data, "2027-04,\"a\",\"day\",\"s-day\",298800,3600,0,0,98.8095"));
	struct nf_page page = {.h = nf_html_new("en"), .m = &m, .root = "", .nav = ""};
	size_t len;
	nf_page_availability(&page, a);
	const char *text = nf_html_finish(page.h, &len);
	assert_non_null(strstr(text, "98.81 %"));
	assert_non_null(strstr(text, "under target"));
	nf_html_free(page.h);
	nf_strbuf_free(&csv);
	nf_availability_free(a);
	nf_model_free(&m);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(promised__minutes_of_a_month),
		CASE(account__unknown_before_the_first_event),
		CASE(account__an_outage_over_the_month_s_end),
		CASE(account__only_inside_the_service_hours),
		CASE(account__planned_is_what_a_window_covers),
		CASE(account__who_never_changed_stands_as_he_stands),
		CASE(account__what_nobody_asks_is_unknown_from_then_on),
		CASE(account__a_clock_set_back_books_nothing_twice),
		CASE(share__of_known_time_only),
		CASE(csv__says_what_the_page_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
