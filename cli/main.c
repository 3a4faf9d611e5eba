// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/remote.h"
#include "cli/verb.h"

static const struct nf_verb *const verbs[] = {
	&nf_verb_check,
	&nf_verb_run,
	&nf_verb_status,
	&nf_verb_events,
	&nf_verb_incidents,
	&nf_verb_ack,
	&nf_verb_silence,
	&nf_verb_unsilence,
	&nf_verb_mail,
	&nf_verb_oncall,
	&nf_verb_verify,
	&nf_verb_backups,
	&nf_verb_drill,
	&nf_verb_cutover,
	&nf_verb_series,
	&nf_verb_probe,
	&nf_verb_discover,
	&nf_verb_doctor,
	&nf_verb_completion,
	&nf_verb_help,
	&nf_verb_version,
	NULL,
};

int main(int argc, char **argv)
{
	/* `verify` starts this same program again for what talks to servers. */
	int status = nf_remote_helper(argc, argv);

	return status >= 0 ? status : nf_cli_main(verbs, argc, argv);
}
