// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/hostkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/sightings.h"

static const char *state_of(enum nf_remote_cause cause)
{
	switch (cause) {
	case NF_CAUSE_HOST_KEY_CHANGED:
		return "changed";
	case NF_CAUSE_HOST_KEY_REVOKED:
		return "revoked";
	case NF_CAUSE_HOST_KEY_UNKNOWN:
		return "unknown";
	default:
		return "known";
	}
}

static void put(struct nf_json *json, const char *key, const char *text)
{
	nf_json_key(json, key);
	nf_json_puts(json, text);
}

static enum nf_err keep(struct nf_store *store, const struct nf_look_result *r,
	const struct nf_look_key *key, int64_t at_us)
{
	char address[NF_ADDR_TEXT_MAX];
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);
	const char *network = key->leg->network->id, *device = r->job->device->name;
	struct nf_sighting seen = {.network = network,
		.source = "ssh",
		.by = device,
		.kind = "hostkey",
		.value = key->offered,
		.address = nf_addr_format(&key->leg->address, address),
		.place = "",
		.detail = state_of(key->cause),
		.day = at_us / NF_DAY_US,
		.hours = 1u << (at_us / NF_HOUR_US % 24),
		.first_wall_us = at_us,
		.last_wall_us = at_us,
		.count = 1};

	nf_json_object(&json);
	put(&json, "key", key->offered);
	put(&json, "known", key->known);
	put(&json, "state", state_of(key->cause));
	put(&json, "address", address);
	nf_json_end(&json);
	enum nf_err e =
		nf_store_fact_put(store, network, device, NF_HOSTKEY_FACT, text.data, at_us);
	if (e == NF_OK)
		e = nf_sighting_put(store, &seen);
	nf_strbuf_free(&text);
	return e;
}

void nf_hostkey_keep(
	struct nf_store *store, const struct nf_look_result *result, struct nf_now now)
{
	enum nf_err e = NF_OK;
	bool any = false;

	for (size_t i = 0; i < result->keys_len; i++)
		any = any || result->keys[i].offered[0] != '\0';
	if (!any || nf_store_begin(store) != NF_OK)
		return;
	for (size_t i = 0; i < result->keys_len && e == NF_OK; i++) {
		if (result->keys[i].offered[0] != '\0')
			e = keep(store, result, &result->keys[i], now.wall_us);
	}
	if (e == NF_OK)
		e = nf_store_commit(store);
	if (e != NF_OK)
		nf_store_rollback(store);
}

/* A stranger at an address that the device has left is no change of its key. */
static const struct nf_look_key *changed_key(const struct nf_look_result *r)
{
	for (size_t i = r->keys_len; i > 0 && !r->reached; i--) {
		const struct nf_look_key *key = &r->keys[i - 1];
		if (key->cause == NF_CAUSE_HOST_KEY_CHANGED ||
			key->cause == NF_CAUSE_HOST_KEY_REVOKED)
			return key;
	}
	return NULL;
}

void nf_hostkey_judge(struct nf_judge *judge, const struct nf_look_result *result,
	int64_t interval_us, struct nf_now now)
{
	static const char check[] = "ssh host key";
	const struct nf_device *device = result->job->device;
	const struct nf_look_key *changed = changed_key(result);
	char output[1000];

	if (!changed && !(result->reached && nf_judge_has(judge, device, check)))
		return;
	if (changed)
		snprintf(output, sizeof output,
			"%s: the server shows %s, known is %s; another machine, a new "
			"installation, or somebody in between",
			state_of(changed->cause), changed->offered, changed->known);
	else
		snprintf(output, sizeof output, "the known one again: %s",
			result->keys[result->keys_len - 1].offered);
	struct nf_answer answer = {.device = device,
		.check = check,
		.state = changed ? NF_STATE_CRITICAL : NF_STATE_OK,
		.output = output,
		.interval_us = interval_us,
		.alone = true,
		.finding = true};
	nf_judge_observe(judge, &answer, now);
}

bool nf_hostkey_of(const char *json, char *buf, size_t size)
{
	json_t *root = json_loads(json, 0, NULL);
	const char *key = json_string_value(json_object_get(root, "key"));
	bool found = key && key[0] != '\0';

	if (found)
		snprintf(buf, size, "%s", key);
	json_decref(root);
	return found;
}

struct holder {
	const struct nf_device *device;
	char key[120];
};

struct holders {
	const struct nf_site *site;
	struct holder *items;
	size_t len, cap;
};

static void take(const char *network, const char *device, const char *name, const char *json,
	int64_t at_us, void *arg)
{
	struct holders *h = arg;
	struct holder holder = {.device = nf_site_device(h->site, device)};
	bool is_leg = false;

	(void)at_us;
	if (strcmp(name, NF_HOSTKEY_FACT) != 0 || !holder.device)
		return;
	for (size_t i = 0; i < holder.device->legs_len; i++)
		is_leg = is_leg || strcmp(holder.device->legs[i].network->id, network) == 0;
	if (!is_leg || !nf_hostkey_of(json, holder.key, sizeof holder.key))
		return;
	h->items = nf_grow(h->items, h->len, &h->cap, sizeof *h->items);
	h->items[h->len++] = holder;
}

static int by_key(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void say_shared(struct nf_judge *judge, const struct holder *holder,
	const struct nf_device *other, int64_t interval_us, struct nf_now now)
{
	static const char check[] = "ssh host key shared";
	char output[400];

	if (!other && !nf_judge_has(judge, holder->device, check))
		return;
	if (other)
		snprintf(output, sizeof output,
			"%s shows %s, too: one machine under two names, or a copied one",
			other->name, holder->key);
	else
		snprintf(output, sizeof output, "its own: %s", holder->key);
	struct nf_answer answer = {.device = holder->device,
		.check = check,
		.state = other ? NF_STATE_WARNING : NF_STATE_OK,
		.output = output,
		.interval_us = interval_us,
		.alone = true,
		.finding = true};
	nf_judge_observe(judge, &answer, now);
}

void nf_hostkey_judge_shared(struct nf_judge *judge, struct nf_store *store,
	const struct nf_site *site, int64_t interval_us, struct nf_now now)
{
	struct holders h = {.site = site};

	nf_store_facts(store, NULL, NULL, take, &h);
	if (h.len > 0)
		qsort(h.items, h.len, sizeof *h.items, by_key);
	for (size_t from = 0, to; from < h.len; from = to) {
		for (to = from + 1; to < h.len && by_key(&h.items[from], &h.items[to]) == 0;)
			to++;
		for (size_t i = from; i < to; i++) {
			const struct nf_device *other = NULL;
			for (size_t k = from; k < to && !other; k++) {
				if (h.items[k].device != h.items[i].device)
					other = h.items[k].device;
			}
			say_shared(judge, &h.items[i], other, interval_us, now);
		}
	}
	free(h.items);
}
