// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/parse.h"

#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit duration_units[] = {
	{"w",  UINT64_C(604800000000)},
	{"d",  UINT64_C(86400000000) },
	{"h",  UINT64_C(3600000000)  },
	{"m",  UINT64_C(60000000)	},
	{"s",  UINT64_C(1000000)     },
	{"ms", UINT64_C(1000)	     },
	{"us", UINT64_C(1)		  },
};

static const struct unit size_units[] = {
	{"TiB", UINT64_C(1) << 40	 },
	{"GiB", UINT64_C(1) << 30	 },
	{"MiB", UINT64_C(1) << 20	 },
	{"KiB", UINT64_C(1) << 10	 },
	{"TB",  UINT64_C(1000000000000)},
	{"GB",  UINT64_C(1000000000)   },
	{"MB",  UINT64_C(1000000)	},
	{"KB",  UINT64_C(1000)	     },
	{"B",   UINT64_C(1)		 },
	{"",    UINT64_C(1)		},
};

/* Decimal digits only: strtoull would take blanks, signs and "0x". Returns the end of the number. */
static enum nf_err digits(const char *text, uint64_t *out, const char **end)
{
	uint64_t n = 0;
	const char *p = text;
	bool over = false;
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
			__builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			over = true;
	/* "0161" would be octal to some readers and decimal to others. */
	if (p == text || (*text == '0' && p > text + 1))
		return NF_EFORMAT;
	*end = p;
	if (over)
		return NF_ERANGE;
	*out = n;
	return NF_OK;
}

enum nf_err nf_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;
	const char *end = text;
	enum nf_err e = digits(text, &n, &end);
	if (e == NF_EFORMAT || *end)
		return NF_EFORMAT;
	if (e != NF_OK || n < min || n > max)
		return NF_ERANGE;
	*out = n;
	return NF_OK;
}

enum nf_err nf_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out)
{
	bool negative = *text == '-';
	uint64_t n;
	enum nf_err e = nf_parse_u64(text + negative, 0, (uint64_t)INT64_MAX + negative, &n);
	if (e != NF_OK)
		return e;
	int64_t value = negative ? (int64_t)(0 - n) : (int64_t)n;
	if (value < min || value > max)
		return NF_ERANGE;
	*out = value;
	return NF_OK;
}

enum nf_err nf_parse_double(const char *text, double min, double max, double *out)
{
	if (!isdigit((unsigned char)text[*text == '-']) || strpbrk(text, "xX"))
		return NF_EFORMAT;
	/* No program of ours sets LC_NUMERIC, so the decimal sign is a point. */
	char *end;
	double d = strtod(text, &end);
	if (*end)
		return NF_EFORMAT;
	if (!isfinite(d) || d < min || d > max)
		return NF_ERANGE;
	*out = d;
	return NF_OK;
}

enum nf_err nf_parse_bool(const char *text, bool *out)
{
	bool yes = strcmp(text, "true") == 0;
	if (!yes && strcmp(text, "false") != 0)
		return NF_EFORMAT;
	*out = yes;
	return NF_OK;
}

static enum nf_err quantity(
	const char *text, const struct unit *units, size_t len, uint64_t *out)
{
	uint64_t n = 0;
	const char *end = text;
	enum nf_err e = digits(text, &n, &end);
	if (e == NF_EFORMAT)
		return e;
	for (size_t i = 0; i < len; i++) {
		if (strcmp(end, units[i].name) != 0)
			continue;
		if (e != NF_OK || __builtin_mul_overflow(n, units[i].factor, out))
			return NF_ERANGE;
		return NF_OK;
	}
	return NF_EFORMAT;
}

enum nf_err nf_parse_duration(const char *text, int64_t min_us, int64_t max_us, int64_t *out_us)
{
	uint64_t us = 0;
	enum nf_err e = strcmp(text, "0") == 0
				? NF_OK
				: quantity(text, duration_units,
					  sizeof duration_units / sizeof *duration_units, &us);
	if (e != NF_OK)
		return e;
	if (us > INT64_MAX || (int64_t)us < min_us || (int64_t)us > max_us)
		return NF_ERANGE;
	*out_us = (int64_t)us;
	return NF_OK;
}

enum nf_err nf_parse_size(const char *text, uint64_t min, uint64_t max, uint64_t *out_bytes)
{
	uint64_t bytes = 0;
	enum nf_err e =
		quantity(text, size_units, sizeof size_units / sizeof *size_units, &bytes);
	if (e != NF_OK)
		return e;
	if (bytes < min || bytes > max)
		return NF_ERANGE;
	*out_bytes = bytes;
	return NF_OK;
}

char *nf_format_duration(int64_t us, char buf[NF_QUANTITY_MAX])
{
	if (us == 0) {
		snprintf(buf, NF_QUANTITY_MAX, "0s");
		return buf;
	}
	uint64_t rest = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	const struct unit *u = duration_units;
	while (rest % u->factor != 0)
		u++;
	snprintf(buf, NF_QUANTITY_MAX, "%s%" PRIu64 "%s", us < 0 ? "-" : "", rest / u->factor,
		u->name);
	return buf;
}

char *nf_format_size(uint64_t bytes, char buf[NF_QUANTITY_MAX])
{
	static const char *const names[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	if (bytes < 1024) {
		snprintf(buf, NF_QUANTITY_MAX, "%" PRIu64 " B", bytes);
		return buf;
	}
	double n = (double)bytes / 1024;
	size_t i = 0;
	for (; n >= 1023.95 && i + 1 < sizeof names / sizeof *names; i++)
		n /= 1024;
	snprintf(buf, NF_QUANTITY_MAX, "%.1f %s", n, names[i]);
	return buf;
}

char *nf_format_age(int64_t us, char buf[NF_QUANTITY_MAX])
{
	int64_t s = us < 0 ? 0 : us / NF_US_PER_S;
	if (s < 60)
		snprintf(buf, NF_QUANTITY_MAX, "%" PRId64 " s", s);
	else if (s < 3600)
		snprintf(buf, NF_QUANTITY_MAX, "%" PRId64 " min", s / 60);
	else if (s < 86400)
		snprintf(buf, NF_QUANTITY_MAX, "%" PRId64 " h %" PRId64 " min", s / 3600,
			s / 60 % 60);
	else
		snprintf(buf, NF_QUANTITY_MAX, "%" PRId64 " d %" PRId64 " h", s / 86400,
			s / 3600 % 24);
	return buf;
}
