// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/mem.h"
#include "checks/picture_json.h"
#include "tests/checks/world.h"

#define S NF_US_PER_S

static const char devices[] = "r,router,a,10.1.0.1,\n"
			      "sw,switch,a,10.1.0.2,r\n"
			      "pc,workstation,a,10.1.0.3,sw\n";

static const int64_t now_us = INT64_C(1800000000) * S;

static void put(struct world *w, const char *device, const char *check, enum nf_state state,
	int64_t asked_ago_s, const char *cause)
{
	const struct nf_check_row row = {
		.network = "a",
		.device = device,
		.check = check,
		.program = "netfold-ping",
		.state = state,
		.since_wall_us = now_us - 1000 * S,
		.soft = state,
		.output = "an \x1b[31moutput\" \xff",
		.cause = cause,
		.interval_us = 30 * S,
	};
	assert_int_equal(nf_store_check_put(w->store, &row), NF_OK);
	assert_int_equal(nf_store_asked_put(w->store, "netfold-ping", "a", device,
				 now_us - asked_ago_s * S),
		NF_OK);
}

static struct nf_picture take(struct world *w)
{
	struct nf_picture p;
	struct nf_error err = {0};
	if (nf_picture_take(w->site, (struct nf_now){now_us, 1}, &p, &err) != NF_OK)
		fail_msg("%s", err.text);
	return p;
}

static enum nf_state shown(struct world *w, const char *device)
{
	struct nf_picture p = take(w);
	size_t by_state[NF_STATES], sum = 0;
	size_t total = nf_picture_count(&p, NULL, by_state);
	for (size_t i = 0; i < NF_STATES; i++)
		sum += by_state[i];
	assert_int_equal(sum, total);
	assert_int_equal(total, w->site->devices.len);
	enum nf_state state = p.devices[world_index(w, device)].state;
	nf_picture_free(&p);
	return state;
}

static void device__never_looked_at__unknown(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "r", "ping", NF_STATE_OK, 10, "");
	assert_int_equal(shown(w, "r"), NF_STATE_OK);
	assert_int_equal(shown(w, "sw"), NF_STATE_UNKNOWN);
	world_free(w);
}

static void device__not_asked_for_long__unknown_since_then(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "r", "ping", NF_STATE_OK, 300, "");
	assert_int_equal(shown(w, "r"), NF_STATE_UNKNOWN);
	struct nf_picture p = take(w);
	assert_true(p.devices[0].since_wall_us == now_us - 210 * S);
	assert_true(p.devices[0].worst->stale);
	nf_picture_free(&p);
	put(w, "r", "ping", NF_STATE_CRITICAL, 300, "");
	assert_int_equal(shown(w, "r"), NF_STATE_UNKNOWN);
	put(w, "r", "ping", NF_STATE_OK, -3600, ""); /* the clock was set back */
	assert_int_equal(shown(w, "r"), NF_STATE_UNKNOWN);
	world_free(w);
}

static void device__several_checks__worst_but_unreachable_first(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "pc", "ping", NF_STATE_OK, 1, "");
	put(w, "pc", "interface eth0", NF_STATE_WARNING, 1, "");
	assert_int_equal(shown(w, "pc"), NF_STATE_WARNING);
	put(w, "pc", "interface eth0", NF_STATE_CRITICAL, 1, "");
	assert_int_equal(shown(w, "pc"), NF_STATE_CRITICAL);
	put(w, "pc", "ping", NF_STATE_UNREACHABLE, 1, "r");
	assert_int_equal(shown(w, "pc"), NF_STATE_UNREACHABLE);
	world_free(w);
}

static void row__of_a_device_that_is_no_more__is_not_shown(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "gone", "ping", NF_STATE_CRITICAL, 1, "");
	for (size_t i = 0; i < w->site->devices.len; i++)
		put(w, w->site->devices.items[i].name, "ping", NF_STATE_OK, 1, "");
	struct nf_picture p = take(w);
	assert_int_equal(nf_picture_worst(&p), NF_STATE_OK);
	nf_picture_free(&p);
	world_free(w);
}

static void store__none__everything_unknown(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	nf_store_close(w->store);
	w->store = NULL;
	char *path = nf_xasprintf("%s/state.db", w->site->state_dir);
	assert_int_equal(unlink(path), 0);
	free(path);
	assert_int_equal(shown(w, "pc"), NF_STATE_UNKNOWN);
	world_free(w);
}

static json_t *status_json(struct world *w)
{
	bool chosen[WORLD_DEVICES_MAX];
	memset(chosen, 1, sizeof chosen);
	struct nf_picture p = take(w);
	struct nf_strbuf out = {0};
	nf_status_json(
		&p, &(struct nf_status_choice){.devices = chosen, .everything = true}, &out);
	json_error_t error;
	json_t *root = json_loads(out.data, 0, &error);
	if (root == NULL)
		fail_msg("%s: %s", error.text, out.data);
	nf_strbuf_free(&out);
	nf_picture_free(&p);
	return root;
}

static void json__router_down__one_incident_that_names_those_behind(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "r", "ping", NF_STATE_CRITICAL, 1, "");
	put(w, "sw", "ping", NF_STATE_UNREACHABLE, 1, "r");
	put(w, "pc", "ping", NF_STATE_UNREACHABLE, 1, "r");
	json_t *root = status_json(w);
	const char *cause, *first, *second;
	json_t *incidents = json_object_get(root, "incidents");
	assert_int_equal(json_array_size(incidents), 1);
	assert_int_equal(json_unpack(json_array_get(incidents, 0), "{s:s, s:[s,s!]}", "cause",
				 &cause, "unreachable", &first, &second),
		0);
	assert_string_equal(cause, "r");
	assert_string_equal(first, "sw");
	assert_string_equal(second, "pc");
	json_decref(root);
	world_free(w);
}

static void json__uplink_cut__is_the_incident(void **state)
{
	(void)state;
	struct world *w = world_new(devices, "");
	put(w, "", "uplink", NF_STATE_CRITICAL, 1, "");
	put(w, "r", "ping", NF_STATE_UNREACHABLE, 1, "uplink");
	json_t *root = status_json(w);
	json_t *incidents = json_object_get(root, "incidents");
	const char *cause, *behind;
	assert_int_equal(json_array_size(incidents), 1);
	assert_int_equal(json_unpack(json_array_get(incidents, 0), "{s:s, s:[s!]}", "cause",
				 &cause, "unreachable", &behind),
		0);
	assert_string_equal(cause, "uplink");
	assert_string_equal(behind, "r");
	json_decref(root);
	world_free(w);
}

static void window__of_a_wave_and_of_maintenance__said_with_its_end(void **state)
{
	(void)state;
	static const struct {
		const char *device, *want, *until; /* want NULL: no window */
	} rows[] = {
		{"r",   NULL,	    NULL			},
		{"sw",  "wave w1", "2027-01-16T05:00:00+00:00"},
		{"pc",  "night",
			"2027-01-16T07:00:00+00:00"		   }, /* its own is longer than its parent's */
		{"pc2", "wave w1", "2027-01-16T05:00:00+00:00"},
	};
	struct world *w = world_new_with("r,router,a,10.1.0.1,,\n"
					 "sw,switch,a,10.1.0.2,r,w1\n"
					 "pc,workstation,a,10.1.0.3,sw,\n"
					 "pc2,workstation,a,10.1.0.4,sw,\n",
		",wave",
		"waves: [{id: w1, network: a, from: \"2027-01-15 05:00\", to: \"2027-01-16 06:00\"}]\n"
		"maintenance:\n"
		"  - {id: night, devices: [pc], every: \"Fri 08:00\", for: 1d}\n"
		"  - {id: over, devices: [r], from: \"2027-01-15 05:00\", to: \"2027-01-15 09:00\"}\n");
	json_t *root = status_json(w), *list = json_object_get(root, "devices");
	NF_ROWS(i, rows)
	{
		json_t *window = json_object_get(
			json_array_get(list, world_index(w, rows[i].device)), "maintenance");
		const char *id = NULL, *until = NULL;
		json_unpack(window, "{s:s, s:s}", "id", &id, "until", &until);
		assert_true(json_is_null(window) == (rows[i].want == NULL));
		if (rows[i].want != NULL) {
			assert_string_equal(id, rows[i].want);
			assert_string_equal(until, rows[i].until);
		}
	}
	json_decref(root);
	world_free(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device__never_looked_at__unknown),
		cmocka_unit_test(device__not_asked_for_long__unknown_since_then),
		cmocka_unit_test(device__several_checks__worst_but_unreachable_first),
		cmocka_unit_test(row__of_a_device_that_is_no_more__is_not_shown),
		cmocka_unit_test(store__none__everything_unknown),
		cmocka_unit_test(json__router_down__one_incident_that_names_those_behind),
		cmocka_unit_test(json__uplink_cut__is_the_incident),
		cmocka_unit_test(window__of_a_wave_and_of_maintenance__said_with_its_end),
	};
	return NF_RUN(tests, argc, argv);
}
