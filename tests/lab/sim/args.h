// SPDX-License-Identifier: GPL-3.0-or-later
/* args: the simulator's command line. */
#pragma once

#include "tests/lab/sim/net.h"

enum nf_sim_mode { NF_SIM_RUN, NF_SIM_TELL, NF_SIM_WRITE_SITE, NF_SIM_HELP };

struct nf_sim_args {
	enum nf_sim_mode mode;
	const char *config; /* a file of lines */
	char **lines;	    /* lines given directly; NF_SIM_TELL: the commands */
	size_t lines_len;
	const char *control; /* path of the control socket */
	uint16_t ports[NF_SIM_PORTS_MAX];
	size_t ports_len;
	const char *site_dir;
	/* --synthetic: so many switches from this address on */
	uint32_t switches;
	uint32_t switch_ports;
	const char *base;
};

/* NF_EINVAL with what is wrong. Gives lines (each and the array freed by nf_sim_args_free). */
enum nf_err nf_sim_args_parse(
	int argc, char **argv, struct nf_sim_args *out, struct nf_error *err);
void nf_sim_args_free(struct nf_sim_args *args);

void nf_sim_args_help(void);
