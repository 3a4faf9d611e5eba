// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/notice.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/strbuf.h"

static const char *const kinds[NF_NOTICE_KINDS] = {
	[NF_NOTICE_PROBLEM] = "problem",
	[NF_NOTICE_FOLLOW_UP] = "follow-up",
	[NF_NOTICE_RECOVERY] = "recovery",
	[NF_NOTICE_REMINDER] = "reminder",
	[NF_NOTICE_DIGEST] = "digest",
	[NF_NOTICE_TEST] = "test",
	[NF_NOTICE_MOVE] = "move",
};

static const char *const ends[] = {
	[NF_MEMBER_BAD] = "bad",
	[NF_MEMBER_FINE] = "fine",
	[NF_MEMBER_REMOVED] = "removed",
	[NF_MEMBER_MOVED] = "moved",
};

const char *nf_notice_kind_text(enum nf_notice_kind kind)
{
	return (size_t)kind < NF_NOTICE_KINDS ? kinds[kind] : "problem";
}

enum field_type { TEXT, NUMBER, FLAG, STATE, COUNT };

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
};

#define AT(member) offsetof(struct nf_notice_member, member)
static const struct field member_fields[] = {
	{"network",	    TEXT,	  AT(network)	     },
	{"device",	   TEXT,	 AT(device)	   },
	{"check",	  TEXT,	AT(check)		 },
	{"state",	  STATE,	 AT(state)		  },
	{"since",	  NUMBER, AT(since_wall_us)	   },
	{"ended",	  NUMBER, AT(ended_wall_us)	   },
	{"moved_to",     NUMBER, AT(moved_to)	 },
	{"new",		FLAG,   AT(is_new)		},
	{"flapping",     FLAG,   AT(flapping)	       },
	{"output",	   TEXT,	 AT(output)	   },
	{"cause",	  TEXT,	AT(cause)		 },
	{"expected",     TEXT,   AT(expected)	       },
	{"last_good",    TEXT,   AT(last_good)	 },
	{"last_good_at", NUMBER, AT(last_good_wall_us)},
	{"owner",	  TEXT,	AT(owner)		 },
	{"deputy",	   TEXT,	 AT(deputy)	   },
	{"runbook",	    TEXT,	  AT(runbook)	     },
	{"link",	 TEXT,   AT(link)	       },
};
#undef AT

#define AT(member) offsetof(struct nf_notice, member)
static const struct field notice_fields[] = {
	{"site",		 TEXT,   AT(site)	       },
	{"language",	     TEXT,   AT(language)	       },
	{"timezone",	     TEXT,   AT(timezone)	       },
	{"made",		 NUMBER, AT(made_wall_us)	 },
	{"contact",	    TEXT,	  AT(contact)	     },
	{"contact_name",	 TEXT,   AT(contact_name)     },
	{"address",	    TEXT,	  AT(address)	     },
	{"message_id",	       TEXT,   AT(message_id)	   },
	{"escalated",	      FLAG,   AT(escalated)	 },
	{"number",		   NUMBER, AT(number)	     },
	{"state",		  STATE,	 AT(state)		  },
	{"title",		  TEXT,	AT(title)		 },
	{"network",	    TEXT,	  AT(network)	     },
	{"network_name",	 TEXT,   AT(network_name)     },
	{"since",		  NUMBER, AT(since_wall_us)	   },
	{"ended",		  NUMBER, AT(ended_wall_us)	   },
	{"acknowledged_by",   TEXT,	  AT(acknowledged_by)  },
	{"acknowledged_text", TEXT,   AT(acknowledged_text)},
	{"link",		 TEXT,   AT(link)	       },
	{"members_total",	  COUNT,	 AT(members_total)	  },
};
#undef AT

#define LEN(array) (sizeof(array) / sizeof *(array))

static void put_texts(struct nf_json *j, const char *key, const char *const *texts, size_t len)
{
	nf_json_key(j, key);
	nf_json_array(j);
	for (size_t i = 0; i < len; i++)
		nf_json_puts(j, texts[i]);
	nf_json_end(j);
}

static void put_field(struct nf_json *j, const struct field *f, const void *from)
{
	const char *at = (const char *)from + f->offset;
	nf_json_key(j, f->name);
	switch (f->type) {
	case TEXT: {
		const char *text = *(const char *const *)(const void *)at;
		nf_json_puts(j, text != NULL ? text : "");
		break;
	}
	case NUMBER:
		nf_json_i64(j, *(const int64_t *)(const void *)at);
		break;
	case COUNT:
		nf_json_u64(j, *(const size_t *)(const void *)at);
		break;
	case FLAG:
		nf_json_bool(j, *(const bool *)at);
		break;
	case STATE:
		nf_json_puts(j, nf_state_text(*(const enum nf_state *)(const void *)at));
		break;
	}
}

static void put_fields(
	struct nf_json *j, const struct field *fields, size_t len, const void *from)
{
	for (size_t i = 0; i < len; i++)
		put_field(j, &fields[i], from);
}

char *nf_notice_encode(const struct nf_notice *n)
{
	struct nf_strbuf out = {0};
	struct nf_json j = nf_json_of(&out);
	nf_json_object(&j);
	nf_json_key(&j, "kind");
	nf_json_puts(&j, nf_notice_kind_text(n->kind));
	put_fields(&j, notice_fields, LEN(notice_fields), n);
	put_texts(&j, "references", n->references, n->references_len);
	nf_json_key(&j, "members");
	nf_json_array(&j);
	for (size_t i = 0; i < n->members_len; i++) {
		nf_json_object(&j);
		nf_json_key(&j, "end");
		nf_json_puts(&j, ends[n->members[i].end]);
		put_fields(&j, member_fields, LEN(member_fields), &n->members[i]);
		nf_json_end(&j);
	}
	nf_json_end(&j);
	nf_json_key(&j, "sections");
	nf_json_array(&j);
	for (size_t i = 0; i < n->sections_len; i++) {
		nf_json_object(&j);
		nf_json_key(&j, "title");
		nf_json_puts(&j, n->sections[i].title);
		put_texts(&j, "lines", n->sections[i].lines, n->sections[i].len);
		nf_json_key(&j, "more");
		nf_json_u64(&j, n->sections[i].more);
		nf_json_end(&j);
	}
	nf_json_end(&j);
	nf_json_end(&j);
	return nf_strbuf_take(&out);
}

static const char *get_text(struct nf_arena *arena, const json_t *value)
{
	const char *text = json_string_value(value);
	return nf_arena_strdup(arena, text != NULL ? text : "");
}

static void get_field(
	struct nf_arena *arena, const struct field *f, const json_t *object, void *to)
{
	const json_t *value = json_object_get(object, f->name);
	char *at = (char *)to + f->offset;
	switch (f->type) {
	case TEXT:
		*(const char **)(void *)at = get_text(arena, value);
		break;
	case NUMBER:
		*(int64_t *)(void *)at = json_integer_value(value);
		break;
	case COUNT:
		*(size_t *)(void *)at = (size_t)json_integer_value(value);
		break;
	case FLAG:
		*(bool *)at = json_is_true(value);
		break;
	case STATE:
		*(enum nf_state *)(void *)at = NF_STATE_UNKNOWN;
		if (json_is_string(value))
			nf_state_parse(json_string_value(value), (enum nf_state *)(void *)at);
		break;
	}
}

static const char **get_texts(struct nf_arena *arena, const json_t *array, size_t *len)
{
	size_t n = json_array_size(array);
	const char **texts = nf_arena_alloc(arena, (n + 1) * sizeof *texts);
	for (size_t i = 0; i < n; i++)
		texts[i] = get_text(arena, json_array_get(array, i));
	*len = n;
	return texts;
}

static size_t word_of(const char *const *words, size_t len, const json_t *value)
{
	const char *text = json_string_value(value);
	for (size_t i = 0; text != NULL && i < len; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return 0;
}

static void get_members(struct nf_notice *n, const json_t *array)
{
	n->members_len = json_array_size(array);
	n->members = nf_arena_alloc(n->arena, (n->members_len + 1) * sizeof *n->members);
	for (size_t i = 0; i < n->members_len; i++) {
		const json_t *object = json_array_get(array, i);
		for (size_t k = 0; k < LEN(member_fields); k++)
			get_field(n->arena, &member_fields[k], object, &n->members[i]);
		n->members[i].end = (enum nf_member_end)word_of(
			ends, LEN(ends), json_object_get(object, "end"));
	}
}

static void get_sections(struct nf_notice *n, const json_t *array)
{
	n->sections_len = json_array_size(array);
	n->sections = nf_arena_alloc(n->arena, (n->sections_len + 1) * sizeof *n->sections);
	for (size_t i = 0; i < n->sections_len; i++) {
		const json_t *object = json_array_get(array, i);
		struct nf_notice_section *s = &n->sections[i];
		s->title = get_text(n->arena, json_object_get(object, "title"));
		s->lines = get_texts(n->arena, json_object_get(object, "lines"), &s->len);
		s->more = (size_t)json_integer_value(json_object_get(object, "more"));
	}
}

enum nf_err nf_notice_decode(const char *json, struct nf_notice **notice)
{
	json_t *root = json_loads(json, 0, NULL);
	if (!json_is_object(root)) {
		json_decref(root);
		return NF_EFORMAT;
	}
	struct nf_arena *arena = nf_arena_new();
	struct nf_notice *n = nf_arena_alloc(arena, sizeof *n);
	n->arena = arena;
	n->kind = (enum nf_notice_kind)word_of(
		kinds, NF_NOTICE_KINDS, json_object_get(root, "kind"));
	for (size_t i = 0; i < LEN(notice_fields); i++)
		get_field(arena, &notice_fields[i], root, n);
	n->references =
		get_texts(arena, json_object_get(root, "references"), &n->references_len);
	get_members(n, json_object_get(root, "members"));
	get_sections(n, json_object_get(root, "sections"));
	json_decref(root);
	*notice = n;
	return NF_OK;
}

void nf_notice_free(struct nf_notice *notice)
{
	if (notice != NULL)
		nf_arena_free(notice->arena);
}
