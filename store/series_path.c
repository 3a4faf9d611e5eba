// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/series.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define SUFFIX ".rrd"

char *nf_series_path(
	const char *state_dir, const char *network, const char *device, const char *series)
{
	struct nf_strbuf path = {0};
	nf_strbuf_printf(&path, "%s/rrd/", state_dir);
	nf_safename(&path, network, strlen(network));
	nf_strbuf_putc(&path, '/');
	nf_safename(&path, device, strlen(device));
	nf_strbuf_putc(&path, '/');
	nf_safename(&path, series, strlen(series));
	nf_strbuf_puts(&path, SUFFIX);
	return nf_strbuf_take(&path);
}

struct listing {
	nf_series_fn *fn;
	void *arg;
	const char *names[3]; /* network, device, series, as far as known */
	const char *only[2];  /* NULL: of all */
};

/* A name of this level made readable, or NULL. A hashed name cannot be turned back: it stands for
 * itself, which is better than to hide its series. */
static char *decoded(const char *name, size_t depth)
{
	struct nf_strbuf out = {0};
	size_t len = strlen(name), suffix = depth == 2 ? strlen(SUFFIX) : 0;
	if (name[0] == '.' || len <= suffix ||
		strcmp(name + len - suffix, depth == 2 ? SUFFIX : "") != 0)
		return NULL;
	char *stem = nf_xstrndup(name, len - suffix);
	if (!nf_safename_decode(&out, stem)) {
		nf_strbuf_clear(&out);
		nf_strbuf_puts(&out, stem);
	}
	free(stem);
	return nf_strbuf_take(&out);
}

static void walk(struct listing *l, const char *dir, size_t depth);

static void visit(struct listing *l, const char *dir, const char *entry, size_t depth)
{
	char *name = decoded(entry, depth);
	bool wanted = name != NULL && (depth == 2 || l->only[depth] == NULL ||
					      strcmp(l->only[depth], name) == 0);
	if (wanted) {
		char *path = nf_xasprintf("%s/%s", dir, entry);
		l->names[depth] = name;
		if (depth == 2)
			l->fn(l->names[0], l->names[1], l->names[2], path, l->arg);
		else
			walk(l, path, depth + 1);
		free(path);
	}
	free(name);
}

static void walk(struct listing *l, const char *dir, size_t depth)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		visit(l, dir, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

enum nf_err nf_series_list(const char *state_dir, const char *network, const char *device,
	nf_series_fn *fn, void *arg)
{
	struct listing l = {
		.fn = fn, .arg = arg, .only = {network, device}
	       };
	char *dir = nf_xasprintf("%s/rrd", state_dir);
	DIR *d = opendir(dir);
	enum nf_err rc = NF_OK;
	if (d == NULL) {
		rc = errno == ENOENT ? NF_ENOENT : errno == EACCES ? NF_EPERM : NF_ESYS;
	} else {
		closedir(d);
		walk(&l, dir, 0);
	}
	free(dir);
	return rc;
}
