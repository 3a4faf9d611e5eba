// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/connect.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

struct nf_connect {
	uv_poll_t poll;
	int fd;
	nf_connect_fn *done;
	void *ctx;
};

static void closed(uv_handle_t *handle)
{
	struct nf_connect *c = handle->data;
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

static void settled(uv_poll_t *poll, int status, int events)
{
	(void)events;
	struct nf_connect *c = poll->data;
	int error = 0; /* libuv calls every error of the socket EBADF */
	socklen_t len = sizeof error;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (!error && status < 0)
		error = -status;
	int fd = c->fd;
	uv_poll_stop(poll);
	if (!error)
		c->fd = -1; /* given to done; the handle lets go of it below */
	nf_connect_fn *done = c->done;
	void *ctx = c->ctx;
	uv_close((uv_handle_t *)poll, closed);
	done(ctx, error ? -1 : fd, error ? strerror(error) : "");
}

static enum nf_err bind_source(int fd, const struct nf_network *network,
	const struct nf_addr *address, struct nf_error *err)
{
	const struct nf_source *source = &network->source;
	const char *name = source->interface;
	if (name &&
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)) != 0)
		return nf_error_errno(
			err, "network %s: cannot use interface %s", network->id, name);
	const struct nf_addr *own =
		address->family == NF_IPV4 ? &source->address4 : &source->address6;
	if (own->family == NF_FAMILY_NONE)
		return NF_OK;
	struct sockaddr_storage ss;
	socklen_t len = nf_addr_to_sockaddr(own, 0, &ss);
	if (bind(fd, (const struct sockaddr *)&ss, len) != 0)
		return nf_error_errno(
			err, "network %s: cannot use its source address", network->id);
	return NF_OK;
}

struct nf_connect *nf_connect_start(uv_loop_t *loop, const struct nf_network *network,
	const struct nf_addr *address, uint16_t port, nf_connect_fn *done, void *ctx,
	struct nf_error *err)
{
	struct sockaddr_storage ss;
	socklen_t len = nf_addr_to_sockaddr(address, port, &ss);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		nf_error_errno(err, "cannot make a socket");
		return NULL;
	}
	const int yes = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (bind_source(fd, network, address, err) != NF_OK) {
		close(fd);
		return NULL;
	}
	if (connect(fd, (const struct sockaddr *)&ss, len) != 0 && errno != EINPROGRESS) {
		nf_error_set(err, NF_ECLOSED, "%s", strerror(errno));
		close(fd);
		return NULL;
	}
	struct nf_connect *c = nf_xcalloc(1, sizeof *c);
	*c = (struct nf_connect){.fd = fd, .done = done, .ctx = ctx};
	uv_poll_init(loop, &c->poll, fd);
	c->poll.data = c;
	uv_poll_start(&c->poll, UV_WRITABLE, settled);
	return c;
}

void nf_connect_cancel(struct nf_connect *c)
{
	if (!c)
		return;
	uv_poll_stop(&c->poll);
	uv_close((uv_handle_t *)&c->poll, closed);
}
