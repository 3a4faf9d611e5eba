// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/helper.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "checks/backup/ssh/remote.h"
#include "checks/backup/ssh/sandbox.h"
#include "checks/backup/ssh/signer.h"
#include "checks/backup/ssh/wire.h"
#include "checks/backup/ssh/worker.h"

#define HELPER_SOCKET 3
#define HELPER_PAGE   4
#define PAGE_BYTES    4096u
#define SOCKET_BUFFER (1 << 20)
#define MESSAGES_TURN 256

static const char *const role_args[] = {
	[NF_HELPER_WORKER] = "--netfold-ssh-worker",
	[NF_HELPER_SIGNER] = "--netfold-ssh-signer",
};

#define SELFTEST_ARG "--netfold-ssh-selftest"

struct outgoing {
	struct outgoing *next;
	int passed;
	size_t len;
	char bytes[];
};

struct nf_helper {
	uv_process_t process;
	uv_poll_t poll;
	int open_handles;
	bool gone, writing;
	int socket;
	volatile uint32_t *page;
	struct outgoing *first, **last;
	const struct nf_helper_events *events;
	void *ctx;
	uint8_t *message;
};

static volatile uint32_t *map_page(int fd)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return page == MAP_FAILED ? NULL : page;
}

static int selftest(void)
{
	struct nf_error err;
	const char *first = "";
	if (nf_sandbox_enter(0, &err) != NF_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	unsigned leaks = nf_sandbox_leaks(&first);
	printf("%u things work that must not%s%s\n", leaks, leaks ? ": " : "", first);
	fflush(stdout);
	return leaks ? 1 : 0;
}

int nf_remote_helper(int argc, char **argv)
{
	if (argc != 2)
		return -1;
	bool worker = strcmp(argv[1], role_args[NF_HELPER_WORKER]) == 0;
	bool signer = strcmp(argv[1], role_args[NF_HELPER_SIGNER]) == 0;
	if (strcmp(argv[1], SELFTEST_ARG) == 0)
		_exit(selftest());
	if (!worker && !signer)
		return -1;
	/* A signal to the whole group is the parent's affair; the helper ends with its socket. */
	const int ignored[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	volatile uint32_t *page = map_page(HELPER_PAGE);
	if (!page)
		_exit(3);
	close(HELPER_PAGE);
	_exit(worker ? nf_worker_run(HELPER_SOCKET, page) : nf_signer_run(HELPER_SOCKET));
}

static void free_outgoing(struct outgoing *out)
{
	if (out->passed >= 0)
		close(out->passed);
	free(out);
}

static void handle_closed(uv_handle_t *handle)
{
	struct nf_helper *h = handle->data;
	if (--h->open_handles > 0)
		return;
	close(h->socket);
	while (h->first) {
		struct outgoing *next = h->first->next;
		free_outgoing(h->first);
		h->first = next;
	}
	union {
		volatile uint32_t *page;
		void *map;
	} page = {.page = h->page};
	munmap(page.map, PAGE_BYTES);
	void (*freed)(void *) = h->events->freed;
	void *ctx = h->ctx;
	free(h->message);
	free(h);
	freed(ctx);
}

static void exited(uv_process_t *process, int64_t status, int signal_number)
{
	struct nf_helper *h = process->data;
	h->gone = true;
	h->events->gone(h->ctx, h, status, signal_number);
	uv_close((uv_handle_t *)&h->process, handle_closed);
	uv_close((uv_handle_t *)&h->poll, handle_closed);
}

static void watch(struct nf_helper *h);

static void flush(struct nf_helper *h)
{
	while (h->first) {
		struct outgoing *out = h->first;
		if (nf_wire_send(h->socket, out->bytes, out->len, out->passed) == NF_EBUSY)
			break;
		h->first = out->next;
		if (!h->first)
			h->last = &h->first;
		free_outgoing(out);
	}
	watch(h);
}

static void read_messages(struct nf_helper *h)
{
	for (int i = 0; i < MESSAGES_TURN && !h->gone; i++) {
		int passed;
		ssize_t n = nf_wire_receive(h->socket, h->message, NF_WIRE_MAX, &passed);
		if (passed >= 0)
			close(passed);
		if (n < 0)
			return;
		if (n == 0) { /* its end is told by exited() */
			uv_poll_stop(&h->poll);
			uv_process_kill(&h->process, SIGKILL);
			return;
		}
		h->events->message(h->ctx, h, h->message, (size_t)n);
	}
}

static void ready(uv_poll_t *poll, int status, int events)
{
	struct nf_helper *h = poll->data;
	if (status < 0 || h->gone)
		return;
	if (events & UV_WRITABLE)
		flush(h);
	if (events & (UV_READABLE | UV_DISCONNECT))
		read_messages(h);
}

static void watch(struct nf_helper *h)
{
	bool writing = h->first != NULL;
	if (h->gone || writing == h->writing)
		return;
	h->writing = writing;
	uv_poll_start(&h->poll, UV_READABLE | (writing ? UV_WRITABLE : 0), ready);
}

static int spawn(
	uv_loop_t *loop, struct nf_helper *h, enum nf_helper_role role, int socket, int page)
{
	char self[] = "/proc/self/exe", arg[32], name[] = "netfold";
	snprintf(arg, sizeof arg, "%s", role_args[role]);
	char *argv[] = {name, arg, NULL}, *none[] = {NULL};
	uv_stdio_container_t io[] = {
		{.flags = UV_IGNORE},
		{		      .flags = UV_IGNORE		   },
		{ .flags = UV_INHERIT_FD,			 .data.fd = STDERR_FILENO},
		{		  .flags = UV_INHERIT_FD,			 .data.fd = socket},
		{		  .flags = UV_INHERIT_FD,			 .data.fd = page},
	};
	const uv_process_options_t options = {
		.file = self,
		.args = argv,
		.env = none,
		.exit_cb = exited,
		.stdio = io,
		.stdio_count = sizeof io / sizeof *io,
	};
	h->process.data = h;
	return uv_spawn(loop, &h->process, &options);
}

static void spawn_failed(uv_handle_t *handle)
{
	free(handle->data);
}

enum nf_err nf_helper_start(uv_loop_t *loop, enum nf_helper_role role,
	const struct nf_helper_events *events, void *ctx, struct nf_helper **helper,
	struct nf_error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return nf_error_errno(err, "socketpair");
	const int size = SOCKET_BUFFER;
	for (int i = 0; i < 2; i++)
		setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	int page = memfd_create("netfold-ssh", MFD_CLOEXEC);
	volatile uint32_t *map =
		page >= 0 && ftruncate(page, PAGE_BYTES) == 0 ? map_page(page) : NULL;
	struct nf_helper *h = nf_xcalloc(1, sizeof *h);
	int rc = map ? spawn(loop, h, role, pair[1], page) : UV_ENOMEM;
	close(pair[1]);
	if (page >= 0)
		close(page);
	if (rc != 0) {
		close(pair[0]);
		if (map)
			uv_close((uv_handle_t *)&h->process, spawn_failed);
		else
			free(h);
		return nf_error_set(
			err, NF_ESYS, "cannot start a process: %s", uv_strerror(rc));
	}
	h->socket = pair[0];
	h->page = map;
	h->events = events;
	h->ctx = ctx;
	h->last = &h->first;
	h->message = nf_xmalloc(NF_WIRE_MAX);
	h->open_handles = 2;
	uv_poll_init(loop, &h->poll, h->socket);
	h->poll.data = h;
	uv_poll_start(&h->poll, UV_READABLE, ready);
	*helper = h;
	return NF_OK;
}

void nf_helper_send(struct nf_helper *h, const struct nf_strbuf *message, int passed)
{
	if (h->gone) {
		if (passed >= 0)
			close(passed);
		return;
	}
	struct outgoing *out = nf_xmalloc(sizeof *out + message->len);
	*out = (struct outgoing){.passed = passed, .len = message->len};
	memcpy(out->bytes, message->data, message->len);
	*h->last = out;
	h->last = &out->next;
	flush(h);
}

uint32_t nf_helper_blame(const struct nf_helper *h)
{
	return *h->page;
}

void nf_helper_kill(struct nf_helper *h)
{
	if (!h->gone)
		uv_process_kill(&h->process, SIGKILL);
}

uv_pid_t nf_helper_pid(const struct nf_helper *h)
{
	return h->process.pid;
}
