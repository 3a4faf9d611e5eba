// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdint.h>

#include "checks/backup/judges.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[] = {"/home/a", "etc"};
	const struct nf_proof proof = {
		.contains = {names, 2}
	      };
	const struct nf_job_run run = {.now_us = INT64_C(1297159200000000), .zone = "UTC"};
	union {
		const uint8_t *bytes;
		const char *text;
	} in = {.bytes = data};
	const struct nf_command_seen seen = {
		.out = in.text, .out_len = size, .errors = "", .has_status = true};
	struct nf_proof_answer answer = {0};
	struct nf_newest newest;

	nf_restic_read(&seen, &run, &newest, &answer);
	nf_borg_read(&seen, &run, &newest, &answer);
	nf_zfs_read(&seen, &run, &newest, &answer);
	nf_contents_judge(&proof, "ls", &seen, &answer);
	return 0;
}
