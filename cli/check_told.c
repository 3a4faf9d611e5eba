// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_told.h"

#include "alert/duty.h"
#include "alert/explain.h"
#include "base/clock.h"
#include "conf/hours.h"
#include "conf/oncall.h"
#include "conf/zone.h"

#define BUSY_MS 1000

struct telling {
	const struct nf_site *site;
	struct nf_store *outbox; /* NULL: nobody said anything yet */
	struct nf_words words;
	struct nf_duty duty;
	int64_t at;
};

static json_t *time_text(const struct telling *t, int64_t wall_us)
{
	char text[NF_ISO8601_MAX];
	return json_string(nf_zone_iso8601(t->site->timezone, wall_us, text));
}

/* Who is mailed of trouble that begins now, when, and why not at once. */
static json_t *one(struct telling *t, const struct nf_subject_of *s, enum nf_state state)
{
	const struct nf_contact *who =
		s->rota != NULL ? nf_duty_contact(&t->duty, s->rota) : NULL;
	int64_t start, end, digest;
	switch (nf_duty_urgency(&t->duty, s, state)) {
	case NF_URGENCY_NOW:
		return json_pack("{s:s, s:s}", "contact", who->id, "when", "at once");
	case NF_URGENCY_HOURS:
		if (nf_service_next(s->service, t->at, &start, &end) != NF_OK)
			break;
		return json_pack("{s:s, s:o}", "when", "when its hours begin", "at",
			time_text(t, start));
	case NF_URGENCY_DIGEST:
		digest = nf_daytime_next(t->site->alerting.digest, t->site->timezone, t->at);
		return json_pack("{s:s, s:o}", "when", "with the morning digest", "at",
			time_text(t, digest));
	case NF_URGENCY_NEVER:
		break;
	}
	return json_pack("{s:s}", "when", "nobody");
}

static json_t *both(struct telling *t, const char *what, const struct nf_subject_of *s)
{
	return json_pack("{s:s, s:o, s:o}", "service", what, "critical",
		one(t, s, NF_STATE_CRITICAL), "warning", one(t, s, NF_STATE_WARNING));
}

static json_t *told(struct telling *t)
{
	json_t *list = json_array();
	NF_EACH(struct nf_service, service, t->site->services)
	{
		struct nf_subject_of s = {.service = service, .rota = service->rota};
		json_array_append_new(list, both(t, service->id, &s));
	}
	struct nf_subject_of rest = {.rota = nf_duty_default(t->site)};
	json_array_append_new(list, both(t, "", &rest));
	return list;
}

static json_t *services_of(const struct telling *t, const struct nf_rota *rota)
{
	json_t *list = json_array();
	NF_EACH(struct nf_service, service, t->site->services)
	{
		if (service->rota == rota)
			json_array_append_new(list, json_string(service->id));
	}
	if (nf_duty_default(t->site) == rota)
		json_array_append_new(list, json_string("all without a service"));
	return list;
}

static json_t *on_call(const struct telling *t)
{
	json_t *list = json_array();
	NF_EACH(struct nf_rota, rota, t->site->rotas)
	{
		const struct nf_contact *who;
		struct nf_strbuf why = {0};
		int64_t until;
		json_t *later = json_array();
		nf_explain_rota(t->site, t->outbox, rota, t->at, &who, &why);
		for (size_t i = 0; i < rota->escalate_to.len; i++)
			json_array_append_new(
				later, json_string(rota->escalate_to.items[i]->id));
		json_t *turn = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I}", "rota",
			rota->id, "contact", who->id, "name", who->name, "mail", who->mail,
			"why", why.data, "services", services_of(t, rota), "escalate_to", later,
			"escalate_after", (json_int_t)(rota->escalate_after_us / NF_US_PER_S));
		if (nf_rota_change(rota, t->site->timezone, t->at, &until) == NF_OK)
			json_object_set_new(turn, "until", time_text(t, until));
		json_array_append_new(list, turn);
		nf_strbuf_free(&why);
	}
	return list;
}

void nf_check_told(const struct nf_site *site, int64_t now_wall_us, json_t *report)
{
	struct telling t = {.site = site, .at = now_wall_us};
	/* Without an outbox, or one that is damaged, the rotas are still true. */
	nf_outbox_open(site->state_dir, NF_STORE_READ, BUSY_MS, &t.outbox, NULL);
	if (t.outbox != NULL)
		nf_words_read(t.outbox, now_wall_us, &t.words);
	nf_duty_init(&t.duty, site, &t.words, now_wall_us);
	json_object_set_new(report, "on_call", on_call(&t));
	json_object_set_new(report, "told", told(&t));
	nf_duty_free(&t.duty);
	nf_words_free(&t.words);
	nf_store_close(t.outbox);
}
