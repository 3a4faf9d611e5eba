// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#define DESCRIPTORS_MAX 1024

/* What the helpers need once everything is loaded. */
static const int allowed[] = {
	/* talk */
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(readv),
	SCMP_SYS(writev),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(shutdown),
	SCMP_SYS(close),
	SCMP_SYS(fcntl), /* libssh2 sets O_NONBLOCK */
	/* wait */
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(futex),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sched_yield),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* self */
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), /* the sanitizers' */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Of a worker's whole life: hashes of some TB. One that burns more is ended, and another takes its place. */
#define CPU_MAX_S (12 * 3600u)

static enum nf_err limit(uint64_t memory_max, struct nf_error *err)
{
	const struct {
		__rlimit_resource_t what;
		rlim_t most;
	} limits[] = {
		{RLIMIT_CORE,   0				      },
		{RLIMIT_CPU,    CPU_MAX_S			      },
		{RLIMIT_NPROC,  0				      },
		{RLIMIT_NOFILE, DESCRIPTORS_MAX			       },
		{RLIMIT_AS,	    memory_max ? memory_max : RLIM_INFINITY},
	};
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit old;
		if (getrlimit(limits[i].what, &old) != 0)
			return nf_error_errno(err, "cannot read a limit");
		rlim_t most = limits[i].most < old.rlim_max ? limits[i].most : old.rlim_max;
		if (setrlimit(limits[i].what, &(struct rlimit){most, most}) != 0)
			return nf_error_errno(err, "cannot set a limit");
	}
	return NF_OK;
}

static enum nf_err drop_capabilities(struct nf_error *err)
{
	cap_t none = cap_init();
	bool ok = none && cap_set_proc(none) == 0;
	cap_free(none);
	if (!ok)
		return nf_error_errno(err, "cannot drop capabilities");
	return NF_OK;
}

/* Best effort: kernels before 5.13, and those booted without it, have no Landlock. */
static enum nf_err forbid_files(struct nf_error *err)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
	long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0u);
	if (fd < 0)
		return NF_OK;
	long rc = syscall(SYS_landlock_restrict_self, (int)fd, 0u);
	close((int)fd);
	if (rc != 0)
		return nf_error_errno(err, "Landlock refuses");
	return NF_OK;
}

static enum nf_err filter_calls(struct nf_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = filter ? 0 : -ENOMEM;
	for (size_t i = 0; rc == 0 && i < sizeof allowed / sizeof *allowed; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	/* Memory that runs is never new memory. */
	const struct scmp_arg_cmp not_run = {
		.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC};
	const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	for (size_t i = 0; rc == 0 && i < sizeof mapping / sizeof *mapping; i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, mapping[i], 1, &not_run);
	/* To end itself where an assertion fails, and nobody else. */
	const struct scmp_arg_cmp self = {.op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid()};
	if (rc == 0)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc < 0) {
		errno = -rc;
		return nf_error_errno(err, "cannot filter system calls");
	}
	return NF_OK;
}

enum nf_err nf_sandbox_enter(uint64_t memory_max, struct nf_error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return nf_error_errno(err, "prctl");
	enum nf_err rc = limit(memory_max, err);
	if (rc == NF_OK)
		rc = drop_capabilities(err);
	if (rc == NF_OK)
		rc = forbid_files(err);
	if (rc == NF_OK)
		rc = filter_calls(err);
	return rc;
}

static bool can_open(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_write(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		for (;;)
			raise(SIGKILL);
	return pid >= 0;
}

static bool can_run_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	       MAP_FAILED;
}

unsigned nf_sandbox_leaks(const char **first)
{
	char *const argv[] = {NULL};
	const struct {
		const char *what;
		bool worked;
	} tries[] = {
		{"open a file",	can_open()		  },
		{			   "open a device",	  can_write()			     },
		{	 "make an internet socket",	    can_socket(AF_INET,					SOCK_STREAM)},
		{	 "make a unix socket",       can_socket(AF_UNIX,				   SOCK_STREAM)},
		{		      "fork",			 can_fork()			   },
		{		 "map memory that runs", can_run_memory()},
		{		 "signal its parent",	      kill(getppid(),	      0) == 0},
		{ "trace",	  ptrace(PTRACE_TRACEME,					 0, NULL, NULL) == 0},
		{					     "become dumpable",		    prctl(PR_SET_DUMPABLE,					   1, 0, 0, 0) == 0},
		{			  "start a program",		    execv("/bin/true",			       argv) == 0},
	};
	unsigned count = 0;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		if (tries[i].worked && count++ == 0)
			*first = tries[i].what;
	return count;
}
