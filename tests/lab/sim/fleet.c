// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/lab/sim/builtin.h"
#include "tests/lab/sim/range.h"
#include "tests/lab/sim/snmprec.h"
#include "tests/lab/sim/switch.h"
#include "tests/lab/sim/usm.h"

#define CONFIG_MAX (64u << 20)
#define BLANKS	   " \t\r\n"

enum device { RECORDING, SWITCH, UPS, PRINTER };

/* A table that agents share: a recording by its path, a switch by its measures. */
struct shared {
	char *key;
	struct nf_sim_mib *mib;
	UT_hash_handle hh;
};

struct line {
	struct nf_sim_range range;
	enum device device;
	const char *path; /* RECORDING */
	struct nf_sim_options options;
};

/* One word set at run time. */
struct order {
	struct nf_sim_range range;
	const char *word;
};

struct nf_sim_fleet {
	struct nf_arena *arena;
	struct line *lines;
	size_t lines_len, lines_cap;
	struct order *orders;
	size_t orders_len, orders_cap;
	struct shared *shared;
	struct nf_sim_agent *agents;
	struct nf_sim_user_keys user_keys;
};

struct nf_sim_fleet *nf_sim_fleet_new(void)
{
	struct nf_sim_fleet *fleet = nf_xcalloc(1, sizeof *fleet);

	fleet->arena = nf_arena_new();
	return fleet;
}

static void drop_parts(struct nf_sim_agent *agent)
{
	for (size_t part = 0; part < NF_SIM_SHARED; part++) {
		nf_sim_mib_free((struct nf_sim_mib *)(uintptr_t)agent->parts[part]);
		agent->parts[part] = NULL;
	}
}

static void free_agent(struct nf_sim_fleet *fleet, struct nf_sim_agent *agent)
{
	HASH_DEL(fleet->agents, agent);
	drop_parts(agent);
	nf_sim_usm_free(agent->usm);
	free(agent);
}

void nf_sim_fleet_free(struct nf_sim_fleet *fleet)
{
	struct nf_sim_agent *agent;
	struct nf_sim_agent *next;
	struct shared *shared;
	struct shared *next_shared;

	if (!fleet)
		return;
	HASH_ITER (hh, fleet->agents, agent, next)
		free_agent(fleet, agent);
	HASH_ITER (hh, fleet->shared, shared, next_shared) {
		HASH_DEL(fleet->shared, shared);
		nf_sim_mib_free(shared->mib);
		free(shared->key);
		free(shared);
	}
	free(fleet->lines);
	free(fleet->orders);
	nf_arena_free(fleet->arena);
	free(fleet);
}

/* Gives the table of this key, made where it is new. */
static enum nf_err share(struct nf_sim_fleet *fleet, const struct line *line,
	const struct nf_sim_options *options, struct nf_sim_mib **out, struct nf_error *err)
{
	char *key = line->device == RECORDING
			    ? nf_xstrdup(line->path)
			    : nf_xasprintf("%u:%u:%u:%u", line->device, options->ports,
				      options->first_index, options->vlans);
	struct shared *shared;
	struct nf_sim_mib *mib = NULL;
	enum nf_err code = NF_OK;

	HASH_FIND_STR(fleet->shared, key, shared);
	if (shared) {
		*out = shared->mib;
		free(key);
		return NF_OK;
	}
	if (line->device == RECORDING)
		code = nf_sim_snmprec_load(line->path, &mib, err);
	else
		mib = line->device == SWITCH ? nf_sim_switch_shape(options)
		      : line->device == UPS  ? nf_sim_builtin_ups()
					     : nf_sim_builtin_printer();
	if (code != NF_OK) {
		free(key);
		return code;
	}
	shared = nf_xcalloc(1, sizeof *shared);
	shared->key = key;
	shared->mib = mib;
	HASH_ADD_KEYPTR(hh, fleet->shared, key, strlen(key), shared);
	*out = mib;
	return NF_OK;
}

static enum nf_err parse_device(
	struct nf_sim_fleet *fleet, const char *word, struct line *line, struct nf_error *err)
{
	static const char recording[] = "recording:";

	line->options = nf_sim_options_default();
	if (strcmp(word, "synthetic:switch") == 0) {
		line->device = SWITCH;
	} else if (strcmp(word, "synthetic:ups") == 0) {
		line->device = UPS;
		line->options.name = "ups";
	} else if (strcmp(word, "synthetic:printer") == 0) {
		line->device = PRINTER;
		line->options.name = "printer";
	} else if (strncmp(word, recording, sizeof recording - 1) == 0) {
		line->device = RECORDING;
		line->options.uptime_us = 0;
		line->path = nf_arena_strdup(fleet->arena, word + sizeof recording - 1);
	} else {
		return nf_error_set(err, NF_EINVAL,
			"%s: not recording:PATH, synthetic:switch, synthetic:ups or "
			"synthetic:printer",
			word);
	}
	return NF_OK;
}

static enum nf_err parse_line(
	struct nf_sim_fleet *fleet, char *text, struct line *line, struct nf_error *err)
{
	char *save = NULL;
	char *addresses = strtok_r(text, BLANKS, &save);
	char *device = strtok_r(NULL, BLANKS, &save);
	struct nf_sim_mib *mib;

	if (!device)
		return nf_error_set(err, NF_EINVAL, "a line is: ADDRESSES DEVICE [option…]");
	enum nf_err code = nf_sim_range_parse(addresses, &line->range, err);

	if (code == NF_OK)
		code = parse_device(fleet, device, line, err);
	for (char *word; code == NF_OK && (word = strtok_r(NULL, BLANKS, &save));)
		code = nf_sim_options_set(&line->options, word, fleet->arena, err);
	if (code == NF_OK)
		code = share(fleet, line, &line->options, &mib, err);
	return code;
}

enum nf_err nf_sim_fleet_add_line(
	struct nf_sim_fleet *fleet, const char *line, struct nf_error *err)
{
	struct line parsed = {0};
	char *copy = nf_xstrdup(line);
	enum nf_err code;

	copy[strcspn(copy, "#")] = '\0';
	if (copy[strspn(copy, BLANKS)] == '\0') {
		free(copy);
		return NF_OK;
	}
	code = parse_line(fleet, copy, &parsed, err);
	free(copy);
	if (code != NF_OK)
		return code;
	fleet->lines = nf_grow(
		fleet->lines, fleet->lines_len, &fleet->lines_cap, sizeof *fleet->lines);
	fleet->lines[fleet->lines_len++] = parsed;
	return NF_OK;
}

enum nf_err nf_sim_fleet_add_file(
	struct nf_sim_fleet *fleet, const char *path, struct nf_error *err)
{
	char *text;
	size_t len;
	enum nf_err code = nf_file_read(path, CONFIG_MAX, &text, &len, err);
	struct nf_error inner;

	if (code != NF_OK)
		return code;
	char *at = text;

	for (size_t number = 1; at && code == NF_OK; number++) {
		char *line = strsep(&at, "\n");

		code = nf_sim_fleet_add_line(fleet, line, &inner);
		if (code != NF_OK)
			nf_error_set(err, code, "%s:%zu: %s", path, number, inner.text);
	}
	free(text);
	return code;
}

void nf_sim_fleet_forget_lines(struct nf_sim_fleet *fleet)
{
	fleet->lines_len = 0;
}

static const struct line *line_of(const struct nf_sim_fleet *fleet, const struct nf_addr *addr,
	uint32_t port, uint32_t *offset)
{
	for (size_t i = fleet->lines_len; i > 0; i--) {
		const struct line *line = &fleet->lines[i - 1];

		if ((line->options.port == 0 || line->options.port == port) &&
			nf_sim_range_holds(&line->range, addr, offset))
			return line;
	}
	return NULL;
}

/* The tables follow the options. */
static void make_parts(
	struct nf_sim_fleet *fleet, struct nf_sim_agent *agent, const struct line *line)
{
	const struct nf_sim_options *o = &agent->options;
	struct nf_sim_mib *mib = NULL;

	drop_parts(agent);
	if (o->values) {
		struct nf_sim_mib *overlay = nf_sim_mib_new();

		nf_sim_snmprec_parse(overlay, "value", o->values, strlen(o->values), NULL);
		nf_sim_mib_finish(overlay);
		agent->parts[NF_SIM_OVERLAY] = overlay;
	}
	if (line->device == SWITCH)
		agent->parts[NF_SIM_OWN] = nf_sim_switch_own(agent);
	if (share(fleet, line, o, &mib, NULL) == NF_OK)
		agent->parts[NF_SIM_SHARED] = mib;
}

/* False: no line has this address any more. */
static bool refresh(struct nf_sim_fleet *fleet, struct nf_sim_agent *agent)
{
	uint32_t offset;
	const struct line *line = line_of(fleet, &agent->key.addr, agent->key.port, &offset);

	if (!line)
		return false;
	agent->options = line->options;
	agent->number = offset + 1;
	agent->alone = line->range.len == 1;
	for (size_t i = 0; i < fleet->orders_len; i++) {
		if (nf_sim_range_holds(&fleet->orders[i].range, &agent->key.addr, &offset))
			nf_sim_options_set(
				&agent->options, fleet->orders[i].word, fleet->arena, NULL);
	}
	agent->lying = agent->options.as.len + agent->options.bloat.len > 0 ||
		       agent->options.hostile != NF_SIM_TAME;
	make_parts(fleet, agent, line);
	nf_sim_usm_free(agent->usm);
	agent->usm = nf_sim_usm_new(&fleet->user_keys, &agent->options, &agent->key.addr);
	return true;
}

void nf_sim_fleet_refresh(struct nf_sim_fleet *fleet)
{
	struct nf_sim_agent *agent;
	struct nf_sim_agent *next;

	HASH_ITER (hh, fleet->agents, agent, next) {
		if (!refresh(fleet, agent))
			free_agent(fleet, agent);
	}
}

struct nf_sim_agent *nf_sim_fleet_agent(
	struct nf_sim_fleet *fleet, const struct nf_addr *addr, uint16_t port, int64_t now_us)
{
	struct nf_sim_key key = {.addr = *addr, .port = port};
	struct nf_sim_agent *agent;

	HASH_FIND(hh, fleet->agents, &key, sizeof key, agent);
	if (!agent) {
		agent = nf_xcalloc(1, sizeof *agent);
		agent->key = key;
		if (!refresh(fleet, agent)) {
			free(agent);
			return NULL;
		}
		agent->boot_us = agent->counters_us = -agent->options.uptime_us;
		agent->luck = agent->number;
		HASH_ADD(hh, fleet->agents, key, sizeof agent->key, agent);
	}
	agent->now_us = now_us;
	return agent;
}

void nf_sim_agent_reboot(struct nf_sim_agent *agent, int64_t now_us)
{
	agent->boot_us = now_us;
	agent->counters_us = now_us;
	agent->rebooted = true;
	agent->reboots++;
	agent->counters_reset = true;
}

/* splitmix64: any seed will do. */
uint64_t nf_sim_agent_random(struct nf_sim_agent *agent)
{
	uint64_t z = agent->luck += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* What is counted from now on. */
static void start_counting(struct nf_sim_agent *agent, const char *word)
{
	if (strncmp(word, "die-after=", 10) == 0)
		agent->lives_from = agent->counts.replies;
	if (strncmp(word, "reboot-after=", 13) == 0)
		agent->boots_from = agent->counts.replies;
}

enum nf_err nf_sim_fleet_set(struct nf_sim_fleet *fleet, const char *addresses,
	const char *word, struct nf_error *err)
{
	struct nf_sim_options trial = nf_sim_options_default();
	struct order order = {.word = nf_arena_strdup(fleet->arena, word)};
	struct nf_sim_agent *agent;
	struct nf_sim_agent *next;
	uint32_t offset;
	enum nf_err code = nf_sim_range_parse(addresses, &order.range, err);

	if (code == NF_OK)
		code = nf_sim_options_set(&trial, word, fleet->arena, err);
	if (code != NF_OK)
		return code;
	fleet->orders = nf_grow(
		fleet->orders, fleet->orders_len, &fleet->orders_cap, sizeof *fleet->orders);
	fleet->orders[fleet->orders_len++] = order;
	HASH_ITER (hh, fleet->agents, agent, next) {
		if (!nf_sim_range_holds(&order.range, &agent->key.addr, &offset))
			continue;
		refresh(fleet, agent);
		start_counting(agent, word);
	}
	return NF_OK;
}

enum nf_err nf_sim_fleet_clear(
	struct nf_sim_fleet *fleet, const char *addresses, struct nf_error *err)
{
	struct nf_sim_range range;
	uint32_t offset;
	size_t kept = 0;
	enum nf_err code = nf_sim_range_parse(addresses, &range, err);

	if (code != NF_OK)
		return code;
	for (size_t i = 0; i < fleet->orders_len; i++) {
		if (!nf_sim_range_holds(&range, &fleet->orders[i].range.first, &offset))
			fleet->orders[kept++] = fleet->orders[i];
	}
	fleet->orders_len = kept;
	nf_sim_fleet_refresh(fleet);
	return NF_OK;
}

enum nf_err nf_sim_fleet_reset(struct nf_sim_fleet *fleet, const char *addresses,
	bool with_uptime, int64_t now_us, struct nf_error *err)
{
	struct nf_sim_range range;
	struct nf_sim_agent *agent;
	struct nf_sim_agent *next;
	uint32_t offset;
	enum nf_err code = nf_sim_range_parse(addresses, &range, err);

	if (code != NF_OK)
		return code;
	HASH_ITER (hh, fleet->agents, agent, next) {
		if (!nf_sim_range_holds(&range, &agent->key.addr, &offset))
			continue;
		if (with_uptime)
			nf_sim_agent_reboot(agent, now_us);
		agent->counters_us = now_us;
		agent->counters_reset = true;
	}
	return NF_OK;
}

enum nf_err nf_sim_fleet_stats(struct nf_sim_fleet *fleet, const char *addresses,
	struct nf_strbuf *out, struct nf_error *err)
{
	struct nf_sim_counts sum = {0};
	struct nf_sim_range range;
	struct nf_sim_agent *agent;
	struct nf_sim_agent *next;
	uint32_t offset;
	size_t agents = 0;
	enum nf_err code = nf_sim_range_parse(addresses, &range, err);

	if (code != NF_OK)
		return code;
	HASH_ITER (hh, fleet->agents, agent, next) {
		if (!nf_sim_range_holds(&range, &agent->key.addr, &offset))
			continue;
		agents++;
		sum.requests += agent->counts.requests;
		sum.replies += agent->counts.replies;
		sum.values += agent->counts.values;
		sum.ignored += agent->counts.ignored;
		sum.sets += agent->counts.sets;
	}
	nf_strbuf_printf(out,
		"agents=%zu requests=%lu replies=%lu values=%lu ignored=%lu sets=%lu\n", agents,
		sum.requests, sum.replies, sum.values, sum.ignored, sum.sets);
	return NF_OK;
}
