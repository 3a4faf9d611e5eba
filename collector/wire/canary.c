// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/canary.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <sodium.h>

enum { TYPE = 0x88b5 };
static const char word[] = "netfold canary";

enum nf_err nf_canary_open(int *fd, struct nf_error *err)
{
	/* Protocol 0: it is given nothing. */
	int opened = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (opened < 0)
		return nf_error_errno(err, "a raw socket for canary frames");
	*fd = opened;
	return NF_OK;
}

void nf_canary_write(const struct nf_mac *from, const struct nf_canary_token *token,
	uint8_t frame[NF_CANARY_BYTES])
{
	memset(frame, 0, NF_CANARY_BYTES);
	memset(frame, 0xff, 6);
	memcpy(frame + 6, from, 6);
	frame[12] = TYPE >> 8;
	frame[13] = TYPE & 0xff;
	memcpy(frame + 14, word, sizeof word);
	memcpy(frame + 14 + sizeof word, token, sizeof *token);
}

bool nf_canary_read(const struct nf_ether *ether, struct nf_canary_token *token)
{
	struct nf_cursor c = ether->payload;

	if (ether->type != TYPE || ether->oui)
		return false;
	const uint8_t *said = nf_cursor_bytes(&c, sizeof word);
	const uint8_t *bytes = nf_cursor_bytes(&c, sizeof *token);

	if (!bytes || memcmp(said, word, sizeof word) != 0)
		return false;
	memcpy(token, bytes, sizeof *token);
	return true;
}

enum nf_err nf_canary_send(int fd, const char *interface, struct nf_canary_token *token)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};
	struct ifreq request = {0};
	struct nf_canary_token made;
	struct nf_mac from;
	uint8_t frame[NF_CANARY_BYTES];

	if (strlen(interface) >= sizeof request.ifr_name)
		return NF_ENOENT;
	memcpy(request.ifr_name, interface, strlen(interface));
	to.sll_ifindex = (int)if_nametoindex(interface);
	if (!to.sll_ifindex || ioctl(fd, SIOCGIFHWADDR, &request) != 0 ||
		request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return NF_ENOENT;
	memcpy(&from, request.ifr_hwaddr.sa_data, sizeof from);
	memset(to.sll_addr, 0xff, 6);
	to.sll_protocol = htons(TYPE);
	randombytes_buf(&made, sizeof made);
	nf_canary_write(&from, &made, frame);
	if (sendto(fd, frame, sizeof frame, 0, (const struct sockaddr *)&to, sizeof to) !=
		(ssize_t)sizeof frame)
		return NF_ESYS;
	*token = made;
	return NF_OK;
}
