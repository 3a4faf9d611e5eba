// SPDX-License-Identifier: GPL-3.0-or-later
/* mem: allocation that cannot fail (a program out of memory logs and aborts), and the arena.
 * Memory:  an arena gives memory that lives until nf_arena_free; single pieces are never freed. The
 *          site model lives in one arena, so a reload frees the old site in one call.
 */
#pragma once

#include <stddef.h>

void *nf_xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *nf_xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* Overflow-checked realloc of count * size bytes. */
void *nf_xreallocarray(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *nf_xstrdup(const char *text) __attribute__((malloc, returns_nonnull));
char *nf_xstrndup(const char *text, size_t len) __attribute__((malloc, returns_nonnull));
char *nf_xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2), malloc));

/* Doubles *items (of `size` bytes each) when len == *cap; afterwards len < *cap. Usage:
 *   items = nf_grow(items, len, &cap, sizeof *items); items[len++] = …; */
void *nf_grow(void *items, size_t len, size_t *cap, size_t size)
	__attribute__((returns_nonnull));

struct nf_arena;

struct nf_arena *nf_arena_new(void) __attribute__((returns_nonnull));
void nf_arena_free(struct nf_arena *arena); /* takes; NULL is fine */
/* Zeroed, aligned for any type. */
void *nf_arena_alloc(struct nf_arena *arena, size_t size) __attribute__((returns_nonnull));
char *nf_arena_strdup(struct nf_arena *arena, const char *text)
	__attribute__((returns_nonnull));
char *nf_arena_strndup(struct nf_arena *arena, const char *text, size_t len)
	__attribute__((returns_nonnull));
char *nf_arena_printf(struct nf_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));
