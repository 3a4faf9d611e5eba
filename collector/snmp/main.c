// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/service.h"

int main(int argc, char **argv)
{
	static const struct nf_program program = {
		.name = "netfold-snmp",
		.summary = "reads every device that has SNMP, and judges what it says",
		.has_once = true,
		.start = nf_snmp_service_start,
		.reload = nf_snmp_service_reload,
		.stop = nf_snmp_service_stop,
		.destroy = nf_snmp_service_destroy,
	};
	return nf_program_main(&program, argc, argv);
}
