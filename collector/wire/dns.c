// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/dns.h"

#include <ctype.h>
#include <string.h>

#include "collector/wire/ip.h"

enum { TYPE_A = 1, TYPE_AAAA = 28, CLASS_IN = 1, CLASS_MASK = 0x7fff };
enum { LABEL_MOST = 63, POINTER = 0xc0, JUMPS_MOST = 32, RECORDS_MOST = 256 };

static char plain(uint8_t byte)
{
	return byte > ' ' && byte < 0x7f && byte != '.' ? (char)tolower(byte) : '?';
}

/* Appends a label; false: the name is too long. */
static bool add_label(char *name, size_t *len, const uint8_t *bytes, size_t count)
{
	if (*len + count + 2 > NF_DNS_NAME_MAX)
		return false;
	if (*len)
		name[(*len)++] = '.';
	for (size_t i = 0; i < count; i++)
		name[(*len)++] = plain(bytes[i]);
	return true;
}

/* Reads a name at c and leaves c behind it. message NULL: pointers are not allowed, and it may end where the bytes
 * do. Each jump goes further back than where it stands, so that a loop cannot be. */
static bool read_name(struct nf_cursor *c, const uint8_t *message, char *name)
{
	struct nf_cursor at = *c;
	size_t len = 0;
	bool jumped = false;

	for (int jumps = 0; jumps < JUMPS_MOST;) {
		const uint8_t *here = at.at;
		bool ends = !message && !nf_cursor_left(&at);
		uint8_t count = ends ? 0 : nf_cursor_u8(&at);

		if (at.failed)
			return false;
		if (count <= LABEL_MOST) {
			const uint8_t *label = nf_cursor_bytes(&at, count);

			if (!label || (count && !add_label(name, &len, label, count)))
				return false;
			if (count)
				continue;
			name[len] = '\0';
			if (!jumped)
				*c = at;
			return true;
		}
		if ((count & POINTER) != POINTER || !message)
			return false;
		size_t offset = (size_t)(count & ~POINTER) << 8 | nf_cursor_u8(&at);

		if (at.failed || message + offset >= here)
			return false;
		if (!jumped)
			*c = at;
		jumped = true;
		jumps++;
		at = nf_cursor_of(message + offset, (size_t)(c->end - (message + offset)));
	}
	return false;
}

/* False: cut, or not a record. */
static bool read_record(struct nf_cursor *c, const uint8_t *message, struct nf_dns *dns)
{
	char name[NF_DNS_NAME_MAX];

	if (!read_name(c, message, name))
		return false;
	uint16_t type = nf_cursor_be16(c);
	uint16_t class = nf_cursor_be16(c) & CLASS_MASK; /* mDNS: "flush" in the top bit */

	nf_cursor_skip(c, 4);
	uint16_t len = nf_cursor_be16(c);
	struct nf_cursor value = nf_cursor_sub(c, len);

	if (c->failed)
		return false;
	if (class != CLASS_IN || dns->len == NF_DNS_HOSTS ||
		!((type == TYPE_A && len == 4) || (type == TYPE_AAAA && len == 16)))
		return true;
	struct nf_dns_host *host = &dns->hosts[dns->len++];

	memcpy(host->name, name, strlen(name) + 1);
	nf_ip_read_addr(&value, type == TYPE_A ? NF_IPV4 : NF_IPV6, &host->address);
	return true;
}

enum nf_err nf_dns_decode(struct nf_cursor c, bool cut, struct nf_dns *out)
{
	const uint8_t *message = c.at;
	char name[NF_DNS_NAME_MAX];

	nf_cursor_skip(&c, 2);
	uint16_t flags = nf_cursor_be16(&c);
	uint16_t questions = nf_cursor_be16(&c);
	size_t records = nf_cursor_be16(&c);

	records += nf_cursor_be16(&c);
	records += nf_cursor_be16(&c);
	if (c.failed || questions > RECORDS_MOST || records > RECORDS_MOST)
		return NF_EFORMAT;
	bool good = true;

	out->response = flags >> 15;
	out->opcode = flags >> 11 & 0xf;
	out->len = 0;
	for (uint16_t i = 0; i < questions && good; i++) {
		good = read_name(&c, message, name);
		nf_cursor_skip(&c, 4);
		good = good && !c.failed;
	}
	for (size_t i = 0; i < records && good; i++)
		good = read_record(&c, message, out);
	return good || cut ? NF_OK : NF_EFORMAT;
}

enum nf_err nf_dns_labels(struct nf_cursor labels, char name[NF_DNS_NAME_MAX])
{
	char read[NF_DNS_NAME_MAX];

	if (!read_name(&labels, NULL, read))
		return NF_EFORMAT;
	memcpy(name, read, strlen(read) + 1);
	return NF_OK;
}
