// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/web/moved.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/test.h"

static const char site[] =
	"site: {name: Prov, timezone: Europe/Stockholm, state_dir: state, language: en}\n"
	"networks:\n"
	"  - {id: a, name: Admin, role: legacy, prefixes: [10.1.0.0/16], leave_by: 2027-06-30}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n"
	"waves: [{id: w1, network: a, from: \"2027-03-16 18:00\", to: \"2027-03-17 06:00\"}]\n"
	"devices_csv: devices.csv\n";
static const char devices[] = "name,kind,network,address,common_address,wave,owner\n"
			      "old,server,a,10.1.0.5,10.100.0.5,w1,N\xc3\xa4tgruppen\n"
			      "still,printer,a,10.1.0.6,,,\n"
			      "gone,server,common,10.100.0.7,,w1,\n";

void moved_read(struct moved *m)
{
	nf_moves_free(&m->moves);
	assert_int_equal(nf_moves_read(m->f->site, m->store, MOVED_NOW, &m->moves), NF_OK);
}

struct moved *moved_new(void)
{
	struct moved *m = nf_xcalloc(1, sizeof *m);
	struct nf_error err = {0};
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	m->f = fixture_new();
	fixture_puts(m->f, "devices.csv", devices);
	fixture_puts(m->f, "site.yaml", site);
	fixture_load(m->f);
	if (m->f->site == NULL)
		fail_msg("%s", m->f->text);
	assert_int_equal(
		nf_store_open(m->f->site->state_dir, NF_STORE_WRITE, 5000, &m->store, &err),
		NF_OK);
	m->m = (struct nf_model){.site = m->f->site,
		.now = {.wall_us = MOVED_NOW},
		.store = m->store,
		.moves = &m->moves};
	moved_read(m);
	return m;
}

void moved_free(struct moved *m)
{
	nf_moves_free(&m->moves);
	nf_store_close(m->store);
	fixture_free(m->f);
	free(m);
}

void moved_stage(struct moved *m, const char *device, enum nf_stage stage)
{
	const struct nf_stage_row row = {.device = device,
		.stage = nf_stage_text(stage),
		.since_wall_us = MOVED_NOW - NF_DAY_US,
		.computed_wall_us = MOVED_NOW,
		.json = "{}"};
	const struct nf_stage_change change = {.network = "a", .why = ""};
	bool changed;
	assert_int_equal(nf_stage_put(m->store, &row, &change, &changed), NF_OK);
}

void moved_blockers(struct moved *m, const struct nf_blocker *items, size_t len)
{
	struct nf_blockers all = {.items = nf_xcalloc(len + 1, sizeof *items), .len = len};
	struct nf_strbuf json = {0};
	for (size_t i = 0; i < len; i++) {
		struct nf_blocker *b = &all.items[i];
		const char **texts[] = {&b->what, &b->about, &b->whose, &b->place, &b->how};
		*b = items[i];
		NF_ROWS(t, texts)
		*texts[t] = *texts[t] == NULL ? "" : *texts[t];
	}
	nf_blockers_encode(&all, &json);
	assert_int_equal(nf_network_put(m->store, &(struct nf_network_row){.network = "a",
							  .blockers = json.data,
							  .computed_wall_us = MOVED_NOW}),
		NF_OK);
	nf_strbuf_free(&json);
	free(all.items);
}

char *moved_csv(const struct moved *m, moved_csv_fn *fn)
{
	struct nf_strbuf out = {0};
	fn(&m->m, &m->moves.networks[0], &out);
	return nf_strbuf_take(&out);
}

/* Takes the page. */
static char *bytes_of(struct nf_page *p)
{
	size_t len;
	char *bytes = nf_xstrdup(nf_html_finish(p->h, &len));
	nf_html_free(p->h);
	return bytes;
}

static struct nf_page page_of(const struct moved *m)
{
	return (struct nf_page){
		.h = nf_html_new("en"), .m = &m->m, .root = "../", .nav = "cutover.html"};
}

char *moved_sheet(const struct moved *m)
{
	struct nf_page p = page_of(m);
	nf_page_leaving(&p, &m->moves.networks[0]);
	return bytes_of(&p);
}

char *moved_cutover(const struct moved *m)
{
	struct nf_page p = page_of(m);
	nf_page_cutover(&p);
	return bytes_of(&p);
}

char *moved_device(const struct moved *m, const char *device)
{
	struct nf_page p = page_of(m);
	nf_part_move(&p, nf_site_device(m->f->site, device));
	return bytes_of(&p);
}

char *moved_wave(const struct moved *m)
{
	struct nf_page p = page_of(m);
	nf_page_wave(&p, &m->f->site->waves.items[0]);
	return bytes_of(&p);
}
