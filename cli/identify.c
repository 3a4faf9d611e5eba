// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/identify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SERVICE_LINK 0x02 /* sysServices: the layers a thing works on */
#define SERVICE_HOST 0x40

enum { NAME, SERVICES, FORWARDING, PRINTER, SUPPLIES, UPS, ENGINE, SCALARS };

static const uint32_t sys_name[] = {1, 3, 6, 1, 2, 1, 1, 5, 0};
static const uint32_t sys_services[] = {1, 3, 6, 1, 2, 1, 1, 7, 0};
static const uint32_t ip_forwarding[] = {1, 3, 6, 1, 2, 1, 4, 1, 0};
static const uint32_t printer_changes[] = {1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1, 1};
static const uint32_t printer_supplies[] = {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 1};
static const uint32_t ups_maker[] = {1, 3, 6, 1, 2, 1, 33, 1, 1, 1, 0};
static const uint32_t snmp_engine_id[] = {1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0};

static const struct nf_column columns[SCALARS] = {
	[NAME] = {{sys_name, 9},		 NF_COLUMN_OCTETS},
	[SERVICES] = {{sys_services, 9},	 NF_COLUMN_NUMBER},
	[FORWARDING] = {{ip_forwarding, 9},	    NF_COLUMN_NUMBER},
	[PRINTER] = {{printer_changes, 12},  NF_COLUMN_ANY	 },
	[SUPPLIES] = {{printer_supplies, 13}, NF_COLUMN_ANY   },
	[UPS] = {{ups_maker, 11},	  NF_COLUMN_ANY   },
	[ENGINE] = {{snmp_engine_id, 11},	  NF_COLUMN_OCTETS},
};

static const struct nf_query query = {
	.columns = columns,
	.columns_len = SCALARS,
	.scalars = true,
};

struct identifying {
	struct nf_asker *asker;
	const struct nf_identify_ways *ways;
	struct nf_device device; /* stands for what is at the address, to the asker */
	struct nf_agent *agent;
	struct nf_identified identity;
	size_t next; /* way to ask */
	nf_identified_fn *fn;
	void *arg;
	uv_idle_t later; /* an agent cannot be freed inside its own callback */
};

enum nf_kind nf_identify_kind(int64_t services, bool forwards, bool prints, bool is_ups)
{
	if (prints)
		return NF_KIND_PRINTER;
	if (is_ups)
		return NF_KIND_UPS;
	if (services >= 0 && (services & SERVICE_HOST) != 0 && !forwards)
		return NF_KIND_SERVER;
	if (services >= 0 && (services & SERVICE_LINK) != 0)
		return NF_KIND_SWITCH;
	return forwards ? NF_KIND_ROUTER : NF_KIND_OTHER;
}

static bool is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

void nf_identify_name(const uint8_t *octets, size_t len, char *name, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < len && n + 1 < size && octets[i] != '.'; i++)
		if (is_name(octets[i]) && (n > 0 || octets[i] != '-'))
			name[n++] = (char)octets[i];
	name[n] = '\0';
}

static int64_t number_of(const struct nf_cell *cell)
{
	if (cell->type == NF_CELL_INTEGER)
		return cell->integer;
	return cell->type == NF_CELL_UNSIGNED ? (int64_t)cell->number : -1;
}

char *nf_identify_engine(const uint8_t *octets, size_t len, char text[NF_ENGINE_TEXT_MAX])
{
	text[0] = '\0';
	for (size_t i = 0; i < len && len < NF_ENGINE_TEXT_MAX / 2 + 1; i++)
		snprintf(text + 2 * i, 3, "%02x", octets[i]);
	return text;
}

static void take(struct nf_identified *identity, const struct nf_row *row)
{
	const struct nf_cell *name = &row->cells[NAME];
	if (name->type == NF_CELL_OCTETS)
		nf_identify_name(
			name->octets, name->len, identity->name, sizeof identity->name);
	const struct nf_cell *engine = &row->cells[ENGINE];
	if (engine->type == NF_CELL_OCTETS)
		nf_identify_engine(engine->octets, engine->len, identity->engine);
	identity->kind = nf_identify_kind(number_of(&row->cells[SERVICES]),
		number_of(&row->cells[FORWARDING]) == 1,
		row->cells[PRINTER].type != NF_CELL_ABSENT ||
			row->cells[SUPPLIES].type != NF_CELL_ABSENT,
		row->cells[UPS].type != NF_CELL_ABSENT);
}

/* Whether a device has this way; one of that network, NULL: of any. */
static bool is_used(const struct nf_site *site, const struct nf_network *network,
	const struct nf_snmp *snmp)
{
	NF_EACH(struct nf_device, d, site->devices)
	if (d->snmp == snmp && (network == NULL || d->legs[0].network == network))
		return true;
	return false;
}

struct nf_identify_ways nf_identify_ways(
	const struct nf_site *site, const struct nf_network *network)
{
	struct nf_identify_ways ways = {
		.items = nf_xcalloc(site->snmp.len + 1, sizeof *ways.items)};
	NF_EACH(struct nf_snmp, snmp, site->snmp)
	if (is_used(site, network, snmp))
		ways.items[ways.len++] = snmp;
	NF_EACH(struct nf_snmp, snmp, site->snmp)
	if (!is_used(site, NULL, snmp))
		ways.items[ways.len++] = snmp;
	return ways;
}

static void try_next(struct identifying *i);

static void freed(uv_handle_t *handle)
{
	free(handle->data);
}

static void conclude(struct identifying *i)
{
	i->fn(&i->identity, i->arg);
	uv_close((uv_handle_t *)&i->later, freed);
}

static void on_later(uv_idle_t *idle)
{
	struct identifying *i = idle->data;
	uv_idle_stop(idle);
	nf_agent_free(i->agent);
	i->agent = NULL;
	if (i->identity.snmp == NULL)
		try_next(i);
	else
		conclude(i);
}

static void on_result(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	(void)agent;
	struct identifying *i = arg;
	if (result->state == NF_RESULT_COMPLETE && result->rows_len == 1) {
		i->identity.snmp = i->device.snmp;
		take(&i->identity, &result->rows[0]);
	}
	nf_result_free(result);
	uv_idle_start(&i->later, on_later);
}

static void try_next(struct identifying *i)
{
	while (i->next < i->ways->len) {
		i->device.snmp = i->ways->items[i->next++];
		if (nf_agent_new(i->asker, &i->device, 0, &i->agent, NULL) == NF_OK) {
			nf_agent_ask(i->agent, &query, on_result, i);
			return;
		}
	}
	conclude(i);
}

void nf_identify(struct nf_asker *asker, uv_loop_t *loop, const struct nf_identify_ways *ways,
	const struct nf_network *network, const struct nf_addr *address, nf_identified_fn *fn,
	void *arg)
{
	struct identifying *i = nf_xcalloc(1, sizeof *i);
	i->asker = asker;
	i->ways = ways;
	i->device = (struct nf_device){
		.name = "",
		.kind = NF_KIND_OTHER,
		.legs[0] = {.network = network, .address = *address},
		.legs_len = 1,
	};
	i->identity = (struct nf_identified){
		.network = network, .address = *address, .kind = NF_KIND_OTHER};
	i->fn = fn;
	i->arg = arg;
	uv_idle_init(loop, &i->later);
	i->later.data = i;
	try_next(i);
}
