// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/judge_parts.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/mem.h"

static size_t monitor_index(const struct nf_site *site)
{
	return site->devices.len * NF_LEGS_MAX + site->networks.len;
}

struct nf_subject *nf_judge_network_subject(const struct nf_judge *judge, size_t network_index)
{
	return &judge->subjects[judge->site->devices.len * NF_LEGS_MAX + network_index];
}

struct nf_subject *nf_judge_subject(const struct nf_judge *judge,
	const struct nf_device *device, const struct nf_network *network)
{
	if (device == NULL)
		return network == NULL ? &judge->subjects[monitor_index(judge->site)]
				       : nf_judge_network_subject(judge, network->index);
	struct nf_subject *legs = &judge->subjects[device->index * NF_LEGS_MAX];
	for (size_t i = 1; network != NULL && i < device->legs_len; i++)
		if (device->legs[i].network == network)
			return device->legs[0].network == network ? legs : &legs[i];
	return legs;
}

struct nf_subject *nf_judge_subject_named(
	const struct nf_judge *judge, const char *network, const char *device)
{
	if (*network == '\0')
		return *device == '\0' ? nf_judge_subject(judge, NULL, NULL) : NULL;
	const struct nf_network *n = nf_site_network(judge->site, network);
	if (n == NULL || *device == '\0')
		return n == NULL ? NULL : nf_judge_subject(judge, NULL, n);
	const struct nf_device *d = nf_site_device(judge->site, device);
	if (d == NULL)
		return NULL;
	struct nf_subject *s = nf_judge_subject(judge, d, n);
	return s->network == n ? s : NULL;
}

/* The leg's way goes through the parent's leg in the same network. Only the first leg may also stand
 * behind a parent elsewhere: a new address in the common network is not behind the old router. */
static struct nf_subject *parent_of(
	struct nf_judge *judge, const struct nf_subject *s, size_t leg)
{
	const struct nf_device *above = s->device->parent;
	if (above == NULL)
		return NULL;
	struct nf_subject *p = nf_judge_subject(judge, above, s->network);
	return leg == 0 || p->network == s->network ? p : NULL;
}

static void link_leg(struct nf_judge *judge, struct nf_subject *s, size_t leg)
{
	s->parent = parent_of(judge, s, leg);
	if (s->parent != NULL) {
		s->sibling = s->parent->child;
		s->parent->child = s;
		return;
	}
	struct nf_uplink *u = &judge->uplinks[s->network->index];
	s->sibling = u->roots;
	u->roots = s;
	u->roots_len++;
}

void nf_judge_table_make(struct nf_judge *judge, const struct nf_site *site)
{
	judge->site = site;
	judge->subjects_len = monitor_index(site) + 1;
	judge->subjects = nf_xcalloc(judge->subjects_len, sizeof *judge->subjects);
	judge->uplinks = nf_xcalloc(site->networks.len + 1, sizeof *judge->uplinks);
	for (size_t i = 0; i < judge->subjects_len; i++)
		judge->subjects[i].ping_state = judge->subjects[i].ping_soft = NF_STATE_UNKNOWN;
	NF_EACH(struct nf_network, n, site->networks)
	nf_judge_network_subject(judge, n->index)->network = n;
	NF_EACH(struct nf_device, d, site->devices)
	{
		for (size_t leg = 0; leg < d->legs_len; leg++) {
			struct nf_subject *s = &judge->subjects[d->index * NF_LEGS_MAX + leg];
			s->device = d;
			s->network = d->legs[leg].network;
		}
	}
	NF_EACH(struct nf_device, d, site->devices)
	for (size_t leg = 0; leg < d->legs_len; leg++)
		link_leg(judge, &judge->subjects[d->index * NF_LEGS_MAX + leg], leg);
}

static size_t position(const struct nf_subject *s, const char *name, bool *found)
{
	size_t low = 0, high = s->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(s->checks[middle]->name, name);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

struct nf_check *nf_judge_check(const struct nf_subject *subject, const char *name)
{
	bool found;
	size_t at = position(subject, name, &found);
	return found ? subject->checks[at] : NULL;
}

struct nf_check *nf_judge_check_make(
	struct nf_judge *judge, struct nf_subject *subject, const char *name)
{
	bool found;
	size_t at = position(subject, name, &found);
	if (found)
		return subject->checks[at];
	struct nf_check *c = nf_xcalloc(1, sizeof *c);
	c->subject = subject;
	c->name = nf_xstrdup(name);
	c->output = nf_xstrdup("");
	c->cause = nf_xstrdup("");
	c->verdict.state = c->verdict.soft = c->answer = NF_STATE_UNKNOWN;
	subject->checks = nf_grow(subject->checks, subject->len, &subject->cap, sizeof c);
	memmove(&subject->checks[at + 1], &subject->checks[at], (subject->len - at) * sizeof c);
	subject->checks[at] = c;
	subject->len++;
	if (judge->judges_reachability && subject->device != NULL && strcmp(name, "ping") == 0)
		subject->ping = c;
	return c;
}

static void free_check(struct nf_judge *judge, struct nf_check *c)
{
	if (c->dirty) {
		DL_DELETE2(judge->dirty, c, dirty_prev, dirty_next);
		judge->owed_rows--;
	}
	if (c->pending)
		DL_DELETE2(judge->pending, c, pending_prev, pending_next);
	free(c->name);
	free(c->output);
	free(c->cause);
	free(c);
}

void nf_judge_check_free(struct nf_judge *judge, struct nf_check *check)
{
	struct nf_subject *s = check->subject;
	bool found;
	size_t at = position(s, check->name, &found);
	s->len--;
	memmove(&s->checks[at], &s->checks[at + 1], (s->len - at) * sizeof *s->checks);
	if (s->ping == check)
		s->ping = NULL;
	free_check(judge, check);
}

void nf_queue_add(struct nf_queue *queue, struct nf_subject *subject)
{
	queue->items =
		nf_grow(queue->items, queue->len, &queue->cap, sizeof(struct nf_subject *));
	queue->items[queue->len++] = subject;
}

void nf_judge_want_subject(struct nf_judge *judge, struct nf_subject *subject)
{
	if (subject->wanted)
		return;
	subject->wanted = true;
	nf_queue_add(&judge->wanted, subject);
}

static bool same_parent(const struct nf_subject *a, const struct nf_subject *b)
{
	if (a->parent == NULL || b->parent == NULL)
		return a->parent == b->parent;
	return strcmp(a->parent->device->name, b->parent->device->name) == 0;
}

static void move_subject(struct nf_judge *judge, struct nf_subject *from, struct nf_subject *to)
{
	to->checks = from->checks;
	to->len = from->len;
	to->cap = from->cap;
	for (size_t i = 0; i < to->len; i++)
		to->checks[i]->subject = to;
	to->ping = from->ping;
	to->answered_mono_us = from->answered_mono_us;
	to->failed_mono_us = from->failed_mono_us;
	to->failures = from->failures;
	to->asked_wall_us = from->asked_wall_us;
	to->asked_dirty = from->asked_dirty;
	to->ping_state = from->ping_state;
	to->ping_soft = from->ping_soft;
	to->ping_asked_wall_us = from->ping_asked_wall_us;
	to->ping_cause = from->ping_cause;
	if (to->asked_dirty)
		nf_queue_add(&judge->asked, to);
	/* Behind another parent it may not be unreachable any more, or for another reason. */
	bool judge_anew = to->ping != NULL && to->device != NULL && !same_parent(from, to) &&
			  to->ping->verdict.state != NF_STATE_OK;
	if (judge_anew) {
		to->failed_mono_us = 0;
		to->failures = 0;
	}
	if (from->wanted || judge_anew)
		nf_judge_want_subject(judge, to);
}

static void end_subject(struct nf_judge *judge, struct nf_subject *s)
{
	for (size_t i = 0; i < s->len; i++) {
		nf_judge_owe_end(judge, s->checks[i], s->checks[i] == s->ping);
		free_check(judge, s->checks[i]);
	}
	free(s->checks);
	free(s->ping_cause);
}

void nf_judge_table_move(struct nf_judge *judge, const struct nf_site *site)
{
	struct nf_subject *old = judge->subjects;
	struct nf_uplink *old_uplinks = judge->uplinks;
	const struct nf_site *old_site = judge->site;
	size_t old_len = judge->subjects_len;
	judge->asked.len = judge->wanted.len = judge->wanted.first = 0;
	nf_judge_table_make(judge, site);
	for (size_t i = 0; i < old_len; i++) {
		struct nf_subject *s = &old[i];
		if (s->device == NULL && s->network == NULL && i + 1 < old_len)
			continue; /* a leg that the device does not have */
		struct nf_subject *to =
			nf_judge_subject_named(judge, s->network != NULL ? s->network->id : "",
				s->device != NULL ? s->device->name : "");
		if (to != NULL)
			move_subject(judge, s, to);
		else
			end_subject(judge, s);
	}
	for (size_t i = 0; i < old_site->networks.len; i++) {
		const struct nf_network *n =
			nf_site_network(site, old_site->networks.items[i].id);
		if (n != NULL)
			judge->uplinks[n->index].answered_mono_us =
				old_uplinks[i].answered_mono_us;
	}
	free(old);
	free(old_uplinks);
}

void nf_judge_table_free(struct nf_judge *judge)
{
	for (size_t i = 0; i < judge->subjects_len; i++) {
		struct nf_subject *s = &judge->subjects[i];
		for (size_t k = 0; k < s->len; k++)
			free_check(judge, s->checks[k]);
		free(s->checks);
		free(s->ping_cause);
	}
	free(judge->subjects);
	free(judge->uplinks);
	free(judge->asked.items);
	free(judge->wanted.items);
}
