// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parse.h"
#include "base/text.h"
#include "checks/cutover/moves_counts.h"
#include "cli/at.h"
#include "cli/fold.h"
#include "cli/table.h"
#include "store/outbox.h"

#define BUSY_MS	  200
#define NAMES_MAX 6 /* of the unreachable ones behind one cause */
#define DAY_US	  (86400 * NF_US_PER_S)

static const enum nf_state worst_first[] = {
	NF_STATE_CRITICAL, NF_STATE_WARNING, NF_STATE_UNKNOWN};

static void cell_since(struct nf_table *t, int64_t wall_us, int64_t now)
{
	char at[NF_AT_MAX], age[NF_QUANTITY_MAX];
	nf_table_cell(t, nf_at_second(wall_us, at));
	nf_table_cell(t, wall_us != 0 ? nf_format_age(now - wall_us, age) : "");
}

/* "wave w1's window until 06:00", with its day where that is more than a day off. */
static void put_window(
	struct nf_strbuf *out, const struct nf_view_window *window, int64_t now_wall_us)
{
	char until[NF_AT_MAX];
	bool is_near = window->until_wall_us - now_wall_us < DAY_US;
	nf_at_minute(window->until_wall_us, until);
	nf_strbuf_printf(out,
		window->wave != NULL ? "%s's window until %s" : "maintenance %s until %s",
		window->id, is_near ? until + NF_AT_CLOCK : until);
}

static void problem_row(struct nf_table *t, const struct nf_picture *p,
	const struct nf_view *view, const char *name)
{
	struct nf_strbuf why = {0};
	char *reason = nf_view_reason(view, p->at_wall_us);
	nf_strbuf_puts(&why, reason);
	if (view->window != NULL) {
		nf_strbuf_puts(&why, "; in ");
		put_window(&why, view->window, p->at_wall_us);
	}
	nf_table_state(t, view->state);
	nf_table_cell(t, view->network != NULL ? view->network->id : "");
	nf_table_cell(t, name);
	cell_since(t, view->since_wall_us, p->at_wall_us);
	nf_table_cell(t, why.data);
	nf_strbuf_free(&why);
	free(reason);
}

struct behind {
	const char *cause, *network;
	int64_t since_wall_us;
	size_t count;
	struct nf_strbuf names;
};

static struct behind *behind_of(
	struct behind **list, size_t *len, size_t *cap, const struct nf_view *v)
{
	bool own = strcmp(v->worst->cause, "uplink") == 0;
	for (size_t i = 0; i < *len; i++)
		if (strcmp((*list)[i].cause, v->worst->cause) == 0 &&
			(!own || (*list)[i].network == v->network->id))
			return &(*list)[i];
	*list = nf_grow(*list, *len, cap, sizeof **list);
	struct behind *b = &(*list)[(*len)++];
	*b = (struct behind){
		.cause = v->worst->cause,
		.network = v->network->id,
		.since_wall_us = v->since_wall_us,
	};
	return b;
}

/* One row a cause, however many devices lie behind it. */
static void unreachable_rows(
	struct nf_table *t, const struct nf_picture *p, const struct nf_status_choice *choice)
{
	struct behind *list = NULL;
	size_t len = 0, cap = 0;
	for (size_t i = 0; i < p->site->devices.len; i++) {
		const struct nf_view *v = &p->devices[i];
		if (!choice->devices[i] || v->state != NF_STATE_UNREACHABLE)
			continue;
		struct behind *b = behind_of(&list, &len, &cap, v);
		if (v->since_wall_us < b->since_wall_us)
			b->since_wall_us = v->since_wall_us;
		if (b->count++ < NAMES_MAX)
			nf_strbuf_printf(
				&b->names, "%s%s", b->count > 1 ? ", " : "", v->device->name);
	}
	for (size_t i = 0; i < len; i++) {
		struct behind *b = &list[i];
		char count[40];
		snprintf(count, sizeof count, "%zu device%s", b->count,
			b->count == 1 ? "" : "s");
		if (b->count > NAMES_MAX)
			nf_strbuf_puts(&b->names, ", …");
		char *why = nf_xasprintf("behind %s: %s", b->cause, b->names.data);
		nf_table_state(t, NF_STATE_UNREACHABLE);
		nf_table_cell(t, b->network);
		nf_table_cell(t, count);
		cell_since(t, b->since_wall_us, p->at_wall_us);
		nf_table_cell(t, why);
		free(why);
		nf_strbuf_free(&b->names);
	}
	free(list);
}

static void print_problems(
	const struct nf_picture *p, const struct nf_status_choice *choice, bool colour)
{
	static const char *const headings[] = {
		"STATE", "NETWORK", "WHAT", "SINCE", "FOR", "WHY"};
	struct nf_table *t = nf_table_new(headings, 6);
	if (choice->everything && p->monitor.state != NF_STATE_OK)
		problem_row(t, p, &p->monitor, "netfold itself");
	for (size_t i = 0; choice->everything && i < p->site->networks.len; i++)
		if (p->networks[i].state != NF_STATE_OK)
			problem_row(t, p, &p->networks[i], "the network");
	for (size_t s = 0; s < sizeof worst_first / sizeof *worst_first; s++) {
		for (size_t i = 0; i < p->site->devices.len; i++)
			if (choice->devices[i] && p->devices[i].state == worst_first[s])
				problem_row(t, p, &p->devices[i], p->devices[i].device->name);
		if (worst_first[s] == NF_STATE_CRITICAL)
			unreachable_rows(t, p, choice);
	}
	nf_table_print(t, stdout, colour);
	nf_table_free(t);
}

static void total_row(
	struct nf_table *t, const char *name, size_t total, const size_t by_state[NF_STATES])
{
	nf_table_cell(t, name);
	nf_table_number(t, by_state[NF_STATE_OK]);
	nf_table_number(t, by_state[NF_STATE_WARNING]);
	nf_table_number(t, by_state[NF_STATE_CRITICAL]);
	nf_table_number(t, by_state[NF_STATE_UNREACHABLE]);
	nf_table_number(t, by_state[NF_STATE_UNKNOWN]);
	nf_table_number(t, total);
}

static void print_totals(const struct nf_picture *p)
{
	static const char *const headings[] = {"NETWORK", ">OK", ">WARNING", ">CRITICAL",
		">UNREACHABLE", ">UNKNOWN", ">TOTAL"};
	struct nf_table *t = nf_table_new(headings, 7);
	size_t by_state[NF_STATES];
	NF_EACH(struct nf_network, n, p->site->networks)
	{
		size_t total = nf_picture_count(p, n, by_state);
		total_row(t, n->id, total, by_state);
	}
	size_t total = nf_picture_count(p, NULL, by_state);
	total_row(t, "all", total, by_state);
	nf_table_print(t, stdout, false);
	nf_table_free(t);
}

static void print_programs(const struct nf_picture *p, bool colour)
{
	for (size_t i = 0; i < p->programs_len; i++) {
		const struct nf_view_program *g = &p->programs[i];
		char age[NF_QUANTITY_MAX];
		if (g->alive)
			continue;
		enum nf_state state = NF_STATE_UNKNOWN;
		printf("%s%s %s is not running%s; last seen %s ago\n",
			nf_state_colour(state, colour), nf_state_sign(state), g->name,
			nf_colour_off(colour),
			nf_format_age(p->at_wall_us - g->beat_wall_us, age));
	}
}

/* Whether what people are to hear reaches them. */
static void print_mail(const struct nf_picture *p)
{
	struct nf_store *outbox = NULL;
	struct nf_outbox_figures f;
	char age[NF_QUANTITY_MAX], lag[NF_QUANTITY_MAX];
	enum nf_err rc =
		nf_outbox_open(p->site->state_dir, NF_STORE_READ, BUSY_MS, &outbox, NULL);
	if (rc == NF_OK)
		rc = nf_outbox_figures(outbox, &f);
	nf_store_close(outbox);
	if (rc != NF_OK || (f.waiting == 0 && f.last_sent_wall_us == 0))
		return;
	printf("mail: %llu wait", (unsigned long long)f.waiting);
	if (f.oldest_wall_us != 0)
		printf(", the oldest for %s",
			nf_format_age(p->at_wall_us - f.oldest_wall_us, age));
	if (f.last_sent_wall_us != 0)
		printf("; the last left %s ago, %s after it was owed",
			nf_format_age(p->at_wall_us - f.last_sent_wall_us, age),
			nf_format_age(f.last_lag_us, lag));
	putchar('\n');
}

/* In the width of the terminal. Takes the line. */
static void print_line(char *line)
{
	nf_fold_print(stdout, line, 0, 2, nf_fold_terminal());
	putchar('\n');
	free(line);
}

static void print_heading(const struct nf_picture *p)
{
	char at[NF_ISO8601_MAX], name[200];
	printf("%s, %s\n\n", nf_text_escape_buf(name, sizeof name, p->site->name),
		nf_iso8601(p->at_wall_us, at));
}

static void print_moves(const struct nf_moves *moves)
{
	struct nf_strbuf words = {0};
	if (moves != NULL)
		nf_moves_counts_words(moves, &words);
	if (words.len > 0) {
		putchar('\n');
		print_line(nf_xasprintf("cutover: %s", words.data));
	}
	nf_strbuf_free(&words);
}

/* Why nobody is mailed about what is wrong there. */
static void print_windows(const struct nf_picture *p, const struct nf_status_choice *choice)
{
	bool any = false;
	for (size_t w = 0; w < p->windows_len; w++) {
		struct nf_strbuf words = {0};
		size_t count = 0;
		for (size_t i = 0; i < p->site->devices.len; i++)
			count += choice->devices[i] && p->devices[i].window == &p->windows[w];
		put_window(&words, &p->windows[w], p->at_wall_us);
		if (count > 0 && !any)
			putchar('\n');
		if (count > 0)
			print_line(nf_xasprintf("%s: no mail leaves for %zu device%s",
				words.data, count, count == 1 ? "" : "s"));
		any |= count > 0;
		nf_strbuf_free(&words);
	}
}

void nf_status_print(const struct nf_picture *picture, const struct nf_moves *moves,
	const struct nf_status_choice *choice, bool colour)
{
	print_heading(picture);
	if (!picture->recorded) {
		print_line(nf_xasprintf(
			"Nothing was ever recorded in %s: `netfold run` has not run here.",
			picture->site->state_dir));
		putchar('\n');
	}
	print_problems(picture, choice, colour);
	if (!choice->everything)
		return;
	if (nf_picture_worst(picture) != NF_STATE_OK)
		putchar('\n');
	print_totals(picture);
	print_windows(picture, choice);
	print_moves(moves);
	if (choice->pass)
		return;
	if (picture->programs_len > 0)
		putchar('\n');
	print_programs(picture, colour);
	print_mail(picture);
}

void nf_status_print_checks(
	const struct nf_picture *picture, const struct nf_status_choice *choice, bool colour)
{
	static const char *const headings[] = {
		"STATE", "DEVICE", "CHECK", "SINCE", "FOR", "ASKED", "WHY"};
	struct nf_table *t = nf_table_new(headings, 7);
	for (size_t i = 0; i < picture->site->devices.len; i++) {
		const struct nf_view *view = &picture->devices[i];
		for (size_t k = 0; choice->devices[i] && k < view->len; k++) {
			const struct nf_view_check *c = &view->checks[k];
			char age[NF_QUANTITY_MAX + 8] = "never";
			if (c->asked_wall_us != 0) {
				char text[NF_QUANTITY_MAX];
				nf_format_age(picture->at_wall_us - c->asked_wall_us, text);
				snprintf(age, sizeof age, "%s ago", text);
			}
			char *why = nf_xasprintf("%s%s%s%s", c->output,
				*c->cause != '\0' ? "; behind " : "", c->cause,
				c->flapping ? "; flapping" : "");
			nf_table_state(t, c->state);
			nf_table_cell(t, view->device->name);
			nf_table_cell(t, c->name);
			cell_since(t, c->since_wall_us, picture->at_wall_us);
			nf_table_cell(t, age);
			nf_table_cell(t, why);
			free(why);
		}
	}
	nf_table_print(t, stdout, colour);
	nf_table_free(t);
	print_windows(picture, choice);
}
