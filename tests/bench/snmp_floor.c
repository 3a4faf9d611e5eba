// SPDX-License-Identifier: GPL-3.0-or-later
/* snmp_floor: the least that reading tables over SNMP costs: one UDP socket, sendmmsg and recvmmsg, GETBULK
 * of 7 columns by 9 rows, each answer decoded, nothing kept. What netfold-snmp is measured against.
 * Usage:   snmp_floor ADDRESSES PORT ROWS, ADDRESSES as the simulator's; prints
 *          "pdus=… values=… lost=… cpu_us=…".
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/parse.h"
#include "tests/lab/sim/ber.h"
#include "tests/lab/sim/range.h"

#define BATCH	    64
#define IN_FLIGHT   512
#define REQUEST_MAX 512
#define REPLY_MAX   2048
#define COLUMNS	    7
#define ROWS	    9
#define SILENCE_MS  1000

struct floor {
	int fd;
	struct nf_sim_range range;
	uint16_t port;
	uint32_t rows;
	uint8_t request[REQUEST_MAX];
	size_t request_len;
	struct mmsghdr headers[BATCH];
	struct iovec pieces[BATCH];
	struct sockaddr_storage names[BATCH];
	uint8_t replies[BATCH][REPLY_MAX];
	uint64_t pdus, values, lost, sum;
};

static size_t put_element(uint8_t *at, uint8_t tag, const uint8_t *content, size_t len)
{
	uint8_t *end = nf_sim_ber_put_head(at, tag, len);

	memcpy(end, content, len);
	return (size_t)(end - at) + len;
}

static size_t put_integer(uint8_t *at, int64_t number)
{
	uint8_t content[NF_SIM_BER_INTEGER_MAX];
	size_t len = nf_sim_ber_signed(content, number);

	return put_element(at, NF_SIM_INTEGER, content, len);
}

/* ifHCInOctets and six neighbours of it, behind this row. */
static size_t put_varbinds(uint8_t *at, uint32_t row)
{
	static const uint32_t columns[COLUMNS] = {6, 7, 8, 9, 10, 11, 12};
	uint32_t ids[12] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1};
	uint8_t *start = at;

	for (size_t i = 0; i < COLUMNS; i++) {
		uint8_t oid[NF_SIM_BER_OID_MAX];
		uint8_t varbind[64];

		ids[10] = columns[i];
		ids[11] = row;
		size_t len =
			put_element(varbind, NF_SIM_OBJECT, oid, nf_sim_ber_oid(oid, ids, 12));

		len += put_element(varbind + len, NF_SIM_NULL, oid, 0);
		at += put_element(at, NF_SIM_SEQUENCE, varbind, len);
	}
	return (size_t)(at - start);
}

/* One request serves every agent: only the row differs from round to round. */
static void make_request(struct floor *f, uint32_t row)
{
	uint8_t list[REQUEST_MAX], pdu[REQUEST_MAX], message[REQUEST_MAX];
	size_t list_len = put_varbinds(list, row);
	size_t len = put_integer(pdu, 0x12345678);

	len += put_integer(pdu + len, 0);
	len += put_integer(pdu + len, ROWS);
	len += put_element(pdu + len, NF_SIM_SEQUENCE, list, list_len);
	size_t message_len = put_integer(message, 1);

	message_len +=
		put_element(message + message_len, NF_SIM_OCTETS, (const uint8_t *)"public", 6);
	message_len += put_element(message + message_len, NF_SIM_GETBULK, pdu, len);
	f->request_len = put_element(f->request, NF_SIM_SEQUENCE, message, message_len);
}

static void decode(struct floor *f, const uint8_t *bytes, size_t len)
{
	struct nf_cursor all = nf_cursor_of(bytes, len);
	struct nf_cursor message, community, pdu, list, varbind, oid, value;
	int64_t number;
	uint8_t tag;
	struct nf_sim_oid ids;

	if (!nf_sim_ber_read(&all, &tag, &message) ||
		!nf_sim_ber_read_integer(&message, &number) ||
		!nf_sim_ber_read(&message, &tag, &community) ||
		!nf_sim_ber_read(&message, &tag, &pdu) ||
		!nf_sim_ber_read_integer(&pdu, &number) ||
		!nf_sim_ber_read_integer(&pdu, &number) ||
		!nf_sim_ber_read_integer(&pdu, &number) || !nf_sim_ber_read(&pdu, &tag, &list))
		return;
	while (nf_sim_ber_read(&list, &tag, &varbind) &&
		nf_sim_ber_read(&varbind, &tag, &oid) && nf_sim_ber_decode_oid(oid, &ids) &&
		nf_sim_ber_read(&varbind, &tag, &value)) {
		while (nf_cursor_left(&value) > 0)
			f->sum = f->sum << 8 | nf_cursor_u8(&value);
		f->values++;
	}
	f->pdus++;
}

static void send_to(struct floor *f, uint32_t first, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct nf_addr addr = nf_sim_range_at(&f->range, first + i);
		socklen_t len = nf_addr_to_sockaddr(&addr, f->port, &f->names[i]);

		f->pieces[i] = (struct iovec){f->request, f->request_len};
		f->headers[i].msg_hdr = (struct msghdr){.msg_name = &f->names[i],
			.msg_namelen = len,
			.msg_iov = &f->pieces[i],
			.msg_iovlen = 1};
	}
	for (unsigned done = 0; done < count;) {
		int sent = sendmmsg(f->fd, f->headers + done, count - done, 0);

		if (sent <= 0 && errno != EINTR)
			return;
		done += sent > 0 ? (unsigned)sent : 0;
	}
}

static void receive(struct floor *f, uint32_t count)
{
	struct pollfd fd = {.fd = f->fd, .events = POLLIN};

	while (count > 0) {
		if (poll(&fd, 1, SILENCE_MS) <= 0) {
			f->lost += count;
			return;
		}
		for (size_t i = 0; i < BATCH; i++) {
			f->pieces[i] = (struct iovec){f->replies[i], REPLY_MAX};
			f->headers[i].msg_hdr =
				(struct msghdr){.msg_iov = &f->pieces[i], .msg_iovlen = 1};
		}
		int got = recvmmsg(f->fd, f->headers, BATCH, MSG_DONTWAIT, NULL);

		for (int i = 0; i < got; i++)
			decode(f, f->replies[i], f->headers[i].msg_len);
		count -= got > 0 && (uint32_t)got < count ? (uint32_t)got : got > 0 ? count : 0;
	}
}

static void read_tables(struct floor *f)
{
	for (uint32_t first = 0; first < f->range.len; first += IN_FLIGHT) {
		uint32_t left = f->range.len - first;
		uint32_t agents = left < IN_FLIGHT ? left : IN_FLIGHT;

		for (uint32_t row = 0; row < f->rows; row += ROWS) {
			make_request(f, row);
			for (uint32_t at = 0; at < agents; at += BATCH)
				send_to(f, first + at,
					agents - at < BATCH ? agents - at : BATCH);
			receive(f, agents);
		}
	}
}

static bool take_arguments(struct floor *f, int argc, char **argv)
{
	uint64_t port, rows;

	if (argc != 4 || nf_sim_range_parse(argv[1], &f->range, NULL) != NF_OK ||
		nf_parse_u64(argv[2], 1, 65535, &port) != NF_OK ||
		nf_parse_u64(argv[3], 1, 10000, &rows) != NF_OK || f->range.len == 0)
		return false;
	f->port = (uint16_t)port;
	f->rows = (uint32_t)rows;
	return true;
}

int main(int argc, char **argv)
{
	struct floor *f = nf_xcalloc(1, sizeof *f);
	const int queue = 16 << 20;
	struct rusage usage;

	if (!take_arguments(f, argc, argv)) {
		fputs("usage: snmp_floor ADDRESSES PORT ROWS\n", stderr);
		return 2;
	}
	f->fd = socket(f->range.first.family == NF_IPV6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	if (setsockopt(f->fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof queue) != 0)
		setsockopt(f->fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue);
	read_tables(f);
	getrusage(RUSAGE_SELF, &usage);
	printf("pdus=%lu values=%lu lost=%lu cpu_us=%ld\n", f->pdus, f->values, f->lost,
		(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
			usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
	close(f->fd);
	free(f);
	return 0;
}
