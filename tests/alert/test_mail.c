// SPDX-License-Identifier: GPL-3.0-or-later
/* What mails look like: tests/alert/samples holds some as they leave. After a change that is meant, copy
 * those that the test leaves in the build's tests/alert over them, and look at them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/mail_compose.h"
#include "alert/mail_encode.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/speak.h"
#include "tests/test.h"

#define AT  INT64_C(1297041240000000) /* 2011-02-07 02:14 in Stockholm */
#define MIN INT64_C(60000000)

static const char *references[] = {"<netfold.1042.a.anna.1@example.se>"};

static struct nf_notice_member members[] = {
	{.network = "admin",
		.device = "sw-1",
		.check = "ping",
		.state = NF_STATE_CRITICAL,
		.since_wall_us = AT,
		.output = "no answer, 3 of 3 echoes lost",
		.cause = "",
		.expected = "an answer to ping",
		.last_good = "0.4 ms",
		.last_good_wall_us = AT - MIN / 2,
		.owner = "Anna Åberg",
		.deputy = "Bo Ek",
		.runbook = "https://wiki.example.se/sw-1",
		.link = "https://netfold.example.se/device/sw-1.html"},
	{.network = "admin",
		.device = "srv-files",
		.check = "ping",
		.state = NF_STATE_UNREACHABLE,
		.since_wall_us = AT + MIN,
		.output = "sw-1 is down",
		.cause = "sw-1",
		.expected = "an answer to ping",
		.last_good = "",
		.owner = "Cecilia Dahl",
		.deputy = "",
		.runbook = "",
		.link = ""			    },
};

static struct nf_notice problem(const char *language)
{
	return (struct nf_notice){.kind = NF_NOTICE_PROBLEM,
		.site = "Järfälla kommun",
		.language = language,
		.timezone = "Europe/Stockholm",
		.made_wall_us = AT + 2 * MIN,
		.contact = "anna",
		.contact_name = "Anna Åberg",
		.address = "anna@example.se",
		.message_id = "<netfold.1042.a.anna.1@example.se>",
		.number = 1042,
		.state = NF_STATE_CRITICAL,
		.title = "sw-1",
		.network = "admin",
		.network_name = "Administrativa nätet",
		.since_wall_us = AT,
		.acknowledged_by = "",
		.acknowledged_text = "",
		.link = "https://netfold.example.se/incidents.html",
		.members = members,
		.members_len = 2,
		.members_total = 2};
}

static struct nf_notice recovery(const char *language, struct nf_notice_member over[2])
{
	struct nf_notice n = problem(language);
	n.kind = NF_NOTICE_RECOVERY;
	n.message_id = "<netfold.1042.a.anna.2@example.se>";
	n.references = references;
	n.references_len = 1;
	n.made_wall_us = n.ended_wall_us = AT + 17 * MIN;
	for (size_t i = 0; i < 2; i++) {
		over[i] = members[i];
		over[i].ended_wall_us = AT + 17 * MIN;
		over[i].end = NF_MEMBER_FINE;
	}
	n.members = over;
	return n;
}

/* Every line ends in CRLF, no CR or LF stands alone, none is longer than 998. */
static void assert_lines(const struct nf_strbuf *mail)
{
	size_t column = 0;
	for (size_t i = 0; i < mail->len; i++) {
		if (mail->data[i] == '\n')
			assert_int_equal(i > 0 ? mail->data[i - 1] : 0, '\r');
		if (mail->data[i] == '\r')
			assert_int_equal(mail->data[i + 1], '\n');
		assert_true((unsigned char)mail->data[i] < 0x7f && mail->data[i] != '\0');
		column = mail->data[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 998);
	}
	assert_string_equal(mail->data + mail->len - 2, "\r\n");
}

static void check_sample(const char *name, const struct nf_notice *notice)
{
	struct nf_strbuf mail = {0};
	struct nf_error err = {0};
	char *made = nf_xasprintf("%s/tests/alert/%s.eml", getenv("NF_BUILD"), name);
	char *kept = nf_xasprintf("%s/tests/alert/samples/%s.eml", getenv("NF_SRC"), name);
	char *want = NULL;
	size_t len = 0;
	speak(notice->language);
	assert_int_equal(nf_mail_compose(notice, "netfold@example.se", &mail), NF_OK);
	assert_lines(&mail);
	nf_file_write_atomic(made, mail.data, mail.len, 0644, &err);
	assert_int_equal(nf_file_read(kept, 1 << 20, &want, &len, &err), NF_OK);
	assert_string_equal(mail.data, want);
	free(want);
	free(made);
	free(kept);
	nf_strbuf_free(&mail);
}

static void compose__samples__are_as_they_were(void **state)
{
	(void)state;
	struct nf_notice_member over[2];
	struct nf_notice n = problem("sv");
	check_sample("problem-sv", &n);
	n = problem("en");
	check_sample("problem-en", &n);
	n = recovery("sv", over);
	check_sample("recovery-sv", &n);
	n = recovery("en", over);
	check_sample("recovery-en", &n);
}

static void compose__hostile_names__stay_text(void **state)
{
	(void)state;
	static const char evil[] =
		"x\r\nBcc: all@example.se\r\n\r\n.\r\n<script>\"'&\xff\xe2\x80\xae";
	struct nf_notice_member m = members[0];
	struct nf_notice n = problem("en");
	struct nf_strbuf mail = {0};
	speak("en");
	m.device = m.check = m.output = m.owner = m.runbook = m.link = m.last_good = evil;
	n.title = n.network = n.network_name = n.site = n.contact_name = n.link = evil;
	n.acknowledged_by = n.acknowledged_text = evil;
	n.language = "en\"><x";
	n.members = &m;
	n.members_len = n.members_total = 1;
	assert_int_equal(nf_mail_compose(&n, "netfold@example.se", &mail), NF_OK);
	assert_lines(&mail);
	assert_null(strstr(mail.data, "\r\nBcc"));
	assert_null(strstr(strstr(mail.data, "text/html"), "<script"));
	assert_null(strstr(mail.data, "href=3D\"x"));
	assert_null(strstr(mail.data, "\r\n.\r\n"));
	nf_strbuf_free(&mail);
}

static void compose__hostile_address__is_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "x", "@x", "x@", "a@b\r\nBcc: c@d", "a b@c",
		"<a@b>", "a@b,c@d", "a@b@c", "å@b", "a@b>"};
	NF_ROWS(i, rows)
	{
		struct nf_notice n = problem("en");
		struct nf_strbuf mail = {0};
		n.address = rows[i];
		assert_int_equal(nf_mail_compose(&n, "netfold@example.se", &mail), NF_EINVAL);
		if (rows[i][0] == '<')
			continue;
		n.address = "a@b.se";
		n.message_id = rows[i];
		assert_int_equal(nf_mail_compose(&n, "netfold@example.se", &mail), NF_EINVAL);
		assert_int_equal(mail.len, 0);
	}
}

static void header__any_value__is_folded_and_encoded(void **state)
{
	(void)state;
	static const struct {
		const char *name, *input, *want;
	} rows[] = {
		{"plain",	  "hello world", "Subject: hello world\r\n"		   },
		{"utf-8",	  "Järfälla",  "Subject: =?UTF-8?B?SsOkcmbDpGxsYQ==?=\r\n"},
		{"line break", "a\r\nBcc: b", "Subject: a Bcc: b\r\n"		     },
		{"imitation",  "=?UTF-8?B?x", "Subject: =?UTF-8?B?PT9VVEYtOD9CP3g=?=\r\n"},
		{"empty",	  "",	      "Subject: \r\n"			     },
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf out = {0};
		nf_mail_header(&out, "Subject", rows[i].input);
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

static void header__ten_kilobytes__is_short_lines(void **state)
{
	(void)state;
	static const char *const units[] = {"x", "word ", "å", "\xf0\x9f\x98\x80", "\xff", " "};
	NF_ROWS(i, units)
	{
		struct nf_strbuf value = {0}, out = {0};
		while (value.len < 10240)
			nf_strbuf_puts(&value, units[i]);
		nf_mail_header(&out, "Subject", value.data);
		for (const char *line = out.data; *line != '\0'; line = strchr(line, '\n') + 1)
			assert_true(strcspn(line, "\r") <= 78);
		nf_strbuf_free(&value);
		nf_strbuf_free(&out);
	}
}

static void quoted__lines__can_be_read_back(void **state)
{
	(void)state;
	static const struct {
		const char *name, *input, *want;
	} rows[] = {
		{"plain",		  "a\nb",  "a\r\nb\r\n"},
		{"equals",	   "a=b\n", "a=3Db\r\n" },
		{"blank at the end", "a \n",  "a=20\r\n"  },
		{"utf-8",		  "å\n",	 "=C3=A5\r\n"},
		{"return",	   "a\r\n", "a=0D\r\n"  },
	};
	NF_ROWS(i, rows)
	{
		struct nf_strbuf out = {0};
		nf_mail_quoted(&out, rows[i].input, strlen(rows[i].input));
		assert_string_equal(out.data, rows[i].want);
		nf_strbuf_free(&out);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compose__samples__are_as_they_were),
		cmocka_unit_test(compose__hostile_names__stay_text),
		cmocka_unit_test(compose__hostile_address__is_refused),
		cmocka_unit_test(header__any_value__is_folded_and_encoded),
		cmocka_unit_test(header__ten_kilobytes__is_short_lines),
		cmocka_unit_test(quoted__lines__can_be_read_back),
	};
	return NF_RUN(tests, argc, argv);
}
