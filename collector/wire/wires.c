// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/wires.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "collector/wire/asked.h"
#include "collector/wire/sight.h"
#include "collector/wire/tap.h"
#include "collector/wire/verdict.h"
#include "store/clock_guard.h"

#define CANARY_PATIENCE_US (5 * NF_US_PER_S)
#define CANARY_FIRST_US	   NF_US_PER_S
/* Longer between two looks: the program stood still, and nobody knows what the kernel kept. */
#define TICK_MOST_US (3 * NF_US_PER_S)
#define OWN_EVERY_US (60 * NF_US_PER_S)

struct wire {
	struct nf_wires *all;
	size_t index;
	char *interface;
	const struct nf_network *network;
	struct nf_tap *tap; /* NULL: the interface is gone */
	uv_poll_t poll;
	bool polled;
	bool up;   /* with a carrier */
	bool back; /* gone, and there again */
	uint64_t frames, own, link, bad, drops, refused, sent, seen;
	uint64_t frames_told, refused_told; /* of them, in the coverage */
	bool canary_out;
	bool canary_asks;  /* canaries can be sent: only they prove that this wire sees */
	bool canary_heard; /* since the last look */
	struct nf_canary_token token;
	int64_t canary_mono_us; /* the last was sent, or the next first one is due */
	struct nf_wire_minutes minutes;
};

struct nf_wires {
	const struct nf_site *site;
	struct wire *items;
	size_t len;
	int canary_fd;
	struct nf_own own;
	struct nf_asked *asked;
	struct nf_talks *talks;
	int64_t own_mono_us, ticked_mono_us;
	struct nf_clock_guard guard;
	struct nf_seen_table *table;
	struct nf_writer *writer;
	/* Of the frames being read. */
	int64_t wall_us, mono_us;
};

static size_t count(const struct nf_site *site)
{
	size_t len = 0;

	NF_EACH(struct nf_network, n, site->networks)
	len += n->wire.len;
	return len;
}

static enum nf_err open_tap(struct wire *w, struct nf_error *err)
{
	enum nf_err rc = nf_tap_open(w->interface, &w->tap, err);

	if (rc != NF_ENOENT)
		return rc;
	nf_log(NF_LOG_ERROR, "wires", "%s", err->text);
	return NF_OK;
}

enum nf_err nf_wires_open(
	const struct nf_site *site, struct nf_wires **wires, struct nf_error *err)
{
	struct nf_wires *all = nf_xcalloc(1, sizeof *all);
	enum nf_err rc = NF_OK;

	all->site = site;
	all->canary_fd = -1;
	all->talks = nf_talks_new();
	all->items = nf_xcalloc(count(site) + 1, sizeof *all->items);
	NF_EACH(struct nf_network, n, site->networks)
	for (size_t i = 0; !rc && i < n->wire.len; i++) {
		struct wire *w = &all->items[all->len];

		w->all = all;
		w->index = all->len++;
		w->network = n;
		w->interface = nf_xstrdup(n->wire.items[i]);
		rc = open_tap(w, err);
	}
	if (!rc && all->len)
		rc = nf_canary_open(&all->canary_fd, err);
	if (!rc && all->len)
		rc = nf_asked_open(site, &all->asked, err);
	if (rc) {
		nf_wires_free(all);
		return rc;
	}
	nf_own_read(&all->own);
	*wires = all;
	return NF_OK;
}

static void on_note(const struct nf_note *note, void *arg)
{
	struct wire *w = arg;

	if (!nf_seen_add(
		    w->all->table, (uint16_t)w->index, note, w->all->wall_us, w->all->mono_us))
		w->refused++;
}

static void on_canary(struct wire *w, const struct nf_canary_token *token)
{
	/* Every wire of the network sees the one canary; somebody else's is no business of ours. */
	if (!w->canary_out || memcmp(token, &w->token, sizeof *token) != 0)
		return;
	w->canary_out = false;
	w->canary_heard = true;
	w->sent++;
	w->seen++;
	w->minutes.canaries_missed = 0;
	nf_cover_add(&w->all->writer->wires[w->index].cover, w->all->wall_us,
		&(struct nf_cover_hour){.canaries_sent = 1, .canaries_seen = 1});
}

static void on_frame(const uint8_t *bytes, size_t captured, size_t len, void *arg)
{
	struct wire *w = arg;
	const struct nf_sight sight = {w->all->site, w->network, &w->all->own, w->all->asked,
		w->all->talks, w->all->mono_us};
	struct nf_canary_token token;

	switch (nf_sight_frame(&sight, bytes, captured, len, on_note, w, &token)) {
	case NF_EEXIST:
		on_canary(w, &token);
		w->own++;
		return;
	case NF_ENOENT:
		w->own++;
		return;
	case NF_OK:
		break;
	default:
		w->bad++;
		break;
	}
	/* What the switch says of this very link shows nothing of what it mirrors. */
	if (nf_ether_is_link(bytes, captured))
		w->link++;
	else
		w->frames++;
}

static void close_tap(struct wire *w)
{
	if (w->polled && !uv_is_closing((uv_handle_t *)&w->poll))
		uv_close((uv_handle_t *)&w->poll, NULL);
	nf_tap_close(w->tap);
	w->tap = NULL;
	w->up = false;
	w->canary_out = false;
}

static void is_gone(struct wire *w)
{
	nf_log(NF_LOG_ERROR, "wires", "the interface %s is gone", w->interface);
	close_tap(w);
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void read_wire(struct wire *w, struct nf_now now)
{
	w->all->wall_us = nf_wires_wall_us(w->all, now);
	w->all->mono_us = now.mono_us;
	nf_asked_read(w->all->asked, now.mono_us);
	if (nf_tap_read(w->tap, on_frame, w))
		is_gone(w);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct wire *w = poll->data;

	(void)events;
	if (!w->tap)
		return;
	read_wire(w, nf_clock_now());
	/* libuv stops at an error, which for an interface that went down is none. */
	if (status < 0 && w->tap)
		uv_poll_start(poll, UV_READABLE, on_readable);
}

void nf_wires_start(struct nf_wires *all, uv_loop_t *loop, struct nf_seen_table *table,
	struct nf_writer *writer)
{
	struct nf_now now = nf_clock_now();

	all->table = table;
	all->writer = writer;
	writer->wires_len = all->len;
	writer->wires = nf_xcalloc(all->len + 1, sizeof *writer->wires);
	all->ticked_mono_us = all->own_mono_us = now.mono_us;
	for (size_t i = 0; i < all->len; i++) {
		struct wire *w = &all->items[i];

		writer->wires[i].network = w->network->id;
		writer->wires[i].by = nf_xasprintf("wire:%s", w->interface);
		if (!w->tap)
			continue;
		nf_tap_drops(w->tap);
		uv_poll_init(loop, &w->poll, nf_tap_fd(w->tap));
		w->poll.data = w;
		w->polled = true;
		uv_poll_start(&w->poll, UV_READABLE, on_readable);
	}
}

bool nf_wires_reload(struct nf_wires *all, const struct nf_site *site)
{
	size_t at = 0;

	if (count(site) != all->len)
		return false;
	NF_EACH(struct nf_network, n, site->networks)
	for (size_t i = 0; i < n->wire.len; i++, at++)
		if (strcmp(all->items[at].interface, n->wire.items[i]) != 0 ||
			strcmp(all->items[at].network->id, n->id) != 0)
			return false;
	at = 0;
	NF_EACH(struct nf_network, n, site->networks)
	for (size_t i = 0; i < n->wire.len; i++, at++) {
		all->items[at].network = n;
		all->writer->wires[at].network = n->id;
	}
	all->site = site;
	nf_asked_reload(all->asked, site);
	return true;
}

void nf_wires_stop(struct nf_wires *all)
{
	for (size_t i = 0; all && i < all->len; i++)
		close_tap(&all->items[i]);
}

void nf_wires_free(struct nf_wires *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->len; i++) {
		nf_tap_close(all->items[i].tap);
		free(all->items[i].interface);
		if (all->writer)
			free(all->writer->wires[i].by);
	}
	if (all->writer)
		free(all->writer->wires);
	if (all->canary_fd >= 0)
		close(all->canary_fd);
	nf_asked_close(all->asked);
	nf_talks_free(all->talks);
	free(all->items);
	free(all);
}

static short flags_of(const struct nf_wires *all, const char *interface)
{
	struct ifreq request = {0};

	if (strlen(interface) >= sizeof request.ifr_name)
		return 0;
	memcpy(request.ifr_name, interface, strlen(interface));
	return ioctl(all->canary_fd, SIOCGIFFLAGS, &request) == 0 ? request.ifr_flags : 0;
}

/* Sends one where the network has an interface of its own, which a frame leaves by to come back over the
 * mirror. Every wire of the network waits for it. */
static void send_canary(struct nf_wires *all, const struct nf_network *network, int64_t mono_us)
{
	struct nf_canary_token token;
	const char *interface = network->source.interface;
	bool sent = nf_canary_send(all->canary_fd, interface, &token) == NF_OK;

	for (size_t i = 0; i < all->len; i++) {
		struct wire *w = &all->items[i];

		if (w->network != network || !w->up || strcmp(w->interface, interface) == 0)
			continue;
		w->canary_asks = sent;
		if (!sent)
			continue;
		w->canary_out = true;
		w->token = token;
		w->canary_mono_us = mono_us;
	}
}

static void look_after_canary(struct wire *w, int64_t wall_us, int64_t mono_us)
{
	int64_t every_us = w->all->site->cutover.canary_us;
	struct nf_cover *cover = &w->all->writer->wires[w->index].cover;
	bool asks = every_us && w->network->source.interface &&
		    strcmp(w->interface, w->network->source.interface) != 0;

	w->canary_asks = w->canary_asks && asks;
	if (w->canary_out && mono_us - w->canary_mono_us > CANARY_PATIENCE_US) {
		w->canary_out = false;
		w->sent++;
		w->minutes.canaries_missed++;
		nf_cover_add(cover, wall_us, &(struct nf_cover_hour){.canaries_sent = 1});
		nf_cover_miss(cover);
	}
	if (!w->canary_mono_us)
		w->canary_mono_us = mono_us - every_us + CANARY_FIRST_US;
	if (asks && !w->canary_out && w->up && mono_us - w->canary_mono_us >= every_us)
		send_canary(w->all, w->network, mono_us);
}

static void look_after(struct wire *w, int64_t wall_us, int64_t mono_us, int64_t since_us)
{
	short flags = flags_of(w->all, w->interface);
	struct nf_cover *cover = &w->all->writer->wires[w->index].cover;
	bool was_up = w->up;

	if (w->tap && nf_tap_look(w->tap))
		is_gone(w);
	if (!w->tap) {
		w->back = flags & IFF_UP;
		nf_cover_miss(cover);
		return;
	}
	w->up = (flags & IFF_UP) && (flags & IFF_RUNNING);
	uint64_t drops = nf_tap_drops(w->tap);
	bool listened = w->up && was_up && since_us <= TICK_MOST_US;
	struct nf_cover_hour what = {.running_us = listened ? since_us : 0,
		.frames = w->frames - w->frames_told,
		.drops = drops + w->refused - w->refused_told};

	w->drops += drops;
	nf_wire_minutes_add(
		&w->minutes, mono_us, what.frames, drops, w->refused - w->refused_told);
	w->frames_told = w->frames;
	w->refused_told = w->refused;
	nf_cover_add(cover, wall_us, &what);
	if (!listened || w->all->guard.doubting)
		nf_cover_miss(cover);
	else
		nf_cover_listen(cover, wall_us - since_us, wall_us, what.frames, what.drops,
			w->canary_asks ? w->canary_heard : what.frames > 0);
	w->canary_heard = false;
	if (w->up && !was_up) {
		/* What went out before says nothing; the next is due at once. */
		w->canary_out = false;
		w->canary_mono_us = 0;
	}
	look_after_canary(w, wall_us, mono_us);
}

void nf_wires_tick(struct nf_wires *all, struct nf_now now)
{
	int64_t wall_us = nf_wires_wall_us(all, now);
	int64_t since_us = now.mono_us - all->ticked_mono_us;

	all->ticked_mono_us = now.mono_us;
	nf_asked_read(all->asked, now.mono_us);
	if (now.mono_us - all->own_mono_us > OWN_EVERY_US) {
		nf_own_read(&all->own);
		nf_asked_look_around(all->asked);
		all->own_mono_us = now.mono_us;
	}
	for (size_t i = 0; i < all->len; i++)
		look_after(&all->items[i], wall_us, now.mono_us, since_us);
}

void nf_wires_judge(struct nf_wires *all, struct nf_judge *judge, struct nf_now now)
{
	for (size_t i = 0; i < all->len; i++) {
		const struct wire *w = &all->items[i];
		struct nf_wire_view view = {.interface = w->interface,
			.there = w->tap != NULL,
			.up = w->up,
			.minutes = &w->minutes};

		nf_wire_verdict_say(&view, w->network, judge, now);
	}
}

int64_t nf_wires_wall_us(struct nf_wires *all, struct nf_now now)
{
	nf_clock_guard_limit(&all->guard, now);
	return now.wall_us - (all->guard.ahead_us > 0 ? all->guard.ahead_us : 0);
}

bool nf_wires_wants_restart(const struct nf_wires *all)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].back)
			return true;
	return false;
}

struct nf_wires_stats nf_wires_stats(const struct nf_wires *all)
{
	struct nf_wires_stats s = {.wires = all->len};

	for (size_t i = 0; i < all->len; i++) {
		const struct wire *w = &all->items[i];

		s.listening += w->tap != NULL;
		s.frames += w->frames;
		s.own += w->own;
		s.link += w->link;
		s.bad += w->bad;
		s.drops += w->drops;
		s.refused += w->refused;
		s.canaries_sent += w->sent;
		s.canaries_seen += w->seen;
	}
	return s;
}
