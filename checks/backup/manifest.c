// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/manifest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static size_t digest_len(enum nf_remote_hash hash)
{
	return hash == NF_REMOTE_SHA512 ? 128 : hash == NF_REMOTE_SHA256 ? 64 : 32;
}

static bool hash_of_len(size_t len, enum nf_remote_hash *hash)
{
	*hash = len == 128 ? NF_REMOTE_SHA512 : len == 64 ? NF_REMOTE_SHA256 : NF_REMOTE_MD5;
	return len == digest_len(*hash);
}

static size_t hex_len(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && isxdigit((unsigned char)text[n]))
		n++;
	return n;
}

/* coreutils writes a name with a newline or backslash escaped and puts a backslash before the line. */
static void unescape(char *name)
{
	char *to = name;

	for (const char *at = name; *at != '\0'; at++) {
		if (at[0] == '\\' && at[1] != '\0') {
			at++;
			*to++ = *at == 'n' ? '\n' : *at == 'r' ? '\r' : *at;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

static char *place(const char *manifest, const char *name)
{
	const char *slash = strrchr(manifest, '/');

	while (strncmp(name, "./", 2) == 0)
		name += 2;
	if (name[0] == '/' || slash == NULL)
		return nf_xstrdup(name);
	return nf_xasprintf("%.*s/%s", (int)(slash - manifest), manifest, name);
}

static void add(struct nf_manifest *m, const char *manifest, enum nf_remote_hash hash,
	const char *digest, const char *name, size_t name_len, bool escaped)
{
	char *copy = nf_xstrndup(name, name_len);
	struct nf_manifest_line line = {.hash = hash};

	if (escaped)
		unescape(copy);
	line.path = place(manifest, copy);
	for (size_t i = 0; i < digest_len(hash); i++)
		line.digest[i] = (char)tolower((unsigned char)digest[i]);
	m->lines = nf_grow(m->lines, m->len, &m->cap, sizeof *m->lines);
	m->lines[m->len++] = line;
	free(copy);
}

static bool read_gnu(struct nf_manifest *m, const char *manifest, const char *text, size_t len)
{
	bool escaped = len > 0 && text[0] == '\\';
	enum nf_remote_hash hash;

	if (escaped) {
		text++;
		len--;
	}
	size_t digits = hex_len(text, len);
	if (!hash_of_len(digits, &hash) || digits + 2 >= len || text[digits] != ' ' ||
		(text[digits + 1] != ' ' && text[digits + 1] != '*'))
		return false;
	add(m, manifest, hash, text, text + digits + 2, len - digits - 2, escaped);
	return true;
}

static bool read_bsd(struct nf_manifest *m, const char *manifest, const char *text, size_t len)
{
	static const struct {
		const char *tag;
		enum nf_remote_hash hash;
	} tags[] = {
		{"SHA256 (", NF_REMOTE_SHA256},
		{"SHA512 (", NF_REMOTE_SHA512},
		{"MD5 (",	  NF_REMOTE_MD5   }
	};

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		size_t tag = strlen(tags[i].tag), digits = digest_len(tags[i].hash);
		if (len < tag + 5 + digits || strncmp(text, tags[i].tag, tag) != 0)
			continue;
		const char *digest = text + len - digits;
		if (hex_len(digest, digits) != digits || strncmp(digest - 4, ") = ", 4) != 0)
			continue;
		add(m, manifest, tags[i].hash, digest, text + tag, len - tag - 4 - digits,
			false);
		return true;
	}
	return false;
}

void nf_manifest_read(
	struct nf_manifest *manifest, const char *path, const char *text, size_t len)
{
	*manifest = (struct nf_manifest){0};
	for (size_t at = 0; at < len;) {
		const char *line = text + at;
		const char *end = memchr(line, '\n', len - at);
		size_t n = end != NULL ? (size_t)(end - line) : len - at;

		at += n + 1;
		if (n > 0 && line[n - 1] == '\r')
			n--;
		if (n == 0 || line[0] == '#' || line[0] == '-')
			continue;
		if (memchr(line, '\0', n) != NULL ||
			(!read_gnu(manifest, path, line, n) &&
				!read_bsd(manifest, path, line, n)))
			manifest->strange++;
	}
}

void nf_manifest_free(struct nf_manifest *manifest)
{
	for (size_t i = 0; i < manifest->len; i++)
		free(manifest->lines[i].path);
	free(manifest->lines);
	*manifest = (struct nf_manifest){0};
}

const struct nf_manifest_line *nf_manifest_find(
	const struct nf_manifest *manifest, const char *path)
{
	for (size_t i = 0; i < manifest->len; i++) {
		if (strcmp(manifest->lines[i].path, path) == 0)
			return &manifest->lines[i];
	}
	return NULL;
}
