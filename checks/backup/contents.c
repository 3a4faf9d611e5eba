// SPDX-License-Identifier: GPL-3.0-or-later
/* `restic ls --json` and `borg list --json-lines`: a line a node, {"path": …}. */
#include "checks/backup/judges.h"

#include <string.h>

#include <jansson.h>

enum { WANTED_MAX = 16 };

static const char *bare(const char *path)
{
	while (path[0] == '/')
		path++;
	return path;
}

static void take(const struct nf_proof *proof, const char *line, size_t len, bool *found)
{
	json_t *node = json_loadb(line, len, 0, NULL);
	const char *path = json_string_value(json_object_get(node, "path"));

	for (size_t i = 0; path && i < proof->contains.len && i < WANTED_MAX; i++)
		found[i] = found[i] || strcmp(bare(path), bare(proof->contains.items[i])) == 0;
	json_decref(node);
}

void nf_contents_judge(const struct nf_proof *proof, const char *command,
	const struct nf_command_seen *seen, struct nf_proof_answer *answer)
{
	bool found[WANTED_MAX] = {false};
	const char *missing = NULL;

	for (size_t at = 0; at < seen->out_len;) {
		const char *end = memchr(seen->out + at, '\n', seen->out_len - at);
		size_t n = end ? (size_t)(end - seen->out) - at : seen->out_len - at;
		take(proof, seen->out + at, n, found);
		at += n + 1;
	}
	for (size_t i = 0; i < proof->contains.len && i < WANTED_MAX && !missing; i++) {
		if (!found[i])
			missing = proof->contains.items[i];
	}
	if (!missing)
		nf_proof_say(answer, NF_PROOF_OK, "all that is asked for is in it");
	else if (nf_command_failed(command, seen, answer))
		return;
	else if (seen->status != 0)
		nf_check_judge(command, seen, answer);
	else
		nf_proof_say(answer, NF_PROOF_BAD, "%s is not in it", missing);
}
