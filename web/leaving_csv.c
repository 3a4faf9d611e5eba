// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/page.h"

#include <stdio.h>

#include "base/text.h"
#include "checks/cutover/identity.h"

/* Without it a spreadsheet takes the bytes for another character set. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

#define SECONDS_MAX	24

static void put_head(struct nf_strbuf *out, const char *columns)
{
	nf_strbuf_puts(out, BYTE_ORDER_MARK);
	nf_strbuf_puts(out, columns);
	nf_strbuf_puts(out, "\r\n");
}

static void put_row(struct nf_strbuf *out, const char *const *fields, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			nf_strbuf_putc(out, ',');
		nf_text_csv(out, fields[i] != NULL ? fields[i] : "");
	}
	nf_strbuf_puts(out, "\r\n");
}

/* These three: NULL where there is none. */
static const char *time_of(int64_t wall_us, char buf[NF_ISO8601_MAX])
{
	return wall_us != 0 ? nf_iso8601(wall_us, buf) : NULL;
}

static const char *seconds_of(int64_t us, char buf[SECONDS_MAX])
{
	snprintf(buf, SECONDS_MAX, "%lld", (long long)(us / NF_US_PER_S));
	return us != 0 ? buf : NULL;
}

static const char *address_of(const struct nf_leg *leg, char buf[NF_ADDR_TEXT_MAX])
{
	return leg != NULL ? nf_addr_format(&leg->address, buf) : NULL;
}

/* The last day of an exemption, "2011-06-30": it ends as that day does. */
static const char *last_day_of(const struct nf_move *move, char buf[NF_ISO8601_MAX])
{
	if (move->exempt_reason == NULL)
		return NULL;
	nf_iso8601(move->exempt_until_wall_us - 1, buf);
	buf[sizeof "2011-06-30" - 1] = '\0';
	return buf;
}

void nf_leaving_csv(
	const struct nf_model *m, const struct nf_moves_network *n, struct nf_strbuf *out)
{
	put_head(out,
		"device,kind,stage,since,network,address,common_address,wave,owner,exempt_until");
	for (size_t i = 0; i < m->moves->len; i++) {
		const struct nf_move *move = &m->moves->items[i];
		const struct nf_device *d = move->device;
		char since[NF_ISO8601_MAX], until[NF_ISO8601_MAX];
		char old[NF_ADDR_TEXT_MAX], new[NF_ADDR_TEXT_MAX];
		if (move->from != n->network)
			continue;
		const char *fields[] = {d->name, nf_kind_text(d->kind), nf_move_stage(move),
			move->known ? nf_iso8601(move->since_wall_us, since) : NULL,
			n->network->id, address_of(nf_move_old_leg(d), old),
			address_of(nf_move_new_leg(d), new),
			d->wave != NULL ? d->wave->id : NULL, d->owner,
			last_day_of(move, until)};
		put_row(out, fields, sizeof fields / sizeof *fields);
	}
}

static void put_blocker(
	const struct nf_site *site, const struct nf_blocker *b, struct nf_strbuf *out)
{
	struct nf_strbuf words = {0}, task = {0};
	char since[NF_ISO8601_MAX], last[NF_ISO8601_MAX], earliest[NF_ISO8601_MAX];
	char covered[SECONDS_MAX], needed[SECONDS_MAX];
	const char *until = time_of(b->last_wall_us, last);
	bool is_lease = b->kind == NF_BLOCKER_LEASE;
	nf_blocker_words(b, site->timezone, &words);
	nf_blocker_task(site, b, &task);
	const char *fields[] = {nf_blocker_kind_text(b->kind), b->what, b->about, b->whose,
		b->place, b->how, time_of(b->since_wall_us, since), is_lease ? NULL : until,
		words.data, nf_blocker_owner(site, b), task.data, is_lease ? until : NULL,
		b->is_behind ? "true" : NULL, seconds_of(b->covered_us, covered),
		seconds_of(b->needed_us, needed), time_of(b->earliest_wall_us, earliest)};
	put_row(out, fields, sizeof fields / sizeof *fields);
	nf_strbuf_free(&words);
	nf_strbuf_free(&task);
}

void nf_blockers_csv(
	const struct nf_model *m, const struct nf_moves_network *n, struct nf_strbuf *out)
{
	put_head(out,
		"kind,what,about,whose,place,how,since,last,text,owner,to_do,until,behind,covered,needed,earliest");
	for (size_t i = 0; i < n->blockers.len; i++)
		put_blocker(m->site, &n->blockers.items[i], out);
}
