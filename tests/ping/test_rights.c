// SPDX-License-Identifier: GPL-3.0-or-later
/* What is left of root after the two steps, tried in children because there is no way back. */
#include "tests/test.h"

#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rights.h"
#include "collector/ping/pinger.h"

enum { OWNER = 65534 };

/* In the child: every way back that there is. Returns the number of the first that works. */
static int ways_back(void)
{
	static const cap_value_t raw[] = {CAP_NET_RAW};
	cap_t caps = cap_init();

	if (socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0)
		return 1;
	if (socket(AF_PACKET, SOCK_RAW, 0) >= 0)
		return 2;
	cap_set_flag(caps, CAP_PERMITTED, 1, raw, CAP_SET);
	if (cap_set_proc(caps) == 0)
		return 3;
	cap_clear(caps);
	cap_set_flag(caps, CAP_INHERITABLE, 1, raw, CAP_SET);
	if (cap_set_proc(caps) == 0)
		return 4;
	cap_free(caps);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0)
		return 5;
	for (cap_value_t c = 0; cap_get_bound(c) >= 0; c++)
		if (cap_get_bound(c) == 1)
			return 6;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 7;
	if (prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0)
		return 8;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0)
		return 9;
	return 0;
}

static int become_ways_back(void)
{
	if (setuid(0) == 0 || seteuid(0) == 0 || setresuid(0, 0, 0) == 0)
		return 11;
	if (setgid(0) == 0 || setgroups(0, NULL) == 0)
		return 12;
	if (getuid() != OWNER || geteuid() != OWNER || getgid() != OWNER || getegid() != OWNER)
		return 13;
	return 0;
}

/* Runs `child` in a process of its own and gives its exit status. */
static int in_child(int (*child)(const char *folder), const char *folder)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child(folder));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int shed_all(const char *folder)
{
	struct nf_pinger *pinger = NULL;
	struct nf_error err = {0};

	if (nf_pinger_open(&pinger, &err) || nf_rights_shed(&err) ||
		nf_rights_become_owner(folder, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 20;
	}
	return ways_back();
}

static int shed_and_become(const char *folder)
{
	int rc = shed_all(folder);

	return rc ? rc : become_ways_back();
}

/* After the first step only the right to become somebody else is left. */
static int first_step(const char *folder)
{
	struct nf_error err;

	(void)folder;
	if (nf_rights_shed(&err))
		return 20;
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0 ? 21 : 0;
}

static void first_step__as_root__no_raw_socket(void **state)
{
	assert_int_equal(in_child(first_step, *state), 0);
}

static void both_steps__somebodys_folder__is_that_user_for_good(void **state)
{
	if (chown(*state, OWNER, OWNER) != 0) {
		print_message("  this namespace has no second user\n");
		return;
	}
	assert_int_equal(in_child(shed_and_become, *state), 0);
}

static void both_steps__roots_folder__is_root_by_name_only(void **state)
{
	assert_int_equal(chown(*state, 0, 0), 0);
	assert_int_equal(in_child(shed_all, *state), 0);
}

static void both_steps__folder_not_there__is_root_by_name_only(void **state)
{
	(void)state;
	assert_int_equal(in_child(shed_all, "/nowhere/at/all"), 0);
}

static int make_folder(void **state)
{
	static char folder[] = "/tmp/nf-rights-XXXXXX";

	*state = mkdtemp(folder);
	return *state == NULL;
}

static int remove_folder(void **state)
{
	return rmdir(*state);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_step__as_root__no_raw_socket),
		cmocka_unit_test(both_steps__somebodys_folder__is_that_user_for_good),
		cmocka_unit_test(both_steps__roots_folder__is_root_by_name_only),
		cmocka_unit_test(both_steps__folder_not_there__is_root_by_name_only),
	};
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	if (geteuid() != 0 || fd < 0) {
		puts("skipped: needs root with CAP_NET_RAW");
		return NF_SKIP;
	}
	close(fd);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
