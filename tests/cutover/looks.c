// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cutover/looks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "checks/cutover/wave.h"
#include "checks/cutover/wave_result.h"
#include "tests/test.h"

json_t *looks_parse(const char *text)
{
	char *json = nf_xstrdup(text);
	json_error_t err;
	for (char *c = json; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *got = json_loads(json, 0, &err);
	if (got == NULL)
		fail_msg("%s: %s", text, err.text);
	free(json);
	return got;
}

char *looks_words(json_t *list, bool with_state)
{
	json_t *d;
	struct nf_strbuf out = {0};
	size_t i;
	nf_strbuf_puts(&out, "");
	json_array_foreach(list, i, d)
	{
		const char *item = json_string_value(json_object_get(d, "item"));
		nf_strbuf_printf(&out, "%s%s%s%s|%s|%s", i > 0 ? "; " : "",
			with_state ? json_string_value(json_object_get(d, "state")) : "",
			with_state ? "|" : "", json_string_value(json_object_get(d, "aspect")),
			item != NULL ? item : "",
			json_string_value(json_object_get(d, "reason")));
	}
	assert_int_equal(nf_wave_count(list, true) + nf_wave_count(list, false), i);
	json_decref(list);
	return nf_strbuf_take(&out);
}

char *looks_differences(const char *before, const char *after)
{
	json_t *a = before != NULL ? looks_parse(before) : NULL,
	       *b = after != NULL ? looks_parse(after) : NULL;
	char *words = looks_words(nf_wave_compare(a, b, MOVED), true);
	json_decref(a);
	json_decref(b);
	return words;
}
