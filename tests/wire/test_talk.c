// SPDX-License-Identifier: GPL-3.0-or-later
/* What tests/wire/test_sight does not show: many talks, and who they are of. */
#include "tests/test.h"

#include "base/clock.h"
#include "collector/wire/talk.h"

#define SECOND NF_US_PER_S

struct ends {
	const char *from, *to;
	uint16_t from_port, to_port;
	uint32_t network;
};

static bool answers(struct nf_talks *talks, const struct ends *e, int64_t mono_us)
{
	struct nf_addr from, to;

	assert_int_equal(nf_addr_parse(e->from, &from), NF_OK);
	assert_int_equal(nf_addr_parse(e->to, &to), NF_OK);
	return nf_talks_answer(talks,
		&(struct nf_talk){&from, &to, e->from_port, e->to_port, e->network, false},
		mono_us);
}

/* A second after 10.1.0.5 asked 10.1.0.9 from 1645 at 1812, in network 1. */
static void talk__each_row__answers(void **state)
{
	static const struct ends asks = {"10.1.0.5", "10.1.0.9", 1645, 1812, 1};
	static const struct {
		const char *name;
		struct ends ends;
		bool want;
	} rows[] = {
	/* clang-format off */
		{"who was asked", {"10.1.0.9", "10.1.0.5", 1812, 1645, 1}, true},
		{"from another port", {"10.1.0.9", "10.1.0.5", 1813, 1645, 1}, false},
		{"to another port", {"10.1.0.9", "10.1.0.5", 1812, 1646, 1}, false},
		{"another one", {"10.1.0.8", "10.1.0.5", 1812, 1645, 1}, false},
		{"in another network", {"10.1.0.9", "10.1.0.5", 1812, 1645, 2}, false},
		{"who asked", {"10.1.0.5", "10.1.0.9", 1645, 1812, 1}, false},
	/* clang-format on */
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct nf_talks *talks = nf_talks_new();

		print_message("  %s\n", rows[i].name);
		assert_false(answers(talks, &asks, SECOND));
		assert_int_equal(answers(talks, &rows[i].ends, 2 * SECOND), rows[i].want);
		nf_talks_free(talks);
	}
	assert_false(answers(NULL, &asks, SECOND));
}

/* Each packet of who asks prolongs it, none of who answers does. */
static void talk__half_a_minute_after_the_last_question__is_over(void **state)
{
	static const struct ends asks = {"10.1.0.5", "10.1.0.9", 5060, 5060, 0},
				 answer = {"10.1.0.9", "10.1.0.5", 5060, 5060, 0};
	struct nf_talks *talks = nf_talks_new();

	(void)state;
	assert_false(answers(talks, &asks, SECOND));
	assert_false(answers(talks, &asks, 30 * SECOND));
	assert_true(answers(talks, &answer, 62 * SECOND));
	assert_false(answers(talks, &answer, 62 * SECOND + 1));
	/* Now it is the other way round. */
	assert_true(answers(talks, &asks, 63 * SECOND));
	nf_talks_free(talks);
}

static void talk__a_flood__forgets_the_oldest(void **state)
{
	enum { FLOOD = 100000 };
	static const struct ends asks = {"10.1.0.5", "10.1.0.9", 123, 123, 0},
				 answer = {"10.1.0.9", "10.1.0.5", 123, 123, 0};
	struct nf_talks *talks = nf_talks_new();
	struct ends other = asks;
	size_t kept = 0;

	(void)state;
	assert_false(answers(talks, &asks, SECOND));
	for (unsigned i = 0; i < FLOOD; i++) {
		other.from_port = (uint16_t)i;
		other.network = 1 + i / 50000;
		assert_false(answers(talks, &other, SECOND + 1 + i));
	}
	assert_false(answers(talks, &answer, 2 * SECOND));
	/* The newest are there. */
	for (unsigned i = FLOOD - 2000; i < FLOOD; i++) {
		const struct ends back = {"10.1.0.9", "10.1.0.5", 123, (uint16_t)i, 2};

		kept += answers(talks, &back, 2 * SECOND);
	}
	assert_in_range(kept, 1900, 2000);
	nf_talks_free(talks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talk__each_row__answers),
		cmocka_unit_test(talk__half_a_minute_after_the_last_question__is_over),
		cmocka_unit_test(talk__a_flood__forgets_the_oldest),
	};

	return NF_RUN(tests, argc, argv);
}
