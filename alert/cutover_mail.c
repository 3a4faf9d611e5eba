// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/cutover_mail.h"

#include <stdlib.h>

#include "alert/cutover_news.h"
#include "base/log.h"

#define TOLD	"cutover.told"
#define LOOK_US (60 * NF_US_PER_S)

/* False: not now; a damaged value is one of which nothing is known. */
static bool read_told(struct nf_move_mails *m, struct nf_store *outbox)
{
	char *text = NULL;
	if (m->told != NULL)
		return true;
	enum nf_err rc = nf_store_value_get(outbox, TOLD, &text);
	if (rc != NF_OK && rc != NF_ENOENT)
		return false;
	m->told = text != NULL ? json_loads(text, 0, NULL) : NULL;
	if (!json_is_object(m->told)) {
		json_decref(m->told);
		m->told = json_object();
	}
	free(text);
	return true;
}

static void owe(struct nf_core *core, struct nf_move_news *news, int64_t now_wall_us)
{
	const struct nf_cutover *c = &core->site->cutover;
	/* A Message-ID holds the instant: no two are of the same. */
	for (size_t i = 0; i < news->len; i++)
		for (size_t k = 0; k < c->team.len; k++)
			nf_core_tell_plain(core, c->team.items[k], &news->items[i],
				now_wall_us + (int64_t)i);
}

void nf_move_mails_look(struct nf_move_mails *m, struct nf_core *core, struct nf_store *outbox,
	struct nf_store *state, struct nf_now now)
{
	struct nf_moves moves;
	struct nf_move_news news;
	if (core->site->cutover.team.len == 0 || state == NULL || m->unsaved ||
		(m->looked_mono_us != 0 && now.mono_us - m->looked_mono_us < LOOK_US) ||
		!read_told(m, outbox))
		return;
	m->looked_mono_us = now.mono_us;
	if (nf_moves_read(core->site, state, now.wall_us, &moves) != NF_OK) {
		nf_log_limited("moves", NF_LOG_WARN, "notify", "%s", nf_store_error(state));
		return;
	}
	json_t *before = json_deep_copy(m->told);
	nf_move_news_find(&news, m->told, &moves, state);
	owe(core, &news, now.wall_us);
	m->unsaved = !json_equal(before, m->told);
	json_decref(before);
	nf_move_news_free(&news);
	nf_moves_free(&moves);
}

void nf_move_mails_keep(
	struct nf_move_mails *m, const struct nf_ledger *ledger, struct nf_store *outbox)
{
	if (!m->unsaved || ledger->owed != NULL)
		return;
	char *text = json_dumps(m->told, JSON_COMPACT);
	if (text != NULL && nf_store_value_put(outbox, TOLD, text) == NF_OK)
		m->unsaved = false;
	free(text);
}

void nf_move_mails_free(struct nf_move_mails *m)
{
	json_decref(m->told);
	*m = (struct nf_move_mails){0};
}
