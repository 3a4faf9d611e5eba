// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/parse.h"

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
	return strcmp(x->text, y->text);
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

/* Kept in English; what has no arguments is translated by who reads it. */
static void put_reason(struct nf_json *j, const struct nf_reasons_input *in, int64_t at_us,
	const char *source, const char *text)
{
	nf_json_object(j);
	put_at(j, in, "at", at_us);
	nf_json_key(j, "source");
	nf_json_puts(j, source);
	nf_json_key(j, "text");
	nf_json_puts(j, text);
	nf_json_end(j);
}

static void put_text(struct nf_json *j, const struct nf_reasons_input *in, int64_t at_us,
	const char *source, char *text)
{
	put_reason(j, in, at_us, source, text);
	free(text);
}

static void put_side(struct nf_json *j, const struct nf_reasons_input *in, enum nf_side which)
{
	struct side s = collect(in, which);
	size_t shown = 0;

	for (size_t i = 0; i < s.len && shown < NF_REASONS_MAX; i++) {
		bool said = false;

		/* The days of one thing are one reason. */
		for (size_t k = 0; k < i && !said; k++)
			said = strcmp(s.items[k]->text, s.items[i]->text) == 0 &&
			       strcmp(s.items[k]->source, s.items[i]->source) == 0;
		if (said)
			continue;
		shown++;
		put_reason(j, in, s.items[i]->last_us, s.items[i]->source, s.items[i]->text);
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
		char heard[NF_QUANTITY_MAX], wanted[NF_QUANTITY_MAX];
		bool blind = l->evidence.quiet && !nf_quiet_has_sensor(l->evidence.quiet);
		put_text(j, in, 0, "coverage",
			blind ? nf_xasprintf(
					"no sensor listens on %s: its silence proves nothing",
					l->network->id)
			      : nf_xasprintf("silent on %s for %s that were listened to, of %s",
					l->network->id,
					nf_format_age(l->standing.silence_us, heard),
					nf_format_age(in->rules->quiet_us, wanted)));
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
		put_text(j, in, a->exempt_until_us, "people",
			nf_xasprintf("exempt until then: %s", a->exempt_reason));
	put_side(j, in, NF_SIDE_NEW);
	if (!has_arrived(in))
		return;
	put_quiet(j, in, true);
	if (a->is_asked && !a->bad_check)
		put_reason(j, in, 0, "checks", N_("all its checks are ok"));
	if (a->needs_backup && in->legs[0].standing.backup_proved)
		put_reason(j, in, a->backup_us, "backup",
			N_("a backup made after the move is proved"));
}

static void put_identity_doubts(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_identity_list *ids = in->ids;
	bool any = false;

	for (size_t i = 0; i < ids->len; i++) {
		any = any || ids->items[i].strong;
		if (!ids->items[i].strong && strstr(ids->items[i].why, "has it, too"))
			put_text(j, in, ids->items[i].last_us, "identity",
				nf_xasprintf("%s %s proves little: %s", ids->items[i].kind,
					ids->items[i].value, ids->items[i].why));
	}
	if (!any)
		put_reason(j, in, 0, "identity",
			N_("nothing is known by which it could be recognised elsewhere"));
	if (ids->usurper)
		put_text(j, in, ids->usurped_us, "identity",
			nf_xasprintf("another machine, %s, holds its old address since then",
				ids->usurper));
}

static void put_against(struct nf_json *j, const struct nf_reasons_input *in)
{
	const struct nf_around_device *a = in->around;

	put_side(j, in, NF_SIDE_OLD);
	put_identity_doubts(j, in);
	if (a->silent_us && !in->device->silent)
		put_reason(j, in, a->silent_us, "ping", N_("no answer since then"));
	if (a->bad_check)
		put_text(j, in, 0, "checks",
			nf_xasprintf("the check %s is not ok", a->bad_check));
	if (!has_arrived(in)) {
		put_reason(
			j, in, 0, "identity", N_("its identity was not seen on the new side"));
		return;
	}
	put_quiet(j, in, false);
	if (in->rules->month_end && !in->legs[0].standing.has_month_end)
		put_reason(
			j, in, 0, "coverage", N_("no end of a month lies in the silence yet"));
	if (!a->is_asked)
		put_reason(j, in, 0, "checks", N_("nothing is known of its checks"));
	if (a->needs_backup && !in->legs[0].standing.backup_proved)
		put_reason(j, in, a->backup_us, "backup",
			N_("no backup made after the move is proved"));
	if (a->is_aimed)
		put_text(j, in, 0, "backup",
			nf_xasprintf(
				"the backup job %s reads it at its old address", a->aimed_job));
	if (a->called_us)
		put_text(j, in, a->called_us, "callers",
			nf_xasprintf("%s called its old address", a->caller));
	if (a->lease_us > in->now_us)
		put_reason(j, in, a->lease_us, "dhcp",
			N_("a lease of its old address runs until then"));
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

char *nf_reasons_line(const struct nf_reasons_input *in, enum nf_stage stage)
{
	bool is_old = stage == NF_STAGE_DUAL || stage == NF_STAGE_REGRESSED;
	struct side s = collect(in, is_old ? NF_SIDE_OLD : NF_SIDE_NEW);
	char *line;

	if (stage == NF_STAGE_EXEMPT)
		line = nf_xstrdup(in->around->exempt_reason);
	else if (stage == NF_STAGE_LOST)
		line = nf_xstrdup("it used to answer, and was seen on neither side");
	else if (s.len > 0)
		line = nf_xasprintf("%s (%s)", s.items[0]->text, s.items[0]->source);
	else
		line = nf_xstrdup("nothing of it was seen on the new side");
	free(s.items);
	return line;
}
