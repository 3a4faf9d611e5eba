// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "checks/maintenance.h"
#include "tests/checks/world.h"

static const char site[] =
	"waves:\n"
	"  - {id: w1, network: a, from: \"2027-02-05 18:00\", to: \"2027-02-06 06:00\"}\n"
	"maintenance:\n"
	"  - {id: one, devices: [sw-1], from: \"2027-01-15 09:05\", to: \"2027-01-15 09:20\"}\n"
	"  - {id: net, networks: [common], from: \"2027-01-16 00:00\", to: \"2027-01-17 00:00\"}\n"
	"  - {id: weekly, devices: [\"pc-*\"], every: \"Sun 01:30\", for: 2h}\n";

static const char devices[] = "r,router,a,10.1.0.1,,\n"
			      "sw-1,switch,a,10.1.0.2,r,\n"
			      "pc-1,workstation,a,10.1.0.3,sw-1,\n"
			      "srv,server,a,10.1.0.4,r,w1\n"
			      "vm,server,a,10.1.0.5,srv,\n"
			      "c,server,common,10.100.0.1,,\n";

static int64_t at(const char *text)
{
	int y, m, d, hour, minute;
	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &y, &m, &d, &hour, &minute), 5);
	return nf_zone_instant("Europe/Stockholm",
		(struct nf_date){(int16_t)y, (uint8_t)m, (uint8_t)d},
		(struct nf_daytime){(uint8_t)hour, (uint8_t)minute});
}

static void at__device_and_time__window(void **state)
{
	(void)state;
	static const struct {
		const char *device, *when,
			*want; /* device "": the network common; want NULL: none */
	} rows[] = {
		{"sw-1", "2027-01-15 09:04", NULL	 },
		{"sw-1", "2027-01-15 09:05", "one"	  },
		{"sw-1", "2027-01-15 09:19", "one"	  },
		{"sw-1", "2027-01-15 09:20", NULL	 },
		{"pc-1", "2027-01-15 09:10", "one"	  },
		{"r",    "2027-01-15 09:10", NULL     },
		{"c",    "2027-01-16 12:00", "net"    },
		{"",     "2027-01-16 12:00", "net"    },
		{"pc-1", "2027-01-16 12:00", NULL	 },
		{"srv",	"2027-02-06 05:59", "wave w1"},
		{"vm",   "2027-02-06 05:59", "wave w1"},
		{"srv",	"2027-02-06 06:00", NULL	},
		{"sw-1", "2027-02-06 05:59", NULL	 },
		{"pc-1", "2027-01-17 01:29", NULL	 },
		{"pc-1", "2027-01-17 03:29", "weekly" },
		{"pc-1", "2027-01-17 03:30", NULL	 },
 /* The night that has no 02:00 to 03:00: two hours end at 04:30. */
		{"pc-1", "2027-03-28 04:29", "weekly" },
		{"pc-1", "2027-03-28 04:30", NULL	 },
 /* The night that has it twice: they end at 02:30, the second one. */
		{"pc-1", "2027-10-31 01:30", "weekly" },
		{"pc-1", "2027-10-31 03:00", NULL	 },
	};
	struct world *w = world_new_with(devices, ",wave", site);
	NF_ROWS(i, rows)
	{
		char buf[NF_MAINTENANCE_MAX];
		const struct nf_device *d = nf_site_device(w->site, rows[i].device);
		const struct nf_network *n =
			d == NULL ? nf_site_network(w->site, "common") : d->legs[0].network;
		const char *got = nf_maintenance_at(w->site, d, n, at(rows[i].when), buf);
		if ((got == NULL) != (rows[i].want == NULL) ||
			(got != NULL && strcmp(got, rows[i].want) != 0))
			fail_msg("%s %s: %s", rows[i].device, rows[i].when, got ? got : "none");
	}
	world_free(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at__device_and_time__window),
	};
	return NF_RUN(tests, argc, argv);
}
