// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/logtext.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { LINE_MAX_BYTES = 4096, FITS_S = 120 };
#define DAY_US (86400 * NF_US_PER_S)

static bool two(const char *at, int least, int most, int *value)
{
	if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]))
		return false;
	*value = (at[0] - '0') * 10 + at[1] - '0';
	return *value >= least && *value <= most;
}

static bool clock_time(const char *at, struct tm *tm)
{
	return two(at, 0, 23, &tm->tm_hour) && at[2] == ':' &&
	       two(at + 3, 0, 59, &tm->tm_min) && at[5] == ':' &&
	       two(at + 6, 0, 60, &tm->tm_sec);
}

static int64_t instant(struct tm *tm, const char *zone, bool utc)
{
	int64_t local_s = (int64_t)timegm(tm);

	if (utc)
		return local_s * NF_US_PER_S;
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t s = nf_zone_to_instant_s(local_s);
	nf_zone_leave(&stay);
	return s * NF_US_PER_S;
}

/* "Z", "+01:00", "+0100", " +0100" behind a time; false: none. */
static bool offset_of(const char *at, int *offset_s)
{
	int hours, minutes;

	if (*at == '.' || *at == ',') {
		for (at++; isdigit((unsigned char)*at);)
			at++;
	}
	*offset_s = 0;
	if (*at == 'Z')
		return true;
	if (*at == ' ')
		at++;
	if ((*at != '+' && *at != '-') || !two(at + 1, 0, 14, &hours))
		return false;
	const char *rest = at[3] == ':' ? at + 4 : at + 3;
	if (!two(rest, 0, 59, &minutes) || isdigit((unsigned char)rest[2]))
		return false;
	*offset_s = (hours * 3600 + minutes * 60) * (*at == '-' ? -1 : 1);
	return true;
}

static bool iso_time(const char *at, const char *zone, bool utc, int64_t *at_us)
{
	struct tm tm = {0};
	int century, year, month, offset_s;

	if (!two(at, 19, 20, &century) || !two(at + 2, 0, 99, &year) ||
		(at[4] != '-' && at[4] != '/') || !two(at + 5, 1, 12, &month) ||
		at[7] != at[4] || !two(at + 8, 1, 31, &tm.tm_mday) ||
		(at[10] != ' ' && at[10] != 'T' && at[10] != '_') || !clock_time(at + 11, &tm))
		return false;
	tm.tm_year = century * 100 + year - 1900;
	tm.tm_mon = month - 1;
	if (offset_of(at + 19, &offset_s))
		*at_us = ((int64_t)timegm(&tm) - offset_s) * NF_US_PER_S;
	else
		*at_us = instant(&tm, zone, utc);
	return true;
}

/* "Feb  8 01:12:13", as syslog writes it; "Tue Feb  8 01:12:13 2011" of date(1) is found behind its day. */
static bool syslog_time(
	const char *at, const char *zone, bool utc, int64_t year_us, int64_t *at_us)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t near = (time_t)(year_us / NF_US_PER_S);
	struct tm tm = {0}, now;
	const char *month = NULL;

	for (const char *m = months; *m != '\0' && month == NULL; m += 3) {
		if (strncmp(at, m, 3) == 0)
			month = m;
	}
	char day[3] = {at[3] == ' ' && at[4] == ' ' ? '0' : at[4], at[5], '\0'};
	if (month == NULL || at[3] != ' ' || !two(day, 1, 31, &tm.tm_mday) || at[6] != ' ' ||
		!clock_time(at + 7, &tm) || !gmtime_r(&near, &now))
		return false;
	tm.tm_mon = (int)(month - months) / 3;
	tm.tm_year = now.tm_year;
	*at_us = instant(&tm, zone, utc);
	if (*at_us > year_us + 2 * DAY_US) {
		tm.tm_year--;
		*at_us = instant(&tm, zone, utc);
	}
	return true;
}

bool nf_log_line_time(const char *line, size_t len, const char *zone, bool utc, int64_t year_us,
	int64_t *at_us)
{
	char text[80];
	int n = snprintf(text, sizeof text, "%.*s", (int)(len < 48 ? len : 48), line);

	/* Whatever is compared lies inside: zeros follow. */
	memset(text + n, 0, sizeof text - (size_t)n);
	for (int at = 0; at < 12 && at < n; at++) {
		if (at > 0 && isalnum((unsigned char)text[at - 1]))
			continue;
		if (iso_time(text + at, zone, utc, at_us) ||
			syslog_time(text + at, zone, utc, year_us, at_us))
			return true;
	}
	return false;
}

struct scan {
	regex_t success, failure, warning;
	bool has_failure, has_warning;
	const char *zone;
	bool utc;
	int64_t mtime_us; /* ours */
	bool dated;	  /* any line has a time */
	int64_t last_us;  /* of the last dated line */
	/* What was found: of this run, by time; and undated, after the success before the last. */
	bool success_fresh, failure_fresh, success_any;
	int64_t success_us;
	bool success_dated, followed;
	char failed[160], warned[160];
	bool undated_failure;
};

static void match_line(
	struct scan *s, const struct nf_job_run *run, char *line, bool has_time, int64_t at_us)
{
	bool success = regexec(&s->success, line, 0, NULL, 0) == 0;
	bool failure = s->has_failure && regexec(&s->failure, line, 0, NULL, 0) == 0;
	bool fresh = has_time && nf_job_is_fresh(run, nf_job_ours(run, at_us));

	if (line[0] != '\0' && s->success_any && !success)
		s->followed = true;
	if (success) {
		s->success_any = true;
		s->success_fresh = fresh;
		s->success_us = at_us;
		s->success_dated = has_time;
		s->followed = false;
	}
	if (s->has_warning && (fresh || !has_time) &&
		regexec(&s->warning, line, 0, NULL, 0) == 0)
		snprintf(s->warned, sizeof s->warned, "%.159s", line);
	if (failure && (fresh || !has_time)) {
		s->failure_fresh = true;
		snprintf(s->failed, sizeof s->failed, "%.159s", line);
	}
}

/* An undated failure counts from the success before on: each success of an earlier run forgives. */
static void scan_lines(
	struct scan *s, const struct nf_job_run *run, const struct nf_log_seen *seen)
{
	int64_t at_us = 0;
	bool has_time = false, ended_in_success = false;
	char line[LINE_MAX_BYTES];

	for (size_t at = 0; at < seen->len;) {
		const char *end = memchr(seen->text + at, '\n', seen->len - at);
		size_t n = end != NULL ? (size_t)(end - seen->text) - at : seen->len - at;
		size_t keep = n < sizeof line - 1 ? n : sizeof line - 1;

		for (size_t i = 0; i < keep; i++)
			line[i] = seen->text[at + i] != '\0' ? seen->text[at + i] : ' ';
		if (keep > 0 && line[keep - 1] == '\r')
			keep--;
		line[keep] = '\0';
		at += n + 1;
		if (nf_log_line_time(line, keep, s->zone, s->utc, s->mtime_us, &at_us)) {
			has_time = s->dated = true;
			s->last_us = at_us;
		}
		if (!has_time && ended_in_success && line[0] != '\0') {
			s->failure_fresh = ended_in_success = false;
			s->warned[0] = '\0';
		}
		match_line(s, run, line, has_time, at_us);
		if (!has_time && regexec(&s->success, line, 0, NULL, 0) == 0)
			ended_in_success = true;
	}
}

static void forget(struct scan *s)
{
	s->dated = s->success_fresh = s->failure_fresh = s->success_any = s->followed = false;
	s->failed[0] = s->warned[0] = '\0';
}

static void say_missing(const struct nf_job_run *run, const struct nf_log_seen *seen,
	const struct scan *s, struct nf_proof_answer *answer)
{
	char due[NF_JOB_CLOCKS_MAX], was[NF_PROOF_TIME_MAX];

	nf_job_clocks(run, run->wanted_due_us, due);
	if (s->success_any && s->success_dated)
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s: no success since the start, finish deadline %s; the last is of %s",
			seen->path, due, nf_proof_time(run->zone, s->success_us, was));
	else
		nf_proof_say(answer, NF_PROOF_LATE,
			"%s: no line of success for the run with the finish deadline %s",
			seen->path, due);
}

static void judge(const struct nf_job_run *run, const struct nf_log_seen *seen,
	const struct scan *s, struct nf_proof_answer *answer)
{
	int64_t mtime_us = nf_job_ours(run, seen->mtime_s * NF_US_PER_S);
	char was[NF_JOB_CLOCKS_MAX];

	if (!nf_job_is_fresh(run, mtime_us)) {
		say_missing(run, seen, s, answer);
	} else if (s->failure_fresh) {
		nf_proof_say(answer, NF_PROOF_BAD, "%s says: %s", seen->path, s->failed);
	} else if (s->warned[0] != '\0' &&
		   (s->success_fresh || (s->success_any && !s->dated))) {
		nf_proof_say(answer, NF_PROOF_WARNING, "%s: success, but it says: %s",
			seen->path, s->warned);
	} else if (s->success_any && s->success_dated && s->success_fresh) {
		nf_proof_say(answer, NF_PROOF_OK, "%s: success at %s%s", seen->path,
			nf_job_clocks(run, nf_job_ours(run, s->success_us), was),
			s->utc ? ": the server writes UTC" : "");
	} else if (s->dated || !s->success_any) {
		say_missing(run, seen, s, answer);
	} else if (s->followed) {
		nf_proof_say(answer, NF_PROOF_WARNING,
			"%s: lines follow the last success and none has a time, so it cannot be "
			"told whether it is of this run: let the job write times",
			seen->path);
	} else {
		nf_proof_say(answer, NF_PROOF_OK, "%s: ends in success, written %s", seen->path,
			nf_proof_time(run->zone, mtime_us, was));
	}
}

void nf_log_judge(const struct nf_proof *proof, const struct nf_job_run *run,
	const struct nf_log_seen *seen, struct nf_proof_answer *answer)
{
	struct scan s = {.zone = run->zone, .mtime_us = seen->mtime_s * NF_US_PER_S};

	if (regcomp(&s.success, proof->success, REG_EXTENDED | REG_NOSUB) != 0) {
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE, "the expression %s cannot be used",
			proof->success);
		return;
	}
	s.has_failure = proof->failure != NULL &&
			regcomp(&s.failure, proof->failure, REG_EXTENDED | REG_NOSUB) == 0;
	s.has_warning = proof->warning != NULL &&
			regcomp(&s.warning, proof->warning, REG_EXTENDED | REG_NOSUB) == 0;
	scan_lines(&s, run, seen);
	int64_t off_us = s.last_us - s.mtime_us;
	if (s.dated && llabs(off_us) > FITS_S * NF_US_PER_S) {
		/* The server may write UTC: then its last line fits the file's own time. */
		struct scan utc = s;
		forget(&utc);
		utc.utc = true;
		scan_lines(&utc, run, seen);
		if (llabs(utc.last_us - utc.mtime_us) <= FITS_S * NF_US_PER_S)
			s = utc;
	}
	judge(run, seen, &s, answer);
	regfree(&s.success);
	if (s.has_failure)
		regfree(&s.failure);
	if (s.has_warning)
		regfree(&s.warning);
}
