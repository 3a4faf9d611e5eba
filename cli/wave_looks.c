// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/wave_looks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/cutover/around.h"
#include "checks/cutover/knock.h"
#include "checks/cutover/wave.h"
#include "checks/cutover/wave_ledger.h"
#include "cli/probe.h"
#include "store/series.h"
#include "store/series_fetch.h"

#define KNOCK_US  (2 * NF_US_PER_S)
#define USUAL_S	  86400
#define CALLED_US (7 * 86400 * NF_US_PER_S)

void nf_looks_add(struct nf_looks *looks, struct nf_look_at at)
{
	looks->items = nf_grow(looks->items, looks->len, &looks->cap, sizeof *looks->items);
	looks->items[looks->len++] = at;
}

void nf_looks_free(struct nf_looks *looks)
{
	for (size_t i = 0; i < looks->len; i++)
		json_decref(looks->items[i].look);
	free(looks->items);
	*looks = (struct nf_looks){0};
}

static void take_probe(const struct nf_probe *probe, void *arg)
{
	struct nf_looks *looks = arg;
	struct nf_look_at *at = &looks->items[probe->device->index];
	struct nf_strbuf text = {0};
	struct nf_json j = nf_json_of(&text);
	nf_probe_json(probe, &j);
	json_t *json = json_loadb(text.data, text.len, JSON_ALLOW_NUL, NULL);
	nf_wave_look_probe(at->look, json);
	json_decref(json);
	nf_strbuf_free(&text);
	at->unsent = probe->pinged && probe->burst.sent == 0 && probe->burst.unsent > 0;
	if (at->unsent)
		nf_burst_trouble_text(&probe->burst, at->leg.network->source.interface,
			looks->unsent, sizeof looks->unsent);
}

/* Who was not asked has not failed to answer: that would be kept, or compared, as the truth. */
static enum nf_err refuse_unasked(const struct nf_looks *looks, struct nf_error *err)
{
	for (size_t i = 0; i < looks->len; i++) {
		const struct nf_look_at *at = &looks->items[i];
		bool asked = !at->unsent;
		for (size_t k = 0; k < looks->len && !asked; k++)
			asked = looks->items[k].device == at->device && !looks->items[k].unsent;
		if (!asked)
			return nf_error_set(err, NF_ENOENT,
				"%s could not be asked from this machine: %s; nothing was kept",
				at->device->name, looks->unsent);
	}
	return NF_OK;
}

static json_t *new_look(const struct nf_look_at *at)
{
	char address[NF_ADDR_TEXT_MAX];
	json_t *look = json_object();
	json_object_set_new(look, "device", json_string(at->device->name));
	json_object_set_new(look, "side", json_string(at->side));
	json_object_set_new(look, "network", json_string(at->leg.network->id));
	json_object_set_new(
		look, "address", json_string(nf_addr_format(&at->leg.address, address)));
	json_object_set_new(look, "at_us", json_integer(nf_clock_now().wall_us));
	return look;
}

/* The site as if each look were a device of its own, at that one address. */
static enum nf_err probe(struct nf_looks *looks, struct nf_error *err)
{
	struct nf_site site = *looks->site;
	struct nf_diags *diags = nf_diags_new();
	struct nf_profiles *profiles = NULL;
	struct nf_error unpinged = {0};
	bool *chosen = nf_xcalloc(looks->len + 1, sizeof *chosen);
	struct nf_device *devices = nf_xcalloc(looks->len + 1, sizeof *devices);
	for (size_t i = 0; i < looks->len; i++) {
		devices[i] = *looks->items[i].device;
		devices[i].index = i;
		devices[i].legs[0] = looks->items[i].leg;
		devices[i].legs_len = 1;
		chosen[i] = true;
		looks->items[i].look = new_look(&looks->items[i]);
	}
	site.devices.items = devices;
	site.devices.len = looks->len;
	enum nf_err rc = nf_profiles_of_site(looks->site, diags, &profiles);
	if (rc != NF_OK)
		nf_error_set(err, rc, "the SNMP profiles: see `netfold check`");
	else
		rc = nf_probe_run(&site, profiles, chosen, take_probe, looks, &unpinged, err);
	if (unpinged.code != NF_OK)
		fprintf(stderr, "netfold cutover: nothing was pinged: %s\n", unpinged.text);
	nf_profiles_free(profiles);
	nf_diags_free(diags);
	free(devices);
	free(chosen);
	return rc;
}

struct knocks {
	struct nf_knock *items;
	size_t *of; /* the look it belongs to */
	size_t len, cap, of_cap;
};

static void add_knock(struct knocks *k, const struct nf_looks *looks, size_t i, uint16_t port)
{
	size_t len = k->len;
	k->items = nf_grow(k->items, len, &k->cap, sizeof *k->items);
	k->of = nf_grow(k->of, len, &k->of_cap, sizeof *k->of);
	k->items[len] = (struct nf_knock){.network = looks->items[i].leg.network,
		.address = looks->items[i].leg.address,
		.port = port};
	k->of[k->len++] = i;
}

static void add_knocks(struct knocks *k, const struct nf_looks *looks, size_t i)
{
	const struct nf_look_at *at = &looks->items[i];
	json_t *row;
	size_t n, len = 0;
	uint16_t *ports = at->before == NULL ? nf_knock_ports(looks->site, &len) : NULL;
	for (size_t p = 0; p < len; p++)
		add_knock(k, looks, i, ports[p]);
	free(ports);
	json_array_foreach(json_object_get(at->before, "services"), n, row)
	{
		json_int_t port = json_integer_value(json_object_get(row, "port"));
		if (port > 0 && port < 65536)
			add_knock(k, looks, i, (uint16_t)port);
	}
}

static bool has_closed(const json_t *services)
{
	json_t *row;
	size_t i;
	json_array_foreach(services, i, row)
	{
		if (json_string_value(json_object_get(row, "state"))[0] == 'c')
			return true;
	}
	return false;
}

/* Of a first look what is open is kept, and one port that says no: that, too, is a sign of life. */
static bool is_kept(
	const struct nf_look_at *at, const json_t *services, enum nf_knock_state state)
{
	return at->before != NULL || state == NF_KNOCK_OPEN ||
	       (state == NF_KNOCK_CLOSED && !has_closed(services));
}

static void take_knocks(struct nf_looks *looks, const struct knocks *k)
{
	for (size_t i = 0; i < k->len; i++) {
		struct nf_look_at *at = &looks->items[k->of[i]];
		json_t *services = json_object_get(at->look, "services");
		if (services == NULL) {
			services = json_array();
			json_object_set_new(at->look, "services", services);
		}
		if (!is_kept(at, services, k->items[i].state))
			continue;
		json_t *row = json_object();
		json_object_set_new(row, "port", json_integer(k->items[i].port));
		json_object_set_new(
			row, "state", json_string(nf_knock_state_text(k->items[i].state)));
		json_array_append_new(services, row);
	}
}

enum nf_err nf_looks_run(struct nf_looks *looks, struct nf_error *err)
{
	struct knocks k = {0};
	struct nf_error unasked = {0};
	enum nf_err rc = probe(looks, err);
	if (rc == NF_OK)
		rc = refuse_unasked(looks, err);
	if (rc != NF_OK)
		return rc;
	for (size_t i = 0; i < looks->len; i++)
		add_knocks(&k, looks, i);
	if (nf_knock_run(k.items, k.len, KNOCK_US, &unasked) != NF_OK)
		fprintf(stderr, "netfold cutover: not every port was asked: %s\n",
			unasked.text);
	take_knocks(looks, &k);
	free(k.items);
	free(k.of);
	return NF_OK;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The median of a column; less than 0: there is nothing in it. */
static double median_of(const struct nf_series_data *data, const char *name)
{
	double *values = nf_xcalloc(data->rows + 1, sizeof *values);
	double median = -1;
	size_t len = 0;
	for (size_t c = 0; c < data->columns; c++)
		for (size_t r = 0; strcmp(data->names[c], name) == 0 && r < data->rows; r++)
			if (!isnan(data->values[r * data->columns + c]))
				values[len++] = data->values[r * data->columns + c];
	qsort(values, len, sizeof *values, by_size);
	if (len > 0)
		median = values[len / 2];
	free(values);
	return median;
}

static void put_usual(json_t *ping, const char *key, double value)
{
	if (value >= 0)
		json_object_set_new(ping, key, json_real(value));
}

/* The medians of the last day: an outage does not move them. */
static void take_usual(struct nf_look_at *at, const char *state_dir)
{
	const struct nf_device *d = at->device;
	bool is_second = d->legs_len > 1 &&
			 nf_addr_equal(&d->legs[1].address, &at->leg.address) &&
			 d->legs[1].network == at->leg.network;
	struct nf_series_data data;
	struct nf_error err;
	int64_t now_s = nf_clock_now().wall_us / NF_US_PER_S;
	json_t *ping = json_object_get(at->look, "ping");
	char *path = nf_series_path(
		state_dir, d->legs[0].network->id, d->name, is_second ? "ping common" : "ping");
	enum nf_err rc = nf_series_fetch(
		path, NF_AVERAGE, now_s - USUAL_S, now_s, USUAL_S / 288, &data, &err);
	free(path);
	if (rc != NF_OK)
		return;
	if (ping != NULL) {
		put_usual(ping, "usual_rtt_us", median_of(&data, "rtt_median_us"));
		put_usual(ping, "usual_loss", median_of(&data, "loss"));
	}
	nf_series_data_free(&data);
}

/* Before: who called it in the last week. After: who calls the address that it has left. */
static void take_callers(
	struct nf_look_at *at, const struct nf_book *book, const struct nf_around *around)
{
	char address[NF_ADDR_TEXT_MAX];
	if (strcmp(at->side, "old") != 0)
		return;
	nf_wave_look_callers(at->look, book, around, at->leg.network->id,
		nf_addr_format(&at->leg.address, address),
		at->before != NULL ? at->since_us : nf_clock_now().wall_us - CALLED_US,
		at->before);
}

enum nf_err nf_looks_remember(struct nf_looks *looks, struct nf_store *store)
{
	struct nf_book *book = nf_book_new();
	char address[NF_ADDR_TEXT_MAX];
	enum nf_err rc = nf_book_load(book, store, looks->site);
	struct nf_identities *ids = nf_identities_learn(looks->site, book);
	struct nf_around *around = NULL;
	if (rc == NF_OK)
		around = nf_around_load(
			store, looks->site, book, ids, nf_clock_now().wall_us, &rc);
	for (size_t i = 0; rc == NF_OK && i < looks->len; i++) {
		struct nf_look_at *at = &looks->items[i];
		nf_wave_look_ledger(at->look, book, at->leg.network->id,
			nf_addr_format(&at->leg.address, address), at->since_us);
		take_callers(at, book, around);
		rc = nf_wave_look_backups(at->look, looks->site, store, at->device->name);
		if (at->before == NULL)
			take_usual(at, looks->site->state_dir);
	}
	nf_around_free(around);
	nf_identities_free(ids);
	nf_book_free(book);
	return rc;
}
