// SPDX-License-Identifier: GPL-3.0-or-later
/* site: what to watch, as one read-only tree of structs.
 * Shape:   lists are {items, len}; references between things are pointers, already resolved; a thing
 *          that a key leaves out is NULL or has its default. Enum order never changes on disk: store
 *          texts, not numbers.
 * Units:   durations microseconds, sizes bytes, rates per second, times microseconds since 1970.
 * Memory:  everything lives in site->arena; nf_site_free ends it all. Nobody changes a loaded site; a
 *          reload makes a new one.
 * Source:  DESIGN.md, "The contract"; the keys, bounds and defaults stand in conf/schema.c.
 */
#pragma once

#include "base/addr.h"
#include "base/mem.h"
#include "conf/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_LIST(type)                                                                          \
	struct {                                                                               \
		type *items;                                                                   \
		size_t len;                                                                    \
	}

/* For each item of a list: NF_EACH(struct nf_device, d, site->devices) { … }; an empty list's items may
 * be NULL, to which C does not let one add even 0. */
#define NF_EACH(type, var, list)                                                               \
	for (type *var = (list).items; var && var < (list).items + (list).len; var++)

struct nf_text_list {
	const char **items;
	size_t len;
};

enum nf_language { NF_LANGUAGE_SV, NF_LANGUAGE_EN };
enum nf_role { NF_ROLE_LEGACY, NF_ROLE_COMMON, NF_ROLE_LAB };
enum nf_kind {
	NF_KIND_ROUTER,
	NF_KIND_SWITCH,
	NF_KIND_AP,
	NF_KIND_FIREWALL,
	NF_KIND_SERVER,
	NF_KIND_PRINTER,
	NF_KIND_UPS,
	NF_KIND_WORKSTATION,
	NF_KIND_PHONE,
	NF_KIND_OTHER,
};

struct nf_polling {
	int64_t ping_us;	 /* between bursts */
	int64_t ping_timeout_us; /* an echo not answered by then is lost */
	int64_t ping_spacing_us; /* between the echoes of a burst */
	uint32_t echoes;	 /* a burst */
	int64_t snmp_us;
	int64_t topology_us; /* FDB, ARP, LLDP, ENTITY: slow, large tables */
	uint32_t confirm;    /* questions after the first failure, before it is hard */
	int64_t confirm_every_us;
	int64_t port_settles_us; /* a port that was up for less is not missed; 0: each is */
	double loss_warning;	 /* percent of a burst, over the last 10 bursts; 0: never */
	double loss_critical;
	int64_t rtt_warning_us; /* median; 0: never */
	int64_t rtt_critical_us;
};

struct nf_source {
	const char *interface;		   /* NULL: any */
	struct nf_addr address4, address6; /* family 0: the kernel chooses */
};

struct nf_network {
	const char *id, *name;
	enum nf_role role;
	NF_LIST(struct nf_prefix) prefixes;
	struct nf_source source;
	struct nf_text_list wire; /* interfaces to listen on */
	NF_LIST(uint32_t) vlans;  /* that carry it; none: not said */
	uint32_t max_packets_per_second;
	const char *supplier;	  /* NULL: not said */
	int64_t leave_by_wall_us; /* start of that day in the site's zone; 0: not said */
	size_t index;		  /* in site->networks */
};

enum nf_snmp_version { NF_SNMP_V1, NF_SNMP_V2C, NF_SNMP_V3 };
enum nf_snmp_level { NF_SNMP_NOAUTH, NF_SNMP_AUTH_NOPRIV, NF_SNMP_AUTH_PRIV };
enum nf_auth_protocol {
	NF_AUTH_MD5,
	NF_AUTH_SHA,
	NF_AUTH_SHA224,
	NF_AUTH_SHA256,
	NF_AUTH_SHA384,
	NF_AUTH_SHA512,
};
enum nf_priv_protocol { NF_PRIV_DES, NF_PRIV_AES, NF_PRIV_AES192, NF_PRIV_AES256 };

/* How to ask an agent. Secrets are read by the program that needs them (nf_file_read_secret); the
 * loader only checks that they are there and private. Paths are absolute or relative to the working
 * directory: the loader has put the site file's folder before relative ones. */
struct nf_snmp {
	const char *id;
	enum nf_snmp_version version;
	const char *community_file; /* v1, v2c */
	const char *user;	    /* v3 */
	enum nf_snmp_level level;
	struct {
		enum nf_auth_protocol protocol;
		const char *passphrase_file; /* NULL under authNoPriv */
	} auth;
	struct {
		enum nf_priv_protocol protocol;
		const char *passphrase_file; /* NULL under authPriv */
	} priv;
	const char *context; /* v3 contextName, "" by default */
	uint16_t port;
	int64_t timeout_us;
	uint32_t retries;
	uint32_t max_repetitions;	       /* GETBULK starts here */
	NF_LIST(struct nf_addr) accept_source; /* other addresses an agent may answer from */
	bool accept_any_source;
};

struct nf_ssh {
	const char *id, *user;
	uint16_t port;
	const char *key_file;	     /* NULL: agent */
	const char *passphrase_file; /* of an encrypted key; may be NULL */
	bool agent;
	const char *known_hosts_file;
};

enum nf_tls { NF_TLS_REQUIRED, NF_TLS_OPTIONAL, NF_TLS_NEVER };

struct nf_mail {
	const char *server; /* "smtp://host:587"; NULL: no mail */
	enum nf_tls tls;
	const char *ca_file;
	const char *user, *password_file;
	const char *from;
	struct nf_mail *fallback; /* NULL: none; has no fallback itself */
};

struct nf_contact {
	const char *id, *name, *mail;
};

struct nf_rota {
	const char *id;
	NF_LIST(const struct nf_contact *) turns;
	struct nf_window change; /* when the turn passes on: weekly times */
	int64_t starts_wall_us;	 /* the first turn begins */
	int64_t escalate_after_us;
	NF_LIST(const struct nf_contact *) escalate_to;
};

struct nf_service {
	const char *id, *name;
	NF_LIST(struct nf_window) hours; /* empty: always */
	const char *timezone;		 /* the site's unless said */
	NF_LIST(struct nf_date) holidays;
	double target;		    /* percent */
	const struct nf_rota *rota; /* NULL: nobody */
	bool critical_waits;	    /* critical ones wait for the service hours, too */
};

/* One way to reach a device. */
struct nf_leg {
	const struct nf_network *network;
	struct nf_addr address;
	bool has_mac;
	struct nf_mac mac; /* of the first leg only, from the inventory */
};

#define NF_LEGS_MAX 2

struct nf_pair {
	const char *key, *value;
};

/* A row of devices.csv. Names are unique in the site. legs[0] is (network, address); legs[1], where
 * there is one, is common_address in the common network that holds it. */
struct nf_device {
	const char *name;
	enum nf_kind kind;
	struct nf_leg legs[NF_LEGS_MAX];
	size_t legs_len;
	const struct nf_snmp *snmp; /* NULL: not asked */
	const struct nf_device *parent;
	const struct nf_service *service;
	const char *owner, *deputy, *runbook; /* NULL: not said */
	const struct nf_wave *wave;
	int64_t acquired_wall_us; /* 0: not said */
	bool silent; /* it says nothing by itself for long, and that is no trouble */
	NF_LIST(struct nf_pair) other; /* unknown columns, kept */
	size_t index;		       /* in site->devices */
	uint32_t line;		       /* of the CSV */
};

enum nf_proof_kind {
	NF_PROOF_ARTEFACT,
	NF_PROOF_MANIFEST,
	NF_PROOF_LOG,
	NF_PROOF_STATUS,
	NF_PROOF_LOCK,
	NF_PROOF_COPY,
	NF_PROOF_DRILL,
	NF_PROOF_RESTIC,
	NF_PROOF_BORG,
	NF_PROOF_ZFS,
	NF_PROOF_PLUGIN,
};

/* One test of a backup; which members apply depends on the kind (conf/schema.c). */
struct nf_proof {
	enum nf_proof_kind kind;
	const char *path;    /* artefact, manifest, log, status, lock, copy */
	uint64_t min_size;   /* artefact, copy: bytes, never 0 for an artefact */
	int64_t max_age_us;  /* 0: not judged */
	bool complete, deep; /* artefact */
	double max_drop;     /* artefact: percent under the median of its own last runs */
	uint32_t keep;	     /* artefact: good copies that must be there */
	uint32_t max_runs;   /* artefact: files of one run; 0: not judged */
	bool standing;	     /* artefact: not made by each run: it must only be there */
	bool own_filesystem; /* artefact: its folder is not on that of / */
	uint64_t min_free;   /* artefact: bytes; 0: not judged */
	NF_LIST(const char *) contains; /* artefact, restic, borg: what must be inside */
	/* log, status: POSIX extended regular expressions */
	const char *success, *warning, *failure;
	const struct nf_device *device;		/* copy: where */
	const struct nf_ssh *ssh;		/* copy: how */
	const char *repository, *password_file; /* restic, borg: on the server */
	bool check;				/* restic, borg */
	int64_t check_max_age_us;
	const char *dataset; /* zfs */
	const char *run;     /* plugin */
	uint32_t sample;     /* manifest: files a run; 0: all */
	uint32_t line;	     /* of the site file */
};

struct nf_backup {
	const char *id;
	const struct nf_device *device;
	const struct nf_ssh *ssh;
	struct nf_window starts;
	int64_t start_within_us; /* after a start something must show it; 0: not judged */
	struct nf_daytime due;
	int64_t look_every_us;
	NF_LIST(struct nf_proof) proofs;
};

struct nf_waiver {
	const struct nf_device *device;
	const char *reason, *owner;
	int64_t until_wall_us; /* end of that day in the site's zone */
};

/* How people are told; who, stands in rotas and services. */
struct nf_alerting {
	int64_t settle_us;	  /* a mail waits so long for the picture to settle */
	struct nf_daytime digest; /* of the morning */
	NF_LIST(const struct nf_contact *) digest_to; /* empty: whoever is on call then */
	NF_LIST(const struct nf_contact *) test_to;   /* a test mail a day */
	struct nf_daytime test_at;
	int64_t keep_events_us;
	const struct nf_rota *rota;	/* for what has no service; NULL: the first rota */
	const char *heartbeat_url_file; /* NULL: no URL is fetched */
	const char *heartbeat_file;	/* NULL: heartbeat in state_dir */
	const char *link;		/* where the pages are served; NULL: not said */
};

struct nf_wave {
	const char *id;
	const struct nf_network *network;
	int64_t from_wall_us, to_wall_us;
};

struct nf_quiet_kind {
	enum nf_kind kind;
	int64_t quiet_us, lost_after_us; /* 0: as the others */
};

/* Days on which nothing may move. */
struct nf_freeze {
	int64_t from_wall_us, to_wall_us; /* start of the first day, end of the last */
	const char *reason;		  /* NULL: not said */
};

/* How a device's move is followed. */
struct nf_cutover {
	int64_t quiet_us;
	NF_LIST(struct nf_quiet_kind) quiet_kinds;
	bool month_end;
	int64_t lost_after_us;
	NF_LIST(const struct nf_contact *) team;
	struct nf_window weekly;
	NF_LIST(struct nf_freeze) freezes;
	int64_t canary_us; /* 0: none is sent */
	int64_t keep_us;
	NF_LIST(uint16_t) ports; /* TCP, beside the usual ones of checks/cutover/knock.h */
};

/* A window in which trouble is expected; `every` for windows that come again, else from and to. */
struct nf_maintenance {
	const char *id, *reason;
	struct nf_text_list devices; /* globs of device names (fnmatch) */
	NF_LIST(const struct nf_network *) networks;
	bool recurs;
	struct nf_window every;
	int64_t for_us;
	int64_t from_wall_us, to_wall_us;
};

/* netfold-serve: where it listens, and for whom. */
struct nf_serve {
	struct nf_addr listen;
	uint16_t port;
	bool allow_public;	   /* another address than the loopback's */
	struct nf_text_list names; /* host names it may be called by */
};

enum nf_inventory_format { NF_INVENTORY_NETFOLD, NF_INVENTORY_NETBOX };
enum nf_separator { NF_SEPARATOR_COMMA, NF_SEPARATOR_SEMICOLON, NF_SEPARATOR_TAB };
enum nf_inventory_encoding { NF_INVENTORY_UTF8, NF_INVENTORY_WINDOWS_1252 };
enum nf_incomplete { NF_INCOMPLETE_MISTAKE, NF_INCOMPLETE_LEFT_OUT };

#define NF_DEVICE_COLUMNS 15

/* A word of an inventory and what it means here. */
struct nf_inventory_word {
	const char *column;    /* ours: "kind" */
	const char *from, *to; /* from: a pattern (fnmatch), without regard to case */
};

/* Rows count whose field under this header of theirs fits the pattern. */
struct nf_inventory_only {
	const char *header, *is;
};

/* How to read an inventory that was not written for netfold. The arrays are in the order of the device's
 * keys in the schema; NULL: not said. */
struct nf_inventory_map {
	enum nf_inventory_format format;
	enum nf_separator separator;
	enum nf_inventory_encoding encoding; /* of what has no byte order mark */
	uint32_t header_line;		     /* lines above it are titles */
	enum nf_incomplete incomplete;	     /* rows without a name or an address */
	struct nf_text_list repeat; /* our columns in which nothing means what stands above */
	NF_LIST(struct nf_inventory_only) only;	  /* all of them have to fit */
	const char *columns[NF_DEVICE_COLUMNS];	  /* their headers */
	const char *otherwise[NF_DEVICE_COLUMNS]; /* values where the inventory has none */
	NF_LIST(struct nf_inventory_word) values;
};

struct nf_site {
	struct nf_arena *arena;
	const char *file; /* as given to the loader */
	const char *name, *timezone;
	enum nf_language language;
	const char *state_dir, *www_dir;
	const char *profile_dir; /* an administrator's own profiles; NULL: only those shipped */
	struct nf_polling polling;
	struct nf_serve serve;
	NF_LIST(struct nf_network) networks;
	NF_LIST(struct nf_snmp) snmp;
	NF_LIST(struct nf_ssh) ssh;
	struct nf_mail mail;
	NF_LIST(struct nf_contact) contacts;
	NF_LIST(struct nf_rota) rotas;
	NF_LIST(struct nf_service) services;
	struct nf_alerting alerting;
	struct nf_inventory_map inventory;
	const char *devices_csv;	   /* NULL: none */
	NF_LIST(struct nf_device) devices; /* of the site file, then of devices_csv */
	NF_LIST(struct nf_backup) backups;
	NF_LIST(struct nf_waiver) waivers;
	NF_LIST(struct nf_wave) waves;
	NF_LIST(struct nf_maintenance) maintenance;
	struct nf_cutover cutover;
	struct nf_site_index *lookup; /* name to thing, for the functions below */
};

void nf_site_free(struct nf_site *site); /* takes; NULL is fine */

/* NULL where there is none. O(1). */
const struct nf_device *nf_site_device(const struct nf_site *site, const char *name);
const struct nf_network *nf_site_network(const struct nf_site *site, const char *id);
/* The device that has this leg, or NULL. O(1). */
const struct nf_device *nf_site_device_at(const struct nf_site *site,
	const struct nf_network *network, const struct nf_addr *address);

/* Whether an address of this machine, on this interface (NULL: not known which), is its way into another network:
 * within this one's prefixes it is then somebody else's. */
bool nf_site_is_elsewhere(const struct nf_site *site, const struct nf_network *network,
	const char *interface, const struct nf_addr *address);

/* Whether what this machine sends there, by this interface from this address, leaves by the way out of another network
 * that has the same addresses, and not by this one's. */
bool nf_site_is_sent_elsewhere(const struct nf_site *site, const struct nf_network *network,
	const char *interface, const struct nf_addr *from, const struct nf_addr *to);

/* A router or a firewall, which passes on what others send. NULL: no. */
bool nf_device_is_router(const struct nf_device *device);

/* The contract's words: "legacy", "switch". */
const char *nf_role_text(enum nf_role role);
const char *nf_kind_text(enum nf_kind kind);

/* How long a device of this kind must be silent: cutover.quiet, or its entry in quiet_kinds. */
int64_t nf_site_quiet_us(const struct nf_site *site, enum nf_kind kind);
/* How long a device of this kind may be seen on neither side: cutover.lost_after, or its entry there. */
int64_t nf_site_lost_after_us(const struct nf_site *site, enum nf_kind kind);
