// SPDX-License-Identifier: GPL-3.0-or-later
/* check: what can be wrong between things that are each right: networks whose addresses meet, devices
 * outside their network, rings of parents, patterns that match nothing, people whom nothing reaches. Runs after nf_link_resolve on
 * whatever could be bound, so pointers may be NULL.
 */
#pragma once

#include "conf/bind.h"

void nf_check_networks(struct nf_bind *b);
/* Also gives each device its second leg and fills the index of addresses. */
void nf_check_devices(struct nf_bind *b);
void nf_check_parents(struct nf_bind *b);
void nf_check_maintenance(struct nf_bind *b);
void nf_check_mail(struct nf_bind *b);
