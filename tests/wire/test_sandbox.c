// SPDX-License-Identifier: GPL-3.0-or-later
/* What the sensor can still do in its sandbox, tried in children because there is no way out. */
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/wire/sandbox.h"

/* A socket of a kind, made and closed again. */
static int makes(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	return fd < 0 ? -1 : close(fd);
}

static int packet(void)
{
	return makes(AF_PACKET, SOCK_RAW);
}

static int internet(void)
{
	return makes(AF_INET, SOCK_STREAM);
}

static int internet6(void)
{
	return makes(AF_INET6, SOCK_DGRAM);
}

static int stream(void)
{
	return makes(AF_UNIX, SOCK_STREAM);
}

static int notify(void)
{
	return makes(AF_UNIX, SOCK_DGRAM);
}

static int program(void)
{
	char name[] = "true", *const argv[] = {name, NULL};

	return execv("/bin/true", argv);
}

static int running_memory(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? -1 : 0;
}

static int memory_made_to_run(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? 0 : mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int link_file(void)
{
	return symlink("/etc/passwd", "netfold-no-such-link");
}

/* As a damaged state.db is. */
static int move_file(void)
{
	char from[] = "/tmp/nf-sandbox-XXXXXX", to[sizeof from + 6];
	int fd = mkstemp(from);

	if (fd < 0)
		return -1;
	close(fd);
	snprintf(to, sizeof to, "%s-aside", from);
	int rc = rename(from, to);

	unlink(rc == 0 ? to : from);
	return rc;
}

static int folder_that_is_there(void)
{
	return mkdir("/tmp", 0700) < 0 && errno == EEXIST ? 0 : -1;
}

static int read_file(void)
{
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int interfaces(void)
{
	struct ifaddrs *list;
	int rc = getifaddrs(&list);

	if (rc == 0)
		freeifaddrs(list);
	return rc == 0 && if_nametoindex("lo") ? 0 : -1;
}

static const struct {
	const char *name;
	int (*try)(void); /* -1 and errno, or 0 */
	bool works;
} tries[] = {
	{"a packet socket",	    packet,		    false},
	{"an internet socket",     internet,		 false},
	{"an IPv6 socket",	   internet6,	      false},
	{"a stream",		     stream,		     false},
	{"a program",	      program,	       false},
	{"memory that runs",	     running_memory,	     false},
	{"memory made to run",     memory_made_to_run,   false},
	{"a signal to its parent", signal_parent,	  false},
	{"a link",		   link_file,	      false},
	{"the service manager",	notify,		true },
	{"a file",		   read_file,	      true },
	{"a file moved aside",     move_file,		  true },
	{"a folder that is there", folder_that_is_there, true },
	{"the interfaces",	   interfaces,	       true },
};

/* In the child: 0 as wanted, 1 not, 2 no sandbox. */
static int try_inside(size_t i)
{
	struct nf_error err;

	if (nf_wire_sandbox_enter(&err))
		return 2;
	errno = 0;
	int rc = tries[i].try();

	if (tries[i].works)
		return rc == 0 ? 0 : 1;
	return rc < 0 && errno == EPERM ? 0 : 1;
}

static void sandbox__each_row__as_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		int status = 0;

		printf("  %s\n", tries[i].name);
		fflush(stdout);
		pid_t pid = fork();

		if (pid == 0)
			_exit(try_inside(i));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sandbox__each_row__as_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
