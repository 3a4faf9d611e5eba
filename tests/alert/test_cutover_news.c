// SPDX-License-Identifier: GPL-3.0-or-later
/* What the migration team is told, from a real store. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "alert/cutover_mail.h"
#include "alert/cutover_news.h"
#include "alert/mail_compose.h"
#include "alert/mail_letter.h"
#include "base/clock.h"
#include "tests/conf/fixture.h"

#define DAY   (86400 * NF_US_PER_S)
#define NOW   INT64_C(1800003600000000) /* Fri 2027-01-15 10:00 in Stockholm */
#define TODAY (NOW / DAY)
#define BLOCK(to)                                                                              \
	"[{\"kind\":\"caller\",\"what\":\"10.1.0.9\",\"about\":\"" to "\",\"how\":\"arp\"}]"

static const char site[] =
	"site: {name: Prov, timezone: Europe/Stockholm, state_dir: state, language: en}\n"
	"networks:\n"
	"  - {id: a, name: Admin, role: legacy, prefixes: [10.1.0.0/16], leave_by: 2027-06-30}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"contacts: [{id: lead, mail: lead@example.se}, {id: deputy, mail: deputy@example.se}]\n"
	"cutover: {team: [lead, deputy], weekly: \"Mon 07:00\"}\n"
	"waves: [{id: w1, network: a, from: \"2027-01-14 18:00\", to: \"2027-01-15 06:00\"}]\n"
	"devices_csv: devices.csv\n";
static const char devices[] = "name,kind,network,address,common_address,wave\n"
			      "srv,server,a,10.1.0.5,10.100.0.5,w1\n"
			      "pc,workstation,a,10.1.0.6,10.100.0.6,w1\n";

struct scene {
	struct fixture *f;
	struct nf_store *store;
	json_t *told;
	int64_t now;
};

static struct scene *scene_new(void)
{
	struct scene *s = nf_xcalloc(1, sizeof *s);
	struct nf_error err;
	s->f = fixture_new();
	fixture_puts(s->f, "devices.csv", devices);
	fixture_puts(s->f, "site.yaml", site);
	fixture_load(s->f);
	if (s->f->site == NULL)
		fail_msg("%s", s->f->text);
	assert_int_equal(
		nf_store_open(s->f->folder, NF_STORE_WRITE, 1000, &s->store, &err), NF_OK);
	s->told = json_object();
	s->now = NOW;
	return s;
}

static void scene_free(struct scene *s)
{
	json_decref(s->told);
	nf_store_close(s->store);
	fixture_free(s->f);
	free(s);
}

static void stage(struct scene *s, const char *device, const char *stage, int64_t since)
{
	bool changed;
	const struct nf_stage_row row = {device, stage, since, s->now,
		"{\"against\":[{\"at\":\"x\",\"source\":\"fdb\",\"reason\":\"seen\","
		"\"identity\":\"serial\",\"value\":\"SN-1\",\"by\":\"sw-1\",\"place\":\"Gi0/3\"}]}"};
	const struct nf_stage_change change = {"a", NF_STATE_OK, NF_STATE_WARNING, "x", NULL};
	assert_int_equal(nf_stage_put(s->store, &row, &change, &changed), NF_OK);
}

static void network(struct scene *s, bool ready, const char *blockers)
{
	const struct nf_network_row row = {"a", ready, blockers, s->now};
	assert_int_equal(nf_network_put(s->store, &row), NF_OK);
}

static void result(struct scene *s, int64_t at, const char *json)
{
	const struct nf_wave_result row = {"w1", at, json};
	assert_int_equal(nf_wave_result_put(s->store, &row), NF_OK);
}

/* The titles of what is told now, "; " between them. Caller frees. */
static char *tell(struct scene *s)
{
	struct nf_moves moves;
	struct nf_move_news news;
	struct nf_strbuf out = {0};
	nf_strbuf_puts(&out, "");
	assert_int_equal(nf_moves_read(s->f->site, s->store, s->now, &moves), NF_OK);
	nf_move_news_find(&news, s->told, &moves, s->store);
	for (size_t i = 0; i < news.len; i++)
		nf_strbuf_printf(&out, "%s%s", i > 0 ? "; " : "", news.items[i].title);
	nf_move_news_free(&news);
	nf_moves_free(&moves);
	return nf_strbuf_take(&out);
}

static void want(struct scene *s, const char *wanted)
{
	char *got = tell(s);
	assert_string_equal(got, wanted);
	free(got);
}

/* All lines of what is told now, below the headings of their sections. Caller frees. */
static char *tell_lines(struct scene *s)
{
	struct nf_moves moves;
	struct nf_move_news news;
	struct nf_strbuf out = {0};
	nf_strbuf_puts(&out, "");
	assert_int_equal(nf_moves_read(s->f->site, s->store, s->now, &moves), NF_OK);
	nf_move_news_find(&news, s->told, &moves, s->store);
	for (size_t i = 0; i < news.len; i++)
		for (size_t k = 0; k < news.items[i].sections_len; k++) {
			const struct nf_notice_section *part = &news.items[i].sections[k];
			nf_strbuf_printf(&out, "[%s]\n", part->title);
			for (size_t n = 0; n < part->len; n++)
				nf_strbuf_printf(&out, "%s\n", part->lines[n]);
		}
	nf_move_news_free(&news);
	nf_moves_free(&moves);
	return nf_strbuf_take(&out);
}

static void news__what_was_so_before__is_none(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	stage(s, "srv", "regressed", NOW - DAY);
	network(s, true, "[]");
	result(s, NOW - DAY, "{\"wave\":\"w1\",\"open\":1,\"explained\":0}");
	want(s, "");
	want(s, "");
	scene_free(s);
}

static void news__device_came_back__told_once(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	want(s, "");
	stage(s, "srv", "regressed", NOW);
	want(s, "1 device came back to the old network");
	want(s, "");
	stage(s, "srv", "moved", NOW + 1);
	want(s, "");
	stage(s, "srv", "regressed", NOW + 2);
	stage(s, "pc", "regressed", NOW + 2);
	want(s, "2 devices came back to the old network");
	scene_free(s);
}

static void news__wave_verified__told_when_it_changes(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	want(s, "");
	result(s, NOW, "{\"wave\":\"w1\",\"open\":2,\"explained\":0}");
	want(s, "wave w1: 2 differences are open");
	result(s, NOW + 1, "{\"wave\":\"w1\",\"open\":2,\"explained\":0}");
	want(s, "");
	result(s, NOW + 2, "{\"wave\":\"w1\",\"open\":0,\"explained\":2}");
	want(s, "wave w1: everything is as before");
	scene_free(s);
}

/* The catalogue need not be there for what is kept to show that no words are compared. */
static void news__wave__what_is_kept_of_it__has_no_language(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	want(s, "");
	result(s, NOW, "{\"wave\":\"w1\",\"verified_at\":1,\"open\":2,\"explained\":0}");
	want(s, "wave w1: 2 differences are open");
	const char *kept =
		json_string_value(json_object_get(json_object_get(s->told, "waves"), "w1"));
	assert_int_equal(strlen(kept), 32);
	assert_int_equal(strspn(kept, "0123456789abcdef"), 32);
	result(s, NOW + 1, "{\"explained\":0,\"wave\":\"w1\",\"verified_at\":2,\"open\":2}");
	want(s, "");
	scene_free(s);
}

struct measured {
	int rtt, seen;
	const char *how, *side, *reason, *accepted, *note;
	bool callers_first, is_news;
};

static char *result_of(const struct measured *m)
{
	char *caller = nf_xasprintf(
		"{\"aspect\":\"caller\",\"item\":\"10.1.0.9\",\"before\":null,\"after\":\"%s\","
		"\"state\":\"open\",\"reason\":\"still calls the old address\"},",
		m->how);
	char *text = nf_xasprintf(
		"{\"wave\":\"w1\",\"verified_at\":%d,\"snapshot_at\":%d,\"open\":2,\"explained\":1,"
		"\"notes\":[{\"text\":\"%s\",\"at\":%d}],"
		"\"devices\":[{\"device\":\"srv\",\"side\":\"%s\",\"differences\":[%s"
		"{\"aspect\":\"round trip time\",\"before\":500,\"after\":%d,\"state\":\"open\","
		"\"reason\":\"%s\"},%s"
		"{\"aspect\":\"loss\",\"before\":0,\"after\":%d,\"state\":\"explained\","
		"\"reason\":\"x\",\"accepted\":\"%s\"}],"
		"\"callers_before\":[{\"from\":\"10.1.0.9\",\"how\":\"%s\"}]}]}",
		m->seen, m->seen, m->note, m->seen, m->side, m->callers_first ? caller : "",
		m->rtt, m->reason, m->callers_first ? "" : caller, m->rtt / 100, m->accepted,
		m->how);
	free(caller);
	return text;
}

/* A mail a look, for a wave in which the same is wrong each time, is one that nobody reads. */
static void news__wave_verified__what_was_measured_is_no_news(void **state)
{
	(void)state;
	static const struct measured rows[] = {
		{9000, 1, "arp",	 "moved", "slow",	  "a", "late", false, true },
		{9001, 2, "tcp:445", "moved", "slow",   "a", "late", true,	 false},
		{9001, 3, "tcp:445", "both",  "slow",   "a", "late", true,	true },
		{9001, 3, "tcp:445", "both",  "slower", "a", "late", true,  true },
		{9001, 3, "tcp:445", "both",  "slower", "b", "late", true,  true },
		{9001, 3, "tcp:445", "both",  "slower", "b", "old",  true,	 true },
		{9002, 4, "udp:53",  "both",  "slower", "b", "old",  false, false},
	};
	struct scene *s = scene_new();
	want(s, "");
	NF_ROWS(i, rows)
	{
		char *json = result_of(&rows[i]);
		result(s, NOW + (int64_t)i, json);
		want(s, rows[i].is_news ? "wave w1: 2 differences are open" : "");
		free(json);
	}
	scene_free(s);
}

/* More than one look can tell: the rest comes with the next ones, and nothing twice. */
static void news__many_waves_at_once__each_is_told(void **state)
{
	(void)state;
	enum { WAVES = 2 * NF_MOVE_NEWS_MAX + 1 };
	struct scene *s = scene_new();
	char told[WAVES] = {0};
	want(s, "");
	for (int i = 0; i < WAVES; i++) {
		char *id = nf_xasprintf("x%02d", i);
		char *json = nf_xasprintf("{\"wave\":\"%s\",\"open\":0,\"explained\":0}", id);
		const struct nf_wave_result row = {id, NOW + i, json};
		assert_int_equal(nf_wave_result_put(s->store, &row), NF_OK);
		free(json);
		free(id);
	}
	stage(s, "srv", "regressed", NOW);
	for (int look = 0; look < 4; look++) {
		char *got = tell(s);
		for (int i = 0; i < WAVES; i++) {
			char *title = nf_xasprintf("wave x%02d: everything is as before", i);
			told[i] = (char)(told[i] + (strstr(got, title) != NULL));
			free(title);
		}
		free(got);
	}
	for (int i = 0; i < WAVES; i++)
		assert_int_equal(told[i], 1);
	want(s, "");
	scene_free(s);
}

static void news__blockers__daily_and_ready_at_once(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	network(s, false, BLOCK("10.1.0.5"));
	want(s, "");
	network(s, false, BLOCK("10.1.0.6"));
	want(s, "");
	s->now += DAY;
	network(s, false, BLOCK("10.1.0.6"));
	want(s, "Admin: 1 thing less is in the way");
	want(s, "");
	network(s, true, "[]");
	want(s, "Admin is ready to switch off");
	network(s, false, BLOCK("10.1.0.7"));
	want(s, "Admin is no longer ready to switch off");
	want(s, "");
	scene_free(s);
}

/* Who has another address, says something else, or is worse off than before is still there. */
static void news__blockers__the_same_under_another_address__are_not_gone(void **state)
{
	(void)state;
	static const char *const looks[] = {
		"[{\"kind\":\"quiet\"},"
		"{\"kind\":\"unlisted\",\"what\":\"02:00:00:00:00:01\",\"about\":\"10.1.0.20\"},"
		"{\"kind\":\"visitor\",\"what\":\"pc-9\",\"about\":\"10.1.0.30\",\"how\":\"pc9\"},"
		"{\"kind\":\"device\",\"what\":\"srv\",\"about\":\"planned\"}]",
		"[{\"kind\":\"quiet\",\"about\":\"unheard\"},"
		"{\"kind\":\"unlisted\",\"what\":\"02:00:00:00:00:01\",\"about\":\"10.1.0.21\","
		"\"how\":\"probes 10.1.0.21\"},"
		"{\"kind\":\"visitor\",\"what\":\"pc-9\",\"about\":\"10.1.0.31\",\"how\":\"PC9\"},"
		"{\"kind\":\"device\",\"what\":\"srv\",\"about\":\"moved\"}]",
	};
	struct scene *s = scene_new();
	network(s, false, looks[0]);
	want(s, "");
	network(s, false, looks[1]);
	want(s, "");
	s->now += DAY;
	network(s, false, looks[1]);
	want(s, "");
	s->now += 60 * NF_US_PER_S;
	network(s, false, BLOCK("10.1.0.5"));
	char *got = tell_lines(s);
	/* In the words that were true last. */
	assert_non_null(
		strstr(got, "02:00:00:00:00:01, 10.1.0.21, noted: \"probes 10.1.0.21\""));
	assert_null(strstr(got, "10.1.0.20"));
	assert_null(strstr(got, "srv has not moved"));
	free(got);
	scene_free(s);
}

/* So many talkers, from this number on, and perhaps one that says how many more. */
static void talkers(struct scene *s, int from, int count, const char *more)
{
	struct nf_strbuf list = {0};
	for (int i = from; i < from + count; i++)
		nf_strbuf_printf(&list, "%s{\"kind\":\"unlisted\",\"what\":\"talker %d\"}",
			i > from ? "," : "[", i);
	if (more != NULL)
		nf_strbuf_printf(&list, ",{\"kind\":\"unlisted\",\"what\":\"%s\"}", more);
	nf_strbuf_puts(&list, "]");
	network(s, false, list.data);
	nf_strbuf_free(&list);
}

static void news__blockers__too_many_to_remember__are_not_gone(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	talkers(s, 10, 5001, NULL);
	want(s, "");
	s->now += DAY;
	talkers(s, 9, 5002, NULL);
	want(s, "");
	talkers(s, 11, 5000, NULL);
	want(s, "Admin: 2 things less are in the way");
	/* Of those that the store does not list nobody knows. */
	talkers(s, 11, NF_BLOCKERS_KEPT, "7 more");
	s->now += DAY;
	want(s, "");
	talkers(s, 12, NF_BLOCKERS_KEPT, "8 more");
	want(s, "");
	talkers(s, 12, NF_BLOCKERS_KEPT, NULL);
	want(s, "Admin: 1 thing less is in the way");
	scene_free(s);
}

static void news__monday__how_far_it_is(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	const struct nf_progress rows[] = {
		{"", TODAY - 30, "{\"scope\":40,\"proofs\":5,\"unlisted\":1}" },
		{"", TODAY,	    "{\"scope\":42,\"proofs\":21,\"unlisted\":3}"},
	};
	NF_ROWS(i, rows)
	nf_progress_put(s->store, &rows[i]);
	want(s, "");
	s->now += 3 * DAY - 4 * 3600 * NF_US_PER_S; /* Mon 06:00 */
	want(s, "");
	s->now += 3600 * NF_US_PER_S;
	want(s, "the move this week: 21 of 42 proved");
	s->now += 5 * DAY;
	want(s, "");
	s->now += 2 * DAY;
	want(s, "the move this week: 21 of 42 proved");
	/* A clock that was years ahead, and is right again. */
	s->now -= 300 * DAY;
	want(s, "");
	scene_free(s);
}

/* The ledger stood still for weeks: its last week is not this one, and that is said. */
static void news__monday_nothing_computed__says_so(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	const struct nf_progress rows[] = {
		{"", TODAY - 30, "{\"scope\":40,\"proofs\":5,\"unlisted\":1}" },
		{"", TODAY - 20, "{\"scope\":42,\"proofs\":21,\"unlisted\":3}"},
	};
	NF_ROWS(i, rows)
	nf_progress_put(s->store, &rows[i]);
	stage(s, "srv", "moved", NOW);
	want(s, "");
	s->now += 3 * DAY;
	char *got = tell_lines(s);
	assert_non_null(strstr(got, "21 of 42 proved, 0 of them in the last week\n"));
	assert_non_null(strstr(got, "Nothing was counted since 2026-12-26\n"));
	assert_non_null(strstr(got, "the stages of 2 devices are unknown or stale\n"));
	free(got);
	scene_free(s);
}

/* Most devices are released as soon as they are confirmed. */
static void news__monday__names_what_moved_and_how_far(void **state)
{
	(void)state;
	static const struct {
		const char *stage, *want, *heading;
	} rows[] = {
		{"planned",   "none",				    "To look after"	   },
		{"prepared",  "none",			     "This week's moves"},
		{"moved",	  "srv: moved, 2027-01-15 10:00",	  "This week's moves"},
		{"confirmed", "srv: confirmed, 2027-01-15 10:00", "This week's moves"},
		{"released",  "srv: released, 2027-01-15 10:00",	"This week's moves"},
		{"dual",	 "srv: dual, 2027-01-15 10:00",	"To look after"    },
		{"lost",	 "srv: lost, 2027-01-15 10:00",	"To look after"    },
		{"exempt",	   "none",				   "This week's moves"},
	};
	NF_ROWS(i, rows)
	{
		struct scene *s = scene_new();
		want(s, "");
		stage(s, "srv", rows[i].stage, NOW);
		s->now += 3 * DAY;
		char *got = tell_lines(s);
		char *wanted = nf_xasprintf("[%s]\n%s\n", rows[i].heading, rows[i].want);
		if (strstr(got, wanted) == NULL)
			fail_msg("%s: no %s in %s", rows[i].stage, wanted, got);
		free(wanted);
		free(got);
		scene_free(s);
	}
}

static void news__mail__can_be_written(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	struct nf_moves moves;
	struct nf_move_news news;
	struct nf_strbuf text = {0};
	want(s, "");
	stage(s, "srv", "regressed", NOW);
	assert_int_equal(nf_moves_read(s->f->site, s->store, s->now, &moves), NF_OK);
	nf_move_news_find(&news, s->told, &moves, s->store);
	assert_int_equal(news.len, 1);
	struct nf_notice *n = &news.items[0], *decoded;
	n->site = "Prov";
	n->language = "en";
	n->timezone = "Europe/Stockholm";
	n->made_wall_us = NOW;
	n->contact = n->contact_name = "lead";
	n->address = "lead@example.se";
	n->message_id = "<x@example.se>";
	char *json = nf_notice_encode(n);
	assert_int_equal(nf_notice_decode(json, &decoded), NF_OK);
	struct nf_letter *letter = nf_letter_write(decoded);
	nf_letter_text(letter, &text);
	assert_string_equal(
		letter->subject, "[netfold] 1 device came back to the old network: Prov");
	assert_non_null(strstr(text.data, "srv on Admin, since 2027-01-15"));
	assert_non_null(strstr(text.data, "serial number SN-1 at Gi0/3, by sw-1"));
	nf_letter_free(letter);
	nf_notice_free(decoded);
	free(json);
	nf_strbuf_free(&text);
	nf_move_news_free(&news);
	nf_moves_free(&moves);
	scene_free(s);
}

static void moves__forecast_and_counts__of_each_network(void **state)
{
	(void)state;
	struct scene *s = scene_new();
	struct nf_moves moves;
	struct nf_strbuf words = {0};
	stage(s, "srv", "confirmed", NOW);
	const struct nf_exemption exempt = {"pc", "stays", "Anna", NOW + DAY, NOW};
	nf_exemption_put(s->store, &exempt);
	for (int64_t week = 0; week <= 4; week++) {
		char *json = nf_xasprintf(
			"{\"scope\":30,\"proofs\":%d,\"unlisted\":0}", (int)week * 5);
		const struct nf_progress row = {"a", TODAY - 28 + week * 7, json};
		nf_progress_put(s->store, &row);
		free(json);
	}
	const struct nf_progress wrong = {"a", TODAY + 900, "{\"scope\":1,\"proofs\":1}"};
	nf_progress_put(s->store, &wrong);
	assert_int_equal(nf_moves_read(s->f->site, s->store, s->now, &moves), NF_OK);
	assert_int_equal(moves.len, 2);
	assert_int_equal(moves.networks[0].total, 2);
	assert_int_equal(moves.networks[0].unknown, 1);
	assert_int_equal(moves.networks[0].by_stage[NF_STAGE_CONFIRMED], 1);
	assert_string_equal(nf_move_stage(nf_moves_find(&moves, "pc")), "unknown");
	assert_string_equal(nf_moves_find(&moves, "pc")->exempt_owner, "Anna");
	nf_moves_forecast_words(&moves.networks[0], &words);
	assert_string_equal(
		words.data, "2027-01-29 (20%: 2027-01-29, 80%: 2027-01-29), in time with 100%");
	moves.networks[0].leave_by_day = moves.networks[0].burn.forecast.day_80 - 9;
	words.len = 0;
	nf_moves_forecast_words(&moves.networks[0], &words);
	assert_non_null(strstr(words.data, "; at 80% it is 9 days late"));
	moves.networks[0].leave_by_day = moves.networks[0].burn.forecast.day_80;
	assert_int_equal(nf_moves_days_late(&moves.networks[0]), 0);
	nf_strbuf_free(&words);
	nf_moves_free(&moves);
	scene_free(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news__what_was_so_before__is_none),
		cmocka_unit_test(news__device_came_back__told_once),
		cmocka_unit_test(news__wave_verified__told_when_it_changes),
		cmocka_unit_test(news__wave__what_is_kept_of_it__has_no_language),
		cmocka_unit_test(news__wave_verified__what_was_measured_is_no_news),
		cmocka_unit_test(news__many_waves_at_once__each_is_told),
		cmocka_unit_test(news__blockers__daily_and_ready_at_once),
		cmocka_unit_test(news__blockers__the_same_under_another_address__are_not_gone),
		cmocka_unit_test(news__blockers__too_many_to_remember__are_not_gone),
		cmocka_unit_test(news__monday__how_far_it_is),
		cmocka_unit_test(news__monday_nothing_computed__says_so),
		cmocka_unit_test(news__monday__names_what_moved_and_how_far),
		cmocka_unit_test(news__mail__can_be_written),
		cmocka_unit_test(moves__forecast_and_counts__of_each_network),
	};
	return NF_RUN(tests, argc, argv);
}
