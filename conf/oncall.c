// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/oncall.h"

#include "base/clock.h"

#define DAY_S 86400

static int64_t end_of_first_day(const struct nf_rota *rota, const char *zone)
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t local_s = nf_zone_to_local_s(rota->starts_wall_us / NF_US_PER_S);
	int64_t end_s = nf_zone_to_instant_s(local_s - local_s % DAY_S + DAY_S);

	nf_zone_leave(&stay);
	return end_s * NF_US_PER_S;
}

const struct nf_contact *nf_rota_turn(
	const struct nf_rota *rota, const char *zone, int64_t at_wall_us)
{
	size_t changes = 0;

	if (at_wall_us > rota->starts_wall_us)
		changes = nf_window_count(
			&rota->change, zone, end_of_first_day(rota, zone) - 1, at_wall_us);
	return rota->turns.items[changes % rota->turns.len];
}

enum nf_err nf_rota_change(const struct nf_rota *rota, const char *zone, int64_t after_wall_us,
	int64_t *change_wall_us)
{
	int64_t first = end_of_first_day(rota, zone) - 1;

	return nf_window_next(&rota->change, zone,
		after_wall_us > first ? after_wall_us : first, change_wall_us);
}
