// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/presence.h"

#include "base/json.h"

void nf_presence_note(struct nf_presence *p, const struct nf_burst *burst, int64_t wall_us)
{
	if (burst->received) {
		if (!p->answered_us || p->silent_us)
			p->told_us = 0;
		p->answered_us = wall_us;
		p->silent_us = 0;
	} else if (burst->lost && !burst->unsure && !p->silent_us) {
		p->silent_us = wall_us;
		p->told_us = 0;
	}
}

bool nf_presence_is_due(const struct nf_presence *p, int64_t wall_us)
{
	int64_t age_us = wall_us - p->told_us;

	return (p->answered_us || p->silent_us) &&
	       (!p->told_us || age_us >= NF_PRESENCE_EVERY_US || age_us < 0);
}

enum nf_err nf_presence_tell(struct nf_store *store, const struct nf_device *device,
	struct nf_presence *const legs[NF_LEGS_MAX], int64_t wall_us)
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
		nf_json_i64(&j, legs[i]->silent_us);
		nf_json_end(&j);
	}
	nf_json_end(&j);
	enum nf_err e = nf_store_fact_put(
		store, device->legs[0].network->id, device->name, "ping", text.data, wall_us);
	for (size_t i = 0; i < device->legs_len && e == NF_OK; i++)
		legs[i]->told_us = wall_us;
	nf_strbuf_free(&text);
	return e;
}
