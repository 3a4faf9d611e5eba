// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/remote.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checks/backup/ssh/pool.h"

static bool is_same(
	const struct nf_remote *r, const struct nf_leg *leg, const struct nf_ssh *ssh)
{
	return r->refs > 0 && r->network == leg->network && r->ssh == ssh &&
	       nf_addr_equal(&r->address, &leg->address);
}

struct nf_remote *nf_remote_open(struct nf_remote_pool *pool, const struct nf_device *device,
	const struct nf_leg *leg, const struct nf_ssh *ssh)
{
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (is_same(r, leg, ssh)) {
			r->refs++;
			return r;
		}
	struct nf_remote *r = nf_xcalloc(1, sizeof *r);
	r->pool = pool;
	r->device = device;
	r->network = leg->network;
	r->address = leg->address;
	r->ssh = ssh;
	r->ssh_index = (uint32_t)(ssh - pool->site->ssh.items);
	r->refs = 1;
	r->last = &r->first;
	r->next = pool->remotes;
	pool->remotes = r;
	return r;
}

void nf_remote_close(struct nf_remote *r)
{
	if (r->pool->closing || --r->refs > 0)
		return;
	nf_talk_answer_all(r, &(struct nf_remote_answer){.outcome = NF_REMOTE_CANCELLED,
				      .reason = "no longer wanted"});
	nf_talk_drop(r); /* the pool frees it on its next look */
}

/* The words, and the pointers to them before them, in one piece. */
static const char *const *copy_argv(const char *const *argv)
{
	size_t count = 0, bytes = 0;
	for (; argv && argv[count]; count++)
		bytes += strlen(argv[count]) + 1;
	if (!argv)
		return NULL;
	const char **copy = nf_xmalloc((count + 1) * sizeof *copy + bytes);
	char *at = (char *)(copy + count + 1);
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(argv[i]) + 1;
		copy[i] = memcpy(at, argv[i], len);
		at += len;
	}
	copy[count] = NULL;
	return copy;
}

void nf_remote_ask(struct nf_remote *r, const struct nf_remote_ask *ask)
{
	struct nf_question *q = nf_xcalloc(1, sizeof *q);
	q->ask = *ask;
	q->ask.path = nf_xstrdup(ask->path ? ask->path : "");
	q->ask.argv = copy_argv(ask->argv);
	*r->last = q;
	r->last = &q->next;
	nf_pool_kick(r->pool);
}

struct nf_remote_stats nf_remote_pool_stats(const struct nf_remote_pool *pool)
{
	struct nf_remote_stats stats = pool->stats;
	for (const struct nf_remote *r = pool->remotes; r; r = r->next) {
		stats.sessions += r->state >= NF_STATE_CONNECTING;
		stats.waiting += r->state == NF_STATE_WAITING || r->state == NF_STATE_PAUSED;
	}
	for (size_t i = 0; i < NF_POOL_WORKERS; i++)
		stats.workers += pool->workers[i].helper != NULL;
	return stats;
}

size_t nf_remote_known_hosts_mistakes(
	const struct nf_remote_pool *pool, const char *const **mistakes)
{
	*mistakes = pool->mistakes;
	return pool->mistakes_len;
}
