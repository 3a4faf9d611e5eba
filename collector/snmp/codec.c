// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/codec.h"

#include <stdlib.h>
#include <string.h>

#include "collector/snmp/netsnmp.h"

#include "base/log.h"
#include "base/mem.h"
#include "collector/snmp/peek.h"

struct nf_codec {
	netsnmp_session session; /* never opened: what snmp_build and snmp_parse look at */
	struct nf_usm_slot *slot;
	u_char *packet; /* grows in snmp_build */
	size_t packet_size;
	netsnmp_pdu *decoded; /* lends the octets of the last message */
	struct nf_varbind *varbinds;
	size_t varbinds_cap;
	uint32_t *ids;
	size_t ids_cap;
	struct {
		uint8_t bytes[8];
	} * floats;
	size_t floats_cap;
};

static int log_line(int major, int minor, void *message, void *arg)
{
	(void)major, (void)minor, (void)arg;
	const struct snmp_log_message *line = message;
	size_t len = strcspn(line->msg, "\n");
	nf_log_limited("net-snmp", NF_LOG_DEBUG, "net-snmp", "%.*s", (int)len, line->msg);
	return 0;
}

/* Without these init_snmp reads files of the system, scans MIB folders and writes its own state; its log
 * would go to stderr, with user names (LIBRARIES 1.6). */
static void start_library(void)
{
	if (netsnmp_ds_get_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS))
		return;
	snmp_disable_log();
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_CALLBACK, LOG_DEBUG);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES, 1);
	netsnmp_set_mib_directory("");
	setenv("MIBS", "", 1);
	/* Below a device no folder can be made: the library would make one anywhere else, and fill it. */
	setenv("SNMPCONFPATH", "/dev/null/none", 1);
	setenv("SNMP_PERSISTENT_DIR", "/dev/null/none", 1);
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, log_line, NULL);
	init_snmp("netfold");
}

struct nf_codec *nf_codec_new(void)
{
	start_library();
	struct nf_codec *codec = nf_xcalloc(1, sizeof *codec);
	snmp_sess_init(&codec->session);
	codec->session.rcvMsgMaxSize = codec->session.sndMsgMaxSize =
		65507; /* RFC 768 over IPv4 */
	codec->slot = nf_usm_slot_new();
	return codec;
}

void nf_codec_free(struct nf_codec *codec)
{
	if (!codec)
		return;
	if (codec->decoded)
		snmp_free_pdu(codec->decoded);
	nf_usm_slot_free(codec->slot);
	free(codec->packet);
	free(codec->varbinds);
	free(codec->ids);
	free(codec->floats);
	free(codec);
}

static u_char *copy_bytes(const void *from, size_t len)
{
	u_char *to = nf_xmalloc(len + 1);
	memcpy(to, from, len);
	to[len] = 0;
	return to;
}

static long wire_version(enum nf_snmp_version version)
{
	return version == NF_SNMP_V1	? SNMP_VERSION_1
	       : version == NF_SNMP_V2C ? SNMP_VERSION_2c
					: SNMP_VERSION_3;
}

/* The library frees with the PDU what is set here. */
static void address_v3(netsnmp_pdu *pdu, const struct nf_snmp_login *login,
	const struct nf_usm_engine *engine, bool discover)
{
	const struct nf_snmp *snmp = login->secret->snmp;

	pdu->securityModel = SNMP_SEC_MODEL_USM;
	pdu->securityLevel =
		discover ? SNMP_SEC_LEVEL_NOAUTH : SNMP_SEC_LEVEL_NOAUTH + (int)snmp->level;
	const char *user = discover ? "" : snmp->user,
		   *context = login->context  ? login->context
			      : snmp->context ? snmp->context
					      : "";
	pdu->securityNameLen = strlen(user);
	pdu->securityName = (char *)copy_bytes(user, pdu->securityNameLen);
	pdu->contextNameLen = strlen(context);
	pdu->contextName = (char *)copy_bytes(context, pdu->contextNameLen);
	if (discover)
		return;
	pdu->securityEngineID = copy_bytes(engine->id, engine->id_len);
	pdu->contextEngineID = copy_bytes(engine->id, engine->id_len);
	pdu->securityEngineIDLen = pdu->contextEngineIDLen = engine->id_len;
}

static netsnmp_pdu *make_pdu(const struct nf_snmp_login *login,
	const struct nf_usm_engine *engine, int32_t id, const struct nf_ask *ask, bool discover)
{
	netsnmp_pdu *pdu = snmp_pdu_create(discover ? NF_PDU_GET : (int)ask->pdu);
	if (!pdu)
		return NULL;
	pdu->version = wire_version(login->version);
	pdu->reqid = pdu->msgid = id;
	pdu->flags |= UCD_MSG_FLAG_EXPECT_RESPONSE;
	if (ask->pdu == NF_PDU_GETBULK && !discover) {
		pdu->errstat = 0; /* non-repeaters */
		pdu->errindex = (long)ask->max_repetitions;
	}
	if (login->version == NF_SNMP_V3) {
		address_v3(pdu, login, engine, discover);
	} else {
		pdu->community = copy_bytes(login->community, login->community_len);
		pdu->community_len = login->community_len;
	}
	oid name[NF_OID_MAX];
	for (size_t i = 0; i < ask->len && !discover; i++) {
		for (size_t k = 0; k < ask->oids[i].len; k++)
			name[k] = ask->oids[i].ids[k];
		snmp_add_null_var(pdu, name, ask->oids[i].len);
	}
	return pdu;
}

enum nf_err nf_codec_encode(struct nf_codec *codec, const struct nf_snmp_login *login,
	const struct nf_usm_engine *engine, int32_t id, const struct nf_ask *ask,
	int64_t mono_us, const uint8_t **bytes, size_t *len)
{
	bool v3 = login->version == NF_SNMP_V3;
	bool discover = v3 && (!engine->id_len || !ask->len);
	netsnmp_pdu *pdu = make_pdu(login, engine, id, ask, discover);
	if (!pdu)
		return NF_EINVAL;
	codec->session.version = pdu->version;
	size_t offset = 0;
	if (v3 && !discover)
		nf_usm_attach(codec->slot, login->secret, engine, mono_us);
	int rc = snmp_build(&codec->packet, &codec->packet_size, &offset, &codec->session, pdu);
	if (v3 && !discover)
		nf_usm_detach(codec->slot, engine);
	snmp_free_pdu(pdu);
	if (rc < 0)
		return NF_EINVAL;
	*bytes = codec->packet + codec->packet_size - offset;
	*len = offset;
	return NF_OK;
}

static void reserve(struct nf_codec *codec, size_t varbinds, size_t ids)
{
	if (varbinds > codec->varbinds_cap) {
		codec->varbinds_cap = varbinds + 64;
		codec->varbinds = nf_xreallocarray(
			codec->varbinds, codec->varbinds_cap, sizeof *codec->varbinds);
		codec->floats = nf_xreallocarray(
			codec->floats, codec->varbinds_cap, sizeof *codec->floats);
	}
	if (ids > codec->ids_cap) {
		codec->ids_cap = ids + 1024;
		codec->ids = nf_xreallocarray(codec->ids, codec->ids_cap, sizeof *codec->ids);
	}
}

static void reserve_list(struct nf_codec *codec, const netsnmp_pdu *pdu)
{
	size_t varbinds = 0, ids = 0;
	for (const netsnmp_variable_list *v = pdu->variables; v; v = v->next_variable) {
		varbinds++;
		ids += v->name_length +
		       (v->type == ASN_OBJECT_ID ? v->val_len / sizeof(oid) : 0);
	}
	reserve(codec, varbinds, ids);
}

static uint32_t *narrow(uint32_t *to, const oid *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint32_t)from[i];
	return to + len;
}

static uint64_t wide(const struct counter64 *value)
{
	return (uint64_t)(value->high & UINT32_MAX) << 32 | (value->low & UINT32_MAX);
}

static void big_endian(uint8_t *to, const void *from, size_t len)
{
	const uint8_t *bytes = from;
	for (size_t i = 0; i < len; i++)
		to[i] = bytes[__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? len - 1 - i : i];
}

/* The library's value as a cell; `floats` is room for one. */
static struct nf_cell cell_of(const netsnmp_variable_list *v, uint32_t *ids, uint8_t *floats)
{
	struct nf_cell cell = {.asn_type = v->type};
	switch (v->type) {
	case ASN_INTEGER:
		cell.type = NF_CELL_INTEGER;
		cell.integer = *v->val.integer;
		break;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		cell.type = NF_CELL_UNSIGNED;
		cell.number = (uint64_t)*v->val.integer & UINT32_MAX;
		break;
	case ASN_COUNTER64:
	case ASN_OPAQUE_COUNTER64:
	case ASN_OPAQUE_U64:
		cell.type = NF_CELL_UNSIGNED;
		cell.number = wide(v->val.counter64);
		break;
	case ASN_OPAQUE_I64:
		cell.type = NF_CELL_INTEGER;
		cell.integer = (int64_t)wide(v->val.counter64);
		break;
	case ASN_OCTET_STR:
	case ASN_OPAQUE:
	case ASN_NSAP:
	case ASN_BIT_STR:
		cell.type = NF_CELL_OCTETS;
		cell.len = (uint32_t)v->val_len;
		cell.octets = v->val.string;
		break;
	case ASN_IPADDRESS:
		cell.type = v->val_len == 4 ? NF_CELL_ADDRESS : NF_CELL_OCTETS;
		cell.len = (uint32_t)v->val_len;
		cell.octets = v->val.string;
		break;
	case ASN_OPAQUE_FLOAT:
	case ASN_OPAQUE_DOUBLE:
		cell.type = NF_CELL_OCTETS;
		cell.len = v->type == ASN_OPAQUE_FLOAT ? sizeof(float) : sizeof(double);
		big_endian(floats, v->val.string, cell.len);
		cell.octets = floats;
		break;
	case ASN_OBJECT_ID:
		cell.type = NF_CELL_OID;
		cell.len = (uint32_t)(v->val_len / sizeof(oid));
		narrow(ids, v->val.objid, cell.len);
		cell.ids = ids;
		break;
	default: /* NULL and the exceptions of RFC 3416 3 */
		break;
	}
	return cell;
}

static void take_varbinds(
	struct nf_codec *codec, const netsnmp_pdu *pdu, struct nf_message *out)
{
	reserve_list(codec, pdu);
	uint32_t *ids = codec->ids;
	out->varbinds = codec->varbinds;
	out->len = 0;
	for (const netsnmp_variable_list *v = pdu->variables; v; v = v->next_variable) {
		struct nf_varbind *to = &codec->varbinds[out->len];
		to->oid = (struct nf_oid){ids, v->name_length};
		ids = narrow(ids, v->name, v->name_length);
		to->cell = cell_of(v, ids, codec->floats[out->len].bytes);
		if (to->cell.type == NF_CELL_OID)
			ids += to->cell.len;
		out->len++;
	}
}

static enum nf_decoded fault_of(int library_errno)
{
	switch (library_errno) {
	case SNMPERR_USM_AUTHENTICATIONFAILURE:
		return NF_DECODE_FORGED;
	case SNMPERR_USM_NOTINTIMEWINDOW:
		return NF_DECODE_TIME;
	case SNMPERR_USM_DECRYPTIONERROR:
		return NF_DECODE_UNDECIPHERED;
	case SNMPERR_USM_UNKNOWNSECURITYNAME:
	case SNMPERR_USM_UNKNOWNENGINEID:
	case SNMPERR_USM_UNSUPPORTEDSECURITYLEVEL:
		return NF_DECODE_STRANGER;
	default:
		return NF_DECODE_MALFORMED;
	}
}

/* The library reads a counter of one octet 0xff as 255. As many octets as the type is wide are mostly a big
 * number of an agent that leaves out the leading zero, as many do; fewer, or a counter of minus one, are
 * negative. (A gauge of all ones has a meaning: ifSpeed.) */
static bool is_negative(const struct nf_cell *cell, u_char *element)
{
	u_char type;
	size_t len = NF_CODEC_MESSAGE;
	const u_char *octets = asn_parse_header(element, &len, &type);
	bool wide_type = cell->asn_type == ASN_COUNTER64;
	bool ones = wide_type ? cell->number == UINT64_MAX
			      : cell->number == UINT32_MAX && cell->asn_type == ASN_COUNTER;
	return octets && len && octets[0] & 0x80 && len < (wide_type ? 8U : 4U) + ones;
}

/* One value from its element, by the library's parsers, into `v`, which stands in for one of the library's
 * list: those are 1.2 KiB each, and making them was half the cost of an answer. */
static bool parse_value(u_char *element, netsnmp_variable_list *v)
{
	size_t len = NF_CODEC_MESSAGE;
	switch (v->type) {
	case ASN_INTEGER:
		return asn_parse_int(element, &len, &v->type, v->val.integer, sizeof(long));
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		return asn_parse_unsigned_int(
			element, &len, &v->type, (u_long *)v->val.integer, sizeof(long));
	case ASN_COUNTER64:
	case ASN_OPAQUE_COUNTER64:
	case ASN_OPAQUE_U64:
		return asn_parse_unsigned_int64(
			element, &len, &v->type, v->val.counter64, sizeof *v->val.counter64);
	case ASN_OPAQUE_I64:
		return asn_parse_signed_int64(
			element, &len, &v->type, v->val.counter64, sizeof *v->val.counter64);
	case ASN_OPAQUE_FLOAT:
		return asn_parse_float(
			element, &len, &v->type, v->val.floatVal, sizeof *v->val.floatVal);
	case ASN_OPAQUE_DOUBLE:
		return asn_parse_double(
			element, &len, &v->type, v->val.doubleVal, sizeof *v->val.doubleVal);
	case ASN_OBJECT_ID:
		v->val_len = NF_OID_MAX;
		if (!asn_parse_objid(element, &len, &v->type, v->val.objid, &v->val_len))
			return false;
		v->val_len *= sizeof(oid);
		return true;
	case ASN_OCTET_STR:
	case ASN_OPAQUE:
	case ASN_NSAP:
	case ASN_BIT_STR:
	case ASN_IPADDRESS:
		v->val.string = asn_parse_header(element, &len, &v->type);
		v->val_len = len;
		return v->val.string;
	default:
		return v->type == ASN_NULL || v->type == SNMP_NOSUCHOBJECT ||
		       v->type == SNMP_NOSUCHINSTANCE || v->type == SNMP_ENDOFMIBVIEW;
	}
}

/* v1 and v2c. The octets of the cells lie in the message. */
static enum nf_decoded decode_plain(
	struct nf_codec *codec, uint8_t *bytes, size_t len, struct nf_message *out)
{
	struct nf_peek_pdu pdu;
	if (!nf_peek_pdu(bytes, len, &pdu))
		return NF_DECODE_MALFORMED;
	*out = (struct nf_message){
		.pdu = pdu.type,
		.id = pdu.id,
		.error_status = pdu.error_status,
		.error_index = pdu.error_index,
	};
	reserve(codec, pdu.len / 6, 2 * pdu.len); /* no element is shorter than two octets */
	out->varbinds = codec->varbinds;
	uint32_t *ids = codec->ids;
	u_char *at = bytes + (pdu.varbinds - bytes);
	size_t left = pdu.len;
	/* outside of the loop: the compiler zeroes them */
	oid name[MAX_OID_LEN];
	union {
		oid ids[MAX_OID_LEN];
		struct counter64 wide;
		long number;
		double real;
	} room;
	netsnmp_variable_list v;
	while (left) {
		v.name_length = MAX_OID_LEN;
		v.val.objid = room.ids;
		u_char *element;
		struct nf_varbind *to = &codec->varbinds[out->len];
		at = snmp_parse_var_op(
			at, name, &v.name_length, &v.type, &v.val_len, &element, &left);
		if (!at || !parse_value(element, &v))
			return NF_DECODE_MALFORMED;
		to->oid = (struct nf_oid){ids, v.name_length};
		ids = narrow(ids, name, v.name_length);
		to->cell = cell_of(&v, ids, codec->floats[out->len].bytes);
		if (to->cell.type == NF_CELL_OID)
			ids += to->cell.len;
		if (to->cell.type == NF_CELL_UNSIGNED && is_negative(&to->cell, element))
			to->cell = (struct nf_cell){.asn_type = to->cell.asn_type};
		out->len++;
	}
	return NF_DECODED;
}

static enum nf_decoded decode_v3(struct nf_codec *codec, const struct nf_usm_secret *secret,
	struct nf_usm_engine *engine, uint8_t *bytes, size_t len, int64_t mono_us,
	struct nf_message *out)
{
	if (codec->decoded)
		snmp_free_pdu(codec->decoded);
	/* Not snmp_pdu_create, which hands out the library's request ids. */
	netsnmp_pdu *pdu = codec->decoded = calloc(1, sizeof *pdu);
	if (!pdu)
		return NF_DECODE_MALFORMED;
	codec->session.version = SNMP_VERSION_3;
	codec->session.s_snmp_errno = 0;
	nf_usm_attach(codec->slot, secret, engine, mono_us);
	int rc = snmp_parse(NULL, &codec->session, pdu, bytes, len);
	if (rc == 0)
		nf_usm_learn(engine, pdu->securityLevel >= SNMP_SEC_LEVEL_AUTHNOPRIV, mono_us);
	nf_usm_detach(codec->slot, engine);
	if (rc != 0)
		return fault_of(codec->session.s_snmp_errno);
	*out = (struct nf_message){
		.pdu = (uint8_t)pdu->command,
		.id = (int32_t)pdu->reqid,
		.error_status = pdu->errstat,
		.error_index = pdu->errindex,
		.authentic =
			pdu->securityLevel >= SNMP_SEC_LEVEL_NOAUTH + (int)secret->snmp->level,
	};
	take_varbinds(codec, pdu, out);
	return NF_DECODED;
}

enum nf_decoded nf_codec_decode(struct nf_codec *codec, const struct nf_snmp_login *login,
	struct nf_usm_engine *engine, uint8_t *bytes, size_t len, int64_t mono_us,
	struct nf_message *out)
{
	if (login->version != NF_SNMP_V3)
		return decode_plain(codec, bytes, len, out);
	return decode_v3(codec, login->secret, engine, bytes, len, mono_us, out);
}
