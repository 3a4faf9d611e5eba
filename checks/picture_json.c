// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/picture_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/put.h"
#include "store/outbox.h"

#define BUSY_MS 200

static void put_states(struct nf_json *j, size_t total, const size_t by_state[NF_STATES])
{
	nf_put_i64(j, "total", (int64_t)total);
	nf_json_key(j, "by_state");
	nf_json_object(j);
	for (size_t s = 0; s < NF_STATES; s++) {
		nf_put_i64(j, nf_state_text((enum nf_state)s), (int64_t)by_state[s]);
	}
	nf_json_end(j);
}

static void put_check(struct nf_json *j, const struct nf_view_check *c)
{
	nf_json_object(j);
	nf_put_text(j, "name", c->name);
	nf_put_text(j, "state", nf_state_text(c->state));
	nf_put_time(j, "since", c->since_wall_us);
	nf_put_text(j, "output", c->output);
	nf_put_text(j, "network", c->network);
	nf_put_some(j, "cause", c->cause);
	nf_put_text(j, "last_answer", nf_state_text(c->soft));
	nf_put_time(j, "asked_at", c->asked_wall_us);
	nf_put_bool(j, "stale", c->stale);
	nf_put_bool(j, "flapping", c->flapping);
	nf_json_end(j);
}

static void put_checks(struct nf_json *j, const struct nf_view *view)
{
	nf_json_key(j, "checks");
	nf_json_array(j);
	for (size_t i = 0; i < view->len; i++)
		put_check(j, &view->checks[i]);
	nf_json_end(j);
}

static void put_window(struct nf_json *j, const struct nf_view_window *window)
{
	nf_json_key(j, "maintenance");
	if (window == NULL) {
		nf_json_null(j);
		return;
	}
	nf_json_object(j);
	nf_put_text(j, "id", window->id);
	nf_put_time(j, "until", window->until_wall_us);
	nf_json_end(j);
}

static void put_device(struct nf_json *j, const struct nf_view *view)
{
	nf_json_object(j);
	nf_put_text(j, "name", view->device->name);
	nf_put_text(j, "network", view->network->id);
	nf_put_text(j, "state", nf_state_text(view->state));
	nf_put_time(j, "since", view->since_wall_us);
	put_window(j, view->window);
	put_checks(j, view);
	nf_json_end(j);
}

static void put_behind(
	struct nf_json *j, const struct nf_picture *p, const char *network, const char *cause)
{
	nf_json_key(j, "unreachable");
	nf_json_array(j);
	for (size_t i = 0; i < p->site->devices.len; i++) {
		const struct nf_view *v = &p->devices[i];
		if (v->state != NF_STATE_UNREACHABLE || strcmp(v->worst->cause, cause) != 0)
			continue;
		/* Every network has an uplink of its own; a device's name is the site's. */
		if (network != NULL && strcmp(v->network->id, network) != 0)
			continue;
		nf_json_puts(j, v->device->name);
	}
	nf_json_end(j);
}

/* Verdicts with one cause: a device or a way out that is not well, and who is unreachable for it. */
static void put_incident(
	struct nf_json *j, const struct nf_picture *p, const struct nf_view *view)
{
	if (view->state != NF_STATE_CRITICAL && view->state != NF_STATE_WARNING)
		return;
	nf_json_object(j);
	nf_json_key(j, "number");
	if (view->incident != 0)
		nf_json_i64(j, view->incident);
	else
		nf_json_null(j);
	nf_put_text(j, "cause", view->device != NULL ? view->device->name : view->worst->name);
	nf_put_text(j, "network", view->network != NULL ? view->network->id : NULL);
	nf_put_text(j, "state", nf_state_text(view->state));
	nf_put_time(j, "since", view->since_wall_us);
	put_window(j, view->window);
	nf_json_key(j, "checks");
	nf_json_array(j);
	for (size_t i = 0; i < view->len; i++)
		if (view->checks[i].state == NF_STATE_CRITICAL ||
			view->checks[i].state == NF_STATE_WARNING)
			nf_json_puts(j, view->checks[i].name);
	nf_json_end(j);
	if (view->device != NULL)
		put_behind(j, p, NULL, view->device->name);
	else if (view->network != NULL)
		put_behind(j, p, view->network->id, view->worst->name);
	nf_json_end(j);
}

static void put_incidents(
	struct nf_json *j, const struct nf_picture *p, const struct nf_status_choice *choice)
{
	nf_json_key(j, "incidents");
	nf_json_array(j);
	for (size_t i = 0; choice->everything && i < p->site->networks.len; i++)
		put_incident(j, p, &p->networks[i]);
	for (size_t i = 0; i < p->site->devices.len; i++)
		if (choice->devices[i])
			put_incident(j, p, &p->devices[i]);
	if (choice->everything)
		put_incident(j, p, &p->monitor);
	nf_json_end(j);
}

static void put_networks(struct nf_json *j, const struct nf_picture *p)
{
	size_t by_state[NF_STATES];
	nf_json_key(j, "networks");
	nf_json_array(j);
	NF_EACH(struct nf_network, n, p->site->networks)
	{
		nf_json_object(j);
		nf_put_text(j, "id", n->id);
		nf_put_text(j, "name", n->name);
		nf_put_text(j, "role", nf_role_text(n->role));
		put_states(j, nf_picture_count(p, n, by_state), by_state);
		put_window(j, p->networks[n->index].window);
		put_checks(j, &p->networks[n->index]);
		nf_json_end(j);
	}
	nf_json_end(j);
	nf_json_key(j, "totals");
	nf_json_object(j);
	put_states(j, nf_picture_count(p, NULL, by_state), by_state);
	nf_json_end(j);
}

static void put_programs(struct nf_json *j, const struct nf_picture *p)
{
	nf_json_key(j, "programs");
	nf_json_array(j);
	for (size_t i = 0; i < p->programs_len; i++) {
		const struct nf_view_program *g = &p->programs[i];
		nf_json_object(j);
		nf_put_text(j, "name", g->name);
		nf_put_i64(j, "pid", g->pid);
		nf_put_bool(j, "alive", g->alive);
		nf_put_time(j, "started_at", g->started_wall_us);
		nf_put_time(j, "beat_at", g->beat_wall_us);
		nf_put_time(j, "cycle_at", g->cycle_wall_us);
		nf_json_end(j);
	}
	nf_json_end(j);
}

static void put_mail(struct nf_json *j, const struct nf_picture *p)
{
	struct nf_store *outbox = NULL;
	struct nf_outbox_figures f;
	enum nf_err rc =
		nf_outbox_open(p->site->state_dir, NF_STORE_READ, BUSY_MS, &outbox, NULL);
	if (rc == NF_OK)
		rc = nf_outbox_figures(outbox, &f);
	nf_store_close(outbox);
	if (rc != NF_OK)
		return;
	nf_json_key(j, "mail");
	nf_json_object(j);
	nf_put_i64(j, "waiting", (int64_t)f.waiting);
	nf_put_time(j, "oldest_waiting_at", f.oldest_wall_us);
	nf_put_time(j, "last_sent_at", f.last_sent_wall_us);
	nf_put_i64(j, "lag", f.last_lag_us / NF_US_PER_S);
	nf_json_end(j);
}

void nf_status_json(const struct nf_picture *picture, const struct nf_status_choice *choice,
	struct nf_strbuf *out)
{
	struct nf_json j = nf_json_of(out);
	nf_json_object(&j);
	nf_put_time(&j, "generated_at", picture->at_wall_us);
	nf_put_text(&j, "site", picture->site->name);
	nf_json_key(&j, "devices");
	nf_json_array(&j);
	for (size_t i = 0; i < picture->site->devices.len; i++)
		if (choice->devices[i])
			put_device(&j, &picture->devices[i]);
	nf_json_end(&j);
	put_incidents(&j, picture, choice);
	if (choice->everything) {
		put_networks(&j, picture);
		nf_json_key(&j, "monitor");
		nf_json_object(&j);
		put_checks(&j, &picture->monitor);
		nf_json_end(&j);
		put_programs(&j, picture);
		put_mail(&j, picture);
		if (choice->more)
			choice->more(&j, choice->more_arg);
	}
	nf_json_end(&j);
	nf_strbuf_putc(out, '\n');
}
