// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <sodium.h>

#include "alert/mail_compose.h"
#include "alert/mail_smtp.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/incidents.h"

#define SLOTS	    3 /* of libuv's four threads; the heartbeat needs one */
#define FALLBACK_US (5 * 60 * NF_US_PER_S)
#define LIFE_US	    (3 * 86400 * NF_US_PER_S) /* after the end of its incident */
#define ALONE_US    (86400 * NF_US_PER_S) /* of a digest, of a test: tomorrow's says it anew */
#define FIRST_US    (10 * NF_US_PER_S)
#define LAST_US	    (5 * 60 * NF_US_PER_S)

enum slot_state { SLOT_FREE, SLOT_RUNS, SLOT_ENDED };

/* Owns copies of all it needs: a reload may free the site meanwhile. */
struct slot {
	struct nf_deliver *owner;
	uv_work_t work;
	enum slot_state state;
	int64_t id, number, made_wall_us;
	enum nf_notice_kind kind;
	uint32_t attempts;
	bool fallback;
	char *server, *user, *password, *ca_file, *from, *to;
	struct nf_strbuf mail;
	struct nf_smtp_job job;
};

struct nf_deliver {
	uv_loop_t *loop;
	struct slot slots[SLOTS];
	atomic_bool stop;
	int64_t failing_mono_us,
		asked_mono_us; /* the first server: since when; was asked last */
	bool works;
	char error[NF_ERROR_TEXT_MAX];
	/* While a step looks for due mails: */
	struct nf_store *outbox;
	const struct nf_site *site;
	struct nf_now now;
	bool more;
};

struct nf_deliver *nf_deliver_new(uv_loop_t *loop)
{
	struct nf_deliver *d = nf_xcalloc(1, sizeof *d);
	d->loop = loop;
	atomic_init(&d->stop, false);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return d;
}

const char *nf_deliver_error(const struct nf_deliver *d)
{
	return d->error;
}

int64_t nf_deliver_failing_mono_us(const struct nf_deliver *d)
{
	return d->failing_mono_us;
}

bool nf_deliver_works(const struct nf_deliver *d)
{
	return d->works && d->failing_mono_us == 0;
}

int64_t nf_deliver_backoff_us(uint32_t attempts, double chance)
{
	int64_t wait = FIRST_US;
	for (uint32_t i = 1; i < attempts && wait < LAST_US; i++)
		wait *= 2;
	if (wait > LAST_US)
		wait = LAST_US;
	return (int64_t)((double)wait * (0.8 + 0.4 * chance));
}

static void empty(struct slot *s)
{
	if (s->password != NULL)
		sodium_memzero(s->password, strlen(s->password));
	free(s->server);
	free(s->user);
	free(s->password);
	free(s->ca_file);
	free(s->from);
	free(s->to);
	nf_strbuf_free(&s->mail);
	*s = (struct slot){.owner = s->owner};
}

/* A mail is wanted as long as its incident lives, and its recovery for some days more. What the migration team
 * is told is told once: it waits as long as it takes. */
static bool is_over(const struct nf_deliver *d, const struct slot *s)
{
	int64_t ended = s->made_wall_us;
	if (s->kind == NF_NOTICE_MOVE)
		return false;
	if (s->number == 0)
		return d->now.wall_us - s->made_wall_us > ALONE_US;
	enum nf_err rc = nf_incident_ended(d->outbox, s->number, &ended);
	if (rc != NF_OK && rc != NF_ENOENT)
		return false;
	return ended != 0 && d->now.wall_us - ended > LIFE_US &&
	       d->now.wall_us - s->made_wall_us > LIFE_US;
}

static enum nf_outbox_state outcome(const struct nf_deliver *d, const struct slot *s)
{
	if (s->job.result == NF_SMTP_DELIVERED)
		return NF_OUTBOX_SENT;
	if (s->job.result == NF_SMTP_REFUSED)
		return NF_OUTBOX_REFUSED;
	return is_over(d, s) ? NF_OUTBOX_DROPPED : NF_OUTBOX_WAITING;
}

/* False: the outbox could not be written, the outcome waits. */
static bool write_down(struct nf_deliver *d, struct slot *s)
{
	enum nf_outbox_state state = outcome(d, s);
	int64_t next = 0;
	if (state == NF_OUTBOX_WAITING)
		next = d->now.wall_us + nf_deliver_backoff_us(s->attempts + 1,
						randombytes_uniform(1001) / 1000.0);
	enum nf_err rc =
		nf_outbox_tried(d->outbox, s->id, state, d->now.wall_us, next, s->job.text);
	if (rc != NF_OK)
		nf_log_limited("outbox", NF_LOG_WARN, "mail",
			"what became of a mail cannot be written down yet");
	return rc == NF_OK;
}

static void report(const struct slot *s)
{
	const char *route = s->fallback ? "fallback " : "";
	switch (s->job.result) {
	case NF_SMTP_DELIVERED:
		nf_log(NF_LOG_INFO, "mail", "sent to=%s %sserver=%s", s->to, route, s->server);
		return;
	case NF_SMTP_REFUSED:
		nf_log(NF_LOG_ERROR, "mail", "refused for good: %s to=%s %sserver=%s",
			s->job.text, s->to, route, s->server);
		return;
	default:
		nf_log_limited(s->server, NF_LOG_WARN, "mail",
			"could not be sent, is tried again: %s to=%s %sserver=%s", s->job.text,
			s->to, route, s->server);
	}
}

static void judge_route(struct nf_deliver *d, const struct slot *s)
{
	/* What the second server took says nothing about the first. */
	if (s->job.result != NF_SMTP_DELIVERED)
		snprintf(d->error, sizeof d->error, "%s", s->job.text);
	if (s->fallback || atomic_load(&d->stop))
		return;
	if (s->job.result != NF_SMTP_LATER) {
		d->failing_mono_us = 0;
		d->works = true;
		if (s->job.result == NF_SMTP_DELIVERED)
			d->error[0] = '\0';
	} else if (d->failing_mono_us == 0) {
		d->failing_mono_us = d->now.mono_us;
	}
}

static void settle(struct nf_deliver *d)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &d->slots[i];
		if (s->state != SLOT_ENDED || !write_down(d, s))
			continue;
		report(s);
		judge_route(d, s);
		empty(s);
	}
}

static void run(uv_work_t *work)
{
	struct slot *s = work->data;
	nf_smtp_send(&s->job);
}

static void ran(uv_work_t *work, int status)
{
	struct slot *s = work->data;
	s->state = SLOT_ENDED;
	if (status == 0)
		return;
	s->job.result = NF_SMTP_LATER;
	snprintf(s->job.text, sizeof s->job.text, "netfold-notify was stopped");
}

/* While the first server fails it gets a mail now and then, so that its return is noticed. */
static const struct nf_mail *choose(struct nf_deliver *d, const struct nf_outbox_row *row)
{
	const struct nf_mail *first = &d->site->mail;
	bool route =
		d->failing_mono_us != 0 && d->now.mono_us - d->failing_mono_us >= FALLBACK_US;
	bool this_mail =
		row->first_wall_us != 0 && d->now.wall_us - row->first_wall_us >= FALLBACK_US;
	bool again = d->now.mono_us - d->asked_mono_us >= FALLBACK_US;
	bool probe = row->attempts == 0 ? again : row->attempts % 4 == 3;
	if (first->fallback != NULL && (route || this_mail) && !probe)
		return first->fallback;
	d->asked_mono_us = d->now.mono_us;
	return first;
}

static char *copy(const char *text)
{
	return text != NULL ? nf_xstrdup(text) : NULL;
}

static void prepare(struct slot *s, const struct nf_mail *route)
{
	s->server = copy(route->server);
	s->user = copy(route->user);
	s->ca_file = copy(route->ca_file);
	s->from = copy(route->from);
	s->job = (struct nf_smtp_job){.server = s->server,
		.user = s->user,
		.password = s->password,
		.ca_file = s->ca_file,
		.tls = route->tls,
		.from = s->from,
		.to = s->to,
		.mail = s->mail.data,
		.mail_len = s->mail.len,
		.stop = &s->owner->stop};
	s->work.data = s;
}

static bool read_password(struct slot *s, const struct nf_mail *route)
{
	struct nf_error err = {0};
	size_t len;
	if (route->user == NULL || route->password_file == NULL)
		return true;
	if (nf_file_read_secret(route->password_file, &s->password, &len, &err) == NF_OK)
		return true;
	snprintf(s->job.text, sizeof s->job.text, "%s", err.text);
	return false;
}

/* What cannot be written as a mail never can: it must not stop those behind it. */
static bool compose(struct slot *s, const struct nf_outbox_row *row, const char *from)
{
	struct nf_notice *notice = NULL;
	enum nf_err rc = nf_notice_decode(row->notice, &notice);
	if (rc == NF_OK) {
		notice->address = row->address;
		notice->message_id = row->message_id;
		s->kind = notice->kind;
		rc = nf_mail_compose(notice, from, &s->mail);
	}
	nf_notice_free(notice);
	if (rc != NF_OK)
		snprintf(s->job.text, sizeof s->job.text, "cannot be written as a mail");
	return rc == NF_OK;
}

static void begin(struct nf_deliver *d, struct slot *s, const struct nf_outbox_row *row)
{
	const struct nf_mail *route = choose(d, row);
	*s = (struct slot){.owner = d,
		.state = SLOT_ENDED,
		.id = row->id,
		.number = row->number,
		.made_wall_us = row->made_wall_us,
		.attempts = row->attempts,
		.fallback = route != &d->site->mail,
		.to = nf_xstrdup(row->address)};
	bool written = compose(s, row, route->from);
	bool ready = written && read_password(s, route);
	char why[sizeof s->job.text];
	snprintf(why, sizeof why, "%s", s->job.text);
	prepare(s, route);
	if (ready && uv_queue_work(d->loop, &s->work, run, ran) == 0) {
		s->state = SLOT_RUNS;
		return;
	}
	s->job.result = written ? NF_SMTP_LATER : NF_SMTP_REFUSED;
	snprintf(s->job.text, sizeof s->job.text, "%s", ready ? "no thread" : why);
}

static void consider(const struct nf_outbox_row *row, void *arg)
{
	struct nf_deliver *d = arg;
	struct slot *space = NULL;
	for (size_t i = 0; i < SLOTS; i++) {
		if (d->slots[i].state != SLOT_FREE && d->slots[i].id == row->id)
			return;
		if (d->slots[i].state == SLOT_FREE)
			space = &d->slots[i];
	}
	d->more = true;
	if (space != NULL)
		begin(d, space, row);
}

static bool is_idle(const struct nf_deliver *d)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (d->slots[i].state != SLOT_FREE)
			return false;
	return true;
}

bool nf_deliver_step(struct nf_deliver *d, struct nf_store *outbox, const struct nf_site *site,
	struct nf_now now)
{
	d->outbox = outbox;
	d->site = site;
	d->now = now;
	d->more = false;
	settle(d);
	if (!atomic_load(&d->stop) && site->mail.server != NULL)
		nf_outbox_due(outbox, now.wall_us, 2 * SLOTS, consider, d);
	d->site = NULL;
	return is_idle(d) && !d->more;
}

void nf_deliver_stop(struct nf_deliver *d)
{
	atomic_store(&d->stop, true);
}

void nf_deliver_free(struct nf_deliver *d, struct nf_store *outbox)
{
	if (d == NULL)
		return;
	d->outbox = outbox;
	d->now = nf_clock_now();
	if (outbox != NULL)
		settle(d);
	bool runs = false;
	for (size_t i = 0; i < SLOTS; i++) {
		runs |= d->slots[i].state == SLOT_RUNS;
		if (d->slots[i].state == SLOT_ENDED)
			empty(&d->slots[i]);
	}
	/* A thread that still runs ends with the process, and with it what it uses. */
	if (!runs)
		free(d);
}
