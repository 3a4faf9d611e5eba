// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/request.h"

static bool decode_varbinds(struct nf_cursor list, struct nf_sim_request *out,
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX])
{
	out->len = 0;
	while (nf_cursor_left(&list) > 0) {
		struct nf_cursor varbind;
		struct nf_cursor name;
		struct nf_cursor value;
		uint8_t tag;

		if (out->len == NF_SIM_VARBINDS_MAX ||
			!nf_sim_ber_read(&list, &tag, &varbind) || tag != NF_SIM_SEQUENCE ||
			!nf_sim_ber_read(&varbind, &tag, &name) || tag != NF_SIM_OBJECT ||
			!nf_sim_ber_read(&varbind, &tag, &value) ||
			!nf_sim_ber_decode_oid(name, &oids[out->len]))
			return false;
		out->len++;
	}
	return !list.failed;
}

static bool known_pdu(const struct nf_sim_request *request)
{
	return request->pdu == NF_SIM_GET || request->pdu == NF_SIM_GETNEXT ||
	       request->pdu == NF_SIM_SET ||
	       (request->pdu == NF_SIM_GETBULK && request->version != NF_SIM_V1);
}

bool nf_sim_request_decode_pdu(struct nf_cursor *message, struct nf_sim_request *out,
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX])
{
	struct nf_cursor pdu;
	uint8_t tag;
	int64_t reqid;

	if (!nf_sim_ber_read(message, &out->pdu, &pdu) || !known_pdu(out) ||
		!nf_sim_ber_read_integer(&pdu, &reqid) ||
		!nf_sim_ber_read_integer(&pdu, &out->non_repeaters) ||
		!nf_sim_ber_read_integer(&pdu, &out->max_repetitions) ||
		!nf_sim_ber_read(&pdu, &tag, &out->list) || tag != NF_SIM_SEQUENCE ||
		reqid < INT32_MIN || reqid > INT32_MAX)
		return false;
	out->reqid = (int32_t)reqid;
	return decode_varbinds(out->list, out, oids);
}

bool nf_sim_request_decode(const uint8_t *bytes, size_t len, struct nf_sim_request *out,
	struct nf_sim_oid oids[NF_SIM_VARBINDS_MAX])
{
	struct nf_cursor all = nf_cursor_of(bytes, len);
	struct nf_cursor message;
	uint8_t tag;

	return nf_sim_ber_read(&all, &tag, &message) && tag == NF_SIM_SEQUENCE &&
	       nf_sim_ber_read_integer(&message, &out->version) &&
	       (out->version == NF_SIM_V1 || out->version == NF_SIM_V2C) &&
	       nf_sim_ber_read(&message, &tag, &out->community) && tag == NF_SIM_OCTETS &&
	       nf_sim_request_decode_pdu(&message, out, oids);
}
