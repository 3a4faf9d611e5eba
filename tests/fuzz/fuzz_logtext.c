// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "checks/backup/logtext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t now_us = INT64_C(1297159200) * NF_US_PER_S;
	const struct nf_proof proof = {.success = "OK$", .warning = "skip", .failure = "^E"};
	const struct nf_job_run run = {.now_us = now_us,
		.has_wanted = true,
		.wanted_us = now_us - 86400 * NF_US_PER_S,
		.zone = "UTC"};
	union {
		const uint8_t *bytes;
		const char *text;
	} in = {.bytes = data};
	const struct nf_log_seen seen = {"/log", in.text, size, now_us / NF_US_PER_S - 60};
	struct nf_proof_answer answer = {0};

	nf_log_judge(&proof, &run, &seen, &answer);
	return 0;
}
