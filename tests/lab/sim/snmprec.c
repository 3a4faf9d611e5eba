// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/snmprec.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/parse.h"

#define RECORDING_MAX (64u << 20)
#define NUMBER_MAX    32

struct text {
	const char *at;
	size_t len;
};

/* Cuts `from` at the separator; what stands before it. False: there is none. */
static bool cut(struct text *from, char separator, struct text *before)
{
	const char *found = from->len > 0 ? memchr(from->at, separator, from->len) : NULL;

	if (!found)
		return false;
	*before = (struct text){from->at, (size_t)(found - from->at)};
	*from = (struct text){found + 1, from->len - before->len - 1};
	return true;
}

static bool to_number(struct text text, int64_t min, uint64_t max, uint64_t *out)
{
	char copy[NUMBER_MAX];
	int64_t negative;

	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	if (min < 0 && copy[0] == '-') {
		if (nf_parse_i64(copy, min, -1, &negative) != NF_OK)
			return false;
		*out = (uint64_t)negative;
		return true;
	}
	return nf_parse_u64(copy, 0, max, out) == NF_OK;
}

static bool add_number(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag, struct text value)
{
	uint64_t max = tag == NF_SIM_INTEGER	 ? INT32_MAX
		       : tag == NF_SIM_COUNTER64 ? UINT64_MAX
						 : UINT32_MAX;
	uint64_t number;
	struct nf_sim_value made;

	if (!to_number(value, tag == NF_SIM_INTEGER ? INT32_MIN : 0, max, &number))
		return false;
	nf_sim_value_number(&made, tag, number);
	nf_sim_mib_add(mib, oid, tag, made.bytes, made.len);
	return true;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool add_hex(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag, struct text value)
{
	uint8_t *bytes = nf_xmalloc(value.len / 2 + 1);
	bool good = value.len % 2 == 0 && (tag != NF_SIM_ADDRESS || value.len == 8);

	for (size_t i = 0; good && i < value.len; i += 2) {
		int high = hex_digit(value.at[i]);
		int low = hex_digit(value.at[i + 1]);

		good = high >= 0 && low >= 0;
		bytes[i / 2] = (uint8_t)(good ? high << 4 | low : 0);
	}
	if (good)
		nf_sim_mib_add(mib, oid, tag, bytes, value.len / 2);
	free(bytes);
	return good;
}

/* Dotted, or the four octets themselves as one recorder wrote them. */
static bool add_address(struct nf_sim_mib *mib, const struct nf_sim_oid *oid, struct text value)
{
	char copy[INET_ADDRSTRLEN] = "";
	uint8_t bytes[4];

	if (value.len < sizeof copy)
		memcpy(copy, value.at, value.len);
	if (inet_pton(AF_INET, copy, bytes) != 1) {
		if (value.len != sizeof bytes)
			return false;
		memcpy(bytes, value.at, sizeof bytes);
	}
	nf_sim_mib_add(mib, oid, NF_SIM_ADDRESS, bytes, sizeof bytes);
	return true;
}

static bool add_object(struct nf_sim_mib *mib, const struct nf_sim_oid *oid, struct text value)
{
	uint8_t content[NF_SIM_BER_OID_MAX];
	struct nf_sim_oid object;

	if (nf_sim_oid_parse(value.at, value.len, &object) != NF_OK)
		return false;
	size_t len = nf_sim_ber_oid(content, object.ids, object.len);

	nf_sim_mib_add(mib, oid, NF_SIM_OBJECT, content, len);
	return true;
}

static bool add_plain(
	struct nf_sim_mib *mib, const struct nf_sim_oid *oid, uint8_t tag, struct text value)
{
	switch (tag) {
	case NF_SIM_INTEGER:
	case NF_SIM_COUNTER32:
	case NF_SIM_GAUGE32:
	case NF_SIM_TICKS:
	case NF_SIM_COUNTER64:
		return add_number(mib, oid, tag, value);
	case NF_SIM_OBJECT:
		return add_object(mib, oid, value);
	case NF_SIM_ADDRESS:
		return add_address(mib, oid, value);
	case NF_SIM_NULL:
		nf_sim_mib_add(mib, oid, tag, NULL, 0);
		return value.len == 0;
	case NF_SIM_OCTETS:
	case NF_SIM_OPAQUE:
		nf_sim_mib_add(mib, oid, tag, (const uint8_t *)value.at, value.len);
		return true;
	default:
		return false;
	}
}

static bool has_key(struct text item, const char *key)
{
	return item.len >= strlen(key) && memcmp(item.at, key, strlen(key)) == 0;
}

/* "min=1,max=2,wrap=1,initial=2": what the object says when nothing varies it. */
static struct text plain_value(struct text settings)
{
	static const char *const keys[] = {
		"min=", "initial=", "value="}; /* the last found wins */
	struct text found = {"0", 1};
	int rank = -1;

	while (settings.len > 0) {
		struct text item = settings;

		if (!cut(&settings, ',', &item))
			settings.len = 0;
		for (int k = 0; k < 3; k++) {
			if (has_key(item, keys[k]) && k > rank) {
				size_t skip = strlen(keys[k]);

				found = (struct text){item.at + skip, item.len - skip};
				rank = k;
			}
		}
	}
	return found;
}

static bool add_line(struct nf_sim_mib *mib, struct text line)
{
	struct text oid_text;
	struct text type;
	struct text before;
	struct nf_sim_oid oid;
	uint64_t tag;

	if (!cut(&line, '|', &oid_text) || !cut(&line, '|', &type) ||
		nf_sim_oid_parse(oid_text.at, oid_text.len, &oid) != NF_OK)
		return false;
	if (cut(&type, ':', &before)) {
		type = before;
		line = plain_value(line);
	}
	bool hex = type.len > 0 && type.at[type.len - 1] == 'x';

	type.len -= hex;
	if (!to_number(type, 0, UINT8_MAX, &tag))
		return false;
	return hex ? add_hex(mib, &oid, (uint8_t)tag, line)
		   : add_plain(mib, &oid, (uint8_t)tag, line);
}

enum nf_err nf_sim_snmprec_parse(struct nf_sim_mib *mib, const char *name, const char *text,
	size_t len, struct nf_error *err)
{
	struct text rest = {text, len};

	for (size_t number = 1; rest.len > 0; number++) {
		struct text line = rest;

		if (!cut(&rest, '\n', &line))
			rest.len = 0;
		if (line.len > 0 && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len == 0 || line.at[0] == '#')
			continue;
		if (!add_line(mib, line))
			return nf_error_set(err, NF_EFORMAT, "%s:%zu: not OID|type|value: %.*s",
				name, number, (int)(line.len < 80 ? line.len : 80), line.at);
	}
	return NF_OK;
}

enum nf_err nf_sim_snmprec_load(const char *path, struct nf_sim_mib **out, struct nf_error *err)
{
	char *text;
	size_t len;
	enum nf_err code = nf_file_read(path, RECORDING_MAX, &text, &len, err);

	if (code != NF_OK)
		return code;
	struct nf_sim_mib *mib = nf_sim_mib_new();

	code = nf_sim_snmprec_parse(mib, path, text, len, err);
	free(text);
	if (code != NF_OK) {
		nf_sim_mib_free(mib);
		return code;
	}
	nf_sim_mib_finish(mib);
	*out = mib;
	return NF_OK;
}
