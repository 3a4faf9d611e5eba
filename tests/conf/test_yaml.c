// SPDX-License-Identifier: GPL-3.0-or-later
/* Files that are no site file: each refused with its place and reason. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "tests/conf/fixture.h"

#define BYTES(text) text, sizeof(text) - 1

static void file__odd__refused_with_its_place(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want;
	} rows[] = {
		{BYTES(""),					"site.yaml:1:1: the file is empty\n"			},
		{BYTES("# only a comment\n"),		      "site.yaml:1:1: the file is empty\n"		  },
		{BYTES("\xef\xbb\xbfsite: {name: T}\n"),
			"site.yaml:1:1: the file begins with a byte order mark; save it as UTF-8 without one\n"		       },
		{BYTES("\xff\xfes\0i\0t\0e\0"),
			"site.yaml:1:1: the file is UTF-16; save it as UTF-8\n"						       },
		{BYTES("\xfe\xff\0s\0i\0t\0e"),
			"site.yaml:1:1: the file is UTF-16; save it as UTF-8\n"						       },
		{BYTES("site:\n  name: a\0b\n"),
			"site.yaml:2:10: a NUL byte; the site file is UTF-8 text\n"						   },
		{BYTES("site:\n  name: J\xe4rf\xe4lla\n"),
			"site.yaml:2:11: bytes that are not UTF-8; save the file as UTF-8\n"				    },
		{BYTES("site:\n\tname: T\n"),
			"site.yaml:2:1: a tab; YAML is indented with spaces\n"						      },
		{BYTES("site: {name: T}\n---\nsite: {name: U}\n"),
			"site.yaml:2:1: a second document begins here; one file is one site\n"				      },
		{BYTES("site: &s {name: T}\npolling: *s\n"),
			"site.yaml:2:10: aliases (*name) are not taken: write it out\n"					       },
		{BYTES("site: !!binary {name: T}\n"),
			"site.yaml:1:7: tags (!name) are not taken\n"							     },
		{BYTES("site: !python/object x\n"),
			"site.yaml:1:7: tags (!name) are not taken\n"							     },
		{BYTES("site: {name: \"T}\n"),
			"site.yaml:2:1: found unexpected end of stream (while scanning a quoted scalar that begins on line 1)\n"},
		{BYTES("site: {name: T\n"),
			"site.yaml:2:1: did not find expected ',' or '}' (while parsing a flow mapping that begins on line 1)\n"},
		{BYTES("site:\n  name: T\n language: sv\n"),
			"site.yaml:3:2: did not find expected key (while parsing a block mapping that begins on line 1)\n"	  },
		{BYTES("site: {name: \x1b[31mT}\n"),
			"site.yaml:1:14: control characters are not allowed\n"						      },
		{BYTES("- a\n- b\n"),
			"site.yaml:1:1: the file: found a list, expected keys with values\n"				    },
		{BYTES("just text\n"),
			"site.yaml:1:1: the file: found a single value, expected keys with values\n"			    },
		{BYTES("null\n"),
			"site.yaml:1:1: missing key \"site\"\nsite.yaml:1:1: missing key \"networks\"\n"			},
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();

		fixture_write(f, "site.yaml", rows[i].bytes, rows[i].len, 0644);
		fixture_load(f);
		assert_int_equal(f->err, NF_EINVAL);
		if (strcmp(f->text, rows[i].want) != 0)
			fail_msg("row %zu says %s not %s", i, f->text, rows[i].want);
		fixture_free(f);
	}
}

static void refuse(struct nf_strbuf *text, const char *want)
{
	struct fixture *f = fixture_new();

	fixture_write(f, "site.yaml", text->data, text->len, 0644);
	fixture_load(f);
	assert_true(f->err == NF_EINVAL || f->err == NF_ERANGE);
	assert_string_equal(f->text, want);
	nf_strbuf_free(text);
	fixture_free(f);
}

static void add_many(struct nf_strbuf *text, const char *piece, size_t times)
{
	while (times-- > 0)
		nf_strbuf_puts(text, piece);
}

static void scalar__five_megabytes__refused(void **state)
{
	struct nf_strbuf text = {0};

	(void)state;
	nf_strbuf_puts(&text, "site:\n  name: ");
	add_many(&text, "0123456789", 500000);
	nf_strbuf_puts(&text, "\n");
	refuse(&text, "site.yaml:2:9: a value longer than 64 KiB; is a quote never closed?\n");
}

static void file__larger_than_the_cap__refused(void **state)
{
	struct nf_strbuf text = {0};

	(void)state;
	add_many(&text, "# a line of a comment that is one of very many\n", 200000);
	refuse(&text, "site.yaml:0:0: larger than 8388608 bytes\n");
}

/* a: &a [x,x], b: &b [*a,*a], …: each alias doubles what is written out. */
static void aliases__bomb__refused_at_the_first(void **state)
{
	struct nf_strbuf text = {0};

	(void)state;
	nf_strbuf_puts(&text, "a0: &a0 [x, x]\n");
	for (int i = 1; i < 60; i++)
		nf_strbuf_printf(&text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
	{
		struct fixture *f = fixture_new();

		fixture_write(f, "site.yaml", text.data, text.len, 0644);
		fixture_load(f);
		assert_int_equal(f->err, NF_EINVAL);
		assert_int_equal(
			strncmp(f->text, "site.yaml:2:10: aliases (*name) are not taken", 45),
			0);
		fixture_free(f);
	}
	nf_strbuf_free(&text);
}

static void nesting__deep__refused(void **state)
{
	struct nf_strbuf text = {0};

	(void)state;
	nf_strbuf_puts(&text, "site: ");
	add_many(&text, "[", 100000);
	refuse(&text, "site.yaml:1:26: nested too deeply\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file__odd__refused_with_its_place),
		cmocka_unit_test(scalar__five_megabytes__refused),
		cmocka_unit_test(file__larger_than_the_cap__refused),
		cmocka_unit_test(aliases__bomb__refused_at_the_first),
		cmocka_unit_test(nesting__deep__refused),
	};

	return NF_RUN(tests, argc, argv);
}
