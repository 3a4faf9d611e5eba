// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/inventory_role.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define ROLE_MAX   256
#define LEN(table) (sizeof(table) / sizeof(table)[0])

struct word {
	const char *kind, *text; /* small letters */
	bool whole;		 /* no end of another: what ends in "ap" is no access point */
};

/* Of two that end alike the longer one first. */
static const struct word words[] = {
	{"phone",	  "telefonväxel",	  false},
	{"phone",	  "telefonväxlar",	   false},
	{"phone",	  "telephone switch",  false},
	{"phone",	  "pbx",		 false},
	{"other",	  "kvm switch",	false},
	{"switch",	   "switch",	     false},
	{"switch",	   "växel",	    false},
	{"switch",	   "växlar",	     false},
	{"ap",	       "access point",      false},
	{"ap",	       "accesspoint",	      false},
	{"ap",	       "accesspunkt",	      false},
	{"ap",	       "åtkomstpunkt",     false},
	{"ap",	       "wireless",	   false},
	{"ap",	       "wap",		      true },
	{"ap",	       "ap",		     true },
	{"firewall",    "firewall",		 false},
	{"firewall",    "brandvägg",	  false},
	{"router",	   "router",	     false},
	{"router",	   "routrar",	      false},
	{"printer",	    "printer",	       false},
	{"printer",	    "print",	     false},
	{"printer",	    "skrivar",	       false},
	{"ups",		"ups",	       true },
	{"phone",	  "phone",		   false},
	{"phone",	  "telefon",	     false},
	{"workstation", "workstation",       false},
	{"workstation", "arbetsstation",	 false},
	{"server",	   "serverdator",	  false},
	{"server",	   "värddator",	false},
	{"server",	   "stordator",		false},
	{"workstation", "dator",		 false},
	{"workstation", "client",		  false},
	{"workstation", "klient",		  false},
	{"other",	  "console server",    false},
	{"other",	  "konsolserver",	  false},
	{"server",	   "server",	     false},
	{"server",	   "servrar",	      false},
	{"server",	   "hypervisor",	 false},
	{"server",	   "domain controller", false},
	{"server",	   "domänkontrollant", false},
	{"other",	  "controller",	false},
	{"other",	  "kontroller",	false},
	{"other",	  "gateway",	     false},
};

/* Plurals and the like. */
static const char *const endings[] = {"", "s", "es", "n", "en", "e", "er", "ar"};

/* What stands behind one of these tells no more what a thing is. */
static const char *const breaks[] = {" i ", " in ", " at ", " på ", " vid ", " for ", " för ",
	" till ", " of ", " med ", " with ", " - ", " – ", " (", ", ", "; ", ": "};

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool stands_before(const char *start, const char *end, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(end - start) >= len && memcmp(end - len, text, len) == 0;
}

static bool is_word(const struct word *w, const char *start, const char *end)
{
	if (!stands_before(start, end, w->text))
		return false;
	const char *at = end - strlen(w->text);
	return !w->whole || at == start || !is_letter(at[-1]);
}

/* The kind of the word that ends there; NULL: of none. Inside a word only its stem is looked for. */
static const char *kind_before(const char *start, const char *end, bool inside)
{
	for (size_t i = 0; i < (inside ? 1 : LEN(endings)); i++)
		for (size_t k = 0; stands_before(start, end, endings[i]) && k < LEN(words); k++)
			if (!(inside && words[k].whole) &&
				is_word(&words[k], start, end - strlen(endings[i])))
				return words[k].kind;
	return NULL;
}

static const char *kind_of_phrase(const char *start, const char *end, bool inside)
{
	for (const char *p = end; p > start; p--) {
		bool ends_word = is_letter(p[-1]) && (p == end || !is_letter(*p));
		const char *kind = NULL;

		if (inside || ends_word)
			kind = kind_before(start, p, inside);
		if (kind != NULL)
			return kind;
	}
	return NULL;
}

static const char *next_phrase(const char *text, const char **end)
{
	const char *next = text + strlen(text);

	*end = next;
	for (size_t i = 0; i < LEN(breaks); i++) {
		const char *at = strstr(text, breaks[i]);

		if (at != NULL && at < *end) {
			*end = at;
			next = at + strlen(breaks[i]) - 1; /* its blank may begin another */
		}
	}
	return next;
}

static const char *kind_of(const char *role, bool inside)
{
	const char *kind = NULL, *end;

	while (kind == NULL && *role != '\0') {
		const char *next = next_phrase(role, &end);

		kind = kind_of_phrase(role, end, inside);
		role = next;
	}
	return kind;
}

const char *nf_inventory_role_kind(const char *role)
{
	char text[ROLE_MAX];

	snprintf(text, sizeof text, "%s", role);
	nf_text_lower(text);
	for (char *c = text + 1; text[0] != '\0' && *c != '\0'; c++)
		if ((*c == '-' || *c == '_') && c[-1] != ' ')
			*c = ' '; /* a slug, "access-point" */
	const char *kind = kind_of(text, false);
	if (kind == NULL)
		kind = kind_of(text, true);
	return kind != NULL ? kind : "other";
}
