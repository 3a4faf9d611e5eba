// SPDX-License-Identifier: GPL-3.0-or-later
/* What a sensor could see of the last day, and why not more. */
#include "tests/test.h"

#include <string.h>

#include "checks/cutover/listeners.h"

#define NOON (INT64_C(500000) * NF_HOUR_US + 12 * NF_HOUR_US)
#define HOUR (NOON / NF_HOUR_US)

static struct nf_coverage hour_of(const char *sensor, int64_t hour)
{
	return (struct nf_coverage){.network = "a",
		.sensor = sensor,
		.hour = hour,
		.minutes = NF_MINUTES_ALL,
		.seconds = 3600,
		.frames = 10000,
		.canaries_sent = 60,
		.canaries_seen = 60};
}

static void why_is(const struct nf_listener *l, const char *want)
{
	struct nf_strbuf why = {0};

	nf_listener_why(l, &why);
	assert_string_equal(why.len ? why.data : "", want);
	nf_strbuf_free(&why);
}

static void add__hours_of_a_day_and_before__the_day_is_counted_and_the_last_is_known(
	void **state)
{
	struct nf_listener list[] = {{.sensor = "wire:x"}, {.sensor = "snmp:y"}};
	struct nf_coverage c;

	(void)state;
	for (int64_t h = HOUR - 40; h < HOUR; h++) {
		c = hour_of("wire:x", h);
		nf_listeners_add(list, 2, &c, NOON);
	}
	c = hour_of("wire:other", HOUR);
	nf_listeners_add(list, 2, &c, NOON);
	c = hour_of("snmp:y", HOUR - 30);
	c.minutes = UINT64_C(1) << 3;
	nf_listeners_add(list, 2, &c, NOON);
	assert_int_equal(list[0].minutes, 1440);
	assert_int_equal(list[0].listened_s, 86400);
	assert_int_equal(list[0].frames, 240000);
	assert_int_equal(list[0].canaries_seen, 1440);
	assert_int_equal(list[0].last_wall_us, HOUR * NF_HOUR_US);
	why_is(&list[0], "");
	assert_int_equal(list[1].minutes, 0);
	assert_int_equal(list[1].last_wall_us, (HOUR - 30) * NF_HOUR_US + 4 * NF_MINUTE_US);
}

static void why__what_is_most_to_be_mended__first(void **state)
{
	static const struct {
		struct nf_listener listener;
		const char *want;
	} rows[] = {
		{{.sensor = "wire:x"},
			"it did not listen: is netfold-wire running, and the interface up?"						   },
		{{.sensor = "snmp:x"},							"its tables could not be read whole"},
		{{.sensor = "wire:x", .listened_s = 86400, .frames = 9, .canaries_sent = 30},
			"no canary came back: does the mirror port mirror?"								   },
		{{.sensor = "wire:x",
			 .listened_s = 86400,
			 .frames = 9,
			 .canaries_sent = 30,
			 .canaries_seen = 28},
			"2 of 30 canaries did not come back"									     },
		{{.sensor = "wire:x",
			 .listened_s = 86400,
			 .canaries_sent = 30,
			 .canaries_seen = 30},
			"nobody else was heard"											  },
		{{.sensor = "wire:x", .listened_s = 86400, .frames = 10000, .drops = 11},
			"11 frames were lost"											    },
		{{.sensor = "wire:x", .listened_s = 7200, .frames = 10000, .minutes = 120},
			"it listened for 2 h 0 min"										      },
		{{.sensor = "wire:x", .listened_s = 86400, .frames = 10000, .minutes = 1368},
			""													       },
	};

	(void)state;
	NF_ROWS(i, rows) why_is(&rows[i].listener, rows[i].want);
}

static void put__and_read__the_same_or_refused(void **state)
{
	struct nf_listener l = {"wire:x", 1, 2, UINT32_MAX, 4, 5, 6, NOON}, got;
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);

	(void)state;
	nf_json_object(&j);
	nf_listeners_put(&j, "a", &l, 1);
	nf_json_end(&j);
	json_t *kept = json_loads(text.data, 0, NULL);
	assert_true(nf_listener_read(json_array_get(json_object_get(kept, "a"), 0), &got));
	assert_string_equal(got.sensor, "wire:x");
	assert_int_equal(got.minutes, 1);
	assert_int_equal(got.listened_s, 2);
	assert_int_equal(got.frames, UINT32_MAX);
	assert_int_equal(got.last_wall_us, NOON);
	json_decref(kept);
	nf_strbuf_free(&text);
	kept = json_loads("{\"minutes\":-1,\"sensor\":7}", 0, NULL);
	assert_false(nf_listener_read(kept, &got));
	assert_false(nf_listener_read(NULL, &got));
	json_decref(kept);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			add__hours_of_a_day_and_before__the_day_is_counted_and_the_last_is_known),
		cmocka_unit_test(why__what_is_most_to_be_mended__first),
		cmocka_unit_test(put__and_read__the_same_or_refused),
	};
	return NF_RUN(tests, argc, argv);
}
