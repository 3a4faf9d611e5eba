// SPDX-License-Identifier: GPL-3.0-or-later
/* ending_of: prints the verdict on each file named: "complete gzip: …". With -c LENGTH only the first
 * LENGTH bytes of the file count, as if it had been cut there. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "checks/backup/ending.h"

static void judge(const char *path, uint64_t cut)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0) {
		perror(path);
		exit(1);
	}
	uint64_t size = (uint64_t)st.st_size < cut ? (uint64_t)st.st_size : cut, read_bytes = 0;
	struct nf_ending *e = nf_ending_new(path, size);
	uint8_t *piece = nf_xmalloc(NF_ENDING_READ_MAX);
	uint64_t offset;
	size_t len;
	while (nf_ending_wants(e, &offset, &len)) {
		ssize_t got = pread(fd, piece, len, (off_t)offset);
		nf_ending_feed(e, piece, got < 0 ? 0 : (size_t)got);
		read_bytes += len;
	}
	static const char *const words[] = {"complete", "broken", "no-proof"};
	const char *detail;
	enum nf_ending_verdict v = nf_ending_verdict(e, &detail);
	printf("%s %s (%llu bytes read)\n", words[v], detail, (unsigned long long)read_bytes);
	nf_ending_free(e);
	free(piece);
	close(fd);
}

int main(int argc, char **argv)
{
	uint64_t cut = UINT64_MAX;
	int first = 1;
	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		cut = strtoull(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		judge(argv[i], cut);
	return 0;
}
