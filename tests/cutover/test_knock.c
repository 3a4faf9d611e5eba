// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "checks/cutover/knock.h"

#define TIMEOUT INT64_C(5000000)

/* A listener on loopback; the port is the kernel's choice. */
static int listener(uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void run__open_and_closed__told_apart(void **state)
{
	(void)state;
	const struct nf_network network = {.id = "lo", .max_packets_per_second = 10000};
	struct nf_knock knocks[200];
	struct nf_error err;
	uint16_t open, closed;
	int fd = listener(&open);
	close(listener(&closed));
	for (size_t i = 0; i < NF_LEN(knocks); i++) {
		knocks[i] = (struct nf_knock){
			.network = &network, .port = i % 2 == 0 ? open : closed};
		nf_addr_parse(i < 100 ? "127.0.0.1" : "127.0.0.2", &knocks[i].address);
	}
	assert_int_equal(nf_knock_run(knocks, NF_LEN(knocks), TIMEOUT, &err), NF_OK);
	for (size_t i = 0; i < NF_LEN(knocks); i++)
		assert_int_equal(knocks[i].state,
			i % 2 == 0 && i < 100 ? NF_KNOCK_OPEN : NF_KNOCK_CLOSED);
	close(fd);
}

static void ports__of_a_site__added_to_the_usual_ones_once(void **state)
{
	(void)state;
	uint16_t own[] = {8006, 22, 8006, 65535};
	const struct nf_site none =
				     {
					     0
	      },
			     site = {.cutover.ports = {own, NF_LEN(own)}};
	size_t usual_len, len;
	uint16_t *usual = nf_knock_ports(&none, &usual_len);
	uint16_t *ports = nf_knock_ports(&site, &len);
	assert_int_equal(usual_len, 42); /* netfold(1) */
	assert_int_equal(len, usual_len + 2);
	assert_memory_equal(ports, usual, usual_len * sizeof *usual);
	assert_int_equal(ports[usual_len], 8006);
	assert_int_equal(ports[usual_len + 1], 65535);
	free(usual);
	free(ports);
}

static void run__nobody_there_or_no_way__silent(void **state)
{
	(void)state;
	static const struct nf_network networks[] = {
		{.id = "nowhere", .source = {.interface = "nf-no-such"}, .index = 0},
		{.id = "full",	       .index = 1					 },
	};
	struct nf_knock knocks[2] = {
		{.network = &networks[0], .port = 80, .state = NF_KNOCK_OPEN},
		{.network = &networks[1],			  .state = NF_KNOCK_OPEN		}
	 };
	struct nf_error err;
	/* A listener whose queue is full lets nobody in and says nothing. */
	int fd = listener(&knocks[1].port), waiting[8];
	listen(fd, 0);
	for (size_t i = 0; i < NF_LEN(waiting); i++) {
		struct sockaddr_in at = {.sin_family = AF_INET,
			.sin_port = htons(knocks[1].port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		connect(waiting[i], (struct sockaddr *)&at, sizeof at);
	}
	nf_addr_parse("127.0.0.1", &knocks[0].address);
	nf_addr_parse("127.0.0.1", &knocks[1].address);
	assert_int_equal(nf_knock_run(knocks, 2, 200000, &err), NF_ESYS);
	assert_int_equal(knocks[0].state, NF_KNOCK_SILENT);
	assert_int_equal(knocks[1].state, NF_KNOCK_SILENT);
	for (size_t i = 0; i < NF_LEN(waiting); i++)
		close(waiting[i]);
	close(fd);
}

static void run__nothing_to_do__done(void **state)
{
	(void)state;
	struct nf_error err;
	assert_int_equal(nf_knock_run(NULL, 0, TIMEOUT, &err), NF_OK);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run__open_and_closed__told_apart),
		cmocka_unit_test(ports__of_a_site__added_to_the_usual_ones_once),
		cmocka_unit_test(run__nobody_there_or_no_way__silent),
		cmocka_unit_test(run__nothing_to_do__done),
	};
	return NF_RUN(tests, argc, argv);
}
