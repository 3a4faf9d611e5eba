// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ending.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checks/backup/ending_format.h"

#define DETAIL_MAX 256

struct nf_ending {
	const char *name;
	uint64_t size;
	const struct nf_ending_format *format;
	uint64_t want_offset;
	size_t want_len;
	unsigned turn;
	bool judged;
	enum nf_ending_verdict verdict;
	char detail[DETAIL_MAX];
	void *state; /* the format's */
	struct nf_arena *arena;
};

/* The order matters only where one head fits two formats: SQL, told by words, is last. */
static const struct nf_ending_format *const formats[] = {
	&nf_ending_gzip,
	&nf_ending_xz,
	&nf_ending_zstd,
	&nf_ending_bzip2,
	&nf_ending_zip,
	&nf_ending_7z,
	&nf_ending_pgdump,
	&nf_ending_sqlite,
	&nf_ending_qcow2,
	&nf_ending_vmdk,
	&nf_ending_tar,
	&nf_ending_sql,
};

struct nf_ending *nf_ending_new(const char *name, uint64_t size)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_ending *e = nf_arena_alloc(arena, sizeof *e);
	e->arena = arena;
	e->name = nf_arena_strdup(arena, name);
	e->size = size;
	if (size == 0)
		nf_ending_broken(e, "the file is empty");
	else
		nf_ending_want(e, 0, NF_ENDING_HEAD);
	return e;
}

void nf_ending_free(struct nf_ending *e)
{
	if (e)
		nf_arena_free(e->arena);
}

bool nf_ending_wants(const struct nf_ending *e, uint64_t *offset, size_t *len)
{
	if (e->judged)
		return false;
	*offset = e->want_offset;
	*len = e->want_len;
	return true;
}

/* A fixed VHD is a raw disk with a footer: its head tells nothing, so its last sector is asked. */
static void recognise(struct nf_ending *e, const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!formats[i]->recognise(head, len))
			continue;
		e->format = formats[i];
		return;
	}
	e->format = &nf_ending_vhd;
}

void nf_ending_feed(struct nf_ending *e, const uint8_t *bytes, size_t len)
{
	if (e->judged)
		return;
	if (len < e->want_len) {
		nf_ending_broken(e, "the file shrank while it was read");
		return;
	}
	if (!e->format)
		recognise(e, bytes, e->want_len);
	unsigned turn = e->turn;
	e->format->step(e, bytes, e->want_len);
	e->turn = turn + 1;
}

enum nf_ending_verdict nf_ending_verdict(const struct nf_ending *e, const char **detail)
{
	*detail = e->detail;
	return e->judged ? e->verdict : NF_ENDING_NO_PROOF;
}

uint64_t nf_ending_size(const struct nf_ending *e)
{
	return e->size;
}

uint64_t nf_ending_offset(const struct nf_ending *e)
{
	return e->want_offset;
}

unsigned nf_ending_turn(const struct nf_ending *e)
{
	return e->turn;
}

void *nf_ending_state(struct nf_ending *e, size_t size)
{
	if (!e->state)
		e->state = nf_arena_alloc(e->arena, size);
	return e->state;
}

const char *nf_ending_name(const struct nf_ending *e)
{
	return e->name;
}

void nf_ending_want(struct nf_ending *e, uint64_t offset, size_t len)
{
	if (offset >= e->size) {
		nf_ending_broken(e, "it points behind its end (%llu of %llu bytes)",
			(unsigned long long)offset, (unsigned long long)e->size);
		return;
	}
	if (len > NF_ENDING_READ_MAX)
		len = NF_ENDING_READ_MAX;
	if (len > e->size - offset)
		len = (size_t)(e->size - offset);
	e->want_offset = offset;
	e->want_len = len;
}

void nf_ending_want_tail(struct nf_ending *e, size_t len)
{
	nf_ending_want(e, len < e->size ? e->size - len : 0, len);
}

static void __attribute__((format(printf, 3, 0)))
judge(struct nf_ending *e, enum nf_ending_verdict verdict, const char *format, va_list args)
{
	int n = 0;
	if (e->format)
		n = snprintf(e->detail, sizeof e->detail, "%s: ", e->format->name);
	vsnprintf(e->detail + n, sizeof e->detail - (size_t)n, format, args);
	e->verdict = verdict;
	e->judged = true;
}

void nf_ending_complete(struct nf_ending *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	judge(e, NF_ENDING_COMPLETE, format, args);
	va_end(args);
}

void nf_ending_broken(struct nf_ending *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	judge(e, NF_ENDING_BROKEN, format, args);
	va_end(args);
}

void nf_ending_no_proof(struct nf_ending *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	judge(e, NF_ENDING_NO_PROOF, format, args);
	va_end(args);
}
