// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/listeners.h"

#include <string.h>

#include "base/i18n.h"
#include "base/parse.h"
#include "base/put.h"
#include "checks/cutover/kept.h"

#define KEPT	    "cutover.listeners"
#define DAY_HOURS   24
#define DAY_MINUTES (DAY_HOURS * 60)
#define DAY_S	    (DAY_HOURS * 3600)
/* A restart, a reload: what is missing of a day that is as good as whole. */
#define GOOD_MINUTES (DAY_MINUTES * 19 / 20)

void nf_listeners_add(
	struct nf_listener *list, size_t len, const struct nf_coverage *c, int64_t now_us)
{
	struct nf_listener *l = list;

	while (l < list + len && strcmp(l->sensor, c->sensor) != 0)
		l++;
	if (l == list + len)
		return;
	uint64_t minutes = c->minutes & NF_MINUTES_ALL;
	if (minutes) {
		int64_t end_us =
			c->hour * NF_HOUR_US + (64 - __builtin_clzll(minutes)) * NF_MINUTE_US;
		l->last_wall_us = end_us > l->last_wall_us ? end_us : l->last_wall_us;
	}
	if (c->hour < now_us / NF_HOUR_US - DAY_HOURS)
		return;
	l->minutes += (uint64_t)__builtin_popcountll(minutes);
	l->listened_s += c->seconds;
	l->frames += c->frames;
	l->drops += c->drops;
	l->canaries_sent += c->canaries_sent;
	l->canaries_seen += c->canaries_seen;
}

void nf_listeners_put(
	struct nf_json *j, const char *network, const struct nf_listener *list, size_t len)
{
	nf_json_key(j, network);
	nf_json_array(j);
	for (size_t i = 0; i < len; i++) {
		nf_json_object(j);
		nf_put_text(j, "sensor", list[i].sensor);
		nf_put_i64(j, "minutes", (int64_t)list[i].minutes);
		nf_put_i64(j, "listened_s", (int64_t)list[i].listened_s);
		nf_put_i64(j, "frames", (int64_t)list[i].frames);
		nf_put_i64(j, "drops", (int64_t)list[i].drops);
		nf_put_i64(j, "canaries_sent", (int64_t)list[i].canaries_sent);
		nf_put_i64(j, "canaries_seen", (int64_t)list[i].canaries_seen);
		nf_put_i64(j, "last", list[i].last_wall_us);
		nf_json_end(j);
	}
	nf_json_end(j);
}

enum nf_err nf_listeners_keep(struct nf_store *store, const char *json)
{
	return nf_kept_put(store, KEPT, json);
}

enum nf_err nf_listeners_read(struct nf_store *store, json_t **networks)
{
	return nf_kept_read(store, KEPT, JSON_OBJECT, networks);
}

static uint64_t count_in(const json_t *item, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(item, key));

	return n > 0 ? (uint64_t)n : 0;
}

bool nf_listener_read(const json_t *item, struct nf_listener *out)
{
	const char *sensor = json_string_value(json_object_get(item, "sensor"));

	if (!sensor)
		return false;
	*out = (struct nf_listener){
		.sensor = sensor,
		.minutes = count_in(item, "minutes"),
		.listened_s = count_in(item, "listened_s"),
		.frames = count_in(item, "frames"),
		.drops = count_in(item, "drops"),
		.canaries_sent = count_in(item, "canaries_sent"),
		.canaries_seen = count_in(item, "canaries_seen"),
		.last_wall_us = (int64_t)count_in(item, "last"),
	};
	return true;
}

/* What is most to be mended, first. */
void nf_listener_why(const struct nf_listener *l, struct nf_strbuf *out)
{
	bool is_wire = strncmp(l->sensor, "wire:", strlen("wire:")) == 0;
	char listened[NF_QUANTITY_MAX];

	if (l->minutes >= GOOD_MINUTES && l->frames > 0)
		return;
	if (l->listened_s == 0 && is_wire)
		nf_strbuf_puts(out,
			_("it did not listen: is netfold-wire running, and the interface up?"));
	else if (l->listened_s == 0)
		nf_strbuf_puts(out, _("its tables could not be read whole"));
	else if (l->canaries_sent > 0 && l->canaries_seen == 0)
		nf_strbuf_puts(out, _("no canary came back: does the mirror port mirror?"));
	else if (l->canaries_seen < l->canaries_sent)
		nf_strbuf_printf(out, _("%llu of %llu canaries did not come back"),
			(unsigned long long)(l->canaries_sent - l->canaries_seen),
			(unsigned long long)l->canaries_sent);
	else if (l->frames == 0)
		nf_strbuf_puts(out, _("nobody else was heard"));
	else if (l->drops > l->frames / 1000)
		nf_strbuf_printf(out, _("%llu frames were lost"), (unsigned long long)l->drops);
	else if (l->listened_s < DAY_S)
		nf_strbuf_printf(out, _("it listened for %s"),
			nf_format_age((int64_t)l->listened_s * NF_US_PER_S, listened));
	else
		nf_strbuf_puts(out, _("too little was heard in between"));
}
