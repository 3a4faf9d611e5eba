// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"

#include "base/log.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK 16384

static void *must(void *p, size_t size)
{
	if (!p) {
		nf_log(NF_LOG_FATAL, "memory", "out of memory bytes=%zu", size);
		abort();
	}
	return p;
}

void *nf_xmalloc(size_t size)
{
	return must(malloc(size ? size : 1), size);
}

void *nf_xcalloc(size_t count, size_t size)
{
	return must(calloc(count ? count : 1, size ? size : 1), size);
}

void *nf_xreallocarray(void *old, size_t count, size_t size)
{
	return must(reallocarray(old, count ? count : 1, size ? size : 1), size);
}

char *nf_xstrdup(const char *text)
{
	return must(strdup(text), strlen(text));
}

char *nf_xstrndup(const char *text, size_t len)
{
	return must(strndup(text, len), len);
}

char *nf_xasprintf(const char *format, ...)
{
	va_list args;
	char *text;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	return must(n < 0 ? NULL : text, 0);
}

void *nf_grow(void *items, size_t len, size_t *cap, size_t size)
{
	if (len < *cap)
		return must(items, 0);
	*cap = *cap ? *cap * 2 : 8;
	return nf_xreallocarray(items, *cap, size);
}

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

struct nf_arena {
	struct arena_block *blocks; /* the first is the one being filled */
};

struct nf_arena *nf_arena_new(void)
{
	return nf_xcalloc(1, sizeof(struct nf_arena));
}

void nf_arena_free(struct nf_arena *arena)
{
	if (!arena)
		return;
	for (struct arena_block *b = arena->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}

static struct arena_block *add_block(struct nf_arena *arena, size_t size)
{
	bool own = size > ARENA_BLOCK / 4;
	size_t room = own ? size : ARENA_BLOCK;
	struct arena_block *b = nf_xcalloc(1, sizeof *b + room);
	b->size = room;
	if (own && arena->blocks) {
		/* A large piece gets its own block behind the one that still has room. */
		b->next = arena->blocks->next;
		arena->blocks->next = b;
	} else {
		b->next = arena->blocks;
		arena->blocks = b;
	}
	return b;
}

void *nf_arena_alloc(struct nf_arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		must(NULL, size);
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_block *b = arena->blocks;
	if (!b || b->size - b->used < size)
		b = add_block(arena, size);
	void *p = (char *)b->data + b->used;
	b->used += size;
	return p;
}

char *nf_arena_strndup(struct nf_arena *arena, const char *text, size_t len)
{
	char *copy = nf_arena_alloc(arena, len + 1);
	memcpy(copy, text, len);
	return copy;
}

char *nf_arena_strdup(struct nf_arena *arena, const char *text)
{
	return nf_arena_strndup(arena, text, strlen(text));
}

char *nf_arena_printf(struct nf_arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		must(NULL, 0);
	char *text = nf_arena_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}
