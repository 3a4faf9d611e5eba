// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/store.h"
#include "web/parts.h"

#define ROWS_MAX    600
#define COLUMNS_MAX 8

/* Columns in a reader's order; what is not named here stands on no page (netfold probe shows all). */
static const struct shape {
	const char *name, *heading;
	struct {
		const char *key, *head;
	} columns[COLUMNS_MAX];
} shapes[] = {
	{"system",	   N_("System"),
		{{"sysName", N_("Name")}, {"sysDescr", N_("Description")},
			{"sysLocation", N_("Place")}, {"sysContact", N_("Contact")},
			{"sysObjectID", N_("Object ID")}}				 },
	{"interfaces", N_("Interfaces"),
		{{"ifName", N_("Name")}, {"ifAlias", N_("Alias")},
			{"ifOperStatus", N_("State")}, {"ifAdminStatus", N_("Set")},
			{"ifHighSpeed", ">" N_("Mbit/s")}, {"ifPhysAddress", N_("MAC")}}},
	{"supplies",   N_("Supplies"),
		{{"prtMarkerSuppliesDescription", N_("Supply")},
			{"prtMarkerSuppliesLevel", ">" N_("Level")},
			{"prtMarkerSuppliesMaxCapacity", ">" N_("Of")}}		       },
	{"ups",	N_("UPS"),
		{{"upsBatteryStatus", N_("Battery")},
			{"upsEstimatedChargeRemaining", ">" N_("Charge, %")},
			{"upsEstimatedMinutesRemaining", ">" N_("Minutes left")},
			{"upsOutputSource", N_("Feeds from")}}			      },
	{"storage",    N_("Storage"),
		{{"hrStorageDescr", N_("What")}, {"hrStorageUsed", ">" N_("Used units")},
			{"hrStorageSize", ">" N_("Of units")},
			{"hrStorageAllocationUnits", ">" N_("Bytes a unit")}}	     },
	{"neighbours", N_("Neighbours (LLDP)"),
		{{"lldpRemLocalPortNum", ">" N_("Port here")},
			{"lldpRemSysName", N_("Neighbour")}, {"lldpRemPortId", N_("Its port")},
			{"lldpRemChassisId", N_("Chassis")}}			    },
	{"entities",   N_("Parts"),
		{{"entPhysicalName", N_("Name")}, {"entPhysicalClass", N_("Class")},
			{"entPhysicalModelName", N_("Model")},
			{"entPhysicalSerialNum", N_("Serial number")}}		      },
	{"addresses",  N_("Addresses on it"),
		{{"ipAdEntAddr", N_("Address")}, {"ipAdEntNetMask", N_("Mask")},
			{"ipAdEntIfIndex", ">" N_("Interface")}}			},
};

#define SHAPES (sizeof shapes / sizeof *shapes)

static void put_value(struct nf_page *p, const json_t *value)
{
	if (json_is_string(value))
		nf_html_el(p->h, "td", json_string_value(value), NULL);
	else if (json_is_integer(value)) {
		char number[32];
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		nf_html_el(p->h, "td", number, "class", "n", NULL);
	} else if (json_is_real(value))
		nf_html_el(p->h, "td",
			nf_number_text(p->m, json_real_value(value), 1, (char[32]){0}), "class",
			"n", NULL);
	else
		nf_html_el(p->h, "td", NULL, NULL);
}

/* RFC 3805, prtMarkerSuppliesLevel and MaxCapacity: numbers below zero are words. NULL: a number. */
static const char *word_of(const char *key, const json_t *value)
{
	json_int_t number = json_integer_value(value);
	if (strncmp(key, "prtMarkerSupplies", 17) != 0 || !json_is_integer(value) ||
		number >= 0)
		return NULL;
	return number == -3 ? _("some left") : _("unknown");
}

static void put_row(struct nf_page *p, const struct shape *shape, const json_t *row)
{
	nf_html_open(p->h, "tr", NULL);
	for (size_t i = 0; i < COLUMNS_MAX && shape->columns[i].key != NULL; i++) {
		const json_t *value = json_object_get(row, shape->columns[i].key);
		const char *word = word_of(shape->columns[i].key, value);
		if (word != NULL)
			nf_part_cell(p, "n", word);
		else
			put_value(p, value);
	}
	nf_html_close(p->h);
}

static void put_table(struct nf_page *p, const struct shape *shape, const json_t *rows)
{
	const char *heads[COLUMNS_MAX + 1] = {NULL};
	size_t i;
	const json_t *row;
	for (i = 0; i < COLUMNS_MAX && shape->columns[i].key != NULL; i++)
		heads[i] = shape->columns[i].head;
	nf_table_open(p, _(shape->heading), true, heads);
	json_array_foreach(rows, i, row)
	{
		if (i < ROWS_MAX)
			put_row(p, shape, row);
	}
	nf_table_close(p);
}

static void put_terms(struct nf_page *p, const struct shape *shape, const json_t *object)
{
	nf_html_open(p->h, "dl", "class", "terms", NULL);
	for (size_t i = 0; i < COLUMNS_MAX && shape->columns[i].key != NULL; i++) {
		const json_t *value = json_object_get(object, shape->columns[i].key);
		char number[32];
		if (json_is_integer(value))
			snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
				json_integer_value(value));
		const char *head = shape->columns[i].head;
		nf_part_term(p, _(head + (*head == '>')),
			json_is_integer(value) ? number : json_string_value(value));
	}
	nf_html_close(p->h);
}

struct facts {
	char *json[SHAPES];
	int64_t at_wall_us[SHAPES];
};

static void keep_fact(const char *network, const char *device, const char *name,
	const char *json, int64_t at_wall_us, void *arg)
{
	struct facts *f = arg;
	(void)network;
	(void)device;
	for (size_t i = 0; i < SHAPES; i++) {
		if (strcmp(name, shapes[i].name) != 0 || f->json[i] != NULL)
			continue;
		f->json[i] = nf_xstrdup(json);
		f->at_wall_us[i] = at_wall_us;
	}
}

static void put_fact(
	struct nf_page *p, const struct shape *shape, const char *json, int64_t at_wall_us)
{
	char id[40];
	json_t *value = json_loads(json, 0, NULL);
	if (json_object_size(value) > 0 || json_array_size(value) > 0) {
		snprintf(id, sizeof id, "fact-%s", shape->name);
		nf_section_open(p, id, _(shape->heading), NULL);
		nf_html_open(p->h, "p", "class", "note", NULL);
		nf_html_text(p->h, _("Seen "));
		nf_part_when(p, at_wall_us);
		nf_html_close(p->h);
		if (json_is_object(value))
			put_terms(p, shape, value);
		else
			put_table(p, shape, value);
		nf_section_close(p);
	}
	json_decref(value);
}

void nf_part_facts(struct nf_page *p, const struct nf_device *device)
{
	struct facts f = {0};
	if (p->m->store == NULL)
		return;
	nf_store_facts(p->m->store, device->legs[0].network->id, device->name, keep_fact, &f);
	for (size_t i = 0; i < SHAPES; i++) {
		if (f.json[i] != NULL)
			put_fact(p, &shapes[i], f.json[i], f.at_wall_us[i]);
		free(f.json[i]);
	}
}
