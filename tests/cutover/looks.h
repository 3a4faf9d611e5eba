// SPDX-License-Identifier: GPL-3.0-or-later
/* looks: looks of waves as C can read them, and what differs between two as text.
 * Memory:  the caller frees what is returned.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#define MOVED INT64_C(1000) /* when the device moved */
#define ALIVE "'ping':{'sent':3,'received':3,'rtt_us':500}"
#define SNMP  "'snmp':{'answered':true,'sysName':'a'}"

/* JSON with single quotes for double ones. */
json_t *looks_parse(const char *text);
/* "open|aspect|item|reason" of each difference, separated by "; "; the state only where it is asked for. Takes the
 * list. */
char *looks_words(json_t *list, bool with_state);
/* The same of two looks in such JSON; NULL: there was none. */
char *looks_differences(const char *before, const char *after);
