// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2000
#define SUBSYSTEMS_MAX 16
#define LIMITED_MAX    1024
#define LIMITED_US     (60 * NF_US_PER_S)

struct limited {
	char *key;
	int64_t said_mono_us;
	unsigned between;
};

static struct {
	const char *program;
	enum nf_log_level least;
	bool journal;
	const char *debugged[SUBSYSTEMS_MAX];
	size_t debugged_len;
	struct limited limited[LIMITED_MAX];
	size_t limited_len, limited_next;
} self = {.program = "netfold", .least = NF_LOG_INFO};

static const struct {
	const char *name;
	int priority; /* sd-daemon(3) */
} levels[] = {
	[NF_LOG_DEBUG] = {"debug", 7},
	[NF_LOG_INFO] = {"info",	 6},
	[NF_LOG_WARN] = {"warn",	 4},
	[NF_LOG_ERROR] = {"error", 3},
	[NF_LOG_FATAL] = {"fatal", 2},
};

void nf_log_open(const char *program, enum nf_log_level least)
{
	self.program = program;
	self.least = least;
	self.journal = getenv("JOURNAL_STREAM") != NULL;
}

void nf_log_debug_subsystem(const char *subsystem)
{
	if (self.debugged_len < SUBSYSTEMS_MAX)
		self.debugged[self.debugged_len++] = subsystem;
}

bool nf_log_enabled(enum nf_log_level level, const char *subsystem)
{
	if (level >= self.least)
		return true;
	for (size_t i = 0; i < self.debugged_len; i++)
		if (strcmp(self.debugged[i], subsystem) == 0)
			return true;
	return false;
}

static void prefix(struct nf_strbuf *line, enum nf_log_level level, const char *subsystem)
{
	if (self.journal) {
		nf_strbuf_printf(line, "<%d>%s: ", levels[level].priority, subsystem);
		return;
	}
	char iso[NF_ISO8601_MAX];
	int64_t wall_us = nf_clock_now().wall_us;
	nf_iso8601(wall_us, iso);
	nf_strbuf_printf(line, "%.19s.%03d%s %s %s %s: ", iso, (int)(wall_us / 1000 % 1000),
		iso + 19, self.program, levels[level].name, subsystem);
}

__attribute__((format(printf, 4, 0))) static void emit(enum nf_log_level level,
	const char *subsystem, unsigned between, const char *format, va_list args)
{
	int saved = errno;
	char text[LINE_MAX_BYTES * 2];
	int n = vsnprintf(text, sizeof text, format, args);
	size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;

	struct nf_strbuf line = {0};
	prefix(&line, level, subsystem);
	nf_text_escape(&line, text, len, LINE_MAX_BYTES);
	if (between)
		nf_strbuf_printf(&line, " (%u more in between)", between);
	nf_strbuf_putc(&line, '\n');
	/* One write, so that lines of several programs on one terminal do not mix. A log that cannot be
	 * written has nobody left to tell. */
	ssize_t written = write(STDERR_FILENO, line.data, line.len);
	(void)written;
	nf_strbuf_free(&line);
	errno = saved;
}

void nf_log(enum nf_log_level level, const char *subsystem, const char *format, ...)
{
	if (!nf_log_enabled(level, subsystem))
		return;
	va_list args;
	va_start(args, format);
	emit(level, subsystem, 0, format, args);
	va_end(args);
}

static struct limited *limited_of(const char *key)
{
	for (size_t i = 0; i < self.limited_len; i++)
		if (strcmp(self.limited[i].key, key) == 0)
			return &self.limited[i];

	struct limited *l = &self.limited[self.limited_next];
	self.limited_next = (self.limited_next + 1) % LIMITED_MAX;
	if (self.limited_len < LIMITED_MAX)
		self.limited_len++;
	free(l->key);
	*l = (struct limited){.key = nf_xstrdup(key), .said_mono_us = INT64_MIN / 2};
	return l;
}

void nf_log_limited(const char *key, enum nf_log_level level, const char *subsystem,
	const char *format, ...)
{
	if (!nf_log_enabled(level, subsystem))
		return;
	struct limited *l = limited_of(key);
	int64_t now = nf_clock_now().mono_us;
	if (now - l->said_mono_us < LIMITED_US) {
		l->between++;
		return;
	}
	unsigned between = l->between;
	l->said_mono_us = now;
	l->between = 0;
	va_list args;
	va_start(args, format);
	emit(level, subsystem, between, format, args);
	va_end(args);
}
