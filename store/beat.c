// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/beat.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum nf_err nf_beat_begin(struct nf_beat *beat, const char *program, const char *state_dir,
	struct nf_now now, struct nf_error *err)
{
	struct nf_beat begun = {.program = program, .started_wall_us = now.wall_us};
	enum nf_err rc = nf_mkdirs(state_dir, 0750, err);

	if (rc != NF_OK)
		return rc;
	char *path = nf_xasprintf("%s/%s.lock", state_dir, program);
	rc = nf_file_lock(path, &begun.lock, err);
	free(path);
	if (rc == NF_OK)
		*beat = begun;
	return rc;
}

void nf_beat_end(struct nf_beat *beat)
{
	if (beat->program)
		close(beat->lock);
	*beat = (struct nf_beat){0};
}

void nf_beat_figures(struct nf_json *json, const struct nf_figure *figures, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		nf_json_key(json, figures[i].name);
		nf_json_u64(json, figures[i].value);
	}
}

enum nf_err nf_beat_put(struct nf_store *store, const struct nf_beat *beat, struct nf_now now,
	int64_t cycle_wall_us, const char *json)
{
	return nf_store_program_put(store, &(struct nf_program_row){
						   .name = beat->program,
						   .pid = getpid(),
						   .started_wall_us = beat->started_wall_us,
						   .beat_wall_us = now.wall_us,
						   .cycle_wall_us = cycle_wall_us,
						   .json = json,
					   });
}

enum nf_err nf_beat_tell(struct nf_store *store, const struct nf_beat *beat, struct nf_now now,
	int64_t cycle_wall_us, const struct nf_figure *figures, size_t len)
{
	struct nf_strbuf text = {0};
	struct nf_json json = nf_json_of(&text);

	nf_json_object(&json);
	nf_beat_figures(&json, figures, len);
	nf_json_end(&json);
	enum nf_err rc = nf_beat_put(store, beat, now, cycle_wall_us, text.data);
	nf_strbuf_free(&text);
	return rc;
}
