// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/service.h"

int main(int argc, char **argv)
{
	static const struct nf_program program = {
		.name = "netfold-ping",
		.summary = "asks every device by ICMP echo, and judges who can be reached",
		.has_once = true,
		.early = nf_ping_service_early,
		.start = nf_ping_service_start,
		.reload = nf_ping_service_reload,
		.stop = nf_ping_service_stop,
		.destroy = nf_ping_service_destroy,
	};

	return nf_program_main(&program, argc, argv);
}
