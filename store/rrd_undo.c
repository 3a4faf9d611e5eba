// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rrd_undo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/share.h"

#define HEADER_MAX (64 << 10)
#define PATH_BYTES 4096
/* The part of a header that tells one file from another: cookie, version, counts, step. */
#define IDENTITY_BYTES 48

struct page {
	unsigned int valid; /* written last, cleared first */
	unsigned int header_bytes;
	char path[PATH_BYTES];
	unsigned char header[HEADER_MAX];
};

struct nf_rrd_undo {
	char *dir, *file;
	struct page *page; /* NULL: not mapped yet */
};

static enum nf_err map(struct nf_rrd_undo *undo, struct nf_error *err)
{
	enum nf_err rc = nf_mkdirs(undo->dir, 0750, err);
	if (rc != NF_OK)
		return rc;
	int fd = nf_open_shared(undo->file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return nf_error_errno(err, "%s", undo->file);
	/* All of it now: a hole would kill us by SIGBUS on a full disk. */
	errno = posix_fallocate(fd, 0, sizeof(struct page));
	void *page = MAP_FAILED;
	if (errno == 0)
		page = mmap(
			NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		rc = nf_error_errno(err, "%s", undo->file);
	else
		undo->page = page;
	close(fd);
	return rc;
}

static bool same_file(const struct page *page, int fd)
{
	unsigned char now[IDENTITY_BYTES];
	return pread(fd, now, sizeof now, 0) == (ssize_t)sizeof now &&
	       memcmp(now, page->header, sizeof now) == 0;
}

static void put_back(struct page *page)
{
	page->path[PATH_BYTES - 1] = '\0';
	int fd = open(page->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	size_t len = page->header_bytes;
	if (len <= HEADER_MAX && same_file(page, fd)) {
		bool done = pwrite(fd, page->header, len, 0) == (ssize_t)len;
		nf_log(done ? NF_LOG_INFO : NF_LOG_ERROR, "series",
			"an update was cut off, %s: %s",
			done ? "taken back" : "cannot be taken back", page->path);
	}
	close(fd);
}

struct nf_rrd_undo *nf_rrd_undo_open(const char *state_dir)
{
	struct nf_rrd_undo *undo = nf_xcalloc(1, sizeof *undo);
	undo->dir = nf_xasprintf("%s/rrd", state_dir);
	undo->file = nf_xasprintf("%s/.undo", undo->dir);
	if (map(undo, NULL) == NF_OK && undo->page->valid) {
		put_back(undo->page);
		nf_rrd_undo_end(undo);
	}
	return undo;
}

void nf_rrd_undo_close(struct nf_rrd_undo *undo)
{
	if (undo == NULL)
		return;
	if (undo->page != NULL)
		munmap(undo->page, sizeof *undo->page);
	free(undo->dir);
	free(undo->file);
	free(undo);
}

static enum nf_err copy_header(
	struct page *page, const char *path, size_t len, struct nf_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? nf_error_set(err, NF_ENOENT, "%s is gone", path)
				       : nf_error_errno(err, "%s", path);
	ssize_t n = pread(fd, page->header, len, 0);
	enum nf_err rc = NF_OK;
	if (n < 0)
		rc = nf_error_errno(err, "%s", path);
	else if ((size_t)n < len)
		rc = nf_error_set(err, NF_ECORRUPT, "%s is cut short", path);
	close(fd);
	return rc;
}

enum nf_err nf_rrd_undo_begin(
	struct nf_rrd_undo *undo, const char *path, size_t header_bytes, struct nf_error *err)
{
	size_t path_len = strlen(path);
	if (header_bytes > HEADER_MAX || path_len >= PATH_BYTES)
		return nf_error_set(err, NF_ERANGE, "%s: the header is too large", path);
	enum nf_err rc = undo->page == NULL ? map(undo, err) : NF_OK;
	if (rc != NF_OK)
		return rc;
	rc = copy_header(undo->page, path, header_bytes, err);
	if (rc != NF_OK)
		return rc;
	memcpy(undo->page->path, path, path_len + 1);
	undo->page->header_bytes = (unsigned int)header_bytes;
	__atomic_store_n(&undo->page->valid, 1, __ATOMIC_SEQ_CST);
	return NF_OK;
}

void nf_rrd_undo_end(struct nf_rrd_undo *undo)
{
	__atomic_store_n(&undo->page->valid, 0, __ATOMIC_SEQ_CST);
}
