// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "tests/lab/sim/control.h"
#include "tests/lab/sim/loop.h"
#include "tests/lab/sim/site.h"

static enum nf_err tell(const struct nf_sim_args *args, struct nf_error *err)
{
	struct nf_strbuf line = {0};
	struct nf_strbuf answer = {0};

	for (size_t i = 0; i < args->lines_len; i++)
		nf_strbuf_printf(&line, "%s ", args->lines[i]);
	enum nf_err code = nf_sim_control_tell(args->control, line.data, &answer, err);

	if (answer.len > 0) {
		fputs(answer.data, stdout);
		if (answer.data[0] == 'e')
			code = nf_error_set(err, NF_EINVAL, "the simulator refused");
	}
	nf_strbuf_free(&line);
	nf_strbuf_free(&answer);
	return code;
}

int main(int argc, char **argv)
{
	struct nf_sim_args args = {0};
	struct nf_error err;
	enum nf_err code = nf_sim_args_parse(argc, argv, &args, &err);

	if (code == NF_OK) {
		switch (args.mode) {
		case NF_SIM_HELP:
			nf_sim_args_help();
			break;
		case NF_SIM_TELL:
			code = tell(&args, &err);
			break;
		case NF_SIM_WRITE_SITE:
			code = nf_sim_site_write(&args, &err);
			break;
		default:
			code = nf_sim_loop(&args, &err);
		}
	}
	if (code != NF_OK)
		fprintf(stderr, "nfsim: %s\n", err.text);
	nf_sim_args_free(&args);
	return code == NF_OK ? 0 : 2;
}
