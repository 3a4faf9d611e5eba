// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/presence.h"

#include <string.h>

#include "base/json.h"

static const json_t *row_of(const json_t *fact, const struct nf_leg *leg)
{
	char text[NF_ADDR_TEXT_MAX];
	const json_t *row;
	size_t i;

	nf_addr_format(&leg->address, text);
	json_array_foreach(fact, i, row)
	{
		const char *network = json_string_value(json_object_get(row, "network"));
		const char *address = json_string_value(json_object_get(row, "address"));

		if (network && address && strcmp(network, leg->network->id) == 0 &&
			strcmp(address, text) == 0)
			return row;
	}
	return NULL;
}

void nf_presence_recall(struct nf_presence *p, const struct nf_leg *leg, const json_t *fact,
	int64_t told_us, int64_t now_wall_us)
{
	const json_t *row = row_of(fact, leg);
	int64_t answered_us = json_integer_value(json_object_get(row, "answered_us"));
	int64_t silent_us = json_integer_value(json_object_get(row, "silent_us"));
	int64_t stop_us = now_wall_us - told_us;

	if (answered_us > 0 && answered_us <= told_us && answered_us <= now_wall_us)
		p->answered_us = answered_us;
	if (silent_us <= 0 || silent_us > told_us)
		return;
	p->silent_for_us = told_us - silent_us;
	if (stop_us > 0 && stop_us <= NF_PRESENCE_STOP_US)
		p->silent_for_us += stop_us;
}

void nf_presence_note(struct nf_presence *p, const struct nf_burst *burst, struct nf_now now)
{
	if (burst->received) {
		if (!p->answered_us || p->is_silent)
			p->told_us = 0;
		p->answered_us = now.wall_us;
		p->is_silent = false;
	} else if (burst->lost && !burst->unsure) {
		if (!p->is_silent) {
			p->silent_mono_us = now.mono_us - p->silent_for_us;
			p->told_us = 0;
		}
		p->is_silent = true;
	} else {
		return;
	}
	p->silent_for_us = 0;
}

static int64_t silent_since(const struct nf_presence *p, struct nf_now now)
{
	if (!p->is_silent)
		return p->silent_for_us ? now.wall_us - p->silent_for_us : 0;
	return now.wall_us - (now.mono_us - p->silent_mono_us);
}

bool nf_presence_is_due(const struct nf_presence *p, int64_t wall_us)
{
	int64_t age_us = wall_us - p->told_us;

	return (p->answered_us || p->is_silent) &&
	       (!p->told_us || age_us >= NF_PRESENCE_EVERY_US || age_us < 0);
}

enum nf_err nf_presence_tell(struct nf_store *store, const struct nf_device *device,
	struct nf_presence *const legs[NF_LEGS_MAX], struct nf_now now)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	char address[NF_ADDR_TEXT_MAX];

	nf_json_array(&j);
	for (size_t i = 0; i < device->legs_len; i++) {
		nf_json_object(&j);
		nf_json_key(&j, "network");
		nf_json_puts(&j, device->legs[i].network->id);
		nf_json_key(&j, "address");
		nf_json_puts(&j, nf_addr_format(&device->legs[i].address, address));
		nf_json_key(&j, "answered_us");
		nf_json_i64(&j, legs[i]->answered_us);
		nf_json_key(&j, "silent_us");
		nf_json_i64(&j, silent_since(legs[i], now));
		nf_json_end(&j);
	}
	nf_json_end(&j);
	enum nf_err e = nf_store_fact_put(store, device->legs[0].network->id, device->name,
		"ping", text.data, now.wall_us);
	for (size_t i = 0; i < device->legs_len && e == NF_OK; i++)
		legs[i]->told_us = now.wall_us;
	nf_strbuf_free(&text);
	return e;
}
