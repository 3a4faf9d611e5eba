// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rrd_args.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* How long what is kept; the first is the step itself. */
static const struct {
	uint32_t seconds; /* a row; 0: the step */
	uint32_t rows;
	bool max;
} archives[] = {
	{0,	    1500, false}, /* a day and an hour at 60 s */
	{600,   1008, true }, /* a week */
	{3600,  750,  true }, /* a month */
	{86400, 400,  true }, /* thirteen months */
};

static void add(struct nf_rrd_args *args, char *text)
{
	if (args->len + 1 >= args->cap) {
		args->cap = args->cap * 2 + 16;
		args->items = nf_xreallocarray(args->items, args->cap, sizeof(char *));
	}
	args->items[args->len++] = text;
	args->items[args->len] = NULL;
}

void nf_rrd_args_add(struct nf_rrd_args *args, const char *format, ...)
{
	char *text = NULL;
	va_list list;
	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		text = nf_xstrdup("");
	va_end(list);
	add(args, text);
}

char *nf_rrd_bound(double bound, char buf[NF_RRD_BOUND_MAX])
{
	if (isnan(bound))
		snprintf(buf, NF_RRD_BOUND_MAX, "U");
	else
		snprintf(buf, NF_RRD_BOUND_MAX, "%.17g", bound);
	return buf;
}

static void add_archives(struct nf_rrd_args *args, uint32_t step_s, const char *cf, bool all)
{
	for (size_t i = 0; i < sizeof archives / sizeof archives[0]; i++) {
		uint32_t steps = i == 0 ? 1 : archives[i].seconds / step_s;
		if ((i == 0 || steps > 1) && (all || archives[i].max))
			nf_rrd_args_add(args, "RRA:%s:0.5:%u:%u", cf, steps, archives[i].rows);
	}
}

void nf_rrd_args_shape(struct nf_rrd_args *args, const struct nf_shape *shape)
{
	char min[NF_RRD_BOUND_MAX], max[NF_RRD_BOUND_MAX];
	for (size_t i = 0; i < shape->ds_len; i++) {
		const struct nf_ds *ds = &shape->ds[i];
		nf_rrd_args_add(args, "DS:%s:%s:%u:%s:%s", ds->name,
			ds->kind == NF_DS_DERIVE ? "DERIVE" : "GAUGE", shape->heartbeat_s,
			nf_rrd_bound(ds->min, min), nf_rrd_bound(ds->max, max));
	}
	add_archives(args, shape->step_s, "AVERAGE", true);
	add_archives(args, shape->step_s, "MAX", false);
}

void nf_rrd_args_free(struct nf_rrd_args *args)
{
	for (size_t i = 0; i < args->len; i++)
		free((void *)(uintptr_t)args->items[i]);
	free(args->items);
	*args = (struct nf_rrd_args){0};
}
