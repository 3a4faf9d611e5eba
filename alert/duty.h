// SPDX-License-Identifier: GPL-3.0-or-later
/* duty: who is to hear of a check's trouble, and when.
 * Shape:   pure: the site, what people said, and an instant.
 *          A device's service names the rota; the monitor itself, networks, and devices without a service
 *          belong to alerting.rota, without that to the first rota of the file. A service without a rota
 *          tells nobody.
 *          Critical and unreachable: at once, unless the service lets them wait for its hours. Warnings:
 *          at once inside the hours, else with the morning digest. Unknown: with the digest. The lab wakes
 *          nobody.
 * Memory:  borrows site and words; nf_duty_free ends the caches.
 */
#pragma once

#include "alert/words.h"
#include "conf/site.h"

enum nf_urgency {
	NF_URGENCY_NOW,
	NF_URGENCY_HOURS, /* when the service opens */
	NF_URGENCY_DIGEST,
	NF_URGENCY_NEVER, /* nobody is to be told; pages and digest show it */
};

struct nf_duty {
	const struct nf_site *site;
	const struct nf_words *words;
	int64_t at_wall_us;
	signed char *open;		 /* by service index: 1 yes, 0 no, -1 not asked yet */
	const struct nf_contact **turns; /* by rota index; NULL: not asked yet */
};

void nf_duty_init(struct nf_duty *duty, const struct nf_site *site,
	const struct nf_words *words, int64_t at_wall_us);
void nf_duty_free(struct nf_duty *duty);

/* What a member of an incident is about; all may be NULL for the monitor. */
struct nf_subject_of {
	const struct nf_network *network;
	const struct nf_device *device;
	const struct nf_service *service;
	const struct nf_rota *rota; /* NULL: nobody */
};
struct nf_subject_of nf_duty_subject(
	const struct nf_site *site, const char *network, const char *device);

enum nf_urgency nf_duty_urgency(
	struct nf_duty *duty, const struct nf_subject_of *subject, enum nf_state state);
/* Who has the rota at duty's instant, covers taken into account; never NULL. */
const struct nf_contact *nf_duty_contact(struct nf_duty *duty, const struct nf_rota *rota);

const struct nf_rota *nf_duty_default(const struct nf_site *site); /* NULL: no rotas */
const struct nf_contact *nf_duty_find(const struct nf_site *site, const char *contact);
