// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/remote.h"

const char *nf_remote_outcome_text(enum nf_remote_outcome outcome)
{
	static const char *const texts[] = {
		[NF_REMOTE_OK] = "ok",
		[NF_REMOTE_ABSENT] = "absent",
		[NF_REMOTE_DENIED] = "denied",
		[NF_REMOTE_UNVERIFIABLE] = "unverifiable",
		[NF_REMOTE_CRASHED] = "crashed",
		[NF_REMOTE_CANCELLED] = "cancelled",
	};
	return (size_t)outcome < sizeof texts / sizeof *texts ? texts[outcome] : "unknown";
}

const char *nf_remote_cause_text(enum nf_remote_cause cause)
{
	static const char *const texts[] = {
		[NF_CAUSE_NONE] = "",
		[NF_CAUSE_UNREACHABLE] = "unreachable",
		[NF_CAUSE_TIMEOUT] = "time-out",
		[NF_CAUSE_CUT] = "connection cut",
		[NF_CAUSE_NOT_SSH] = "not SSH",
		[NF_CAUSE_NO_ALGORITHM] = "no common algorithm",
		[NF_CAUSE_HOST_KEY_CHANGED] = "host key changed",
		[NF_CAUSE_HOST_KEY_UNKNOWN] = "host key unknown",
		[NF_CAUSE_HOST_KEY_REVOKED] = "host key revoked",
		[NF_CAUSE_HOST_CERTIFICATE] = "host certificate",
		[NF_CAUSE_KEY] = "own key unusable",
		[NF_CAUSE_REFUSED] = "key refused",
		[NF_CAUSE_ACCOUNT] = "account",
		[NF_CAUSE_NO_SFTP] = "no SFTP",
		[NF_CAUSE_NO_EXEC] = "no commands",
		[NF_CAUSE_NO_STATUS] = "no exit status",
		[NF_CAUSE_CHANGED] = "changed while read",
		[NF_CAUSE_UNSUPPORTED] = "not supported",
		[NF_CAUSE_FAILED] = "failed",
		[NF_CAUSE_LOCAL] = "local trouble",
	};
	return (size_t)cause < sizeof texts / sizeof *texts ? texts[cause] : "unknown";
}
