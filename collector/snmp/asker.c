// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/asker.h"

#include <errno.h>
#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#define AGAIN_US (5 * NF_US_PER_MS) /* until a full kernel queue is tried again */

static void received(struct nf_line *line, const struct sockaddr *from, uint8_t *bytes,
	size_t len, void *arg);
static void unsent(struct nf_line *line, void *tag, int send_errno, void *arg);
static void before_sleep(uv_prepare_t *handle);

/* The timer only ends the sleep; what is due is looked for before the next one. */
static void woken(uv_timer_t *handle)
{
	(void)handle;
}

static void make_ways(struct nf_asker *asker, int64_t mono_us)
{
	asker->ways_len = asker->site->networks.len;
	asker->ways = nf_xcalloc(asker->ways_len, sizeof *asker->ways);
	for (size_t i = 0; i < asker->ways_len; i++) {
		struct nf_way *way = &asker->ways[i];
		way->network = &asker->site->networks.items[i];
		double rate = way->network->max_packets_per_second;
		if (rate <= 0)
			rate = 1e6;
		/* a twentieth of a second's worth at once: enough to fill a system call */
		nf_pace_init(&way->pace, rate, rate < 20 ? 1 : rate / 20, mono_us);
	}
}

enum nf_err nf_asker_new(uv_loop_t *loop, const struct nf_site *site, struct nf_asker **asker,
	struct nf_error *err)
{
	if (sodium_init() < 0)
		return nf_error_set(err, NF_ESYS, "no source of random numbers");
	struct nf_asker *a = nf_xcalloc(1, sizeof *a);
	struct nf_now now = nf_clock_now();
	a->loop = loop;
	a->site = site;
	a->codec = nf_codec_new();
	a->pool = nf_line_pool_new();
	make_ways(a, now.mono_us);
	nf_wheel_init(&a->wheel, now.mono_us);
	uv_prepare_init(loop, &a->flush);
	uv_timer_init(loop, &a->timer);
	a->flush.data = a->timer.data = a;
	uv_prepare_start(&a->flush, before_sleep);
	*asker = a;
	return NF_OK;
}

static void free_asker(struct nf_asker *asker)
{
	while (asker->credentials) {
		struct nf_credentials *next = asker->credentials->next;
		nf_usm_secret_clear(&asker->credentials->secret);
		if (asker->credentials->community)
			sodium_memzero(asker->credentials->community,
				asker->credentials->login.community_len);
		free(asker->credentials->community);
		free(asker->credentials);
		asker->credentials = next;
	}
	nf_codec_free(asker->codec);
	nf_line_pool_free(asker->pool);
	free(asker->ways);
	free(asker);
}

static void one_closed(void *arg)
{
	struct nf_asker *asker = arg;
	if (--asker->open_handles)
		return;
	while (asker->agents)
		nf_agent_free(asker->agents);
	void (*closed)(void *) = asker->closed;
	void *closed_arg = asker->closed_arg;
	free_asker(asker);
	closed(closed_arg);
}

static void handle_closed(uv_handle_t *handle)
{
	one_closed(handle->data);
}

void nf_asker_close(struct nf_asker *asker, void (*done)(void *arg), void *arg)
{
	asker->closing = true;
	asker->closed = done;
	asker->closed_arg = arg;
	for (struct nf_agent *agent = asker->agents; agent; agent = agent->next_agent)
		while (agent->first_query) /* its callback may have asked again */
			nf_agent_stop(agent, "stopped");
	asker->open_handles = 2 + 2 * asker->ways_len;
	uv_close((uv_handle_t *)&asker->flush, handle_closed);
	uv_close((uv_handle_t *)&asker->timer, handle_closed);
	for (size_t i = 0; i < asker->ways_len; i++) {
		struct nf_line *lines[] = {asker->ways[i].line4, asker->ways[i].line6};
		asker->ways[i].line4 = asker->ways[i].line6 = NULL;
		for (size_t k = 0; k < 2; k++) {
			if (lines[k])
				nf_line_close(lines[k], one_closed, asker);
			else
				one_closed(asker);
		}
	}
}

struct nf_asker_stats nf_asker_stats(const struct nf_asker *asker)
{
	struct nf_asker_stats stats = asker->stats;
	stats.in_flight = HASH_COUNT(asker->waiting);
	return stats;
}

static enum nf_err load_credentials(struct nf_credentials *c, struct nf_error *err)
{
	const struct nf_snmp *snmp = c->snmp;
	c->login.version = snmp->version;
	if (snmp->version == NF_SNMP_V3) {
		c->login.secret = &c->secret;
		return nf_usm_secret_load(snmp, &c->secret, err);
	}
	size_t len = 0;
	enum nf_err e = nf_file_read_secret(snmp->community_file, &c->community, &len, err);
	if (e != NF_OK)
		return e;
	if (!len || len > 255)
		return nf_error_set(err, NF_EINVAL, "%s: a community has 1 to 255 characters",
			snmp->community_file);
	c->login.community = (const uint8_t *)c->community;
	c->login.community_len = len;
	return NF_OK;
}

enum nf_err nf_asker_credentials(struct nf_asker *asker, const struct nf_snmp *snmp,
	const struct nf_credentials **out, struct nf_error *err)
{
	for (struct nf_credentials *c = asker->credentials; c; c = c->next) {
		if (c->snmp == snmp) {
			*out = c;
			return NF_OK;
		}
	}
	struct nf_credentials *c = nf_xcalloc(1, sizeof *c);
	c->snmp = snmp;
	enum nf_err e = load_credentials(c, err);
	if (e != NF_OK) {
		free(c->community);
		free(c);
		return e;
	}
	c->next = asker->credentials;
	asker->credentials = c;
	*out = c;
	return NF_OK;
}

static struct nf_line **line_place(struct nf_agent *agent)
{
	struct nf_way *way = agent->way;
	return agent->leg->address.family == NF_IPV6 ? &way->line6 : &way->line4;
}

static struct nf_line *line_of(struct nf_agent *agent)
{
	struct nf_asker *asker = agent->asker;
	struct nf_line **line = line_place(agent);
	if (!*line)
		*line = nf_line_new(asker->loop, asker->pool, agent->way->network,
			agent->leg->address.family,
			&(struct nf_line_receiver){received, unsent, asker});
	return *line;
}

static struct nf_agent *find(const struct nf_asker *asker, int32_t id)
{
	struct nf_agent *agent;
	HASH_FIND(hh, asker->waiting, &id, sizeof id, agent);
	return agent;
}

/* Not to be guessed (LIBRARIES 1.3), not in use, positive for agents that think ids are signed. */
static int32_t new_id(struct nf_asker *asker)
{
	for (;;) {
		if (!asker->id_pool_len) {
			randombytes_buf(asker->id_pool, sizeof asker->id_pool);
			asker->id_pool_len = sizeof asker->id_pool / sizeof *asker->id_pool;
		}
		int32_t id = asker->id_pool[--asker->id_pool_len] & INT32_MAX;
		if (id && !find(asker, id))
			return id;
	}
}

static void push(struct nf_agent *agent)
{
	struct nf_way *way = agent->way;
	agent->next_to_send = NULL;
	if (way->last)
		way->last->next_to_send = agent;
	else
		way->first = agent;
	way->last = agent;
	agent->state = NF_AGENT_TO_SEND;
}

static void pull(struct nf_agent *agent)
{
	struct nf_way *way = agent->way;
	struct nf_agent **at = &way->first, *before = NULL;
	while (*at && *at != agent) {
		before = *at;
		at = &before->next_to_send;
	}
	if (!*at)
		return;
	*at = agent->next_to_send;
	if (way->last == agent)
		way->last = before;
	agent->next_to_send = NULL;
}

void nf_asker_forget(struct nf_agent *agent)
{
	struct nf_asker *asker = agent->asker;
	if (agent->state == NF_AGENT_TO_SEND)
		pull(agent);
	if (agent->id) {
		HASH_DELETE(hh, asker->waiting, agent);
		agent->id = 0;
	}
	nf_wheel_stop(&asker->wheel, &agent->timer);
	agent->state = NF_AGENT_IDLE;
}

void nf_asker_send(struct nf_agent *agent, bool resend)
{
	if (!resend || agent->state == NF_AGENT_TO_SEND)
		nf_asker_forget(agent);
	nf_wheel_stop(&agent->asker->wheel, &agent->timer);
	push(agent);
}

/* Each further try waits half as long again: a slow agent gets its time, a dead one costs no more than
 * a few of these. */
static int64_t patience_us(const struct nf_agent *agent)
{
	int64_t us = agent->snmp->timeout_us;
	for (uint32_t i = 0; i < agent->tries && i < 8; i++)
		us += us / 2;
	return us;
}

static void send_one(struct nf_agent *agent, struct nf_now now)
{
	char text[NF_AGENT_LOGIN_MAX];
	struct nf_asker *asker = agent->asker;
	const uint8_t *bytes;
	size_t len;
	agent->state = NF_AGENT_WAITING;
	if (!nf_agent_compose(agent, &asker->ask))
		return;
	if (!agent->id) {
		agent->id = new_id(asker);
		HASH_ADD(hh, asker->waiting, id, sizeof agent->id, agent);
	}
	agent->sent_mono_us = now.mono_us;
	agent->send_errno = 0;
	nf_wheel_set(&asker->wheel, &agent->timer, now.mono_us + patience_us(agent));
	struct nf_snmp_login login = nf_agent_login(agent, text);
	if (nf_codec_encode(asker->codec, &login, agent->v3 ? &agent->v3->engine : NULL,
		    agent->id, &asker->ask, now.mono_us, &bytes, &len) != NF_OK) {
		agent->send_errno = EINVAL;
		return;
	}
	struct nf_line *line = line_of(agent);
	struct sockaddr_storage to;
	socklen_t to_len = nf_addr_to_sockaddr(&agent->leg->address, agent->snmp->port, &to);
	if (!nf_line_put(line, (struct sockaddr *)&to, to_len, bytes, len, agent)) {
		nf_line_flush(line, now);
		nf_line_put(line, (struct sockaddr *)&to, to_len, bytes, len, agent);
	}
	asker->stats.requests++;
}

static void unsent(struct nf_line *line, void *tag, int send_errno, void *arg)
{
	struct nf_asker *asker = arg;
	struct nf_agent *agent = tag;
	(void)line;
	agent->send_errno = send_errno;
	asker->stats.requests--;
	if (send_errno == EAGAIN)
		nf_wheel_set(&asker->wheel, &agent->timer, nf_clock_now().mono_us + AGAIN_US);
}

static void send_way(struct nf_way *way, struct nf_now now)
{
	while (way->first && nf_pace_take(&way->pace, 1, now.mono_us)) {
		struct nf_agent *agent = way->first;
		way->first = agent->next_to_send;
		if (!way->first)
			way->last = NULL;
		send_one(agent, now);
	}
	if (way->line4)
		nf_line_flush(way->line4, now);
	if (way->line6)
		nf_line_flush(way->line6, now);
}

static void time_out(struct nf_agent *agent, struct nf_now now)
{
	if (agent->send_errno == EAGAIN) {
		nf_asker_send(agent, true);
		return;
	}
	agent->tries++;
	nf_agent_time_out(agent, now);
}

static void plan_wake_up(struct nf_asker *asker, struct nf_now now)
{
	int64_t wait = nf_wheel_wait_us(&asker->wheel, now.mono_us);
	for (size_t i = 0; i < asker->ways_len; i++) {
		struct nf_way *way = &asker->ways[i];
		if (!way->first)
			continue;
		int64_t pace = nf_pace_wait_us(&way->pace, now.mono_us);
		if (wait < 0 || pace < wait)
			wait = pace;
	}
	if (wait < 0) {
		uv_timer_stop(&asker->timer);
		return;
	}
	uv_update_time(asker->loop);
	uv_timer_start(&asker->timer, woken, (uint64_t)((wait + 999) / 1000), 0);
}

static void before_sleep(uv_prepare_t *handle)
{
	struct nf_asker *asker = handle->data;
	struct nf_now now = nf_clock_now();
	struct nf_timer *due;
	while (!asker->closing && (due = nf_wheel_due(&asker->wheel, now.mono_us)))
		time_out((struct nf_agent *)((char *)due - offsetof(struct nf_agent, timer)),
			now);
	for (size_t i = 0; i < asker->ways_len && !asker->closing; i++)
		send_way(&asker->ways[i], now);
	if (!asker->closing)
		plan_wake_up(asker, now);
}

/* Only who was asked may answer, or whom the site allows to answer in its place. */
static bool source_is_right(struct nf_agent *agent, const struct sockaddr *from)
{
	struct nf_addr address;
	uint16_t port;
	if (agent->snmp->accept_any_source)
		return true;
	if (!nf_addr_from_sockaddr(from, &address, &port))
		return false;
	if (nf_addr_equal(&address, &agent->leg->address))
		return port == agent->snmp->port;
	for (size_t i = 0; i < agent->snmp->accept_source.len; i++)
		if (nf_addr_equal(&address, &agent->snmp->accept_source.items[i]))
			return true;
	agent->stranger = address;
	return false;
}

static bool community_is_right(const struct nf_agent *agent, const struct nf_peek *peek)
{
	char text[NF_AGENT_LOGIN_MAX];
	struct nf_snmp_login login = nf_agent_login(agent, text);
	bool right = login.version == NF_SNMP_V3 ||
		     (peek->community_len == login.community_len &&
			     sodium_memcmp(peek->community, login.community,
				     peek->community_len) == 0);
	sodium_memzero(text, sizeof text);
	return right;
}

static const uint8_t wire_versions[] = {[NF_SNMP_V1] = 0, [NF_SNMP_V2C] = 1, [NF_SNMP_V3] = 3};

static void received(struct nf_line *line, const struct sockaddr *from, uint8_t *bytes,
	size_t len, void *arg)
{
	struct nf_asker *asker = arg;
	struct nf_peek peek;
	if (asker->closing)
		return;
	if (!nf_peek(bytes, len, &peek)) {
		asker->stats.malformed++;
		return;
	}
	struct nf_agent *agent = find(asker, peek.id);
	if (!agent || line != *line_place(agent) ||
		peek.version != wire_versions[agent->snmp->version])
		asker->stats.unmatched++;
	else if (!source_is_right(agent, from))
		asker->stats.wrong_source++;
	else if (!community_is_right(agent, &peek))
		asker->stats.wrong_community++;
	else if (nf_agent_take(agent, &peek, bytes, len, nf_clock_now()))
		asker->stats.answers++;
}
