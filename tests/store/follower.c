// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/store/follower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/series.h"
#include "store/series_fetch.h"
#include "tests/store/folder.h"
#include "tests/store/samples.h"
#include "tests/test.h"

void follower_note(const char *network, const char *device, const char *series, bool good,
	const char *text, void *arg)
{
	nf_strbuf_printf(
		arg, "%s %s/%s/%s: %s\n", good ? "good" : "bad", network, device, series, text);
}

struct nf_now follower_at(int64_t wall_s, int64_t mono_s)
{
	return (struct nf_now){wall_s * NF_US_PER_S, mono_s * NF_US_PER_S};
}

struct nf_now follower_late(void)
{
	return follower_at(START + 100000, 100);
}

void follower_read_all(struct nf_follow *follow)
{
	while (nf_follow_read(follow))
		;
}

void follower_drain(struct nf_follow *follow, struct nf_now now)
{
	follower_read_all(follow);
	nf_follow_write_all(follow, now, 0);
	nf_follow_trim(follow);
}

/* A follower of its own reads, writes and goes. */
struct nf_follow_stats follower_drain_once(const char *folder, struct nf_strbuf *notes)
{
	struct nf_strbuf unheard = {0};
	struct nf_follow *follow =
		nf_follow_new(folder, follower_note, notes != NULL ? notes : &unheard);
	follower_drain(follow, follower_late());
	struct nf_follow_stats stats = nf_follow_stats(follow);
	nf_follow_free(follow);
	nf_strbuf_free(&unheard);
	return stats;
}

void follower_check(const char *folder, unsigned int series, int from, int to)
{
	for (unsigned int n = 0; n < series; n++) {
		char *wrong = samples_wrong(folder, n, from, to);
		if (wrong != NULL)
			fail_msg("%s", wrong);
	}
}

char *follower_path(const char *folder, unsigned int n)
{
	struct nf_series_def def = samples_def(n);
	return nf_series_path(folder, def.network, def.device, def.series);
}

size_t follower_beside(const char *path, const char *what)
{
	const char *slash = strrchr(path, '/');
	char *dir = nf_xstrndup(path, (size_t)(slash - path));
	char *begin = nf_xasprintf("%s%s", slash + 1, what);
	size_t n = test_count(dir, begin);
	free(dir);
	free(begin);
	return n;
}

double follower_value(const char *path, int64_t wall_s, uint32_t step_s, const char *name)
{
	struct nf_series_data d;
	struct nf_error err;
	double v = NAN;
	if (nf_series_fetch(path, NF_AVERAGE, wall_s - step_s, wall_s, step_s, &d, &err) !=
		NF_OK)
		fail_msg("%s", err.text);
	for (size_t c = 0; c < d.columns; c++) {
		if (strcmp(d.names[c], name) == 0 && d.step_s == step_s)
			v = d.values[c];
	}
	nf_series_data_free(&d);
	return v;
}
