// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/duty.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conf/hours.h"
#include "conf/oncall.h"

void nf_duty_init(struct nf_duty *duty, const struct nf_site *site,
	const struct nf_words *words, int64_t at_wall_us)
{
	*duty = (struct nf_duty){.site = site, .words = words, .at_wall_us = at_wall_us};
	duty->open = nf_xmalloc(site->services.len + 1);
	memset(duty->open, -1, site->services.len + 1);
	duty->turns = nf_xcalloc(site->rotas.len + 1, sizeof *duty->turns);
}

void nf_duty_free(struct nf_duty *duty)
{
	free(duty->open);
	free((void *)duty->turns);
	*duty = (struct nf_duty){0};
}

const struct nf_rota *nf_duty_default(const struct nf_site *site)
{
	if (site->alerting.rota != NULL)
		return site->alerting.rota;
	return site->rotas.len > 0 ? &site->rotas.items[0] : NULL;
}

const struct nf_contact *nf_duty_find(const struct nf_site *site, const char *contact)
{
	NF_EACH(struct nf_contact, c, site->contacts)
	{
		if (strcmp(c->id, contact) == 0)
			return c;
	}
	return NULL;
}

struct nf_subject_of nf_duty_subject(
	const struct nf_site *site, const char *network, const char *device)
{
	struct nf_subject_of s = {0};
	if (*network != '\0')
		s.network = nf_site_network(site, network);
	if (*device != '\0')
		s.device = nf_site_device(site, device);
	if (s.device != NULL)
		s.service = s.device->service;
	s.rota = s.service != NULL ? s.service->rota : nf_duty_default(site);
	return s;
}

static bool is_open(struct nf_duty *duty, const struct nf_service *service)
{
	if (service == NULL)
		return true;
	signed char *known = &duty->open[service - duty->site->services.items];
	if (*known < 0)
		*known = nf_service_open(service, duty->at_wall_us) ? 1 : 0;
	return *known == 1;
}

enum nf_urgency nf_duty_urgency(
	struct nf_duty *duty, const struct nf_subject_of *subject, enum nf_state state)
{
	if (subject->rota == NULL ||
		(subject->network != NULL && subject->network->role == NF_ROLE_LAB))
		return NF_URGENCY_NEVER;
	switch (state) {
	case NF_STATE_CRITICAL:
	case NF_STATE_UNREACHABLE:
		if (subject->service == NULL || !subject->service->critical_waits ||
			is_open(duty, subject->service))
			return NF_URGENCY_NOW;
		return NF_URGENCY_HOURS;
	case NF_STATE_UNKNOWN:
		return NF_URGENCY_DIGEST;
	case NF_STATE_WARNING:
	case NF_STATE_OK:
		break;
	}
	return is_open(duty, subject->service) ? NF_URGENCY_NOW : NF_URGENCY_DIGEST;
}

const struct nf_contact *nf_duty_contact(struct nf_duty *duty, const struct nf_rota *rota)
{
	const struct nf_contact **known = &duty->turns[rota - duty->site->rotas.items];
	if (*known != NULL)
		return *known;
	const struct nf_word *cover = nf_words_cover(duty->words, rota->id, duty->at_wall_us);
	if (cover != NULL)
		*known = nf_duty_find(duty->site, cover->who);
	/* A cover by somebody who is no contact any more is none. */
	if (*known == NULL)
		*known = nf_rota_turn(rota, duty->site->timezone, duty->at_wall_us);
	return *known;
}
