// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/publish_own.h"

#include <stdlib.h>

#include "base/clock.h"

static void write_leaving(
	struct nf_publisher *pub, const struct nf_model *m, const struct nf_moves_network *n)
{
	struct nf_page page = nf_publish_begin(
		m, "../", "cutover.html", pub->cadence.large_us + 2 * NF_PUBLISH_CYCLE_US);
	struct nf_strbuf devices = {0}, blockers = {0};
	char *path = nf_publish_path("cutover", n->network->id, ".html");
	char *csv = nf_publish_path("cutover", n->network->id, ".csv");
	char *blockers_csv = nf_publish_path("cutover", n->network->id, "-blockers.csv");
	nf_page_leaving(&page, n);
	nf_publish_end(pub, &page, path);
	nf_leaving_csv(m, n, &devices);
	nf_publish_text(pub, csv, &devices);
	nf_blockers_csv(m, n, &blockers);
	nf_publish_text(pub, blockers_csv, &blockers);
	free(path);
	free(csv);
	free(blockers_csv);
}

static void write_wave(
	struct nf_publisher *pub, const struct nf_model *m, const struct nf_wave *wave)
{
	struct nf_page page = nf_publish_begin(
		m, "../", "cutover.html", pub->cadence.large_us + 2 * NF_PUBLISH_CYCLE_US);
	char *path = nf_publish_path("wave", wave->id, ".html");
	nf_page_wave(&page, wave);
	nf_publish_end(pub, &page, path);
	free(path);
}

/* All pages of the move at once: they show the same computation. */
void nf_publish_moves(struct nf_publisher *pub, const struct nf_model *m)
{
	uint64_t hash = nf_moving_hash(pub->moving);
	size_t failed = pub->failed;
	if (m->moves == NULL || nf_publish_is_right(&pub->moves_shown, m, hash) ||
		nf_publish_is_hopeless(pub))
		return;
	struct nf_page page = nf_publish_begin(
		m, "", "cutover.html", pub->cadence.large_us + 2 * NF_PUBLISH_CYCLE_US);
	nf_page_cutover(&page);
	nf_publish_end(pub, &page, "cutover.html");
	for (size_t i = 0; i < m->moves->networks_len; i++)
		write_leaving(pub, m, &m->moves->networks[i]);
	NF_EACH(struct nf_wave, wave, m->site->waves)
	write_wave(pub, m, wave);
	if (pub->failed == failed)
		nf_publish_take(pub, m, &pub->moves_shown, hash,
			pub->cadence.large_us - NF_PUBLISH_CYCLE_US / 2);
}
