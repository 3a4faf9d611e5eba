// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#define KNOWN_HOSTS_MAX (16u << 20)
#define TICK_MS		200u
#define SIGNER_FALLS	3u
#define STALL_US	(15 * NF_US_PER_S)
#define PING_EVERY_US	(2 * NF_US_PER_S)
#define RETIRE_US	(60 * NF_US_PER_S)
#define SPREAD		8u /* sessions a worker has before another is started */
#define CRASHES_MAX	2u
#define RESTARTS_MAX	3u
#define GRACE_US	(20 * NF_US_PER_S)

static struct nf_remote_limits with_defaults(const struct nf_remote_limits *given)
{
	struct nf_remote_limits l = given ? *given : (struct nf_remote_limits){0};
#define DEFAULT(field, value)                                                                  \
	if (!l.field)                                                                          \
	l.field = (value)
	DEFAULT(workers, 4);
	DEFAULT(sessions, 200);
	DEFAULT(per_network, 40);
	DEFAULT(per_host, 2);
	DEFAULT(connect_us, 10 * NF_US_PER_S);
	DEFAULT(handshake_us, 15 * NF_US_PER_S);
	DEFAULT(auth_us, 15 * NF_US_PER_S);
	DEFAULT(sftp_us, 15 * NF_US_PER_S);
	DEFAULT(request_us, 30 * NF_US_PER_S);
	DEFAULT(long_us, 120 * NF_US_PER_S);
	DEFAULT(stall_us, 60 * NF_US_PER_S);
	DEFAULT(idle_us, 10 * NF_US_PER_S);
	DEFAULT(holdoff_us, 20 * NF_US_PER_S);
	DEFAULT(preauth_bytes, 256u << 10);
#undef DEFAULT
	if (l.workers > NF_POOL_WORKERS)
		l.workers = NF_POOL_WORKERS;
	return l;
}

/* --- the end --- */

static void free_pool(struct nf_remote_pool *pool)
{
	for (size_t i = 0; i < pool->site->ssh.len; i++) {
		struct nf_pool_identity *id = &pool->identities[i];
		nf_known_hosts_free(id->hosts);
		free(id->why);
		while (id->keys_len > 0)
			free(id->keys[--id->keys_len]);
	}
	while (pool->remotes) {
		struct nf_remote *next = pool->remotes->next;
		free(pool->remotes);
		pool->remotes = next;
	}
	free(pool->identities);
	free(pool->mistakes);
	free(pool);
}

static void one_less(struct nf_remote_pool *pool)
{
	if (--pool->living > 0)
		return;
	void (*closed)(void *) = pool->closed;
	void *ctx = pool->closed_ctx;
	free_pool(pool);
	if (closed)
		closed(ctx);
}

static void timer_closed(uv_handle_t *handle)
{
	one_less(handle->data);
}

void nf_remote_pool_close(struct nf_remote_pool *pool, void (*closed)(void *ctx), void *ctx)
{
	pool->closed = closed;
	pool->closed_ctx = ctx;
	pool->closing = true;
	for (struct nf_remote *r = pool->remotes; r; r = r->next) {
		nf_talk_answer_all(r, &(struct nf_remote_answer){.outcome = NF_REMOTE_CANCELLED,
					      .reason = "the program ends"});
		nf_talk_drop(r);
	}
	if (pool->signer)
		nf_helper_kill(pool->signer);
	for (size_t i = 0; i < NF_POOL_WORKERS; i++)
		if (pool->workers[i].helper)
			nf_helper_kill(pool->workers[i].helper);
	uv_close((uv_handle_t *)&pool->kick, timer_closed);
	uv_close((uv_handle_t *)&pool->tick, timer_closed);
}

static void helper_freed(void *ctx)
{
	one_less(ctx);
}

/* --- workers --- */

/* What a worker's end means to a remote that was with it; blamed: it was being stepped. */
static void worker_died(struct nf_remote *r, bool blamed)
{
	struct nf_question *q = r->first;
	bool asked = r->state == NF_STATE_READY && q && q->asked;
	r->worker = NULL; /* nobody there to be told */
	nf_talk_drop(r);
	if (asked && !blamed)
		blamed = ++q->restarts >= RESTARTS_MAX;
	else if (blamed)
		blamed = ++r->crashes >= CRASHES_MAX;
	if (!blamed)
		return;
	r->crashes = CRASHES_MAX - 1; /* from now on, once is enough */
	nf_talk_fail(r, NF_REMOTE_CRASHED, NF_CAUSE_NONE,
		"the verifier crashed on this host, twice: what it sends is harmful or a defect of "
		"libssh2 is met");
}

static void worker_gone(void *ctx, struct nf_helper *h, int64_t status, int signal)
{
	struct nf_remote_pool *pool = ctx;
	for (size_t i = 0; i < NF_POOL_WORKERS; i++)
		if (pool->workers[i].helper == h)
			pool->workers[i] = (struct nf_pool_worker){0};
	if (pool->closing)
		return;
	uint32_t blame = nf_helper_blame(h);
	bool any = false;
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (r->worker == h) {
			any = true;
			worker_died(r, r->session == blame);
		}
	if (!any)
		return;
	pool->stats.crashes++;
	nf_log(NF_LOG_WARN, "ssh", "a worker died status=%lld signal=%d session=%u",
		(long long)status, signal, blame);
	nf_pool_kick(pool);
}

static const struct nf_helper_events worker_events = {
	nf_talk_worker_message, worker_gone, helper_freed};

static struct nf_pool_worker *start_worker(
	struct nf_remote_pool *pool, struct nf_pool_worker *slot, struct nf_error *err)
{
	struct nf_helper *h = NULL;
	if (nf_helper_start(pool->loop, NF_HELPER_WORKER, &worker_events, pool, &h, err) !=
		NF_OK)
		return NULL;
	pool->living++;
	*slot = (struct nf_pool_worker){.helper = h};
	if (pool->limits.crash_path) {
		struct nf_strbuf b = {0};
		nf_wire_start(&b, NF_WIRE_PING, 0);
		nf_wire_text(&b, pool->limits.crash_path);
		nf_helper_send(h, &b, -1);
		nf_strbuf_free(&b);
	}
	return slot;
}

/* The one with the fewest sessions; another is started when all have some. */
static struct nf_pool_worker *choose_worker(struct nf_remote_pool *pool, struct nf_error *err)
{
	struct nf_pool_worker *best = NULL, *none = NULL;
	for (size_t i = 0; i < pool->limits.workers; i++) {
		struct nf_pool_worker *w = &pool->workers[i];
		if (!w->helper)
			none = none ? none : w;
		else if (!best || w->sessions < best->sessions)
			best = w;
	}
	if (none && (!best || best->sessions >= SPREAD)) {
		struct nf_pool_worker *fresh = start_worker(pool, none, err);
		if (fresh)
			return fresh;
	}
	return best;
}

void nf_pool_release(struct nf_remote *r)
{
	struct nf_remote_pool *pool = r->pool;
	for (size_t i = 0; r->worker && i < NF_POOL_WORKERS; i++)
		if (pool->workers[i].helper == r->worker && --pool->workers[i].sessions == 0)
			pool->workers[i].idle_since_us = nf_clock_now().mono_us;
	r->worker = NULL;
}

/* --- the signer --- */

static void signer_gone(void *ctx, struct nf_helper *h, int64_t status, int signal)
{
	struct nf_remote_pool *pool = ctx;
	if (pool->signer == h)
		pool->signer = NULL;
	if (pool->closing)
		return;
	nf_log(NF_LOG_WARN, "ssh", "the signer died status=%lld signal=%d", (long long)status,
		signal);
	pool->signer_falls += !pool->signer_ready;
	pool->signer_ready = false;
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (r->state == NF_STATE_LOGIN)
			nf_talk_drop(r);
	nf_pool_kick(pool);
}

static const struct nf_helper_events signer_events = {
	nf_talk_signer_message, signer_gone, helper_freed};

static enum nf_err start_signer(struct nf_remote_pool *pool, struct nf_error *err)
{
	enum nf_err rc = nf_helper_start(
		pool->loop, NF_HELPER_SIGNER, &signer_events, pool, &pool->signer, err);
	if (rc != NF_OK)
		return rc;
	pool->living++;
	const char *agent = getenv("SSH_AUTH_SOCK");
	struct nf_strbuf b = {0};
	for (size_t i = 0; i < pool->site->ssh.len; i++) {
		const struct nf_ssh *ssh = &pool->site->ssh.items[i];
		nf_wire_start(&b, NF_WIRE_KEY, (uint32_t)i);
		nf_wire_text(&b, ssh->user);
		nf_wire_text(&b, ssh->key_file);
		nf_wire_text(&b, ssh->passphrase_file);
		nf_wire_u8(&b, ssh->agent);
		nf_wire_text(&b, agent);
		nf_helper_send(pool->signer, &b, -1);
	}
	nf_wire_start(&b, NF_WIRE_PING, 0);
	nf_helper_send(pool->signer, &b, -1);
	nf_strbuf_free(&b);
	return NF_OK;
}

/* --- connections --- */

static void send_login(struct nf_remote *r, struct nf_pool_worker *w, int fd)
{
	char address[NF_ADDR_TEXT_MAX];
	nf_addr_format(&r->address, address);
	const char *const names[] = {r->device->name, address};
	const struct nf_remote_limits *l = &r->pool->limits;
	struct nf_strbuf types = {0}, b = {0};
	nf_known_hosts_types(
		r->pool->identities[r->ssh_index].hosts, names, 2, r->ssh->port, &types);
	r->worker = w->helper;
	r->session = ++r->pool->next_session;
	w->sessions++;
	r->state = NF_STATE_LOGIN;
	r->due_us = nf_clock_now().mono_us + l->handshake_us + l->auth_us + GRACE_US;
	nf_wire_start(&b, NF_WIRE_OPEN, r->session);
	nf_wire_login(&b, &(struct nf_wire_login){.user = r->ssh->user,
				  .known_types = types.data,
				  .handshake_us = l->handshake_us,
				  .auth_us = l->auth_us,
				  .sftp_us = l->sftp_us,
				  .preauth_bytes = l->preauth_bytes});
	nf_helper_send(w->helper, &b, fd);
	nf_strbuf_free(&types);
	nf_strbuf_free(&b);
}

static void connected(void *ctx, int fd, const char *why)
{
	struct nf_remote *r = ctx;
	r->connect = NULL;
	struct nf_error err = {0};
	if (fd < 0) {
		char address[NF_ADDR_TEXT_MAX], reason[NF_ERROR_TEXT_MAX];
		snprintf(reason, sizeof reason, "no connection to %s port %u: %s",
			nf_addr_format(&r->address, address), r->ssh->port, why);
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_UNREACHABLE, reason);
		return;
	}
	struct nf_pool_worker *w = choose_worker(r->pool, &err);
	if (w)
		send_login(r, w, fd);
	else
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_LOCAL, err.text);
}

static void start_connection(struct nf_remote *r, int64_t now_us)
{
	const struct nf_pool_identity *id = &r->pool->identities[r->ssh_index];
	struct nf_error err = {0};
	if (id->keys_len == 0) {
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_KEY,
			id->why ? id->why : "there is no key to log in with");
		return;
	}
	r->connect = nf_connect_start(
		r->pool->loop, r->network, &r->address, r->ssh->port, connected, r, &err);
	if (!r->connect) {
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE,
			err.code == NF_ECLOSED ? NF_CAUSE_UNREACHABLE : NF_CAUSE_LOCAL,
			err.text);
		return;
	}
	r->state = NF_STATE_CONNECTING;
	r->due_us = now_us + r->pool->limits.connect_us;
}

/* --- the look at all remotes --- */

static bool has_room(const struct nf_remote *candidate)
{
	const struct nf_remote_limits *l = &candidate->pool->limits;
	uint32_t all = 0, network = 0, host = 0;
	for (const struct nf_remote *r = candidate->pool->remotes; r; r = r->next) {
		if (r->state < NF_STATE_CONNECTING)
			continue;
		all++;
		if (r->network != candidate->network)
			continue;
		network++;
		host += nf_addr_equal(&r->address, &candidate->address);
	}
	return all < l->sessions && network < l->per_network && host < l->per_host;
}

/* Connections that nobody uses make room for those that wait. */
static void drop_idle(struct nf_remote_pool *pool)
{
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (r->state == NF_STATE_READY && !r->first)
			nf_talk_drop(r);
}

static void free_closed(struct nf_remote_pool *pool)
{
	for (struct nf_remote **at = &pool->remotes; *at;) {
		struct nf_remote *r = *at;
		if (r->refs > 0 || r->busy > 0) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		free(r);
	}
}

static void look_at(struct nf_remote *r, int64_t now_us, bool *full)
{
	if (r->first && r->state == NF_STATE_READY)
		nf_talk_ask_next(r);
	if (r->first && r->state == NF_STATE_OFF) {
		if (now_us < r->failed_until_us) {
			nf_talk_answer_all(r, &r->failure);
			return;
		}
		r->state = NF_STATE_WAITING;
	}
	if (r->state != NF_STATE_WAITING || !r->pool->signer_ready)
		return;
	if (!r->first)
		r->state = NF_STATE_OFF;
	else if (has_room(r))
		start_connection(r, now_us);
	else
		*full = true;
}

static void kicked(uv_timer_t *timer)
{
	struct nf_remote_pool *pool = timer->data;
	pool->kicked = false;
	struct nf_error err = {0};
	bool full = false, hopeless = pool->signer_falls >= SIGNER_FALLS;
	if (!pool->signer && !hopeless && start_signer(pool, &err) != NF_OK)
		pool->signer_falls++;
	int64_t now_us = nf_clock_now().mono_us;
	for (struct nf_remote *r = pool->remotes; r; r = r->next) {
		look_at(r, now_us, &full);
		if (hopeless && r->state == NF_STATE_WAITING)
			nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_LOCAL,
				"the signer process does not start");
	}
	if (full)
		drop_idle(pool);
	free_closed(pool);
}

void nf_pool_kick(struct nf_remote_pool *pool)
{
	if (pool->closing || pool->kicked)
		return;
	pool->kicked = true;
	uv_timer_start(&pool->kick, kicked, 0, 0);
}

/* --- what time brings --- */

static void due(struct nf_remote *r)
{
	char reason[NF_ERROR_TEXT_MAX], address[NF_ADDR_TEXT_MAX];
	switch (r->state) {
	case NF_STATE_PAUSED:
		r->state = NF_STATE_WAITING;
		r->due_us = 0;
		nf_pool_kick(r->pool);
		break;
	case NF_STATE_CONNECTING:
		snprintf(reason, sizeof reason,
			"no connection to %s port %u: time-out after %lld s",
			nf_addr_format(&r->address, address), r->ssh->port,
			(long long)(r->pool->limits.connect_us / NF_US_PER_S));
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_TIMEOUT, reason);
		break;
	case NF_STATE_READY:
		if (!r->first) {
			nf_talk_drop(r);
			break;
		}
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_TIMEOUT,
			"the worker did not answer in time");
		break;
	case NF_STATE_LOGIN:
		nf_talk_fail(r, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_TIMEOUT,
			"the worker did not come to an end with the login");
		break;
	default:
		r->due_us = 0;
		break;
	}
}

static void check_worker(struct nf_pool_worker *w, int64_t now_us)
{
	if (!w->helper)
		return;
	if (w->sessions == 0 && w->idle_since_us && now_us - w->idle_since_us > RETIRE_US) {
		nf_helper_kill(w->helper);
		w->idle_since_us = 0;
		return;
	}
	if (w->pinged_us && now_us - w->pinged_us > STALL_US) {
		nf_log(NF_LOG_WARN, "ssh", "a worker stalls session=%u",
			nf_helper_blame(w->helper));
		nf_helper_kill(w->helper);
		w->pinged_us = 0;
		return;
	}
	if (w->sessions > 0 && !w->pinged_us &&
		now_us % PING_EVERY_US < TICK_MS * NF_US_PER_MS) {
		struct nf_strbuf b = {0};
		w->pinged_us = now_us;
		nf_wire_start(&b, NF_WIRE_PING, 0);
		nf_helper_send(w->helper, &b, -1);
		nf_strbuf_free(&b);
	}
}

static void ticked(uv_timer_t *timer)
{
	struct nf_remote_pool *pool = timer->data;
	int64_t now_us = nf_clock_now().mono_us;
	for (struct nf_remote *r = pool->remotes; r; r = r->next)
		if (r->due_us && now_us >= r->due_us)
			due(r);
	for (size_t i = 0; i < NF_POOL_WORKERS; i++)
		check_worker(&pool->workers[i], now_us);
}

/* --- the beginning --- */

static void load_known_hosts(struct nf_remote_pool *pool, size_t index)
{
	const char *file = pool->site->ssh.items[index].known_hosts_file;
	struct nf_pool_identity *id = &pool->identities[index];
	struct nf_error err = {0};
	char *text = NULL;
	size_t len = 0;
	if (nf_file_read(file, KNOWN_HOSTS_MAX, &text, &len, &err) != NF_OK)
		nf_log(NF_LOG_ERROR, "ssh", "%s: no server will be trusted", err.text);
	id->hosts = nf_known_hosts_parse(file, text ? text : "", len);
	free(text);
	const char *const *mistakes;
	size_t n = nf_known_hosts_mistakes(id->hosts, &mistakes);
	for (size_t i = 0; i < n; i++) {
		pool->mistakes = nf_grow(pool->mistakes, pool->mistakes_len,
			&pool->mistakes_cap, sizeof *pool->mistakes);
		pool->mistakes[pool->mistakes_len++] = mistakes[i];
	}
}

enum nf_err nf_remote_pool_new(uv_loop_t *loop, const struct nf_site *site,
	const struct nf_remote_limits *limits, struct nf_remote_pool **out,
	struct nf_error *err)
{
	struct nf_remote_pool *pool = nf_xcalloc(1, sizeof *pool);
	pool->loop = loop;
	pool->site = site;
	pool->limits = with_defaults(limits);
	pool->identities = nf_xcalloc(site->ssh.len + 1, sizeof *pool->identities);
	for (size_t i = 0; i < site->ssh.len; i++)
		load_known_hosts(pool, i);
	enum nf_err rc = start_signer(pool, err);
	if (rc != NF_OK) {
		free_pool(pool);
		return rc;
	}
	uv_timer_init(loop, &pool->kick);
	uv_timer_init(loop, &pool->tick);
	pool->kick.data = pool->tick.data = pool;
	pool->living += 2;
	uv_timer_start(&pool->tick, ticked, TICK_MS, TICK_MS);
	*out = pool;
	return NF_OK;
}
