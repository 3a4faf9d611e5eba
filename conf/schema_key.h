// SPDX-License-Identifier: GPL-3.0-or-later
/* schema_key: the short words in which the schema's tables are written, and the sections that have a file
 * of their own. Only for conf/schema*.c.
 */
#pragma once

#include "conf/finish.h"
#include "conf/schema.h"
#include "conf/site.h"

#define KEYS(table) .keys = (table), .len = sizeof(table) / sizeof(table)[0]

#define REQUIRED    NF_KEY_REQUIRED
#define LIST	    NF_KEY_LIST

#define TEXT	    NF_TYPE_TEXT
#define ID	    NF_TYPE_ID
#define NAME	    NF_TYPE_NAME
#define BOOL	    NF_TYPE_BOOL
#define COUNT	    NF_TYPE_COUNT
#define PORT	    NF_TYPE_PORT
#define PERCENT	    NF_TYPE_PERCENT
#define DURATION    NF_TYPE_DURATION
#define SIZE	    NF_TYPE_SIZE
#define WORD	    NF_TYPE_WORD
#define PATH	    NF_TYPE_PATH
#define FILE_THERE  NF_TYPE_FILE
#define SECRET	    NF_TYPE_SECRET
#define REMOTE_PATH NF_TYPE_REMOTE_PATH
#define REGEX	    NF_TYPE_REGEX
#define GLOB	    NF_TYPE_GLOB
#define ZONE	    NF_TYPE_ZONE
#define INTERFACE   NF_TYPE_INTERFACE
#define MAIL	    NF_TYPE_MAIL
#define ADDRESS	    NF_TYPE_ADDRESS
#define START	    NF_TYPE_START
#define SPAN	    NF_TYPE_SPAN
#define INSTANT	    NF_TYPE_INSTANT
#define REFERENCE   NF_TYPE_REFERENCE
#define SECTION	    NF_TYPE_SECTION

/* Behind the manual's text come .words, .table or .section where the type needs one. */
#define KEY(key_name, key_type, key_flags, target, smallest, largest, otherwise, manual, ...)  \
	{                                                                                      \
		.name = key_name, .type = key_type, .flags = key_flags, .offset = target,      \
		.min = smallest, .max = largest, .fallback = otherwise, .doc = manual,         \
		__VA_ARGS__                                                                    \
	}

/* conf/schema_alert.c: who is told. */
extern const struct nf_section nf_schema_mail, nf_schema_contact, nf_schema_rota,
	nf_schema_alerting, nf_schema_service;
/* conf/schema_backup.c: jobs and what must hold of them. */
extern const struct nf_section nf_schema_backup, nf_schema_waiver;
/* conf/schema_move.c: what changes at a known time. */
extern const struct nf_section nf_schema_wave, nf_schema_maintenance, nf_schema_cutover;

/* conf/schema_inventory.c: inventories of other tools. */
extern const struct nf_section nf_schema_inventory;

extern const char *const nf_kind_words[]; /* of enum nf_kind */
