// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/notify.h"

static const struct nf_program program = {
	.name = "netfold-notify",
	.summary = "turns events into incidents, and incidents into mail",
	.has_once = true,
	.start = nf_notify_start,
	.reload = nf_notify_reload,
	.stop = nf_notify_stop,
	.destroy = nf_notify_destroy,
};

int main(int argc, char **argv)
{
	return nf_program_main(&program, argc, argv);
}
