// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/control.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/parse.h"

#define LINE_MAX_BYTES (1u << 20)
#define BLANKS	       " \t\r\n"

int64_t nf_sim_world_now(const struct nf_sim_world *world)
{
	return nf_clock_now().mono_us - world->started_us + world->advanced_us;
}

static enum nf_err set_words(
	struct nf_sim_world *world, const char *addresses, char *words, struct nf_error *err)
{
	char *save = NULL;
	enum nf_err code = NF_OK;

	for (char *word = strtok_r(words, BLANKS, &save); word && code == NF_OK;
		word = strtok_r(NULL, BLANKS, &save))
		code = nf_sim_fleet_set(world->fleet, addresses, word, err);
	return code;
}

static enum nf_err advance(struct nf_sim_world *world, const char *by, struct nf_error *err)
{
	int64_t us;

	if (nf_parse_duration(by, 0, INT64_MAX / 8, &us) != NF_OK)
		return nf_error_set(err, NF_EINVAL, "%s: not a duration", by);
	world->advanced_us += us;
	return NF_OK;
}

static void print_cpu(struct nf_strbuf *out)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	nf_strbuf_printf(out, "cpu_us=%ld\n",
		(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
			usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static enum nf_err run(
	struct nf_sim_world *world, char *command, struct nf_strbuf *out, struct nf_error *err)
{
	char *save = NULL;
	char *verb = strtok_r(command, BLANKS, &save);
	char *object = strtok_r(NULL, BLANKS, &save);

	if (!verb)
		return NF_OK;
	if (strcmp(verb, "cpu") == 0)
		print_cpu(out);
	else if (strcmp(verb, "reload") == 0)
		world->reload = true;
	else if (strcmp(verb, "quit") == 0)
		world->quit = true;
	else if (!object)
		return nf_error_set(err, NF_EINVAL, "%s: unknown, or needs addresses", verb);
	else if (strcmp(verb, "set") == 0)
		return set_words(world, object, save, err);
	else if (strcmp(verb, "clear") == 0)
		return nf_sim_fleet_clear(world->fleet, object, err);
	else if (strcmp(verb, "reboot") == 0 || strcmp(verb, "reset") == 0)
		return nf_sim_fleet_reset(world->fleet, object, strcmp(verb, "reboot") == 0,
			nf_sim_world_now(world), err);
	else if (strcmp(verb, "advance") == 0)
		return advance(world, object, err);
	else if (strcmp(verb, "stats") == 0)
		return nf_sim_fleet_stats(world->fleet, object, out, err);
	else
		return nf_error_set(err, NF_EINVAL, "%s: no such command", verb);
	return NF_OK;
}

void nf_sim_control_run(struct nf_sim_world *world, const char *line, struct nf_strbuf *out)
{
	char *copy = nf_xstrdup(line);
	char *rest = copy;
	struct nf_error err;

	while (rest) {
		char *command = strsep(&rest, ";");

		if (run(world, command, out, &err) != NF_OK) {
			nf_strbuf_printf(out, "error: %s\n", err.text);
			break;
		}
	}
	free(copy);
}

static enum nf_err address_of(const char *path, struct sockaddr_un *out, struct nf_error *err)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof out->sun_path)
		return nf_error_set(err, NF_ERANGE, "%s: too long for a socket", path);
	strcpy(out->sun_path, path);
	return NF_OK;
}

enum nf_err nf_sim_control_listen(const char *path, int *fd, struct nf_error *err)
{
	struct sockaddr_un name;
	enum nf_err code = address_of(path, &name, err);

	if (code != NF_OK)
		return code;
	int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (made < 0)
		return nf_error_errno(err, "control socket");
	unlink(path);
	if (bind(made, (const struct sockaddr *)&name, sizeof name) != 0 ||
		listen(made, 16) != 0) {
		code = nf_error_errno(err, "%s", path);
		close(made);
		return code;
	}
	*fd = made;
	return NF_OK;
}

/* Until the other side is done, or for a second: a hanging client must not stop the agents. */
static void read_all(int fd, struct nf_strbuf *out, char until)
{
	char piece[4096];
	ssize_t got;

	while (out->len < LINE_MAX_BYTES && (got = read(fd, piece, sizeof piece)) > 0) {
		nf_strbuf_add(out, piece, (size_t)got);
		if (until != '\0' && memchr(piece, until, (size_t)got))
			return;
	}
}

static void write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t put = send(fd, text, len, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		text += put;
		len -= (size_t)put;
	}
}

void nf_sim_control_accept(int fd, struct nf_sim_world *world)
{
	const struct timeval second = {.tv_sec = 1};
	struct nf_strbuf line = {0};
	struct nf_strbuf answer = {0};
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return;
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
	read_all(client, &line, '\n');
	if (line.len > 0)
		nf_sim_control_run(world, line.data, &answer);
	if (answer.len > 0)
		write_all(client, answer.data, answer.len);
	close(client);
	nf_strbuf_free(&line);
	nf_strbuf_free(&answer);
}

enum nf_err nf_sim_control_tell(
	const char *path, const char *line, struct nf_strbuf *out, struct nf_error *err)
{
	struct sockaddr_un name;
	enum nf_err code = address_of(path, &name, err);

	if (code != NF_OK)
		return code;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&name, sizeof name) != 0) {
		code = nf_error_errno(err, "%s", path);
	} else {
		write_all(fd, line, strlen(line));
		write_all(fd, "\n", 1);
		read_all(fd, out, '\0');
	}
	if (fd >= 0)
		close(fd);
	return code;
}
