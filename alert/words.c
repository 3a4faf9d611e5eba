// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/words.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void copy_word(struct nf_word *to, const struct nf_word_row *row)
{
	to->id = row->id;
	to->from_wall_us = row->from_wall_us;
	to->until_wall_us = row->until_wall_us;
	to->scope = nf_xstrdup(row->scope);
	to->who = nf_xstrdup(row->who);
	to->text = nf_xstrdup(row->text);
}

static void free_word(struct nf_word *word)
{
	free(word->scope);
	free(word->who);
	free(word->text);
}

static void unsilence(struct nf_words *w, int64_t id)
{
	for (size_t i = 0; i < w->silences_len; i++) {
		if (w->silences[i].id != id)
			continue;
		free_word(&w->silences[i]);
		w->silences[i] = w->silences[--w->silences_len];
		return;
	}
}

static void take(const struct nf_word_row *row, void *arg)
{
	struct nf_words *w = arg;
	if (strcmp(row->kind, "silence") == 0) {
		w->silences = nf_grow(
			w->silences, w->silences_len, &w->silences_cap, sizeof *w->silences);
		copy_word(&w->silences[w->silences_len++], row);
	} else if (strcmp(row->kind, "unsilence") == 0) {
		unsilence(w, row->number);
	} else if (strcmp(row->kind, "cover") == 0) {
		w->covers =
			nf_grow(w->covers, w->covers_len, &w->covers_cap, sizeof *w->covers);
		copy_word(&w->covers[w->covers_len++], row);
	}
}

enum nf_err nf_words_read(struct nf_store *outbox, int64_t at_wall_us, struct nf_words *words)
{
	struct nf_words w = {0};
	enum nf_err rc = nf_words(outbox, 0, at_wall_us, take, &w);
	if (rc != NF_OK) {
		nf_words_free(&w);
		return rc;
	}
	nf_words_free(words);
	*words = w;
	return NF_OK;
}

void nf_words_free(struct nf_words *words)
{
	for (size_t i = 0; i < words->silences_len; i++)
		free_word(&words->silences[i]);
	for (size_t i = 0; i < words->covers_len; i++)
		free_word(&words->covers[i]);
	free(words->silences);
	free(words->covers);
	*words = (struct nf_words){0};
}

/* "DEVICE", "NETWORK/DEVICE", "NETWORK/DEVICE/CHECK"; a check's name may hold slashes. */
static bool covers(
	const char *scope, const char *network, const char *device, const char *check)
{
	const char *first = strchr(scope, '/');
	if (first == NULL)
		return fnmatch(scope, *device != '\0' ? device : network, 0) == 0;
	const char *second = strchr(first + 1, '/');
	char *one = nf_xstrndup(scope, (size_t)(first - scope));
	char *two = second != NULL ? nf_xstrndup(first + 1, (size_t)(second - first - 1))
				   : nf_xstrdup(first + 1);
	bool yes = fnmatch(one, network, 0) == 0 && fnmatch(two, device, 0) == 0 &&
		   (second == NULL || fnmatch(second + 1, check, 0) == 0);
	free(one);
	free(two);
	return yes;
}

static bool holds(const struct nf_word *word, int64_t at_wall_us)
{
	return word->from_wall_us <= at_wall_us && at_wall_us < word->until_wall_us;
}

const struct nf_word *nf_words_silence(const struct nf_words *words, const char *network,
	const char *device, const char *check, int64_t at_wall_us)
{
	for (size_t i = 0; i < words->silences_len; i++)
		if (holds(&words->silences[i], at_wall_us) &&
			covers(words->silences[i].scope, network, device, check))
			return &words->silences[i];
	return NULL;
}

const struct nf_word *nf_words_cover(
	const struct nf_words *words, const char *rota, int64_t at_wall_us)
{
	const struct nf_word *found = NULL;
	for (size_t i = 0; i < words->covers_len; i++) {
		const struct nf_word *c = &words->covers[i];
		if (holds(c, at_wall_us) &&
			(*c->scope == '\0' || strcmp(c->scope, rota) == 0) &&
			(found == NULL || c->id > found->id))
			found = c;
	}
	return found;
}
