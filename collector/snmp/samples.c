// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "collector/snmp/value.h"

#define NO_SERIES  UINT32_MAX
#define COUNTER64  0x46 /* its tag on the wire */
#define MAX_GROWTH 1.001

struct counter {
	uint64_t raw;
	float max; /* the largest bound met: a link that is down for a while shrinks nothing */
	uint32_t wraps : 24, column : 7, known : 1;
};

/* A row's memory: this, then a uint32_t handle per series, then a struct counter per value. */
struct row {
	uint64_t key, index, identity, discontinuity; /* hashes, but the last */
	uint32_t key_at;			      /* its text, in memory->keys */
	bool has_discontinuity, has_identity, taken;
};

struct nf_samples {
	size_t len, stride, handles_at, counters_at;
	int64_t mono_us;
	char *keys;
	uint8_t *rows;
};

struct place { /* to find rows by key */
	uint64_t key;
	size_t at;
};

struct taking {
	const struct nf_sampling *how;
	const struct nf_part *part;
	const struct nf_group *group;
	struct nf_samples *before; /* NULL: the first time */
	struct nf_samples *after;
	struct place *places; /* of `before`, sorted; NULL until the order differs */
	struct nf_strbuf keys;
	double elapsed_s;
};

static struct row *row_at(const struct nf_samples *memory, size_t i)
{
	return (struct row *)(void *)(memory->rows + i * memory->stride);
}

static uint32_t *handles_of(const struct nf_samples *memory, struct row *row)
{
	return (uint32_t *)(void *)((uint8_t *)row + memory->handles_at);
}

static struct counter *counters_of(const struct nf_samples *memory, struct row *row)
{
	return (struct counter *)(void *)((uint8_t *)row + memory->counters_at);
}

uint64_t nf_hash(uint64_t seed, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		seed = (seed ^ p[i]) * UINT64_C(0x100000001b3);
	return seed;
}

static bool is_number(const struct nf_cell *cell)
{
	return cell->type == NF_CELL_UNSIGNED ||
	       (cell->type == NF_CELL_INTEGER && cell->integer >= 0);
}

/* What makes a row the same under another name; nothing when less than two of its fields say
 * something, for an index alone may be another interface's tomorrow. */
static bool identity_of(
	const struct nf_group *group, const struct nf_record *record, uint64_t *out)
{
	size_t said = 0;

	*out = NF_HASH_START;
	for (size_t i = 0; i < group->identity_len; i++) {
		const struct nf_cell *cell = &record->cells[group->identity[i]];
		uint32_t len = 0;

		if (cell->type == NF_CELL_OCTETS) {
			len = cell->len;
			*out = nf_hash(*out, cell->octets, len);
			said += len > 0;
		} else if (is_number(cell)) {
			*out = nf_hash(*out, &cell->number, sizeof cell->number);
			said++;
		}
		*out = nf_hash(*out, &len, sizeof len);
	}
	return said >= 2;
}

static void fill_row(struct taking *t, const struct nf_record *record, struct row *row)
{
	const struct nf_cell *cut = t->group->discontinuity == NF_NO_FIELD
					    ? NULL
					    : &record->cells[t->group->discontinuity];

	row->key = nf_hash(NF_HASH_START, record->key, strlen(record->key));
	row->index =
		nf_hash(NF_HASH_START, record->index.ids, record->index.len * sizeof(uint32_t));
	row->has_identity = identity_of(t->group, record, &row->identity);
	row->has_discontinuity = cut && is_number(cut);
	if (row->has_discontinuity)
		row->discontinuity = cut->number;
	row->key_at = (uint32_t)t->keys.len;
	nf_strbuf_add(&t->keys, record->key, strlen(record->key) + 1);
}

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void sort_places(struct taking *t)
{
	t->places = nf_xcalloc(t->before->len + 1, sizeof *t->places);
	for (size_t i = 0; i < t->before->len; i++)
		t->places[i] = (struct place){row_at(t->before, i)->key, i};
	qsort(t->places, t->before->len, sizeof *t->places, by_key);
}

static struct row *find_key(struct taking *t, uint64_t key, size_t hint)
{
	if (!t->before)
		return NULL;
	if (hint < t->before->len && row_at(t->before, hint)->key == key)
		return row_at(t->before, hint);
	if (!t->places)
		sort_places(t);
	struct place want = {key, 0};
	struct place *found = bsearch(&want, t->places, t->before->len, sizeof want, by_key);
	return found ? row_at(t->before, found->at) : NULL;
}

/* The row that had this identity and whose key is gone. Linear: names change seldom, and then few. */
static struct row *find_identity(struct taking *t, const struct row *row)
{
	if (!t->before || !row->has_identity || t->how->restarted)
		return NULL;
	for (size_t i = 0; i < t->before->len; i++) {
		struct row *old = row_at(t->before, i);

		if (!old->taken && old->has_identity && old->identity == row->identity)
			return old;
	}
	return NULL;
}

static double bound_of(
	struct taking *t, const struct nf_record *record, const struct nf_series_value *value)
{
	NF_EACH(struct nf_bound, bound, value->max)
	{
		if (!nf_value_holds(t->group, record, &bound->only))
			continue;
		double max = nf_value_expr(t->group, record, bound->of);
		if (max > 0)
			return max;
	}
	return (double)NAN;
}

static void series_name(struct taking *t, const struct nf_record *record, const char *key,
	const struct nf_series *series, struct nf_strbuf *out)
{
	struct nf_record renamed = *record;

	renamed.key = key;
	nf_strbuf_clear(out);
	nf_value_render(t->group, &renamed, &series->name, "", out);
}

static struct nf_series_def definition(
	struct taking *t, const struct nf_series *series, const struct counter *counters)
{
	struct nf_series_def def = {.network = t->how->network,
		.device = t->how->device,
		.step_s = t->how->step_s,
		.heartbeat_s = 3 * t->how->step_s,
		.ds_len = series->values.len};

	for (size_t i = 0; i < series->values.len; i++) {
		const struct nf_series_value *value = &series->values.items[i];

		strncpy(def.ds[i].name, value->name, NF_DS_NAME_MAX);
		def.ds[i].kind = value->counter ? NF_DS_DERIVE : NF_DS_GAUGE;
		def.ds[i].min = value->counter ? 0 : value->min;
		def.ds[i].max = (double)counters[i].max;
	}
	return def;
}

/* Brings the bounds up to date and, when one grew or the series is new, tells the journal. */
static void define(struct taking *t, const struct nf_record *record,
	const struct nf_series *series, struct counter *counters, uint32_t *handle)
{
	bool grew = *handle == NO_SERIES;

	for (size_t i = 0; i < series->values.len; i++) {
		double max = bound_of(t, record, &series->values.items[i]);

		if (*handle == NO_SERIES || isnan(counters[i].max) ||
			max > (double)counters[i].max * MAX_GROWTH) {
			grew = grew || !isnan(max);
			counters[i].max = (float)max;
		}
	}
	if (!grew)
		return;
	struct nf_strbuf name = {0};
	struct nf_series_def def = definition(t, series, counters);
	series_name(t, record, record->key, series, &name);
	def.series = name.data;
	*handle = nf_journal_series(t->how->journal, &def);
	nf_strbuf_free(&name);
}

static const struct nf_cell *counter_cell(
	const struct nf_record *record, const struct nf_series_value *value, uint32_t *column)
{
	for (uint32_t i = 0; i < value->columns_len; i++) {
		const struct nf_cell *cell = &record->cells[value->columns[i]];

		if (is_number(cell)) {
			*column = i;
			return cell;
		}
	}
	return NULL;
}

/* What never had a value is no series: a table of a MIB that the agent knows, but has nothing to say in. */
static bool has_value(
	const struct taking *t, const struct nf_record *record, const struct nf_series *series)
{
	for (size_t i = 0; i < series->values.len; i++) {
		const struct nf_series_value *value = &series->values.items[i];
		uint32_t column;

		if (value->counter ? counter_cell(record, value, &column) != NULL
				   : !isnan(nf_value_first(t->group, record, &value->of)))
			return true;
	}
	return false;
}

static struct nf_value take_counter(struct taking *t, const struct nf_record *record,
	const struct nf_series_value *value, struct counter *counter, bool *cut)
{
	uint32_t column = 0;
	const struct nf_cell *cell = counter_cell(record, value, &column);
	struct nf_value out = {.known = cell != NULL};

	if (!cell) {
		counter->known = 0;
		return out;
	}
	uint32_t wraps = counter->wraps;
	*cut = *cut || (counter->known && counter->column != column);
	if (counter->known && counter->column == column && !*cut)
		out.counter = nf_counter_carry(counter->raw, cell->number,
			cell->asn_type == COUNTER64, (double)counter->max, t->elapsed_s,
			&wraps);
	else
		out.counter = cell->number + ((uint64_t)wraps << 32);
	counter->raw = cell->number;
	counter->wraps = wraps & 0xffffff;
	counter->column = column & 0x7f;
	counter->known = 1;
	return out;
}

static void sample(struct taking *t, const struct nf_record *record,
	const struct nf_series *series, struct counter *counters, uint32_t handle, bool cut)
{
	struct nf_value values[NF_DS_MAX] = {0};
	int64_t wall_s = t->part->answered_wall_us / NF_US_PER_S;
	bool counts = false;

	for (size_t i = 0; i < series->values.len; i++) {
		const struct nf_series_value *value = &series->values.items[i];

		counts = counts || value->counter;
		if (value->counter) {
			values[i] = take_counter(t, record, value, &counters[i], &cut);
		} else {
			values[i].gauge = nf_value_first(t->group, record, &value->of);
			values[i].known = !isnan(values[i].gauge);
		}
	}
	if (cut && counts) {
		struct nf_value before[NF_DS_MAX];

		for (size_t i = 0; i < series->values.len; i++) {
			before[i] = values[i];
			before[i].known = values[i].known && !series->values.items[i].counter;
		}
		nf_journal_sample(t->how->journal, handle, wall_s - 1, before);
	}
	nf_journal_sample(t->how->journal, handle, wall_s, values);
}

static void rename_series(
	struct taking *t, const struct nf_record *record, const struct row *old)
{
	const char *old_key = t->before->keys + old->key_at;
	const uint32_t *handles = handles_of(t->before, (struct row *)(uintptr_t)old);
	struct nf_strbuf now = {0}, then = {0};

	for (size_t i = 0; i < t->group->series.len; i++) {
		const struct nf_series *series = &t->group->series.items[i];
		struct nf_series_def def = {
			.network = t->how->network, .device = t->how->device};

		if (handles[i] == NO_SERIES)
			continue;
		series_name(t, record, record->key, series, &now);
		series_name(t, record, old_key, series, &then);
		def.series = now.data;
		if (strcmp(now.data, then.data) != 0)
			nf_journal_rename(t->how->journal, &def, then.data);
	}
	nf_strbuf_free(&now);
	nf_strbuf_free(&then);
}

static bool cut_between(struct taking *t, const struct row *old, const struct row *row)
{
	if (t->how->restarted)
		return true;
	if (!old)
		return t->before != NULL;
	return old->index != row->index || (old->has_discontinuity && row->has_discontinuity &&
						   old->discontinuity != row->discontinuity);
}

static void take_row(struct taking *t, size_t i, struct row *old, bool renamed)
{
	const struct nf_record *record = &t->part->records[i];
	struct row *row = row_at(t->after, i);
	uint32_t *handles = handles_of(t->after, row);
	struct counter *counters = counters_of(t->after, row);
	bool cut = cut_between(t, old, row);

	if (old) {
		memcpy(handles, handles_of(t->before, old),
			t->after->stride - t->after->handles_at);
		if (renamed)
			rename_series(t, record, old);
	}
	for (size_t s = 0; s < t->group->series.len; s++) {
		const struct nf_series *series = &t->group->series.items[s];

		if (!old || renamed)
			handles[s] = NO_SERIES;
		if (nf_value_holds(t->group, record, &series->only) &&
			(handles[s] != NO_SERIES || has_value(t, record, series))) {
			define(t, record, series, counters, &handles[s]);
			sample(t, record, series, counters, handles[s], cut);
		}
		counters += series->values.len;
	}
}

static void lay_out(struct nf_samples *memory, const struct nf_group *group)
{
	size_t values = 0;

	NF_EACH(struct nf_series, series, group->series)
	values += series->values.len;
	memory->handles_at = sizeof(struct row);
	memory->counters_at =
		(memory->handles_at + group->series.len * sizeof(uint32_t) + 7) & ~(size_t)7;
	memory->stride = memory->counters_at + values * sizeof(struct counter);
}

bool nf_samples_fit(const struct nf_samples *memory, const struct nf_group *group)
{
	struct nf_samples shape;

	lay_out(&shape, group);
	return memory && memory->counters_at == shape.counters_at &&
	       memory->stride == shape.stride;
}

static struct nf_samples *new_memory(const struct nf_group *group, size_t len)
{
	struct nf_samples *memory = nf_xcalloc(1, sizeof *memory);

	lay_out(memory, group);
	memory->len = len;
	memory->rows = nf_xcalloc(len + 1, memory->stride);
	return memory;
}

void nf_samples_take(
	struct nf_samples **memory, const struct nf_part *part, const struct nf_sampling *how)
{
	size_t len = part->records_len < NF_SAMPLED_ROWS_MAX ? part->records_len
							     : NF_SAMPLED_ROWS_MAX;
	struct taking t = {.how = how, .part = part, .group = part->group, .before = *memory};
	struct row **olds;

	if (part->group->series.len == 0)
		return;
	t.after = new_memory(part->group, len);
	t.after->mono_us = how->mono_us;
	if (t.before)
		t.elapsed_s = (double)(how->mono_us - t.before->mono_us) / (double)NF_US_PER_S;
	olds = nf_xcalloc(len + 1, sizeof(*olds));
	for (size_t i = 0; i < len; i++) {
		fill_row(&t, &part->records[i], row_at(t.after, i));
		olds[i] = find_key(&t, row_at(t.after, i)->key, i);
		if (olds[i])
			olds[i]->taken = true;
	}
	for (size_t i = 0; i < len; i++) {
		struct row *old = olds[i] ? olds[i] : find_identity(&t, row_at(t.after, i));

		if (old)
			old->taken = true;
		take_row(&t, i, old, old && !olds[i]);
	}
	t.after->keys = nf_strbuf_take(&t.keys);
	free(olds);
	free(t.places);
	nf_samples_free(t.before);
	*memory = t.after;
}

void nf_samples_free(struct nf_samples *memory)
{
	if (!memory)
		return;
	free(memory->keys);
	free(memory->rows);
	free(memory);
}
