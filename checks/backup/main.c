// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/service.h"
#include "checks/backup/ssh/remote.h"
#include "checks/cutover/passes.h"

int main(int argc, char **argv)
{
	static const struct nf_program program = {
		.name = "netfold-verify",
		.summary = "proves over SSH that backups finished, and keeps what it saw",
		.has_once = true,
		.start = nf_verify_service_start,
		.reload = nf_verify_service_reload,
		.stop = nf_verify_service_stop,
		.destroy = nf_verify_service_destroy,
	};
	int status = nf_remote_helper(argc, argv);

	if (status < 0)
		status = nf_passes_main(argc, argv);

	return status >= 0 ? status : nf_program_main(&program, argc, argv);
}
