// SPDX-License-Identifier: GPL-3.0-or-later
/* schema: every key of the site file and every column of devices.csv, in one table.
 * Shape:   a section is the keys of one mapping; a key says its type, its bounds and default (in the
 *          same words a person would write), where its value goes, and its line in the manual. The
 *          binder, the defaults, the messages, nf_site_compare and netfold-site(5) all read this.
 * Memory:  constant.
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nf_type {		     /* the C type that the value goes to */
	NF_TYPE_TEXT,	     /* const char * */
	NF_TYPE_ID,	     /* const char * */
	NF_TYPE_NAME,	     /* const char *, a device's */
	NF_TYPE_BOOL,	     /* bool */
	NF_TYPE_COUNT,	     /* uint32_t */
	NF_TYPE_PORT,	     /* uint16_t */
	NF_TYPE_PERCENT,     /* double */
	NF_TYPE_DURATION,    /* int64_t, microseconds */
	NF_TYPE_SIZE,	     /* uint64_t, bytes */
	NF_TYPE_WORD,	     /* an enum, whose order is that of key->words */
	NF_TYPE_PATH,	     /* const char *, the site file's folder put before */
	NF_TYPE_FILE,	     /* as PATH; must be there */
	NF_TYPE_SECRET,	     /* as FILE; must be private; never appears in a message */
	NF_TYPE_REMOTE_PATH, /* const char *, absolute, on a server */
	NF_TYPE_DATASET,     /* const char *, of ZFS */
	NF_TYPE_REPOSITORY,  /* const char *, of restic or borg */
	NF_TYPE_REGEX,	     /* const char *, POSIX extended */
	NF_TYPE_GLOB,	     /* const char *, of device names */
	NF_TYPE_ZONE,	     /* const char *, an IANA name */
	NF_TYPE_INTERFACE,   /* const char * */
	NF_TYPE_MAIL,	     /* const char * */
	NF_TYPE_SERVER,	     /* const char *, smtp:// or smtps:// */
	NF_TYPE_ADDRESS,     /* struct nf_addr */
	NF_TYPE_ADDRESS46,   /* two struct nf_addr: IPv4 and IPv6; takes one or a list of two */
	NF_TYPE_PREFIX,	     /* struct nf_prefix */
	NF_TYPE_MAC,	     /* struct nf_leg: mac and has_mac */
	NF_TYPE_START,	     /* struct nf_window, not a span */
	NF_TYPE_SPAN,	     /* struct nf_window, a span */
	NF_TYPE_DAYTIME,     /* struct nf_daytime */
	NF_TYPE_DATE,	     /* struct nf_date, the year may be left out */
	NF_TYPE_DAY,	     /* int64_t, the start of a day in the site's zone */
	NF_TYPE_DAY_END,     /* int64_t, the end of a day in the site's zone */
	NF_TYPE_INSTANT,     /* int64_t, a day and time in the site's zone */
	NF_TYPE_REFERENCE,   /* a pointer to the thing in key->table */
	NF_TYPE_SECTION,     /* the section's struct */
	NF_TYPE_SECTION_PTR, /* a pointer to the section's struct, NULL when left out */
};

enum { /* flags of a key */
	NF_KEY_REQUIRED = 1,
	NF_KEY_LIST = 2,  /* the target is an NF_LIST; a single value counts as a list of one */
	NF_KEY_LATER = 4, /* the binder keeps its node for the loader */
	NF_KEY_COMPUTED = 8 /* has a default that depends on other keys: `fallback` says it */
};

/* What a reference can point to; each is a list of the site whose items start with their name. */
enum nf_table {
	NF_TABLE_NONE,
	NF_TABLE_NETWORKS,
	NF_TABLE_SNMP,
	NF_TABLE_SSH,
	NF_TABLE_CONTACTS,
	NF_TABLE_ROTAS,
	NF_TABLE_SERVICES,
	NF_TABLE_DEVICES,
	NF_TABLE_BACKUPS,
	NF_TABLE_WAVES,
	NF_TABLE_MAINTENANCE,
	NF_TABLES,
};

struct nf_section;

struct nf_key {
	const char *name;
	enum nf_type type;
	unsigned flags;
	size_t offset;			  /* in the section's struct */
	const char *min, *max, *fallback; /* as written; NULL: none */
	const char *doc;		  /* one sentence or two */
	const char *const *words;	  /* WORD: NULL-terminated */
	enum nf_table table;		  /* REFERENCE, or the table this list is */
	const struct nf_section *section; /* SECTION, SECTION_PTR */
};

struct nf_bind;

struct nf_section {
	const char *name; /* "networks"; of a proof "artefact" */
	const struct nf_key *keys;
	size_t len;
	size_t size;	 /* of its struct */
	bool has_secret; /* so an unknown key without a value may be one: not shown */
	/* Mappings of several kinds: the key "kind" selects one of these sections. */
	const struct nf_section *const *kinds;
	size_t kinds_len;
	size_t kind_offset;
	/* What no single key can know; `item` is bound, its references are not. May be NULL. */
	void (*finish)(struct nf_bind *b, void *item);
};

const struct nf_section *nf_schema_site(void);	 /* the whole file */
const struct nf_section *nf_schema_device(void); /* a row of devices.csv */

/* Any NF_LIST. */
struct nf_list {
	void *items;
	size_t len;
};

size_t nf_type_size(const struct nf_key *key); /* bytes of one value */
/* The list of the site that a table is. */
struct nf_list nf_table_list(const void *site, enum nf_table table);
size_t nf_table_item_size(enum nf_table table);
const char *nf_table_noun(enum nf_table table); /* "network" */
