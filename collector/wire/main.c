// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/service.h"

int main(int argc, char **argv)
{
	static const struct nf_program program = {
		.name = "netfold-wire",
		.summary = "listens on old networks: who is still there, and whom they call",
		.has_once = true,
		.start = nf_wire_service_start,
		.reload = nf_wire_service_reload,
		.stop = nf_wire_service_stop,
		.destroy = nf_wire_service_destroy,
	};

	return nf_program_main(&program, argc, argv);
}
