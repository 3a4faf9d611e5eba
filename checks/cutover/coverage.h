// SPDX-License-Identifier: GPL-3.0-or-later
/* coverage: of which time a network's silence means something, because its sensors proved that they could
 * see: they ran, saw traffic of others, dropped next to nothing, and saw the canaries that were sent.
 * Shape:   pure. In an hour the wires count, if every one of them could see; else the switches, if every
 *          one of them showed its whole table. Which sensors a network has comes from the site file, so
 *          that one that fell silent is missed, and not forgotten.
 * Units:   wall microseconds, whole hours since 1970.
 * Memory:  the texts given to new are borrowed.
 */
#pragma once

#include "store/sightings.h"

struct nf_quiet;

/* "wire:span10" and "snmp:sw-1". */
struct nf_quiet *nf_quiet_new(const char *const *wires, size_t wires_len,
	const char *const *switches, size_t switches_len);
void nf_quiet_free(struct nf_quiet *quiet); /* takes; NULL is fine */
/* In any order; sensors that the network does not have are passed over. Not after nf_quiet_end. */
void nf_quiet_add(struct nf_quiet *quiet, const struct nf_coverage *coverage);
void nf_quiet_end(struct nf_quiet *quiet);

/* Of this time how much was covered. */
int64_t nf_quiet_us(const struct nf_quiet *quiet, int64_t since_us, int64_t until_us);
/* Whether it holds the last day of a month in this zone, covered for nine tenths. */
bool nf_quiet_month_end(
	const struct nf_quiet *quiet, const char *zone, int64_t since_us, int64_t until_us);
/* The hours that count, rising. */
const int64_t *nf_quiet_hours(const struct nf_quiet *quiet, size_t *len);
bool nf_quiet_has_sensor(const struct nf_quiet *quiet);
/* Whether this hour of a sensor proves that it could see. */
bool nf_coverage_proves(const struct nf_coverage *coverage);
