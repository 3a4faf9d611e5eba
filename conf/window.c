// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/window.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/parse.h"

#define ALL_MINUTES    ((UINT64_C(1) << 60) - 1)
#define ALL_HOURS      ((UINT32_C(1) << 24) - 1)
#define ALL_MONTH_DAYS (~UINT32_C(1))
#define ALL_MONTHS     ((uint16_t)0x1ffe)
#define ALL_WEEKDAYS   ((uint8_t)0x7f)
#define WORD_MAX       32

static const char *const weekday_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const month_names[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* One field of a cron line. */
struct field {
	const char *name;
	unsigned min, max;
	const char *const *names; /* names[0] is `first`; NULL: numbers only */
	unsigned names_len, first;
};

static const struct field cron_fields[] = {
	{"minute",	   0, 59, NULL,		0,  0},
	{"hour",	 0, 23, NULL,	      0,	 0},
	{"day of month", 1, 31, NULL,	      0,	 0},
	{"month",	  1, 12, month_names,   12, 1},
	{"weekday",	    0, 7,  weekday_names, 7,  0},
};

/* Copies the text up to a separator and moves *at behind it; false when it does not fit. */
static bool take_word(const char **at, char separator, char word[WORD_MAX])
{
	const char *end = strchr(*at, separator);
	size_t len = end ? (size_t)(end - *at) : strlen(*at);

	if (len == 0 || len >= WORD_MAX)
		return false;
	memcpy(word, *at, len);
	word[len] = '\0';
	*at = end ? end + 1 : NULL;
	return true;
}

static bool find_name(const char *word, const struct field *field, unsigned *out)
{
	for (unsigned i = 0; i < field->names_len; i++) {
		if (strcasecmp(word, field->names[i]) == 0) {
			*out = field->first + i;
			return true;
		}
	}
	return false;
}

static bool parse_point(const char *word, const struct field *field, unsigned *out)
{
	uint64_t value;
	char digits[WORD_MAX];

	if (find_name(word, field, out))
		return true;
	/* Cron lines are often written with leading zeros: "00 01 * * *". */
	snprintf(digits, sizeof digits, "%s",
		word[0] == '0' && word[1] != '\0' ? word + 1 : word);
	if (nf_parse_u64(digits, field->min, field->max, &value) != NF_OK)
		return false;
	*out = (unsigned)value;
	return true;
}

/* "*", "5", "1-5", each with an optional step "/2". */
static bool parse_range(const char *text, const struct field *field, uint64_t *bits)
{
	unsigned from = field->min, to = field->max;
	uint64_t step = 1;
	char range[WORD_MAX], from_word[WORD_MAX];
	const char *rest = text, *at = range;

	if (!take_word(&rest, '/', range))
		return false;
	if (rest && nf_parse_u64(rest, 1, field->max, &step) != NF_OK)
		return false;
	if (strcmp(range, "*") != 0) {
		if (!take_word(&at, '-', from_word) || !parse_point(from_word, field, &from))
			return false;
		to = rest && !at ? field->max : from;
		if (at && !parse_point(at, field, &to))
			return false;
		if (to < from)
			return false;
	}
	for (uint64_t i = from; i <= to; i += step)
		*bits |= UINT64_C(1) << i;
	return true;
}

static bool parse_cron_field(const char *text, const struct field *field, uint64_t *bits)
{
	char word[WORD_MAX];

	*bits = 0;
	while (text) {
		if (!take_word(&text, ',', word) || !parse_range(word, field, bits))
			return false;
	}
	return true;
}

static enum nf_err parse_cron(char *const words[5], struct nf_window *w, char *why)
{
	uint64_t bits[5];

	for (size_t i = 0; i < 5; i++) {
		if (!parse_cron_field(words[i], &cron_fields[i], &bits[i])) {
			snprintf(why, NF_ERROR_TEXT_MAX,
				"a cron line whose %s is %u to %u, *, a list, a range or a step, such as \"0 1 * * 1-5\"",
				cron_fields[i].name, cron_fields[i].min, cron_fields[i].max);
			return NF_EFORMAT;
		}
	}
	w->minutes = bits[0];
	w->hours = (uint32_t)bits[1];
	w->month_days = (uint32_t)bits[2];
	w->months = (uint16_t)bits[3];
	w->weekdays = (uint8_t)((bits[4] | bits[4] >> 7) & ALL_WEEKDAYS); /* 7 is Sunday, too */
	w->either_day = words[2][0] != '*' && words[4][0] != '*';
	return NF_OK;
}

/* "1st", "22nd", "15th", "last". */
static bool parse_ordinal(const char *word, uint32_t *days)
{
	char digits[3] = {0};
	size_t len = strspn(word, "0123456789");
	uint64_t day;

	if (strcasecmp(word, "last") == 0) {
		*days |= 1;
		return true;
	}
	if (len == 0 || len > 2)
		return false;
	memcpy(digits, word, len);
	if (nf_parse_u64(digits, 1, 31, &day) != NF_OK)
		return false;
	word += len;
	if (strcmp(word, "st") != 0 && strcmp(word, "nd") != 0 && strcmp(word, "rd") != 0 &&
		strcmp(word, "th") != 0)
		return false;
	*days |= UINT32_C(1) << day;
	return true;
}

/* "Mon" or "Fri-Mon": a range may pass over the end of the week. */
static bool parse_weekdays(const char *word, uint8_t *days)
{
	const struct field *field = &cron_fields[4];
	const char *at = word;
	char from_word[WORD_MAX];
	unsigned from, to;

	if (!take_word(&at, '-', from_word) || !find_name(from_word, field, &from))
		return false;
	to = from;
	if (at && !find_name(at, field, &to))
		return false;
	for (unsigned day = from;; day = (day + 1) % 7) {
		*days = (uint8_t)(*days | 1u << day);
		if (day == to)
			return true;
	}
}

static bool parse_days(const char *text, struct nf_window *w)
{
	uint32_t month_days = 0;
	uint8_t weekdays = 0;
	char word[WORD_MAX];

	while (text) {
		if (!take_word(&text, ',', word))
			return false;
		if (!parse_ordinal(word, &month_days) && !parse_weekdays(word, &weekdays))
			return false;
	}
	if (month_days != 0)
		w->month_days = month_days;
	if (weekdays != 0)
		w->weekdays = weekdays;
	w->either_day = month_days != 0 && weekdays != 0;
	return true;
}

static bool parse_times(const char *text, struct nf_window *w)
{
	struct nf_daytime start;
	char word[WORD_MAX];

	if (!take_word(&text, '-', word) || nf_daytime_parse(word, &start) != NF_OK ||
		start.hour == 24)
		return false;
	w->minutes = UINT64_C(1) << start.minute;
	w->hours = UINT32_C(1) << start.hour;
	w->is_span = text != NULL;
	return !text || nf_daytime_parse(text, &w->ends) == NF_OK;
}

static enum nf_err parse_words(char *const words[], size_t len, struct nf_window *w, char *why)
{
	w->minutes = ALL_MINUTES;
	w->hours = ALL_HOURS;
	w->month_days = ALL_MONTH_DAYS;
	w->months = ALL_MONTHS;
	w->weekdays = ALL_WEEKDAYS;
	if (len == 5)
		return parse_cron(words, w, why);
	if (len >= 1 && len <= 2 && parse_times(words[len - 1], w) &&
		(len == 1 || parse_days(words[0], w)))
		return NF_OK;
	snprintf(why, NF_ERROR_TEXT_MAX, "%s",
		"times such as \"01:00\", \"Mon-Fri 07:00-17:00\", \"Mon,Thu 22:00\", \"1st 02:00\", \"last 02:00\" or a cron line \"0 1 * * 1-5\"");
	return NF_EFORMAT;
}

enum nf_err nf_window_parse(const char *text, struct nf_window *out, char *why)
{
	struct nf_window w = {.text = text};
	char copy[128], *words[6], *rest = NULL;
	size_t len = 0;
	enum nf_err err;

	/* A text too long to copy is no window in any form. */
	snprintf(copy, sizeof copy, "%s", strlen(text) < sizeof copy ? text : "");
	for (char *word = strtok_r(copy, " ", &rest); word && len < 6;
		word = strtok_r(NULL, " ", &rest))
		words[len++] = word;
	err = parse_words(words, len, &w, why);
	if (err == NF_OK)
		*out = w;
	return err;
}
