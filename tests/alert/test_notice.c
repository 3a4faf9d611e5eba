// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/notice.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

static void notice__encoded_and_decoded__is_the_same(void **state)
{
	(void)state;
	const char *references[] = {"<a@x>", "<b@x>"}, *lines[] = {"one", "two"};
	struct nf_notice_member member = {.network = "a",
		.device = "sw-1\r\nBcc: x",
		.check = "ping",
		.state = NF_STATE_CRITICAL,
		.since_wall_us = 5,
		.end = NF_MEMBER_MOVED,
		.moved_to = 7,
		.is_new = true,
		.output = "no answer \xff"};
	struct nf_notice_section section = {"Backups", lines, 2, 3};
	struct nf_notice notice = {.kind = NF_NOTICE_FOLLOW_UP,
		.site = "Järfälla",
		.language = "sv",
		.message_id = "<c@x>",
		.references = references,
		.references_len = 2,
		.number = 1042,
		.state = NF_STATE_CRITICAL,
		.title = "sw-1",
		.members = &member,
		.members_len = 1,
		.members_total = 500,
		.sections = &section,
		.sections_len = 1};
	char *json = nf_notice_encode(&notice);
	struct nf_notice *back = NULL;
	assert_int_equal(nf_notice_decode(json, &back), NF_OK);
	assert_int_equal(back->kind, NF_NOTICE_FOLLOW_UP);
	assert_string_equal(back->site, "Järfälla");
	assert_int_equal(back->number, 1042);
	assert_int_equal(back->references_len, 2);
	assert_string_equal(back->references[1], "<b@x>");
	assert_int_equal(back->members_total, 500);
	assert_string_equal(back->members[0].device, "sw-1\r\nBcc: x");
	assert_string_equal(back->members[0].output, "no answer \\xff");
	assert_string_equal(back->members[0].owner, "");
	assert_int_equal(back->members[0].end, NF_MEMBER_MOVED);
	assert_true(back->members[0].is_new);
	assert_string_equal(back->sections[0].lines[1], "two");
	assert_int_equal(back->sections[0].more, 3);
	free(json);
	nf_notice_free(back);
}

static void notice__not_json__is_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "[]", "{", "7", "null"};
	NF_ROWS(i, rows)
	{
		struct nf_notice *back = NULL;
		assert_int_equal(nf_notice_decode(rows[i], &back), NF_EFORMAT);
		assert_null(back);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notice__encoded_and_decoded__is_the_same),
		cmocka_unit_test(notice__not_json__is_refused),
	};
	return NF_RUN(tests, argc, argv);
}
