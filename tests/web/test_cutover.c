// SPDX-License-Identifier: GPL-3.0-or-later
/* The cutover's page, and a wave's. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/cutover/listeners.h"
#include "tests/speak.h"
#include "tests/web/moved.h"

#define CELL "<td class=\"n\">"

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void wave__a_snapshot_from_after__is_not_how_it_was_before(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	const struct nf_snapshot before = {"w1", "old", MOVED_WAVE - NF_HOUR_US, "{}"},
				 after = {"w1", "old", MOVED_WAVE + NF_HOUR_US, "{}"};
	assert_int_equal(nf_snapshot_put(m->store, &before), NF_OK);
	assert_int_equal(nf_snapshot_put(m->store, &after), NF_OK);
	char *page = moved_wave(m);
	holds(page, ">Wave w1</h1>");
	holds(page, "<dt>When</dt><dd>16 Mar 2027 18:00 to 17 Mar 2027 06:00</dd>");
	holds(page, "<dt>Looked at before</dt><dd>16 Mar 2027 17:00</dd>");
	free(page);
	moved_free(m);
}

static void wave__of_its_devices__the_exempt_have_not_moved(void **state)
{
	(void)state;
	static const struct {
		enum nf_stage old, gone;
		const char *want; /* members, moved */
	} rows[] = {
		{NF_STAGE_DUAL,	NF_STAGE_LOST,      CELL "2</td>" CELL "0</td>"},
		{NF_STAGE_MOVED,	 NF_STAGE_REGRESSED, CELL "2</td>" CELL "1</td>"},
		{NF_STAGE_CONFIRMED, NF_STAGE_RELEASED,	CELL "2</td>" CELL "2</td>"},
		{NF_STAGE_EXEMPT,	  NF_STAGE_RELEASED,  CELL "2</td>" CELL "1</td>"},
	};
	NF_ROWS(i, rows)
	{
		struct moved *m = moved_new();
		moved_stage(m, "old", rows[i].old);
		moved_stage(m, "gone", rows[i].gone);
		moved_read(m);
		char *page = moved_cutover(m);
		holds(page, rows[i].want);
		free(page);
		moved_free(m);
	}
}

static void put_callers(struct moved *m, size_t len)
{
	struct nf_blocker *items = nf_xcalloc(len + 1, sizeof *items);
	for (size_t i = 0; i < len; i++)
		items[i] = (struct nf_blocker){
			.kind = NF_BLOCKER_CALLER, .what = "10.9.9.9", .about = "10.1.0.5"};
	moved_blockers(m, items, len);
	free(items);
}

/* Each with devices of its own: none of them is a run. */
static void put_duplicates(struct moved *m, size_t len)
{
	struct nf_strbuf json = {0};
	for (size_t i = 0; i < len; i++)
		nf_strbuf_printf(&json,
			"%s{\"kind\":\"mac\",\"value\":\"m%zu\",\"devices\":[\"old\",\"x%zu\"]}",
			i > 0 ? "," : "[", i, i);
	nf_strbuf_putc(&json, ']');
	assert_int_equal(nf_store_value_put(m->store, "cutover.duplicates", json.data), NF_OK);
	nf_strbuf_free(&json);
}

static void put_listeners(struct moved *m, size_t len)
{
	struct nf_listener *list = nf_xcalloc(len + 1, sizeof *list);
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	for (size_t i = 0; i < len; i++)
		list[i].sensor = "wire:span0";
	nf_json_object(&j);
	nf_listeners_put(&j, "a", list, len);
	nf_json_end(&j);
	assert_int_equal(nf_listeners_keep(m->store, text.data), NF_OK);
	nf_strbuf_free(&text);
	free(list);
}

static void lists__too_long__say_how_many_more(void **state)
{
	(void)state;
	static const struct {
		void (*put)(struct moved *m, size_t len);
		char *(*page)(const struct moved *m);
		size_t most;
	} rows[] = {
		{put_callers,    moved_cutover, 200},
		{put_duplicates, moved_cutover, 100},
		{put_listeners,	moved_sheet,   200},
	};
	NF_ROWS(i, rows)
	{
		for (size_t more = 0; more <= 7; more += 7) {
			struct moved *m = moved_new();
			rows[i].put(m, rows[i].most + more);
			moved_read(m);
			char *page = rows[i].page(m);
			assert_int_equal(strstr(page, "and 7 more") != NULL, more == 7);
			free(page);
			moved_free(m);
		}
	}
}

static void burn__its_lines_and_colours__are_named(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	for (int back = 0; back < 2; back++) {
		const struct nf_progress row = {
			"a", MOVED_NOW / NF_DAY_US - back, "{\"proofs\":1,\"scope\":3}"};
		assert_int_equal(nf_progress_put(m->store, &row), NF_OK);
	}
	moved_read(m);
	char *page = moved_sheet(m);
	const char *legend = strstr(page, "<ul class=\"legend\">");
	assert_non_null(legend);
	holds(legend, "class=\"scope\"");
	holds(legend, "</svg>To move</li>");
	holds(legend, "</svg>Proved</li>");
	holds(legend, "</svg>Today</li>");
	holds(legend, "</svg>To be left by</li>");
	free(page);
	moved_free(m);
}

static void texts__in_swedish__say_what_they_mean(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	const struct nf_exemption exempt = {.device = "still",
		.reason = "följer med nätet",
		.owner = "Anna",
		.until_wall_us = INT64_C(1814392800000000), /* as July begins */
		.at_wall_us = MOVED_NOW};
	assert_int_equal(nf_exemption_put(m->store, &exempt), NF_OK);
	moved_stage(m, "old", NF_STAGE_MOVED);
	moved_stage(m, "gone", NF_STAGE_MOVED);
	moved_stage(m, "still", NF_STAGE_EXEMPT);
	moved_read(m);
	m->m.now.wall_us = MOVED_WAVE + NF_DAY_US;
	speak("sv");
	char *page = moved_cutover(m), *device = moved_device(m, "still"),
	     *wave = moved_wave(m);
	speak("en");
	holds(page, ">avslutad</td>");
	holds(page, ">Varav flyttade</th>");
	holds(page, ">2 Flyttade</span>");
	holds(page, ">Enheter som blir kvar</h2>");
	holds(page, "Ska lämnas senast 30 jun 2027.");
	holds(device,
		"Undantagen till och med 30 jun 2027, beslutat av Anna: följer med nätet");
	holds(wave, ">Öppna skillnader</th>");
	free(page);
	free(device);
	free(wave);
	moved_free(m);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wave__a_snapshot_from_after__is_not_how_it_was_before),
		cmocka_unit_test(wave__of_its_devices__the_exempt_have_not_moved),
		cmocka_unit_test(lists__too_long__say_how_many_more),
		cmocka_unit_test(burn__its_lines_and_colours__are_named),
		cmocka_unit_test(texts__in_swedish__say_what_they_mean),
	};
	return NF_RUN(tests, argc, argv);
}
