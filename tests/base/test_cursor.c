// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include "base/cursor.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void numbers__both_orders__right(void **state)
{
	(void)state;
	struct nf_cursor c = nf_cursor_of(bytes, sizeof bytes);
	assert_int_equal(nf_cursor_u8(&c), 1);
	assert_int_equal(nf_cursor_be16(&c), 0x0203);
	assert_int_equal(nf_cursor_le16(&c), 0x0504);
	assert_int_equal(nf_cursor_be32(&c), 0x06070809);
	assert_int_equal(nf_cursor_left(&c), 0);
	assert_false(c.failed);

	c = nf_cursor_of(bytes, sizeof bytes);
	assert_true(nf_cursor_be64(&c) == UINT64_C(0x0102030405060708));
	c = nf_cursor_of(bytes, sizeof bytes);
	assert_true(nf_cursor_le64(&c) == UINT64_C(0x0807060504030201));
	c = nf_cursor_of(bytes, sizeof bytes);
	assert_int_equal(nf_cursor_le32(&c), 0x04030201);
}

static void past_the_end__read__fails_for_good(void **state)
{
	(void)state;
	struct nf_cursor c = nf_cursor_of(bytes, 3);
	assert_int_equal(nf_cursor_be32(&c), 0);
	assert_true(c.failed);
	assert_int_equal(nf_cursor_u8(&c), 0);
	assert_int_equal(nf_cursor_left(&c), 0);
	assert_null(nf_cursor_bytes(&c, 0));
}

static void sub__lying_length__fails(void **state)
{
	(void)state;
	struct nf_cursor c = nf_cursor_of(bytes, sizeof bytes);
	struct nf_cursor inner = nf_cursor_sub(&c, 4);
	assert_int_equal(nf_cursor_be32(&inner), 0x01020304);
	assert_int_equal(nf_cursor_u8(&inner), 0);
	assert_true(inner.failed);
	assert_int_equal(nf_cursor_u8(&c), 5);
	inner = nf_cursor_sub(&c, SIZE_MAX);
	assert_true(inner.failed && c.failed);
}

static void nothing__null__fine(void **state)
{
	(void)state;
	struct nf_cursor c = nf_cursor_of(NULL, 0);
	nf_cursor_skip(&c, 0);
	assert_false(c.failed);
	nf_cursor_skip(&c, 1);
	assert_true(c.failed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers__both_orders__right),
		cmocka_unit_test(past_the_end__read__fails_for_good),
		cmocka_unit_test(sub__lying_length__fails),
		cmocka_unit_test(nothing__null__fine),
	};
	return NF_RUN(tests, argc, argv);
}
