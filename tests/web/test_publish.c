// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "conf/load.h"
#include "web/publish.h"

#define SITE                                                                                   \
	"site: {name: T, state_dir: state, www_dir: www}\n"                                    \
	"networks: [{id: a, role: common, prefixes: [10.0.0.0/8]}]\n"                          \
	"devices_csv: devices.csv\n"                                                           \
	"maintenance: [{id: patch, devices: [one], from: \"2037-02-05 18:00\", to: \"2037-02-05 20:00\"}]\n"
#define DEVICES                                                                                \
	"name,kind,network,address,parent\nswitch,switch,a,10.0.0.1,\n"                        \
	"one,server,a,10.0.0.2,switch\ntwo,server,a,10.0.0.3,switch\nfar,server,a,10.0.0.4,\n"

struct world {
	struct nf_site *site;
	struct nf_store *store;
	struct nf_publisher *publisher;
	struct nf_now now;
};

static char folder[] = "/tmp/nf-test-publish-XXXXXX";

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void start(struct world *w)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_error err = {0};
	assert_int_equal(nf_site_load("site.yaml", diags, &w->site), NF_OK);
	nf_diags_free(diags);
	assert_int_equal(nf_store_open("state", NF_STORE_WRITE, 5000, &w->store, &err), NF_OK);
	assert_int_equal(nf_publisher_new(w->site, NULL, NULL, &w->publisher, &err), NF_OK);
	w->now = nf_clock_now();
}

static void stop(struct world *w)
{
	nf_publisher_free(w->publisher);
	nf_store_close(w->store);
	nf_site_free(w->site);
}

static int set_up(void **state)
{
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	put("site.yaml", SITE);
	put("devices.csv", DEVICES);
	struct world *w = nf_xcalloc(1, sizeof *w);
	start(w);
	*state = w;
	return 0;
}

static int forget(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static int tear_down(void **state)
{
	stop(*state);
	free(*state);
	return chdir("/") == 0 ? nftw(folder, forget, 16, FTW_DEPTH | FTW_PHYS) : 1;
}

static void answers(struct world *w, const char *device, enum nf_state ping)
{
	int64_t now_us = nf_clock_now().wall_us;
	const struct nf_check_row row = {.network = "a",
		.device = device,
		.check = "ping",
		.program = "netfold-ping",
		.state = ping,
		.soft = ping,
		.since_wall_us = INT64_C(1000000000) * NF_US_PER_S,
		.output = "told by the test",
		.cause = "",
		.interval_us = 3600 * NF_US_PER_S};
	assert_int_equal(nf_store_check_put(w->store, &row), NF_OK);
	assert_int_equal(
		nf_store_asked_put(w->store, "netfold-ping", "a", device, now_us), NF_OK);
}

static enum nf_err cycle(struct world *w, struct nf_error *err)
{
	*err = (struct nf_error){0};
	return nf_publisher_cycle(w->publisher, w->store, w->now, 0, err);
}

static ino_t inode(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static bool holds(const char *path, const char *text)
{
	char *data = NULL;
	size_t len = 0;
	struct nf_error err;
	assert_int_equal(nf_file_read(path, 1 << 20, &data, &len, &err), NF_OK);
	bool found = strstr(data, text) != NULL;
	free(data);
	return found;
}

/* A page that is written anew is a new file: the old one is kept open by its link. */
struct kept {
	const char *path;
	char *link;
	ino_t ino;
};

static struct kept keep(const char *path)
{
	struct kept k = {path, nf_xasprintf("kept-%zu", strlen(path)), inode(path)};
	unlink(k.link);
	assert_int_equal(link(path, k.link), 0);
	return k;
}

static bool is_anew(struct kept *k)
{
	bool anew = inode(k->path) != k->ino;
	unlink(k->link);
	free(k->link);
	return anew;
}

static void cycle__a_device_changed__its_page_and_its_neighbours(void **state)
{
	struct world *w = *state;
	struct nf_error err;
	const char *const names[] = {"switch", "one", "two", "far"};
	for (size_t i = 0; i < NF_LEN(names); i++)
		answers(w, names[i], NF_STATE_OK);
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_true(holds("www/health.json", "\"failure\":null"));
	struct kept one = keep("www/device/one.html"), far = keep("www/device/far.html");
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_false(is_anew(&one));
	assert_false(is_anew(&far));
	one = keep("www/device/one.html");
	far = keep("www/device/far.html");
	struct kept sw = keep("www/device/switch.html");
	answers(w, "one", NF_STATE_CRITICAL);
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_true(is_anew(&one));
	assert_true(is_anew(&sw));
	assert_false(is_anew(&far));
}

static void start__nothing_changed__pages_stay(void **state)
{
	struct world *w = *state;
	struct nf_error err;
	struct kept far = keep("www/device/far.html"), one = keep("www/device/one.html");
	stop(w);
	/* Somebody was here meanwhile. */
	put("www/device/two.html", "<p>not ours</p>");
	start(w);
	answers(w, "one", NF_STATE_OK);
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_false(is_anew(&far));
	assert_true(is_anew(&one));
	assert_false(holds("www/device/two.html", "not ours"));
}

static void start__what_is_known_does_not_fit__all_anew(void **state)
{
	struct world *w = *state;
	struct nf_error err;
	for (int round = 0; round < 3; round++) {
		struct kept far = keep("www/device/far.html");
		stop(w);
		if (round == 0) /* the inventory says something else */
			put("devices.csv", DEVICES "new,server,a,10.0.0.9,\n");
		else if (round == 1)
			put("state/publish.pages", "netfold's pages?");
		else
			assert_int_equal(truncate("state/publish.pages", 50), 0);
		start(w);
		assert_int_equal(cycle(w, &err), NF_OK);
		assert_true(is_anew(&far));
	}
}

static void cycle__a_page_cannot_be_written__the_others_are(void **state)
{
	struct world *w = *state;
	struct nf_error err;
	assert_int_equal(unlink("www/device/one.html"), 0);
	assert_int_equal(mkdir("www/device/one.html", 0755), 0);
	struct kept two = keep("www/device/two.html");
	answers(w, "one", NF_STATE_CRITICAL);
	answers(w, "two", NF_STATE_CRITICAL);
	assert_int_not_equal(cycle(w, &err), NF_OK);
	assert_non_null(strstr(err.text, "device/one.html"));
	assert_true(is_anew(&two));
	assert_true(holds("www/health.json", "\"failure\":\"device/one.html"));
	assert_true(holds("www/health.json", "\"pages_failed\":1"));
	assert_true(holds("www/fresh.js", "device/one.html"));
	assert_int_equal(rmdir("www/device/one.html"), 0);
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_true(holds("www/health.json", "\"failure\":null,\"failing_since\":null"));
	assert_true(holds("www/device/one.html", "told by the test"));
}

static void cycle__a_window_begins_and_ends__what_it_covers_says_so(void **state)
{
	struct world *w = *state;
	struct nf_error err;
	struct nf_maintenance *patch = &w->site->maintenance.items[0];
	const char says[] = "in maintenance patch until";
	answers(w, "one", NF_STATE_CRITICAL);
	assert_int_equal(cycle(w, &err), NF_OK);
	struct kept far = keep("www/device/far.html");
	assert_false(holds("www/device/one.html", says));
	patch->from_wall_us = w->now.wall_us;
	patch->to_wall_us = w->now.wall_us + 3600 * NF_US_PER_S;
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_true(holds("www/device/one.html", says));
	assert_true(holds("www/network/a.html", says));
	assert_true(holds("www/index.html", says));
	assert_true(holds("www/status.json", "\"maintenance\":{\"id\":\"patch\""));
	assert_false(is_anew(&far));
	patch->to_wall_us = w->now.wall_us;
	assert_int_equal(cycle(w, &err), NF_OK);
	assert_false(holds("www/device/one.html", says));
	assert_false(holds("www/network/a.html", says));
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cycle__a_device_changed__its_page_and_its_neighbours),
		cmocka_unit_test(start__nothing_changed__pages_stay),
		cmocka_unit_test(start__what_is_known_does_not_fit__all_anew),
		cmocka_unit_test(cycle__a_page_cannot_be_written__the_others_are),
		cmocka_unit_test(cycle__a_window_begins_and_ends__what_it_covers_says_so),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
