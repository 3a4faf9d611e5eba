// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/pdu.h"

#include <string.h>

#include "tests/lab/sim/context.h"

/* Of a PDU, without its varbinds: at most. */
#define AROUND_LIST 24

enum status {
	NO_ERROR = 0,
	TOO_BIG = 1,
	NO_SUCH_NAME = 2,
	GEN_ERR = 5,
	AUTHORIZATION_ERROR = 16,
	NOT_WRITABLE = 17
};

static void fail(struct nf_sim_answerer *a, unsigned status, size_t index)
{
	a->status = status;
	a->index = index;
}

/* Appends one varbind; false where it does not fit. */
static bool put(struct nf_sim_answerer *a, const uint8_t *oid, size_t oid_len,
	const struct nf_sim_value *value)
{
	size_t size = oid_len + nf_sim_ber_head_size(value->len) + value->len;

	if (a->list_len + nf_sim_ber_head_size(size) + size > a->list_max)
		return false;
	uint8_t *at = nf_sim_ber_put_head(a->list + a->list_len, NF_SIM_SEQUENCE, size);

	memcpy(at, oid, oid_len);
	at = nf_sim_ber_put_head(at + oid_len, value->tag, value->len);
	if (value->len > 0)
		memcpy(at, value->bytes, value->len);
	a->list_len = (size_t)(at - a->list) + value->len;
	a->values++;
	return true;
}

/* An exception under the OID that was asked for, or where a walk ended. */
static bool put_exception(
	struct nf_sim_answerer *a, const uint32_t *ids, size_t ids_len, uint8_t tag)
{
	uint8_t content[NF_SIM_BER_OID_MAX];
	uint8_t element[NF_SIM_BER_OID_MAX];
	size_t len = nf_sim_ber_oid(content, ids, ids_len);
	uint8_t *end = nf_sim_ber_put_head(element, NF_SIM_OBJECT, len);
	const struct nf_sim_value none = {.tag = tag};

	memcpy(end, content, len);
	return put(a, element, (size_t)(end - element) + len, &none);
}

/* The entry's varbind. False: the PDU is full or failed. */
static bool put_entry(struct nf_sim_answerer *a, const struct nf_sim_entry *entry, size_t index)
{
	struct nf_sim_value value;

	if (a->agent->options.generr.len > 0 &&
		nf_sim_rule_of(&a->agent->options.generr, entry->ids, entry->ids_len)) {
		fail(a, GEN_ERR, index);
		return false;
	}
	nf_sim_view_value(a->agent, entry, a->forged, &value);
	return put(a, entry->oid, entry->oid_len, &value);
}

/* v1 has no Counter64: for it such objects are not there (RFC 3584 4.2.2.1). */
static bool hidden_in_v1(const struct nf_sim_answerer *a, const struct nf_sim_entry *entry)
{
	struct nf_sim_value value;

	if (a->request.version != NF_SIM_V1)
		return false;
	nf_sim_view_value(a->agent, entry, false, &value);
	return value.tag == NF_SIM_COUNTER64;
}

static const struct nf_sim_entry *next(struct nf_sim_answerer *a, size_t i)
{
	const struct nf_sim_entry *entry = nf_sim_cursor_next(&a->cursors[i]);

	while (entry && hidden_in_v1(a, entry))
		entry = nf_sim_cursor_next(&a->cursors[i]);
	return entry;
}

/* One step for varbind i of GETNEXT or GETBULK. False: stop here. */
static bool answer_next(struct nf_sim_answerer *a, size_t i, bool *ended)
{
	struct nf_sim_cursor *cursor = &a->cursors[i];
	const struct nf_sim_entry *entry = next(a, i);

	*ended = !entry;
	if (entry)
		return put_entry(a, entry, i + 1);
	if (a->request.version == NF_SIM_V1) {
		fail(a, NO_SUCH_NAME, i + 1);
		return false;
	}
	return put_exception(a, cursor->ids, cursor->ids_len, NF_SIM_END_OF_VIEW);
}

static bool answer_get(struct nf_sim_answerer *a, size_t i)
{
	const struct nf_sim_oid *oid = &a->oids[i];
	const struct nf_sim_entry *entry = nf_sim_cursor_get(&a->cursors[i], a->agent, oid);

	if (entry && !hidden_in_v1(a, entry))
		return put_entry(a, entry, i + 1);
	if (a->request.version == NF_SIM_V1) {
		fail(a, NO_SUCH_NAME, i + 1);
		return false;
	}
	return put_exception(a, oid->ids, oid->len,
		nf_sim_view_has_object(a->agent, oid) ? NF_SIM_NO_INSTANCE : NF_SIM_NO_OBJECT);
}

/* GET and GETNEXT: all of it or an error. */
static void answer_each(struct nf_sim_answerer *a)
{
	bool ended = false;

	for (size_t i = 0; i < a->request.len; i++) {
		bool good = a->request.pdu == NF_SIM_GET ? answer_get(a, i)
							 : answer_next(a, i, &ended);

		if (!good) {
			if (a->status == NO_ERROR)
				fail(a, TOO_BIG, 0);
			return;
		}
	}
}

static bool bulk_full(const struct nf_sim_answerer *a)
{
	uint32_t max = a->agent->options.bulk_max;

	return max > 0 && a->values >= max;
}

/* As much as fits; nothing at all is tooBig. A repetition in which everything ended is the last. */
static void answer_bulk(struct nf_sim_answerer *a)
{
	struct nf_sim_request *r = &a->request;
	size_t plain = r->non_repeaters < 0		     ? 0
		       : (uint64_t)r->non_repeaters < r->len ? (size_t)r->non_repeaters
							     : r->len;
	bool ended = false;
	bool room = true;

	for (size_t i = 0; i < plain && room; i++)
		room = !bulk_full(a) && answer_next(a, i, &ended);
	for (int64_t n = 0; n < r->max_repetitions && room && plain < r->len; n++) {
		bool all_ended = true;

		for (size_t i = plain; i < r->len && room; i++) {
			room = !bulk_full(a) && answer_next(a, i, &ended);
			all_ended = all_ended && ended;
		}
		if (all_ended)
			break;
	}
	if (!room && a->status == NO_ERROR && a->list_len == 0 && r->len > 0)
		fail(a, TOO_BIG, 0);
}

/* An agent that refuses what another would cut. */
static bool too_many(const struct nf_sim_answerer *a)
{
	const struct nf_sim_request *r = &a->request;
	uint64_t wanted = r->len;

	if (r->pdu == NF_SIM_GETBULK && r->max_repetitions > 0 &&
		r->non_repeaters < (int64_t)r->len) {
		uint64_t plain = r->non_repeaters > 0 ? (uint64_t)r->non_repeaters : 0;

		wanted = plain + (r->len - plain) * (uint64_t)r->max_repetitions;
	}
	return a->agent->options.toobig > 0 && wanted > a->agent->options.toobig;
}

static void answer_pdu(struct nf_sim_answerer *a)
{
	if (too_many(a)) {
		fail(a, TOO_BIG, 0);
		return;
	}
	if (a->request.pdu == NF_SIM_SET) {
		a->agent->counts.sets++;
		fail(a, a->request.version == NF_SIM_V1 ? NO_SUCH_NAME : NOT_WRITABLE, 1);
		return;
	}
	for (size_t i = 0; i < a->request.len && a->request.pdu != NF_SIM_GET; i++)
		nf_sim_cursor_start(&a->cursors[i], a->agent, &a->oids[i]);
	if (a->request.pdu == NF_SIM_GETBULK)
		answer_bulk(a);
	else
		answer_each(a);
}

/* An error carries the request's varbinds; v2c's tooBig carries none (RFC 3416 4.2.1). */
static void put_error_list(struct nf_sim_answerer *a)
{
	bool empty = a->status == TOO_BIG &&
		     (a->request.version != NF_SIM_V1 || a->agent->options.toobig_empty);
	size_t len = nf_cursor_left(&a->request.list);

	a->list_len = 0;
	a->values = 0;
	if (empty || len == 0 || len > a->list_max)
		return;
	memcpy(a->list, a->request.list.at, len);
	a->list_len = len;
}

/* The lie, if any, about the request-id. */
static int32_t reply_reqid(struct nf_sim_answerer *a)
{
	int32_t mine = a->request.reqid;
	int32_t old = a->agent->last_reqid;

	if (!a->forged)
		a->agent->last_reqid = mine;
	switch (a->agent->options.reqid) {
	case NF_SIM_REQID_WRONG:
		return mine ^ 0x55aa55;
	case NF_SIM_REQID_OLD:
		return old;
	default:
		return mine;
	}
}

size_t nf_sim_pdu_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent, bool forged,
	size_t max, uint8_t *out)
{
	uint8_t head[64];

	a->agent = agent;
	a->forged = forged;
	a->list_len = 0;
	a->values = 0;
	a->list_max = max > AROUND_LIST ? max - AROUND_LIST : 0;
	fail(a, NO_ERROR, 0);
	enum nf_sim_context context = nf_sim_context_of(agent, &a->request);
	struct nf_sim_rules hide = agent->options.hide;
	if (context == NF_SIM_UNANSWERED)
		return 0;
	if (context == NF_SIM_IN_CONTEXT)
		agent->options.hide = (struct nf_sim_rules){0};
	if (context == NF_SIM_REFUSED)
		fail(a, AUTHORIZATION_ERROR, 0);
	else
		answer_pdu(a);
	agent->options.hide = hide;
	if (a->status != NO_ERROR)
		put_error_list(a);
	uint8_t *at = nf_sim_ber_put_integer(head, reply_reqid(a));

	at = nf_sim_ber_put_integer(at, a->status);
	at = nf_sim_ber_put_integer(at, (int64_t)a->index);
	at = nf_sim_ber_put_head(at, NF_SIM_SEQUENCE, a->list_len);
	size_t head_len = (size_t)(at - head);

	at = nf_sim_ber_put_head(out, NF_SIM_RESPONSE, head_len + a->list_len);
	memcpy(at, head, head_len);
	if (a->list_len > 0)
		memcpy(at + head_len, a->list, a->list_len);
	return (size_t)(at - out) + head_len + a->list_len;
}
