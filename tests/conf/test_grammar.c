// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <string.h>

#include "conf/grammar.h"

struct row {
	const char *text;
	bool valid;
};

static void check(const struct row *rows, size_t len, bool (*valid)(const char *text))
{
	for (size_t i = 0; i < len; i++) {
		if (valid(rows[i].text) != rows[i].valid)
			fail_msg("\"%s\" should%s be valid", rows[i].text,
				rows[i].valid ? "" : " not");
	}
}

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void mail__table__one_address_and_nothing_else(void **state)
{
	static const struct row rows[] = {
		{"oncall@example.se",	      true },
		     {"a.b+c@x-1.example.se",	      true },
		{"root@localhost",		   true },
		  {A64 "@b",			     true },
		    {A64 "a@b",			false},
		{"a@" A63 ".se",			 true },
		{"a@" A64 ".se",			 false},
		{"a@" A63 "." A63 "." A63 "." A63, false},
		   {"",				false},
		{"a",			      false},
		{"@b",			     false},
		       {"a@",			      false},
		      {"a@b@c",				false},
		{".a@b",				 false},
		{"a.@b",			   false},
		 {"a..b@c",			    false},
		    {"a b@c",			      false},
		      {"a@b c",				false},
		{"a@-b",			   false},
		 {"a@b-",				  false},
		  {"a@b..c",			     false},
		     {"a@b.",			      false},
		{"a@[127.0.0.1]",		  false},
		  {"\"a\"@b",			      false},
		      {"<a@b>",				false},
		{"a@b,c@d",			    false},
		    {"a@b\r\nBcc: c@d",		false},
		{"a\n@b",			  false},
		{"a\x7f@b",			    false},
		    {"å@b",			    false},
		    {"a@järfälla.se",		      false},
		{"|sh@b",			  true }, /* an atom in RFC 5322; no shell ever sees it */
	};

	(void)state;
	check(rows, NF_LEN(rows), nf_is_mail);
}

static void server__table__scheme_host_port(void **state)
{
	static const struct row rows[] = {
		{"smtp://mail.example.se:587", true },
		{"smtps://mail.example.se",    true },
		{"smtp://127.0.0.1:25",	true },
		{"smtp://[::1]:25",	    true },
		{"smtp://[2001:db8::1]",	 true },
		{"smtp://[127.0.0.1]",	       false},
		{"smtp://[::1",		false},
		{"smtp://[::1]x",		  false},
		{"smtp://",		    false},
		{"smtp://:25",		       false},
		{"smtp://a:0",		       false},
		{"smtp://a:65536",		   false},
		{"smtp://a:",		      false},
		{"smtp://a/b",		       false},
		{"smtp://u@a",		       false},
		{"http://a",		     false},
		{"a",			  false},
		{"smtp://a\r\n",		 false},
	};

	(void)state;
	check(rows, NF_LEN(rows), nf_is_mail_server);
}

static void interface__table__as_linux(void **state)
{
	static const struct row rows[] = {
		{"eth0",		 true },
		{"vlan10.20",	      true },
		{"br-lan@x",	     true },
		{"123456789012345",  true },
		{"1234567890123456", false},
		{"",		     false},
		{".",		      false},
		{"..",	       false},
		{"a/b",		false},
		{"a:1",		false},
		{"a b",		false},
		{"a\n",		false},
		{"å",		      false},
	};

	(void)state;
	check(rows, NF_LEN(rows), nf_is_interface);
}

static void names__table__no_surprises(void **state)
{
	static const struct row ids[] = {
		{"admin",	  true },
		{"v2c.test_1-x", true },
		{"9",	      true },
		{A64,	      true },
		{A64 "a",	  false},
		{"",	     false},
		{"-a",	       false},
		{".a",	       false},
		{"a b",		false},
		{"a/b",		false},
		{"å",	      false},
	};
	static const struct row devices[] = {
		{"sw-1",	 true },
		{"Åkerbo sw 1", true },
		{"a/b",		true },
		{"",	     false},
		{" a",	       false},
		{"a ",	       false},
		{"-rf",		false},
		{"a\tb",	 false},
		{"a\u202eb",     false},
		{"a\x1b[31m",    false},
		{"a\\b",	 true },
	};

	(void)state;
	check(ids, NF_LEN(ids), nf_is_id);
	check(devices, NF_LEN(devices), nf_is_device_name);
}

static void paths__table__absolute_and_plain(void **state)
{
	static const struct row paths[] = {
		{"/backup/files-*.tar.gz", true },
		{"backup",		   false},
		{"",		       false},
		{"/a\nb",		  false},
	};
	static const struct row datasets[] = {
		{"tank/home", true },
		{"tank",	 true },
		{"tank/",	  false},
		{"/tank",	  false},
		{"-r",	       false},
		{"tank//x",   false},
		{"tank home", false},
		{"tank@snap", false},
	};

	(void)state;
	check(paths, NF_LEN(paths), nf_is_remote_path);
	check(datasets, NF_LEN(datasets), nf_is_dataset);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail__table__one_address_and_nothing_else),
		cmocka_unit_test(server__table__scheme_host_port),
		cmocka_unit_test(interface__table__as_linux),
		cmocka_unit_test(names__table__no_surprises),
		cmocka_unit_test(paths__table__absolute_and_plain),
	};

	return NF_RUN(tests, argc, argv);
}
