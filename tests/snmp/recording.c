// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/snmp/recording.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Reads two hex digits; -1 where there are none. */
static int hex_byte(const char *p)
{
	static const char digits[] = "0123456789abcdef";
	const char *high = p[0] ? strchr(digits, tolower((unsigned char)p[0])) : NULL;
	const char *low = high && p[1] ? strchr(digits, tolower((unsigned char)p[1])) : NULL;

	return low ? (int)((high - digits) * 16 + (low - digits)) : -1;
}

static void set_octets(struct value *v, const char *text, bool hex)
{
	size_t len = strlen(text);

	v->octets = nf_xmalloc(len + 1);
	if (!hex) {
		memcpy(v->octets, text, len);
		v->len = len;
		return;
	}
	for (; hex_byte(text) >= 0; text += 2)
		v->octets[v->len++] = (unsigned char)hex_byte(text);
}

static void read_value(struct value *v, char *type, const char *text)
{
	char *variation = strchr(type, ':');
	bool hex = strchr(type, 'x') != NULL;

	v->type = (int)strtol(type, NULL, 10);
	v->varies = variation && strncmp(variation, ":numeric", 8) == 0;
	if (variation && strncmp(text, "value=", 6) == 0)
		text += 6;
	if (v->type == 4 || (v->type == 64 && hex)) {
		set_octets(v, text, hex);
		return;
	}
	while (*text == '.' || *text == ' ')
		text++;
	v->text = nf_xstrdup(text);
	for (size_t len = strlen(v->text); len && v->text[len - 1] == ' '; len--)
		v->text[len - 1] = '\0';
}

static bool read_line(struct recording *r, char *line)
{
	char *type = strchr(line, '|');
	char *text = type ? strchr(type + 1, '|') : NULL;
	struct value *v;

	if (!text || !isdigit((unsigned char)*line))
		return false;
	*type++ = '\0';
	*text++ = '\0';
	r->values = nf_grow(r->values, r->len, &r->cap, sizeof *r->values);
	v = &r->values[r->len++];
	*v = (struct value){.oid = nf_xstrdup(line)};
	read_value(v, type, text);
	return true;
}

bool recording_read(struct recording *r, const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	*r = (struct recording){0};
	if (!file)
		return false;
	while (getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		read_line(r, line);
	}
	free(line);
	fclose(file);
	return r->len > 0;
}

void recording_free(struct recording *r)
{
	for (size_t i = 0; i < r->len; i++) {
		free(r->values[i].oid);
		free(r->values[i].text);
		free(r->values[i].octets);
	}
	free(r->values);
}

const struct value *recording_get(
	const struct recording *r, const char *column, const char *index)
{
	size_t len = strlen(column);

	for (size_t i = 0; i < r->len; i++) {
		const char *oid = r->values[i].oid;

		if (strncmp(oid, column, len) == 0 && oid[len] == '.' &&
			strcmp(oid + len + 1, index) == 0)
			return &r->values[i];
	}
	return NULL;
}
