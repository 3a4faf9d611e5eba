// SPDX-License-Identifier: GPL-3.0-or-later
/* log: one line per event, on stderr; with systemd's priority prefix where the journal reads it.
 * Shape:   "2011-02-03T04:05:06.789+01:00 netfold-ping warn sweep: text key=value\n"; under systemd
 *          (JOURNAL_STREAM set) "<4>sweep: text key=value\n". Control bytes and broken UTF-8 are
 *          escaped, a line is cut at 2,000 bytes: nothing from a device can break a line.
 * Threads: main thread only. The only mutable file-scope state of the tree besides signal flags.
 */
#pragma once

#include <stdbool.h>

enum nf_log_level {
	NF_LOG_DEBUG,
	NF_LOG_INFO,
	NF_LOG_WARN,  /* someone should look */
	NF_LOG_ERROR, /* a job failed */
	NF_LOG_FATAL, /* the program ends */
};

/* program: borrowed for the process's life. Levels below `least` are dropped, except for the
 * subsystems switched on with nf_log_debug_subsystem. */
void nf_log_open(const char *program, enum nf_log_level least);
void nf_log_debug_subsystem(const char *subsystem);
bool nf_log_enabled(enum nf_log_level level, const char *subsystem);

/* Never fails, keeps errno. Secrets are never passed here. */
void nf_log(enum nf_log_level level, const char *subsystem, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As nf_log, but a `key` seen in the last 60 s (monotonic) is only counted; the next line that gets
 * through says "(N more in between)". For what a device or a disk may repeat for ever. */
void nf_log_limited(const char *key, enum nf_log_level level, const char *subsystem,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
