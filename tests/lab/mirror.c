// SPDX-License-Identifier: GPL-3.0-or-later
/* mirror: a switch's mirror port, for the lab: what comes in at any port of a bridge, and what the switch
 * itself sends, goes out at one more interface, too. The kernel's own way, a filter with the action
 * mirred, is a module that many small kernels lack.
 * Shape:   mirror BRIDGE INTERFACE        until it is killed
 *          A frame of more than the interface carries (offloading makes such) is cut off.
 * Needs:   CAP_NET_RAW in the namespace of the bridge; INTERFACE is no port of it.
 * Source:  packet(7)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORTS_MAX 4096 /* interfaces have small numbers, counted per namespace */
#define FRAME_MAX (ETH_HLEN + 65536)
#define WIRE_MAX  (ETH_HLEN + 1500)
#define ANEW_S	  1 /* cables are pulled, and plugged in elsewhere */

struct ports {
	bool is_port[PORTS_MAX], is_known[PORTS_MAX];
	time_t looked;
	const char *bridge;
};

static bool look(const char *bridge, int index)
{
	char name[IF_NAMESIZE], path[100];

	if (index <= 0 || !if_indextoname((unsigned)index, name))
		return false;
	snprintf(path, sizeof path, "/sys/class/net/%s/brif/%s", bridge, name);
	return access(path, F_OK) == 0;
}

static bool is_port(struct ports *ports, int index)
{
	struct timespec now;

	if (index < 0 || index >= PORTS_MAX)
		return look(ports->bridge, index);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - ports->looked >= ANEW_S) {
		for (int i = 0; i < PORTS_MAX; i++)
			ports->is_known[i] = false;
		ports->looked = now.tv_sec;
	}
	if (!ports->is_known[index]) {
		ports->is_port[index] = look(ports->bridge, index);
		ports->is_known[index] = true;
	}
	return ports->is_port[index];
}

static int open_all(void)
{
	struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), room = 4 << 20;

	if (fd < 0 || bind(fd, (struct sockaddr *)&all, sizeof all) != 0) {
		fprintf(stderr, "mirror: %s\n", strerror(errno));
		exit(3);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
	return fd;
}

int main(int argc, char **argv)
{
	static unsigned char frame[FRAME_MAX];
	static struct ports ports;
	struct sockaddr_ll from, to = {.sll_family = AF_PACKET};
	int fd, bridge;

	if (argc != 3) {
		fputs("usage: mirror BRIDGE INTERFACE\n", stderr);
		return 2;
	}
	ports.bridge = argv[1];
	bridge = (int)if_nametoindex(argv[1]);
	to.sll_ifindex = (int)if_nametoindex(argv[2]);
	fd = open_all();
	for (;;) {
		socklen_t size = sizeof from;
		ssize_t len =
			recvfrom(fd, frame, sizeof frame, 0, (struct sockaddr *)&from, &size);
		bool sends = len > 0 && from.sll_pkttype == PACKET_OUTGOING;

		if (len <= 0 || (sends ? from.sll_ifindex != bridge
				       : !is_port(&ports, from.sll_ifindex)))
			continue;
		(void)sendto(fd, frame, (size_t)(len < WIRE_MAX ? len : WIRE_MAX), 0,
			(struct sockaddr *)&to, sizeof to);
	}
}
