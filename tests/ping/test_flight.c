// SPDX-License-Identifier: GPL-3.0-or-later
/* Answers against bursts under way: what counts, what is only counted. */
#include "tests/test.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "collector/ping/flight.h"

#define ID 0x4e46
#define MS 1000

static struct nf_route route_a = {.number = 1}, route_b = {.number = 2};
static const struct nf_addr host = {
	.family = NF_IPV4, .bytes = {10, 1, 0, 7}
};
static const struct nf_addr other = {
	.family = NF_IPV4, .bytes = {10, 1, 0, 8}
};
static const int64_t second_ns = INT64_C(1000000000);

static struct nf_now at_ms(int64_t ms)
{
	return (struct nf_now){.wall_us = NF_US_PER_S + ms * MS, .mono_us = ms * MS};
}

static int64_t wall_ns(int64_t ms)
{
	return second_ns + ms * 1000000;
}

static struct nf_flying *begin(
	struct nf_flight *flight, struct nf_route *route, uint32_t echoes)
{
	return nf_flight_begin(flight,
		&(struct nf_ping_ask){
			.address = host, .echoes = echoes, .timeout_us = 1000 * MS},
		route);
}

/* Sends the next echo at this millisecond; out gets its message. */
static void send_echo(
	struct nf_flight *flight, struct nf_flying *f, int64_t ms, uint8_t out[NF_ECHO_BYTES])
{
	nf_flight_write(flight, f, out);
	f->times[f->sent].asked = at_ms(ms);
	f->sent++;
}

static struct nf_frame frame_of(const uint8_t *message, size_t len)
{
	return (struct nf_frame){.id = (uint16_t)(message[4] << 8 | message[5]),
		.seq = (uint16_t)(message[6] << 8 | message[7]),
		.payload = message + 8,
		.payload_len = len - 8};
}

static struct nf_flying *answer(struct nf_flight *flight, const uint8_t *message, size_t len,
	const struct nf_addr *from, int64_t ms)
{
	struct nf_frame frame = frame_of(message, len);

	frame.reply = true;
	frame.from = *from;
	return nf_flight_see(flight, &frame, wall_ns(ms), at_ms(ms));
}

static void see_leaving(struct nf_flight *flight, const uint8_t *message, int64_t ms)
{
	struct nf_frame frame = frame_of(message, NF_ECHO_BYTES);

	frame.outgoing = true;
	frame.to = host;
	nf_flight_see(flight, &frame, wall_ns(ms), at_ms(ms));
}

static int set_up(void **state)
{
	struct nf_flight *flight = test_malloc(sizeof *flight);

	nf_flight_init(flight, ID);
	*state = flight;
	return 0;
}

static int tear_down(void **state)
{
	nf_flight_destroy(*state);
	test_free(*state);
	return 0;
}

static void message__ipv4__has_a_right_checksum(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	assert_int_equal(m[0], 8);
	assert_int_equal(nf_checksum(m, sizeof m), 0);
}

static void answer__genuine__counts_with_the_kernels_times(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	see_leaving(*state, m, 3);
	assert_ptr_equal(answer(*state, m, sizeof m, &host, 13), f);
	nf_flight_sum_up(*state, f, 0, 20 * MS);
	assert_int_equal(f->result.received, 1);
	assert_int_equal(f->result.rtt_us[0], 10 * MS);
}

static void answer__request_not_captured__from_the_clock_before_it(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	answer(*state, m, sizeof m, &host, 13);
	nf_flight_sum_up(*state, f, 0, 20 * MS);
	assert_int_equal(f->result.rtt_us[0], 13 * MS);
}

static void answer__forged__never_counts(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *f = begin(flight, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES], bad[NF_ECHO_BYTES];

	send_echo(flight, f, 0, m);
	/* every single byte of identifier, sequence number and payload */
	for (size_t i = 4; i < sizeof m; i++) {
		memcpy(bad, m, sizeof m);
		bad[i] ^= 0x20;
		assert_null(answer(flight, bad, sizeof bad, &host, 1));
	}
	assert_int_equal(flight->stats.forged, sizeof m - 6);
	assert_null(answer(flight, m, sizeof m, &other, 1));
	assert_int_equal(flight->stats.forged, sizeof m - 5);
	nf_flight_sum_up(flight, f, 0, 2000 * MS);
	assert_int_equal(f->result.received, 0);
	assert_int_equal(f->result.lost, 1);
}

static void answer__mirrored_copy__is_not_ours(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	struct nf_frame frame = frame_of(m, sizeof m);

	frame.reply = true;
	frame.foreign = true;
	frame.from = host;
	assert_null(nf_flight_see(*state, &frame, wall_ns(1), at_ms(1)));
	assert_int_equal(f->answered, 0);
}

static void request__arriving__does_not_move_our_clock(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	struct nf_frame frame = frame_of(m, sizeof m);

	frame.to = host;
	nf_flight_see(*state, &frame, wall_ns(9), at_ms(9));
	answer(*state, m, sizeof m, &host, 10);
	nf_flight_sum_up(*state, f, 0, 20 * MS);
	assert_int_equal(f->result.rtt_us[0], 10 * MS);
}

static void answer__of_the_other_network__does_not_count_here(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *a = begin(flight, &route_a, 1), *b = begin(flight, &route_b, 1);
	uint8_t ma[NF_ECHO_BYTES], mb[NF_ECHO_BYTES];

	send_echo(flight, a, 0, ma);
	send_echo(flight, b, 0, mb);
	assert_memory_not_equal(ma + 8, mb + 8, NF_ECHO_PAYLOAD);
	assert_ptr_equal(answer(flight, mb, sizeof mb, &host, 1), b);
	assert_int_equal(a->answered, 0);
}

static void answer__ten_times__one_answer_nine_duplicates(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	for (int i = 0; i < 10; i++)
		answer(*state, m, sizeof m, &host, 5 + i);
	nf_flight_sum_up(*state, f, 0, 20 * MS);
	assert_int_equal(f->result.received, 1);
	assert_int_equal(f->result.lost, 0);
	assert_int_equal(f->result.duplicates, 9);
	assert_int_equal(f->result.rtt_us[0], 5 * MS);
}

static void answer__seen_on_stacked_interfaces__once(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	answer(*state, m, sizeof m, &host, 5);
	answer(*state, m, sizeof m, &host, 5);
	nf_flight_sum_up(*state, f, 0, 20 * MS);
	assert_int_equal(f->result.duplicates, 0);
}

static void answer__after_its_time__is_late_and_lost(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *f = begin(flight, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(flight, f, 0, m);
	answer(flight, m, sizeof m, &host, 1001);
	nf_flight_sum_up(flight, f, 0, 1100 * MS);
	assert_int_equal(f->result.lost, 1);
	assert_int_equal(flight->stats.late, 1);
}

static void answer__after_the_burst_ended__is_late(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *f = begin(flight, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES], next[NF_ECHO_BYTES];

	send_echo(flight, f, 0, m);
	nf_flight_end(flight, f);
	assert_null(answer(flight, m, sizeof m, &host, 1100));
	assert_int_equal(flight->stats.late, 1);
	/* the slot is used again: the old answer is still late, not an answer to the new burst */
	f = begin(flight, &route_a, 1);
	send_echo(flight, f, 2000, next);
	assert_null(answer(flight, m, sizeof m, &host, 2001));
	assert_int_equal(flight->stats.late, 2);
	assert_int_equal(f->answered, 0);
}

static void answer__cut_short__is_mangled_not_received(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *f = begin(flight, &route_a, 2);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(flight, f, 0, m);
	assert_null(answer(flight, m, sizeof m - 1, &host, 1));
	assert_null(answer(flight, m, 8, &host, 1));
	assert_null(answer(flight, m, 8, &other, 1));
	assert_int_equal(flight->stats.mangled, 2);
	assert_int_equal(flight->stats.forged, 1);
	nf_flight_sum_up(flight, f, 0, 2000 * MS);
	assert_int_equal(f->result.mangled, 2);
	assert_int_equal(f->result.received, 0);
	assert_int_equal(f->result.unsent, 1);
}

static void loss__while_this_machine_missed_packets__is_unsure(void **state)
{
	struct nf_flying *f = begin(*state, &route_a, 2);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(*state, f, 0, m);
	f->times[0].troubles = 7;
	send_echo(*state, f, 0, m);
	f->times[1].troubles = 8;
	nf_flight_sum_up(*state, f, 8, 2000 * MS);
	assert_int_equal(f->result.unsure, 1);
	assert_int_equal(f->result.lost, 1);
}

static const struct {
	const char *name;
	int64_t step_ms, want_ms; /* the wall clock is set between request and answer */
	uint64_t unstamped;
} steps[] = {
	{"no step",	    0,		       10, 0},
	{"an hour forward",   3600000,		     10, 0},
	{"an hour back",	 -3600000,		   10, 0},
	{"ten years forward", INT64_C(315360000000), 10, 0},
};

static void rtt__wall_clock_set_meanwhile__by_the_monotonic_clock(void **state)
{
	struct nf_flight *flight = *state;

	NF_ROWS(i, steps)
	{
		struct nf_flying *f = begin(flight, &route_a, 1);
		uint8_t m[NF_ECHO_BYTES];

		print_message("  %s\n", steps[i].name);
		send_echo(flight, f, 0, m);
		see_leaving(flight, m, 0);
		struct nf_frame frame = frame_of(m, sizeof m);
		struct nf_now read = at_ms(30);

		frame.reply = true;
		frame.from = host;
		read.wall_us += steps[i].step_ms * MS;
		nf_flight_see(flight, &frame, wall_ns(10 + steps[i].step_ms), read);
		nf_flight_sum_up(flight, f, 0, 40 * MS);
		assert_int_equal(f->result.received, 1);
		assert_int_equal(f->result.rtt_us[0], steps[i].want_ms * MS);
		nf_flight_end(flight, f);
	}
}

static void rtt__absurd_stamp__bounded_by_the_monotonic_clock(void **state)
{
	struct nf_flight *flight = *state;
	struct nf_flying *f = begin(flight, &route_a, 1);
	uint8_t m[NF_ECHO_BYTES];

	send_echo(flight, f, 0, m);
	see_leaving(flight, m, 0);
	struct nf_frame frame = frame_of(m, sizeof m);

	frame.reply = true;
	frame.from = host;
	nf_flight_see(flight, &frame, wall_ns(-500), at_ms(30));
	nf_flight_sum_up(flight, f, 0, 40 * MS);
	assert_int_equal(f->result.rtt_us[0], 30 * MS);
	assert_int_equal(flight->stats.unstamped, 1);
}

static void slots__many_bursts__each_finds_its_own(void **state)
{
	struct nf_flight *flight = *state;
	enum { MANY = 5000 };
	struct nf_flying **all = test_calloc(MANY, sizeof(struct nf_flying *));
	uint8_t(*m)[NF_ECHO_BYTES] = test_calloc(MANY, sizeof *m);

	for (size_t i = 0; i < MANY; i++) {
		all[i] = begin(flight, &route_a, 1);
		send_echo(flight, all[i], 0, m[i]);
	}
	for (size_t i = MANY; i-- > 0;)
		assert_ptr_equal(answer(flight, m[i], sizeof m[i], &host, 1), all[i]);
	for (size_t i = 0; i < MANY; i++)
		nf_flight_end(flight, all[i]);
	assert_int_equal(flight->under_way, 0);
	test_free(m);
	test_free(all);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(message__ipv4__has_a_right_checksum),
		CASE(answer__genuine__counts_with_the_kernels_times),
		CASE(answer__request_not_captured__from_the_clock_before_it),
		CASE(answer__forged__never_counts),
		CASE(answer__mirrored_copy__is_not_ours),
		CASE(request__arriving__does_not_move_our_clock),
		CASE(answer__of_the_other_network__does_not_count_here),
		CASE(answer__ten_times__one_answer_nine_duplicates),
		CASE(answer__seen_on_stacked_interfaces__once),
		CASE(answer__after_its_time__is_late_and_lost),
		CASE(answer__after_the_burst_ended__is_late),
		CASE(answer__cut_short__is_mangled_not_received),
		CASE(loss__while_this_machine_missed_packets__is_unsure),
		CASE(rtt__wall_clock_set_meanwhile__by_the_monotonic_clock),
		CASE(rtt__absurd_stamp__bounded_by_the_monotonic_clock),
		CASE(slots__many_bursts__each_finds_its_own),
	};

	return NF_RUN(tests, argc, argv);
}
