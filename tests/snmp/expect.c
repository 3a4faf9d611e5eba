// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/snmp/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/test.h"

#define MIB2 "1.3.6.1.2.1."

enum how { NUMBER, TEXT, MAC, ADDRESS, OBJECT, ENUM };

struct column {
	const char *name, *oid;
	enum how how;
	const char *const *names; /* from 1 on */
	const char *unless;	  /* an OID: shown only where that column has no value */
};

/* ---- lines ---------------------------------------------------------------------------------- */

void lines_add(struct lines *lines, char *line)
{
	lines->items = nf_grow(lines->items, lines->len, &lines->cap, sizeof *lines->items);
	lines->items[lines->len++] = line;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void lines_sort(struct lines *lines)
{
	if (lines->len)
		qsort(lines->items, lines->len, sizeof *lines->items, by_text);
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->len; i++)
		free(lines->items[i]);
	free(lines->items);
}

/* ---- values ----------------------------------------------------------------------------------- */

/* A strict reader of UTF-8 of its own: the length of the character, or 0. */
static size_t character(const unsigned char *p, size_t left)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = p[0] < 0x80       ? 1
		     : p[0] >> 5 == 6  ? 2
		     : p[0] >> 4 == 14 ? 3
		     : p[0] >> 3 == 30 ? 4
				       : 0;
	unsigned long rune = len == 1 ? p[0] : len ? p[0] & (0x7fu >> len) : 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		rune = rune << 6 | (p[i] & 0x3fu);
	}
	if (rune < least[len] || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000))
		return 0;
	return len;
}

static void put_text(struct nf_strbuf *out, const struct value *v)
{
	for (size_t i = 0; i < v->len;) {
		size_t len = character(v->octets + i, v->len - i);

		if (len == 0)
			nf_strbuf_printf(out, "\\x%02x", v->octets[i++]);
		else if (v->octets[i] == 0)
			nf_strbuf_puts(out, "<NUL>"), i++;
		else
			nf_strbuf_add(out, v->octets + i, len), i += len;
	}
}

static void put_octets(
	struct nf_strbuf *out, const struct value *v, const char *format, const char *between)
{
	for (size_t i = 0; i < v->len; i++) {
		nf_strbuf_puts(out, i ? between : "");
		nf_strbuf_printf(out, strcmp(format, "hex") == 0 ? "%02x" : "%d", v->octets[i]);
	}
}

static void put_value(struct nf_strbuf *out, const struct value *v, const struct column *c)
{
	size_t names = 0;

	while (c->names && c->names[names])
		names++;
	if (v->varies)
		nf_strbuf_puts(out, "?");
	else if (c->how == TEXT && v->octets)
		put_text(out, v);
	else if (c->how == MAC && v->octets)
		put_octets(out, v, "hex", ":");
	else if (c->how == ADDRESS && v->octets)
		put_octets(out, v, "decimal", ".");
	else if (c->how == ENUM && strtol(v->text, NULL, 10) >= 1 &&
		 strtoul(v->text, NULL, 10) <= names)
		nf_strbuf_puts(out, c->names[strtol(v->text, NULL, 10) - 1]);
	else
		nf_strbuf_puts(out, v->text);
}

/* ---- rows ------------------------------------------------------------------------------------- */

/* The indexes that any of the columns has, each once. */
static struct lines indexes(const struct recording *r, const struct column *columns, size_t len)
{
	struct lines all = {0}, once = {0};

	for (size_t i = 0; i < r->len; i++) {
		for (size_t c = 0; c < len; c++) {
			size_t prefix = strlen(columns[c].oid);

			if (strncmp(r->values[i].oid, columns[c].oid, prefix) == 0 &&
				r->values[i].oid[prefix] == '.')
				lines_add(&all, nf_xstrdup(r->values[i].oid + prefix + 1));
		}
	}
	lines_sort(&all);
	for (size_t i = 0; i < all.len; i++) {
		if (i == 0 || strcmp(all.items[i], all.items[i - 1]) != 0)
			lines_add(&once, nf_xstrdup(all.items[i]));
	}
	lines_free(&all);
	return once;
}

/* "NAME=VALUE" of every column the row has. */
static void put_columns(struct lines *pairs, const struct recording *r,
	const struct column *columns, size_t len, const char *index)
{
	for (size_t c = 0; c < len; c++) {
		const struct value *v = recording_get(r, columns[c].oid, index);
		struct nf_strbuf text = {0};

		if (!v || v->type == 5 ||
			(columns[c].unless && recording_get(r, columns[c].unless, index)))
			continue;
		nf_strbuf_printf(&text, "%s=", columns[c].name);
		put_value(&text, v, &columns[c]);
		lines_add(pairs, nf_strbuf_take(&text));
	}
}

/* Sorts the pairs into a line of the table. */
static void put_row(struct lines *out, const char *table, struct lines *pairs)
{
	struct nf_strbuf line = {0};

	lines_sort(pairs);
	nf_strbuf_puts(&line, table);
	for (size_t i = 0; i < pairs->len; i++)
		nf_strbuf_printf(&line, " %s", pairs->items[i]);
	lines_add(out, nf_strbuf_take(&line));
	lines_free(pairs);
}

/* A table whose index is one number or a few, of which one is shown under a name. */
static void put_table(struct lines *out, const struct recording *r, const char *table,
	const struct column *columns, size_t len, const char *index_name, size_t index_part)
{
	struct lines rows = indexes(r, columns, len);

	for (size_t i = 0; i < rows.len; i++) {
		struct lines pairs = {0};
		const char *part = rows.items[i];

		for (size_t n = 0; n < index_part; n++)
			part = strchr(part, '.') + 1;
		if (index_name && strcmp(index_name, "ipAdEntAddr") == 0)
			lines_add(&pairs, nf_xasprintf("%s=%s", index_name, part));
		else if (index_name)
			lines_add(&pairs, nf_xasprintf("%s=%.*s", index_name,
						  (int)strcspn(part, "."), part));
		put_columns(&pairs, r, columns, len, rows.items[i]);
		put_row(out, table, &pairs);
	}
	lines_free(&rows);
}

static void put_scalars(struct lines *out, const struct recording *r, const char *table,
	const struct column *columns, size_t len)
{
	struct lines pairs = {0};

	put_columns(&pairs, r, columns, len, "0");
	if (pairs.len)
		put_row(out, table, &pairs);
}

/* ---- the contract ------------------------------------------------------------------------------ */

static const char *const admin[] = {"up", "down", "testing", NULL};
static const char *const oper[] = {
	"up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown", NULL};
static const char *const battery[] = {
	"unknown", "batteryNormal", "batteryLow", "batteryDepleted", NULL};
static const char *const source[] = {
	"other", "none", "normal", "bypass", "battery", "booster", "reducer", NULL};
static const char *const classes[] = {"other", "unknown", "chassis", "backplane", "container",
	"powerSupply", "fan", "sensor", "module", "port", "stack", "cpu", NULL};
static const char *const fdb_status[] = {"other", "invalid", "learned", "self", "mgmt", NULL};

/* "d.d.d.d.d.d" as aa:bb:cc:dd:ee:ff */
static void mac_of_index(const char *index, char mac[18])
{
	unsigned b[6] = {0};

	for (size_t i = 0; i < 6; i++) {
		b[i] = (unsigned)strtoul(index, NULL, 10) & 0xff;
		index = strchr(index, '.') ? strchr(index, '.') + 1 : "";
	}
	snprintf(mac, 18, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
}

static void put_port(struct lines *pairs, const struct recording *r, const char *port)
{
	const struct value *v = recording_get(r, MIB2 "17.1.4.1.2", port);

	lines_add(pairs, nf_xasprintf("port=%s", port));
	if (v)
		lines_add(pairs, nf_xasprintf("ifIndex=%s", v->text));
}

/* The VLAN whose filtering database this is; the database's own number where no VLAN names it. */
static const char *vlan_of(const struct recording *r, const char *fdb)
{
	static const char column[] = MIB2 "17.7.1.4.2.1.3.";

	for (size_t i = 0; i < r->len; i++) {
		if (strncmp(r->values[i].oid, column, sizeof column - 1) == 0 &&
			strcmp(r->values[i].text, fdb) == 0)
			return strrchr(r->values[i].oid, '.') + 1;
	}
	return fdb;
}

static void put_fdb(struct lines *out, const struct recording *r)
{
	static const struct column q = {"port", MIB2 "17.7.1.2.2.1.2", NUMBER, NULL, NULL};
	static const struct column q_status = {
		"status", MIB2 "17.7.1.2.2.1.3", ENUM, fdb_status, NULL};
	static const struct column d = {"port", MIB2 "17.4.3.1.2", NUMBER, NULL, NULL};
	static const struct column d_status = {
		"status", MIB2 "17.4.3.1.3", ENUM, fdb_status, NULL};
	struct lines rows = indexes(r, &q, 1), seen = {0};
	char mac[18];

	for (size_t i = 0; i < rows.len; i++) {
		const char *index = rows.items[i];
		const char *port = recording_get(r, q.oid, index)->text;
		char *fdb = nf_xstrndup(index, strcspn(index, "."));
		struct lines pairs = {0};

		mac_of_index(strchr(index, '.') + 1, mac);
		lines_add(&seen, nf_xasprintf("%s %s", mac, port));
		lines_add(&pairs, nf_xasprintf("mac=%s", mac));
		lines_add(&pairs, nf_xasprintf("vlan=%s", vlan_of(r, fdb)));
		put_columns(&pairs, r, &q_status, 1, index);
		put_port(&pairs, r, port);
		put_row(out, "fdb", &pairs);
		free(fdb);
	}
	lines_free(&rows);
	rows = indexes(r, &d, 1);
	for (size_t i = 0; i < rows.len; i++) {
		const char *port = recording_get(r, d.oid, rows.items[i])->text;
		struct lines pairs = {0};
		bool known = false;

		mac_of_index(rows.items[i], mac);
		char *key = nf_xasprintf("%s %s", mac, port);
		for (size_t s = 0; s < seen.len; s++)
			known = known || strcmp(seen.items[s], key) == 0;
		free(key);
		if (known)
			continue;
		lines_add(&pairs, nf_xasprintf("mac=%s", mac));
		put_columns(&pairs, r, &d_status, 1, rows.items[i]);
		put_port(&pairs, r, port);
		put_row(out, "fdb", &pairs);
	}
	lines_free(&rows);
	lines_free(&seen);
}

/* One row of either table: its MAC, and how fresh it is. */
static void put_arp_row(struct lines *out, const struct recording *r,
	const struct column *columns, size_t count, const char *index, const char *address)
{
	struct lines pairs = {0};

	put_columns(&pairs, r, columns, count, index);
	lines_add(&pairs, nf_xasprintf("ifIndex=%.*s", (int)strcspn(index, "."), index));
	lines_add(&pairs, nf_xasprintf("address=%s", address));
	put_row(out, "arp", &pairs);
}

/* Of ipNetToPhysicalTable only the IPv4 entries are expected by value; of ipNetToMediaTable what the first has
 * not. */
static void put_arp(struct lines *out, const struct recording *r)
{
	static const char *const states[] = {"reachable", "stale", "delay", "probe", "invalid",
		"unknown", "incomplete", NULL};
	static const char *const types[] = {
		"other", "invalid", "dynamic", "static", "local", NULL};
	static const struct column physical[] = {
		{"mac",	MIB2 "4.35.1.4", MAC,  NULL,   NULL},
		{"type",	 MIB2 "4.35.1.6", ENUM, types,  NULL},
		{"state", MIB2 "4.35.1.7", ENUM, states, NULL}
	      };
	static const struct column media[] = {
		{"mac",	MIB2 "4.22.1.2", MAC,  NULL,  NULL},
		{"type", MIB2 "4.22.1.4", ENUM, types, NULL}
	    };
	struct lines rows = indexes(r, physical, 1);

	for (size_t i = 0; i < rows.len; i++) {
		const char *rest = rows.items[i] + strcspn(rows.items[i], ".");

		if (recording_get(r, physical->oid, rows.items[i])->octets &&
			strncmp(rest, ".1.4.", 5) == 0)
			put_arp_row(out, r, physical, 3, rows.items[i], rest + 5);
	}
	lines_free(&rows);
	rows = indexes(r, media, 1);
	for (size_t i = 0; i < rows.len; i++) {
		const char *rest = rows.items[i] + strcspn(rows.items[i], ".");
		char *other = nf_xasprintf(
			"%.*s.1.4%s", (int)(rest - rows.items[i]), rows.items[i], rest);
		const struct value *v = recording_get(r, physical->oid, other);

		if (!v || !v->octets)
			put_arp_row(out, r, media, 2, rows.items[i], rest + 1);
		free(other);
	}
	lines_free(&rows);
}

static void put_neighbours(struct lines *out, const struct recording *r)
{
	static const char lldp[] = "1.0.8802.1.1.2.1.4.1.1.";
	static const struct column all[] = {
		{"lldpRemChassisId", "1.0.8802.1.1.2.1.4.1.1.5", TEXT, NULL, NULL},
		{"lldpRemPortId",	  "1.0.8802.1.1.2.1.4.1.1.7", TEXT, NULL, NULL},
		{"lldpRemSysName",   "1.0.8802.1.1.2.1.4.1.1.9", TEXT, NULL, NULL},
	};
	struct lines rows = indexes(r, all, NF_LEN(all));

	for (size_t i = 0; i < rows.len; i++) {
		const char *port = strchr(rows.items[i], '.') + 1;
		struct lines pairs = {0};
		struct column columns[NF_LEN(all)];

		memcpy(columns, all, sizeof all);
		for (size_t c = 0; c < 2; c++) {
			char *oid = nf_xasprintf("%s%d", lldp, c == 0 ? 4 : 6);
			const struct value *subtype = recording_get(r, oid, rows.items[i]);

			if (subtype && strcmp(subtype->text, c == 0 ? "4" : "3") == 0)
				columns[c].how = MAC;
			free(oid);
		}
		put_columns(&pairs, r, columns, NF_LEN(columns), rows.items[i]);
		lines_add(&pairs, nf_xasprintf("lldpRemLocalPortNum=%.*s",
					  (int)strcspn(port, "."), port));
		put_row(out, "neighbours", &pairs);
	}
	lines_free(&rows);
}

static void put_interfaces(struct lines *out, const struct recording *r)
{
	static const struct column columns[] = {
		{"ifDescr",	    MIB2 "2.2.1.2",	    TEXT,	  NULL,	NULL		    },
		{"ifType",	   MIB2 "2.2.1.3",	   NUMBER, NULL,	 NULL		     },
		{"ifSpeed",	    MIB2 "2.2.1.5",	    NUMBER, NULL,  NULL	      },
		{"ifPhysAddress", MIB2 "2.2.1.6",	  MAC,    NULL,  NULL		 },
		{"ifAdminStatus", MIB2 "2.2.1.7",	  ENUM,	admin, NULL		   },
		{"ifOperStatus",	 MIB2 "2.2.1.8",	 ENUM,   oper,  NULL		 },
		{"ifInOctets",    MIB2 "2.2.1.10",	NUMBER, NULL,  MIB2 "31.1.1.1.6" },
		{"ifInDiscards",	 MIB2 "2.2.1.13",	  NUMBER, NULL,	NULL		    },
		{"ifInErrors",    MIB2 "2.2.1.14",	NUMBER, NULL,  NULL		  },
		{"ifOutOctets",	MIB2 "2.2.1.16",	 NUMBER, NULL,  MIB2 "31.1.1.1.10"},
		{"ifOutDiscards", MIB2 "2.2.1.19",	   NUMBER, NULL,	 NULL		     },
		{"ifOutErrors",	MIB2 "2.2.1.20",	 NUMBER, NULL,  NULL		   },
		{"ifName",	   MIB2 "31.1.1.1.1",  TEXT,   NULL,  NULL	      },
		{"ifHCInOctets",	 MIB2 "31.1.1.1.6",  NUMBER, NULL,  NULL	      },
		{"ifHCOutOctets", MIB2 "31.1.1.1.10", NUMBER, NULL,  NULL		},
		{"ifHighSpeed",	MIB2 "31.1.1.1.15", NUMBER, NULL,  NULL	      },
		{"ifAlias",	    MIB2 "31.1.1.1.18", TEXT,   NULL,  NULL		},
	};

	put_table(out, r, "interfaces", columns, NF_LEN(columns), "ifIndex", 0);
}

static void put_hosts(struct lines *out, const struct recording *r)
{
	static const struct column storage[] = {
		{"hrStorageDescr",	   MIB2 "25.2.3.1.3", TEXT,   NULL, NULL},
		{"hrStorageAllocationUnits", MIB2 "25.2.3.1.4", NUMBER, NULL, NULL},
		{"hrStorageSize",		  MIB2 "25.2.3.1.5", NUMBER, NULL, NULL},
		{"hrStorageUsed",		  MIB2 "25.2.3.1.6", NUMBER, NULL, NULL},
	};
	static const struct column processors[] = {
		{"hrProcessorLoad", MIB2 "25.3.3.1.2", NUMBER, NULL, NULL},
	};
	static const struct column entities[] = {
		{"entPhysicalClass",     MIB2 "47.1.1.1.1.5",  ENUM, classes, NULL},
		{"entPhysicalName",	    MIB2 "47.1.1.1.1.7",	 TEXT, NULL,    NULL},
		{"entPhysicalSerialNum", MIB2 "47.1.1.1.1.11", TEXT, NULL,	   NULL},
		{"entPhysicalModelName", MIB2 "47.1.1.1.1.13", TEXT, NULL,	   NULL},
	};
	static const struct column addresses[] = {
		{"ipAdEntIfIndex", MIB2 "4.20.1.2", NUMBER,  NULL, NULL},
		{"ipAdEntNetMask", MIB2 "4.20.1.3", ADDRESS, NULL, NULL},
	};

	put_table(out, r, "storage", storage, NF_LEN(storage), NULL, 0);
	put_table(out, r, "processors", processors, NF_LEN(processors), "hrDeviceIndex", 0);
	put_table(out, r, "entities", entities, NF_LEN(entities), "entPhysicalIndex", 0);
	put_table(out, r, "addresses", addresses, NF_LEN(addresses), "ipAdEntAddr", 0);
}

void expect_device(const struct recording *r, struct lines *out)
{
	static const struct column system[] = {
		{"sysDescr",    MIB2 "1.1", TEXT,   NULL, NULL},
		{"sysObjectID", MIB2 "1.2", OBJECT, NULL, NULL},
		{"sysUpTime",   MIB2 "1.3", NUMBER, NULL, NULL},
		{"sysContact",  MIB2 "1.4", TEXT,	 NULL, NULL},
		{"sysName",	    MIB2 "1.5", TEXT,   NULL, NULL},
		{"sysLocation", MIB2 "1.6", TEXT,	  NULL, NULL},
	};
	static const struct column ups[] = {
		{"upsBatteryStatus",	     MIB2 "33.1.2.1", ENUM,   battery, NULL},
		{"upsEstimatedMinutesRemaining", MIB2 "33.1.2.3", NUMBER, NULL,	NULL},
		{"upsEstimatedChargeRemaining",	MIB2 "33.1.2.4", NUMBER, NULL,    NULL},
		{"upsOutputSource",		    MIB2 "33.1.4.1", ENUM,   source,  NULL},
	};
	static const struct column supplies[] = {
		{"prtMarkerSuppliesDescription", MIB2 "43.11.1.1.6", TEXT,   NULL, NULL},
		{"prtMarkerSuppliesMaxCapacity", MIB2 "43.11.1.1.8", NUMBER, NULL, NULL},
		{"prtMarkerSuppliesLevel",	   MIB2 "43.11.1.1.9", NUMBER, NULL, NULL},
	};

	put_scalars(out, r, "system", system, NF_LEN(system));
	put_interfaces(out, r);
	put_table(out, r, "supplies", supplies, NF_LEN(supplies), NULL, 0);
	put_scalars(out, r, "ups", ups, NF_LEN(ups));
	put_hosts(out, r);
	put_fdb(out, r);
	put_arp(out, r);
	put_neighbours(out, r);
}
