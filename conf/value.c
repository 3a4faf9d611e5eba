// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/value.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"
#include "conf/grammar.h"

#define TEXT_MAX   1000
#define SECRET_MAX 65536

/* One value under conversion. */
struct reading {
	struct nf_bind *b;
	const struct nf_key *key;
	const char *text;
	struct nf_why *why;
};

static enum nf_err refuse(struct reading *r, const char *mistake)
{
	snprintf(r->why->text, sizeof r->why->text, "%s", mistake);
	r->why->said = true;
	return NF_EINVAL;
}

static enum nf_err keep_text(struct reading *r, void *target)
{
	const char *copy = nf_arena_strdup(r->b->site->arena, r->text);

	memcpy(target, &copy, sizeof copy);
	return NF_OK;
}

static enum nf_err read_text(struct reading *r, void *target)
{
	if (strlen(r->text) > TEXT_MAX)
		return refuse(r, "longer than 1000 bytes");
	if (!nf_is_plain_text(r->text))
		return refuse(r, "holds control characters or a line break");
	return keep_text(r, target);
}

static enum nf_err keep_if(struct reading *r, bool valid, void *target)
{
	return valid ? keep_text(r, target) : NF_EINVAL;
}

static enum nf_err read_id(struct reading *r, void *target)
{
	return keep_if(r, nf_is_id(r->text), target);
}

static enum nf_err read_name(struct reading *r, void *target)
{
	return keep_if(r, nf_is_device_name(r->text), target);
}

static enum nf_err read_remote_path(struct reading *r, void *target)
{
	return keep_if(r, nf_is_remote_path(r->text), target);
}

static enum nf_err read_dataset(struct reading *r, void *target)
{
	return keep_if(r, nf_is_dataset(r->text), target);
}

static enum nf_err read_repository(struct reading *r, void *target)
{
	return keep_if(r, r->text[0] != '\0' && r->text[0] != '-' && nf_is_plain_text(r->text),
		target);
}

static enum nf_err read_glob(struct reading *r, void *target)
{
	return keep_if(r, nf_is_device_name(r->text), target);
}

static enum nf_err read_zone(struct reading *r, void *target)
{
	return keep_if(r, nf_zone_exists(r->text), target);
}

static enum nf_err read_interface(struct reading *r, void *target)
{
	return keep_if(r, nf_is_interface(r->text), target);
}

static enum nf_err read_mail(struct reading *r, void *target)
{
	return keep_if(r, nf_is_mail(r->text), target);
}

static enum nf_err read_server(struct reading *r, void *target)
{
	if (strchr(r->text, '@'))
		return refuse(r, "user and password belong into user and password_file");
	return keep_if(r, nf_is_mail_server(r->text), target);
}

static enum nf_err read_bool(struct reading *r, void *target)
{
	bool value;
	enum nf_err err = nf_parse_bool(r->text, &value);

	if (err == NF_OK)
		memcpy(target, &value, sizeof value);
	return err;
}

/* The bounds are written as values are; without one the type's own counts. */
static uint64_t bound_u64(const char *text, uint64_t otherwise)
{
	uint64_t value = otherwise;

	if (text)
		nf_parse_u64(text, 0, UINT64_MAX, &value);
	return value;
}

static enum nf_err read_count(struct reading *r, void *target)
{
	uint64_t value;
	enum nf_err err = nf_parse_u64(
		r->text, bound_u64(r->key->min, 0), bound_u64(r->key->max, UINT32_MAX), &value);
	uint32_t count;

	if (err != NF_OK)
		return err;
	count = (uint32_t)value;
	memcpy(target, &count, sizeof count);
	return NF_OK;
}

static enum nf_err read_port(struct reading *r, void *target)
{
	uint64_t value;
	uint16_t port;
	enum nf_err err = nf_parse_u64(r->text, 1, UINT16_MAX, &value);

	if (err != NF_OK)
		return err;
	port = (uint16_t)value;
	memcpy(target, &port, sizeof port);
	return NF_OK;
}

static enum nf_err read_percent(struct reading *r, void *target)
{
	double value;
	enum nf_err err = nf_parse_double(r->text, 0, 100, &value);

	if (err == NF_OK)
		memcpy(target, &value, sizeof value);
	return err;
}

static int64_t bound_us(const char *text, int64_t otherwise)
{
	int64_t value = otherwise;

	if (text)
		nf_parse_duration(text, 0, INT64_MAX, &value);
	return value;
}

static enum nf_err read_duration(struct reading *r, void *target)
{
	int64_t value;
	enum nf_err err = nf_parse_duration(
		r->text, bound_us(r->key->min, 0), bound_us(r->key->max, INT64_MAX), &value);

	if (err == NF_OK)
		memcpy(target, &value, sizeof value);
	return err;
}

static enum nf_err read_size(struct reading *r, void *target)
{
	uint64_t value;
	enum nf_err err = nf_parse_size(r->text, bound_u64(r->key->min, 0), UINT64_MAX, &value);

	if (err == NF_OK)
		memcpy(target, &value, sizeof value);
	return err;
}

static size_t words_len(const char *const *words)
{
	size_t len = 0;

	while (words[len])
		len++;
	return len;
}

static enum nf_err read_word(struct reading *r, void *target)
{
	size_t len = words_len(r->key->words);
	struct nf_strbuf expected = {0};

	_Static_assert(sizeof(enum nf_role) == sizeof(unsigned), "enums are bound as unsigned");
	for (unsigned i = 0; i < len; i++) {
		if (strcmp(r->text, r->key->words[i]) == 0) {
			memcpy(target, &i, sizeof i);
			return NF_OK;
		}
	}
	nf_value_expected(r->key, &expected);
	snprintf(r->why->text, sizeof r->why->text, "%s%s", expected.data,
		nf_bind_hint(r->b, r->text, r->key->words, len));
	nf_strbuf_free(&expected);
	return NF_EINVAL;
}

static const char *resolve(struct reading *r)
{
	struct nf_arena *arena = r->b->site->arena;

	if (r->text[0] == '/' || strcmp(r->b->folder, ".") == 0)
		return nf_arena_strdup(arena, r->text);
	return nf_arena_printf(arena, "%s/%s", r->b->folder, r->text);
}

static enum nf_err read_path(struct reading *r, void *target)
{
	const char *path;

	if (r->text[0] == '\0' || strlen(r->text) >= 4096 || !nf_is_plain_text(r->text))
		return NF_EINVAL;
	path = resolve(r);
	memcpy(target, &path, sizeof path);
	return NF_OK;
}

/* The value itself is not shown: somebody may have put the secret where its file's name belongs. */
static enum nf_err look_at_file(struct reading *r, const char *path, struct stat *st)
{
	if (stat(path, st) == 0) {
		if (S_ISREG(st->st_mode))
			return NF_OK;
		return refuse(r, "the file named here is not a regular file");
	}
	if (errno == EACCES) {
		r->why->warning = true;
		refuse(r, "the file named here cannot be looked at by this user");
		return NF_EPERM;
	}
	snprintf(r->why->text, sizeof r->why->text,
		"the file named here: %s (relative names start in %s)", strerror(errno),
		r->b->folder);
	r->why->said = true;
	return NF_EINVAL;
}

static enum nf_err read_file(struct reading *r, void *target)
{
	const char *path = NULL;
	struct stat st;
	enum nf_err err = read_path(r, &path);

	if (err == NF_OK)
		err = look_at_file(r, path, &st);
	if (err == NF_OK || err == NF_EPERM)
		memcpy(target, &path, sizeof path);
	return err;
}

static enum nf_err read_secret(struct reading *r, void *target)
{
	const char *path = NULL;
	struct stat st;
	enum nf_err err = read_path(r, &path);

	if (err != NF_OK)
		return refuse(r, "is not the name of a file");
	err = look_at_file(r, path, &st);
	if (err != NF_OK && err != NF_EPERM)
		return err;
	memcpy(target, &path, sizeof path);
	if (err == NF_EPERM)
		return err;
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return refuse(r, "others can read the file named here; chmod 600 it");
	if (st.st_size == 0)
		return refuse(r, "the file named here is empty");
	if (st.st_size > SECRET_MAX)
		return refuse(r, "the file named here is larger than 64 KiB: not a secret");
	return NF_OK;
}

static enum nf_err read_regex(struct reading *r, void *target)
{
	char why[200];
	regex_t regex;
	int failed;

	if (r->text[0] == '\0' || strlen(r->text) > TEXT_MAX || !nf_is_plain_text(r->text))
		return NF_EINVAL;
	failed = regcomp(&regex, r->text, REG_EXTENDED | REG_NOSUB);
	if (failed != 0) {
		regerror(failed, &regex, why, sizeof why);
		snprintf(r->why->text, sizeof r->why->text,
			"a POSIX extended regular expression: %s", why);
		return NF_EINVAL;
	}
	regfree(&regex);
	return keep_text(r, target);
}

static enum nf_err read_address(struct reading *r, void *target)
{
	struct nf_addr addr;
	enum nf_err err = nf_addr_parse(r->text, &addr);

	if (err == NF_OK)
		memcpy(target, &addr, sizeof addr);
	return err;
}

static enum nf_err read_address46(struct reading *r, void *target)
{
	struct nf_addr addr, *pair = target;
	enum nf_err err = nf_addr_parse(r->text, &addr);

	if (err != NF_OK)
		return err;
	pair += addr.family == NF_IPV6;
	if (pair->family != NF_FAMILY_NONE)
		return refuse(r, "two addresses of the same family");
	*pair = addr;
	return NF_OK;
}

static enum nf_err read_prefix(struct reading *r, void *target)
{
	struct nf_prefix prefix;
	enum nf_err err = nf_prefix_parse(r->text, &prefix);

	if (err == NF_OK)
		memcpy(target, &prefix, sizeof prefix);
	else if (err == NF_ERANGE)
		snprintf(r->why->text, sizeof r->why->text,
			"a prefix whose bits behind the mask are 0, such as 10.1.0.0/16");
	return err;
}

static enum nf_err read_mac(struct reading *r, void *target)
{
	struct nf_leg *leg = target;
	enum nf_err err = nf_mac_parse(r->text, &leg->mac);

	leg->has_mac = err == NF_OK;
	return err;
}

static enum nf_err read_window(struct reading *r, struct nf_window *window)
{
	char why[NF_ERROR_TEXT_MAX] = "";
	enum nf_err err =
		nf_window_parse(nf_arena_strdup(r->b->site->arena, r->text), window, why);

	if (err != NF_OK)
		snprintf(r->why->text, sizeof r->why->text, "%s", why);
	return err;
}

static enum nf_err read_start(struct reading *r, void *target)
{
	struct nf_window window;
	enum nf_err err = read_window(r, &window);

	if (err == NF_OK && window.is_span)
		return NF_EINVAL;
	if (err == NF_OK)
		memcpy(target, &window, sizeof window);
	return err;
}

static enum nf_err read_span(struct reading *r, void *target)
{
	struct nf_window window;
	enum nf_err err = read_window(r, &window);

	if (err == NF_OK && !window.is_span)
		return NF_EINVAL;
	if (err == NF_OK)
		memcpy(target, &window, sizeof window);
	return err;
}

static enum nf_err read_daytime(struct reading *r, void *target)
{
	return nf_daytime_parse(r->text, target);
}

static enum nf_err read_date(struct reading *r, void *target)
{
	return nf_date_parse(r->text, target);
}

static const char *site_zone(const struct reading *r)
{
	return r->b->site->timezone ? r->b->site->timezone : "UTC";
}

static enum nf_err read_day_at(struct reading *r, struct nf_daytime time, void *target)
{
	struct nf_date date;
	int64_t wall_us;

	if (nf_date_parse(r->text, &date) != NF_OK || date.year == 0)
		return NF_EINVAL;
	wall_us = nf_zone_instant(site_zone(r), date, time);
	memcpy(target, &wall_us, sizeof wall_us);
	return NF_OK;
}

static enum nf_err read_day(struct reading *r, void *target)
{
	return read_day_at(r, (struct nf_daytime){0, 0}, target);
}

static enum nf_err read_day_end(struct reading *r, void *target)
{
	return read_day_at(r, (struct nf_daytime){24, 0}, target);
}

static enum nf_err read_instant(struct reading *r, void *target)
{
	int64_t wall_us;
	enum nf_err err = nf_instant_parse(r->text, site_zone(r), &wall_us);

	if (err == NF_OK)
		memcpy(target, &wall_us, sizeof wall_us);
	return err;
}

static const struct type {
	size_t size;	      /* of one value; 0: of the section's struct */
	const char *name;     /* in the manual */
	const char *expected; /* in a message */
	enum nf_err (*read)(struct reading *r, void *target);
} types[] = {
	[NF_TYPE_TEXT] = {sizeof(const char *),	"text",		"a text",			  read_text	   },
	[NF_TYPE_ID] = {sizeof(const char *),      "id",
			  "a name of letters, digits, _ . -, at most 64",					read_id	       },
	[NF_TYPE_NAME] = {sizeof(const char *),	"name",
			  "a device's name of at most 128 visible characters",				     read_name      },
	[NF_TYPE_BOOL] = {sizeof(bool),		"true or false",	 "true or false",			  read_bool	   },
	[NF_TYPE_COUNT] = {sizeof(uint32_t),	     "number",	       "a whole number",			 read_count	   },
	[NF_TYPE_PORT] = {sizeof(uint16_t),	    "port",		    "a port",			      read_port      },
	[NF_TYPE_PERCENT] = {sizeof(double),	     "percent",		"a number",			    read_percent	},
	[NF_TYPE_DURATION] = {sizeof(int64_t),	       "duration",
			  "a duration such as 500ms, 30s, 5m, 2h, 7d",					     read_duration  },
	[NF_TYPE_SIZE] = {sizeof(uint64_t),	    "size",		    "a size such as 512, 10KB, 1GiB",
			  read_size											  },
	[NF_TYPE_WORD] = {sizeof(unsigned),	    "word",		    "one of",			      read_word      },
	[NF_TYPE_PATH] = {sizeof(const char *),	"path",		"the name of a file or folder",
			  read_path											  },
	[NF_TYPE_FILE] = {sizeof(const char *),	"file",		"the name of a file",	      read_file      },
	[NF_TYPE_SECRET] = {sizeof(const char *),	  "secret's file",	   "the name of a file",
			  read_secret											},
	[NF_TYPE_REMOTE_PATH] = {sizeof(const char *),      "path on the server", "an absolute path",
			  read_remote_path										   },
	[NF_TYPE_DATASET] = {sizeof(const char *),	   "dataset",	      "a ZFS dataset such as tank/home",
			  read_dataset										       },
	[NF_TYPE_REPOSITORY] = {sizeof(const char *),      "repository",
			  "a repository's path or URL",						       read_repository},
	[NF_TYPE_REGEX] = {sizeof(const char *),	 "regular expression",
			  "a POSIX extended regular expression",					       read_regex	 },
	[NF_TYPE_GLOB] = {sizeof(const char *),	"pattern",
			  "a device's name or a pattern such as srv-*",					      read_glob      },
	[NF_TYPE_ZONE] = {sizeof(const char *),	"time zone",
			  "an IANA time zone such as Europe/Stockholm",					      read_zone      },
	[NF_TYPE_INTERFACE] = {sizeof(const char *),	     "interface",
			  "an interface's name, at most 15 characters without / and :",			      read_interface },
	[NF_TYPE_MAIL] = {sizeof(const char *),	"mail address",
			  "a mail address such as oncall@example.se",					    read_mail	     },
	[NF_TYPE_SERVER] = {sizeof(const char *),	  "URL",
			  "smtp://HOST:PORT or smtps://HOST:PORT",						 read_server    },
	[NF_TYPE_ADDRESS] = {sizeof(struct nf_addr),    "address",		"an IPv4 or IPv6 address",
			  read_address										       },
	[NF_TYPE_ADDRESS46] = {sizeof(struct nf_addr[2]), "address",	     "an IPv4 or IPv6 address",
			  read_address46										     },
	[NF_TYPE_PREFIX] = {sizeof(struct nf_prefix),  "prefix",		"a prefix such as 10.1.0.0/16",
			  read_prefix											},
	[NF_TYPE_MAC] = {sizeof(struct nf_leg),	"MAC",
			  "a MAC address such as 00:11:22:aa:bb:cc",					   read_mac	   },
	[NF_TYPE_START] = {sizeof(struct nf_window),  "start",
			  "a time without an end, such as \"Mon-Fri 01:00\"",				    read_start     },
	[NF_TYPE_SPAN] = {sizeof(struct nf_window),  "span",
			  "times with an end, such as \"Mon-Fri 07:00-17:00\"",				      read_span      },
	[NF_TYPE_DAYTIME] = {sizeof(struct nf_daytime), "time of day",
			  "a time of day such as \"06:00\"",						   read_daytime   },
	[NF_TYPE_DATE] = {sizeof(struct nf_date),	  "date",
			  "a date such as 2011-06-24, or 12-24 for every year",				      read_date      },
	[NF_TYPE_DAY] = {sizeof(int64_t),		  "day",		 "a day such as 2011-06-30",	     read_day	     },
	[NF_TYPE_DAY_END] = {sizeof(int64_t),	      "day",		     "a day such as 2011-06-30",	 read_day_end   },
	[NF_TYPE_INSTANT] = {sizeof(int64_t),	      "instant",
			  "a day and time such as \"2011-02-05 18:00\"",				       read_instant   },
	[NF_TYPE_REFERENCE] = {sizeof(void *),	       "name",	       "a name",				 NULL	     },
	[NF_TYPE_SECTION] = {0,				"section",		   "keys with values",		       NULL	   },
	[NF_TYPE_SECTION_PTR] = {sizeof(void *),		 "section",	    "keys with values",		NULL	    },
};

enum nf_err nf_value_parse(struct nf_bind *b, const struct nf_key *key, const char *text,
	void *target, struct nf_why *why)
{
	struct reading r = {b, key, text, why};

	why->text[0] = '\0';
	why->said = why->warning = false;
	return types[key->type].read(&r, target) == NF_OK ? NF_OK : NF_EINVAL;
}

static void add_words(const char *const *words, struct nf_strbuf *out)
{
	for (size_t i = 0; words[i]; i++)
		nf_strbuf_printf(out, "%s%s", i == 0 ? " " : ", ", words[i]);
}

void nf_value_expected(const struct nf_key *key, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, types[key->type].expected);
	if (key->type == NF_TYPE_WORD)
		add_words(key->words, out);
	if (key->min && key->max)
		nf_strbuf_printf(out, ", from %s to %s", key->min, key->max);
	else if (key->min)
		nf_strbuf_printf(out, ", at least %s", key->min);
}

const char *nf_type_name(enum nf_type type)
{
	return types[type].name;
}

size_t nf_type_size(const struct nf_key *key)
{
	return types[key->type].size > 0 ? types[key->type].size : key->section->size;
}
