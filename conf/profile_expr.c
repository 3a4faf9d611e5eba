// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/profile_expr.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define OPS_MAX	  64
#define DEPTH_MAX 16

enum op_kind { OP_NUMBER, OP_FIELD, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_NEG };

struct op {
	enum op_kind kind;
	uint8_t field;
	double number;
};

struct nf_expr {
	size_t len;
	struct op ops[];
};

struct parser {
	const char *text, *at;
	nf_expr_resolve_fn *resolve;
	void *arg;
	const char *why;
	struct op ops[OPS_MAX];
	size_t len;
	int nesting, stack;
};

static void parse_sum(struct parser *p);

static void fail(struct parser *p, const char *why)
{
	if (!p->why)
		p->why = why;
}

static char peek(struct parser *p)
{
	while (isspace((unsigned char)*p->at))
		p->at++;
	return p->why ? '\0' : *p->at;
}

static void emit(struct parser *p, struct op op)
{
	bool is_value = op.kind == OP_NUMBER || op.kind == OP_FIELD;

	if (p->why)
		return;
	if (p->len == OPS_MAX || p->stack + is_value > DEPTH_MAX) {
		fail(p, "too long an expression");
		return;
	}
	p->stack += is_value ? 1 : op.kind == OP_NEG ? 0 : -1;
	p->ops[p->len++] = op;
}

static void parse_number(struct parser *p)
{
	char *end;
	double number = strtod(p->at, &end);

	if (end == p->at || !isfinite(number) || isalnum((unsigned char)*end) || *end == '_') {
		fail(p, "not a number");
		return;
	}
	p->at = end;
	emit(p, (struct op){.kind = OP_NUMBER, .number = number});
}

static void parse_name(struct parser *p)
{
	size_t len = 0;
	int field;

	while (isalnum((unsigned char)p->at[len]) || p->at[len] == '_')
		len++;
	field = p->resolve(p->at, len, p->arg);
	if (field < 0) {
		fail(p, "no such field");
		return;
	}
	p->at += len;
	emit(p, (struct op){.kind = OP_FIELD, .field = (uint8_t)field});
}

static void parse_atom(struct parser *p)
{
	char c = peek(p);

	if (c == '(') {
		p->at++;
		if (++p->nesting > DEPTH_MAX) {
			fail(p, "too many parentheses");
			return;
		}
		parse_sum(p);
		p->nesting--;
		if (peek(p) == ')')
			p->at++;
		else
			fail(p, "')' expected");
	} else if (isdigit((unsigned char)c)) {
		parse_number(p);
	} else if (isalpha((unsigned char)c) || c == '_') {
		parse_name(p);
	} else {
		fail(p, "a number, a field or '(' expected");
	}
}

static void parse_power(struct parser *p)
{
	bool negative = false;

	for (; peek(p) == '-'; p->at++)
		negative = !negative;
	parse_atom(p);
	if (peek(p) == '^') {
		p->at++;
		if (++p->nesting > DEPTH_MAX) {
			fail(p, "too many powers");
			return;
		}
		parse_power(p);
		p->nesting--;
		emit(p, (struct op){.kind = OP_POW});
	}
	if (negative)
		emit(p, (struct op){.kind = OP_NEG});
}

static void parse_product(struct parser *p)
{
	char c;

	parse_power(p);
	while ((c = peek(p)) == '*' || c == '/') {
		p->at++;
		parse_power(p);
		emit(p, (struct op){.kind = c == '*' ? OP_MUL : OP_DIV});
	}
}

static void parse_sum(struct parser *p)
{
	char c;

	parse_product(p);
	while ((c = peek(p)) == '+' || c == '-') {
		p->at++;
		parse_product(p);
		emit(p, (struct op){.kind = c == '+' ? OP_ADD : OP_SUB});
	}
}

enum nf_err nf_expr_parse(struct nf_arena *arena, const char *text, nf_expr_resolve_fn *resolve,
	void *arg, const struct nf_expr **expr, const char **why, size_t *at)
{
	struct parser p = {.text = text, .at = text, .resolve = resolve, .arg = arg};
	struct nf_expr *out;

	parse_sum(&p);
	if (peek(&p) != '\0')
		fail(&p, "an operator expected");
	if (p.why) {
		*why = p.why;
		*at = (size_t)(p.at - text);
		return NF_EFORMAT;
	}
	out = nf_arena_alloc(arena, sizeof *out + p.len * sizeof *out->ops);
	out->len = p.len;
	memcpy(out->ops, p.ops, p.len * sizeof *out->ops);
	*expr = out;
	return NF_OK;
}

static double apply(enum op_kind kind, double a, double b)
{
	switch (kind) {
	case OP_ADD:
		return a + b;
	case OP_SUB:
		return a - b;
	case OP_MUL:
		return a * b;
	case OP_DIV:
		return a / b;
	default:
		return pow(a, b);
	}
}

double nf_expr_eval(const struct nf_expr *expr, nf_expr_value_fn *value, void *arg)
{
	double stack[DEPTH_MAX] = {0};
	size_t depth = 0;

	for (const struct op *op = expr->ops; op < expr->ops + expr->len; op++) {
		if (op->kind == OP_NUMBER) {
			stack[depth++] = op->number;
		} else if (op->kind == OP_FIELD) {
			stack[depth++] = value(op->field, arg);
		} else if (op->kind == OP_NEG) {
			stack[depth - 1] = -stack[depth - 1];
		} else {
			depth--;
			stack[depth - 1] = apply(op->kind, stack[depth - 1], stack[depth]);
		}
	}
	return isfinite(stack[0]) ? stack[0] : (double)NAN;
}

int nf_expr_single_field(const struct nf_expr *expr)
{
	return expr->len == 1 && expr->ops[0].kind == OP_FIELD ? expr->ops[0].field : -1;
}
