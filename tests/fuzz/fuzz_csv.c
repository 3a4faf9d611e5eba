// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "conf/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void row(void *ctx, const struct nf_csv_field *fields, size_t len)
{
	(void)ctx;
	for (size_t i = 0; i < len; i++)
		if (fields[i].line == 0 || fields[i].column == 0 ||
			!nf_utf8_valid(fields[i].text, strlen(fields[i].text)))
			abort();
}

static void mistake(void *ctx, uint32_t line, uint32_t column, const char *text)
{
	(void)ctx;
	if (line == 0 || column == 0 || !text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char separators[] = {',', ';', '\t'};
	for (size_t i = 0; i < sizeof separators; i++)
		nf_csv_read((const char *)data, size,
			&(struct nf_csv_handler){row, mistake, NULL, separators[i]});
	return 0;
}
