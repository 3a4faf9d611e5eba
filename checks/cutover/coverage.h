// SPDX-License-Identifier: GPL-3.0-or-later
/* coverage: of which time a network's silence means something, because its sensors proved that they could
 * see: they ran, saw traffic of others, dropped next to nothing, and saw the canaries that were sent.
 * Shape:   pure. A minute is covered if every wire of the network could see during all of it; else, if every
 *          switch showed it in whole tables. Which sensors a network has comes from the site file, so that
 *          one that fell silent is missed, and not forgotten. Silence is counted in whole covered minutes: what
 *          lies in a minute that began before it, or that is not over, does not count.
 * Silent:  an hour in which a wire heard nobody else may be a mirror that mirrors our own port only. It counts
 *          where every canary of it came back, the wire had heard others before, in the time that is read, and,
 *          where it never heard anybody again, nobody of the network answered us by more than an hour later: a
 *          wire that does not hear who answers is deaf.
 * Settled: an hour's minutes of the network as a whole, as they counted when its sensors' own rows were still there
 *          (NF_COVERAGE_SETTLED): they count as they are.
 * Units:   wall microseconds, whole minutes and hours since 1970.
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
/* Somebody of the network answered us then. Not after nf_quiet_end. */
void nf_quiet_answered(struct nf_quiet *quiet, int64_t at_us);
void nf_quiet_end(struct nf_quiet *quiet);

/* Of this time how much was covered. */
int64_t nf_quiet_us(const struct nf_quiet *quiet, int64_t since_us, int64_t until_us);
/* Of this hour the minutes that were covered, as bits. */
uint64_t nf_quiet_minutes(const struct nf_quiet *quiet, int64_t hour);
/* Whether it holds the last day of a month in this zone, covered for nine tenths. */
bool nf_quiet_month_end(
	const struct nf_quiet *quiet, const char *zone, int64_t since_us, int64_t until_us);
/* When that can be so first, if nothing is missed from now on. */
int64_t nf_quiet_month_end_next(const struct nf_quiet *quiet, const char *zone, int64_t now_us);
/* From the first covered minute to the end of the last; false: there is none. */
bool nf_quiet_span(const struct nf_quiet *quiet, int64_t *first_us, int64_t *end_us);
bool nf_quiet_has_sensor(const struct nf_quiet *quiet);
/* Whether a sensor ran in the last hours that were told, and they do not count because nobody else was heard. */
bool nf_quiet_is_deaf(const struct nf_quiet *quiet);

/* The minutes of this hour that lie wholly in that time, as nf_coverage has them. */
uint64_t nf_minutes_of(int64_t hour, int64_t from_us, int64_t to_us);
