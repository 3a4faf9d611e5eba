// SPDX-License-Identifier: GPL-3.0-or-later
/* The sheet of an old network that is left, and its files. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/web/moved.h"

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* The fields of a line with | between, its two texts in words as "…". Caller frees. */
static char *without_words(const char *line)
{
	struct nf_strbuf out = {0};
	size_t field = 0;
	bool quoted = false;
	for (const char *c = line; *c != '\0' && *c != '\r'; c++) {
		bool is_text = field == 8 || field == 10;
		quoted ^= *c == '"';
		if (*c == ',' && !quoted) {
			nf_strbuf_puts(&out, is_text ? "\xe2\x80\xa6|" : "|");
			field++;
		} else if (*c != '"' && !is_text) {
			nf_strbuf_putc(&out, *c);
		}
	}
	return nf_strbuf_take(&out);
}

#define CELL "<td class=\"code\">"

static void addresses__inventory_has_the_new_one_alone__not_called_old(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	char *page = moved_sheet(m), *csv = moved_csv(m, nf_leaving_csv);
	holds(page, CELL "10.1.0.5</td>" CELL "10.100.0.5</td>");
	holds(page, CELL "10.1.0.6</td>" CELL "</td>");
	holds(page, CELL "</td>" CELL "10.100.0.7</td>");
	holds(csv, "\"a\",\"10.1.0.5\",\"10.100.0.5\",");
	holds(csv, "\"a\",\"10.1.0.6\",\"\",");
	holds(csv, "\"a\",\"\",\"10.100.0.7\",");
	free(page);
	free(csv);
	moved_free(m);
}

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define LATER		"2027-03-16T13:00:00+01:00"

static void devices_csv__opens_in_a_spreadsheet__whole(void **state)
{
	(void)state;
	struct moved *m = moved_new();
	/* The last day is the 30th of June: it ends as July begins. */
	const struct nf_exemption exempt = {.device = "still",
		.reason = "goes with the network",
		.owner = "Anna",
		.until_wall_us = INT64_C(1814392800000000),
		.at_wall_us = MOVED_NOW};
	assert_int_equal(nf_exemption_put(m->store, &exempt), NF_OK);
	moved_stage(m, "old", NF_STAGE_DUAL);
	moved_read(m);
	char *csv = moved_csv(m, nf_leaving_csv);
	assert_string_equal(csv, BYTE_ORDER_MARK
		"device,kind,stage,since,network,address,common_address,wave,owner,exempt_until\r\n"
		"\"old\",\"server\",\"dual\",\"2027-03-14T13:00:00+01:00\",\"a\",\"10.1.0.5\",\"10.100.0.5\","
		"\"w1\",\"N\xc3\xa4tgruppen\",\"\"\r\n"
		"\"still\",\"printer\",\"unknown\",\"\",\"a\",\"10.1.0.6\",\"\",\"\",\"\",\"2027-06-30\"\r\n"
		"\"gone\",\"server\",\"unknown\",\"\",\"a\",\"\",\"10.100.0.7\",\"w1\",\"\",\"\"\r\n");
	free(csv);
	moved_free(m);
}

static void blockers_csv__each_kind__what_the_json_has(void **state)
{
	(void)state;
	static const char head[] = BYTE_ORDER_MARK
		"kind,what,about,whose,place,how,since,last,text,owner,to_do,until,behind,covered,needed,earliest\r\n";
	static const struct {
		struct nf_blocker blocker;
		const char *want; /* "…": a text that is tested elsewhere */
	} rows[] = {
		{{.kind = NF_BLOCKER_CALLER,
			 .what = "10.1.0.1",
			 .about = "10.1.0.5",
			 .whose = "old",
			 .how = "arp",
			 .last_wall_us = MOVED_NOW,
			 .is_behind = true},
			"caller|10.1.0.1|10.1.0.5|old||arp||2027-03-15T13:00:00+01:00|…||…||true|||"	    },
		{{.kind = NF_BLOCKER_LEASE,
			 .what = "00:1b:21:3c:9d:03",
			 .about = "10.1.0.6",
			 .whose = "old",
			 .last_wall_us = MOVED_NOW + NF_DAY_US},
			"lease|00:1b:21:3c:9d:03|10.1.0.6|old|||||…|N\xc3\xa4tgruppen|…|" LATER
			"||||"									    },
		{{.kind = NF_BLOCKER_UNLISTED,
			 .what = "00:1b:21:3c:9d:01",
			 .how = "x;=HYPERLINK(1)",
			 .since_wall_us = MOVED_NOW},
			"unlisted|00:1b:21:3c:9d:01||||x;'=HYPERLINK(1)|2027-03-15T13:00:00+01:00||…||…|||||"},
		{{.kind = NF_BLOCKER_QUIET,
			 .covered_us = NF_HOUR_US,
			 .needed_us = NF_DAY_US,
			 .earliest_wall_us = MOVED_NOW + NF_DAY_US},
			"quiet||||||||…||…|||3600|86400|" LATER					       },
	};
	NF_ROWS(i, rows)
	{
		struct moved *m = moved_new();
		moved_blockers(m, &rows[i].blocker, 1);
		moved_read(m);
		char *csv = moved_csv(m, nf_blockers_csv);
		assert_memory_equal(csv, head, strlen(head));
		char *got = without_words(csv + strlen(head));
		assert_string_equal(got, rows[i].want);
		free(got);
		free(csv);
		moved_free(m);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses__inventory_has_the_new_one_alone__not_called_old),
		cmocka_unit_test(devices_csv__opens_in_a_spreadsheet__whole),
		cmocka_unit_test(blockers_csv__each_kind__what_the_json_has),
	};
	return NF_RUN(tests, argc, argv);
}
