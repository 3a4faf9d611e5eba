// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/args.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/parse.h"

static const char help[] =
	"nfsim: many SNMP agents in one process, for scale and for lies\n"
	"usage: nfsim [-p PORT]… [-c FILE] [-s SOCKET] [LINE…]\n"
	"       nfsim [-p PORT]… [-s SOCKET] --synthetic N [--ports N] [--base ADDRESS] [--site DIR]\n"
	"       nfsim --tell -s SOCKET COMMAND\n"
	"\n"
	"  LINE             ADDRESSES DEVICE [OPTION…], as in FILE: '127.0.0.0/8 recording:x.snmprec'\n"
	"  ADDRESSES        ADDRESS, ADDRESS/BITS or ADDRESS+COUNT\n"
	"  DEVICE           recording:PATH synthetic:switch synthetic:ups synthetic:printer\n"
	"  -p PORT          UDP port (161); may be repeated\n"
	"  -c FILE          lines, read again on SIGHUP\n"
	"  -s SOCKET        control socket\n"
	"  --tell           sends COMMAND to a running simulator: set clear reboot reset advance stats\n"
	"                   cpu reload quit\n"
	"  --synthetic N    N switches, from --base (127.1.0.1) on, with --ports (50) ports each\n"
	"  --site DIR       writes a matching site.yaml and devices.csv instead of running\n"
	"\n"
	"options of a line:\n";

void nf_sim_args_help(void)
{
	fputs(help, stdout);
	nf_sim_options_print(stdout);
}

enum { TELL = 256, SYNTHETIC, PORTS, BASE, SITE };

static enum nf_err take_number(
	const char *text, uint64_t max, uint64_t *out, struct nf_error *err)
{
	if (nf_parse_u64(text, 1, max, out) != NF_OK)
		return nf_error_set(err, NF_EINVAL, "%s: not a number up to %lu", text, max);
	return NF_OK;
}

static enum nf_err take(struct nf_sim_args *args, int option, struct nf_error *err)
{
	uint64_t number = 0;
	enum nf_err code = NF_OK;

	switch (option) {
	case 'c':
		args->config = optarg;
		break;
	case 's':
		args->control = optarg;
		break;
	case 'p':
		code = take_number(optarg, 65535, &number, err);
		if (code == NF_OK && args->ports_len == NF_SIM_PORTS_MAX)
			return nf_error_set(err, NF_EINVAL, "too many ports");
		if (code == NF_OK)
			args->ports[args->ports_len++] = (uint16_t)number;
		break;
	case 'h':
		args->mode = NF_SIM_HELP;
		break;
	case TELL:
		args->mode = NF_SIM_TELL;
		break;
	case SITE:
		args->mode = NF_SIM_WRITE_SITE;
		args->site_dir = optarg;
		break;
	case BASE:
		args->base = optarg;
		break;
	case SYNTHETIC:
		code = take_number(optarg, 1u << 24, &number, err);
		args->switches = (uint32_t)number;
		break;
	case PORTS:
		code = take_number(optarg, 10000, &number, err);
		args->switch_ports = (uint32_t)number;
		break;
	default:
		return nf_error_set(err, NF_EINVAL, "unknown option, see nfsim --help");
	}
	return code;
}

static void add_line(struct nf_sim_args *args, char *line)
{
	args->lines = nf_xreallocarray(args->lines, args->lines_len + 1, sizeof *args->lines);
	args->lines[args->lines_len++] = line;
}

static enum nf_err check(const struct nf_sim_args *args, struct nf_error *err)
{
	if (args->mode == NF_SIM_TELL && (!args->control || args->lines_len == 0))
		return nf_error_set(err, NF_EINVAL, "--tell needs -s SOCKET and a command");
	if (args->mode == NF_SIM_WRITE_SITE && args->switches == 0)
		return nf_error_set(err, NF_EINVAL, "--site needs --synthetic");
	if (args->mode == NF_SIM_RUN && args->lines_len == 0 && !args->config)
		return nf_error_set(err, NF_EINVAL, "no agents: see nfsim --help");
	return NF_OK;
}

enum nf_err nf_sim_args_parse(
	int argc, char **argv, struct nf_sim_args *out, struct nf_error *err)
{
	static const struct option options[] = {
		{"help",	 no_argument,	      NULL, 'h'      },
		{"tell",	 no_argument,	      NULL, TELL	},
		{"synthetic", required_argument, NULL, SYNTHETIC},
		{"ports",	  required_argument, NULL, PORTS	},
		{"base",	 required_argument, NULL, BASE     },
		{"site",	 required_argument, NULL, SITE     },
		{NULL,	       0,		  NULL, 0	 },
	};
	struct nf_sim_args args = {.base = "127.1.0.1", .switch_ports = 50};
	enum nf_err code = NF_OK;

	for (int o;
		code == NF_OK && (o = getopt_long(argc, argv, "c:s:p:h", options, NULL)) != -1;)
		code = take(&args, o, err);
	if (args.ports_len == 0)
		args.ports[args.ports_len++] = 161;
	for (int i = optind; i < argc; i++)
		add_line(&args, nf_xstrdup(argv[i]));
	if (args.switches > 0)
		add_line(&args, nf_xasprintf("%s+%u synthetic:switch ports=%u", args.base,
					args.switches, args.switch_ports));
	if (code == NF_OK)
		code = check(&args, err);
	if (code != NF_OK)
		nf_sim_args_free(&args);
	else
		*out = args;
	return code;
}

void nf_sim_args_free(struct nf_sim_args *args)
{
	for (size_t i = 0; i < args->lines_len; i++)
		free(args->lines[i]);
	free(args->lines);
	args->lines = NULL;
	args->lines_len = 0;
}
