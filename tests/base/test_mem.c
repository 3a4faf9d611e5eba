// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

static void arena__many_sizes__zeroed_and_apart(void **state)
{
	(void)state;
	struct nf_arena *arena = nf_arena_new();
	unsigned char *pieces[200];
	for (size_t i = 0; i < NF_LEN(pieces); i++) {
		size_t size = i * i;
		pieces[i] = nf_arena_alloc(arena, size);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < NF_LEN(pieces); i++)
		for (size_t j = 0; j < i * i; j++)
			assert_int_equal(pieces[i][j], i);
	assert_string_equal(nf_arena_printf(arena, "%s-%d", "sw", 1), "sw-1");
	assert_string_equal(nf_arena_strndup(arena, "abc", 2), "ab");
	nf_arena_free(arena);
	nf_arena_free(NULL);
}

static void grow__appending__keeps_items(void **state)
{
	(void)state;
	int *items = NULL;
	size_t len = 0, cap = 0;
	for (int i = 0; i < 100; i++) {
		items = nf_grow(items, len, &cap, sizeof *items);
		items[len++] = i;
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void strbuf__built__terminated(void **state)
{
	(void)state;
	struct nf_strbuf b = {0};
	nf_strbuf_printf(&b, "%0200d", 7);
	assert_int_equal(b.len, 200);
	nf_strbuf_putc(&b, '!');
	nf_strbuf_add(&b, NULL, 0);
	assert_string_equal(b.data + 199, "7!");
	char *text = nf_strbuf_take(&b);
	assert_int_equal(strlen(text), 201);
	free(text);
	assert_null(b.data);
	text = nf_strbuf_take(&b);
	assert_string_equal(text, "");
	free(text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena__many_sizes__zeroed_and_apart),
		cmocka_unit_test(grow__appending__keeps_items),
		cmocka_unit_test(strbuf__built__terminated),
	};
	return NF_RUN(tests, argc, argv);
}
