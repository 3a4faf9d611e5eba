// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define FILE_MAX   (8 << 20)
#define SCALAR_MAX 65536
#define DEPTH_MAX  20

struct scan {
	const char *file;
	const char *text;
	size_t len;
	struct nf_diags *diags;
	size_t documents, depth;
	bool failed;
};

static void say(struct scan *s, yaml_mark_t mark, const char *message)
{
	nf_diags_add(s->diags, NF_DIAG_ERROR, s->file, (uint32_t)mark.line + 1,
		(uint32_t)mark.column + 1, "%s", message);
	s->failed = true;
}

static yaml_mark_t mark_of_byte(const struct scan *s, size_t offset)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < s->len; i++) {
		mark.column += ((unsigned char)s->text[i] & 0xc0) != 0x80;
		if (s->text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static size_t byte_of_mark(const struct scan *s, yaml_mark_t mark)
{
	size_t i = 0;

	for (size_t line = 0; line < mark.line && i < s->len; i++)
		line += s->text[i] == '\n';
	for (size_t column = 0; column < mark.column && i < s->len; i++)
		column += ((unsigned char)s->text[i] & 0xc0) != 0x80;
	return i;
}

/* libyaml would take the first two and refuse the third without saying where. */
static void look_at_bytes(struct scan *s)
{
	const unsigned char *p = (const unsigned char *)s->text;
	const char *nul = memchr(s->text, 0, s->len);

	if (s->len >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff)))
		say(s, (yaml_mark_t){0}, "the file is UTF-16; save it as UTF-8");
	else if (s->len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		say(s, (yaml_mark_t){0},
			"the file begins with a byte order mark; save it as UTF-8 without one");
	else if (nul)
		say(s, mark_of_byte(s, (size_t)(nul - s->text)),
			"a NUL byte; the site file is UTF-8 text");
}

static void look_at_event(struct scan *s, const yaml_event_t *event)
{
	bool tagged = false;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++s->documents == 2)
			say(s, event->start_mark,
				"a second document begins here; one file is one site");
		break;
	case YAML_ALIAS_EVENT:
		say(s, event->start_mark, "aliases (*name) are not taken: write it out");
		break;
	case YAML_SCALAR_EVENT:
		tagged = event->data.scalar.tag != NULL;
		if (event->data.scalar.length > SCALAR_MAX)
			say(s, event->start_mark,
				"a value longer than 64 KiB; is a quote never closed?");
		break;
	case YAML_SEQUENCE_START_EVENT:
		tagged = event->data.sequence_start.tag != NULL;
		s->depth++;
		break;
	case YAML_MAPPING_START_EVENT:
		tagged = event->data.mapping_start.tag != NULL;
		s->depth++;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		s->depth--;
		break;
	default:
		break;
	}
	if (tagged)
		say(s, event->start_mark, "tags (!name) are not taken");
	if (s->depth > DEPTH_MAX)
		say(s, event->start_mark, "nested too deeply");
}

static void say_problem(struct scan *s, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "not YAML";
	yaml_mark_t mark = parser->problem_mark;
	size_t byte;

	if (parser->error == YAML_READER_ERROR)
		mark = mark_of_byte(s, parser->problem_offset);
	byte = byte_of_mark(s, mark);
	if (byte < s->len && s->text[byte] == '\t')
		say(s, mark, "a tab; YAML is indented with spaces");
	else if (parser->error == YAML_READER_ERROR && strstr(problem, "UTF-8"))
		say(s, mark, "bytes that are not UTF-8; save the file as UTF-8");
	else if (parser->context && parser->context_mark.line != mark.line)
		nf_diags_add(s->diags, NF_DIAG_ERROR, s->file, (uint32_t)mark.line + 1,
			(uint32_t)mark.column + 1, "%s (%s that begins on line %zu)", problem,
			parser->context, parser->context_mark.line + 1);
	else
		say(s, mark, problem);
	s->failed = true;
}

/* Reads through once, so that what is odd is refused before nodes are made of it. */
static void scan_events(struct scan *s)
{
	yaml_parser_t parser;
	bool over = false;

	if (!yaml_parser_initialize(&parser)) {
		say(s, (yaml_mark_t){0}, "out of memory");
		return;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)s->text, s->len);
	while (!over && s->depth <= DEPTH_MAX && s->documents < 2) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			say_problem(s, &parser);
			break;
		}
		look_at_event(s, &event);
		over = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (!s->failed && s->documents == 0)
		say(s, (yaml_mark_t){0}, "the file is empty");
}

static bool load_document(struct scan *s, yaml_document_t *doc)
{
	yaml_parser_t parser;
	bool loaded;

	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)s->text, s->len);
	loaded = yaml_parser_load(&parser, doc) == 1;
	if (!loaded)
		say_problem(s, &parser);
	yaml_parser_delete(&parser);
	return loaded;
}

enum nf_err nf_yaml_parse(const char *file, const char *text, size_t len,
	struct nf_diags *diags, yaml_document_t *doc)
{
	struct scan s = {.file = file, .text = text, .len = len, .diags = diags};

	look_at_bytes(&s);
	if (!s.failed)
		scan_events(&s);
	return !s.failed && load_document(&s, doc) ? NF_OK : NF_EINVAL;
}

enum nf_err nf_yaml_load(const char *file, struct nf_diags *diags, yaml_document_t *doc)
{
	struct nf_error error;
	char *text;
	size_t len;
	enum nf_err err = nf_file_read(file, FILE_MAX, &text, &len, &error);

	if (err != NF_OK) {
		const char *why = error.text;

		/* The text names the file already; the place does so, too. */
		if (strncmp(why, file, strlen(file)) == 0 &&
			strncmp(why + strlen(file), ": ", 2) == 0)
			why += strlen(file) + 2;
		nf_diags_add(diags, NF_DIAG_ERROR, file, 0, 0, "%s", why);
		return err;
	}
	err = nf_yaml_parse(file, text, len, diags, doc);
	free(text);
	return err;
}
