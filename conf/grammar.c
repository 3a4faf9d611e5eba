// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/grammar.h"

#include <string.h>

#include "base/addr.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "base/text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"
#define ALNUM	LETTERS DIGITS

static bool only(const char *text, size_t len, const char *set)
{
	return len > 0 && strspn(text, set) >= len;
}

static bool one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

/* What the escaper shows unchanged is plain. */
bool nf_is_plain_text(const char *text)
{
	size_t len = strlen(text);
	struct nf_strbuf shown = {0};
	bool plain;

	nf_text_escape(&shown, text, len, len);
	plain = shown.len == len && memcmp(shown.data, text, len) == 0;
	nf_strbuf_free(&shown);
	return plain;
}

bool nf_is_id(const char *text)
{
	size_t len = strlen(text);

	return len <= 64 && only(text, len, ALNUM "_.-") && one_of(text[0], ALNUM);
}

bool nf_is_device_name(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 128 && text[0] != '-' && text[0] != ' ' &&
	       text[len - 1] != ' ' && nf_is_plain_text(text);
}

bool nf_is_interface(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > 15 || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '/' || text[i] == ':')
			return false;
	}
	return true;
}

/* Labels of LETTERS, digits and inner hyphens, separated by dots. */
static bool is_domain(const char *text, size_t len)
{
	size_t label = 0;

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (i == len || text[i] == '.') {
			if (label == 0 || label > 63 || text[i - 1] == '-')
				return false;
			label = 0;
		} else if (one_of(text[i], ALNUM) || (text[i] == '-' && label > 0)) {
			label++;
		} else {
			return false;
		}
	}
	return true;
}

bool nf_is_host(const char *text)
{
	return is_domain(text, strlen(text));
}

bool nf_is_mail(const char *text)
{
	const char *at = strchr(text, '@');
	size_t len = strlen(text), local = at ? (size_t)(at - text) : 0;

	if (!at || len > 254 || local > 64 || !only(text, local, ALNUM ".!#$%&'*+-/=?^_`{|}~"))
		return false;
	for (size_t i = 0; i < local; i++) {
		if (text[i] == '.' && (i == 0 || i + 1 == local || text[i + 1] == '.'))
			return false;
	}
	return is_domain(at + 1, len - local - 1);
}

static bool is_port(const char *text)
{
	uint64_t port;

	return nf_parse_u64(text, 1, 65535, &port) == NF_OK;
}

static bool is_bracketed(const char *host, const char **rest)
{
	const char *end = strchr(host, ']');
	char text[NF_ADDR_TEXT_MAX];
	struct nf_addr addr;
	size_t len;

	if (host[0] != '[' || !end)
		return false;
	len = (size_t)(end - host - 1);
	if (len >= sizeof text)
		return false;
	memcpy(text, host + 1, len);
	text[len] = '\0';
	*rest = end + 1;
	return nf_addr_parse(text, &addr) == NF_OK && addr.family == NF_IPV6;
}

bool nf_is_mail_server(const char *text)
{
	const char *host, *rest;

	if (strncmp(text, "smtp://", 7) == 0)
		host = text + 7;
	else if (strncmp(text, "smtps://", 8) == 0)
		host = text + 8;
	else
		return false;
	rest = host + strcspn(host, ":");
	if (host[0] == '[' ? !is_bracketed(host, &rest)
			   : !is_domain(host, (size_t)(rest - host)))
		return false;
	return rest[0] == '\0' || (rest[0] == ':' && is_port(rest + 1));
}

bool nf_is_remote_path(const char *text)
{
	return text[0] == '/' && strlen(text) < 4096 && nf_is_plain_text(text);
}

bool nf_is_dataset(const char *text)
{
	size_t len = strlen(text);

	return len <= 255 && only(text, len, ALNUM "_.:/-") && one_of(text[0], ALNUM) &&
	       text[len - 1] != '/' && !strstr(text, "//");
}
