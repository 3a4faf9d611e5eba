// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ping/echo.h"
#include "collector/ping/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the link layer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct nf_echo_key key = {
		{1, 2, 3}
	 };
	struct nf_frame f;
	struct nf_echo echo;
	if (size == 0 || nf_frame_decode((enum nf_frame_link)(data[0] % 4), data + 1, size - 1,
				 &f) != NF_OK)
		return 0;
	if (f.payload < data || f.payload + f.payload_len > data + size)
		abort();
	nf_echo_read(&key, &f.from, f.seq, f.payload, f.payload_len, &echo);
	return 0;
}
