// SPDX-License-Identifier: GPL-3.0-or-later
/* put: a key with its value into JSON, in one call. */
#pragma once

#include "base/json.h"

void nf_put_text(struct nf_json *j, const char *key, const char *text); /* NULL: null */
void nf_put_some(struct nf_json *j, const char *key, const char *text); /* "": null */
void nf_put_time(struct nf_json *j, const char *key, int64_t wall_us);	/* 0: null */
void nf_put_i64(struct nf_json *j, const char *key, int64_t number);
void nf_put_bool(struct nf_json *j, const char *key, bool value);
