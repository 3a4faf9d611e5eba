// SPDX-License-Identifier: GPL-3.0-or-later
/* Signs of life: the heartbeat's file and its URL, fetched from a real server; and the watchdog of the real
 * program, which is silent when its loop stands still. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "alert/heartbeat.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/conf/fixture.h"
#include "tests/test.h"

#define NEEDED_PROGRAMS 2 /* no device is watched over SNMP */

struct http {
	pid_t pid;
	int port;
};

/* One connection after the other: notes the request's first line, and answers so. */
static void serve(int listener, const char *answer, const char *seen)
{
	alarm(60);
	for (;;) {
		char request[2000] = "";
		size_t len = 0;
		int fd = accept(listener, NULL, NULL);
		while (strstr(request, "\r\n\r\n") == NULL && len + 1 < sizeof request) {
			ssize_t n = read(fd, request + len, sizeof request - len - 1);
			if (n <= 0)
				break;
			len += (size_t)n;
		}
		int log = open(seen, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
		dprintf(log, "%.*s\n", (int)strcspn(request, "\r"), request);
		close(log);
		dprintf(fd, "%s\r\n\r\n", answer);
		close(fd);
	}
}

static struct http begin(const char *answer, const char *seen)
{
	struct http h = {0};
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	h.port = ntohs(at.sin_port);
	h.pid = fork();
	if (h.pid == 0)
		serve(listener, answer, seen);
	close(listener);
	return h;
}

static char *read_all(const char *path)
{
	char *text = NULL;
	size_t len;
	struct nf_error err = {0};
	return nf_file_read(path, 100000, &text, &len, &err) == NF_OK ? text : nf_xstrdup("");
}

static void rest(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

static void expect_file(const char *path, const char *want)
{
	char *text = read_all(path);
	for (int i = 0; i < 24000 && strcmp(text, want) != 0; i++) {
		rest();
		free(text);
		text = read_all(path);
	}
	assert_string_equal(text, want);
	free(text);
}

static void load(struct fixture *f, int port)
{
	char *url = nf_xasprintf("http://127.0.0.1:%d/ping/secret\n", port);
	fixture_write(f, "beat-url", url, strlen(url), 0600);
	fixture_puts(f, "site.yaml",
		"site: {name: Test, timezone: Europe/Stockholm, state_dir: state}\n"
		"networks: [{id: a, role: common, prefixes: [10.1.0.0/16]}]\n"
		"alerting: {heartbeat_url_file: beat-url, heartbeat_file: beat}\n"
		"devices: [{name: r1, kind: router, network: a, address: 10.1.0.1}]\n");
	fixture_load(f);
	if (f->site == NULL)
		print_message("%s\n", f->text);
	assert_non_null(f->site);
	free(url);
}

static void give(struct nf_heartbeat *h, uv_loop_t *loop, const struct nf_site *site,
	size_t alive, struct nf_now now)
{
	static char ping[] = "netfold-ping", series[] = "netfold-series";
	struct nf_view_program programs[NEEDED_PROGRAMS] = {
		{.name = ping,   .alive = alive > 0},
		    {.name = series, .alive = alive > 1}
	};
	struct nf_picture picture = {
		.site = site, .programs = programs, .programs_len = NEEDED_PROGRAMS};
	assert_true(nf_heartbeat_is_due(h, now));
	nf_heartbeat_give(h, site, &picture, now);
	uv_run(loop, UV_RUN_DEFAULT);
}

static void heartbeat__url_and_file__only_while_all_live(void **state)
{
	(void)state;
	static const struct {
		const char *name, *answer;
	} rows[] = {
		{"good",	 "HTTP/1.0 204 No Content"				  },
		{"refused",  "HTTP/1.0 500 No"				     },
		{"redirect", "HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/"},
		{"garbage",  "hello?"					     },
	};
	NF_ROWS(i, rows)
	{
		struct fixture *f = fixture_new();
		char *seen = nf_xasprintf("%s/seen", f->folder);
		char *beat = nf_xasprintf("%s/beat", f->folder);
		struct http server = begin(rows[i].answer, seen);
		load(f, server.port);
		uv_loop_t loop;
		uv_loop_init(&loop);
		struct nf_heartbeat *h = nf_heartbeat_new(&loop);
		struct nf_now now = nf_clock_now();
		struct stat st;
		assert_false(nf_heartbeat_is_due(h, now)); /* the others start, too */
		now.mono_us += 6000000;
		give(h, &loop, f->site, 1, now);
		assert_int_not_equal(stat(beat, &st), 0);
		now.mono_us += 6000000; /* soon again */
		give(h, &loop, f->site, 2, now);
		assert_int_equal(stat(beat, &st), 0);
		expect_file(seen, "GET /ping/secret HTTP/1.1\n");
		now.mono_us += 30000000;
		assert_false(nf_heartbeat_is_due(h, now));
		now.mono_us += 30000000;
		give(h, &loop, f->site, 2, now);
		expect_file(seen, "GET /ping/secret HTTP/1.1\nGET /ping/secret HTTP/1.1\n");
		nf_heartbeat_free(h);
		uv_loop_close(&loop);
		kill(server.pid, SIGKILL);
		waitpid(server.pid, NULL, 0);
		fixture_free(f);
		free(seen);
		free(beat);
	}
}

/* Words from the program to systemd until one of them is it, or none comes for so long. */
static bool hears(int fd, const char *word, int ms)
{
	char text[400];
	struct pollfd p = {.fd = fd, .events = POLLIN};
	while (poll(&p, 1, ms) == 1) {
		ssize_t n = recv(fd, text, sizeof text - 1, 0);
		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, word) != NULL)
			return true;
	}
	return false;
}

static void watchdog__loop_stands_still__is_silent(void **state)
{
	(void)state;
	struct fixture *f = fixture_new();
	load(f, 1);
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", f->folder);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	setenv("WATCHDOG_USEC", "400000", 1);
	char *config = nf_xasprintf("%s/site.yaml", f->folder);
	char *program = nf_xasprintf("%s/alert/netfold-notify",
		getenv("NF_BUILD") != NULL ? getenv("NF_BUILD") : ".");
	char flag[] = "-c", *const argv[] = {program, flag, config, NULL};
	pid_t pid;
	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, argv, environ), 0);
	assert_true(hears(fd, "READY=1", 20000));
	assert_true(hears(fd, "WATCHDOG=1", 20000));
	assert_true(hears(fd, "WATCHDOG=1", 20000));
	kill(pid, SIGSTOP);
	while (hears(fd, "WATCHDOG=1", 0))
		;
	assert_false(hears(fd, "WATCHDOG=1", 800));
	kill(pid, SIGCONT);
	assert_true(hears(fd, "WATCHDOG=1", 20000));
	kill(pid, SIGTERM);
	assert_true(hears(fd, "STOPPING=1", 20000));
	int status;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	close(fd);
	fixture_free(f);
	free(config);
	free(program);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heartbeat__url_and_file__only_while_all_live),
		cmocka_unit_test(watchdog__loop_stands_still__is_silent),
	};
	return NF_RUN(tests, argc, argv);
}
