// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve_program.h"

static const struct nf_program program = {
	.name = "netfold-serve",
	.summary = "shows the pages, /metrics and /healthz on the loopback",
	.start = nf_serve_program_start,
	.reload = nf_serve_program_reload,
	.stop = nf_serve_program_stop,
	.destroy = nf_serve_program_destroy,
};

int main(int argc, char **argv)
{
	return nf_program_main(&program, argc, argv);
}
