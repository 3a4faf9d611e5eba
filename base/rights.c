// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rights.h"

#include <grp.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nf_err keep_only(const cap_value_t *values, int len, struct nf_error *err)
{
	cap_t caps = cap_init();
	enum nf_err rc = NF_OK;

	if (!caps ||
		(len && (cap_set_flag(caps, CAP_PERMITTED, len, values, CAP_SET) ||
				cap_set_flag(caps, CAP_EFFECTIVE, len, values, CAP_SET))) ||
		cap_set_proc(caps))
		rc = nf_error_errno(err, "giving up capabilities");
	cap_free(caps);
	return rc;
}

static bool has_now(cap_value_t value)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t flag = CAP_CLEAR;

	if (caps)
		cap_get_flag(caps, value, CAP_EFFECTIVE, &flag);
	cap_free(caps);
	return flag == CAP_SET;
}

/* Needs CAP_SETPCAP. Without it (a unit's ambient capability) the bounding set stays as the service manager
 * left it, and no_new_privs makes it mean nothing. */
static enum nf_err empty_bounding_set(struct nf_error *err)
{
	if (!has_now(CAP_SETPCAP))
		return NF_OK;
	for (cap_value_t c = 0; cap_get_bound(c) >= 0; c++)
		if (cap_drop_bound(c))
			return nf_error_errno(err, "emptying the capability bounding set");
	/* Being root by number shall give nothing, now and in whatever is executed. */
	if (prctl(PR_SET_SECUREBITS,
		    SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
			    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED | SECBIT_KEEP_CAPS_LOCKED))
		return nf_error_errno(err, "setting securebits");
	return NF_OK;
}

enum nf_err nf_rights_shed(struct nf_error *err)
{
	static const cap_value_t become[] = {CAP_SETUID, CAP_SETGID};
	bool root = geteuid() == 0 && has_now(CAP_SETUID) && has_now(CAP_SETGID);
	enum nf_err rc = empty_bounding_set(err);

	if (rc)
		return rc;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return nf_error_errno(err, "setting no_new_privs");
	cap_reset_ambient();
	return keep_only(become, root ? 2 : 0, err);
}

static enum nf_err become(uid_t uid, gid_t gid, struct nf_error *err)
{
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return nf_error_errno(
			err, "becoming user %u, group %u", (unsigned)uid, (unsigned)gid);
	return NF_OK;
}

static enum nf_err make_sure(uid_t uid, struct nf_error *err)
{
	cap_t caps = cap_get_proc();
	cap_t none = cap_init();
	bool empty = caps && none && cap_compare(caps, none) == 0;

	cap_free(caps);
	cap_free(none);
	if (!empty)
		return nf_error_set(err, NF_EPERM, "a capability is left");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return nf_error_set(err, NF_EPERM, "no_new_privs is not set");
	if (uid && (setresuid(0, 0, 0) == 0 || getuid() != uid || geteuid() != uid))
		return nf_error_set(err, NF_EPERM, "root can be had again");
	return NF_OK;
}

enum nf_err nf_rights_become_owner(const char *folder, struct nf_error *err)
{
	struct stat st;
	uid_t uid = getuid();
	enum nf_err rc = NF_OK;

	if (geteuid() == 0 && has_now(CAP_SETUID) && stat(folder, &st) == 0 && st.st_uid) {
		uid = st.st_uid;
		rc = become(uid, st.st_gid, err);
	}
	if (!rc)
		rc = keep_only(NULL, 0, err);
	return rc ? rc : make_sure(uid, err);
}
