// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "collector/wire/sight.h"
#include "conf/index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct nf_note *note, void *arg)
{
	(void)arg;
	if ((note->text && strlen(note->text) > 300) ||
		(note->detail && strlen(note->detail) > 300))
		abort();
}

/* A whole frame, then as a part of a longer one; the inventory has one device. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct nf_own own;
	struct nf_prefix prefix = {.addr = {.family = NF_IPV4}};
	struct nf_network network = {
		.prefixes = {&prefix, 1}
	};
	struct nf_site site = {.arena = nf_arena_new()};
	const struct nf_sight sight = {&site, &network, &own, NULL, nf_talks_new(), 0};
	struct nf_canary_token token;
	struct nf_device device = {.legs = {{.network = &network}}, .legs_len = 1};
	nf_index_init(&site);
	nf_addr_parse("10.1.0.5", &device.legs[0].address);
	nf_index_add_leg(&site, &network, &device.legs[0].address, &device);
	nf_sight_frame(&sight, data, size, size, look, NULL, &token);
	nf_sight_frame(&sight, data, size, size + 1, look, NULL, &token);
	nf_talks_free(sight.talks);
	nf_site_free(&site);
	return 0;
}
