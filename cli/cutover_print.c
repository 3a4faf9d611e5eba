// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cutover_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/parse.h"
#include "base/text.h"
#include "checks/cutover/duplicates.h"
#include "checks/cutover/listeners.h"
#include "checks/cutover/reason.h"
#include "cli/at.h"
#include "cli/fold.h"
#include "cli/table.h"

#define LEDGERS_MAX 5 /* devices whose whole ledger is shown */

/* What somebody has to do something about, first. */
static const enum nf_stage order[] = {NF_STAGE_REGRESSED, NF_STAGE_LOST, NF_STAGE_DUAL,
	NF_STAGE_MOVED, NF_STAGE_PREPARED, NF_STAGE_PLANNED, NF_STAGE_EXEMPT,
	NF_STAGE_CONFIRMED, NF_STAGE_RELEASED};

/* The width that tables have to fit: scripts have the JSON. */
static size_t table_width(void)
{
	size_t width = nf_fold_terminal();
	return width > 0 ? width : NF_FOLD_USUAL;
}

static void network_row(struct nf_table *t, const struct nf_moves_network *n)
{
	char day[NF_DAY_TEXT_MAX];
	struct nf_strbuf when = {0}, forecast = {0};
	nf_moves_forecast_words(n, &forecast);
	if (n->leave_by_day != 0)
		nf_strbuf_printf(&when, _("leave by %s; "), nf_day_text(n->leave_by_day, day));
	nf_strbuf_printf(&when, _("forecast %s"), forecast.data);
	nf_table_cell(t, n->network != NULL ? n->network->id : "all");
	nf_table_number(t, n->total);
	nf_table_number(t, n->by_stage[NF_STAGE_CONFIRMED] + n->by_stage[NF_STAGE_RELEASED]);
	nf_table_number(t, n->by_stage[NF_STAGE_MOVED]);
	nf_table_number(t, n->by_stage[NF_STAGE_DUAL]);
	nf_table_number(t, n->by_stage[NF_STAGE_REGRESSED]);
	nf_table_number(t, n->by_stage[NF_STAGE_LOST]);
	nf_table_number(t, n->by_stage[NF_STAGE_PLANNED] + n->by_stage[NF_STAGE_PREPARED]);
	nf_table_number(t, n->by_stage[NF_STAGE_EXEMPT]);
	nf_table_number(t, n->unknown);
	nf_table_number(t, n->unlisted);
	nf_table_cell(t, when.data);
	nf_strbuf_free(&when);
	nf_strbuf_free(&forecast);
}

static void print_networks(
	const struct nf_moves *m, const struct nf_cutover_choice *choice, bool colour)
{
	static const char *const headings[] = {"NETWORK", ">TOTAL", ">DONE", ">MOVED", ">DUAL",
		">BACK", ">LOST", ">TO GO", ">EXEMPT", ">UNKNOWN", ">UNLISTED", "WHEN"};
	struct nf_table *t = nf_table_new(headings, sizeof headings / sizeof *headings);
	nf_table_fit(t, table_width());
	for (size_t i = 0; i < m->networks_len; i++)
		if (choice->networks[m->networks[i].network->index])
			network_row(t, &m->networks[i]);
	if (choice->everything && m->networks_len > 1)
		network_row(t, &m->all);
	nf_table_print(t, stdout, colour);
	nf_table_free(t);
}

/* Who listens: without them no silence counts. */
static void print_listeners(const struct nf_moves_network *n)
{
	const json_t *item;
	struct nf_listener l;
	size_t i;
	json_array_foreach(n->listeners, i, item)
	{
		struct nf_strbuf line = {0}, why = {0};
		char seen[NF_QUANTITY_MAX];
		if (!nf_listener_read(item, &l))
			continue;
		nf_listener_why(&l, &why);
		nf_strbuf_printf(&line, _("  %s could see %s of the last day"), l.sensor,
			nf_format_age((int64_t)l.minutes * 60 * NF_US_PER_S, seen));
		nf_strbuf_printf(
			&line, "%s%s", why.len > 0 ? ": " : "", why.len > 0 ? why.data : "");
		nf_fold_lines(stdout, line.data, nf_fold_terminal());
		nf_strbuf_free(&line);
		nf_strbuf_free(&why);
	}
}

static void print_ready(const struct nf_moves_network *n)
{
	size_t by_kind[NF_BLOCKER_MONTH_END + 1] = {0};
	struct nf_strbuf line = {0};
	nf_strbuf_printf(&line, "%s: %s", n->network->id,
		n->stale
			? _("nobody knows whether it can be switched off, it was not computed for over an hour")
		: !n->computed ? _("nobody knows yet whether it can be switched off")
		: n->ready     ? _("ready to switch off")
			       : _("not ready to switch off"));
	for (size_t i = 0; n->computed && i < n->blockers.len; i++)
		by_kind[n->blockers.items[i].kind]++;
	for (int k = 0; k <= NF_BLOCKER_MONTH_END; k++)
		if (by_kind[k] > 0)
			nf_strbuf_printf(&line, ", %s %zu",
				nf_blocker_kind_text((enum nf_blocker_kind)k), by_kind[k]);
	nf_fold_lines(stdout, line.data, table_width());
	nf_strbuf_free(&line);
}

static void print_blockers(const struct nf_moves_network *n, const struct nf_site *site)
{
	print_listeners(n);
	for (size_t i = 0; n->computed && i < n->blockers.len; i++) {
		struct nf_strbuf text = {0};
		nf_strbuf_puts(&text, "  - ");
		nf_blocker_words(&n->blockers.items[i], site->timezone, &text);
		nf_strbuf_puts(&text, "\n      ");
		nf_blocker_task(site, &n->blockers.items[i], &text);
		nf_fold_lines(stdout, text.data, nf_fold_terminal());
		nf_strbuf_free(&text);
	}
}

/* What an item says, escaped. */
static void put_words(const json_t *item, size_t max_bytes, struct nf_strbuf *out)
{
	struct nf_strbuf words = {0};
	nf_reason_item_words(item, &words);
	nf_text_escape(out, words.data, words.len, max_bytes);
	nf_strbuf_free(&words);
}

/* The first that is more than an observation; NULL: there is none. */
static const json_t *first_finding(const json_t *list)
{
	const json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		struct nf_reason reason;
		if (nf_reason_decode(item, &reason) && !nf_reason_is_seen(&reason))
			return item;
	}
	return NULL;
}

/* Of what has moved, what is missing for the next stage, and of what is done, why: that it was on the old side once
 * is no news. */
static const json_t *weightiest(const struct nf_move *m, const json_t *row)
{
	const json_t *pro = json_object_get(row, "for"),
		     *contra = json_object_get(row, "against");
	const json_t *first;
	if (m->stage == NF_STAGE_RELEASED)
		first = first_finding(pro);
	else if (m->stage == NF_STAGE_MOVED || m->stage == NF_STAGE_CONFIRMED)
		first = first_finding(contra);
	else
		first = json_array_get(contra, 0);
	return first != NULL ? first : json_array_get(pro, 0);
}

static void put_first_reason(const struct nf_move *m, struct nf_strbuf *out)
{
	if (m->exempt_reason != NULL) {
		char until[NF_ISO8601_MAX];
		nf_text_escape(out, m->exempt_reason, strlen(m->exempt_reason), 80);
		nf_strbuf_puts(out, " (");
		nf_text_escape(out, m->exempt_owner, strlen(m->exempt_owner), 40);
		nf_strbuf_printf(out, _(", until %.10s)"),
			nf_iso8601(m->exempt_until_wall_us - 1, until));
	} else {
		json_t *row = json_loads(m->json, 0, NULL);
		put_words(weightiest(m, row), 120, out);
		json_decref(row);
	}
	nf_strbuf_puts(out, m->stale ? _(" (not computed for over an hour)") : "");
}

static void device_row(struct nf_table *t, const struct nf_move *m)
{
	char since[NF_AT_MAX];
	struct nf_strbuf why = {0};
	put_first_reason(m, &why);
	nf_table_cell(t, nf_move_stage(m));
	nf_table_cell(t, m->from->id);
	nf_table_cell(t, m->device->name);
	nf_table_cell(t, nf_at_minute(m->since_wall_us, since));
	nf_table_cell(t, m->device->wave != NULL ? m->device->wave->id : "");
	nf_table_cell(t, why.data);
	nf_strbuf_free(&why);
}

/* Without names only those that somebody has to look after; the others are counted above. */
static void print_devices(const struct nf_moves *m, const struct nf_cutover_choice *choice,
	bool is_below, bool colour)
{
	static const char *const headings[] = {
		"STAGE", "NETWORK", "DEVICE", "SINCE", "WAVE", "WHY"};
	struct nf_table *t = nf_table_new(headings, 6);
	nf_table_fit(t, table_width());
	size_t shown = choice->everything ? 4 : sizeof order / sizeof *order;
	for (size_t s = 0; s < shown; s++)
		for (size_t i = 0; i < m->len; i++)
			if (choice->devices[m->items[i].device->index] && m->items[i].known &&
				m->items[i].stage == order[s])
				device_row(t, &m->items[i]);
	for (size_t i = 0; i < m->len; i++)
		if (choice->devices[m->items[i].device->index] &&
			(!m->items[i].known ||
				(choice->everything && m->items[i].exempt_reason != NULL)))
			device_row(t, &m->items[i]);
	if (is_below && !nf_table_is_empty(t))
		putchar('\n');
	nf_table_print(t, stdout, colour);
	nf_table_free(t);
}

static const char *text_of(const json_t *item, const char *key)
{
	const char *text = json_string_value(json_object_get(item, key));
	return text != NULL ? text : "";
}

static void add_reasons(
	struct nf_table *t, const json_t *row, const char *key, const char *sign)
{
	json_t *item;
	size_t i;
	json_array_foreach(json_object_get(row, key), i, item)
	{
		struct nf_strbuf words = {0};
		char at[NF_AT_MAX];
		nf_table_cell(t, sign);
		nf_table_cell(t, nf_at_of_iso8601(text_of(item, "at"), at));
		nf_table_cell(t, text_of(item, "source"));
		put_words(item, 200, &words);
		nf_table_cell(t, words.len > 0 ? words.data : "");
		nf_strbuf_free(&words);
	}
}

/* The ledger of a device that was asked for by its name. */
static void print_ledger(const struct nf_move *m)
{
	json_t *row = json_loads(m->json, 0, NULL);
	struct nf_table *t = nf_table_new(NULL, 4);
	putchar('\n');
	printf(_("%s is %s"), m->device->name,
		m->known ? nf_stage_words(m->stage) : _("unknown"));
	putchar('\n');
	add_reasons(t, row, "for", "  +");
	add_reasons(t, row, "against", "  -");
	nf_table_print(t, stdout, false);
	nf_table_free(t);
	json_decref(row);
}

/* "00:1b:21:00:01:01", or "… to …, 50 in all". */
static void put_values(const json_t *list, size_t from, size_t len, struct nf_strbuf *out)
{
	const char *ends[] = {
		json_string_value(json_object_get(json_array_get(list, from), "value")),
		json_string_value(
			json_object_get(json_array_get(list, from + len - 1), "value")),
	};
	for (size_t i = 0; i < (len > 1 ? 2 : 1); i++) {
		nf_strbuf_puts(out, i > 0 ? _(" to ") : "");
		if (ends[i] != NULL)
			nf_text_escape(out, ends[i], strlen(ends[i]), 80);
	}
	if (len > 1)
		nf_strbuf_printf(out, _(", %zu in all"), len);
}

static void print_duplicates(const struct nf_moves *m)
{
	size_t len;
	for (size_t i = 0; i < json_array_size(m->duplicates); i += len) {
		const json_t *item = json_array_get(m->duplicates, i);
		const char *kind = json_string_value(json_object_get(item, "kind"));
		struct nf_strbuf line = {0};
		len = nf_duplicates_run(m->duplicates, i);
		if (i == 0)
			printf("\n%s\n",
				_("Identities that several devices have, which prove nothing of any of them:"));
		nf_strbuf_puts(&line, "  ");
		nf_duplicate_devices(item, &line);
		nf_strbuf_printf(&line, ": %s ",
			_(nf_identity_noun(kind != NULL && *kind != '\0' ? kind : "?")));
		put_values(m->duplicates, i, len, &line);
		nf_fold_lines(stdout, line.data, table_width());
		nf_strbuf_free(&line);
	}
}

void nf_cutover_print(
	const struct nf_moves *m, const struct nf_cutover_choice *choice, bool colour)
{
	size_t networks = 0, devices = 0;
	print_networks(m, choice, colour);
	for (size_t i = 0; i < m->networks_len; i++) {
		if (!choice->networks[m->networks[i].network->index])
			continue;
		if (networks++ == 0 || !choice->everything)
			putchar('\n');
		print_ready(&m->networks[i]);
		if (!choice->everything)
			print_blockers(&m->networks[i], m->site);
	}
	print_devices(m, choice, networks > 0, colour);
	if (choice->everything)
		print_duplicates(m);
	for (size_t i = 0; i < m->len; i++)
		devices += choice->devices[m->items[i].device->index];
	if (networks > 0 || devices > LEDGERS_MAX)
		return;
	for (size_t i = 0; i < m->len; i++)
		if (choice->devices[m->items[i].device->index])
			print_ledger(&m->items[i]);
}
