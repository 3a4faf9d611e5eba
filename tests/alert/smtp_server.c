// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/alert/smtp_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ssl.h>

struct talk {
	const struct smtp_script *script;
	int fd;
	SSL *tls;
	int saw;
	const char *taken; /* NULL: nothing is noted */
	char to[300], id[300];
};

static void finish(struct talk *t)
{
	_exit(t->saw);
}

static void put(struct talk *t, const char *text, size_t len)
{
	ssize_t n =
		t->tls != NULL ? SSL_write(t->tls, text, (int)len) : write(t->fd, text, len);
	if (n <= 0)
		finish(t);
}

static char get(struct talk *t)
{
	char c;
	ssize_t n = t->tls != NULL ? SSL_read(t->tls, &c, 1) : read(t->fd, &c, 1);
	if (n <= 0)
		finish(t);
	return c;
}

static void line(struct talk *t, char *to, size_t size)
{
	size_t len = 0;
	for (char c; (c = get(t)) != '\n';)
		if (len + 1 < size)
			to[len++] = c;
	to[len] = '\0';
}

/* Until the other side gives up. */
static void stall(struct talk *t)
{
	for (;;)
		get(t);
}

static void answer(struct talk *t, const char *scripted, const char *usual)
{
	char text[512];
	if (scripted != NULL && strcmp(scripted, DROP) == 0)
		finish(t);
	if (scripted != NULL && strcmp(scripted, STALL) == 0)
		stall(t);
	bool slow = scripted != NULL && strcmp(scripted, SLOW) == 0;
	int len = snprintf(
		text, sizeof text, "%s\r\n", scripted != NULL && !slow ? scripted : usual);
	if (!slow) {
		put(t, text, (size_t)len);
		return;
	}
	for (int i = 0; i < len; i++) {
		struct pollfd p = {.fd = t->fd};
		put(t, text + i, 1);
		poll(&p, 1, 1000);
	}
}

static void begin_tls(struct talk *t)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate_file(ctx, t->script->certificate, SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_use_PrivateKey_file(ctx, t->script->key, SSL_FILETYPE_PEM) != 1)
		finish(t);
	SSL *tls = SSL_new(ctx);
	SSL_set_fd(tls, t->fd);
	if (SSL_accept(tls) != 1)
		finish(t);
	t->tls = tls;
}

static void hello(struct talk *t)
{
	char text[256];
	snprintf(text, sizeof text, "250-script\r\n%s250 8BITMIME",
		t->script->extensions != NULL ? t->script->extensions : "");
	answer(t, t->script->hello, text);
}

static void note(const char *taken, const char *to, const char *id)
{
	char l[620];
	int len = snprintf(l, sizeof l, "%s %s\n", to, id);
	int fd = open(taken, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, l, (size_t)len) != len)
		_exit(99);
	close(fd);
}

static void receive(struct talk *t)
{
	char l[1200];
	answer(t, t->script->data, "354 go on");
	for (;;) {
		line(t, l, sizeof l);
		if (strcmp(l, ".\r") == 0)
			break;
		sscanf(l, "Message-ID: %299s", t->id);
		t->saw |= SAW_TEXT;
	}
	t->saw |= SAW_ALL;
	if (t->taken != NULL && t->script->dot == NULL)
		note(t->taken, t->to, t->id);
	answer(t, t->script->dot, "250 taken");
}

static void command(struct talk *t, const char *l)
{
	const struct smtp_script *s = t->script;
	if (strncmp(l, "EHLO", 4) == 0 || strncmp(l, "HELO", 4) == 0) {
		hello(t);
	} else if (strncmp(l, "STARTTLS", 8) == 0) {
		answer(t, s->starttls, "220 go on");
		if (s->starttls == NULL)
			begin_tls(t);
	} else if (strncmp(l, "AUTH", 4) == 0) {
		t->saw |= SAW_LOGIN;
		if (s->auth == NULL) {
			char secret[1200];
			answer(t, NULL, "334 ");
			line(t, secret, sizeof secret);
		}
		answer(t, s->auth, "235 welcome");
	} else if (strncmp(l, "MAIL", 4) == 0) {
		t->saw |= SAW_MAIL;
		answer(t, s->mail, "250 ok");
	} else if (strncmp(l, "RCPT", 4) == 0) {
		sscanf(l, "RCPT TO:<%299[^>]", t->to);
		answer(t, strstr(l, "grey") != NULL ? "450 come back later" : s->rcpt,
			"250 ok");
	} else if (strncmp(l, "DATA", 4) == 0) {
		receive(t);
	} else if (strncmp(l, "QUIT", 4) == 0) {
		finish(t);
	} else {
		answer(t, NULL, "500 what?");
	}
}

static void serve(const struct smtp_script *script, int fd, const char *taken)
{
	struct talk t = {.script = script, .fd = fd, .taken = taken};
	char l[1200];
	if (script->tls_from_start)
		begin_tls(&t);
	answer(&t, script->greeting, "220 script ESMTP");
	for (;;) {
		line(&t, l, sizeof l);
		command(&t, l);
	}
}

static void serve_all(
	const struct smtp_script *scripts, size_t len, const char *taken, int listener)
{
	signal(SIGCHLD, SIG_IGN);
	for (size_t k = 0;; k++) {
		int fd = accept(listener, NULL, NULL);
		note(taken, "connection", "");
		if (fork() == 0) {
			close(listener);
			serve(&scripts[k < len ? k : len - 1], fd, taken);
		}
		close(fd);
	}
}

static struct smtp_server begin(
	const struct smtp_script *scripts, size_t count, const char *taken, bool lasting)
{
	struct smtp_server server = {.pid = -1};
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&at, len) == 0 && listen(listener, 4) == 0 &&
		getsockname(listener, (struct sockaddr *)&at, &len) == 0) {
		server.port = ntohs(at.sin_port);
		server.pid = fork();
	}
	if (server.pid == 0) {
		signal(SIGPIPE, SIG_IGN);
		alarm(60);
		if (lasting)
			serve_all(scripts, count, taken, listener);
		serve(scripts, accept(listener, NULL, NULL), taken);
	}
	close(listener);
	return server;
}

struct smtp_server smtp_server_begin(const struct smtp_script *script)
{
	return begin(script, 1, NULL, false);
}

struct smtp_server smtp_server_lasting(
	const struct smtp_script *scripts, size_t len, const char *taken)
{
	return begin(scripts, len, taken, true);
}

void smtp_server_stop(struct smtp_server *server)
{
	kill(server->pid, SIGKILL);
	smtp_server_end(server);
}

int smtp_server_end(struct smtp_server *server)
{
	int status = 0;
	waitpid(server->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
