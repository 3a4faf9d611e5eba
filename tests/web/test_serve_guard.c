// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdbool.h>
#include <stdio.h>

#include "web/serve_guard.h"

static void host__names__known_ones_only(void **state)
{
	static const struct {
		const char *host;
		bool want;
	} rows[] = {
		{NULL,			 true },
		{"localhost",		      true },
		{"LocalHost:8642",		   true },
		{"netfold.example.se",	       true },
		{"NETFOLD.example.se:443",	   true },
		{"127.0.0.1",		      true },
		{"127.0.0.1:8642",		   true },
		{"10.1.2.3",		     true },
		{"[::1]",			  true },
		{"[::1]:8642",		       true },
		{"",			   false},
		{":8642",			  false},
		{"localhost.",		       false},
		{"localhost.evil.example",	   false},
		{"evil.example",		 false},
		{"evil.example:8642",	      false},
		{"netfold.example.se.evil.se", false},
		{"xnetfold.example.se",	false},
		{"127.0.0.1.evil.example",	   false},
		{"[::1",			 false},
		{"::1]",			 false},
		{"[]",			 false},
		{"[evil.example]",		   false},
		{"[::1]evil.example:80",	 false},
		{"127.0.0.1@evil.example",	   false},
		{"localhost\tx",		 false},
	};
	(void)state;
	const char *items[] = {"netfold.example.se"};
	const struct nf_text_list names = {.items = items, .len = 1};
	NF_ROWS(i, rows)
	{
		if (nf_serve_guard_host(&names, rows[i].host) != rows[i].want)
			fail_msg("%s: wanted %d", rows[i].host, rows[i].want);
	}
}

/* RFC 9110 12.5.3 */
static void accept_encoding__lists__gzip_when_taken(void **state)
{
	static const struct {
		const char *accept;
		bool want;
	} rows[] = {
		{NULL,		       false},
		{"",		     false},
		{"gzip",		 true },
		{"GZip",		 true },
		{"br, gzip",	     true },
		{"br,gzip;q=0.5",	  true },
		{"gzip ; q=1",	       true },
		{"gzip;q=0.001",	 true },
		{"gzip;q=0",	     false},
		{"gzip;q=0.0",	       false},
		{"gzip;q=0.000",	 false},
		{"gzip; q=0, br",	  false},
		{"br;q=1.0, gzip;q=0", false},
		{"gzip;q=",	    false},
		{"gzip;q=x",	     true },
		{"deflate, br",	false},
		{"xgzip",		  false},
		{"gzipx",		  false},
		{"x-gzip-like;q=1",    false},
		{",,, ,\t,gzip",	 true },
		{";;;,;",		  false},
		{"identity;q=0, gzip", true },
		{"br;q=0,gzip",	true },
	};
	(void)state;
	NF_ROWS(i, rows)
	{
		if (nf_serve_guard_takes_gzip(rows[i].accept) != rows[i].want)
			fail_msg("%s: wanted %d", rows[i].accept, rows[i].want);
	}
}

/* RFC 9110 13.1.2 */
static void if_none_match__lists__compared_weakly(void **state)
{
	static const struct {
		const char *list;
		bool want;
	} rows[] = {
		{"\"a-1\"",		    true },
		{"W/\"a-1\"",	      true },
		{"*",		      true },
		{"\"x\", \"a-1\"",	   true },
		{"\"x,y\",W/\"a-1\"",      true },
		{"\"x\" ,\t\"y\",\"a-1\"", true },
		{"",		       false},
		{"\"",		       false},
		{"a-1",			false},
		{"\"a-1",		  false},
		{"\"a-11\"",		     false},
		{"\"A-1\"",		    false},
		{"w/\"a-1\"",	      false},
		{"\"x,\\\"a-1\\\"\"",      false},
		{"\"x",			false},
		{",,,",			false},
		{"x, \"a-1\"",	       true },
	};
	(void)state;
	NF_ROWS(i, rows)
	{
		if (nf_serve_guard_matches(rows[i].list, "\"a-1\"") != rows[i].want)
			fail_msg("%s: wanted %d", rows[i].list, rows[i].want);
	}
	assert_false(nf_serve_guard_matches(NULL, "\"a-1\""));
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(host__names__known_ones_only),
		cmocka_unit_test(accept_encoding__lists__gzip_when_taken),
		cmocka_unit_test(if_none_match__lists__compared_weakly),
	};
	return NF_RUN(tests, argc, argv);
}
