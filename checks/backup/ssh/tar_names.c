// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/tar_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 512, LONG_MAX_BYTES = 4096 };

/* What the data behind a header is for. */
enum what { CONTENT, LONG_NAME, PAX };

struct nf_tar_names {
	const char *const *wanted;
	size_t wanted_len;
	bool found[NF_TAR_NAMES_MAX];
	uint64_t count, left; /* left: bytes of data behind the last header, padding included */
	uint64_t data;	      /* of them: data */
	enum what what;
	unsigned zero_blocks;
	bool ended;
	const char *why;
	size_t head_len;
	uint8_t head[BLOCK];
	size_t text_len; /* of a long name, or of a pax header */
	char text[LONG_MAX_BYTES + 1];
	bool has_name; /* name is for the next header */
	char name[LONG_MAX_BYTES + 1];
};

struct nf_tar_names *nf_tar_names_new(const char *const *wanted)
{
	struct nf_tar_names *t = nf_xcalloc(1, sizeof *t);

	t->wanted = wanted;
	while (wanted[t->wanted_len] && t->wanted_len < NF_TAR_NAMES_MAX)
		t->wanted_len++;
	return t;
}

void nf_tar_names_free(struct nf_tar_names *t)
{
	free(t);
}

static const char *bare(const char *name)
{
	while (name[0] == '/' || (name[0] == '.' && name[1] == '/'))
		name++;
	return name;
}

static void note(struct nf_tar_names *t, const char *name)
{
	name = bare(name);
	t->count++;
	for (size_t i = 0; i < t->wanted_len; i++) {
		const char *want = bare(t->wanted[i]);
		size_t len = strlen(want);
		bool below = len > 0 && want[len - 1] == '/';
		t->found[i] = t->found[i] ||
			      (below ? strncmp(name, want, len) == 0 && name[len] != '\0'
				     : strcmp(name, want) == 0);
	}
}

/* Octal, or base 256 behind a set high bit. */
static bool number(const uint8_t *field, size_t len, uint64_t *out)
{
	uint64_t n = 0;
	size_t i = 0;

	if (field[0] & 0x80) {
		n = field[0] & 0x7f;
		for (i = 1; i < len; i++) {
			if (n >> 54)
				return false;
			n = n << 8 | field[i];
		}
		*out = n;
		return true;
	}
	while (i < len && field[i] == ' ')
		i++;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		n = n << 3 | (uint64_t)(field[i] - '0');
	if (i < len && field[i] != '\0' && field[i] != ' ')
		return false;
	*out = n;
	return true;
}

static bool sum_is_right(const uint8_t *head)
{
	uint64_t said, sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : head[i];
	return number(head + 148, 8, &said) && said == sum;
}

static void plain_name(const uint8_t *head, char *name)
{
	size_t prefix = memcmp(head + 257, "ustar\0", 6) == 0
				? strnlen((const char *)head + 345, 155)
				: 0,
	       len = strnlen((const char *)head, 100);

	memcpy(name, head + 345, prefix);
	if (prefix > 0)
		name[prefix++] = '/';
	memcpy(name + prefix, head, len);
	name[prefix + len] = '\0';
}

static bool is_zero(const uint8_t *bytes)
{
	static const uint8_t zeros[BLOCK];

	return memcmp(bytes, zeros, BLOCK) == 0;
}

static bool broken(struct nf_tar_names *t, const char *why)
{
	t->why = why;
	return false;
}

static bool header(struct nf_tar_names *t)
{
	char name[300];
	uint64_t size;

	if (is_zero(t->head)) {
		t->ended = ++t->zero_blocks >= 2;
		return true;
	}
	if (t->ended) /* another archive behind the first: its names are not taken by tar either */
		return true;
	t->zero_blocks = 0;
	if (!sum_is_right(t->head) || !number(t->head + 124, 12, &size) || size >> 60)
		return broken(t, "a header is damaged, or it is no tar archive");
	char type = (char)t->head[156];
	t->what = type == 'L' ? LONG_NAME : type == 'x' ? PAX : CONTENT;
	t->text_len = 0;
	if (t->what == CONTENT && type != 'g' && type != 'K') {
		plain_name(t->head, name);
		note(t, t->has_name ? t->name : name);
		t->has_name = false;
	}
	/* Links and folders have no data, whatever the size says. */
	bool none = type >= '1' && type <= '6';
	t->data = none ? 0 : size;
	t->left = (t->data + BLOCK - 1) / BLOCK * BLOCK;
	return true;
}

/* "27 path=a/b/c\n": the length counts itself. */
static void pax(struct nf_tar_names *t)
{
	for (size_t at = 0; at < t->text_len;) {
		char *end;
		unsigned long len = strtoul(t->text + at, &end, 10);
		if (len == 0 || len > t->text_len - at || *end != ' ')
			return;
		size_t key = (size_t)(end - t->text) + 1, stop = at + len - 1;
		if (stop > key + 5 && memcmp(t->text + key, "path=", 5) == 0) {
			memcpy(t->name, t->text + key + 5, stop - key - 5);
			t->name[stop - key - 5] = '\0';
			t->has_name = true;
		}
		at += len;
	}
}

static void data(struct nf_tar_names *t, const uint8_t *bytes, size_t len)
{
	size_t n = len < t->data ? len : (size_t)t->data;

	if (t->what != CONTENT) {
		size_t room = LONG_MAX_BYTES - t->text_len;
		memcpy(t->text + t->text_len, bytes, n < room ? n : room);
		t->text_len += n < room ? n : room;
		t->text[t->text_len] = '\0';
	}
	t->data -= n;
	t->left -= len;
	if (t->left > 0)
		return;
	if (t->what == PAX)
		pax(t);
	if (t->what == LONG_NAME) {
		memcpy(t->name, t->text, t->text_len + 1);
		t->has_name = true;
	}
}

bool nf_tar_names_feed(struct nf_tar_names *t, const uint8_t *bytes, size_t len)
{
	while (len > 0 && !t->why) {
		size_t n;
		if (t->left > 0) {
			n = len < t->left ? len : (size_t)t->left;
			data(t, bytes, n);
		} else {
			n = BLOCK - t->head_len < len ? BLOCK - t->head_len : len;
			memcpy(t->head + t->head_len, bytes, n);
			t->head_len += n;
			if (t->head_len == BLOCK) {
				t->head_len = 0;
				header(t);
			}
		}
		bytes += n;
		len -= n;
	}
	return !t->why;
}

bool nf_tar_names_end(struct nf_tar_names *t)
{
	if (!t->why && !t->ended)
		t->why = "the two empty blocks at the archive's end are missing";
	return !t->why;
}

const char *nf_tar_names_why(const struct nf_tar_names *t)
{
	return t->why ? t->why : "";
}

uint64_t nf_tar_names_count(const struct nf_tar_names *t)
{
	return t->count;
}

bool nf_tar_names_is_tar(const struct nf_tar_names *t)
{
	return t->count > 0 || t->zero_blocks > 0;
}

const char *nf_tar_names_missing(const struct nf_tar_names *t)
{
	for (size_t i = 0; i < t->wanted_len; i++) {
		if (!t->found[i])
			return t->wanted[i];
	}
	return "";
}
