// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/moves_counts.h"

#include "base/put.h"

static void put_network(struct nf_json *j, const struct nf_moves_network *n)
{
	nf_json_object(j);
	nf_put_text(j, "id", n->network->id);
	nf_put_bool(j, "ready_to_switch_off", n->ready);
	nf_put_bool(j, "stale", n->stale);
	nf_put_i64(j, "blockers", (int64_t)n->blockers.len);
	nf_put_time(j, "computed_at", n->computed_wall_us);
	nf_json_end(j);
}

void nf_moves_put_stages(struct nf_json *j, const struct nf_moves_network *n)
{
	nf_put_i64(j, "total", (int64_t)n->total);
	nf_json_key(j, "by_stage");
	nf_json_object(j);
	for (int s = 0; s < NF_STAGES; s++)
		nf_put_i64(j, nf_stage_text((enum nf_stage)s), (int64_t)n->by_stage[s]);
	nf_put_i64(j, "unknown", (int64_t)n->unknown);
	nf_json_end(j);
}

void nf_moves_put_counts(struct nf_json *j, const void *moves)
{
	const struct nf_moves *m = moves;

	nf_json_key(j, "cutover");
	if (!m || m->networks_len == 0) {
		nf_json_null(j);
		return;
	}
	nf_json_object(j);
	nf_moves_put_stages(j, &m->all);
	nf_json_key(j, "networks");
	nf_json_array(j);
	for (size_t i = 0; i < m->networks_len; i++)
		put_network(j, &m->networks[i]);
	nf_json_end(j);
	nf_json_end(j);
}

static void put_some(struct nf_strbuf *out, size_t count, const char *what)
{
	if (count > 0)
		nf_strbuf_printf(out, ", %zu %s", count, what);
}

void nf_moves_counts_words(const struct nf_moves *m, struct nf_strbuf *out)
{
	const size_t *by = m->all.by_stage;
	bool any = false;

	if (m->networks_len == 0)
		return;
	nf_strbuf_printf(out, "%zu of %zu confirmed",
		by[NF_STAGE_CONFIRMED] + by[NF_STAGE_RELEASED], m->all.total);
	put_some(out, by[NF_STAGE_MOVED], "moved");
	put_some(out, by[NF_STAGE_DUAL], "on both sides");
	put_some(out, by[NF_STAGE_REGRESSED], "came back");
	put_some(out, by[NF_STAGE_LOST], "lost");
	put_some(out, by[NF_STAGE_EXEMPT], "exempt");
	put_some(out, m->all.unknown, "unknown");
	for (size_t i = 0; i < m->networks_len; i++) {
		if (!m->networks[i].ready)
			continue;
		nf_strbuf_printf(out, "%s%s",
			any ? ", " : "; ready to switch off: ", m->networks[i].network->id);
		any = true;
	}
}
