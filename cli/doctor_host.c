// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/parse.h"
#include "checks/picture.h"
#include "cli/programs.h"

#define DISK_FULL_BYTES	  (UINT64_C(100) << 20)
#define DISK_NEARLY_BYTES (UINT64_C(1) << 30)
#define DESCRIPTORS	  1024
#define FUTURE_US	  (60 * NF_US_PER_S)

static bool has_flag(cap_t caps, const char *name, cap_flag_t flag)
{
	cap_value_t value;
	cap_flag_value_t set = CAP_CLEAR;
	return caps != NULL && cap_from_name(name, &value) == 0 &&
	       cap_get_flag(caps, value, flag, &set) == 0 && set == CAP_SET;
}

static bool process_has(const char *capability)
{
	cap_t caps = cap_get_proc();
	cap_value_t value;
	/* What root has, and what an unprivileged process hands to what it starts. */
	bool has = geteuid() == 0 ? has_flag(caps, capability, CAP_EFFECTIVE)
				  : cap_from_name(capability, &value) == 0 &&
					    cap_get_ambient(value) == 1;
	cap_free(caps);
	return has;
}

static bool file_has(const char *path, const char *capability)
{
	struct statvfs vfs;
	cap_t caps = cap_get_file(path);
	bool has = has_flag(caps, capability, CAP_PERMITTED) &&
		   !(statvfs(path, &vfs) == 0 && (vfs.f_flag & ST_NOSUID) != 0);
	if (caps != NULL)
		cap_free(caps);
	return has;
}

static void examine_right(
	const struct nf_suite_program *p, const char *path, struct nf_findings *f)
{
	if (p->capability == NULL)
		return;
	if (process_has(p->capability) || file_has(path, p->capability)) {
		nf_findings_add(
			f, "rights", NF_STATE_OK, "", "%s can have %s", p->name, p->capability);
		return;
	}
	char *remedy = nf_xasprintf(
		"setcap %s=ep %s, or start netfold from its systemd unit", p->capability, path);
	nf_findings_add(f, "rights", NF_STATE_CRITICAL, remedy,
		"%s lacks %s, and cannot do its job", p->name, p->capability);
	free(remedy);
}

void nf_doctor_rights(const struct nf_site *site, struct nf_findings *findings)
{
	for (size_t i = 0; i < nf_suite_len(); i++) {
		const struct nf_suite_program *p = nf_suite_at(i);
		if (!nf_suite_is_needed(p, site))
			continue;
		char *path = nf_suite_path(p);
		if (path == NULL)
			nf_findings_add(findings, "rights", NF_STATE_CRITICAL,
				"install netfold whole, or set NETFOLD_LIBEXEC",
				"%s is not installed: %s is not done", p->name, p->job);
		else
			examine_right(p, path, findings);
		free(path);
	}
}

void nf_doctor_clock(const struct nf_site *site, struct nf_findings *findings)
{
	(void)site;
	struct timex t = {0};
	int state = adjtimex(&t);
	if (state < 0)
		nf_findings_add(findings, "clock", NF_STATE_UNKNOWN, "",
			"the kernel does not say whether the clock is synchronised: %s",
			strerror(errno));
	else if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0)
		nf_findings_add(findings, "clock", NF_STATE_WARNING,
			"install chrony, or timedatectl set-ntp true",
			"the clock is not synchronised: the times of events cannot be trusted");
	else
		nf_findings_add(
			findings, "clock", NF_STATE_OK, "", "the clock is synchronised");
}

enum nf_state nf_doctor_judge_disk(uint64_t free_bytes, uint64_t total_bytes)
{
	if (free_bytes < DISK_FULL_BYTES || free_bytes < total_bytes / 100)
		return NF_STATE_CRITICAL;
	if (free_bytes < DISK_NEARLY_BYTES || free_bytes < total_bytes / 20)
		return NF_STATE_WARNING;
	return NF_STATE_OK;
}

static void examine_disk(const char *path, struct nf_findings *f)
{
	uint64_t available, total;
	struct statvfs vfs;
	if (access(path, F_OK) != 0)
		return; /* said with the permissions */
	if (nf_disk_free(path, &available, &total, NULL) != NF_OK || statvfs(path, &vfs) != 0) {
		nf_findings_add(f, "disks", NF_STATE_UNKNOWN, "",
			"%s: its file system does not say how full it is", path);
		return;
	}
	char is[NF_QUANTITY_MAX], of[NF_QUANTITY_MAX];
	enum nf_state state = nf_doctor_judge_disk(available, total);
	nf_findings_add(f, "disks", state,
		state == NF_STATE_OK ? "" : "make room, or move it to a larger disk",
		"%s: %s free of %s", path, nf_format_size(available, is),
		nf_format_size(total, of));
	/* Some file systems have no fixed number of inodes, and say 0. */
	if (vfs.f_files > 0 && vfs.f_favail < vfs.f_files / 100)
		nf_findings_add(f, "disks", NF_STATE_CRITICAL,
			"remove files: inodes are used up", "%s: %llu inodes left of %llu",
			path, (unsigned long long)vfs.f_favail,
			(unsigned long long)vfs.f_files);
}

void nf_doctor_disks(const struct nf_site *site, struct nf_findings *findings)
{
	examine_disk(site->state_dir, findings);
	size_t len = strlen(site->state_dir);
	if (strncmp(site->www_dir, site->state_dir, len) != 0)
		examine_disk(site->www_dir, findings);
}

static void examine_writable(const char *path, struct nf_findings *f)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		nf_findings_add(f, "permissions", NF_STATE_WARNING,
			"`netfold run` makes it, where it may", "%s: %s", path,
			strerror(errno));
		return;
	}
	if (eaccess(path, W_OK | X_OK) != 0)
		nf_findings_add(f, "permissions", NF_STATE_CRITICAL,
			"run this as the user netfold runs as, or give that user the folder",
			"%s cannot be written by uid %u", path, (unsigned)geteuid());
	else if ((st.st_mode & S_IWOTH) != 0)
		nf_findings_add(f, "permissions", NF_STATE_CRITICAL, "chmod o-w it",
			"%s can be written by anybody", path);
	else
		nf_findings_add(f, "permissions", NF_STATE_OK, "", "%s can be written", path);
}

/* Who can write the configuration decides what netfold reads and where it sends to. */
static void examine_private(const char *path, struct nf_findings *f)
{
	struct stat st;
	if (path == NULL || stat(path, &st) != 0)
		return;
	if ((st.st_mode & S_IWOTH) != 0)
		nf_findings_add(f, "permissions", NF_STATE_CRITICAL, "chmod o-w it",
			"%s can be written by anybody", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		nf_findings_add(f, "permissions", NF_STATE_WARNING, "chown root it",
			"%s belongs to uid %u, who can change what netfold does", path,
			(unsigned)st.st_uid);
}

void nf_doctor_permissions(const struct nf_site *site, struct nf_findings *findings)
{
	examine_writable(site->state_dir, findings);
	examine_private(site->file, findings);
	examine_private(site->profile_dir, findings);
}

void nf_doctor_limits(const struct nf_site *site, struct nf_findings *findings)
{
	(void)site;
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_cur < DESCRIPTORS)
		nf_findings_add(findings, "limits", NF_STATE_WARNING,
			"ulimit -n 1024, or LimitNOFILE=", "a process may only open %llu files",
			(unsigned long long)limit.rlim_cur);
	else
		nf_findings_add(findings, "limits", NF_STATE_OK, "",
			"a process may open %llu files", (unsigned long long)limit.rlim_cur);
}

/* The newest look on record; times ahead of us mean that the clock was set back. */
static int64_t newest_look(const struct nf_picture *p)
{
	int64_t newest = 0;
	for (size_t i = 0; i < p->site->devices.len; i++)
		for (size_t k = 0; k < p->devices[i].len; k++)
			if (p->devices[i].checks[k].asked_wall_us > newest)
				newest = p->devices[i].checks[k].asked_wall_us;
	return newest;
}

static void examine_program(const struct nf_picture *p, const char *name, struct nf_findings *f)
{
	for (size_t i = 0; i < p->programs_len; i++) {
		const struct nf_view_program *g = &p->programs[i];
		if (strcmp(g->name, name) != 0 || !g->alive)
			continue;
		nf_findings_add(f, "programs", NF_STATE_OK, "", "%s is running, pid %lld", name,
			(long long)g->pid);
		return;
	}
	nf_findings_add(f, "programs", NF_STATE_CRITICAL,
		"systemctl start netfold, or `netfold run`", "%s is not running", name);
}

void nf_doctor_programs(const struct nf_site *site, struct nf_findings *findings)
{
	struct nf_picture picture;
	struct nf_error err = {0};
	if (nf_picture_take(site, nf_clock_now(), &picture, &err) != NF_OK) {
		nf_findings_add(findings, "programs", NF_STATE_UNKNOWN, "", "%s", err.text);
		return;
	}
	for (size_t i = 0; i < nf_suite_len(); i++)
		if (nf_suite_at(i)->pass < NF_SUITE_PASSES &&
			nf_suite_is_needed(nf_suite_at(i), site))
			examine_program(&picture, nf_suite_at(i)->name, findings);
	if (newest_look(&picture) > picture.at_wall_us + FUTURE_US)
		nf_findings_add(findings, "clock", NF_STATE_WARNING,
			"check the clock; it heals with time",
			"state.db has observations from the future: the clock was set back");
	nf_picture_free(&picture);
}
