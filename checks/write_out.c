// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/write_out.h"

#include "base/log.h"

void nf_write_out(struct nf_judge *judge, struct nf_journal *journal, struct nf_now now)
{
	struct nf_error err;

	if (nf_judge_tick(judge, now, &err))
		nf_log_limited("judge", NF_LOG_ERROR, "judge", "%s", err.text);
	if (journal && nf_journal_flush(journal, &err))
		nf_log_limited("journal", NF_LOG_ERROR, "journal", "%s", err.text);
}

void nf_write_out_last(struct nf_judge *judge, struct nf_journal *journal)
{
	struct nf_error err;

	if (judge && nf_judge_flush(judge, &err))
		nf_log(NF_LOG_ERROR, "judge", "%s", err.text);
	if (journal && nf_journal_flush(journal, &err))
		nf_log(NF_LOG_ERROR, "journal", "%s", err.text);
}
