// SPDX-License-Identifier: GPL-3.0-or-later
/* What an answer meets: the head's reader, then net-snmp with the v2c community or the v3 user at hand. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "collector/snmp/codec.h"
#include "collector/snmp/peek.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nf_codec *codec;
	static const struct nf_snmp user = {.version = NF_SNMP_V3,
		.user = "u",
		.context = "",
		.level = NF_SNMP_AUTH_PRIV,
		.auth.protocol = NF_AUTH_SHA,
		.priv.protocol = NF_PRIV_AES};
	static const struct nf_usm_secret secret = {.snmp = &user};
	struct nf_usm_engine engine = {
		.id = {0x80, 0, 0x1f, 0x88, 4, 'n', 'f'},
		.id_len = 7,
		.auth.len = 20,
		.priv.len = 16
	      };
	struct nf_snmp_login who = {NF_SNMP_V2C, (const uint8_t *)"public", 6, &secret, NULL};
	struct nf_peek peek;
	struct nf_message message;
	if (!codec)
		codec = nf_codec_new();
	uint8_t *bytes = nf_xcalloc(1, size + NF_CODEC_SLACK);
	memcpy(bytes, data, size);
	if (nf_peek(bytes, size, &peek) && peek.version == 3)
		who.version = NF_SNMP_V3;
	nf_codec_decode(codec, &who, &engine, bytes, size, 0, &message);
	free(bytes);
	return 0;
}
