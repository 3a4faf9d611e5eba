// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/test.h"

static void write_site(struct world *w, const char *devices, const char *extra)
{
	struct nf_strbuf yaml = {0}, csv = {0};
	nf_strbuf_printf(&yaml,
		"site: {name: Test, timezone: Europe/Stockholm, state_dir: state}\n"
		"polling: {ping: 30s, snmp: 60s, confirm: 3, confirm_every: 1s}\n"
		"networks:\n"
		"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}}\n"
		"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
		"devices_csv: devices.csv\n%s",
		extra);
	nf_strbuf_printf(&csv, "name,kind,network,address,parent%s\n%s", w->columns, devices);
	fixture_puts(w->f, "site.yaml", yaml.data);
	fixture_puts(w->f, "devices.csv", csv.data);
	nf_strbuf_free(&yaml);
	nf_strbuf_free(&csv);
	fixture_load(w->f);
	if (w->f->site == NULL) {
		fputs(w->f->text, stderr);
		abort();
	}
	w->site = w->f->site;
	w->f->site = NULL; /* ours: a reload needs the old one a moment longer */
	assert(w->site->devices.len <= WORLD_DEVICES_MAX);
}

struct world *world_new(const char *devices, const char *extra)
{
	return world_new_with(devices, "", extra);
}

struct world *world_new_with(const char *devices, const char *columns, const char *extra)
{
	struct world *w = nf_xcalloc(1, sizeof *w);
	w->f = fixture_new();
	w->columns = columns;
	w->now = (struct nf_now){INT64_C(1800000000) * WORLD_S, 1000 * WORLD_S};
	strcpy(w->program, "netfold-ping");
	strcpy(w->check, "ping");
	write_site(w, devices, extra);
	struct nf_error err;
	if (nf_store_open(w->site->state_dir, NF_STORE_WRITE, 1, &w->store, &err) != NF_OK) {
		fputs(err.text, stderr);
		abort();
	}
	return w;
}

void world_free(struct world *w)
{
	if (w->judge != NULL)
		world_stop(w);
	nf_store_close(w->store);
	nf_site_free(w->site);
	fixture_free(w->f);
	free(w);
}

void world_start(struct world *w, bool once)
{
	struct nf_error err = {0};
	const struct nf_judge_options options = {
		.program = w->program,
		.judges_reachability = strcmp(w->check, "ping") == 0,
		.cycle_us = w->site->polling.ping_us,
		.once = once,
	};
	if (nf_judge_new(&options, w->site, w->store, w->now, &w->judge, &err) != NF_OK) {
		fputs(err.text, stderr);
		abort();
	}
	NF_EACH(struct nf_device, d, w->site->devices)
	w->due_mono_us[d->index] = w->now.mono_us + (int64_t)(d->index * 7 % 30) * WORLD_S;
}

void world_stop(struct world *w)
{
	nf_judge_flush(w->judge, NULL);
	nf_judge_free(w->judge);
	w->judge = NULL;
}

void world_reload(struct world *w, const char *devices, const char *extra)
{
	struct nf_site *old = w->site;
	bool down[WORLD_DEVICES_MAX] = {false};
	write_site(w, devices, extra);
	NF_EACH(struct nf_device, d, w->site->devices)
	{
		const struct nf_device *before = nf_site_device(old, d->name);
		down[d->index] = before != NULL && w->down[before->index];
	}
	memcpy(w->down, down, sizeof down);
	if (w->judge != NULL)
		nf_judge_reload(w->judge, w->site, w->now);
	nf_site_free(old);
}

size_t world_index(const struct world *w, const char *device)
{
	const struct nf_device *d = nf_site_device(w->site, device);
	assert(d != NULL);
	return d->index;
}

void world_set_down(struct world *w, const char *device, bool down)
{
	w->down[world_index(w, device)] = down;
}

bool world_answers(const struct world *w, const struct nf_device *device)
{
	if (w->cut[device->legs[0].network->index])
		return false;
	for (; device != NULL; device = device->parent)
		if (w->down[device->index])
			return false;
	return true;
}

static enum nf_judge_next observe(
	struct world *w, const struct nf_device *device, enum nf_state state)
{
	const struct nf_answer answer = {
		.device = device,
		.check = w->check,
		.state = state,
		.output = state == NF_STATE_OK ? "answers" : "no answer",
		.interval_us = w->site->polling.ping_us,
	};
	enum nf_judge_next next = nf_judge_observe(w->judge, &answer, w->now);
	nf_judge_asked(w->judge, device, w->now);
	return next;
}

enum nf_judge_next world_observe(struct world *w, const char *device, enum nf_state state)
{
	return observe(w, &w->site->devices.items[world_index(w, device)], state);
}

static void ask(struct world *w, const struct nf_device *device)
{
	bool answers = world_answers(w, device);
	enum nf_judge_next next = observe(w, device, answers ? NF_STATE_OK : NF_STATE_CRITICAL);
	w->due_mono_us[device->index] =
		w->now.mono_us + (next == NF_ASK_AS_USUAL ? 30 : 1) * WORLD_S;
}

void world_tick(struct world *w)
{
	nf_judge_tick(w->judge, w->now, NULL);
}

void world_run(struct world *w, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		w->now.mono_us += WORLD_S;
		w->now.wall_us += WORLD_S;
		NF_EACH(struct nf_device, d, w->site->devices)
		if (w->due_mono_us[d->index] <= w->now.mono_us)
			ask(w, d);
		/* What is wanted now is asked within the second, but not for ever. */
		const struct nf_device *wanted;
		for (int n = 0; n < 200 && (wanted = nf_judge_want(w->judge)) != NULL; n++)
			if (w->due_mono_us[wanted->index] > w->now.mono_us + WORLD_S)
				w->due_mono_us[wanted->index] = w->now.mono_us + WORLD_S / 2;
		world_tick(w);
	}
}

enum nf_state world_state(const struct world *w, const char *device)
{
	return nf_judge_state(w->judge, nf_site_device(w->site, device), w->check);
}

struct listing {
	struct world *w;
	struct nf_strbuf text;
};

static void list_event(const struct nf_event *e, void *arg)
{
	struct listing *l = arg;
	l->w->seen_event = e->id;
	nf_strbuf_printf(&l->text, "%s %s %s %s>%s",
		*e->device != '\0' ? e->device : e->network, e->check, e->kind,
		nf_state_text(e->before), nf_state_text(e->after));
	if (*e->cause != '\0')
		nf_strbuf_printf(&l->text, " cause=%s", e->cause);
	if (*e->maintenance != '\0')
		nf_strbuf_printf(&l->text, " in=%s", e->maintenance);
	nf_strbuf_puts(&l->text, e->held ? " held\n" : "\n");
}

char *world_events(struct world *w)
{
	struct listing l = {.w = w};
	nf_store_events(
		w->store, &(struct nf_event_filter){.after_id = w->seen_event}, list_event, &l);
	return nf_strbuf_take(&l.text);
}

void world_expect(struct world *w, const char *events)
{
	char *got = world_events(w);
	assert_string_equal(got, events);
	free(got);
}

void world_forget(struct world *w)
{
	free(world_events(w));
}

struct world *world_settled(const char *devices, const char *extra)
{
	struct world *w = world_new(devices, extra);
	world_start(w, false);
	world_run(w, 65);
	world_forget(w);
	return w;
}
