// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_ledger.h"

#include <string.h>

#define CALLERS_MAX 200 /* of one address */

/* The newest of what was seen bound to this address. */
static const struct nf_seen *newest_at(const struct nf_book *book, const char *network,
	const char *address, const char *kind, int64_t since_us)
{
	const struct nf_seen *best = NULL;
	for (const struct nf_seen *row = nf_book_at(book, network, address); row != NULL;
		row = nf_seen_next_at(row))
		if (strcmp(row->kind, kind) == 0 && !row->passed_on &&
			row->last_us >= since_us &&
			(best == NULL || row->last_us > best->last_us))
			best = row;
	return best;
}

static void take_identity(json_t *identity, const char *name, const struct nf_seen *row)
{
	if (row != NULL && json_object_get(identity, name) == NULL)
		json_object_set_new(identity, name, json_string(row->value));
}

static void take_mac(json_t *identity, const char *mac)
{
	json_t *list = json_object_get(identity, "macs"), *item;
	size_t i;
	if (list == NULL) {
		list = json_array();
		json_object_set_new(identity, "macs", list);
	}
	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);
		if (text != NULL && strcmp(text, mac) == 0)
			return;
	}
	json_array_append_new(list, json_string(mac));
}

/* The access port at which the newest of its MACs was seen in that network. */
static const struct nf_seen *place_of(const json_t *identity, const struct nf_book *book,
	const char *network, int64_t since_us)
{
	const struct nf_seen *best = NULL;
	json_t *mac;
	size_t i;
	json_array_foreach(json_object_get(identity, "macs"), i, mac)
	{
		const char *text = json_string_value(mac);
		for (const struct nf_seen *row = text != NULL ? nf_book_of(book, "mac", text)
							      : NULL;
			row != NULL; row = nf_seen_next(row))
			if (strcmp(row->network, network) == 0 && nf_seen_port(row) != NULL &&
				row->last_us >= since_us &&
				(best == NULL || row->last_us > best->last_us))
				best = row;
	}
	return best;
}

static bool are_ports_told(const struct nf_book *book, const char *network, int64_t since_us)
{
	size_t len;
	const struct nf_seen *rows = nf_book_rows(book, &len);
	for (size_t i = 0; i < len; i++)
		if (strcmp(rows[i].source, "fdb") == 0 && rows[i].last_us >= since_us &&
			strcmp(rows[i].network, network) == 0)
			return true;
	return false;
}

void nf_wave_look_ledger(json_t *look, const struct nf_book *book, const char *network,
	const char *address, int64_t since_us)
{
	json_t *identity = json_object_get(look, "identity");
	if (identity == NULL) {
		identity = json_object();
		json_object_set_new(look, "identity", identity);
	}
	take_identity(
		identity, "hostkey", newest_at(book, network, address, "hostkey", since_us));
	take_identity(
		identity, "engine", newest_at(book, network, address, "engine", since_us));
	const struct nf_seen *mac = newest_at(book, network, address, "mac", since_us);
	if (mac != NULL)
		take_mac(identity, mac->value);
	const struct nf_seen *place = place_of(identity, book, network, since_us);
	if (place != NULL)
		json_object_set_new(look, "place", json_string(place->place));
	json_object_set_new(
		look, "ports_told", json_boolean(are_ports_told(book, network, since_us)));
}

/* When the last of the look's MACs was heard at the address: a router's ARP table remembers who has gone. */
static int64_t last_there(const json_t *look, const struct nf_book *book, const char *network,
	const char *address)
{
	const json_t *macs = json_object_get(json_object_get(look, "identity"), "macs");
	int64_t last_us = 0;
	for (const struct nf_seen *row = nf_book_at(book, network, address); row != NULL;
		row = nf_seen_next_at(row)) {
		json_t *mac;
		size_t i;
		json_array_foreach(macs, i, mac)
		{
			const char *text = json_string_value(mac);
			if (text != NULL && strncmp(row->by, "wire:", 5) == 0 &&
				strcmp(row->kind, "mac") == 0 &&
				strcmp(row->value, text) == 0 && row->last_us > last_us)
				last_us = row->last_us;
		}
	}
	return last_us;
}

/* One row a caller: its newest call. */
static void take_call(json_t *list, const struct nf_around_call *call)
{
	const char *from = *call->from_address != '\0' ? call->from_address : call->from_mac;
	json_t *row;
	size_t i;
	json_array_foreach(list, i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "from")), from) != 0)
			continue;
		if (json_integer_value(json_object_get(row, "at_us")) < call->last_us) {
			json_object_set_new(row, "how", json_string(call->how));
			json_object_set_new(row, "at_us", json_integer(call->last_us));
		}
		return;
	}
	row = json_object();
	json_object_set_new(row, "from", json_string(from));
	json_object_set_new(row, "how", json_string(call->how));
	json_object_set_new(row, "at_us", json_integer(call->last_us));
	json_array_append_new(list, row);
}

void nf_wave_look_callers(json_t *look, const struct nf_book *book,
	const struct nf_around *around, const char *network, const char *address,
	int64_t since_us, const json_t *before)
{
	size_t len;
	const struct nf_around_call *calls = nf_around_calls(around, &len);
	int64_t there_us = last_there(before, book, network, address);
	json_t *list = json_array();
	if (there_us > since_us)
		since_us = there_us;
	for (size_t i = 0; i < len && json_array_size(list) < CALLERS_MAX; i++)
		if (!calls[i].is_own && calls[i].last_us > since_us &&
			strcmp(calls[i].network, network) == 0 &&
			strcmp(calls[i].to_address, address) == 0)
			take_call(list, &calls[i]);
	if (json_array_size(list) > 0)
		json_object_set(look, "callers", list);
	json_decref(list);
}

struct jobs {
	json_t *list;
	const struct nf_site *site;
	const char *device;
};

static void take_job(const struct nf_backup_look *row, void *arg)
{
	struct jobs *jobs = arg;
	NF_EACH(struct nf_backup, job, jobs->site->backups)
	{
		if (strcmp(job->id, row->job) != 0 ||
			strcmp(job->device->name, jobs->device) != 0)
			continue;
		json_t *to = json_object();
		json_object_set_new(to, "job", json_string(row->job));
		json_object_set_new(to, "verdict", json_string(row->verdict));
		json_object_set_new(to, "at_us", json_integer(row->at_wall_us));
		json_array_append_new(jobs->list, to);
	}
}

enum nf_err nf_wave_look_backups(
	json_t *look, const struct nf_site *site, struct nf_store *store, const char *device)
{
	struct jobs jobs = {json_array(), site, device};
	enum nf_err rc = nf_backup_jobs(store, take_job, &jobs);
	if (rc == NF_OK && json_array_size(jobs.list) > 0)
		json_object_set(look, "backups", jobs.list);
	json_decref(jobs.list);
	return rc;
}
