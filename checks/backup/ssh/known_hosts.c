// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/known_hosts.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "base/cursor.h"
#include "base/mem.h"
#include "base/text.h"

#define LINE_MAX_BYTES 65536u
#define KEY_MAX	       16384u
#define NAME_MAX_BYTES 300u
#define SHA1_LEN       20u

enum marker { PLAIN, REVOKED, AUTHORITY };

struct line {
	uint32_t number;
	enum marker marker;
	const char *names; /* as in the file, lower case unless hashed */
	bool hashed;
	uint8_t salt[64], hash[SHA1_LEN];
	size_t salt_len;
	const uint8_t *key;
	size_t key_len;
	const char *type;
};

struct nf_known_hosts {
	struct nf_arena *arena;
	const char *file;
	struct line *lines;
	size_t len, cap;
	const char **mistakes;
	size_t mistakes_len, mistakes_cap;
};

__attribute__((format(printf, 3, 4))) static void mistake(
	struct nf_known_hosts *h, uint32_t number, const char *format, ...)
{
	char why[256];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	h->mistakes =
		nf_grow(h->mistakes, h->mistakes_len, &h->mistakes_cap, sizeof *h->mistakes);
	h->mistakes[h->mistakes_len++] =
		nf_arena_printf(h->arena, "%s:%u: %s", h->file, number, why);
}

/* The kind that the key itself says, which must be the one the line says. */
static bool blob_type(const uint8_t *key, size_t len, const char **type, size_t *type_len)
{
	struct nf_cursor c = nf_cursor_of(key, len);
	*type_len = nf_cursor_be32(&c);
	*type = (const char *)nf_cursor_bytes(&c, *type_len);
	if (c.failed || *type_len == 0 || *type_len > 64)
		return false;
	for (size_t i = 0; i < *type_len; i++)
		if ((*type)[i] <= ' ' || (*type)[i] > '~' || (*type)[i] == ',')
			return false;
	return true;
}

char *nf_fingerprint(const uint8_t *key, size_t len, char *buf, size_t size)
{
	const char *type;
	size_t type_len;
	if (!blob_type(key, len, &type, &type_len)) {
		snprintf(buf, size, "a broken key");
		return buf;
	}
	uint8_t hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, key, len);
	char text[sodium_base64_ENCODED_LEN(
		sizeof hash, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
	sodium_bin2base64(text, sizeof text, hash, sizeof hash,
		sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	snprintf(buf, size, "%.*s SHA256:%s", (int)type_len, type, text);
	return buf;
}

static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char *end = word + strcspn(word, " \t");
	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static bool decode64(const char *text, size_t text_len, uint8_t *out, size_t size, size_t *len)
{
	return sodium_base642bin(out, size, text, text_len, NULL, len, NULL,
		       sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* "|1|salt|hash", both in base64. */
static bool read_hashed(struct line *l, const char *names)
{
	if (strncmp(names, "|1|", 3) != 0)
		return false;
	const char *salt = names + 3, *bar = strchr(salt, '|');
	size_t hash_len;
	if (!bar)
		return false;
	l->hashed = true;
	return decode64(salt, (size_t)(bar - salt), l->salt, sizeof l->salt, &l->salt_len) &&
	       decode64(bar + 1, strlen(bar + 1), l->hash, sizeof l->hash, &hash_len) &&
	       hash_len == SHA1_LEN && l->salt_len > 0;
}

static bool read_key(
	struct nf_known_hosts *h, struct line *l, const char *type, const char *text)
{
	size_t text_len = strlen(text);
	if (text_len > KEY_MAX) {
		mistake(h, l->number, "the key is too long");
		return false;
	}
	uint8_t *key = nf_arena_alloc(h->arena, text_len + 1);
	const char *own_type;
	size_t own_len;
	if (!decode64(text, text_len, key, text_len, &l->key_len) ||
		!blob_type(key, l->key_len, &own_type, &own_len)) {
		mistake(h, l->number, "the key is broken: not base64 of an SSH key");
		return false;
	}
	if (own_len != strlen(type) || memcmp(own_type, type, own_len) != 0) {
		char said[64];
		mistake(h, l->number, "the line says %s, its key is of another kind",
			nf_text_escape_buf(said, sizeof said, type));
		return false;
	}
	l->key = key;
	l->type = nf_arena_strdup(h->arena, type);
	return true;
}

static bool read_marker(struct nf_known_hosts *h, struct line *l, const char *word)
{
	if (strcmp(word, "@revoked") == 0)
		l->marker = REVOKED;
	else if (strcmp(word, "@cert-authority") == 0)
		l->marker = AUTHORITY;
	else {
		char said[64];
		mistake(h, l->number, "unknown marker %s",
			nf_text_escape_buf(said, sizeof said, word));
		return false;
	}
	return true;
}

static void read_line(struct nf_known_hosts *h, uint32_t number, char *text)
{
	char *at = text;
	char *word = next_word(&at);
	if (*word == '\0' || *word == '#')
		return;
	struct line l = {.number = number};
	if (*word == '@') {
		if (!read_marker(h, &l, word))
			return;
		word = next_word(&at);
	}
	char *names = word, *type = next_word(&at), *key = next_word(&at);
	if (*key == '\0') {
		mistake(h, number, "names, a kind of key and a key are wanted");
		return;
	}
	if (*names == '|') {
		if (!read_hashed(&l, names)) {
			mistake(h, number, "the hashed name is broken");
			return;
		}
	} else
		for (char *p = names; *p; p++)
			*p = (char)tolower((unsigned char)*p);
	if (strspn(type, "0123456789") == strlen(type)) {
		mistake(h, number, "a key of SSH protocol 1, which nobody speaks any more");
		return;
	}
	if (!read_key(h, &l, type, key))
		return;
	l.names = nf_arena_strdup(h->arena, names);
	h->lines = nf_grow(h->lines, h->len, &h->cap, sizeof *h->lines);
	h->lines[h->len++] = l;
}

struct nf_known_hosts *nf_known_hosts_parse(const char *file, const char *text, size_t len)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_known_hosts *h = nf_xcalloc(1, sizeof *h);
	h->arena = arena;
	h->file = nf_arena_strdup(arena, file);
	uint32_t number = 0;
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - text) - at : len - at;
		number++;
		if (n > LINE_MAX_BYTES)
			mistake(h, number, "the line is too long");
		else if (memchr(text + at, 0, n))
			mistake(h, number, "a NUL byte in the line");
		else {
			char *line = nf_xstrndup(text + at, n);
			if (n && line[n - 1] == '\r')
				line[n - 1] = '\0';
			read_line(h, number, line);
			free(line);
		}
		at += n + 1;
	}
	return h;
}

void nf_known_hosts_free(struct nf_known_hosts *h)
{
	if (!h)
		return;
	nf_arena_free(h->arena);
	free(h->lines);
	free(h->mistakes);
	free(h);
}

size_t nf_known_hosts_mistakes(const struct nf_known_hosts *h, const char *const **mistakes)
{
	*mistakes = h->mistakes;
	return h->mistakes_len;
}

/* '*' and '?' only, without recursion: each star needs to remember only its last place. */
static bool glob(const char *pattern, size_t len, const char *name)
{
	size_t p = 0, star = SIZE_MAX;
	const char *back = NULL;
	while (*name) {
		if (p < len && pattern[p] == '*') {
			star = p++;
			back = name;
		} else if (p < len && (pattern[p] == '?' || pattern[p] == *name)) {
			p++;
			name++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			name = ++back;
		} else
			return false;
	}
	while (p < len && pattern[p] == '*')
		p++;
	return p == len;
}

static bool hash_matches(const struct line *l, const char *name)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	return HMAC(EVP_sha1(), l->salt, (int)l->salt_len, (const uint8_t *)name, strlen(name),
		       hash, &len) &&
	       len == SHA1_LEN && memcmp(hash, l->hash, SHA1_LEN) == 0;
}

/* A negated name that fits rules the whole line out. */
static bool line_matches(const struct line *l, const char *name)
{
	if (l->hashed)
		return hash_matches(l, name);
	bool found = false;
	for (const char *at = l->names; *at;) {
		size_t n = strcspn(at, ",");
		bool no = *at == '!';
		if (n > no && glob(at + no, n - no, name)) {
			if (no)
				return false;
			found = true;
		}
		at += n + (at[n] == ',');
	}
	return found;
}

static void spell(const char *name, uint16_t port, char out[NAME_MAX_BYTES])
{
	if (port == 22)
		snprintf(out, NAME_MAX_BYTES, "%s", name);
	else
		snprintf(out, NAME_MAX_BYTES, "[%s]:%u", name, port);
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

static bool fits(
	const struct line *l, const char *const *names, size_t names_len, uint16_t port)
{
	char name[NAME_MAX_BYTES];
	for (size_t i = 0; i < names_len; i++) {
		spell(names[i], port, name);
		if (line_matches(l, name))
			return true;
	}
	return false;
}

/* The port to spell the names with: the bare names count where no line has them with the port. */
static uint16_t port_of(const struct nf_known_hosts *h, const char *const *names,
	size_t names_len, uint16_t port)
{
	if (port == 22)
		return port;
	for (size_t i = 0; i < h->len; i++)
		if (h->lines[i].marker != REVOKED && fits(&h->lines[i], names, names_len, port))
			return port;
	return 22;
}

static bool same_key(const struct line *l, const uint8_t *key, size_t len)
{
	return l->key_len == len && memcmp(l->key, key, len) == 0;
}

static bool is_revoked(const struct nf_known_hosts *h, const char *const *names,
	size_t names_len, uint16_t port, const uint8_t *key, size_t key_len,
	struct nf_known_result *r)
{
	for (size_t i = 0; i < h->len; i++) {
		const struct line *l = &h->lines[i];
		if (l->marker != REVOKED || !same_key(l, key, key_len))
			continue;
		if (!fits(l, names, names_len, port) && !fits(l, names, names_len, 22))
			continue;
		r->verdict = NF_KNOWN_REVOKED;
		r->line = l->number;
		return true;
	}
	return false;
}

static void add_known(struct nf_known_result *r, const struct line *l)
{
	char text[128];
	nf_fingerprint(l->key, l->key_len, text, sizeof text);
	size_t used = strlen(r->known);
	if (used + strlen(text) + 3 < sizeof r->known)
		snprintf(r->known + used, sizeof r->known - used, "%s%s", used ? ", " : "",
			text);
}

void nf_known_hosts_check(const struct nf_known_hosts *h, const char *const *names,
	size_t names_len, uint16_t port, const uint8_t *key, size_t key_len,
	struct nf_known_result *r)
{
	*r = (struct nf_known_result){.verdict = NF_KNOWN_UNKNOWN};
	nf_fingerprint(key, key_len, r->offered, sizeof r->offered);
	if (is_revoked(h, names, names_len, port, key, key_len, r))
		return;
	port = port_of(h, names, names_len, port);
	uint32_t authority = 0, other = 0;
	for (size_t i = 0; i < h->len; i++) {
		const struct line *l = &h->lines[i];
		if (l->marker == REVOKED || !fits(l, names, names_len, port))
			continue;
		if (l->marker == AUTHORITY) {
			authority = authority ? authority : l->number;
		} else if (same_key(l, key, key_len)) {
			r->verdict = NF_KNOWN_MATCH;
			r->line = l->number;
			r->known[0] = '\0';
			return;
		} else {
			other = other ? other : l->number;
			add_known(r, l);
		}
	}
	if (other)
		r->verdict = NF_KNOWN_CHANGED;
	else if (authority)
		r->verdict = NF_KNOWN_AUTHORITY;
	r->line = other ? other : authority;
}

void nf_known_hosts_types(const struct nf_known_hosts *h, const char *const *names,
	size_t names_len, uint16_t port, struct nf_strbuf *types)
{
	port = port_of(h, names, names_len, port);
	for (size_t i = 0; i < h->len; i++) {
		const struct line *l = &h->lines[i];
		if (l->marker != PLAIN || !fits(l, names, names_len, port))
			continue;
		if (types->len)
			nf_strbuf_putc(types, ',');
		nf_strbuf_puts(types, l->type);
	}
}
