// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/encoding.h"

#include <stdint.h>

#define UNKNOWN 0xfffd

static void put_rune(struct nf_strbuf *out, uint32_t rune)
{
	char bytes[4];
	size_t len = 0;

	if (rune < 0x80) {
		bytes[len++] = (char)rune;
	} else if (rune < 0x800) {
		bytes[len++] = (char)(0xc0 | rune >> 6);
		bytes[len++] = (char)(0x80 | (rune & 0x3f));
	} else if (rune < 0x10000) {
		bytes[len++] = (char)(0xe0 | rune >> 12);
		bytes[len++] = (char)(0x80 | (rune >> 6 & 0x3f));
		bytes[len++] = (char)(0x80 | (rune & 0x3f));
	} else {
		bytes[len++] = (char)(0xf0 | rune >> 18);
		bytes[len++] = (char)(0x80 | (rune >> 12 & 0x3f));
		bytes[len++] = (char)(0x80 | (rune >> 6 & 0x3f));
		bytes[len++] = (char)(0x80 | (rune & 0x3f));
	}
	nf_strbuf_add(out, bytes, len);
}

static bool is_big_endian(const char *bytes)
{
	return (uint8_t)bytes[0] == 0xfe;
}

bool nf_encoding_is_utf16(const char *bytes, size_t len)
{
	return len >= 2 && (((uint8_t)bytes[0] == 0xff && (uint8_t)bytes[1] == 0xfe) ||
				   ((uint8_t)bytes[0] == 0xfe && (uint8_t)bytes[1] == 0xff));
}

static uint32_t unit_at(const char *bytes, size_t at, bool big)
{
	uint32_t first = (uint8_t)bytes[at], second = (uint8_t)bytes[at + 1];

	return big ? first << 8 | second : second << 8 | first;
}

void nf_encoding_from_utf16(const char *bytes, size_t len, struct nf_strbuf *out)
{
	bool big = len >= 2 && is_big_endian(bytes);
	size_t at = 2;

	while (at + 1 < len) {
		uint32_t unit = unit_at(bytes, at, big), low = 0;

		at += 2;
		if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < len)
			low = unit_at(bytes, at, big);
		if (low >= 0xdc00 && low < 0xe000) {
			unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
			at += 2;
		} else if (unit >= 0xd800 && unit < 0xe000) {
			unit = UNKNOWN;
		}
		put_rune(out, unit);
	}
	if (at < len)
		put_rune(out, UNKNOWN);
}

void nf_encoding_from_windows_1252(const char *bytes, size_t len, struct nf_strbuf *out)
{
	static const uint16_t from_0x80[32] = {0x20ac, UNKNOWN, 0x201a, 0x0192, 0x201e, 0x2026,
		0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, UNKNOWN, 0x017d,
		UNKNOWN, UNKNOWN, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, UNKNOWN, 0x017e, 0x0178};

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)bytes[i];

		put_rune(out, byte >= 0x80 && byte < 0xa0 ? from_0x80[byte - 0x80] : byte);
	}
}
