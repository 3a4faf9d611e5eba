// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/writer.h"

#include <stdio.h>
#include <string.h>

#include "store/sightings.h"

enum { SLICE_ROWS = 500, PLACE_MAX = 24, HOW_MAX = 16, DETAIL_MAX = 320 };

static const char *const sources[] = {
	[NF_NOTE_WIRE] = "wire",
	[NF_NOTE_ARP] = "arp",
	[NF_NOTE_NDP] = "ndp",
	[NF_NOTE_DHCP] = "dhcp",
	[NF_NOTE_MDNS] = "mdns",
	[NF_NOTE_LLMNR] = "llmnr",
	[NF_NOTE_NETBIOS] = "netbios",
	[NF_NOTE_LLDP] = "lldp",
	[NF_NOTE_CDP] = "cdp",
	[NF_NOTE_RELEASE] = "release",
};

static const char *address_text(const struct nf_addr *addr, char buf[NF_ADDR_TEXT_MAX])
{
	return addr->family ? nf_addr_format(addr, buf) : "";
}

static const char *mac_text(const struct nf_mac *mac, char buf[NF_MAC_TEXT_MAX])
{
	static const struct nf_mac none;

	return memcmp(mac, &none, sizeof none) ? nf_mac_format(mac, buf) : "";
}

static const char *place_text(const struct nf_note_key *key, char buf[PLACE_MAX])
{
	if (!key->vlans[0] && !key->vlans[1])
		return "";
	if (key->vlans[1])
		snprintf(buf, PLACE_MAX, "vlan %u.%u", key->vlans[0], key->vlans[1]);
	else
		snprintf(buf, PLACE_MAX, "vlan %u", key->vlans[0]);
	return buf;
}

static const char *how_text(const struct nf_note_key *key, char buf[HOW_MAX])
{
	static const char *const words[] = {
		[NF_HOW_ARP] = "arp",
		[NF_HOW_NDP] = "ndp",
		[NF_HOW_TCP] = "tcp",
		[NF_HOW_UDP] = "udp",
		[NF_HOW_ICMP] = "icmp",
		[NF_HOW_DNS] = "dns",
		[NF_HOW_OTHER] = "other",
	};

	if (!key->port && key->how != NF_HOW_OTHER)
		return words[key->how];
	snprintf(buf, HOW_MAX, "%s:%u", words[key->how], key->port);
	return buf;
}

static enum nf_err put_call(struct nf_writer *w, const struct nf_seen_entry *e)
{
	const struct nf_writer_wire *wire = &w->wires[e->key.wire];
	char mac[NF_MAC_TEXT_MAX], from[NF_ADDR_TEXT_MAX], to[NF_ADDR_TEXT_MAX], how[HOW_MAX];

	return nf_caller_put(
		w->store, &(struct nf_caller){.network = wire->network,
				  .by = wire->by,
				  .from_mac = mac_text(&e->key.mac, mac),
				  .from_address = address_text(&e->key.address, from),
				  .to_address = address_text(&e->key.to, to),
				  .how = how_text(&e->key, how),
				  .day = e->key.day,
				  .hours = e->hours,
				  .first_wall_us = e->first_wall_us,
				  .last_wall_us = e->last_wall_us,
				  .count = e->count});
}

static enum nf_err put_sighting(struct nf_writer *w, const struct nf_seen_entry *e)
{
	const struct nf_writer_wire *wire = &w->wires[e->key.wire];
	char mac[NF_MAC_TEXT_MAX], address[NF_ADDR_TEXT_MAX], place[PLACE_MAX],
		detail[DETAIL_MAX];
	struct nf_sighting s = {.network = wire->network,
		.source = sources[e->key.source],
		.by = wire->by,
		.kind = "mac",
		.value = mac_text(&e->key.mac, mac),
		.address = address_text(&e->key.address, address),
		.place = place_text(&e->key, place),
		.detail = e->detail ? e->detail : "",
		.day = e->key.day,
		.hours = e->hours,
		.first_wall_us = e->first_wall_us,
		.last_wall_us = e->last_wall_us,
		.until_wall_us = e->until_wall_us,
		.lent_wall_us = e->lent_wall_us,
		.count = e->count};

	if (e->key.what == NF_NOTE_ADDRESS) {
		s.kind = "address";
		s.value = s.address;
		s.address = "";
	} else if (e->key.what != NF_NOTE_MAC) {
		/* Whose name it is stands beside it; one name of two machines is one row. */
		snprintf(detail, sizeof detail, "of %s", mac);
		s.kind = e->key.what == NF_NOTE_NAME ? "name" : "serial";
		s.value = e->text;
		s.detail = detail;
	}
	return nf_sighting_put(w->store, &s);
}

static enum nf_err put_covers(struct nf_writer *w)
{
	enum nf_err rc = NF_OK;

	for (size_t i = 0; i < w->wires_len; i++) {
		const struct nf_writer_wire *wire = &w->wires[i];

		for (size_t k = 0; !rc && k < wire->cover.due_len; k++) {
			const struct nf_cover_hour *h = &wire->cover.due[k];

			rc = nf_coverage_put(w->store,
				&(struct nf_coverage){.network = wire->network,
					.sensor = wire->by,
					.hour = h->hour,
					.minutes = h->minutes,
					.seconds = (uint32_t)(h->running_us / NF_US_PER_S),
					.frames = h->frames,
					.drops = h->drops,
					.canaries_sent = h->canaries_sent,
					.canaries_seen = h->canaries_seen});
		}
	}
	return rc;
}

void nf_writer_begin(struct nf_writer *w, int64_t wall_us)
{
	if (w->under_way)
		return;
	w->under_way = true;
	w->left = nf_seen_stats(w->table).owed;
	for (size_t i = 0; i < w->wires_len; i++)
		nf_cover_close(&w->wires[i].cover, wall_us);
}

struct slice {
	struct nf_writer *writer;
	enum nf_err rc;
};

static bool put(const struct nf_seen_entry *e, void *arg)
{
	struct slice *s = arg;

	s->rc = e->key.what == NF_NOTE_CALL ? put_call(s->writer, e)
					    : put_sighting(s->writer, e);
	/* What the ledger will never take must not stop the rest. */
	if (s->rc == NF_EINVAL)
		s->rc = NF_OK;
	return s->rc == NF_OK;
}

static void is_written(struct nf_writer *w, size_t count, bool last)
{
	nf_seen_written(w->table, count);
	w->left -= count;
	w->rows += count;
	if (!last)
		return;
	w->under_way = false;
	w->batches++;
	for (size_t i = 0; i < w->wires_len; i++)
		nf_cover_written(&w->wires[i].cover);
}

enum nf_err nf_writer_slice(struct nf_writer *w)
{
	struct slice s = {.writer = w};
	size_t most = w->left < SLICE_ROWS ? w->left : SLICE_ROWS;
	bool last = w->left == most;

	if (!w->under_way)
		return NF_OK;
	s.rc = nf_store_begin(w->store);
	if (s.rc) {
		w->failures++;
		return s.rc;
	}
	nf_seen_each_owed(w->table, most, put, &s);
	if (!s.rc && last)
		s.rc = put_covers(w);
	if (!s.rc)
		s.rc = nf_store_commit(w->store);
	if (s.rc) {
		nf_store_rollback(w->store);
		w->failures++;
		return s.rc;
	}
	is_written(w, most, last);
	return NF_OK;
}
