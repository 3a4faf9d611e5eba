// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "web/serve_guard.h"
#include "web/serve_own.h"

#define METRICS_LEVEL 1 /* made anew for each reader */

static enum MHD_Result queue(struct nf_server *server, struct MHD_Connection *connection,
	unsigned status, struct MHD_Response *response)
{
	server->counts.requests++;
	server->counts.by_class[status / 100]++;
	return MHD_queue_response(connection, status, response);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* A short text; `extra` is a header's name, or NULL. */
static enum MHD_Result say(struct nf_server *server, struct MHD_Connection *connection,
	unsigned status, const char *text, const char *extra, const char *value)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (extra != NULL)
		MHD_add_response_header(response, extra, value);
	nf_serve_guard_headers(response);
	enum MHD_Result result = queue(server, connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result show_health(struct nf_server *server, struct MHD_Connection *connection)
{
	char buf[200];
	const char *ill =
		nf_serve_ill(server->site->www_dir, nf_clock_now().wall_us, buf, sizeof buf);
	if (ill == NULL)
		return say(server, connection, MHD_HTTP_OK, "ok\n", NULL, NULL);
	return say(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE, ill, NULL, NULL);
}

static enum MHD_Result show_metrics(struct nf_server *server, struct MHD_Connection *connection)
{
	size_t len, zipped_len = 0;
	char *text = nf_serve_figures(server, nf_clock_now().wall_us, &len);
	void *zipped = nf_serve_guard_takes_gzip(header(connection, "Accept-Encoding"))
			       ? nf_serve_gzip(text, len, METRICS_LEVEL, &zipped_len)
			       : NULL;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(zipped != NULL ? zipped_len : len,
			zipped != NULL ? zipped : text, MHD_RESPMEM_MUST_FREE);
	if (zipped != NULL || response == NULL)
		free(text);
	if (response == NULL) {
		free(zipped);
		return MHD_NO;
	}
	MHD_add_response_header(response, "Content-Type",
		"application/openmetrics-text; version=1.0.0; charset=utf-8");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "Vary", "Accept-Encoding");
	if (zipped != NULL)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	nf_serve_guard_headers(response);
	enum MHD_Result result = queue(server, connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

/* RFC 9110 13.2.2: a date only counts where no tag is given. */
static bool reader_has_it(
	struct MHD_Connection *connection, const struct nf_serve_file *file, bool gzip)
{
	char etag[NF_SERVE_ETAG_MAX];
	const char *tags = header(connection, "If-None-Match");
	const char *since = header(connection, "If-Modified-Since");
	int64_t since_s;
	nf_serve_file_etag(file, gzip, etag);
	if (tags != NULL)
		return nf_serve_guard_matches(tags, etag);
	return since != NULL && nf_serve_date_parse(since, &since_s) &&
	       file->st.st_mtim.tv_sec <= since_s;
}

static enum MHD_Result say_same(struct nf_server *server, struct MHD_Connection *connection,
	const struct nf_serve_file *file, bool gzip)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return MHD_NO;
	nf_serve_file_headers(response, file, gzip);
	enum MHD_Result result = queue(server, connection, MHD_HTTP_NOT_MODIFIED, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result show_file(
	struct nf_server *server, struct MHD_Connection *connection, struct nf_serve_file *file)
{
	bool kept, gzip = nf_serve_file_may_squeeze(file) &&
			  nf_serve_guard_takes_gzip(header(connection, "Accept-Encoding"));
	if (reader_has_it(connection, file, gzip)) {
		close(file->fd);
		return say_same(server, connection, file, gzip);
	}
	struct MHD_Response *response =
		nf_serve_file_response(server->cache, file, gzip, &kept);
	if (response == NULL)
		return MHD_NO;
	enum MHD_Result result = queue(server, connection, MHD_HTTP_OK, response);
	if (!kept)
		MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(
	struct nf_server *server, struct MHD_Connection *connection, const char *url, int why)
{
	switch (why) {
	case ENOTCONN:
		return say(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			"There are no pages: www_dir is missing.\n", "Retry-After", "30");
	case EMFILE:
	case ENFILE:
		return say(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			"Too many open files.\n", "Retry-After", "5");
	default:
		if (strcmp(url, "/") == 0)
			return say(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE,
				"There are no pages yet: netfold-publish has not written them.\n",
				"Retry-After", "10");
		return say(
			server, connection, MHD_HTTP_NOT_FOUND, "No such page.\n", NULL, NULL);
	}
}

enum MHD_Result nf_serve_answer(struct nf_server *server, struct MHD_Connection *connection,
	const struct nf_request *request)
{
	struct nf_serve_file file;
	if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
		return say(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			"Only GET and HEAD.\n", "Allow", "GET, HEAD");
	if (request->has_body)
		return say(server, connection, MHD_HTTP_BAD_REQUEST,
			"A question has no body.\n", "Connection", "close");
	if (!nf_serve_guard_host(&server->site->serve.names, header(connection, "Host")))
		return say(server, connection, MHD_HTTP_MISDIRECTED_REQUEST,
			"This server is not known by that name: serve.names lists them.\n",
			NULL, NULL);
	if (strcmp(request->url, "/healthz") == 0)
		return show_health(server, connection);
	if (strcmp(request->url, "/metrics") == 0)
		return show_metrics(server, connection);
	if (nf_serve_file_open(server->site->www_dir, request->url, &file))
		return show_file(server, connection, &file);
	return refuse(server, connection, request->url, errno);
}
