// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "collector/snmp/codec.h"
#include "collector/snmp/oid.h"
#include "collector/snmp/peek.h"

static const struct nf_snmp_login v2c = {
	.version = NF_SNMP_V2C, .community = (const uint8_t *)"public", .community_len = 6};

/* A response with request-id 77 to community "public" and one varbind, 1.3.6.1.9, of this value. */
static size_t response(uint8_t *to, const void *value, size_t len)
{
	static const uint8_t head[] = {2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c'};
	static const uint8_t name[] = {6, 4, 0x2b, 6, 1, 9};
	uint8_t *p = to;
	size_t varbind = sizeof name + len, list = varbind + 2, pdu = list + 2 + 9;
	*p++ = 0x30;
	*p++ = (uint8_t)(sizeof head + pdu + 2);
	memcpy(p, head, sizeof head);
	p += sizeof head;
	*p++ = 0xa2;
	*p++ = (uint8_t)pdu;
	memcpy(p, "\2\1\115\2\1\0\2\1\0", 9);
	p += 9;
	*p++ = 0x30;
	*p++ = (uint8_t)list;
	*p++ = 0x30;
	*p++ = (uint8_t)varbind;
	memcpy(p, name, sizeof name);
	p += sizeof name;
	memcpy(p, value, len);
	return (size_t)(p + len - to);
}

static uint8_t *with_slack(const void *bytes, size_t len)
{
	uint8_t *buffer = nf_xcalloc(1, len + NF_CODEC_SLACK);
	memcpy(buffer, bytes, len);
	return buffer;
}

static void decode__each_type__its_cell(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
		struct nf_cell want;
	} rows[] = {
		{"\2\1\177",				  3,	{.type = NF_CELL_INTEGER, .asn_type = 2, .integer = 127}					},
		{"\2\1\377",				  3,	{.type = NF_CELL_INTEGER, .asn_type = 2, .integer = -1}				       },
		{"\2\4\200\0\0\0",				   6,
			{.type = NF_CELL_INTEGER, .asn_type = 2, .integer = INT32_MIN}										      },
		{"\101\5\0\377\377\377\377",		     7,
			{.type = NF_CELL_UNSIGNED, .asn_type = 0x41, .number = UINT32_MAX}										  },
		{"\101\4\377\377\377\376",			   6,  /* leaves out the leading zero */
			{.type = NF_CELL_UNSIGNED, .asn_type = 0x41, .number = UINT32_MAX - 1}},
		{"\101\4\377\377\377\377",			   6,  {.type = NF_CELL_ABSENT, .asn_type = 0x41}							},
		{"\101\1\377",				3,  {.type = NF_CELL_ABSENT, .asn_type = 0x41}						    },
		{"\101\2\200\0",				 4,  {.type = NF_CELL_ABSENT, .asn_type = 0x41}						      },
		{"\102\4\377\377\377\377",			   6,  /* ifSpeed over 4.29 Gbit/s */
			{.type = NF_CELL_UNSIGNED, .asn_type = 0x42, .number = UINT32_MAX}	  },
		{"\103\1\5",				  3,	{.type = NF_CELL_UNSIGNED, .asn_type = 0x43, .number = 5}					 },
		{"\106\11\0\377\377\377\377\377\377\377\377", 11,
			{.type = NF_CELL_UNSIGNED, .asn_type = 0x46, .number = UINT64_MAX}										  },
		{"\106\10\200\0\0\0\0\0\0\0",		      10,
			{.type = NF_CELL_UNSIGNED,
				.asn_type = 0x46,
				.number = UINT64_C(1) << 63}												  },
		{"\106\1\377",				3,  {.type = NF_CELL_ABSENT, .asn_type = 0x46}						    },
		{"\4\0",				      2,
			{.type = NF_CELL_OCTETS, .asn_type = 4, .octets = (const void *)""}									   },
		{"\4\3a\0b",				  5,
			{.type = NF_CELL_OCTETS,
				.asn_type = 4,
				.len = 3,
				.octets = (const void *)"a\0b"}											       },
		{"\100\4\12\1\2\3",			    6,
			{.type = NF_CELL_ADDRESS,
				.asn_type = 0x40,
				.len = 4,
				.octets = (const void *)"\12\1\2\3"}											  },
		{"\5\0",				      2,  {.type = NF_CELL_ABSENT, .asn_type = 5}							   },
		{"\200\0",				    2,  {.type = NF_CELL_ABSENT, .asn_type = 0x80}							},
		{"\201\0",				    2,  {.type = NF_CELL_ABSENT, .asn_type = 0x81}							},
		{"\202\0",				    2,  {.type = NF_CELL_ABSENT, .asn_type = 0x82}							},
		{"\104\7\237\170\4\77\300\0\0",		9,  /* 1.5 */
			{.type = NF_CELL_OCTETS,
				.asn_type = 0x78,
				.len = 4,
				.octets = (const void *)"\77\300\0\0"}			      },
		{"\104\2xy",				  4,
			{.type = NF_CELL_OCTETS,
				.asn_type = 0x44,
				.len = 2,
				.octets = (const void *)"xy"}												 },
	};
	struct nf_codec *codec = nf_codec_new();
	NF_ROWS(i, rows)
	{
		uint8_t bytes[128];
		size_t len = response(bytes, rows[i].bytes, rows[i].len);
		uint8_t *buffer = with_slack(bytes, len);
		struct nf_message m;
		if (nf_codec_decode(codec, &v2c, NULL, buffer, len, 0, &m) != NF_DECODED)
			fail_msg("row %zu", i);
		const struct nf_cell *got = &m.varbinds[0].cell, *want = &rows[i].want;
		assert_int_equal(m.len, 1);
		assert_int_equal(m.id, 77);
		assert_int_equal(nf_oid_compare(&m.varbinds[0].oid, &NF_OID(1, 3, 6, 1, 9)), 0);
		if (got->type != want->type || got->asn_type != want->asn_type ||
			got->len != want->len)
			fail_msg("row %zu: type %u tag %02x len %u", i, got->type,
				got->asn_type, got->len);
		if (want->type == NF_CELL_OCTETS || want->type == NF_CELL_ADDRESS)
			assert_memory_equal(got->octets, want->octets, want->len);
		else if (want->type != NF_CELL_ABSENT)
			assert_true(got->number == want->number);
		free(buffer);
	}
	nf_codec_free(codec);
}

static void decode__object_identifier__its_sub_identifiers(void **state)
{
	(void)state;
	uint8_t bytes[128];
	size_t len = response(bytes, "\6\11\53\6\1\4\1\217\377\377\377", 11);
	uint8_t *buffer = with_slack(bytes, len);
	struct nf_message m;
	struct nf_codec *codec = nf_codec_new();
	assert_int_equal(
		nf_codec_decode(codec, &v2c, NULL, buffer, len, 0, &m), NF_DECODE_MALFORMED);
	free(buffer);
	len = response(bytes, "\6\12\53\6\1\4\1\217\377\377\377\177", 12);
	buffer = with_slack(bytes, len);
	assert_int_equal(nf_codec_decode(codec, &v2c, NULL, buffer, len, 0, &m), NF_DECODED);
	const struct nf_cell *cell = &m.varbinds[0].cell;
	assert_int_equal(cell->type, NF_CELL_OID);
	assert_int_equal(nf_oid_compare(&(struct nf_oid){cell->ids, cell->len},
				 &NF_OID(1, 3, 6, 1, 4, 1, 4294967295)),
		0);
	free(buffer);
	nf_codec_free(codec);
}

static void decode__every_truncation_and_flipped_bit__no_crash(void **state)
{
	(void)state;
	uint8_t bytes[128];
	size_t len = response(bytes, "\4\3a\0b", 5);
	struct nf_codec *codec = nf_codec_new();
	struct nf_message m;
	size_t decoded = 0;
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *buffer = with_slack(bytes, cut);
		assert_int_not_equal(
			nf_codec_decode(codec, &v2c, NULL, buffer, cut, 0, &m), NF_DECODED);
		free(buffer);
	}
	for (size_t bit = 0; bit < len * 8; bit++) {
		uint8_t *buffer = with_slack(bytes, len);
		struct nf_peek peek;
		buffer[bit / 8] ^= (uint8_t)(1 << bit % 8);
		nf_peek(buffer, len, &peek);
		decoded += nf_codec_decode(codec, &v2c, NULL, buffer, len, 0, &m) == NF_DECODED;
		free(buffer);
	}
	assert_true(decoded > 0);
	nf_codec_free(codec);
}

static void encode__v2c_bulk__as_peek_and_decode_read_it(void **state)
{
	(void)state;
	static struct nf_ask ask;
	struct nf_codec *codec = nf_codec_new();
	struct nf_peek peek;
	struct nf_message m;
	const uint8_t *bytes;
	size_t len;
	ask.pdu = NF_PDU_GETBULK;
	ask.max_repetitions = 17;
	ask.len = 2;
	ask.oids[0] = NF_OID(1, 3, 6, 1, 2, 1, 2, 2, 1, 2);
	ask.oids[1] = NF_OID(1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 4294967295);
	assert_int_equal(
		nf_codec_encode(codec, &v2c, NULL, INT32_MAX, &ask, 0, &bytes, &len), NF_OK);
	assert_true(nf_peek(bytes, len, &peek));
	assert_int_equal(peek.version, 1);
	assert_int_equal(peek.id, INT32_MAX);
	assert_int_equal(peek.pdu_type, NF_PDU_GETBULK);
	assert_int_equal(peek.community_len, 6);
	assert_memory_equal(peek.community, "public", 6);
	uint8_t *copy = with_slack(bytes, len);
	assert_int_equal(nf_codec_decode(codec, &v2c, NULL, copy, len, 0, &m), NF_DECODED);
	assert_int_equal(m.error_status, 0); /* non-repeaters */
	assert_int_equal(m.error_index, 17);
	assert_int_equal(m.len, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(nf_oid_compare(&m.varbinds[i].oid, &ask.oids[i]), 0);
	free(copy);
	nf_codec_free(codec);
}

static void encode__v3_discovery__asks_who_it_is(void **state)
{
	(void)state;
	static struct nf_ask ask;
	struct nf_snmp snmp = {.id = "x", .version = NF_SNMP_V3, .user = "u", .context = ""};
	struct nf_usm_secret secret = {.snmp = &snmp};
	struct nf_snmp_login v3 = {.version = NF_SNMP_V3, .secret = &secret};
	struct nf_usm_engine engine = {0};
	struct nf_codec *codec = nf_codec_new();
	struct nf_peek peek;
	const uint8_t *bytes;
	size_t len;
	assert_int_equal(nf_codec_encode(codec, &v3, &engine, 9, &ask, 0, &bytes, &len), NF_OK);
	assert_true(nf_peek(bytes, len, &peek));
	assert_int_equal(peek.version, 3);
	assert_int_equal(peek.id, 9);
	assert_int_equal(peek.flags, 4); /* reportable, neither signed nor encrypted */
	assert_int_equal(peek.engine_id_len, 0);
	assert_int_equal(peek.user_len, 0);
	nf_codec_free(codec);
}

static void peek__not_the_head_of_a_message__refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
		{"",					   0 },
		 {"\x30",				       1 },
		      {"\x30\x80\2\1\1\0\0",			     7 }, /* indefinite length */
		{"\x30\x85\0\0\0\0\1\2",			 8 }, /* five octets of length */
		{"\x30\x84\377\377\377\377\2\1\1",		   9 }, /* 4 GiB */
		{"\x30\x0b\2\1\2\4\0\xa2\4\2\1\1\5\0",	       14}, /* version 2 */
		{"\x30\x0a\2\1\377\4\0\xa2\3\2\1\1",	     12}, /* version -1 */
		{"\x30\x0b\2\2\1\1\4\0\xa2\3\2\1\1",	     13}, /* version 257 */
		{"\x30\x0a\2\1\1\5\0\xa2\3\2\1\1",		   12}, /* community of NULL */
		{"\x30\x0f\2\1\1\4\0\xa2\x08\2\6\1\2\3\4\5\6", 17}, /* an id of six octets */
		{"\x30\x0c\2\1\1\4\5abcdefg",		      14}, /* no PDU */
		{"\x30\x09\2\1\3\x30\4\2\1\1\2",		 11}, /* v3 cut in its header */
	};
	struct nf_peek peek;
	NF_ROWS(i, rows)
	{
		uint8_t *exact = nf_xmalloc(rows[i].len);
		memcpy(exact, rows[i].bytes, rows[i].len);
		if (nf_peek(exact, rows[i].len, &peek))
			fail_msg("row %zu", i);
		free(exact);
	}
	assert_true(nf_peek((const uint8_t *)"\x30\x0a\2\1\1\4\0\xa2\3\2\1\1", 12, &peek));
	assert_int_equal(peek.id, 1);
}

static void engine__keys__as_rfc_3414_a_3(void **state)
{
	(void)state;
	/* RFC 3414 A.3.1 and A.3.2: "maplesyrup", engineID 00…02 */
	static const struct {
		enum nf_auth_protocol protocol;
		uint8_t want[20];
		size_t len;
	} rows[] = {
		{NF_AUTH_MD5,
			{0x52, 0x6f, 0x5e, 0xed, 0x9f, 0xcc, 0xe2, 0x6f, 0x89, 0x64, 0xc2, 0x93,
				0x07, 0x87, 0xd8, 0x2b},
			16},
		{NF_AUTH_SHA,
			{0x66, 0x95, 0xfe, 0xbc, 0x92, 0x88, 0xe3, 0x62, 0x82, 0x23, 0x5f, 0xc7,
				0x15, 0x1f, 0x12, 0x84, 0x97, 0xb3, 0x8f, 0x3f},
			20},
	};
	static const uint8_t id[12] = {[11] = 2};
	char path[] = "/tmp/netfold-codec.XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, "maplesyrup", 10), 10);
	close(fd);
	nf_codec_free(nf_codec_new()); /* starts the library */
	NF_ROWS(i, rows)
	{
		struct nf_snmp snmp = {.id = "x", .user = "u", .level = NF_SNMP_AUTH_NOPRIV};
		snmp.auth.protocol = rows[i].protocol;
		snmp.auth.passphrase_file = path;
		struct nf_usm_secret secret;
		struct nf_usm_engine engine = {0};
		struct nf_error err;
		assert_int_equal(nf_usm_secret_load(&snmp, &secret, &err), NF_OK);
		assert_true(nf_usm_engine_set(&engine, &secret, id, sizeof id));
		assert_int_equal(engine.auth.len, rows[i].len);
		assert_memory_equal(engine.auth.bytes, rows[i].want, rows[i].len);
		assert_false(nf_usm_engine_set(&engine, &secret, id, 4));
		nf_usm_secret_clear(&secret);
	}
	unlink(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decode__each_type__its_cell),
		cmocka_unit_test(decode__object_identifier__its_sub_identifiers),
		cmocka_unit_test(decode__every_truncation_and_flipped_bit__no_crash),
		cmocka_unit_test(encode__v2c_bulk__as_peek_and_decode_read_it),
		cmocka_unit_test(encode__v3_discovery__asks_who_it_is),
		cmocka_unit_test(peek__not_the_head_of_a_message__refused),
		cmocka_unit_test(engine__keys__as_rfc_3414_a_3),
	};
	return NF_RUN(tests, argc, argv);
}
