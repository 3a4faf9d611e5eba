// SPDX-License-Identifier: GPL-3.0-or-later
/* Windows of maintenance and waves: what is bad inside one is told when it has ended, if it is still so. */
#include <stdlib.h>
#include <string.h>

#include "alert/core.h"
#include "base/mem.h"
#include "checks/maintenance.h"

bool nf_core_is_worse(enum nf_state before, enum nf_state now)
{
	return before != NF_STATE_UNREACHABLE && now != NF_STATE_UNREACHABLE &&
	       now != NF_STATE_UNKNOWN && now != before && nf_state_worse(now, before) == now;
}

void nf_core_mute(struct nf_core *core, struct nf_member *m, const char *window)
{
	if (m->muted)
		return;
	m->muted = true;
	m->muted_state = m->state;
	m->muted_flapping = m->flapping;
	nf_text_put(&m->maintenance, window);
	nf_core_touch(core, m);
}

static bool is_all_muted(const struct nf_incident *i)
{
	for (const struct nf_member *m = i->members; m != NULL; m = m->next)
		if (m->ended_wall_us == 0 && !m->muted)
			return false;
	return true;
}

/* Nobody was to do anything about it so far: escalation counts from here, and the picture settles anew. */
static void begin_anew(const struct nf_core *core, struct nf_incident *i, int64_t now_wall_us)
{
	int64_t settled_us = now_wall_us + core->settle_us;
	if (i->told_wall_us != 0)
		i->told_wall_us = now_wall_us;
	if (i->tellings != NULL)
		i->due_wall_us = 0; /* as that of a follow-up */
	else if (i->due_wall_us < settled_us)
		i->due_wall_us = settled_us;
}

static void unmute(struct nf_core *core, struct nf_member *m, int64_t now_wall_us)
{
	if (is_all_muted(m->incident))
		begin_anew(core, m->incident, now_wall_us);
	m->muted = false;
	nf_text_put(&m->maintenance, "");
	if (nf_core_is_worse(m->muted_state, m->state) || (m->flapping && !m->muted_flapping))
		m->told_wall_us = 0;
	nf_core_touch(core, m);
}

/* Those that are open. Caller frees. */
static size_t *open_windows(const struct nf_site *site, int64_t now_wall_us, size_t *len)
{
	size_t *open = nf_xcalloc(nf_maintenance_windows(site) + 1, sizeof *open);
	*len = 0;
	for (size_t i = 0; i < nf_maintenance_windows(site); i++)
		if (nf_maintenance_open(site, i, now_wall_us))
			open[(*len)++] = i;
	return open;
}

static const char *window_of(const struct nf_site *site, const struct nf_member *m,
	const size_t *open, size_t len, char name[NF_MAINTENANCE_MAX])
{
	if (len == 0)
		return NULL;
	struct nf_subject_of s = nf_duty_subject(site, m->network, m->device);
	for (size_t i = 0; i < len; i++)
		if (nf_maintenance_covers(site, open[i], s.device, s.network))
			return nf_maintenance_name(site, open[i], name);
	return NULL;
}

void nf_core_follow_windows(struct nf_core *core, int64_t now_wall_us)
{
	char name[NF_MAINTENANCE_MAX];
	size_t len;
	struct nf_member *m, *next;
	if (core->ledger->bad == NULL)
		return;
	size_t *open = open_windows(core->site, now_wall_us, &len);
	for (m = core->ledger->bad; m != NULL; m = next) {
		next = m->hh_bad.next;
		const char *window = window_of(core->site, m, open, len, name);
		if (window != NULL)
			nf_core_mute(core, m, window);
		else if (m->incident == NULL)
			nf_core_assign(core, m, now_wall_us);
		else if (m->muted)
			unmute(core, m, now_wall_us);
	}
	free(open);
}
