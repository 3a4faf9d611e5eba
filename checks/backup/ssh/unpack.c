// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/unpack.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

#define WINDOW_MAX (UINT64_C(128) << 20)
#define WINDOW_LOG 27
#define OUT_SIZE   65536u

enum result { GOING, BETWEEN, BROKEN }; /* between members: the stream may end here */

struct format {
	const char *name, *magic;
	size_t magic_len;
	bool (*begin)(struct nf_unpack *u);
	/* Takes from in (in_len in and out), appends to u->out. */
	enum result (*step)(struct nf_unpack *u, const uint8_t *in, size_t *in_len);
	void (*end)(struct nf_unpack *u);
};

struct nf_unpack {
	const struct format *format;
	union {
		z_stream gzip;
		lzma_stream xz;
		ZSTD_DCtx *zstd;
		bz_stream bzip2;
	};
	bool between;	   /* a member has just ended, or none begun */
	bool any;	   /* a member has ended */
	uint64_t ended_at; /* size then */
	bool rubbish;	   /* zeros behind the last member: tapes pad with them */
	const char *why;
	void (*tee)(void *arg, const uint8_t *text, size_t len);
	void *tee_arg;
	uint64_t size;
	size_t out_len;
	uint8_t out[OUT_SIZE];
	uint8_t ring[NF_UNPACK_TAIL], tail[NF_UNPACK_TAIL];
};

union readable { /* zlib and bzip2 do not promise const, and only read */
	const uint8_t *in;
	Bytef *zlib;
	char *bzip2;
};

static bool gzip_begin(struct nf_unpack *u)
{
	u->gzip = (z_stream){0};
	return inflateInit2(&u->gzip, 15 + 16) == Z_OK;
}

static enum result gzip_step(struct nf_unpack *u, const uint8_t *in, size_t *in_len)
{
	union readable r = {.in = in};
	if (u->between)
		inflateReset(&u->gzip);
	u->gzip.next_in = r.zlib;
	u->gzip.avail_in = (uInt)*in_len;
	u->gzip.next_out = u->out;
	u->gzip.avail_out = OUT_SIZE;
	int rc = inflate(&u->gzip, Z_NO_FLUSH);
	*in_len -= u->gzip.avail_in;
	u->out_len = OUT_SIZE - u->gzip.avail_out;
	if (rc == Z_STREAM_END)
		return BETWEEN;
	return rc == Z_OK || rc == Z_BUF_ERROR ? GOING : BROKEN;
}

static void gzip_end(struct nf_unpack *u)
{
	inflateEnd(&u->gzip);
}

static bool xz_begin(struct nf_unpack *u)
{
	u->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&u->xz, WINDOW_MAX, 0) == LZMA_OK;
}

static enum result xz_step(struct nf_unpack *u, const uint8_t *in, size_t *in_len)
{
	if (u->between && u->any && lzma_stream_decoder(&u->xz, WINDOW_MAX, 0) != LZMA_OK)
		return BROKEN;
	u->xz.next_in = in;
	u->xz.avail_in = *in_len;
	u->xz.next_out = u->out;
	u->xz.avail_out = OUT_SIZE;
	lzma_ret rc = lzma_code(&u->xz, LZMA_RUN);
	*in_len -= u->xz.avail_in;
	u->out_len = OUT_SIZE - u->xz.avail_out;
	if (rc == LZMA_MEMLIMIT_ERROR || rc == LZMA_MEM_ERROR)
		u->why = "it needs more than 128 MiB of memory to unpack";
	if (rc == LZMA_STREAM_END)
		return BETWEEN;
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? GOING : BROKEN;
}

static void xz_end(struct nf_unpack *u)
{
	lzma_end(&u->xz);
}

static bool zstd_begin(struct nf_unpack *u)
{
	u->zstd = ZSTD_createDCtx();
	return u->zstd &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG));
}

static enum result zstd_step(struct nf_unpack *u, const uint8_t *in, size_t *in_len)
{
	ZSTD_inBuffer from = {in, *in_len, 0};
	ZSTD_outBuffer to = {u->out, OUT_SIZE, 0};
	size_t rc = ZSTD_decompressStream(u->zstd, &to, &from);
	*in_len = from.pos;
	u->out_len = to.pos;
	if (ZSTD_isError(rc))
		return BROKEN;
	return rc == 0 ? BETWEEN : GOING;
}

static void zstd_end(struct nf_unpack *u)
{
	ZSTD_freeDCtx(u->zstd);
}

static bool bzip2_begin(struct nf_unpack *u)
{
	u->bzip2 = (bz_stream){0};
	return BZ2_bzDecompressInit(&u->bzip2, 0, 0) == BZ_OK;
}

static enum result bzip2_step(struct nf_unpack *u, const uint8_t *in, size_t *in_len)
{
	if (u->between && u->any) {
		BZ2_bzDecompressEnd(&u->bzip2);
		if (!bzip2_begin(u))
			return BROKEN;
	}
	union readable r = {.in = in};
	union {
		uint8_t *bytes;
		char *chars;
	} out = {.bytes = u->out};
	u->bzip2.next_in = r.bzip2;
	u->bzip2.avail_in = (unsigned)*in_len;
	u->bzip2.next_out = out.chars;
	u->bzip2.avail_out = OUT_SIZE;
	int rc = BZ2_bzDecompress(&u->bzip2);
	*in_len -= u->bzip2.avail_in;
	u->out_len = OUT_SIZE - u->bzip2.avail_out;
	if (rc == BZ_STREAM_END)
		return BETWEEN;
	return rc == BZ_OK ? GOING : BROKEN;
}

static void bzip2_end(struct nf_unpack *u)
{
	BZ2_bzDecompressEnd(&u->bzip2);
}

static const struct format formats[] = {
	{"gzip",	 "\x1f\x8b",	     2, gzip_begin,  gzip_step,  gzip_end },
	{"xz",
		"\xfd"
		"7zXZ\0",		6, xz_begin,    xz_step,    xz_end   },
	{"zstd",	 "\x28\xb5\x2f\xfd", 4, zstd_begin,  zstd_step,  zstd_end },
	{"bzip2", "BZh",		 3, bzip2_begin, bzip2_step, bzip2_end},
};

static bool starts(const struct format *f, const uint8_t *bytes, size_t len)
{
	return len >= f->magic_len && memcmp(bytes, f->magic, f->magic_len) == 0;
}

struct nf_unpack *nf_unpack_new(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!starts(&formats[i], head, len))
			continue;
		struct nf_unpack *u = nf_xcalloc(1, sizeof *u);
		u->format = &formats[i];
		u->between = true;
		if (u->format->begin(u))
			return u;
		nf_unpack_free(u);
	}
	return NULL;
}

void nf_unpack_free(struct nf_unpack *u)
{
	if (!u)
		return;
	u->format->end(u);
	free(u);
}

void nf_unpack_tee(
	struct nf_unpack *u, void (*fn)(void *arg, const uint8_t *text, size_t len), void *arg)
{
	u->tee = fn;
	u->tee_arg = arg;
}

static void keep_tail(struct nf_unpack *u)
{
	size_t n = u->out_len;
	const uint8_t *from = u->out;
	if (u->tee && n > 0)
		u->tee(u->tee_arg, from, n);
	if (n > NF_UNPACK_TAIL) {
		from += n - NF_UNPACK_TAIL;
		n = NF_UNPACK_TAIL;
	}
	u->size += u->out_len;
	size_t at = (size_t)((u->size - n) % NF_UNPACK_TAIL);
	size_t first = n < NF_UNPACK_TAIL - at ? n : NF_UNPACK_TAIL - at;
	memcpy(u->ring + at, from, first);
	memcpy(u->ring, from + first, n - first);
}

static bool only_zeros(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool broken(struct nf_unpack *u, const char *why)
{
	if (!u->why)
		u->why = why;
	return false;
}

bool nf_unpack_feed(struct nf_unpack *u, const uint8_t *bytes, size_t len, size_t *used)
{
	uint64_t start = u->size;
	*used = 0;
	while (*used < len && u->size - start < NF_UNPACK_STEP) {
		size_t n = len - *used;
		if (u->rubbish || (u->between && u->any && bytes[*used] == 0)) {
			u->rubbish = true;
			*used = len;
			return only_zeros(bytes + len - n, n) ||
			       broken(u, "there is something else behind its end");
		}
		u->out_len = 0;
		enum result r = u->format->step(u, bytes + *used, &n);
		if (r == BROKEN)
			return broken(u,
				u->between && u->any
					? "there is something else behind its end"
					: "its content is damaged: a checksum or code is wrong");
		*used += n;
		keep_tail(u);
		u->between = r == BETWEEN;
		u->any |= u->between;
		u->ended_at = u->between ? u->size : u->ended_at;
	}
	return true;
}

bool nf_unpack_end(struct nf_unpack *u)
{
	/* What is still in the decoder comes out without input. */
	while (!u->between) {
		size_t none = 0;
		u->out_len = 0;
		enum result r = u->format->step(u, u->out, &none);
		keep_tail(u);
		u->between = r == BETWEEN;
		u->any |= u->between;
		if (r == BROKEN || (r == GOING && u->out_len == 0))
			return broken(u, u->any && u->ended_at == u->size
						 ? "there is something else behind its end"
						 : "it ends too early: it was cut");
	}
	return u->any || broken(u, "it ends too early: it was cut");
}

const char *nf_unpack_why(const struct nf_unpack *u)
{
	return u->why ? u->why : "";
}

const char *nf_unpack_format(const struct nf_unpack *u)
{
	return u->format->name;
}

uint64_t nf_unpack_size(const struct nf_unpack *u)
{
	return u->size;
}

const uint8_t *nf_unpack_tail(struct nf_unpack *u, size_t *len)
{
	size_t at = (size_t)(u->size % NF_UNPACK_TAIL);
	if (u->size <= NF_UNPACK_TAIL) {
		*len = (size_t)u->size;
		memcpy(u->tail, u->ring, *len);
	} else {
		*len = NF_UNPACK_TAIL;
		memcpy(u->tail, u->ring + at, NF_UNPACK_TAIL - at);
		memcpy(u->tail + NF_UNPACK_TAIL - at, u->ring, at);
	}
	return u->tail;
}
