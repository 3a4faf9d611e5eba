// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/publish_program.h"

static const struct nf_program program = {
	.name = "netfold-publish",
	.summary = "writes the dashboard as static pages",
	.has_once = true,
	.start = nf_publish_program_start,
	.reload = nf_publish_program_reload,
	.stop = nf_publish_program_stop,
	.destroy = nf_publish_program_destroy,
};

int main(int argc, char **argv)
{
	return nf_program_main(&program, argc, argv);
}
