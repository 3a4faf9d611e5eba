// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/put.h"

/* One side of the scales. */
struct side {
	const struct nf_observation **items;
	size_t len;
};

static int newest_first(const void *a, const void *b)
{
	const struct nf_observation *x = *(const struct nf_observation *const *)a;
	const struct nf_observation *y = *(const struct nf_observation *const *)b;

	if (x->last_us != y->last_us)
		return x->last_us > y->last_us ? -1 : 1;
	return nf_reason_compare(&x->why, &y->why);
}

/* New observations are the same for every leg: those of the first are enough. */
static struct side collect(const struct nf_reasons_input *in, enum nf_side which)
{
	struct side s = {0};
	size_t all = 1;

	for (size_t i = 0; i < in->legs_len; i++)
		all += in->legs[i].evidence.len;
	s.items = nf_xcalloc(all, sizeof *s.items);
	for (size_t i = 0; i < in->legs_len; i++) {
		const struct nf_evidence *e = &in->legs[i].evidence;

		if (which == NF_SIDE_NEW && i > 0)
			break;
		for (size_t n = 0; n < e->len; n++) {
			if (e->items[n].side == which)
				s.items[s.len++] = &e->items[n];
		}
	}
	qsort(s.items, s.len, sizeof *s.items, newest_first);
	return s;
}

static void put_at(
	struct nf_json *j, const struct nf_reasons_input *in, const char *key, int64_t at_us)
{
	char text[40];

	if (at_us <= 0)
		return;
	nf_json_key(j, key);
	nf_json_puts(j, nf_zone_iso8601(in->site->timezone, at_us, text));
}

static void put_reason(struct nf_json *j, const struct nf_reasons_input *in, int64_t at_us,
	const char *source, struct nf_reason reason)
{
	nf_json_object(j);
	put_at(j, in, "at", at_us);
	nf_put_text(j, "source", source);
	nf_reason_encode(&reason, j);
	nf_json_end(j);
}

/* One whose sentence names at most this. */
static void put_about(struct nf_json *j, const struct nf_reasons_input *in, int64_t at_us,
	const char *source, enum nf_reason_kind kind, const char *about)
{
	put_reason(j, in, at_us, source, (struct nf_reason){.kind = kind, .about = about});
}

static void put_plain(struct nf_json *j, const struct nf_reasons_input *in, int64_t at_us,
	const char *source, enum nf_reason_kind kind)
{
	put_about(j, in, at_us, source, kind, NULL);
}

static void put_side(struct nf_json *j, const struct nf_reasons_input *in, enum nf_side which)
{
	struct side s = collect(in, which);
	size_t shown = 0;

	for (size_t i = 0; i < s.len && shown < NF_REASONS_MAX; i++) {
		bool said = false;

		/* The days of one thing are one reason. */
		for (size_t k = 0; k < i && !said; k++)
			said = nf_reason_compare(&s.items[k]->why, &s.items[i]->why) == 0 &&
			       strcmp(s.items[k]->source, s.items[i]->source) == 0;
		if (said)
			continue;
		shown++;
		put_reason(j, in, s.items[i]->last_us, s.items[i]->source, s.items[i]->why);
	}
	free(s.items);
}

static void put_quiet(struct nf_json *j, const struct nf_reasons_input *in, bool enough)
{
	for (size_t i = 0; i < in->legs_len; i++) {
		const struct nf_leg_stand *l = &in->legs[i];
		bool is_enough = l->standing.silence_us >= in->rules->quiet_us;

		if (!l->standing.new_first_us || is_enough != enough)
			continue;
		bool blind = l->evidence.quiet && !nf_quiet_has_sensor(l->evidence.quiet);
		put_reason(j, in, 0, "coverage",
			(struct nf_reason){
				.kind = blind ? NF_REASON_BLIND : NF_REASON_QUIET,
				.about = l->network->id,
				.covered_us = l->standing.silence_us,
				.needed_us = in->rules->quiet_us,
			});
	}
}

static bool has_arrived(const struct nf_reasons_input *in)
{
	return in->legs_len > 0 && in->legs[0].standing.new_first_us > 0;
}

static void put_for(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_around_device *a = in->around;

	if (a->is_exempt)
		put_about(j, in, a->exempt_until_us, "people", NF_REASON_EXEMPT,
			a->exempt_reason);
	put_side(j, in, NF_SIDE_NEW);
	if (!has_arrived(in))
		return;
	put_quiet(j, in, true);
	if (a->is_asked && !a->bad_check)
		put_plain(j, in, 0, "checks", NF_REASON_CHECKS_OK);
	if (a->needs_backup && in->legs[0].standing.backup_proved)
		put_plain(j, in, a->backup_us, "backup", NF_REASON_BACKUP);
}

static void put_identity_doubts(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_identity_list *ids = in->ids;
	bool any = false;

	for (size_t i = 0; i < ids->len; i++) {
		const struct nf_identity *id = &ids->items[i];

		any = any || id->strong;
		if (id->doubt == NF_DOUBT_SHARED)
			put_reason(j, in, id->last_us, "identity",
				(struct nf_reason){
					.kind = NF_REASON_DOUBTED,
					.identity = id->kind,
					.value = id->value,
					.doubt = id->doubt,
					.whose = id->whose,
				});
	}
	if (!any)
		put_plain(j, in, 0, "identity", NF_REASON_UNKNOWABLE);
	if (ids->usurper)
		put_about(j, in, ids->usurped_us, "identity", NF_REASON_USURPED, ids->usurper);
}

static void put_old_address(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_around_device *a = in->around;

	if (a->is_aimed)
		put_about(j, in, 0, "backup", NF_REASON_BACKUP_AIMED, a->aimed_job);
	if (a->called_us)
		put_about(j, in, a->called_us, "callers", NF_REASON_CALLED, a->caller);
	if (a->lease_us > in->now_us)
		put_plain(j, in, a->lease_us, "dhcp", NF_REASON_LEASE);
}

static void put_against(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_around_device *a = in->around;

	put_side(j, in, NF_SIDE_OLD);
	put_identity_doubts(j, in);
	if (a->silent_us && !in->device->silent)
		put_plain(j, in, a->silent_us, "ping", NF_REASON_SILENT);
	if (a->bad_check)
		put_about(j, in, 0, "checks", NF_REASON_CHECK_BAD, a->bad_check);
	if (!has_arrived(in)) {
		put_plain(j, in, 0, "identity", NF_REASON_NOT_ARRIVED);
		return;
	}
	put_quiet(j, in, false);
	if (in->rules->month_end && !in->legs[0].standing.has_month_end)
		put_plain(j, in, 0, "coverage", NF_REASON_NO_MONTH_END);
	if (!a->is_asked)
		put_plain(j, in, 0, "checks", NF_REASON_CHECKS_UNKNOWN);
	if (a->needs_backup && !in->legs[0].standing.backup_proved)
		put_plain(j, in, a->backup_us, "backup", NF_REASON_NO_BACKUP);
	put_old_address(j, in);
}

static void put_legs(struct nf_json *j, const struct nf_reasons_input *in)
{
	nf_json_key(j, "legs");
	nf_json_array(j);
	for (size_t i = 0; i < in->legs_len; i++) {
		const struct nf_standing *s = &in->legs[i].standing;

		nf_json_object(j);
		nf_json_key(j, "network");
		nf_json_puts(j, in->legs[i].network->id);
		nf_json_key(j, "stage");
		nf_json_puts(j, nf_stage_text(s->stage));
		nf_json_key(j, "silent_s");
		nf_json_i64(j, s->silence_us / NF_US_PER_S);
		nf_json_key(j, "quiet_s");
		nf_json_i64(j, in->rules->quiet_us / NF_US_PER_S);
		put_at(j, in, "old_last", s->old_last_us);
		put_at(j, in, "new_first", s->new_first_us);
		put_at(j, in, "new_last", s->new_last_us);
		put_at(j, in, "changed", s->changed_us);
		nf_json_end(j);
	}
	nf_json_end(j);
}

char *nf_reasons_json(const struct nf_reasons_input *in)
{
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);

	nf_json_object(&j);
	put_legs(&j, in);
	nf_json_key(&j, "for");
	nf_json_array(&j);
	put_for(&j, in);
	nf_json_end(&j);
	nf_json_key(&j, "against");
	nf_json_array(&j);
	put_against(&j, in);
	nf_json_end(&j);
	nf_json_end(&j);
	return nf_strbuf_take(&text);
}

/* The reason, and its source; "" where no observation says it. */
static struct nf_reason weightiest(const struct nf_reasons_input *in, enum nf_stage stage,
	struct side s, const char **source)
{
	*source = "";
	if (stage == NF_STAGE_EXEMPT)
		return (struct nf_reason){
			.kind = NF_REASON_SAID, .about = in->around->exempt_reason};
	if (stage == NF_STAGE_LOST)
		return (struct nf_reason){.kind = NF_REASON_LOST};
	if (s.len == 0)
		return (struct nf_reason){.kind = NF_REASON_NOTHING};
	*source = s.items[0]->source;
	return s.items[0]->why;
}

void nf_reasons_line(const struct nf_reasons_input *in, enum nf_stage stage,
	struct nf_strbuf *text, struct nf_strbuf *json)
{
	bool is_old = stage == NF_STAGE_DUAL || stage == NF_STAGE_REGRESSED;
	struct side s = collect(in, is_old ? NF_SIDE_OLD : NF_SIDE_NEW);
	const char *source;
	struct nf_reason reason = weightiest(in, stage, s, &source);
	struct nf_json j = nf_json_of(json);

	nf_reason_english(&reason, text);
	if (*source)
		nf_strbuf_printf(text, " (%s)", source);
	put_reason(&j, in, 0, source, reason);
	free(s.items);
}

static bool stage_at(const json_t *data, const char *key, enum nf_stage *stage)
{
	const char *word = json_string_value(json_object_get(data, key));

	return word && nf_stage_parse(word, stage);
}

void nf_reasons_event_words(const char *data, const char *output, struct nf_strbuf *out)
{
	json_t *json = json_loads(data, 0, NULL);
	const json_t *why = json_object_get(json, "why");
	const char *source = json_string_value(json_object_get(why, "source"));
	struct nf_reason reason;
	enum nf_stage stage, was;

	if (stage_at(json, "stage", &stage) && stage_at(json, "was", &was) &&
		nf_reason_decode(why, &reason)) {
		nf_strbuf_printf(
			out, _("%s, was %s: "), nf_stage_words(stage), nf_stage_words(was));
		nf_reason_words(&reason, out);
		if (source && *source)
			nf_strbuf_printf(out, " (%s)", source);
	} else {
		nf_strbuf_puts(out, output);
	}
	json_decref(json);
}
