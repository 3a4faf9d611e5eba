// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/artefact.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/parse.h"

enum { PAST_MAX = 10, FUTURE_S = 120 };
#define CLOCK_OFF_US (300 * NF_US_PER_S)

static bool ends_in(const char *name, const char *suffix)
{
	size_t len = strlen(name), end = strlen(suffix);

	return len > end && strcasecmp(name + len - end, suffix) == 0;
}

/* rsync writes ".name.XXXXXX" first. */
static bool is_rsync_temporary(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] == '.' && dot > name + 1 && strlen(dot) == 7 &&
	       memchr(name + 1, '.', (size_t)(dot - name - 1)) != NULL;
}

bool nf_artefact_is_partial(const char *name)
{
	static const char *const suffixes[] = {".part", ".partial", ".tmp", ".temp",
		".filepart", ".crdownload", ".download", ".incomplete", ".inprogress",
		".in-progress", ".swp", ".writing", ".~tmp~", ".lock", "~"};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (ends_in(name, suffixes[i]))
			return true;
	}
	return is_rsync_temporary(name);
}

static bool is_partial(const struct nf_remote_entry *e)
{
	return e->is_unfinished || nf_artefact_is_partial(e->name);
}

static void keep_newest(
	const struct nf_remote_entry **newest, const struct nf_remote_entry *entry)
{
	if (*newest == NULL || entry->stat.mtime_s > (*newest)->stat.mtime_s)
		*newest = entry;
}

void nf_artefact_pick(
	const struct nf_remote_entry *entries, size_t len, struct nf_artefact_pick *pick)
{
	*pick = (struct nf_artefact_pick){0};
	for (size_t i = 0; i < len; i++) {
		const struct nf_remote_entry *e = &entries[i];

		if (e->stat.is_dangling) {
			pick->danglings++;
			if (pick->dangling == NULL)
				pick->dangling = e;
		} else if (is_partial(e)) {
			pick->partials++;
			keep_newest(&pick->partial, e);
		} else if (e->stat.is_file) {
			pick->files++;
			keep_newest(&pick->newest, e);
		} else {
			pick->directories++;
		}
	}
}

static int compare_sizes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t nf_artefact_median(
	const struct nf_proof *proof, const struct nf_artefact_seen *seen, size_t *count)
{
	struct nf_artefact_pick pick;
	uint64_t sizes[PAST_MAX];
	size_t len = 0;

	nf_artefact_pick(seen->entries, seen->len, &pick);
	for (size_t i = 0; i < seen->past_len && len < PAST_MAX; i++) {
		if (pick.newest == NULL || seen->past[i].mtime_s < pick.newest->stat.mtime_s)
			sizes[len++] = seen->past[i].size;
	}
	if (len < 3) {
		len = 0;
		for (size_t i = 0; i < seen->len && len < PAST_MAX; i++) {
			const struct nf_remote_entry *e = &seen->entries[i];

			if (e != pick.newest && e->stat.is_file && !e->stat.is_dangling &&
				!is_partial(e) && e->stat.size >= proof->min_size)
				sizes[len++] = e->stat.size;
		}
		/* What was proved counts, whether it still lies there or not. */
		if (len == 0 && seen->past_len > 0 && pick.newest != NULL &&
			seen->past[0].mtime_s < pick.newest->stat.mtime_s)
			sizes[len++] = seen->past[0].size;
	}
	*count = len;
	qsort(sizes, len, sizeof *sizes, compare_sizes);
	return len == 0 ? 0 : sizes[len / 2];
}

static void say_none(const struct nf_artefact_seen *seen, const struct nf_artefact_pick *pick,
	const struct nf_job_run *run, struct nf_proof_answer *answer)
{
	if (pick->partial != NULL &&
		nf_job_is_current(
			run, nf_job_ours(run, pick->partial->stat.mtime_s * NF_US_PER_S)))
		nf_proof_say(answer, NF_PROOF_RUNNING,
			"only %s is there, which is not finished", pick->partial->path);
	else if (pick->dangling != NULL)
		nf_proof_say(answer, NF_PROOF_BAD, "%s is a link to a file that is not there",
			pick->dangling->path);
	else if (pick->partial != NULL)
		nf_proof_say(answer, NF_PROOF_BAD, "only %s is there, which was never finished",
			pick->partial->path);
	else if (pick->directories > 0)
		nf_proof_say(answer, NF_PROOF_BAD,
			"no file matches %s, only %zu director%s (a directory is no backup)",
			seen->pattern, pick->directories, pick->directories == 1 ? "y" : "ies");
	else
		nf_proof_say(answer, NF_PROOF_BAD, "no file matches %s", seen->pattern);
}

/* The text about one file: path, size, mtime. */
struct about {
	char size[NF_QUANTITY_MAX], time[NF_PROOF_TIME_MAX];
	const char *path;
	uint64_t bytes;
};

static struct about about(const struct nf_remote_entry *e, const struct nf_job_run *run)
{
	struct about a = {.path = e->path, .bytes = e->stat.size};

	nf_format_size(e->stat.size, a.size);
	nf_proof_time(run->zone, nf_job_ours(run, e->stat.mtime_s * NF_US_PER_S), a.time);
	return a;
}

static bool judge_times(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_artefact_pick *pick, const struct about *a,
	struct nf_proof_answer *answer)
{
	int64_t mtime_us = pick->newest->stat.mtime_s * NF_US_PER_S;
	int64_t ours_us = nf_job_ours(run, mtime_us), ahead_us = ours_us - run->now_us;
	char text[NF_JOB_CLOCKS_MAX], age[NF_QUANTITY_MAX];

	if (ahead_us > FUTURE_S * NF_US_PER_S) {
		nf_proof_say(answer, NF_PROOF_BAD,
			"%s has a time in the future: %s, %s ahead of %s clock; nothing tells when "
			"it was made",
			a->path, a->time, nf_format_age(ahead_us, age),
			run->clock_known ? "the server's own" : "our");
		return true;
	}
	if (!proof->standing && pick->partial != NULL &&
		pick->partial->stat.mtime_s > pick->newest->stat.mtime_s && run->under_way &&
		!nf_job_is_current(run, ours_us) &&
		nf_job_is_current(
			run, nf_job_ours(run, pick->partial->stat.mtime_s * NF_US_PER_S))) {
		nf_proof_say(answer, NF_PROOF_RUNNING,
			"%s is being written; before it: %s, %s, %s", pick->partial->path,
			a->path, a->size, a->time);
		return true;
	}
	if (!proof->standing && !nf_job_is_fresh(run, ours_us)) {
		nf_proof_say(answer, NF_PROOF_LATE,
			"nothing new at the finish deadline %s: the newest is %s, %s, of %s (%s "
			"old)%s%s",
			nf_job_clocks(run, run->wanted_due_us, text), a->path, a->size, a->time,
			nf_format_age(-ahead_us, age),
			pick->partial != NULL ? "; unfinished: " : "",
			pick->partial != NULL ? pick->partial->name : "");
		return true;
	}
	if (proof->max_age_us > 0 && -ahead_us > proof->max_age_us) {
		char most[NF_QUANTITY_MAX];
		nf_proof_say(answer, NF_PROOF_BAD, "%s, %s, of %s is %s old, more than %s",
			a->path, a->size, a->time, nf_format_age(-ahead_us, age),
			nf_format_age(proof->max_age_us, most));
		return true;
	}
	return false;
}

static bool judge_growth(const struct nf_artefact_seen *seen,
	const struct nf_remote_entry *newest, const struct about *a,
	struct nf_proof_answer *answer)
{
	char later[NF_QUANTITY_MAX];

	if (!seen->has_again || (seen->again.size == newest->stat.size &&
					seen->again.mtime_s == newest->stat.mtime_s))
		return false;
	if (seen->again.size < newest->stat.size)
		nf_proof_say(answer, NF_PROOF_RUNNING,
			"%s is being replaced: %s, a moment later %s", a->path, a->size,
			nf_format_size(seen->again.size, later));
	else
		nf_proof_say(answer, NF_PROOF_RUNNING,
			"%s is still being written: %s, a moment later %s", a->path, a->size,
			nf_format_size(seen->again.size, later));
	return true;
}

static bool judge_size(const struct nf_proof *proof, const struct nf_artefact_seen *seen,
	const struct about *a, struct nf_proof_answer *answer)
{
	char least[NF_QUANTITY_MAX], usual[NF_QUANTITY_MAX];
	size_t runs;
	uint64_t median = nf_artefact_median(proof, seen, &runs);

	if (a->bytes == 0 || a->bytes < proof->min_size) {
		nf_proof_say(answer, NF_PROOF_BAD, "%s of %s has %" PRIu64 " bytes%s%s%s",
			a->path, a->time, a->bytes,
			a->bytes == 0 ? "" : ", less than min_size ",
			a->bytes == 0 ? "" : nf_format_size(proof->min_size, least),
			a->bytes == 0 ? ": it is empty" : "");
		return true;
	}
	double floor = (double)median * (1 - proof->max_drop / 100);
	if (median > 0 && (double)a->bytes < floor) {
		nf_proof_say(answer, NF_PROOF_BAD,
			"%s of %s has only %s; the median of the last %zu is %s (max_drop %g %%)",
			a->path, a->time, a->size, runs, nf_format_size(median, usual),
			proof->max_drop);
		return true;
	}
	return false;
}

static bool judge_kept(const struct nf_proof *proof, const struct nf_artefact_seen *seen,
	const struct about *a, struct nf_proof_answer *answer)
{
	size_t good = 0;

	for (size_t i = 0; i < seen->len; i++) {
		const struct nf_remote_entry *e = &seen->entries[i];

		good += e->stat.is_file && !e->stat.is_dangling && e->stat.size > 0 &&
			e->stat.size >= proof->min_size && !is_partial(e);
	}
	if (good >= proof->keep || seen->truncated)
		return false;
	nf_proof_say(answer, NF_PROOF_BAD,
		"%s of %s is there, but only %zu good cop%s in all; %" PRIu32 " must be kept",
		a->path, a->time, good, good == 1 ? "y" : "ies", proof->keep);
	return true;
}

/* The newest earlier run with the same content. */
static bool judge_sameness(const struct nf_artefact_seen *seen,
	const struct nf_remote_entry *newest, const struct about *a,
	struct nf_proof_answer *answer)
{
	size_t same = 0;

	if (seen->hash == NULL || seen->hash[0] == '\0')
		return false;
	for (size_t i = 0; i < seen->past_len; i++) {
		const struct nf_artefact_past *p = &seen->past[i];

		if (p->mtime_s >= newest->stat.mtime_s || p->hash[0] == '\0')
			continue;
		if (p->size != newest->stat.size || strcmp(p->hash, seen->hash) != 0)
			break;
		same++;
	}
	if (same == 0)
		return false;
	nf_proof_say(answer, NF_PROOF_WARNING,
		"%s, %s, of %s is byte for byte the same as the run before it (%zu in a row): "
		"does the source still change?",
		a->path, a->size, a->time, same + 1);
	return true;
}

static size_t made_since(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_artefact_seen *seen, int64_t from_us, int64_t to_us)
{
	size_t made = 0;

	for (size_t i = 0; i < seen->len; i++) {
		const struct nf_remote_entry *e = &seen->entries[i];
		int64_t at_us = nf_job_ours(run, e->stat.mtime_s * NF_US_PER_S);

		made += e->stat.is_file && !e->stat.is_dangling && at_us >= from_us &&
			at_us < to_us && e->stat.size >= proof->min_size && !is_partial(e);
	}
	return made;
}

/* A job that its timer starts again and again. In the night of 25 hours the clock shows a start twice, and
 * some schedulers take both. Says how many there are where that night excuses them. */
static bool judge_runs(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_artefact_seen *seen, size_t *excused, struct nf_proof_answer *answer)
{
	char from[NF_PROOF_TIME_MAX];
	int64_t from_us = run->current_us - NF_JOB_SLACK_US;
	size_t made = 0;

	*excused = 0;
	if (proof->max_runs == 0 || !run->has_current)
		return false;
	made = made_since(proof, run, seen, from_us, INT64_MAX);
	if (made <= proof->max_runs)
		return false;
	if (run->twice && made <= 2 * (size_t)proof->max_runs) {
		*excused = made;
		return false;
	}
	nf_proof_say(answer, NF_PROOF_WARNING,
		"%zu files that match %s were made since %s, more than max_runs %" PRIu32
		": the job runs too often",
		made, seen->pattern, nf_proof_time(run->zone, run->current_us, from),
		proof->max_runs);
	return true;
}

void nf_artefact_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_artefact_seen *seen, struct nf_proof_answer *answer)
{
	struct nf_artefact_pick pick;
	char off[NF_QUANTITY_MAX], twice[80] = "";
	size_t excused;

	nf_artefact_pick(seen->entries, seen->len, &pick);
	if (pick.newest == NULL) {
		say_none(seen, &pick, run, answer);
		return;
	}
	struct about a = about(pick.newest, run);
	int64_t ahead_us = run->clock_ahead_us;

	if (judge_growth(seen, pick.newest, &a, answer) ||
		judge_times(proof, run, &pick, &a, answer) ||
		judge_size(proof, seen, &a, answer) || judge_kept(proof, seen, &a, answer) ||
		(!proof->standing && judge_sameness(seen, pick.newest, &a, answer)) ||
		judge_runs(proof, run, seen, &excused, answer))
		return;
	if (excused > 0)
		snprintf(twice, sizeof twice,
			"; %zu of this night, in which the hour came twice (DST)", excused);
	if (run->clock_known && llabs(ahead_us) > CLOCK_OFF_US)
		nf_proof_say(answer, NF_PROOF_WARNING,
			"%s, %s, of %s by our clock; the server's own is %s %s", a.path, a.size,
			a.time, nf_format_age(llabs(ahead_us), off),
			ahead_us > 0 ? "ahead" : "behind");
	else
		nf_proof_say(answer, NF_PROOF_OK, "%s, %s, of %s%s%s%s", a.path, a.size, a.time,
			twice,
			pick.dangling != NULL ? "; a link to nothing lies there, too: " : "",
			pick.dangling != NULL ? pick.dangling->name : "");
}
