// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/sandbox.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

enum { SOCKET_TYPE = 0xf }; /* without SOCK_CLOEXEC and SOCK_NONBLOCK */

static const int allowed[] = {
	/* files: state.db, its WAL and locks; the site and its profiles, read again */
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fcntl),
	SCMP_SYS(flock),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename), /* of a state.db that is damaged */
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(mkdir), /* of the state directory */
	SCMP_SYS(mkdirat),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fallocate),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchown),
	SCMP_SYS(umask),
	SCMP_SYS(dup),
	SCMP_SYS(pipe2),
	/* the sockets it has */
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname),
	SCMP_SYS(bind), /* of a netlink socket */
	SCMP_SYS(connect),
	/* wait */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(select),
	SCMP_SYS(futex),
	SCMP_SYS(sched_yield),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(restart_syscall),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* self */
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrusage),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
/* What looks for leaks at the end is a process that stops this one. */
static const int sanitizers[] = {
	SCMP_SYS(clone),
	SCMP_SYS(getdents),
	SCMP_SYS(getppid),
	SCMP_SYS(ptrace),
	SCMP_SYS(wait4),
	SCMP_SYS(prctl),
	SCMP_SYS(prlimit64),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(pipe),
};
#endif

static int allow(scmp_filter_ctx filter, const int *calls, size_t len)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < len; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}

/* With one argument (by its number) that has this value where the mask is. */
static int allow_only(
	scmp_filter_ctx filter, int call, unsigned arg, uint64_t mask, uint64_t value)
{
	const struct scmp_arg_cmp cmp = {
		.arg = arg, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &cmp);
}

static int allow_sockets(scmp_filter_ctx filter)
{
	/* sd_notify and the C library's if_nametoindex; getifaddrs. */
	const struct scmp_arg_cmp local[] = {
		{.arg = 0,		   .op = SCMP_CMP_EQ, .datum_a = AF_UNIX},
		{ .arg = 1,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = SOCKET_TYPE,
			.datum_b = SOCK_DGRAM},
	};
	const struct scmp_arg_cmp route[] = {
		{.arg = 0, .op = SCMP_CMP_EQ, .datum_a = AF_NETLINK   },
		{.arg = 2, .op = SCMP_CMP_EQ, .datum_a = NETLINK_ROUTE},
	};
	int rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, local);

	if (rc == 0)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, route);
	return rc;
}

static int allow_ioctls(scmp_filter_ctx filter)
{
	static const unsigned long asked[] = {SIOCGIFFLAGS, SIOCGIFINDEX, SIOCGIFNAME,
		SIOCGIFHWADDR, FIONBIO, FIOCLEX, TCGETS};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof asked / sizeof *asked; i++)
		rc = allow_only(filter, SCMP_SYS(ioctl), 1, UINT32_MAX, asked[i]);
	return rc;
}

static int fill(scmp_filter_ctx filter)
{
	int rc = allow(filter, allowed, sizeof allowed / sizeof *allowed);

#ifdef SANITIZED
	if (rc == 0)
		rc = allow(filter, sanitizers, sizeof sanitizers / sizeof *sanitizers);
#endif
	if (rc == 0)
		rc = allow_sockets(filter);
	if (rc == 0)
		rc = allow_ioctls(filter);
	/* Memory that runs is never new memory. */
	if (rc == 0)
		rc = allow_only(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0);
	if (rc == 0)
		rc = allow_only(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
	/* To end itself where an assertion fails, and nobody else. */
	if (rc == 0)
		rc = allow_only(
			filter, SCMP_SYS(tgkill), 0, UINT32_MAX, (uint64_t)(uint32_t)getpid());
	return rc;
}

enum nf_err nf_wire_sandbox_enter(struct nf_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = filter ? 0 : -ENOMEM;

	/* Kernels before 4.14 log nothing. */
	if (rc == 0)
		(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (rc == 0)
		rc = fill(filter);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc == 0)
		return NF_OK;
	errno = -rc;
	return nf_error_errno(err, "cannot filter system calls");
}
