// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/v3.h"

#include <string.h>

#include "tests/lab/sim/context.h"
#include "tests/lab/sim/usm.h"

#define REPORT	     0xa8
#define AUTH	     0x01
#define PRIV	     0x02
#define REPORTABLE   0x04
#define USM	     3
#define WINDOW_S     150
#define OVERHEAD_MAX 256 /* everything around a PDU */

/* usmStats counters, by their last but one sub-identifier (RFC 3414 5). */
enum refusal {
	NONE = 0,
	UNSUPPORTED_LEVEL = 1,
	NOT_IN_TIME_WINDOW = 2,
	UNKNOWN_USER = 3,
	UNKNOWN_ENGINE = 4,
	WRONG_DIGEST = 5,
	DECRYPTION_ERROR = 6,
};

struct message {
	const uint8_t *bytes;
	size_t len;
	int64_t id;
	uint8_t flags;
	struct nf_cursor engine, user, mac, salt;
	int64_t boots, time_s;
	uint8_t data_tag; /* SEQUENCE: plain, OCTETS: encrypted */
	struct nf_cursor data;
};

/* What a reply's head says. */
struct clock {
	uint32_t boots, time_s;
};

bool nf_sim_v3_is(const uint8_t *message, size_t len)
{
	struct nf_cursor all = nf_cursor_of(message, len);
	struct nf_cursor content;
	uint8_t tag;
	int64_t version;

	return nf_sim_ber_read(&all, &tag, &content) && tag == NF_SIM_SEQUENCE &&
	       nf_sim_ber_read_integer(&content, &version) && version == NF_SIM_V3;
}

static bool read_octets(struct nf_cursor *from, struct nf_cursor *out)
{
	uint8_t tag;

	return nf_sim_ber_read(from, &tag, out) && tag == NF_SIM_OCTETS;
}

static bool decode_security(struct nf_cursor params, struct message *m)
{
	struct nf_cursor s;
	uint8_t tag;

	return nf_sim_ber_read(&params, &tag, &s) && tag == NF_SIM_SEQUENCE &&
	       read_octets(&s, &m->engine) && nf_sim_ber_read_integer(&s, &m->boots) &&
	       nf_sim_ber_read_integer(&s, &m->time_s) && read_octets(&s, &m->user) &&
	       read_octets(&s, &m->mac) && read_octets(&s, &m->salt);
}

static bool decode(const uint8_t *bytes, size_t len, struct message *m)
{
	struct nf_cursor all = nf_cursor_of(bytes, len);
	struct nf_cursor whole, head, flags, params;
	int64_t version, max_size, model;
	uint8_t tag;

	m->bytes = bytes;
	m->len = len;
	if (!nf_sim_ber_read(&all, &tag, &whole) ||
		!nf_sim_ber_read_integer(&whole, &version) ||
		!nf_sim_ber_read(&whole, &tag, &head) || tag != NF_SIM_SEQUENCE ||
		!nf_sim_ber_read_integer(&head, &m->id) ||
		!nf_sim_ber_read_integer(&head, &max_size) || !read_octets(&head, &flags) ||
		!nf_sim_ber_read_integer(&head, &model) || model != USM ||
		!read_octets(&whole, &params) || !decode_security(params, m) ||
		!nf_sim_ber_read(&whole, &m->data_tag, &m->data))
		return false;
	m->flags = nf_cursor_u8(&flags);
	return !flags.failed;
}

static bool equals(const struct nf_cursor *c, const void *bytes, size_t len)
{
	return nf_cursor_left(c) == len && (len == 0 || memcmp(c->at, bytes, len) == 0);
}

static bool signature_holds(
	struct nf_sim_answerer *a, const struct nf_sim_usm *usm, const struct message *m)
{
	size_t mac_len = nf_sim_usm_mac_len(usm);
	uint8_t mac[NF_SIM_MAC_MAX];

	if (nf_cursor_left(&m->mac) != mac_len || m->len > sizeof a->pdu)
		return false;
	memcpy(a->pdu, m->bytes, m->len);
	memset(a->pdu + (m->mac.at - m->bytes), 0, mac_len);
	return nf_sim_usm_sign(usm, a->pdu, m->len, mac) && equals(&m->mac, mac, mac_len);
}

/* In the order of RFC 3414 3.2. */
static enum refusal check(struct nf_sim_answerer *a, const struct nf_sim_agent *agent,
	const struct message *m, struct clock clock)
{
	const struct nf_sim_usm *usm = agent->usm;
	size_t engine_len;
	const uint8_t *engine = nf_sim_usm_engine(usm, &engine_len);
	uint8_t level = (uint8_t)((nf_sim_usm_has_auth(usm) ? AUTH : 0) |
				  (nf_sim_usm_has_priv(usm) ? PRIV : 0));
	int64_t late = m->time_s - clock.time_s;

	if (!equals(&m->engine, engine, engine_len))
		return UNKNOWN_ENGINE;
	if (!equals(&m->user, agent->options.user, strlen(agent->options.user)))
		return UNKNOWN_USER;
	if ((m->flags & (AUTH | PRIV)) != level)
		return UNSUPPORTED_LEVEL;
	if (!(level & AUTH))
		return NONE;
	if (!signature_holds(a, usm, m))
		return WRONG_DIGEST;
	if (m->boots != clock.boots || late > WINDOW_S || late < -WINDOW_S)
		return NOT_IN_TIME_WINDOW;
	return NONE;
}

/* Opens the scoped PDU into a->sealed if need be and decodes the request in it. */
static enum refusal open_data(
	struct nf_sim_answerer *a, const struct nf_sim_agent *agent, const struct message *m)
{
	struct nf_cursor scoped = m->data;
	struct nf_cursor context;
	uint8_t tag = m->data_tag;

	if (m->flags & PRIV) {
		size_t len = nf_cursor_left(&m->data);

		if (tag != NF_SIM_OCTETS || nf_cursor_left(&m->salt) != NF_SIM_SALT_LEN ||
			len > NF_SIM_MESSAGE_MAX)
			return DECRYPTION_ERROR;
		len = nf_sim_usm_decrypt(agent->usm, (uint32_t)m->boots, (uint32_t)m->time_s,
			m->salt.at, m->data.at, len, a->sealed);
		struct nf_cursor plain = nf_cursor_of(a->sealed, len);

		if (!nf_sim_ber_read(&plain, &tag, &scoped))
			return DECRYPTION_ERROR;
	}
	a->request.version = NF_SIM_V3;
	a->request.vlan = (struct nf_cursor){0};
	if (tag != NF_SIM_SEQUENCE || !read_octets(&scoped, &context) ||
		!read_octets(&scoped, &context) ||
		!nf_sim_request_decode_pdu(&scoped, &a->request, a->oids))
		return DECRYPTION_ERROR;
	a->request.vlan = nf_sim_context_vlan(&context, "vlan-");
	return NONE;
}

static uint8_t *put_octets(uint8_t *at, const void *bytes, size_t len)
{
	at = nf_sim_ber_put_head(at, NF_SIM_OCTETS, len);
	if (len > 0)
		memcpy(at, bytes, len);
	return at + len;
}

/* Wraps what stands from `from` to `end`, in place: the content moves behind its head. */
static uint8_t *wrap(uint8_t *from, const uint8_t *end, uint8_t tag)
{
	size_t len = (size_t)(end - from);
	size_t head = nf_sim_ber_head_size(len);

	memmove(from + head, from, len);
	nf_sim_ber_put_head(from, tag, len);
	return from + head + len;
}

static int64_t reply_id(const struct nf_sim_agent *agent, int64_t id)
{
	return agent->options.reqid == NF_SIM_REQID_WRONG ? id ^ 0x55aa55 : id;
}

/* The message's head and security parameters; *mac_back: how far before the end the signature starts. */
static uint8_t *put_front(uint8_t *at, const struct nf_sim_agent *agent,
	const struct message *m, uint8_t flags, struct clock clock, const uint8_t *salt,
	size_t *mac_back)
{
	static const uint8_t zeros[NF_SIM_MAC_MAX] = {0};
	size_t mac_len = flags & AUTH ? nf_sim_usm_mac_len(agent->usm) : 0;
	size_t salt_len = flags & PRIV ? NF_SIM_SALT_LEN : 0;
	size_t engine_len;
	const uint8_t *engine = nf_sim_usm_engine(agent->usm, &engine_len);
	uint8_t *start;

	at = nf_sim_ber_put_integer(at, NF_SIM_V3);
	start = at;
	at = nf_sim_ber_put_integer(at, reply_id(agent, m->id));
	at = nf_sim_ber_put_integer(at, NF_SIM_MESSAGE_MAX);
	at = put_octets(at, &flags, 1);
	at = nf_sim_ber_put_integer(at, USM);
	at = wrap(start, at, NF_SIM_SEQUENCE);
	start = at;
	at = put_octets(at, engine, engine_len);
	at = nf_sim_ber_put_integer(at, clock.boots);
	at = nf_sim_ber_put_integer(at, clock.time_s);
	at = put_octets(at, m->user.at, nf_cursor_left(&m->user));
	at = put_octets(at, zeros, mac_len);
	at = put_octets(at, salt, salt_len);
	*mac_back = 2 + salt_len + mac_len;
	at = wrap(start, at, NF_SIM_SEQUENCE);
	return wrap(start, at, NF_SIM_OCTETS);
}

/* The whole message around a scoped PDU of scoped_len bytes in a->pdu. */
static size_t put_message(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const struct message *m, uint8_t flags, struct clock clock, size_t scoped_len,
	uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	uint8_t salt[NF_SIM_SALT_LEN] = {0};
	const uint8_t *data = a->pdu;
	size_t data_len = scoped_len;
	size_t sealed_head = 0;
	size_t mac_back;

	if (flags & PRIV) {
		data_len = nf_sim_usm_encrypt(agent->usm, clock.boots, clock.time_s, salt,
			a->pdu, scoped_len, a->sealed);
		data = a->sealed;
		sealed_head = nf_sim_ber_head_size(data_len);
	}
	if (data_len == 0 || data_len + OVERHEAD_MAX > NF_SIM_MESSAGE_MAX ||
		nf_cursor_left(&m->user) > 64)
		return 0;
	uint8_t *at = put_front(reply, agent, m, flags, clock, salt, &mac_back);

	if (sealed_head > 0)
		at = nf_sim_ber_put_head(at, NF_SIM_OCTETS, data_len);
	memcpy(at, data, data_len);
	uint8_t *end = wrap(reply, at + data_len, NF_SIM_SEQUENCE);
	size_t len = (size_t)(end - reply);

	if (flags & AUTH) {
		size_t mac_at = len - data_len - sealed_head - mac_back;
		uint8_t mac[NF_SIM_MAC_MAX];

		if (!nf_sim_usm_sign(agent->usm, reply, len, mac))
			return 0;
		memcpy(reply + mac_at, mac, nf_sim_usm_mac_len(agent->usm));
	}
	return len;
}

/* contextEngineID and contextName in front of the PDU at a->pdu + room; the scoped PDU's length. */
static size_t scope(struct nf_sim_answerer *a, const struct nf_sim_agent *agent,
	const uint8_t *pdu, size_t pdu_len)
{
	size_t engine_len;
	const uint8_t *engine = nf_sim_usm_engine(agent->usm, &engine_len);
	uint8_t *at = put_octets(a->pdu, engine, engine_len);

	at = put_octets(at, "", 0);
	memmove(at, pdu, pdu_len);
	return (size_t)(wrap(a->pdu, at + pdu_len, NF_SIM_SEQUENCE) - a->pdu);
}

static size_t put_report(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const struct message *m, enum refusal why, struct clock clock,
	uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	const uint32_t ids[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, (uint32_t)why, 0};
	uint8_t pdu[128];
	uint8_t content[NF_SIM_BER_OID_MAX];
	uint8_t *at = nf_sim_ber_put_integer(pdu, 0);
	size_t oid_len = nf_sim_ber_oid(content, ids, sizeof ids / sizeof *ids);
	uint8_t flags = why == NOT_IN_TIME_WINDOW && nf_sim_usm_has_auth(agent->usm) ? AUTH : 0;

	at = nf_sim_ber_put_integer(nf_sim_ber_put_integer(at, 0), 0);
	uint8_t *list = at;

	at = nf_sim_ber_put_head(at, NF_SIM_OBJECT, oid_len);
	memcpy(at, content, oid_len);
	at = nf_sim_ber_put_head(at + oid_len, NF_SIM_COUNTER32, 1);
	*at++ = 1;
	at = wrap(list, wrap(list, at, NF_SIM_SEQUENCE), NF_SIM_SEQUENCE);
	at = wrap(pdu, at, REPORT);
	a->values = 0;
	return put_message(
		a, agent, m, flags, clock, scope(a, agent, pdu, (size_t)(at - pdu)), reply);
}

size_t nf_sim_v3_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *message, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX])
{
	struct message m;
	const struct clock clock = {
		.boots = agent->options.boots + agent->reboots,
		.time_s = (uint32_t)((agent->now_us - agent->boot_us) / 1000000) & INT32_MAX,
	};

	if (!agent->usm || !decode(message, len, &m))
		return 0;
	if (forged)
		return put_report(a, agent, &m, UNKNOWN_USER, clock, reply);
	enum refusal why = check(a, agent, &m, clock);

	if (why == NONE)
		why = open_data(a, agent, &m);
	if (why != NONE)
		return m.flags & REPORTABLE ? put_report(a, agent, &m, why, clock, reply) : 0;
	size_t max = agent->options.max_size;
	size_t pdu_len = nf_sim_pdu_answer(
		a, agent, false, max > OVERHEAD_MAX ? max - OVERHEAD_MAX : 0, a->sealed);

	if (pdu_len == 0)
		return 0;
	return put_message(a, agent, &m, m.flags & (AUTH | PRIV), clock,
		scope(a, agent, a->sealed, pdu_len), reply);
}
