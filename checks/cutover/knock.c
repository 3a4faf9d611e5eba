// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/knock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/pace.h"
#include "checks/backup/ssh/connect.h"

#define TICK_MS 5

static const uint16_t usual[] = {21, 22, 23, 25, 53, 80, 88, 110, 111, 135, 139, 143, 389, 443,
	445, 464, 465, 515, 548, 554, 587, 631, 636, 993, 995, 1433, 1521, 1723, 2049, 3128,
	3268, 3306, 3389, 5060, 5061, 5432, 5900, 5985, 8000, 8080, 8443, 9100};
#define USUAL_LEN (sizeof usual / sizeof *usual)

static bool has_port(const uint16_t *ports, size_t len, uint16_t port)
{
	for (size_t i = 0; i < len; i++)
		if (ports[i] == port)
			return true;
	return false;
}

uint16_t *nf_knock_ports(const struct nf_site *site, size_t *len)
{
	uint16_t *ports = nf_xcalloc(USUAL_LEN + site->cutover.ports.len, sizeof *ports);
	memcpy(ports, usual, sizeof usual);
	*len = USUAL_LEN;
	NF_EACH(uint16_t, port, site->cutover.ports)
	{
		if (!has_port(ports, *len, *port))
			ports[(*len)++] = *port;
	}
	return ports;
}

const char *nf_knock_state_text(enum nf_knock_state state)
{
	static const char *const texts[] = {"silent", "open", "closed"};
	return texts[state];
}

struct knocking;

struct one {
	struct knocking *all;
	struct nf_knock *knock;
	struct one *first; /* of its address: it counts those under way */
	struct nf_connect *connect;
	int64_t until_mono_us;
	unsigned under_way;
	bool begun, done;
};

struct knocking {
	uv_loop_t loop;
	uv_timer_t timer;
	struct one *ones;
	size_t len, low, done, under_way; /* low: all before it have begun */
	struct nf_pace *paces;		  /* by network index */
	int64_t timeout_us;
	struct nf_error *err; /* the first socket that could not even be made */
};

static void end(struct one *one, enum nf_knock_state state)
{
	one->connect = NULL;
	one->done = true;
	one->knock->state = state;
	one->first->under_way--;
	one->all->under_way--;
	one->all->done++;
}

static void on_connect(void *ctx, int fd, const char *why)
{
	struct one *one = ctx;
	if (fd >= 0)
		close(fd);
	end(one, fd >= 0				    ? NF_KNOCK_OPEN
		 : strcmp(why, strerror(ECONNREFUSED)) == 0 ? NF_KNOCK_CLOSED
							    : NF_KNOCK_SILENT);
}

static void begin(struct knocking *k, struct one *one, int64_t mono_us)
{
	struct nf_error err = {0};
	one->begun = true;
	one->first->under_way++;
	k->under_way++;
	one->until_mono_us = mono_us + k->timeout_us;
	one->connect = nf_connect_start(&k->loop, one->knock->network, &one->knock->address,
		one->knock->port, on_connect, one, &err);
	if (one->connect != NULL)
		return;
	end(one, NF_KNOCK_SILENT);
	if (err.code != NF_ECLOSED && k->err->code == NF_OK)
		*k->err = err;
}

static void expire(struct knocking *k, int64_t mono_us)
{
	for (size_t i = 0; i < k->len; i++) {
		struct one *one = &k->ones[i];
		if (one->connect == NULL || one->until_mono_us > mono_us)
			continue;
		nf_connect_cancel(one->connect);
		end(one, NF_KNOCK_SILENT);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct knocking *k = timer->data;
	int64_t mono_us = nf_clock_now().mono_us;
	expire(k, mono_us);
	while (k->low < k->len && k->ones[k->low].begun)
		k->low++;
	for (size_t i = k->low; i < k->len && k->under_way < NF_KNOCK_ALL; i++) {
		struct one *one = &k->ones[i];
		if (one->begun || one->first->under_way >= NF_KNOCK_EACH ||
			nf_pace_take(&k->paces[one->knock->network->index], 1, mono_us) == 0)
			continue;
		begin(k, one, mono_us);
	}
	if (k->done == k->len)
		uv_close((uv_handle_t *)timer, NULL);
}

static bool same_address(const struct nf_knock *a, const struct nf_knock *b)
{
	return a->network == b->network && nf_addr_equal(&a->address, &b->address);
}

static void prepare(struct knocking *k, struct nf_knock *knocks)
{
	size_t networks = 0;
	for (size_t i = 0; i < k->len; i++)
		if (knocks[i].network->index >= networks)
			networks = knocks[i].network->index + 1;
	k->paces = nf_xcalloc(networks + 1, sizeof *k->paces);
	k->ones = nf_xcalloc(k->len + 1, sizeof *k->ones);
	for (size_t i = 0; i < k->len; i++) {
		uint32_t per_second = knocks[i].network->max_packets_per_second;
		struct one *before = i > 0 ? &k->ones[i - 1] : NULL;
		knocks[i].state = NF_KNOCK_SILENT;
		k->ones[i] = (struct one){.all = k, .knock = &knocks[i], .first = &k->ones[i]};
		if (before != NULL && same_address(before->knock, &knocks[i]))
			k->ones[i].first = before->first;
		nf_pace_init(&k->paces[knocks[i].network->index],
			per_second > 0 ? per_second : 100, NF_KNOCK_EACH,
			nf_clock_now().mono_us);
	}
}

enum nf_err nf_knock_run(
	struct nf_knock *knocks, size_t len, int64_t timeout_us, struct nf_error *err)
{
	struct knocking k = {.len = len, .timeout_us = timeout_us, .err = err};
	*err = (struct nf_error){0};
	if (len == 0)
		return NF_OK;
	if (uv_loop_init(&k.loop) != 0)
		return nf_error_set(err, NF_ESYS, "no event loop");
	prepare(&k, knocks);
	uv_timer_init(&k.loop, &k.timer);
	k.timer.data = &k;
	uv_timer_start(&k.timer, on_timer, 0, TICK_MS);
	uv_run(&k.loop, UV_RUN_DEFAULT);
	uv_loop_close(&k.loop);
	free(k.ones);
	free(k.paces);
	return err->code;
}
