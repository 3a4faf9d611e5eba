// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/serve_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* As the pages have it themselves (web/layout.c), and what only counts in a header. */
#define POLICY                                                                                 \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "      \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

void nf_serve_guard_headers(struct MHD_Response *response)
{
	static const struct {
		const char *name, *value;
	} headers[] = {
		{"Content-Security-Policy",	    POLICY					  },
		{"X-Content-Type-Options",	   "nosniff"				    },
		{"X-Frame-Options",		    "DENY"					  },
		{"Referrer-Policy",		    "no-referrer"				 },
		{"Cross-Origin-Opener-Policy",   "same-origin"				    },
		{"Cross-Origin-Resource-Policy", "same-origin"			      },
		{"Permissions-Policy",	       "camera=(), geolocation=(), microphone=()"},
	};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		MHD_add_response_header(response, headers[i].name, headers[i].value);
}

static bool is_address(char *name)
{
	struct nf_addr address;
	size_t len = strlen(name);
	if (len > 2 && name[0] == '[' && name[len - 1] == ']') {
		name[len - 1] = '\0';
		name++;
	}
	return nf_addr_parse(name, &address) == NF_OK;
}

bool nf_serve_guard_host(const struct nf_text_list *names, const char *host)
{
	if (host == NULL)
		return true;
	char *name = nf_xstrdup(host);
	char *bracket = strrchr(name, ']');
	char *colon = strrchr(bracket != NULL ? bracket : name, ':');
	if (colon != NULL)
		*colon = '\0';
	bool good = strcasecmp(name, "localhost") == 0;
	for (size_t i = 0; i < names->len && !good; i++)
		good = strcasecmp(name, names->items[i]) == 0;
	good = good || is_address(name);
	free(name);
	return good;
}

/* Is the next element of a list `want`, parameters aside? Moves *at behind it. */
static bool element_is(const char **at, const char *want, bool *refused)
{
	*at += strspn(*at, ", \t");
	size_t all = strcspn(*at, ","), len = strcspn(*at, ",; \t");
	const char *q = memmem(*at, all, "q=", 2);
	/* "q=0", "q=0.0", but not "q=0.5" */
	*refused = q != NULL && strspn(q + 2, "0.") > 0 &&
		   strchr("123456789", q[2 + strspn(q + 2, "0.")]) == NULL;
	*refused = *refused || (q != NULL && q[2 + strspn(q + 2, "0.")] == '\0');
	bool same = len == strlen(want) && strncasecmp(*at, want, len) == 0;
	*at += all;
	return same;
}

bool nf_serve_guard_takes_gzip(const char *accept)
{
	for (const char *at = accept; at != NULL && *at != '\0';) {
		bool refused;
		if (element_is(&at, "gzip", &refused))
			return !refused;
	}
	return false;
}

bool nf_serve_guard_matches(const char *if_none_match, const char *etag)
{
	size_t len = strlen(etag);
	for (const char *at = if_none_match; at != NULL && *at != '\0';) {
		at += strspn(at, ", \t");
		if (*at == '*')
			return true;
		if (strncmp(at, "W/", 2) == 0)
			at += 2;
		if (strncmp(at, etag, len) == 0)
			return true;
		/* Behind this tag; a comma may stand in it. */
		const char *end = *at == '"' ? strchr(at + 1, '"') : strchr(at, ',');
		at = end != NULL ? end + 1 : NULL;
	}
	return false;
}

static bool has_now(cap_value_t value)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t flag = CAP_CLEAR;
	if (caps != NULL)
		cap_get_flag(caps, value, CAP_EFFECTIVE, &flag);
	cap_free(caps);
	return flag == CAP_SET;
}

static enum nf_err become_owner(const char *www_dir, struct nf_error *err)
{
	struct stat st;
	bool can = geteuid() == 0 && has_now(CAP_SETUID) && has_now(CAP_SETGID);
	if (!can || stat(www_dir, &st) != 0 || st.st_uid == 0)
		return NF_OK;
	if (setgroups(0, NULL) || setresgid(st.st_gid, st.st_gid, st.st_gid) ||
		setresuid(st.st_uid, st.st_uid, st.st_uid))
		return nf_error_errno(err, "becoming user %u", (unsigned)st.st_uid);
	return NF_OK;
}

static enum nf_err drop_capabilities(struct nf_error *err)
{
	if (has_now(CAP_SETPCAP))
		for (cap_value_t c = 0; cap_get_bound(c) >= 0; c++)
			if (cap_drop_bound(c))
				return nf_error_errno(
					err, "emptying the capability bounding set");
	cap_t none = cap_init();
	cap_reset_ambient();
	bool good = none != NULL && cap_set_proc(none) == 0;
	cap_free(none);
	if (!good || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return nf_error_errno(err, "giving up capabilities");
	return NF_OK;
}

/* What is left reads files, answers who connects, and tells systemd how it is. */
static enum nf_err forbid_calls(struct nf_error *err)
{
	static const int forbidden[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
		SCMP_SYS(vfork), SCMP_SYS(connect), SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(creat),
		SCMP_SYS(truncate), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rmdir),
		SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(mknod), SCMP_SYS(mknodat),
		SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
		SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(chmod),
		SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown),
		SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(mount), SCMP_SYS(umount2),
		SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(bpf), SCMP_SYS(keyctl),
		SCMP_SYS(io_uring_setup)};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter == NULL ? -ENOMEM : 0;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
	for (unsigned mode = O_WRONLY; mode <= O_RDWR && rc == 0; mode++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	errno = -rc;
	return rc == 0 ? NF_OK : nf_error_errno(err, "forbidding system calls");
}

enum nf_err nf_serve_guard_shed(const char *www_dir, struct nf_error *err)
{
	enum nf_err rc = become_owner(www_dir, err);
	if (rc == NF_OK)
		rc = drop_capabilities(err);
	return rc == NF_OK ? forbid_calls(err) : rc;
}
