// SPDX-License-Identifier: GPL-3.0-or-later
/* replay: runs a fuzz target without libFuzzer: over its seeds, then over a fixed number of mutations of
 * them, the same ones each time. Seeds are in $NF_SRC/tests/fuzz/seeds/<name of the program less fuzz_>.
 */
#include <dirent.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

#define MUTATIONS 2000 /* of each seed */
#define SEED_MAX  (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64*: the mutations need to differ, not to be unpredictable. */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static void once(const uint8_t *data, size_t size)
{
	/* A copy of the exact size, so that the sanitizers see a read past its end. */
	uint8_t *copy = nf_xmalloc(size);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void mutate(const uint8_t *seed, size_t size, uint64_t *state)
{
	uint8_t *data = nf_xmalloc(size);
	for (int i = 0; i < MUTATIONS && size > 0; i++) {
		memcpy(data, seed, size);
		size_t len = next(state) % 4 == 0 ? next(state) % (size + 1) : size;
		for (uint64_t n = 1 + next(state) % 4; n > 0; n--)
			data[next(state) % size] ^= (uint8_t)next(state);
		once(data, len);
	}
	free(data);
}

int main(int argc, char **argv)
{
	const char *source = getenv("NF_SRC");
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	char *folder =
		argc > 1 ? nf_xstrdup(argv[1])
			 : nf_xasprintf("%s/tests/fuzz/seeds/%s", source ? source : ".", name);
	DIR *dir = opendir(folder);
	if (!dir) {
		fprintf(stderr, "%s: no seeds\n", folder);
		return 1;
	}
	size_t seeds = 0;
	uint64_t state = 88172645463325252u;
	for (struct dirent *entry; (entry = readdir(dir));) {
		char *path = nf_xasprintf("%s/%s", folder, entry->d_name);
		char *data;
		size_t size;
		if (entry->d_name[0] != '.' &&
			nf_file_read(path, SEED_MAX, &data, &size, NULL) == NF_OK) {
			once((uint8_t *)data, size);
			mutate((uint8_t *)data, size, &state);
			free(data);
			seeds++;
		}
		free(path);
	}
	closedir(dir);
	free(folder);
	printf("%zu seeds, %d mutations each\n", seeds, MUTATIONS);
	return seeds > 0 ? 0 : 1;
}
