// SPDX-License-Identifier: GPL-3.0-or-later
/* The monitoring plugins' way: status 0 fine, 1 warning, 2 critical, 3 unknown; the first line of output
 * up to a bar is for people. */
#include "checks/backup/judges.h"

#include <string.h>

void nf_plugin_judge(const struct nf_command_seen *seen, struct nf_proof_answer *answer)
{
	static const enum nf_proof_result results[] = {
		NF_PROOF_OK, NF_PROOF_WARNING, NF_PROOF_BAD, NF_PROOF_UNVERIFIABLE};
	size_t n = 0;

	if (nf_command_failed("the plugin", seen, answer))
		return;
	while (n < seen->out_len && seen->out[n] != '\n' && seen->out[n] != '|')
		n++;
	if (seen->status < 0 || seen->status > 3)
		nf_proof_say(answer, NF_PROOF_UNVERIFIABLE,
			"the plugin ended in %d, which means nothing: %.*s", seen->status,
			(int)n, seen->out);
	else
		nf_proof_say(answer, results[seen->status], "%.*s", (int)(n < 400 ? n : 400),
			n > 0 ? seen->out : "");
}
