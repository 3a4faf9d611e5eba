// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <rrd.h>

#include "store/rrd_file.h"

struct looking {
	struct nf_rrd_info *info;
	bool strange; /* something no netfold wrote */
};

/* "ds[name].what" to the DS's place, in order of appearance; -1 for another key. */
static int ds_place(struct looking *l, const char *key, const char **what)
{
	const char *end;
	if (strncmp(key, "ds[", 3) != 0 || (end = strstr(key, "].")) == NULL)
		return -1;
	char name[NF_DS_NAME_MAX + 1];
	size_t len = (size_t)(end - key) - 3;
	if (len > NF_DS_NAME_MAX) {
		l->strange = true;
		return -1;
	}
	memcpy(name, key + 3, len);
	name[len] = '\0';
	*what = end + 2;
	struct nf_shape *shape = &l->info->shape;
	int place = nf_shape_find(shape, name);
	if (place >= 0)
		return place;
	if (shape->ds_len == NF_DS_MAX) {
		l->strange = true;
		return -1;
	}
	memcpy(shape->ds[shape->ds_len].name, name, len + 1);
	return (int)shape->ds_len++;
}

static void take_kind(struct looking *l, struct nf_ds *ds, const char *kind)
{
	if (strcmp(kind, "GAUGE") == 0)
		ds->kind = NF_DS_GAUGE;
	else if (strcmp(kind, "DERIVE") == 0)
		ds->kind = NF_DS_DERIVE;
	else
		l->strange = true;
}

static void take_entry(struct looking *l, const rrd_info_t *entry)
{
	const char *what = NULL;
	if (entry->type == RD_I_CNT && strcmp(entry->key, "step") == 0)
		l->info->shape.step_s = (uint32_t)entry->value.u_cnt;
	if (entry->type == RD_I_CNT && strcmp(entry->key, "last_update") == 0)
		l->info->last_s = (int64_t)entry->value.u_cnt;
	if (entry->type == RD_I_CNT && strcmp(entry->key, "header_size") == 0)
		l->info->header_bytes = entry->value.u_cnt;
	int place = ds_place(l, entry->key, &what);
	if (place < 0)
		return;
	struct nf_ds *ds = &l->info->shape.ds[place];
	if (strcmp(what, "type") == 0 && entry->type == RD_I_STR)
		take_kind(l, ds, entry->value.u_str);
	else if (strcmp(what, "min") == 0 && entry->type == RD_I_VAL)
		ds->min = entry->value.u_val;
	else if (strcmp(what, "max") == 0 && entry->type == RD_I_VAL)
		ds->max = entry->value.u_val;
	else if (strcmp(what, "minimal_heartbeat") == 0 && entry->type == RD_I_CNT)
		l->info->shape.heartbeat_s = (uint32_t)entry->value.u_cnt;
}

static enum nf_err look_at_file(const char *path, struct nf_error *err)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? nf_error_set(err, NF_ENOENT, "%s is not there", path)
			       : nf_error_errno(err, "%s", path);
	/* What a power cut leaves of a file that was just made: nothing is lost with it. */
	if (S_ISREG(st.st_mode) && st.st_size == 0)
		return nf_error_set(err, NF_ENOENT, "%s is empty", path);
	if (!S_ISREG(st.st_mode))
		return nf_error_set(err, NF_ECORRUPT, "%s is not a file", path);
	return NF_OK;
}

enum nf_err nf_rrd_look(const char *path, struct nf_rrd_info *info, struct nf_error *err)
{
	enum nf_err rc = look_at_file(path, err);
	if (rc != NF_OK)
		return rc;
	rrd_clear_error();
	errno = 0;
	rrd_info_t *entries = rrd_info_r(path);
	if (entries == NULL) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EACCES ||
			errno == EIO)
			return nf_error_errno(err, "%s", path);
		return nf_error_set(err, NF_ECORRUPT, "%s", rrd_get_error());
	}
	struct nf_rrd_info found = {0};
	struct looking l = {&found, false};
	for (const rrd_info_t *e = entries; e != NULL; e = e->next)
		take_entry(&l, e);
	rrd_info_free(entries);
	if (l.strange || found.shape.ds_len == 0)
		return nf_error_set(err, NF_ECORRUPT, "%s was not made by netfold", path);
	*info = found;
	return NF_OK;
}
