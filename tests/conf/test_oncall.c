// SPDX-License-Identifier: GPL-3.0-or-later
/* Who is on call, and when a service is promised. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conf/hours.h"
#include "conf/oncall.h"
#include "tests/conf/fixture.h"

#define ZONE "Europe/Stockholm"

static struct fixture *load(const char *rest)
{
	struct fixture *f = fixture_new();
	char *text = nf_xasprintf(
		"%s"
		"devices: [{name: d, kind: other, network: a, address: 10.1.0.1}]\n"
		"mail: {server: \"smtp://x\", from: a@b}\n"
		"contacts: [{id: x, mail: x@b}, {id: y, mail: y@b}, {id: z, mail: z@b}]\n"
		"%s",
		fixture_head, rest);

	fixture_puts(f, "site.yaml", text);
	fixture_load(f);
	assert_string_equal(f->text, "");
	free(text);
	return f;
}

static int64_t at(const char *text)
{
	int64_t wall_us = 0;

	assert_int_equal(nf_instant_parse(text, ZONE, &wall_us), NF_OK);
	return wall_us;
}

static void turn__table__passes_on_at_the_change(void **state)
{
	/* 2011-01-03 is a Monday, on which the first turn begins; 2011-03-27 loses an hour. */
	static const struct {
		const char *at, *want;
	} rows[] = {
		{"2010-12-24 12:00", "x"},
		{"2011-01-03 00:00", "x"},
		{"2011-01-03 09:00", "x"},
		{"2011-01-10 07:59", "x"},
		{"2011-01-10 08:00", "y"},
		{"2011-01-17 08:00", "z"},
		{"2011-01-24 08:00", "x"},
		{"2011-03-28 07:59", "z"},
		{"2011-03-28 08:00", "x"},
		{"2031-01-06 07:59", "z"},
		{"2031-01-06 08:00", "x"},
	};
	struct fixture *f = load(
		"rotas: [{id: r, turns: [x, y, z], change: \"Mon 08:00\", starts: 2011-01-03}]\n");
	const struct nf_rota *rota = &f->site->rotas.items[0];

	(void)state;
	NF_ROWS(i, rows)
	{
		const char *got = nf_rota_turn(rota, ZONE, at(rows[i].at))->id;

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: %s, not %s", rows[i].at, got, rows[i].want);
	}
	fixture_free(f);
}

static void turn__starts_between_changes__first_change_counts(void **state)
{
	struct fixture *f = load(
		"rotas: [{id: r, turns: [x, y], change: \"Mon 08:00\", starts: 2011-01-05}]\n");
	const struct nf_rota *rota = &f->site->rotas.items[0];
	int64_t change;

	(void)state;
	assert_string_equal(nf_rota_turn(rota, ZONE, at("2011-01-10 07:00"))->id, "x");
	assert_string_equal(nf_rota_turn(rota, ZONE, at("2011-01-10 08:00"))->id, "y");
	assert_int_equal(nf_rota_change(rota, ZONE, at("2001-01-01 00:00"), &change), NF_OK);
	assert_int_equal(change, at("2011-01-10 08:00"));
	assert_int_equal(nf_rota_change(rota, ZONE, change, &change), NF_OK);
	assert_int_equal(change, at("2011-01-17 08:00"));
	fixture_free(f);
}

/* Every step of nf_rota_change passes the turn on by one. */
static void turn__stepped__agrees_with_the_changes(void **state)
{
	struct fixture *f = load(
		"rotas: [{id: r, turns: [x, y, z], change: \"02:30\", starts: 2011-01-05}]\n");
	const struct nf_rota *rota = &f->site->rotas.items[0];
	int64_t change = rota->starts_wall_us;

	(void)state;
	for (size_t i = 1; i < 800; i++) {
		assert_int_equal(nf_rota_change(rota, ZONE, change, &change), NF_OK);
		assert_ptr_equal(nf_rota_turn(rota, ZONE, change),
			rota->turns.items[i % rota->turns.len]);
		assert_ptr_equal(nf_rota_turn(rota, ZONE, change - 1),
			rota->turns.items[(i - 1) % rota->turns.len]);
	}
	fixture_free(f);
}

static void service__holidays__no_hours(void **state)
{
	static const struct {
		const char *at;
		bool open;
	} rows[] = {
		{"2011-12-23 12:00", true }, /* a Friday */
		{"2011-12-23 17:00", false},
		{"2011-12-24 12:00", false}, /* Saturday */
		{"2011-12-26 12:00", false}, /* Monday, a holiday every year */
		{"2011-12-27 06:59", false},
		{"2011-12-27 07:00", true },
		{"2012-01-02 12:00", false}, /* a holiday of that year */
		{"2013-01-02 12:00", true },
	};
	struct fixture *f = load(
		"services: [{id: s, hours: [\"Mon-Fri 07:00-17:00\"], holidays: [12-26, 2012-01-02]}]\n");
	const struct nf_service *s = &f->site->services.items[0];
	int64_t from, to;

	(void)state;
	NF_ROWS(i, rows)
	{
		if (nf_service_open(s, at(rows[i].at)) != rows[i].open)
			fail_msg("%s is not %d", rows[i].at, rows[i].open);
	}
	assert_int_equal(nf_service_next(s, at("2011-12-23 12:00"), &from, &to), NF_OK);
	assert_int_equal(from, at("2011-12-27 07:00"));
	assert_int_equal(to, at("2011-12-27 17:00"));
	fixture_free(f);
}

static void service__no_hours__always_but_on_holidays(void **state)
{
	struct fixture *f = load("services: [{id: s, holidays: [12-24]}]\n");
	const struct nf_service *s = &f->site->services.items[0];
	int64_t from, to;

	(void)state;
	assert_true(nf_service_open(s, at("2011-12-23 03:00")));
	assert_false(nf_service_open(s, at("2011-12-24 03:00")));
	assert_int_equal(nf_service_next(s, at("2011-12-23 12:00"), &from, &to), NF_ENOENT);
	fixture_free(f);
}

static void service__spans_over_midnight__belong_to_their_first_day(void **state)
{
	struct fixture *f =
		load("services: [{id: s, hours: \"22:00-06:00\", holidays: [12-24]}]\n");
	const struct nf_service *s = &f->site->services.items[0];

	(void)state;
	assert_true(nf_service_open(s, at("2011-12-24 05:00")));
	assert_false(nf_service_open(s, at("2011-12-24 23:00")));
	assert_false(nf_service_open(s, at("2011-12-25 05:00")));
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turn__table__passes_on_at_the_change),
		cmocka_unit_test(turn__starts_between_changes__first_change_counts),
		cmocka_unit_test(turn__stepped__agrees_with_the_changes),
		cmocka_unit_test(service__holidays__no_hours),
		cmocka_unit_test(service__no_hours__always_but_on_holidays),
		cmocka_unit_test(service__spans_over_midnight__belong_to_their_first_day),
	};

	return NF_RUN(tests, argc, argv);
}
