// SPDX-License-Identifier: GPL-3.0-or-later
/* profile: what to read from a device, as data: SNMP tables and scalars, and what they mean.
 * Shape:   a profile matches devices (sysObjectID prefix, or the presence of a group) and holds groups. A
 *          group is one conceptual table (columns that share an index) or a set of scalars; its fields
 *          are columns, parts of the index, lookups in other groups, and computed numbers. Series and
 *          checks name fields. Fields refer to each other by number, so that nothing is searched by name
 *          when devices are polled.
 * Files:   *.yaml in the shipped folder (NF_PROFILE_DIR) and in site.profile_dir; a profile there with
 *          the same name replaces the shipped one. man netfold-profile(5) documents every key.
 * Errors:  every mistake of every file goes to diags with file:line:column.
 * Memory:  everything lives in the set's arena; nobody changes a loaded set.
 * Source:  DESIGN.md, principle 6.
 */
#pragma once

#include "base/err.h"
#include "conf/diag.h"
#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_FIELDS_MAX 64 /* of a group */
#define NF_NO_FIELD   UINT8_MAX

enum nf_field_source {
	NF_FIELD_COLUMN,   /* asked for; of scalars, too */
	NF_FIELD_INDEX,	   /* a part of the row's index */
	NF_FIELD_LOOKUP,   /* from a row of another group of the profile */
	NF_FIELD_COMPUTED, /* an expression over other fields */
};

enum nf_field_format {
	NF_FORMAT_NUMBER,
	NF_FORMAT_COUNTER,
	NF_FORMAT_ENUM, /* a number with a name; one without a name stays a number */
	NF_FORMAT_TEXT,
	NF_FORMAT_NUMBER_TEXT, /* octets that begin with a decimal number: "25C" */
	NF_FORMAT_MAC,	       /* octets, shown as aa:bb:cc:… */
	NF_FORMAT_ADDRESS,     /* 4 or 16 octets */
	NF_FORMAT_NET_ADDRESS, /* LLDP's: an IANA address family, then the address */
	NF_FORMAT_OID,
};

enum nf_index_kind {
	NF_INDEX_INTEGER,
	NF_INDEX_MAC,	  /* six sub-identifiers */
	NF_INDEX_IPV4,	  /* four */
	NF_INDEX_INET,	  /* InetAddressType, length, octets */
	NF_INDEX_TEXT,	  /* length, octets */
	NF_INDEX_IMPLIED, /* octets to the end */
	NF_INDEX_OID,	  /* whatever is left */
};

struct nf_enum_name {
	int64_t value;
	const char *name;
};

struct nf_expr; /* conf/profile_expr.h */
struct nf_expr_list {
	const struct nf_expr **items;
	size_t len;
};

/* Formats by the value of another field: LLDP's subtypes. */
struct nf_format_case {
	int64_t value;
	enum nf_field_format format;
};

struct nf_field {
	const char *name;
	enum nf_field_source source;
	enum nf_field_format format;
	bool hidden;	    /* not in the report */
	bool slow;	    /* column: asked for with the topology only */
	bool optional_type; /* column: a value of another type is absent, not a broken table */
	uint8_t instead_of; /* field: asked for and shown only where that one is absent; NF_NO_FIELD */
	const uint32_t *oid; /* column: without the index; scalar: with its .0 */
	size_t oid_len;
	NF_LIST(struct nf_enum_name) names;
	double valid_min,
		valid_max; /* outside: not there for series and checks; NaN: no bound */
	uint8_t format_by; /* field; NF_NO_FIELD */
	NF_LIST(struct nf_format_case) format_cases;
	enum nf_index_kind index_kind;
	/* A lookup: the row of `group` whose field `where` equals our field `equals`. */
	struct {
		const struct nf_group *group;
		uint8_t where, equals, take;
		uint8_t otherwise; /* our field, where no row matches; NF_NO_FIELD: absent */
	} lookup;
	const struct nf_expr *expr; /* computed */
};

/* All of the terms hold. An absent field makes a term false. */
struct nf_term {
	uint8_t field;
	NF_LIST(int64_t) numbers;  /* any of these values, */
	struct nf_text_list texts; /* or any of these globs (texts) or dotted prefixes (OIDs) */
};
struct nf_condition {
	struct nf_term *items;
	size_t len;
};

/* "interface {key}": pieces of text and fields. */
enum nf_piece_kind { NF_PIECE_TEXT, NF_PIECE_FIELD, NF_PIECE_KEY, NF_PIECE_VALUE };
struct nf_piece {
	enum nf_piece_kind kind;
	const char *text;
	uint8_t field;
};
struct nf_template {
	struct nf_piece *items;
	size_t len;
};

/* A bound that holds for some rows. */
struct nf_bound {
	struct nf_condition only;
	const struct nf_expr *of;
};

struct nf_series_value {
	const char *name;   /* of the DS: [A-Za-z0-9_], 19 at most */
	const char *label;  /* for the chart's legend */
	bool counter;	    /* `columns` are counters: a rate is kept; else `of` is a gauge */
	uint8_t columns[4]; /* the first that is present */
	size_t columns_len;
	struct nf_expr_list of;	      /* the first that is a number */
	double min;		      /* gauge; NaN: none */
	NF_LIST(struct nf_bound) max; /* of the rate or the gauge: the first above 0 */
};

struct nf_chart {
	const char *title, *unit;
	double scale; /* what is kept times this is shown: 8 for octets as bits */
	struct nf_text_list values;
};

struct nf_series {
	struct nf_template name;
	struct nf_template title;
	struct nf_condition only;
	NF_LIST(struct nf_series_value) values;
	NF_LIST(struct nf_chart) charts;
};

/* What a profile says of a row; the words of a verdict belong to the store, a floor above. */
enum nf_says {
	NF_SAYS_NONE, /* not judged: the check is closed */
	NF_SAYS_OK,
	NF_SAYS_WARNING,
	NF_SAYS_CRITICAL,
	NF_SAYS_UNKNOWN,
};

/* The first rule whose condition holds says the state. */
struct nf_state_rule {
	struct nf_condition only;
	enum nf_says says;
};

struct nf_profile_check {
	struct nf_template name;
	struct nf_template output;
	struct nf_condition only;
	bool is_threshold;
	/* threshold: */
	const struct nf_expr *value;
	const char *unit;
	bool above;
	double warning, critical, hysteresis; /* NaN: no such limit */
	/* states: */
	NF_LIST(struct nf_state_rule) rules;
	bool only_after_ok; /* a problem only where the check was ok before */
	bool settles;	    /* a warning only once it was ok for polling.port_settles */
	enum nf_says gone;  /* of a row that vanished */
};

struct nf_group {
	const char *name;   /* unique in its profile */
	const char *report; /* its name in the probe's JSON; NULL: none */
	const struct nf_profile *profile;
	size_t index; /* in profile->groups */
	bool scalars;
	bool topology; /* read every polling.topology, else every polling.snmp */
	bool per_vlan; /* asked again in the context of every VLAN, where the agent has those */
	uint32_t max_rows; /* 0: the asker's own bound */
	struct nf_field *fields;
	size_t fields_len;
	size_t columns_len; /* fields[0 … columns_len) are the columns */
	uint8_t key[4];	    /* the first that has a value names the row */
	size_t key_len;
	uint8_t identity[4]; /* the same row under another key when all of these are the same */
	size_t identity_len;
	uint8_t discontinuity; /* field: its change restarts the row's counters; NF_NO_FIELD */
	uint8_t require[4];    /* rows without these (or with others than valid) are left out */
	size_t require_len;
	/* Report: rows equal in these to one of an earlier group of the same report name are left out. */
	struct nf_text_list merge;
	NF_LIST(struct nf_series) series;
	NF_LIST(struct nf_profile_check) checks;
};

struct nf_oid_prefix {
	const uint32_t *ids;
	size_t len;
};

struct nf_oid_prefixes {
	struct nf_oid_prefix *items;
	size_t len;
};

struct nf_profile {
	const char *name, *title;
	const char *file;
	struct nf_oid_prefixes sys_object_id; /* any of these; empty: any device */
	struct nf_oid_prefixes except;	      /* but none of these */
	const char *present_name;	      /* as written */
	const struct nf_group *present;	      /* NULL, or the group that must have rows */
	NF_LIST(struct nf_group) groups;
};

struct nf_profiles {
	struct nf_arena *arena;
	NF_LIST(const struct nf_profile *) items; /* sorted by name */
	const struct nf_group *system;		  /* scalars with sysUpTime and sysObjectID */
	uint8_t sys_up_time, sys_object_id;	  /* its fields */
};

/* Every *.yaml of the folders, in their order (a NULL is left out), a later profile replacing an earlier
 * one of its name. NF_EINVAL: mistakes, all of them in diags; a folder that cannot be read is one. */
enum nf_err nf_profiles_load(const char *const *folders, size_t folders_len,
	struct nf_diags *diags, struct nf_profiles **profiles);
/* The shipped ones and the site's. The environment's NF_PROFILES replaces the shipped folder. */
enum nf_err nf_profiles_of_site(
	const struct nf_site *site, struct nf_diags *diags, struct nf_profiles **profiles);
void nf_profiles_free(struct nf_profiles *profiles); /* takes; NULL is fine */

const struct nf_profile *nf_profiles_find(const struct nf_profiles *profiles, const char *name);
/* Whether the profile is for a device of this sysObjectID (len 0: it has none). */
bool nf_profile_matches(const struct nf_profile *profile, const uint32_t *ids, size_t len);
/* The field of this name, or NF_NO_FIELD. */
uint8_t nf_group_field(const struct nf_group *group, const char *name);
/* The name of an enum's value, or NULL. */
const char *nf_field_enum(const struct nf_field *field, int64_t value);

/* Whether the template can have made this name. */
bool nf_template_fits(const struct nf_template *tmpl, const char *name);
/* For pages: the series of this name ("interface eth0"), so that charts and units are known without
 * asking the device; NULL where none fits. The first template that fits wins. */
const struct nf_series *nf_profiles_series(
	const struct nf_profiles *profiles, const char *series);
