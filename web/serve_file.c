// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "base/mem.h"
#include "web/serve_guard.h"

#define SLOTS	    1024
#define CACHE_MAX   ((size_t)32 << 20)
#define SQUEEZE_MAX ((off_t)16 << 20) /* larger files go as they are */
#define SQUEEZE_MIN 256
#define LEVEL	    6

struct slot {
	char path[512];
	ino_t ino;
	struct timespec mtime;
	off_t size;
	size_t len; /* compressed */
	struct MHD_Response *response;
};

struct nf_serve_cache {
	struct slot slots[SLOTS];
	size_t bytes;
};

static const struct {
	const char *ending, *type;
	bool squeezable;
} types[] = {
	{".html",  "text/html; charset=utf-8",	      true },
	{".css",	 "text/css; charset=utf-8",	    true },
	{".js",	"text/javascript; charset=utf-8", true },
	{".json",  "application/json",		      true },
	{".csv",	 "text/csv; charset=utf-8",	    true },
	{".svg",	 "image/svg+xml",		  true },
	{".txt",	 "text/plain; charset=utf-8",      true },
	{".png",	 "image/png",		      false},
	{".ico",	 "image/x-icon",			 false},
	{".woff2", "font/woff2",			 false},
};

struct nf_serve_cache *nf_serve_cache_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_serve_cache));
}

static void empty(struct nf_serve_cache *cache, struct slot *slot)
{
	if (slot->response == NULL)
		return;
	MHD_destroy_response(slot->response);
	cache->bytes -= slot->len;
	*slot = (struct slot){0};
}

static void empty_all(struct nf_serve_cache *cache)
{
	for (size_t i = 0; i < SLOTS; i++)
		empty(cache, &cache->slots[i]);
}

void nf_serve_cache_free(struct nf_serve_cache *cache)
{
	if (cache == NULL)
		return;
	empty_all(cache);
	free(cache);
}

/* No part is empty, hidden, or a page that is just being written. */
static bool may_be_shown(const char *path)
{
	size_t len = strlen(path);
	if (len >= 4 && strcmp(path + len - 4, ".tmp") == 0)
		return false;
	for (const char *part = path; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (*part == '.' || *part == '/' || *part == '\0')
			return false;
	}
	return true;
}

static void set_type(struct nf_serve_file *file)
{
	const char *dot = strrchr(file->path, '.');
	file->type = "application/octet-stream";
	file->squeezable = false;
	for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++) {
		if (strcmp(dot, types[i].ending) == 0) {
			file->type = types[i].type;
			file->squeezable = types[i].squeezable;
		}
	}
}

/* Without symbolic links, folder by folder. `path` has no ".." (may_be_shown). */
static int open_stepwise(int dir, const char *path)
{
	char name[NAME_MAX + 1];
	int at = dir, flags = O_NOFOLLOW | O_CLOEXEC;
	for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		size_t len = (size_t)(slash - path);
		if (len > NAME_MAX)
			return -1;
		memcpy(name, path, len);
		name[len] = '\0';
		int below = openat(at, name, O_PATH | O_DIRECTORY | flags);
		if (at != dir)
			close(at);
		if (below < 0)
			return -1;
		at = below;
	}
	int fd = openat(at, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | flags);
	if (at != dir)
		close(at);
	return fd;
}

static int open_beneath(const char *www_dir, const char *path)
{
	struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	int dir = open(www_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		errno = ENOTCONN;
		return -1;
	}
	int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
	/* systemd's RestrictSUIDSGID= takes openat2 away, because a filter cannot look into it. */
	if (fd < 0 && errno == ENOSYS)
		fd = open_stepwise(dir, path);
	int saved = errno;
	close(dir);
	errno = saved;
	return fd;
}

bool nf_serve_file_open(const char *www_dir, const char *url, struct nf_serve_file *file)
{
	size_t len = strlen(url);
	bool folder = len > 0 && url[len - 1] == '/';
	errno = ENOENT;
	if (*url != '/' || len + sizeof "index.html" > sizeof file->path)
		return false;
	snprintf(file->path, sizeof file->path, "%s%s", url + 1, folder ? "index.html" : "");
	if (!may_be_shown(file->path))
		return false;
	file->fd = open_beneath(www_dir, file->path);
	if (file->fd < 0) {
		if (errno != ENOTCONN && errno != EMFILE && errno != ENFILE)
			errno = ENOENT;
		return false;
	}
	if (fstat(file->fd, &file->st) == 0 && S_ISREG(file->st.st_mode)) {
		set_type(file);
		return true;
	}
	close(file->fd);
	errno = S_ISDIR(file->st.st_mode) ? EISDIR : ENOENT;
	return false;
}

void nf_serve_file_etag(
	const struct nf_serve_file *file, bool gzip, char etag[NF_SERVE_ETAG_MAX])
{
	snprintf(etag, NF_SERVE_ETAG_MAX, "\"%jx-%jx%09lx-%jx%s\"", (uintmax_t)file->st.st_ino,
		(uintmax_t)file->st.st_mtim.tv_sec, (unsigned long)file->st.st_mtim.tv_nsec,
		(uintmax_t)file->st.st_size, gzip ? "-gz" : "");
}

void *nf_serve_gzip(const void *data, size_t len, int level, size_t *gzip_len)
{
	z_stream z = {0};
	/* 15 + 16: the largest window, gzip's own header. */
	if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	uLong bound = deflateBound(&z, (uLong)len);
	Bytef *out = nf_xmalloc(bound);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)bound;
	int rc = deflate(&z, Z_FINISH);
	*gzip_len = z.total_out;
	deflateEnd(&z);
	if (rc == Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}

static bool read_all(int fd, char *data, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = pread(fd, data + got, len - got, (off_t)got);
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

char *nf_serve_date(int64_t wall_s, char date[NF_SERVE_DATE_MAX])
{
	time_t at = (time_t)wall_s;
	struct tm tm;
	gmtime_r(&at, &tm);
	strftime(date, NF_SERVE_DATE_MAX, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return date;
}

bool nf_serve_date_parse(const char *text, int64_t *wall_s)
{
	static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
		"%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm tm = {0};
		const char *end = strptime(text, forms[i], &tm);
		if (end == NULL || *end != '\0')
			continue;
		*wall_s = timegm(&tm);
		return true;
	}
	return false;
}

void nf_serve_file_headers(
	struct MHD_Response *response, const struct nf_serve_file *file, bool gzip)
{
	char etag[NF_SERVE_ETAG_MAX], date[NF_SERVE_DATE_MAX];
	nf_serve_file_etag(file, gzip, etag);
	nf_serve_date(file->st.st_mtim.tv_sec, date);
	MHD_add_response_header(response, "ETag", etag);
	MHD_add_response_header(response, "Last-Modified", date);
	MHD_add_response_header(response, "Cache-Control", "no-cache");
	MHD_add_response_header(response, "Accept-Ranges", "none");
	if (file->squeezable)
		MHD_add_response_header(response, "Vary", "Accept-Encoding");
	nf_serve_guard_headers(response);
}

static void put_content_headers(
	struct MHD_Response *response, const struct nf_serve_file *file, bool gzip)
{
	MHD_add_response_header(response, "Content-Type", file->type);
	if (gzip)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	nf_serve_file_headers(response, file, gzip);
}

static struct MHD_Response *squeeze(const struct nf_serve_file *file, size_t *len)
{
	size_t size = (size_t)file->st.st_size;
	char *data = nf_xmalloc(size);
	void *zipped = NULL;
	if (read_all(file->fd, data, size))
		zipped = nf_serve_gzip(data, size, LEVEL, len);
	free(data);
	if (zipped == NULL)
		return NULL;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(*len, zipped, MHD_RESPMEM_MUST_FREE);
	if (response == NULL)
		free(zipped);
	else
		put_content_headers(response, file, true);
	return response;
}

static size_t slot_of(const char *path)
{
	size_t h = 5381;
	for (; *path != '\0'; path++)
		h = h * 33 + (unsigned char)*path;
	return h % SLOTS;
}

static bool holds(const struct slot *slot, const struct nf_serve_file *file)
{
	return slot->response != NULL && slot->ino == file->st.st_ino &&
	       slot->size == file->st.st_size &&
	       slot->mtime.tv_sec == file->st.st_mtim.tv_sec &&
	       slot->mtime.tv_nsec == file->st.st_mtim.tv_nsec &&
	       strcmp(slot->path, file->path) == 0;
}

static struct MHD_Response *squeezed(
	struct nf_serve_cache *cache, const struct nf_serve_file *file)
{
	struct slot *slot = &cache->slots[slot_of(file->path)];
	if (holds(slot, file))
		return slot->response;
	size_t len = 0;
	struct MHD_Response *response = squeeze(file, &len);
	if (response == NULL)
		return NULL;
	empty(cache, slot);
	if (cache->bytes + len > CACHE_MAX)
		empty_all(cache);
	cache->bytes += len;
	*slot = (struct slot){.ino = file->st.st_ino,
		.mtime = file->st.st_mtim,
		.size = file->st.st_size,
		.len = len,
		.response = response};
	memcpy(slot->path, file->path, sizeof slot->path);
	return response;
}

struct MHD_Response *nf_serve_file_response(
	struct nf_serve_cache *cache, struct nf_serve_file *file, bool gzip, bool *kept)
{
	struct MHD_Response *response = gzip ? squeezed(cache, file) : NULL;
	*kept = response != NULL;
	if (response != NULL) {
		close(file->fd);
		return response;
	}
	response = MHD_create_response_from_fd64((uint64_t)file->st.st_size, file->fd);
	if (response == NULL)
		close(file->fd);
	else
		put_content_headers(response, file, false);
	return response;
}

bool nf_serve_file_may_squeeze(const struct nf_serve_file *file)
{
	return file->squeezable && file->st.st_size >= SQUEEZE_MIN &&
	       file->st.st_size <= SQUEEZE_MAX;
}
