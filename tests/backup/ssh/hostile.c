// SPDX-License-Identifier: GPL-3.0-or-later
/* hostile: a server that is no SSH server, in one of several ways; prints its port, then serves until it is
 * ended.
 *     hostile silent|banner|lines|ignore|garbage|zeros|huge|empty|close|drip [ADDRESS PORT]
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BANNER "SSH-2.0-OpenSSH_9.9 hostile\r\n"

static void put(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL) < 0)
		_exit(0);
}

static void say(int fd, const char *text)
{
	put(fd, text, strlen(text));
}

static void for_ever(int fd, const void *bytes, size_t len)
{
	for (;;)
		put(fd, bytes, len);
}

/* As many packets of this content as go into one piece. */
static void packets_for_ever(int fd, uint8_t type)
{
	uint8_t many[16 * 1024];
	const uint8_t one[16] = {0, 0, 0, 12, 6, type};
	for (size_t i = 0; i < sizeof many; i += sizeof one)
		memcpy(many + i, one, sizeof one);
	for_ever(fd, many, sizeof many);
}

static void serve(int fd, const char *how)
{
	static const uint8_t huge[] = {0x7f, 0xff, 0xff, 0xff, 4, 20}, empty[] = {0, 0, 0, 0};
	uint8_t noise[4096];
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)(i * 7919 >> 3);
	if (strcmp(how, "close") == 0)
		return;
	if (strcmp(how, "lines") == 0)
		for (;;)
			say(fd, "welcome to this server, please wait\r\n");
	if (strcmp(how, "garbage") == 0)
		for_ever(fd, noise, sizeof noise);
	if (strcmp(how, "drip") == 0)
		for (const char *c = "SSH-2.0-slow and slow and slow and slow";;
			c += c[1] != '\0') {
			put(fd, c, 1);
			sleep(1);
		}
	if (strcmp(how, "silent") != 0)
		say(fd, BANNER);
	if (strcmp(how, "ignore") == 0)
		packets_for_ever(fd, 2);
	if (strcmp(how, "zeros") == 0)
		for_ever(fd, empty, sizeof empty);
	if (strcmp(how, "empty") == 0)
		put(fd, empty, sizeof empty);
	if (strcmp(how, "huge") == 0) {
		put(fd, huge, sizeof huge);
		for_ever(fd, noise, sizeof noise);
	}
	pause();
}

int main(int argc, char **argv)
{
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	if (argc == 4) {
		at.sin_port = htons((uint16_t)strtoul(argv[3], NULL, 10));
		inet_pton(AF_INET, argv[2], &at.sin_addr);
	}
	if ((argc != 2 && argc != 4) || bind(server, (struct sockaddr *)&at, len) != 0 ||
		listen(server, 100) != 0 ||
		getsockname(server, (struct sockaddr *)&at, &len) != 0)
		return 2;
	printf("%u\n", ntohs(at.sin_port));
	fflush(stdout);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(server, NULL, NULL);
		if (fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd, argv[1]);
			_exit(0);
		}
		close(fd);
	}
}
