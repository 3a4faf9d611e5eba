// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/reason.h"

#include <string.h>

#include "base/i18n.h"
#include "base/parse.h"
#include "checks/cutover/identity.h"

#define ARGS_MAX 4

enum arg { END, SUBJECT, IDENTITY, DOUBT, WHOSE, PLACE, ADDRESS, BY, ABOUT, COVERED, NEEDED };

/* A text of ours, and what stands at its %s, in this order. */
struct sentence {
	const char *text;
	enum arg args[ARGS_MAX];
};

/* Of what was seen: whether at a place, whether with an address. */
static const struct sentence sights[2][2] = {
	{{N_("%s, by %s"), {SUBJECT, BY}},
		{N_("%s, address %s, by %s"), {SUBJECT, ADDRESS, BY}}	     },
	{{N_("%s at %s, by %s"), {SUBJECT, PLACE, BY}},
		{N_("%s at %s, address %s, by %s"), {SUBJECT, PLACE, ADDRESS, BY}}},
};

static const struct sentence sentences[NF_REASON_KINDS] = {
	[NF_REASON_ANSWERS] = {N_("%s answers"),						 {ADDRESS}	  },
	[NF_REASON_ANSWERS_ONLY] = {N_("%s answers, which alone proves no identity"),
			       {ADDRESS}									  },
	[NF_REASON_QUIET] = {N_("silent on %s for %s that were listened to, of %s"),
			       {ABOUT, COVERED, NEEDED}							   },
	[NF_REASON_BLIND] = {N_("no sensor listens on %s: its silence proves nothing"),
			       {ABOUT}									    },
	[NF_REASON_EXEMPT] = {N_("exempt until then: %s"),					   {ABOUT}	  },
	[NF_REASON_CHECKS_OK] = {N_("all its checks are ok"),				      {END}		   },
	[NF_REASON_CHECKS_UNKNOWN] = {N_("nothing is known of its checks"),				    {END}		 },
	[NF_REASON_CHECK_BAD] = {N_("the check %s is not ok"),				       {ABOUT}	      },
	[NF_REASON_BACKUP] = {N_("a backup made after the move is proved"),			    {END}		 },
	[NF_REASON_NO_BACKUP] = {N_("no backup made after the move is proved"),			{END}	     },
	[NF_REASON_BACKUP_AIMED] = {N_("the backup job %s reads it at its old address"),
			       {ABOUT}									    },
	[NF_REASON_DOUBTED] = {N_("%s proves little: %s"),					   {IDENTITY, DOUBT}},
	[NF_REASON_UNKNOWABLE] =
		{N_("nothing is known by which it could be recognised elsewhere"), {END}		},
	[NF_REASON_USURPED] = {N_("another machine, %s, holds its old address since then"),
			       {ABOUT}									    },
	[NF_REASON_SILENT] = {N_("no answer since then"),					  {END}	       },
	[NF_REASON_NOT_ARRIVED] = {N_("its identity was not seen on the new side"),		    {END}		 },
	[NF_REASON_NO_MONTH_END] = {N_("no end of a month lies in the silence yet"),		     {END}		  },
	[NF_REASON_CALLED] = {N_("%s called its old address"),				       {ABOUT}	      },
	[NF_REASON_LEASE] = {N_("a lease of its old address runs until then"),		       {END}	    },
	[NF_REASON_LOST] = {N_("it used to answer, and was seen on neither side"),		   {END}		},
	[NF_REASON_NOTHING] = {N_("nothing of it was seen on the new side"),		     {END}		  },
	[NF_REASON_SAID] = {"%s",							     {ABOUT}		 },
};

static const struct sentence doubts[NF_DOUBTS] = {
	[NF_DOUBT_LOCAL] = {N_("locally administered"),				{END}  },
	[NF_DOUBT_RIVAL] = {N_("another machine held the address at the same time"), {END}  },
	[NF_DOUBT_NAME] = {N_("a name"),					    {END}  },
	[NF_DOUBT_SHARED] = {N_("%s has it, too"),					   {WHOSE}},
	[NF_DOUBT_FOREIGN] = {N_("it is %s's"),					{WHOSE}},
	[NF_DOUBT_MIXED] = {N_("its switch is in both networks"),			  {END}  },
};

static bool is_there(const char *text)
{
	return text != NULL && *text != '\0';
}

static const struct sentence *sentence_of(const struct nf_reason *r)
{
	return r->kind == NF_REASON_SEEN ? &sights[is_there(r->place)][is_there(r->address)]
					 : &sentences[r->kind];
}

/* Who speaks of what in which language. */
struct speech {
	const struct nf_reason *reason;
	bool english;
};

static const char *say(const struct speech *s, const char *text)
{
	return s->english ? text : gettext(text);
}

static void fill(const struct speech *s, const struct sentence *with, struct nf_strbuf *out);

static void put_identity(const struct speech *s, bool doubt, struct nf_strbuf *out)
{
	const struct nf_reason *r = s->reason;
	nf_strbuf_printf(out, "%s %s", say(s, nf_identity_noun(r->identity)), r->value);
	if (!doubt || r->doubt == NF_DOUBT_NONE)
		return;
	nf_strbuf_puts(out, " (");
	fill(s, &doubts[r->doubt], out);
	nf_strbuf_putc(out, ')');
}

static const char *text_of(const struct nf_reason *r, enum arg arg)
{
	switch (arg) {
	case WHOSE:
		return r->whose;
	case PLACE:
		return r->place;
	case ADDRESS:
		return r->address;
	case BY:
		return r->by;
	default:
		return r->about;
	}
}

static void put_arg(const struct speech *s, enum arg arg, struct nf_strbuf *out)
{
	const struct nf_reason *r = s->reason;
	char age[NF_QUANTITY_MAX];
	if (arg == SUBJECT || arg == IDENTITY)
		put_identity(s, arg == SUBJECT, out);
	else if (arg == DOUBT)
		fill(s, &doubts[r->doubt], out);
	else if (arg == COVERED || arg == NEEDED)
		nf_strbuf_puts(
			out, nf_format_age(arg == COVERED ? r->covered_us : r->needed_us, age));
	else if (arg != END)
		nf_strbuf_puts(out, text_of(r, arg));
}

/* A text's %s, or a translation's %2$s, are the only things in it that are not text, and an argument is never
 * read as either. */
static void fill(const struct speech *s, const struct sentence *with, struct nf_strbuf *out)
{
	const char *at = say(s, with->text);
	for (size_t next = 0;; next++) {
		size_t plain = strcspn(at, "%");
		nf_strbuf_add(out, at, plain);
		at += plain;
		if (*at == '\0')
			return;
		if (at[1] >= '1' && at[1] <= '9')
			next = (size_t)(at[1] - '1');
		if (next < ARGS_MAX)
			put_arg(s, with->args[next], out);
		at += strcspn(at, "s");
		at += *at != '\0';
	}
}

static bool has(const struct nf_reason *r, enum arg arg)
{
	bool needs_owner = r->doubt == NF_DOUBT_SHARED || r->doubt == NF_DOUBT_FOREIGN;
	switch (arg) {
	case SUBJECT:
	case IDENTITY:
		return is_there(r->identity) && is_there(r->value) &&
		       (!needs_owner || is_there(r->whose));
	case DOUBT:
		return r->doubt != NF_DOUBT_NONE;
	case COVERED:
	case NEEDED:
	case END:
		return true;
	default:
		return is_there(text_of(r, arg));
	}
}

bool nf_reason_is_whole(const struct nf_reason *reason)
{
	const struct sentence *with = sentence_of(reason);
	for (size_t i = 0; i < ARGS_MAX; i++)
		if (!has(reason, with->args[i]))
			return false;
	return true;
}

void nf_reason_english(const struct nf_reason *reason, struct nf_strbuf *out)
{
	fill(&(struct speech){reason, true}, sentence_of(reason), out);
}

void nf_reason_words(const struct nf_reason *reason, struct nf_strbuf *out)
{
	fill(&(struct speech){reason, false}, sentence_of(reason), out);
}
