// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/put.h"

#include "base/clock.h"

void nf_put_text(struct nf_json *j, const char *key, const char *text)
{
	nf_json_key(j, key);
	nf_json_puts(j, text);
}

void nf_put_some(struct nf_json *j, const char *key, const char *text)
{
	nf_put_text(j, key, *text != '\0' ? text : NULL);
}

void nf_put_time(struct nf_json *j, const char *key, int64_t wall_us)
{
	char text[NF_ISO8601_MAX];
	nf_put_text(j, key, wall_us == 0 ? NULL : nf_iso8601(wall_us, text));
}

void nf_put_i64(struct nf_json *j, const char *key, int64_t number)
{
	nf_json_key(j, key);
	nf_json_i64(j, number);
}

void nf_put_bool(struct nf_json *j, const char *key, bool value)
{
	nf_json_key(j, key);
	nf_json_bool(j, value);
}
