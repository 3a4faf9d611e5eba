// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/serve_own.h"

#define IDLE_S	     10
#define REQUEST_MAX  16384
#define BACKLOG	     64
#define CONNECTIONS  ((unsigned)NF_SERVE_CONNECTIONS_MAX)
#define DAEMON_FLAGS (MHD_USE_EPOLL | MHD_USE_ERROR_LOG)

static void library_says(void *arg, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

/* What clients do wrong fills no log. */
static void library_says(void *arg, const char *format, va_list list)
{
	char text[300];
	(void)arg;
	vsnprintf(text, sizeof text, format, list);
	nf_log(NF_LOG_DEBUG, "serve", "%s", text);
}

static void client_changes(void *arg, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct nf_server *server = arg;
	struct nf_client *client = *socket_context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		client = nf_xcalloc(1, sizeof *client);
		client->connection = connection;
		client->since_mono_us = nf_clock_now().mono_us;
		client->next = server->clients;
		client->at = &server->clients;
		if (client->next != NULL)
			client->next->at = &client->next;
		server->clients = client;
		server->counts.connections_now++;
		*socket_context = client;
	} else if (client != NULL) {
		*client->at = client->next;
		if (client->next != NULL)
			client->next->at = client->at;
		server->counts.connections_now--;
		free(client);
		*socket_context = NULL;
	}
}

static struct nf_client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info != NULL ? info->socket_context : NULL;
}

static void request_is_over(void *arg, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code)
{
	struct nf_client *client = client_of(connection);
	(void)arg;
	(void)code;
	*request = NULL;
	if (client != NULL) {
		client->answering = false;
		client->since_mono_us = nf_clock_now().mono_us;
	}
}

static bool announces_body(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	return (length != NULL && strcmp(length, "0") != 0) ||
	       MHD_lookup_connection_value(
		       connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
}

/* Called once with the headers and again without more; a body is never waited for. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_len,
	void **request)
{
	struct nf_client *client = client_of(connection);
	struct nf_request r = {url, method, announces_body(connection)};
	(void)version;
	(void)upload;
	*upload_len = 0;
	if (*request == NULL && !r.has_body) {
		*request = arg;
		return MHD_YES;
	}
	if (client != NULL) {
		client->answering = true;
		client->since_mono_us = nf_clock_now().mono_us;
	}
	return nf_serve_answer(arg, connection, &r);
}

/* In place, as libmicrohttpd wants it; a NUL, coded or not, ends no path: such a request finds nothing. */
static size_t unescape(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	bool nul = strstr(text, "%00") != NULL;
	size_t len = MHD_http_unescape(text);
	if (nul && len > 0)
		text[0] = '\n';
	return len;
}

static enum nf_err listen_at(const struct nf_serve *serve, int *listen_fd, struct nf_error *err)
{
	char text[NF_ADDR_TEXT_MAX];
	struct sockaddr_storage at;
	socklen_t len = nf_addr_to_sockaddr(&serve->listen, serve->port, &at);
	int on = 1, fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	nf_addr_format(&serve->listen, text);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		bind(fd, (struct sockaddr *)&at, len) == 0 && listen(fd, BACKLOG) == 0) {
		*listen_fd = fd;
		return NF_OK;
	}
	enum nf_err rc =
		errno == EADDRINUSE
			? nf_error_set(err, NF_EEXIST,
				  "%s port %u is taken by another program: serve.port names another",
				  text, serve->port)
			: nf_error_errno(err, "listening at %s port %u", text, serve->port);
	if (fd >= 0)
		close(fd);
	return rc;
}

enum nf_err nf_serve_new(
	const struct nf_site *site, struct nf_server **server, struct nf_error *err)
{
	struct nf_server *s = nf_xcalloc(1, sizeof *s);
	enum nf_err rc = listen_at(&site->serve, &s->listen_fd, err);
	if (rc != NF_OK) {
		free(s);
		return rc;
	}
	s->site = site;
	s->cache = nf_serve_cache_new();
	s->started_wall_us = nf_clock_now().wall_us;
	s->daemon = MHD_start_daemon(DAEMON_FLAGS, 0, NULL, NULL, on_request, s,
		MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL, MHD_OPTION_LISTEN_SOCKET,
		s->listen_fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MAX,
		MHD_OPTION_NOTIFY_CONNECTION, client_changes, s, MHD_OPTION_NOTIFY_COMPLETED,
		request_is_over, s, MHD_OPTION_UNESCAPE_CALLBACK, unescape, s, MHD_OPTION_END);
	if (s->daemon == NULL) {
		close(s->listen_fd);
		nf_serve_cache_free(s->cache);
		free(s);
		return nf_error_set(err, NF_ESYS, "libmicrohttpd does not start");
	}
	*server = s;
	return NF_OK;
}

void nf_serve_free(struct nf_server *s)
{
	if (s == NULL)
		return;
	MHD_stop_daemon(s->daemon); /* closes the socket, too */
	nf_serve_cache_free(s->cache);
	free(s);
}

void nf_serve_site(struct nf_server *s, const struct nf_site *site)
{
	s->site = site;
}

int nf_serve_fd(const struct nf_server *s)
{
	return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->listen_fd;
}

int64_t nf_serve_wait_ms(const struct nf_server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;
	return MHD_get_timeout(s->daemon, &ms) == MHD_YES ? (int64_t)ms : -1;
}

void nf_serve_turn(struct nf_server *s)
{
	MHD_run(s->daemon);
}

/* libmicrohttpd knows idleness only: who sends a byte now and then would stay for ever. */
void nf_serve_sweep(struct nf_server *s, struct nf_now now)
{
	for (struct nf_client *c = s->clients; c != NULL; c = c->next) {
		int64_t limit_us = c->answering ? NF_SERVE_ANSWER_US : NF_SERVE_HEADER_US;
		if (now.mono_us - c->since_mono_us < limit_us)
			continue;
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			c->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (info != NULL && shutdown(info->connect_fd, SHUT_RDWR) == 0) {
			s->counts.ended++;
			c->since_mono_us = now.mono_us;
		}
	}
}
