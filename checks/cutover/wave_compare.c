// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/wave.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

#define RTT_SLACK_US 2000
#define RTT_TIMES    2
#define LOSS_SLACK   15 /* percent: one echo of a burst may be lost by chance */
#define ERRORS_SLACK 10

/* What the values of an aspect are counted in; NULL: they are no measures. */
static const char *unit_of(const char *aspect)
{
	if (strcmp(aspect, "round trip time") == 0)
		return "s";
	if (strcmp(aspect, "link speed") == 0)
		return "Mbit/s";
	return strcmp(aspect, "loss") == 0 ? "%" : NULL;
}

static void add(json_t *list, bool open, const char *aspect, const char *item,
	const json_t *before, const json_t *after, const char *reason)
{
	json_t *d = json_object();
	json_object_set_new(d, "aspect", json_string(aspect));
	if (item != NULL)
		json_object_set_new(d, "item", json_string(item));
	json_object_set_new(d, "before", before != NULL ? json_deep_copy(before) : json_null());
	json_object_set_new(d, "after", after != NULL ? json_deep_copy(after) : json_null());
	if (unit_of(aspect) != NULL)
		json_object_set_new(d, "unit", json_string(unit_of(aspect)));
	json_object_set_new(d, "state", json_string(open ? "open" : "explained"));
	json_object_set_new(d, "reason", json_string(reason));
	json_array_append_new(list, d);
}

static void add_open(json_t *list, const char *aspect, const char *item, const json_t *before,
	const json_t *after, const char *reason)
{
	add(list, true, aspect, item, before, after, reason);
}

static void add_explained(json_t *list, const char *aspect, const char *item,
	const json_t *before, const json_t *after, const char *reason)
{
	add(list, false, aspect, item, before, after, reason);
}

static const json_t *get(const json_t *look, const char *part, const char *key)
{
	return json_object_get(json_object_get(look, part), key);
}

static const char *text(const json_t *row, const char *key)
{
	const char *value = json_string_value(json_object_get(row, key));
	return value != NULL ? value : "";
}

/* Percent of the echoes; less than 0: none was sent. */
static double loss_of(const json_t *look)
{
	double sent = json_number_value(get(look, "ping", "sent"));
	double received = json_number_value(get(look, "ping", "received"));
	return sent > 0 && received <= sent ? 100 * (sent - received) / sent : -1;
}

static void compare_loss(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *usual = get(before, "ping", "usual_loss");
	double was = usual != NULL ? json_number_value(usual) : loss_of(before);
	double is = loss_of(after);
	if (was < 0 || is >= 100 || is - was <= LOSS_SLACK)
		return;
	json_t *then = json_real(was), *now = json_real(is);
	add_open(list, N_("loss"), NULL, then, now, N_("loses more echoes than before"));
	json_decref(then);
	json_decref(now);
}

static json_t *seconds(const json_t *us)
{
	return json_real(json_number_value(us) / NF_US_PER_S);
}

static void compare_round_trip(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *usual = get(before, "ping", "usual_rtt_us");
	const json_t *was = usual != NULL ? usual : get(before, "ping", "rtt_us");
	const json_t *is = get(after, "ping", "rtt_us");
	if (was == NULL || is == NULL ||
		json_number_value(is) <= RTT_TIMES * json_number_value(was) + RTT_SLACK_US)
		return;
	json_t *then = seconds(was), *now = seconds(is);
	add_open(list, N_("round trip time"), NULL, then, now,
		N_("more than twice as long as before"));
	json_decref(then);
	json_decref(now);
}

static void compare_ping(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *was = get(before, "ping", "received"),
		     *is = get(after, "ping", "received");
	if (json_integer_value(was) > 0 && is == NULL)
		add_open(list, N_("ping"), NULL, was, NULL, N_("was not pinged this time"));
	else if (json_integer_value(was) > 0 && json_integer_value(is) == 0)
		add_open(list, N_("ping"), NULL, was, is, N_("does not answer ping any more"));
	else if (was != NULL && json_integer_value(was) == 0 && json_integer_value(is) > 0)
		add_explained(list, N_("ping"), NULL, was, is, N_("answers now"));
	compare_round_trip(list, before, after);
	compare_loss(list, before, after);
}

static void compare_identity(json_t *list, const json_t *before, const json_t *after)
{
	static const struct {
		const char *key, *aspect, *explained; /* NULL: a change is never explained */
	} rows[] = {
		{"serials", N_("serial number"), NULL					     },
		{"hostkey", N_("SSH host key"),	NULL					    },
		{"engine",  N_("SNMP engine"),   N_("the same machine by its other identities")  },
		{"macs",	 N_("MAC address"),   N_("the same machine with another network card")},
	};
	enum nf_same known = nf_wave_same(before, after);
	bool same = known == NF_SAME_YES;
	/* An answer alone is no proof: whoever took the address would give it, too. */
	if (known == NF_SAME_UNKNOWN &&
		json_object_size(json_object_get(before, "identity")) > 0)
		add_open(list, N_("identity"), NULL, NULL, NULL,
			N_("nothing shows yet that it is the same machine"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *was = get(before, "identity", rows[i].key);
		const json_t *is = get(after, "identity", rows[i].key);
		if (was == NULL || is == NULL || json_equal(was, is))
			continue;
		if (same && rows[i].explained != NULL)
			add_explained(list, rows[i].aspect, NULL, was, is, rows[i].explained);
		else
			add_open(list, rows[i].aspect, NULL, was, is,
				same ? N_("changed") : N_("another machine answers here"));
	}
}

static void compare_snmp(json_t *list, const json_t *before, const json_t *after)
{
	if (!json_is_true(get(before, "snmp", "answered")))
		return;
	if (!json_is_true(get(after, "snmp", "answered"))) {
		add_open(list, N_("SNMP"), NULL, get(before, "snmp", "answered"),
			get(after, "snmp", "error"), N_("does not answer SNMP any more"));
		return;
	}
	static const struct {
		const char *key, *aspect, *explained;
	} rows[] = {
		{"sysName",	    N_("its own name"), NULL				    },
		{"sysObjectID", N_("its model"),	 NULL				     },
		{"sysDescr",    N_("its software"), N_("says something else of itself")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *was = get(before, "snmp", rows[i].key);
		const json_t *is = get(after, "snmp", rows[i].key);
		if (was == NULL || is == NULL || json_equal(was, is))
			continue;
		if (rows[i].explained != NULL)
			add_explained(list, rows[i].aspect, NULL, was, is, rows[i].explained);
		else
			add_open(list, rows[i].aspect, NULL, was, is, N_("changed"));
	}
}

static const json_t *row_by(const json_t *rows, const char *key, const json_t *value)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (json_equal(json_object_get(row, key), value))
			return row;
	}
	return NULL;
}

static void compare_speed(json_t *list, const char *name, const json_t *was, const json_t *is)
{
	const json_t *before = json_object_get(was, "mbps"),
		     *after = json_object_get(is, "mbps");
	if (before == NULL || after == NULL || json_equal(before, after))
		return;
	if (json_integer_value(after) < json_integer_value(before))
		add_open(list, N_("link speed"), name, before, after, N_("slower than before"));
	else
		add_explained(
			list, N_("link speed"), name, before, after, N_("faster than before"));
}

static void compare_interface(json_t *list, const json_t *was, const json_t *is)
{
	const char *name = text(was, "name");
	if (strcmp(text(was, "status"), "up") != 0)
		return;
	if (is == NULL) {
		add_open(list, N_("link"), name, json_object_get(was, "status"), NULL,
			N_("is not there any more"));
		return;
	}
	if (strcmp(text(is, "status"), "up") != 0)
		add_open(list, N_("link"), name, json_object_get(was, "status"),
			json_object_get(is, "status"), N_("is not up any more"));
	else
		compare_speed(list, name, was, is);
	/* Counters begin anew with a restart: then all of them are new. */
	json_int_t before = json_integer_value(json_object_get(was, "errors"));
	json_int_t after = json_integer_value(json_object_get(is, "errors"));
	if (after - (after < before ? 0 : before) > ERRORS_SLACK)
		add_open(list, N_("link errors"), name, json_object_get(was, "errors"),
			json_object_get(is, "errors"), N_("errors since the snapshot"));
}

static void compare_interfaces(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *rows = json_object_get(after, "interfaces");
	size_t i;
	json_t *was;
	if (rows == NULL)
		return;
	json_array_foreach(json_object_get(before, "interfaces"), i, was) compare_interface(
		list, was, row_by(rows, "name", json_object_get(was, "name")));
}

/* A move changes the neighbours; that there are none any more is what somebody has to look into. */
static void compare_place(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *was = json_object_get(before, "neighbours");
	const json_t *is = json_object_get(after, "neighbours");
	if (json_array_size(was) > 0 && is != NULL && json_array_size(is) == 0)
		add_open(
			list, N_("neighbours"), NULL, was, is, N_("has no neighbour any more"));
	else if (json_array_size(was) > 0 && is != NULL && !json_equal(was, is))
		add_explained(list, N_("neighbours"), NULL, was, is, N_("it moved"));
	was = json_object_get(before, "place");
	is = json_object_get(after, "place");
	if (was != NULL && is == NULL)
		add_open(list, N_("switch port"), NULL, was, NULL,
			json_is_false(json_object_get(after, "ports_told"))
				? N_("no switch has told its ports since the move")
				: N_("was not seen at a port of the new network"));
	else if (was != NULL && !json_equal(was, is))
		add_explained(list, N_("switch port"), NULL, was, is, N_("it moved"));
}

static void compare_services(json_t *list, const json_t *before, const json_t *after)
{
	const json_t *rows = json_object_get(after, "services");
	size_t i;
	json_t *was;
	char port[24];
	if (rows == NULL)
		return;
	json_array_foreach(json_object_get(before, "services"), i, was)
	{
		const json_t *is = row_by(rows, "port", json_object_get(was, "port"));
		bool was_open = strcmp(text(was, "state"), "open") == 0;
		bool is_open = strcmp(text(is, "state"), "open") == 0;
		snprintf(port, sizeof port, "%" JSON_INTEGER_FORMAT,
			json_integer_value(json_object_get(was, "port")));
		if (was_open && !is_open)
			add_open(list, N_("service"), port, json_object_get(was, "state"),
				json_object_get(is, "state"), N_("does not answer any more"));
		else if (!was_open && is_open)
			add_explained(list, N_("service"), port, json_object_get(was, "state"),
				json_object_get(is, "state"), N_("answers now"));
	}
}

static bool is_proof(const char *verdict)
{
	return strcmp(verdict, "ok") == 0 || strcmp(verdict, "warning") == 0;
}

static void compare_backups(
	json_t *list, const json_t *before, const json_t *after, int64_t moved_us)
{
	size_t i;
	json_t *is;
	json_array_foreach(json_object_get(after, "backups"), i, is)
	{
		const json_t *job = json_object_get(is, "job");
		const json_t *was = row_by(json_object_get(before, "backups"), "job", job);
		const json_t *then = json_object_get(was, "verdict");
		const json_t *now = json_object_get(is, "verdict");
		const char *name = text(is, "job"), *verdict = text(is, "verdict");
		if (json_integer_value(json_object_get(is, "at_us")) < moved_us)
			add_open(list, N_("backup"), name, then, now,
				N_("was not looked at since the move"));
		else if (!is_proof(verdict) && strcmp(verdict, "running") != 0 &&
			 (was == NULL || is_proof(text(was, "verdict")) ||
				 strcmp(verdict, "unverifiable") == 0))
			add_open(list, N_("backup"), name, then, now,
				N_("is not proved at the new address"));
		else if (was != NULL && !json_equal(then, now))
			add_explained(list, N_("backup"), name, then, now,
				is_proof(verdict) ? N_("proved after the move")
						  : N_("was no better before"));
	}
}

json_t *nf_wave_compare(const json_t *before, const json_t *after, int64_t moved_us)
{
	json_t *list = json_array();
	if (before == NULL) {
		add_open(list, N_("snapshot"), NULL, NULL, NULL,
			N_("there is none from before: nothing to compare with"));
	} else if (after == NULL) {
		add_open(list, N_("address"), NULL, json_object_get(before, "address"), NULL,
			N_("the inventory gives it no address in the new network"));
	} else if (nf_wave_answers(before) && !nf_wave_answers(after)) {
		/* What else cannot be seen now follows from that. */
		add_open(list, N_("reachability"), NULL, json_object_get(before, "address"),
			json_object_get(after, "address"), N_("nothing answers any more"));
	} else if (!nf_wave_answers(before) && !nf_wave_answers(after)) {
		add_open(list, N_("reachability"), NULL, NULL, NULL,
			N_("answers nothing, and did not before either"));
	} else {
		compare_ping(list, before, after);
		compare_identity(list, before, after);
		compare_snmp(list, before, after);
		compare_interfaces(list, before, after);
		compare_place(list, before, after);
		compare_services(list, before, after);
	}
	if (before != NULL && after != NULL)
		compare_backups(list, before, after, moved_us);
	return list;
}

/* Whoever still calls an address that its device has left. */
static void compare_callers(json_t *list, const json_t *before, const json_t *old_side)
{
	size_t i;
	json_t *is;
	json_array_foreach(json_object_get(old_side, "callers"), i, is)
	{
		const json_t *was = row_by(json_object_get(before, "callers"), "from",
			json_object_get(is, "from"));
		add_open(list, N_("caller"), text(is, "from"), json_object_get(was, "how"),
			json_object_get(is, "how"), N_("still calls the old address"));
	}
}

static void add_all(json_t *list, json_t *more)
{
	json_array_extend(list, more);
	json_decref(more);
}

json_t *nf_wave_differences(
	const json_t *before, const json_t *new_side, const json_t *old_side, int64_t moved_us)
{
	const char *side = nf_wave_side(before, new_side, old_side);
	if (before == NULL || strcmp(side, "back") != 0) {
		json_t *list = nf_wave_compare(before, new_side, moved_us);
		if (before != NULL && strcmp(side, "both") == 0)
			add_open(list, N_("old address"), NULL, NULL,
				json_object_get(old_side, "address"),
				N_("still answers there, too"));
		if (before != NULL && strcmp(side, "moved") == 0)
			compare_callers(list, before, old_side);
		return list;
	}
	/* Where it is, it should be as it was. */
	json_t *list = json_array();
	if (new_side == NULL)
		add_all(list, nf_wave_compare(before, NULL, moved_us));
	else
		add_open(list, N_("reachability"), NULL, json_object_get(before, "address"),
			json_object_get(old_side, "address"),
			nf_wave_same(before, new_side) == NF_SAME_YES
				? N_("came back to its old address")
				: N_("stayed at its old address"));
	if (nf_wave_answers(new_side) && nf_wave_same(before, new_side) == NF_SAME_NO)
		add_open(list, N_("new address"), NULL, NULL,
			json_object_get(new_side, "address"),
			N_("another machine answers there"));
	add_all(list, nf_wave_compare(before, old_side, 0));
	return list;
}

size_t nf_wave_count(const json_t *differences, bool open)
{
	size_t i, n = 0;
	json_t *d;
	json_array_foreach(differences, i, d) n +=
		(strcmp(text(d, "state"), "open") == 0) == open;
	return n;
}
