// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "collector/snmp/oid.h"
#include "collector/snmp/walk.h"

/* An agent as a sorted list of (1.3.column.row, number), and how it misbehaves. */
struct object {
	uint32_t column, row;
	int64_t number;
};

struct agent {
	const struct object *objects;
	size_t len;
	size_t varbinds_max;   /* 0: no bound */
	int64_t status, index; /* of every answer, when not 0 */
	bool swapped;	       /* a GET's answers in the other order */
	bool surplus;	       /* more varbinds than asked for */
	size_t asked;
	uint32_t repetitions_least; /* of the requests seen */
};

#define VARBINDS 400
struct answer {
	struct nf_message message;
	struct nf_varbind varbinds[VARBINDS];
	uint32_t ids[VARBINDS][4];
};

static void put(struct answer *a, uint32_t column, uint32_t row, uint8_t type, int64_t number)
{
	struct nf_varbind *v = &a->varbinds[a->message.len];
	uint32_t *ids = a->ids[a->message.len++];
	ids[0] = 1;
	ids[1] = 3;
	ids[2] = column;
	ids[3] = row;
	v->oid = (struct nf_oid){ids, 4};
	v->cell = (struct nf_cell){.asn_type = type, .integer = number};
	if (type == 0x02)
		v->cell.type = NF_CELL_INTEGER;
}

static void next_of(
	const struct agent *agent, struct answer *a, uint32_t *column, uint32_t *row)
{
	for (size_t i = 0; i < agent->len; i++) {
		const struct object *o = &agent->objects[i];
		if (o->column < *column || (o->column == *column && o->row <= *row))
			continue;
		put(a, o->column, o->row, 0x02, o->number);
		*column = o->column;
		*row = o->row;
		return;
	}
	put(a, *column, *row, 0x82, 0);
}

static void get(const struct agent *agent, struct answer *a, const struct nf_oid *oid)
{
	for (size_t i = 0; i < agent->len; i++)
		if (agent->objects[i].column == oid->ids[2] &&
			agent->objects[i].row == oid->ids[3]) {
			put(a, oid->ids[2], oid->ids[3], 0x02, agent->objects[i].number);
			return;
		}
	put(a, oid->ids[2], oid->ids[3], 0x81, 0);
}

static void respond(struct agent *agent, const struct nf_ask *ask, struct answer *a)
{
	memset(&a->message, 0, sizeof a->message);
	a->message.pdu = NF_PDU_RESPONSE;
	a->message.varbinds = a->varbinds;
	a->message.error_status = agent->status;
	a->message.error_index = agent->index;
	agent->asked++;
	uint32_t n = ask->pdu == NF_PDU_GETBULK ? ask->max_repetitions : 1, at[NF_ASK_MAX][2];
	if (n < agent->repetitions_least || agent->asked == 1)
		agent->repetitions_least = n;
	for (size_t i = 0; i < ask->len; i++) {
		at[i][0] = ask->oids[i].ids[2];
		at[i][1] = ask->oids[i].len > 3 ? ask->oids[i].ids[3] : 0;
	}
	for (uint32_t r = 0; r < n + agent->surplus; r++)
		for (size_t i = 0; i < ask->len && a->message.len < VARBINDS; i++)
			if (ask->pdu == NF_PDU_GET)
				get(agent, a,
					&ask->oids[agent->swapped ? ask->len - 1 - i : i]);
			else
				next_of(agent, a, &at[i][0], &at[i][1]);
	if (agent->varbinds_max && a->message.len > agent->varbinds_max - 1)
		a->message.len = agent->varbinds_max - 1;
}

static struct nf_result *run(struct agent *agent, const struct nf_query *query,
	enum nf_snmp_version version, struct nf_manners *manners)
{
	static struct nf_ask ask;
	static struct answer answer;
	struct nf_walk *walk = nf_walk_new(query, version, manners);
	for (int i = 0; nf_walk_next(walk, &ask); i++) {
		assert_true(i < 5000);
		respond(agent, &ask, &answer);
		nf_walk_answer(walk, &answer.message);
	}
	return nf_walk_finish(walk, NF_RESULT_COMPLETE, "", 0);
}

static const uint32_t column_ids[][3] = {
	{1, 3, 1},
	   {1, 3, 2},
	      {1, 3, 3}
};
static const struct nf_column columns[] = {
	{{column_ids[0], 3}, NF_COLUMN_NUMBER},
	{{column_ids[1], 3}, NF_COLUMN_NUMBER},
	{{column_ids[2], 3}, NF_COLUMN_NUMBER},
};
static const struct nf_query table = {columns, 3, false, 0, 0};

static const uint32_t scalar_ids[][4] = {
	{1, 3, 1, 0},
	      {1, 3, 2, 0},
	    {1, 3, 3, 0}
};
static const struct nf_column scalar_columns[] = {
	{{scalar_ids[0], 4}, NF_COLUMN_NUMBER},
	{{scalar_ids[1], 4}, NF_COLUMN_NUMBER},
	{{scalar_ids[2], 4}, NF_COLUMN_NUMBER},
};
static const struct nf_query scalars = {scalar_columns, 3, true, 0, 0};

/* Rows 5 and 9 have holes, the columns end at different rows, one is longer than the others. */
static const struct object uneven[] = {
	{1, 2,  12 },
	{1, 5,  15 },
	{1, 9,  19 },
	{2, 2,  22 },
	{2, 9,  29 },
	{2, 11, 211},
	{2, 12, 212},
	{3, 1,  31 },
	{3, 5,  35 },
	{4, 1,  41 },
};
/* row, then the columns; 0: absent */
static const int64_t uneven_want[][4] = {
	{1,  0,  0,	  31},
	       {2,  12, 22,  0 },
	       {5,  15, 0,	  35},
	       {9,  19, 29,  0 },
	       {11, 0,  211, 0 },
	{12, 0,	212, 0 }
};

static void expect_uneven(const struct nf_result *r)
{
	assert_string_equal(r->why, "");
	assert_int_equal(r->state, NF_RESULT_COMPLETE);
	assert_int_equal(r->rows_len, NF_LEN(uneven_want));
	NF_ROWS(i, uneven_want)
	{
		assert_int_equal(r->rows[i].index.len, 1);
		assert_int_equal(r->rows[i].index.ids[0], uneven_want[i][0]);
		for (size_t c = 0; c < 3; c++) {
			const struct nf_cell *cell = &r->rows[i].cells[c];
			assert_int_equal(cell->type,
				uneven_want[i][c + 1] ? NF_CELL_INTEGER : NF_CELL_ABSENT);
			if (uneven_want[i][c + 1])
				assert_int_equal(cell->integer, uneven_want[i][c + 1]);
		}
	}
}

static void table__uneven_columns__merged_and_sorted_however_answered(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum nf_snmp_version version;
		uint32_t repetitions;
		size_t varbinds_max;
		bool surplus;
	} rows[] = {
		{"bulk",			 NF_SNMP_V2C, 20, 0, false},
		{"bulk of two",		NF_SNMP_V2C, 2,	0, false},
		{"one varbind a reply",	NF_SNMP_V2C, 20, 2, false},
		{"four varbinds a reply", NF_SNMP_V2C, 20, 5, false},
		{"more than asked for",	NF_SNMP_V2C, 2,	0, true },
		{"getnext",		    NF_SNMP_V1,	20, 0, false},
		{"v3",		       NF_SNMP_V3,  20, 0, false},
	};
	NF_ROWS(i, rows)
	{
		struct nf_manners manners;
		struct agent agent = {.objects = uneven,
			.len = NF_LEN(uneven),
			.varbinds_max = rows[i].varbinds_max,
			.surplus = rows[i].surplus};
		nf_manners_init(&manners, rows[i].repetitions);
		struct nf_result *r = run(&agent, &table, rows[i].version, &manners);
		print_message("%s\n", rows[i].name);
		expect_uneven(r);
		nf_result_free(r);
	}
}

static void row__by_index__found_or_not(void **state)
{
	(void)state;
	struct nf_manners manners;
	struct agent agent = {.objects = uneven, .len = NF_LEN(uneven)};
	nf_manners_init(&manners, 20);
	struct nf_result *r = run(&agent, &table, NF_SNMP_V2C, &manners);
	for (uint32_t i = 0; i < 14; i++) {
		const struct nf_row *row = nf_result_row(r, &NF_OID(i));
		bool there = false;
		NF_ROWS(k, uneven_want)
		there |= uneven_want[k][0] == i;
		assert_int_equal(row != NULL, there);
		if (row)
			assert_int_equal(row->index.ids[0], i);
	}
	assert_null(nf_result_row(r, &NF_OID(5, 1)));
	nf_result_free(r);
}

static void table__known_length__no_question_past_its_end(void **state)
{
	(void)state;
	static struct object long_table[3 * 50];
	for (uint32_t i = 0; i < NF_LEN(long_table); i++)
		long_table[i] = (struct object){1 + i / 50, 1 + i % 50, i};
	struct nf_manners manners;
	nf_manners_init(&manners, 20);
	struct agent agent = {.objects = long_table, .len = NF_LEN(long_table)};
	nf_result_free(run(&agent, &table, NF_SNMP_V2C, &manners));
	assert_int_equal(agent.asked, 3);
	assert_int_equal(agent.repetitions_least, 20);
	struct agent again = {.objects = long_table, .len = NF_LEN(long_table)};
	struct nf_result *r = run(&again, &table, NF_SNMP_V2C, &manners);
	assert_int_equal(r->rows_len, 50);
	assert_int_equal(again.asked, 3);
	assert_int_equal(
		again.repetitions_least, 11); /* rows 41 to 50, and what shows the end */
	nf_result_free(r);
}

static void scalars__odd_answers__the_right_cells(void **state)
{
	(void)state;
	static const struct object there[] = {
		{1, 0, 10},
		    {2, 1, 0 },
		       {3, 0, 30}
	 };
	static const struct {
		const char *name;
		struct agent agent;
	} rows[] = {
		{"plain",		  {.objects = there, .len = 3}		      },
		{"in the other order", {.objects = there, .len = 3, .swapped = true}  },
		{"one at a time",	  {.objects = there, .len = 3, .varbinds_max = 2}},
		{"twice",		  {.objects = there, .len = 3, .surplus = true}  },
	};
	NF_ROWS(i, rows)
	{
		struct nf_manners manners;
		struct agent agent = rows[i].agent;
		nf_manners_init(&manners, 20);
		struct nf_result *r = run(&agent, &scalars, NF_SNMP_V2C, &manners);
		print_message("%s\n", rows[i].name);
		assert_string_equal(r->why, "");
		assert_int_equal(r->rows_len, 1);
		assert_int_equal(r->rows[0].index.len, 0);
		assert_int_equal(r->rows[0].cells[0].integer, 10);
		assert_int_equal(r->rows[0].cells[1].type, NF_CELL_ABSENT);
		assert_int_equal(r->rows[0].cells[2].integer, 30);
		nf_result_free(r);
	}
}

static void errors__that_stay__end_with_their_reason(void **state)
{
	(void)state;
	static const struct {
		int64_t status, index;
		enum nf_result_state want;
		const char *why;
	} rows[] = {
		{NF_STATUS_TOO_BIG,	    0,	       NF_RESULT_INCOMPLETE, "too big"		      },
		{NF_STATUS_GEN_ERR,	    1,	       NF_RESULT_INCOMPLETE, "status 5"		       },
		{NF_STATUS_GEN_ERR,	    99,	NF_RESULT_INCOMPLETE, "status 5"			},
		{-1,		      -1,	 NF_RESULT_INCOMPLETE, "status -1"		  },
		{INT64_MAX,		    INT64_MIN, NF_RESULT_INCOMPLETE, "status 9223372036854775807"},
		{NF_STATUS_AUTHORIZATION, 1,	     NF_RESULT_REFUSED,	"does not allow"		},
		{NF_STATUS_NO_ACCESS,     0,	 NF_RESULT_REFUSED,    "does not allow"	    },
		{NF_STATUS_NO_SUCH_NAME,	 1,	    NF_RESULT_COMPLETE,	""			  },
		{NF_STATUS_NO_SUCH_NAME,	 77,	     NF_RESULT_COMPLETE,	 ""			   },
	};
	static const struct nf_query *const queries[] = {&table, &scalars};
	NF_ROWS(i, rows)
	{
		NF_ROWS(q, queries)
		{
			struct nf_manners manners;
			struct agent agent = {.objects = uneven,
				.len = NF_LEN(uneven),
				.status = rows[i].status,
				.index = rows[i].index};
			nf_manners_init(&manners, 20);
			struct nf_result *r = run(&agent, queries[q], NF_SNMP_V2C, &manners);
			if (r->state != rows[i].want || !strstr(r->why, rows[i].why))
				fail_msg("row %zu query %zu: %u %s", i, q, r->state, r->why);
			assert_true(agent.asked <= 12);
			nf_result_free(r);
		}
	}
}

static void answer__with_nothing_in_it__given_up(void **state)
{
	(void)state;
	static const struct nf_query *const queries[] = {&table, &scalars};
	NF_ROWS(q, queries)
	{
		struct nf_manners manners;
		struct agent agent = {
			.objects = uneven, .len = NF_LEN(uneven), .varbinds_max = 1};
		nf_manners_init(&manners, 20);
		struct nf_result *r = run(&agent, queries[q], NF_SNMP_V2C, &manners);
		assert_int_equal(r->state, NF_RESULT_INCOMPLETE);
		assert_non_null(strstr(r->why, "nothing"));
		nf_result_free(r);
	}
}

static void scalar__another_object__incomplete(void **state)
{
	(void)state;
	static struct nf_ask ask;
	struct nf_manners manners;
	struct nf_cell number = {.type = NF_CELL_INTEGER, .asn_type = 2};
	struct nf_varbind other = {NF_OID(1, 3, 9, 0), number};
	struct nf_message answer = {.pdu = NF_PDU_RESPONSE, .varbinds = &other, .len = 1};
	nf_manners_init(&manners, 20);
	struct nf_walk *walk = nf_walk_new(&scalars, NF_SNMP_V2C, &manners);
	assert_true(nf_walk_next(walk, &ask));
	nf_walk_answer(walk, &answer);
	assert_false(nf_walk_next(walk, &ask));
	struct nf_result *r = nf_walk_finish(walk, NF_RESULT_COMPLETE, "", 0);
	assert_int_equal(r->state, NF_RESULT_INCOMPLETE);
	assert_non_null(strstr(r->why, "another object"));
	nf_result_free(r);
}

static void oid__compare_under_format__as_the_rfc_orders(void **state)
{
	(void)state;
	char text[NF_OID_TEXT_MAX];
	const struct {
		struct nf_oid a, b;
		int want;
		bool under;
	} rows[] = {
		{{(uint32_t[]){1, 3}, 2},	  {(uint32_t[]){1, 3}, 2},	   0,  true },
		{{(uint32_t[]){1, 3, 1}, 3},	     {(uint32_t[]){1, 3}, 2},    1,	 true },
		{{(uint32_t[]){1, 3}, 2},	  {(uint32_t[]){1, 3, 0}, 3}, -1, false},
		{{(uint32_t[]){1, 4294967295}, 2}, {(uint32_t[]){1, 4, 1}, 3}, 1,  false},
		{{NULL, 0},			    {(uint32_t[]){0}, 1},	  -1, false},
	};
	NF_ROWS(i, rows)
	{
		assert_int_equal(nf_oid_compare(&rows[i].a, &rows[i].b), rows[i].want);
		assert_int_equal(nf_oid_compare(&rows[i].b, &rows[i].a), -rows[i].want);
		assert_int_equal(nf_oid_under(&rows[i].a, &rows[i].b), rows[i].under);
	}
	assert_string_equal(nf_oid_format(&NF_OID(1, 3, 4294967295), text), "1.3.4294967295");
	uint32_t ids[NF_OID_MAX];
	memset(ids, 0xff, sizeof ids);
	nf_oid_format(&(struct nf_oid){ids, NF_OID_MAX}, text);
	assert_true(strlen(text) < NF_OID_TEXT_MAX);
	assert_string_equal(text + strlen(text) - 3, "…");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table__uneven_columns__merged_and_sorted_however_answered),
		cmocka_unit_test(row__by_index__found_or_not),
		cmocka_unit_test(table__known_length__no_question_past_its_end),
		cmocka_unit_test(scalars__odd_answers__the_right_cells),
		cmocka_unit_test(errors__that_stay__end_with_their_reason),
		cmocka_unit_test(answer__with_nothing_in_it__given_up),
		cmocka_unit_test(scalar__another_object__incomplete),
		cmocka_unit_test(oid__compare_under_format__as_the_rfc_orders),
	};
	return NF_RUN(tests, argc, argv);
}
