// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/series_program.h"

static const struct nf_program program = {
	.name = "netfold-series",
	.summary = "writes the samples of the journals into the RRD files",
	.has_once = true,
	.start = nf_series_program_start,
	.stop = nf_series_program_stop,
	.destroy = nf_series_program_destroy,
};

int main(int argc, char **argv)
{
	return nf_program_main(&program, argc, argv);
}
