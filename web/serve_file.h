// SPDX-License-Identifier: GPL-3.0-or-later
/* serve_file: a file below www_dir as an HTTP response, plain or gzip, with its validators.
 * Shape:   a URL path is taken apart once, after decoding; no part may begin with a dot, and the kernel
 *          resolves the rest beneath www_dir only (openat2), whatever symbolic links lie there.
 *          A published file is never changed, only replaced: (inode, time, size) names one content.
 * Memory:  compressed files are kept as responses, 32 MiB at most; a response is counted by libmicrohttpd.
 * Source:  RFC 9110; openat2(2).
 */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct nf_serve_cache;

struct nf_serve_cache *nf_serve_cache_new(void);
void nf_serve_cache_free(struct nf_serve_cache *cache);

struct nf_serve_file {
	int fd;
	struct stat st;
	const char *type; /* MIME */
	bool squeezable;  /* text: worth compressing */
	char path[512];	  /* below www_dir */
};

#define NF_SERVE_DATE_MAX 40
char *nf_serve_date(int64_t wall_s, char date[NF_SERVE_DATE_MAX]); /* as HTTP writes it */
/* The three forms that RFC 9110 wants read. False: none of them. */
bool nf_serve_date_parse(const char *text, int64_t *wall_s);

/* False, with errno: ENOENT, also for whatever may not be shown; EISDIR: a folder asked for without the slash at its
 * end; ENOTCONN: www_dir itself is not there. */
bool nf_serve_file_open(const char *www_dir, const char *url, struct nf_serve_file *file);

#define NF_SERVE_ETAG_MAX 80
void nf_serve_file_etag(
	const struct nf_serve_file *file, bool gzip, char etag[NF_SERVE_ETAG_MAX]);

/* A text neither too small nor too large to be worth it. */
bool nf_serve_file_may_squeeze(const struct nf_serve_file *file);

/* The content as a response with all its headers; closes the file. NULL: it cannot be read. *gzip is what may be
 * done. *kept: the cache owns it; else the caller ends it with MHD_destroy_response once it is queued. */
struct MHD_Response *nf_serve_file_response(
	struct nf_serve_cache *cache, struct nf_serve_file *file, bool gzip, bool *kept);

/* Type, length of life and validators, as a 200 and a 304 have them. */
void nf_serve_file_headers(
	struct MHD_Response *response, const struct nf_serve_file *file, bool gzip);

/* Gives the compressed bytes (caller frees), or NULL. */
void *nf_serve_gzip(const void *data, size_t len, int level, size_t *gzip_len);
