// SPDX-License-Identifier: GPL-3.0-or-later
/* LIST: a pattern, walked from its first wildcard on, one folder after the other. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checks/backup/ssh/worker.h"

#define NAMES_A_STEP 200u
#define NAME_ROOM    4096u
#define PARTS_MAX    64u
#define FOLDERS_MAX  20000u
#define ENTRIES_WAIT 1000u /* default */
#define ENTRIES_MOST 10000u

struct found {
	char *path;
	struct nf_remote_stat stat;
};

struct folder {
	char *path;
	size_t part; /* of the pattern, that its names have to fit */
};

struct list {
	char *pattern; /* cut into parts */
	char *parts[PARTS_MAX];
	size_t parts_len;
	struct folder *folders; /* to be read yet */
	size_t folders_len, folders_cap, folders_seen;
	struct folder now;
	LIBSSH2_SFTP_HANDLE *handle;
	bool closing;
	char *link; /* being followed: found, but a symbolic link */
	char *lone; /* being looked at: a last part without wildcards */
	struct nf_remote_stat link_stat;
	bool wild; /* a wildcard stands before the folder that is looked at */
	struct found *found;
	size_t found_len, found_cap, most;
};

static bool is_wild(const char *part)
{
	return strpbrk(part, "*?[\\") != NULL;
}

static void list_drop(struct nf_session *s)
{
	struct list *l = s->state;
	if (!l)
		return;
	for (size_t i = 0; i < l->folders_len; i++)
		free(l->folders[i].path);
	for (size_t i = 0; i < l->found_len; i++)
		free(l->found[i].path);
	free(l->folders);
	free(l->found);
	free(l->now.path);
	free(l->link);
	free(l->lone);
	free(l->pattern);
	free(l);
	s->state = NULL;
}

static char *join(const char *folder, const char *name)
{
	return nf_xasprintf("%s/%s", folder, name);
}

/* Takes path. Parts without wildcards lead on without a look at the folder. */
static void enter(struct nf_session *s, struct list *l, char *path, size_t part)
{
	while (part + 1 < l->parts_len && !is_wild(l->parts[part])) {
		char *deeper = join(path, l->parts[part++]);
		free(path);
		path = deeper;
	}
	if (l->folders_seen++ >= FOLDERS_MAX) {
		s->answer.truncated = true;
		free(path);
		return;
	}
	l->folders = nf_grow(l->folders, l->folders_len, &l->folders_cap, sizeof *l->folders);
	l->folders[l->folders_len++] = (struct folder){path, part};
}

static struct list *list_state(struct nf_session *s)
{
	if (s->state)
		return s->state;
	struct list *l = s->state = nf_xcalloc(1, sizeof *l);
	l->pattern = nf_remote_path(s->ask.path);
	l->most = s->ask.entries_max ? s->ask.entries_max : ENTRIES_WAIT;
	if (l->most > ENTRIES_MOST)
		l->most = ENTRIES_MOST;
	char *save = NULL;
	for (char *part = strtok_r(l->pattern, "/", &save); part;
		part = strtok_r(NULL, "/", &save)) {
		if (l->parts_len == PARTS_MAX) {
			l->parts_len = 0;
			break;
		}
		l->parts[l->parts_len++] = part;
	}
	if (l->parts_len)
		enter(s, l, nf_xstrdup(""), 0);
	return l;
}

static int newest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->stat.mtime_s != y->stat.mtime_s)
		return x->stat.mtime_s < y->stat.mtime_s ? 1 : -1;
	return strcmp(x->path, y->path);
}

static void keep_newest(struct nf_session *s, struct list *l)
{
	if (l->found_len)
		qsort(l->found, l->found_len, sizeof *l->found, newest_first);
	while (l->found_len > l->most) {
		free(l->found[--l->found_len].path);
		s->answer.truncated = true;
	}
}

/* Takes path. */
static void keep(
	struct nf_session *s, struct list *l, char *path, const struct nf_remote_stat *stat)
{
	l->found = nf_grow(l->found, l->found_len, &l->found_cap, sizeof *l->found);
	l->found[l->found_len++] = (struct found){path, *stat};
	if (l->found_len >= 2 * l->most)
		keep_newest(s, l);
}

static enum nf_step follow_link(struct nf_session *s, struct list *l)
{
	LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
	int rc = libssh2_sftp_stat_ex(
		s->sftp, l->link, (unsigned)strlen(l->link), LIBSSH2_SFTP_STAT, &attrs);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (rc != 0 && (rc != LIBSSH2_ERROR_SFTP_PROTOCOL || s->ended))
		return nf_by_error(s, "follow", l->link);
	if (rc == 0)
		nf_stat_of(&attrs, &l->link_stat);
	else
		l->link_stat.is_dangling = true;
	l->link_stat.is_symlink = true;
	keep(s, l, l->link, &l->link_stat);
	l->link = NULL;
	return NF_STEP_MORE;
}

/* Takes path: something that fits the whole pattern. */
static void take(
	struct nf_session *s, struct list *l, char *path, const struct nf_remote_stat *stat)
{
	if (stat->is_symlink) {
		l->link = path;
		l->link_stat = *stat;
	} else
		keep(s, l, path, stat);
}

static void take_name(struct nf_session *s, struct list *l, const char *name,
	const LIBSSH2_SFTP_ATTRIBUTES *attrs)
{
	s->answer.seen++;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strchr(name, '/'))
		return;
	int flags = FNM_PERIOD | (s->windows ? FNM_CASEFOLD : 0);
	if (fnmatch(l->parts[l->now.part], name, flags) != 0)
		return;
	struct nf_remote_stat stat;
	nf_stat_of(attrs, &stat);
	if (l->now.part + 1 == l->parts_len)
		take(s, l, join(l->now.path, name), &stat);
	else if (stat.is_directory || stat.is_symlink)
		enter(s, l, join(l->now.path, name), l->now.part + 1);
}

static enum nf_step close_folder(struct list *l)
{
	l->closing = true;
	if (libssh2_sftp_close_handle(l->handle) == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	l->handle = NULL;
	l->closing = false;
	free(l->now.path);
	l->now.path = NULL;
	return NF_STEP_MORE;
}

static enum nf_step read_names(struct nf_session *s, struct list *l)
{
	char name[NAME_ROOM];
	for (unsigned i = 0; i < NAMES_A_STEP && !l->link; i++) {
		LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
		int n = libssh2_sftp_readdir_ex(
			l->handle, name, sizeof name - 1, NULL, 0, &attrs);
		if (n < 0)
			return nf_by_error(s, "list", l->now.path);
		if (n == 0)
			return close_folder(l);
		name[n] = '\0';
		if (strlen(name) == (size_t)n)
			take_name(s, l, name, &attrs);
		nf_tell_progress(s, s->answer.seen, 0);
	}
	return NF_STEP_MORE;
}

/* A folder behind a wildcard that is none, or may not be read, is no reason to stop. */
static enum nf_step not_opened(struct nf_session *s, struct list *l, const char *path)
{
	enum nf_step step = nf_by_error(s, "list", *path ? path : "/");
	if (step != NF_STEP_DONE || !l->wild)
		return step;
	if (s->answer.outcome == NF_REMOTE_DENIED)
		s->answer.truncated = true;
	free(l->now.path);
	free(l->lone);
	l->now.path = l->lone = NULL;
	return NF_STEP_MORE;
}

static enum nf_step look_at_lone(struct nf_session *s, struct list *l)
{
	LIBSSH2_SFTP_ATTRIBUTES attrs = {0};
	struct nf_remote_stat stat;
	if (libssh2_sftp_stat_ex(s->sftp, l->lone, (unsigned)strlen(l->lone),
		    LIBSSH2_SFTP_LSTAT, &attrs) != 0)
		return not_opened(s, l, l->lone);
	nf_stat_of(&attrs, &stat);
	s->answer.seen++;
	char *path = l->lone;
	l->lone = NULL;
	free(l->now.path);
	l->now.path = NULL;
	take(s, l, path, &stat);
	return NF_STEP_MORE;
}

static enum nf_step open_folder(struct nf_session *s, struct list *l)
{
	const char *path = *l->now.path ? l->now.path : "/";
	l->handle = libssh2_sftp_open_ex(
		s->sftp, path, (unsigned)strlen(path), 0, 0, LIBSSH2_SFTP_OPENDIR);
	return l->handle ? NF_STEP_MORE : not_opened(s, l, l->now.path);
}

static bool next_folder(struct list *l)
{
	if (l->folders_len == 0)
		return false;
	l->now = l->folders[--l->folders_len];
	l->wild = false;
	for (size_t i = 0; i < l->now.part; i++)
		l->wild |= is_wild(l->parts[i]);
	const char *part = l->parts[l->now.part];
	if (!is_wild(part)) /* the last one, or enter() would have gone on */
		l->lone = join(l->now.path, part);
	return true;
}

static enum nf_step tell_all(struct nf_session *s, struct list *l)
{
	keep_newest(s, l);
	struct nf_strbuf b = {0};
	for (size_t i = 0; i < l->found_len; i++) {
		const struct nf_remote_entry entry = {
			.path = l->found[i].path, .stat = l->found[i].stat};
		if (strlen(entry.path) > 8192) {
			s->answer.truncated = true;
			continue;
		}
		if (b.len == 0)
			nf_wire_start(&b, NF_WIRE_ENTRIES, s->id);
		nf_wire_entry(&b, &entry);
		if (b.len > NF_WIRE_PIECE) {
			nf_tell(s, &b);
			nf_strbuf_clear(&b);
		}
	}
	if (b.len)
		nf_tell(s, &b);
	nf_strbuf_free(&b);
	return nf_answered_ok(s);
}

static enum nf_step list_step(struct nf_session *s)
{
	struct list *l = list_state(s);
	if (l->link)
		return follow_link(s, l);
	if (l->closing)
		return close_folder(l);
	if (l->handle)
		return read_names(s, l);
	if (l->lone)
		return look_at_lone(s, l);
	if (l->now.path)
		return open_folder(s, l);
	if (next_folder(l))
		return NF_STEP_MORE;
	return tell_all(s, l);
}

const struct nf_op nf_op_list = {true, list_step, list_drop};
