// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/series_fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rrd.h>

#include "base/mem.h"

#define VALUES_MAX 1000000

static enum nf_err rrd_error(const char *path, struct nf_error *err)
{
	if (access(path, R_OK) != 0)
		return errno == ENOENT ? nf_error_set(err, NF_ENOENT, "%s is not there", path)
				       : nf_error_errno(err, "%s", path);
	return nf_error_set(err, NF_ECORRUPT, "%s", rrd_get_error());
}

enum nf_err nf_series_fetch(const char *path, enum nf_consolidation how, int64_t from_s,
	int64_t to_s, uint32_t width_s, struct nf_series_data *data, struct nf_error *err)
{
	if (to_s <= from_s || width_s == 0 || (to_s - from_s) / width_s > VALUES_MAX)
		return nf_error_set(err, NF_EINVAL, "%s: no such range", path);
	time_t start = (time_t)from_s, end = (time_t)to_s;
	unsigned long step = width_s, columns = 0;
	char **names = NULL;
	rrd_value_t *values = NULL;
	rrd_clear_error();
	if (rrd_fetch_r(path, how == NF_MAXIMUM ? "MAX" : "AVERAGE", &start, &end, &step,
		    &columns, &names, &values) != 0)
		return rrd_error(path, err);
	*data = (struct nf_series_data){
		.start_s = start,
		.step_s = (uint32_t)step,
		.rows = (size_t)(end - start) / step,
		.columns = columns,
		.names = names,
		.values = values,
	};
	return NF_OK;
}

void nf_series_data_free(struct nf_series_data *data)
{
	for (size_t i = 0; i < data->columns; i++)
		rrd_freemem(data->names[i]);
	rrd_freemem(data->names);
	rrd_freemem(data->values);
	*data = (struct nf_series_data){0};
}

enum nf_err nf_series_last(const char *path, int64_t *wall_s, struct nf_error *err)
{
	rrd_clear_error();
	time_t last = rrd_last_r(path);
	if (last == (time_t)-1)
		return rrd_error(path, err);
	*wall_s = last;
	return NF_OK;
}
