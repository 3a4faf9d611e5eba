// SPDX-License-Identifier: GPL-3.0-or-later
/* codec: SNMP messages to bytes and back, v1, v2c and v3; net-snmp does the work, and nothing else of
 *        net-snmp is used: no session, no socket, no timer, no MIB.
 * Shape:   nf_codec_encode and nf_codec_decode know no agent; what they need stands in nf_identity. Bytes
 *          that came from the network have passed nf_peek and the source check before they come here.
 * Types:   values become cells (table.h). Opaque floats (net-snmp's extension) stay octets: the 4 or 8
 *          bytes of IEEE 754, big-endian, with asn_type 0x78 or 0x79; Opaque-wrapped 64-bit integers are
 *          numbers. NULL and the exceptions noSuchObject, noSuchInstance and endOfMibView are ABSENT
 *          with their tag (0x05, 0x80, 0x81, 0x82) in asn_type. So is a negative counter (v1, v2c; inside
 *          v3 the library hides it).
 * Threads: main thread only: net-snmp is not reentrant.
 * Memory:  what encode and decode give is borrowed from the codec until the next call of the same one.
 * Source:  RFC 1157, 1901, 3412, 3414, 3416. LIBRARIES: net-snmp#1065 reads up to 64 KiB past the end of
 *          a message, which is why receive buffers carry NF_CODEC_SLACK zeroed bytes behind it.
 */
#pragma once

#include "collector/snmp/usm.h"

#include "collector/snmp/table.h"

#define NF_CODEC_SLACK	 65536
#define NF_CODEC_MESSAGE 65536
#define NF_ASK_MAX	 32 /* OIDs in one request */

enum nf_pdu {
	NF_PDU_GET = 0xa0,
	NF_PDU_GETNEXT = 0xa1,
	NF_PDU_RESPONSE = 0xa2,
	NF_PDU_GETBULK = 0xa5,
	NF_PDU_REPORT = 0xa8,
};

enum nf_error_status {
	NF_STATUS_OK = 0,
	NF_STATUS_TOO_BIG = 1,
	NF_STATUS_NO_SUCH_NAME = 2,
	NF_STATUS_GEN_ERR = 5,
	NF_STATUS_NO_ACCESS = 6,
	NF_STATUS_AUTHORIZATION = 16,
};

struct nf_ask {
	enum nf_pdu pdu;
	uint32_t max_repetitions; /* GETBULK */
	size_t len;		  /* 0: the empty GET that discovers a v3 engine */
	struct nf_oid oids[NF_ASK_MAX];
	uint32_t ids[NF_ASK_MAX * NF_OID_MAX]; /* room for what oids point to */
};

struct nf_varbind {
	struct nf_oid oid;
	struct nf_cell cell; /* borrows, too */
};

struct nf_message {
	uint8_t pdu;
	bool authentic; /* v3: authenticated, and as private as was asked */
	int32_t id;	/* request-id */
	int64_t error_status, error_index;
	struct nf_varbind *varbinds;
	size_t len;
};

struct nf_snmp_login {
	enum nf_snmp_version version;
	const uint8_t *community; /* v1, v2c */
	size_t community_len;
	const struct nf_usm_secret *secret; /* v3 */
	const char *context;		    /* v3: instead of the profile's; NULL: none */
};

enum nf_decoded {
	NF_DECODED,
	NF_DECODE_MALFORMED,
	NF_DECODE_FORGED,	/* authentication failed */
	NF_DECODE_TIME,		/* authentic, but its boots or time went backwards */
	NF_DECODE_UNDECIPHERED, /* decryption failed */
	NF_DECODE_STRANGER,	/* another user or engine */
};

struct nf_codec;

/* Starts net-snmp, quietly, when the first codec is made. */
struct nf_codec *nf_codec_new(void);
void nf_codec_free(struct nf_codec *codec);

/* id is request-id and msgID. engine (v3 only): with id_len 0 or an empty ask, the discovery message is
 * built. NF_EINVAL: the library refused. */
enum nf_err nf_codec_encode(struct nf_codec *codec, const struct nf_snmp_login *login,
	const struct nf_usm_engine *engine, int32_t id, const struct nf_ask *ask,
	int64_t mono_us, const uint8_t **bytes, size_t *len);

/* The bytes are changed by it, and NF_CODEC_SLACK zeroed bytes lie behind them. An authentic message
 * moves the engine's clock forward. */
enum nf_decoded nf_codec_decode(struct nf_codec *codec, const struct nf_snmp_login *login,
	struct nf_usm_engine *engine, uint8_t *bytes, size_t len, int64_t mono_us,
	struct nf_message *out);
