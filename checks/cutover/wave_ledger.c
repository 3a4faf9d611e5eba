// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave_ledger.h"

#include <string.h>

/* The newest of what was seen bound to this address. */
static const struct nf_seen *newest_at(const struct nf_book *book, const char *network,
	const char *address, const char *kind, int64_t since_us)
{
	const struct nf_seen *best = NULL;
	for (const struct nf_seen *row = nf_book_at(book, network, address); row != NULL;
		row = nf_seen_next_at(row))
		if (strcmp(row->kind, kind) == 0 && row->last_us >= since_us &&
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
			if (strcmp(row->network, network) == 0 && *row->place != '\0' &&
				row->last_us >= since_us &&
				(best == NULL || row->last_us > best->last_us))
				best = row;
	}
	return best;
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
