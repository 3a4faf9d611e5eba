// SPDX-License-Identifier: GPL-3.0-or-later
/* What only a bare socket sees: from where a reply comes, how often, when, with which request-id and
 * community, and how broken. The simulator runs as it does for others: its own process, real sockets. */
#include "tests/test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/lab/sim/ber.h"
#include "tests/lab/sim/control.h"

#define REPLY_MAX 65536
#define SOON_MS	  2000 /* a reply that is due comes within this */
#define NEVER_MS  150  /* one that is not due does not come within this */

extern char **environ;

struct wire {
	pid_t pid;
	uint16_t port;
	char folder[64];
	char control[96];
	int fd;
	uint8_t reply[REPLY_MAX];
	size_t len;
	char from[INET_ADDRSTRLEN];
	uint16_t from_port;
};

/* What a reply says; known only of a reply that is whole. */
struct said {
	int64_t reqid;
	char community[64];
	char text[64]; /* the first value */
};

static const char agent_address[] = "127.6.0.1";

static bool start(struct wire *w, uint16_t port)
{
	char ready[8] = "";
	char line[] = "127.6.0.0/16 synthetic:switch ports=4 name=wire";
	char p[] = "-p", s[] = "-s", port_text[8], other_text[8];
	char *program = nf_xasprintf("%s/tests/lab/nfsim", getenv("NF_BUILD"));
	char *second = nf_xasprintf("127.6.7.1 synthetic:ups port=%u", port + 1u);
	char *argv[] = {
		program, p, port_text, p, other_text, s, w->control, line, second, NULL};
	posix_spawn_file_actions_t actions;
	int pipes[2];
	ssize_t got = 0;

	snprintf(port_text, sizeof port_text, "%u", port);
	snprintf(other_text, sizeof other_text, "%u", port + 1u);
	assert_int_equal(pipe(pipes), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, pipes[0]);
	if (posix_spawn(&w->pid, program, &actions, NULL, argv, environ) == 0) {
		close(pipes[1]);
		got = read(pipes[0], ready, sizeof ready - 1);
		if (got <= 0)
			waitpid(w->pid, NULL, 0);
	}
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[0]);
	free(program);
	free(second);
	w->port = port;
	return got > 0;
}

static int set_up(void **state)
{
	struct wire *w = nf_xcalloc(1, sizeof *w);
	uint16_t port = (uint16_t)(30000 + getpid() % 2000 * 2);

	snprintf(w->folder, sizeof w->folder, "/tmp/nfsim-wire.XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->control, sizeof w->control, "%s/control", w->folder);
	for (int i = 0; i < 10 && !start(w, port); i++)
		port = (uint16_t)(port + 2);
	w->fd = socket(AF_INET, SOCK_DGRAM, 0);
	*state = w;
	return w->fd < 0;
}

static int tear_down(void **state)
{
	struct wire *w = *state;

	kill(w->pid, SIGTERM);
	waitpid(w->pid, NULL, 0);
	close(w->fd);
	rmdir(w->folder);
	free(w);
	return 0;
}

static void tell(struct wire *w, const char *options)
{
	char *line = nf_xasprintf("clear all; set %s %s", agent_address, options);
	struct nf_strbuf answer = {0};

	assert_int_equal(nf_sim_control_tell(w->control, line, &answer, NULL), NF_OK);
	assert_int_equal(answer.len, 0);
	nf_strbuf_free(&answer);
	free(line);
}

/* GET sysName.0 with community public */
static void ask_at(struct wire *w, const char *address, unsigned port, uint8_t reqid)
{
	const uint8_t request[] = {0x30, 0x29, 2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c',
		0xa0, 0x1c, 2, 4, 0x12, 0x34, 0x56, reqid, 2, 1, 0, 2, 1, 0, 0x30, 14, 0x30, 12,
		6, 8, 0x2b, 6, 1, 2, 1, 1, 5, 0, 5, 0};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	inet_pton(AF_INET, address, &to.sin_addr);
	assert_int_equal(sendto(w->fd, request, sizeof request, 0, (const struct sockaddr *)&to,
				 sizeof to),
		sizeof request);
}

static void ask(struct wire *w, uint8_t reqid)
{
	ask_at(w, agent_address, w->port, reqid);
}

static bool hear(struct wire *w, int timeout_ms)
{
	struct pollfd fd = {.fd = w->fd, .events = POLLIN};
	struct sockaddr_in from;
	socklen_t from_len = sizeof from;

	if (poll(&fd, 1, timeout_ms) != 1)
		return false;
	ssize_t got = recvfrom(
		w->fd, w->reply, sizeof w->reply, 0, (struct sockaddr *)&from, &from_len);

	assert_true(got >= 0);
	w->len = (size_t)got;
	w->from_port = ntohs(from.sin_port);
	inet_ntop(AF_INET, &from.sin_addr, w->from, sizeof w->from);
	return true;
}

static void copy_text(char out[64], struct nf_cursor content)
{
	size_t len = nf_cursor_left(&content);

	assert_true(len < 64);
	memcpy(out, content.at, len);
	out[len] = '\0';
}

static bool understand(const struct wire *w, struct said *said)
{
	struct nf_cursor all = nf_cursor_of(w->reply, w->len);
	struct nf_cursor message, community, pdu, list, varbind, oid, value;
	int64_t version, status, index;
	uint8_t tag;

	if (!nf_sim_ber_read(&all, &tag, &message) || nf_cursor_left(&all) != 0 ||
		!nf_sim_ber_read_integer(&message, &version) ||
		!nf_sim_ber_read(&message, &tag, &community) ||
		!nf_sim_ber_read(&message, &tag, &pdu) || tag != NF_SIM_RESPONSE ||
		!nf_sim_ber_read_integer(&pdu, &said->reqid) ||
		!nf_sim_ber_read_integer(&pdu, &status) ||
		!nf_sim_ber_read_integer(&pdu, &index) || !nf_sim_ber_read(&pdu, &tag, &list) ||
		!nf_sim_ber_read(&list, &tag, &varbind) ||
		!nf_sim_ber_read(&varbind, &tag, &oid) ||
		!nf_sim_ber_read(&varbind, &tag, &value))
		return false;
	copy_text(said->community, community);
	copy_text(said->text, value);
	return true;
}

static void wire__truth__as_asked(void **state)
{
	struct wire *w = *state;
	struct said said;

	tell(w, "");
	ask(w, 7);
	assert_true(hear(w, SOON_MS));
	assert_true(understand(w, &said));
	assert_string_equal(w->from, agent_address);
	assert_int_equal(w->from_port, w->port);
	assert_int_equal(said.reqid, 0x12345607);
	assert_string_equal(said.community, "public");
	assert_string_equal(said.text, "wire00002");
	assert_false(hear(w, NEVER_MS));
}

static void wire__source__another_address_or_port(void **state)
{
	struct wire *w = *state;

	tell(w, "source=127.6.0.99");
	ask(w, 1);
	assert_true(hear(w, SOON_MS));
	assert_string_equal(w->from, "127.6.0.99");
	char *other = nf_xasprintf("source-port=%u", w->port + 1u);

	tell(w, other);
	free(other);
	ask(w, 1);
	assert_true(hear(w, SOON_MS));
	assert_string_equal(w->from, agent_address);
	assert_int_equal(w->from_port, w->port + 1);
}

static void wire__ports__an_agent_each(void **state)
{
	struct wire *w = *state;
	struct said said;

	ask_at(w, "127.6.7.1", w->port + 1u, 1);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_string_equal(said.text, "ups");
	assert_int_equal(w->from_port, w->port + 1);
	ask_at(w, "127.6.7.1", w->port, 1);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_string_equal(said.text, "wire01794");
}

static void wire__reply__wrong_names(void **state)
{
	struct wire *w = *state;
	struct said said;

	tell(w, "reply-community=private");
	ask(w, 1);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_string_equal(said.community, "private");
	tell(w, "reqid=wrong");
	ask(w, 1);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_int_not_equal(said.reqid, 0x12345601);
	tell(w, "reqid=old");
	ask(w, 2);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_int_equal(said.reqid, 0x12345601);
	ask(w, 3);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_int_equal(said.reqid, 0x12345602);
}

static void wire__duplicates__all_of_them(void **state)
{
	struct wire *w = *state;
	struct said said;

	tell(w, "duplicates=9");
	ask(w, 1);
	for (int i = 0; i < 10; i++) {
		assert_true(hear(w, SOON_MS) && understand(w, &said));
		assert_int_equal(said.reqid, 0x12345601);
	}
	assert_false(hear(w, NEVER_MS));
}

static void wire__forger__comes_first(void **state)
{
	struct wire *w = *state;
	struct said said;

	tell(w, "forge=127.6.0.66");
	ask(w, 1);
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_string_equal(w->from, "127.6.0.66");
	assert_string_equal(said.text, "forged");
	assert_true(hear(w, SOON_MS) && understand(w, &said));
	assert_string_equal(w->from, agent_address);
	assert_string_equal(said.text, "wire00002");
}

static void wire__delay__later_and_no_more(void **state)
{
	struct wire *w = *state;

	tell(w, "delay=80ms jitter=20ms");
	int64_t before = nf_clock_now().mono_us;

	for (uint8_t i = 0; i < 20; i++)
		ask(w, i);
	for (int i = 0; i < 20; i++)
		assert_true(hear(w, SOON_MS));
	assert_true(nf_clock_now().mono_us - before >= 80000);
	assert_false(hear(w, NEVER_MS));
}

static void wire__loss__about_half(void **state)
{
	struct wire *w = *state;
	int heard = 0;

	tell(w, "loss=50");
	for (int i = 0; i < 200; i++)
		ask(w, (uint8_t)i);
	while (hear(w, NEVER_MS))
		heard++;
	assert_in_range(heard, 60, 140);
}

static void wire__mangled__not_understood(void **state)
{
	struct wire *w = *state;
	struct said said;
	static const char *const ways[] = {"mangle=truncate", "mangle=noise", "mangle=nothing"};

	NF_ROWS(i, ways)
	{
		tell(w, ways[i]);
		for (int n = 0; n < 20; n++) {
			ask(w, 1);
			assert_true(hear(w, SOON_MS));
			assert_false(understand(w, &said));
		}
	}
	int broken = 0;

	tell(w, "mangle=lengths");
	for (int n = 0; n < 100; n++) {
		ask(w, 1);
		assert_true(hear(w, SOON_MS));
		broken += !understand(w, &said);
	}
	assert_true(broken > 5);
}

static void wire__garbage_in__ignored(void **state)
{
	struct wire *w = *state;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(w->port)};
	uint8_t bytes[64];

	tell(w, "");
	inet_pton(AF_INET, agent_address, &to.sin_addr);
	for (unsigned n = 0; n < 2000; n++) {
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (uint8_t)(n * 31 + i * n);
		bytes[0] = 0x30;
		bytes[1] = (uint8_t)(n % 64);
		sendto(w->fd, bytes, n % 64, 0, (const struct sockaddr *)&to, sizeof to);
	}
	assert_false(hear(w, NEVER_MS));
	ask(w, 1);
	assert_true(hear(w, SOON_MS));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire__truth__as_asked),
		cmocka_unit_test(wire__source__another_address_or_port),
		cmocka_unit_test(wire__ports__an_agent_each),
		cmocka_unit_test(wire__reply__wrong_names),
		cmocka_unit_test(wire__duplicates__all_of_them),
		cmocka_unit_test(wire__forger__comes_first),
		cmocka_unit_test(wire__delay__later_and_no_more),
		cmocka_unit_test(wire__loss__about_half),
		cmocka_unit_test(wire__mangled__not_understood),
		cmocka_unit_test(wire__garbage_in__ignored),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
