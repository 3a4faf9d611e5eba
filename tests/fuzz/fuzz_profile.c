// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/profile_yaml.h"
#include "conf/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_arena *arena = nf_arena_new();
	struct nf_profile profile = {.name = "", .title = ""};
	yaml_document_t doc;

	if (nf_yaml_parse("fuzz", (const char *)data, size, diags, &doc) == NF_OK) {
		struct nf_reader reader = {.file = "fuzz",
			.doc = &doc,
			.diags = diags,
			.arena = arena,
			.profile = &profile};
		nf_read_profile(&reader, yaml_document_get_root_node(&doc));
		yaml_document_delete(&doc);
	}
	nf_arena_free(arena);
	nf_diags_free(diags);
	return 0;
}
