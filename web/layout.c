// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "web/parts.h"

/* Nothing inline, nothing from elsewhere; frame-ancestors and the like only count as a header, which
 * netfold-serve sends. */
#define POLICY                                                                                 \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "      \
	"connect-src 'self'; base-uri 'none'; form-action 'none'"

static const struct {
	const char *file, *text;
} navigation[] = {
	{"index.html",	       N_("Overview")	     },
	{"devices.html",	 N_("Devices")	      },
	{"backups.html",	 N_("Backups")	      },
	{"cutover.html",	 N_("Cutover")	      },
	{"incidents.html",	   N_("Incidents and events")},
	{"availability.html", N_("Availability")	},
	{"risks.html",	       N_("Inventory risks")	    },
	{"about.html",	       N_("About this monitor")  },
};

static void put_link(struct nf_page *p, const char *rel, const char *type, const char *file)
{
	char *href = nf_xasprintf("%s%s", p->root, file);
	nf_html_void(p->h, "link", "rel", rel, "type", type, "href", href, NULL);
	free(href);
}

static void put_script(struct nf_page *p, const char *file)
{
	char *src = nf_xasprintf("%s%s", p->root, file);
	nf_html_el(p->h, "script", NULL, "src", src, "defer", "defer", NULL);
	free(src);
}

static void put_head(struct nf_page *p, const char *title, bool wall)
{
	char at[NF_ISO8601_MAX], until[NF_ISO8601_MAX];
	char *full = nf_xasprintf("%s – %s", title, p->m->site->name);
	nf_iso8601(p->m->now.wall_us, at);
	nf_iso8601(p->valid_until_wall_us, until);
	nf_html_open(p->h, "head", NULL);
	nf_html_void(p->h, "meta", "charset", "utf-8", NULL);
	nf_html_void(
		p->h, "meta", "http-equiv", "Content-Security-Policy", "content", POLICY, NULL);
	nf_html_void(p->h, "meta", "name", "viewport", "content",
		"width=device-width, initial-scale=1", NULL);
	nf_html_void(p->h, "meta", "name", "color-scheme", "content", "light dark", NULL);
	nf_html_void(p->h, "meta", "name", "referrer", "content", "no-referrer", NULL);
	nf_html_void(p->h, "meta", "name", "netfold-written", "content", at, NULL);
	nf_html_void(p->h, "meta", "name", "netfold-valid-until", "content", until, NULL);
	nf_html_void(p->h, "meta", "name", "netfold-root", "content", *p->root ? p->root : "./",
		NULL);
	nf_html_el(p->h, "title", full, NULL);
	put_link(p, "icon", "image/svg+xml", "assets/icon.svg");
	put_link(p, "stylesheet", NULL, "assets/style.css");
	put_link(p, "stylesheet", NULL, "fresh.css"); /* shows "failed" below, or nothing */
	put_script(p, "assets/words.js");
	put_script(p, "assets/app.js");
	if (wall) { /* with a script, it is loaded anew when there is something new */
		nf_html_open(p->h, "noscript", NULL);
		nf_html_void(p->h, "meta", "http-equiv", "refresh", "content", "60", NULL);
		nf_html_close(p->h);
	}
	nf_html_close(p->h);
	free(full);
}

static void put_navigation(struct nf_page *p)
{
	nf_html_open(p->h, "nav", "aria-label", _("Main"), NULL);
	nf_html_open(p->h, "ul", NULL);
	for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
		char *href = nf_xasprintf("%s%s", p->root, navigation[i].file);
		bool here = strcmp(navigation[i].file, p->nav) == 0;
		nf_html_open(p->h, "li", NULL);
		nf_html_el(p->h, "a", _(navigation[i].text), "href", href, "aria-current",
			here ? "page" : NULL, NULL);
		nf_html_close(p->h);
		free(href);
	}
	nf_html_close(p->h);
	nf_html_close(p->h);
}

/* Without a script the reader compares "valid until" with the clock on the wall. */
static void put_fresh(struct nf_page *p)
{
	nf_html_open(p->h, "p", "class", "fresh", "id", "fresh", NULL);
	nf_html_text(p->h, _("As of "));
	nf_part_moment(p, p->m->now.wall_us);
	nf_html_text(p->h, _(" · valid until "));
	nf_part_moment(p, p->valid_until_wall_us);
	nf_html_close(p->h);
	nf_html_el(p->h, "p",
		_("The last attempt to write these pages failed. What stands here was true at the time given above."),
		"class", "stale", "id", "failed", NULL);
	nf_html_el(p->h, "p", NULL, "class", "stale", "id", "stale", "role", "status", "hidden",
		"hidden", NULL);
}

static void put_header(struct nf_page *p)
{
	char *home = nf_xasprintf("%sindex.html", p->root);
	nf_html_el(p->h, "a", _("To the content"), "class", "skip", "href", "#main", NULL);
	nf_html_open(p->h, "header", "class", "top", NULL);
	nf_html_open(p->h, "a", "class", "brand", "href", home, NULL);
	nf_html_el(p->h, "span", "netfold", "class", "mark", NULL);
	nf_html_el(p->h, "span", p->m->site->name, "class", "site", NULL);
	nf_html_close(p->h);
	put_navigation(p);
	nf_html_close(p->h);
	free(home);
}

void nf_layout_begin(struct nf_page *p, const char *title, const char *description)
{
	put_head(p, title, false);
	nf_html_open(p->h, "body", NULL);
	put_header(p);
	nf_html_open(p->h, "main", "id", "main", "tabindex", "-1", NULL);
	nf_html_open(p->h, "div", "class", "title", NULL);
	nf_html_el(p->h, "h1", title, NULL);
	put_fresh(p);
	nf_html_close(p->h);
	if (description != NULL)
		nf_html_el(p->h, "p", description, "class", "lead", NULL);
}

void nf_layout_begin_bare(struct nf_page *p, const char *title)
{
	put_head(p, title, true);
	nf_html_open(p->h, "body", "class", "wall", NULL);
	nf_html_open(p->h, "main", "id", "main", NULL);
	nf_html_open(p->h, "div", "class", "title", NULL);
	nf_html_el(p->h, "h1", p->m->site->name, NULL);
	put_fresh(p);
	nf_html_close(p->h);
}

void nf_layout_end(struct nf_page *p)
{
	nf_html_close(p->h); /* main */
	nf_html_open(p->h, "footer", NULL);
	nf_html_open(p->h, "p", NULL);
	nf_html_text(p->h, "netfold " PACKAGE_VERSION " · ");
	nf_html_textf(p->h, _("times in %s"), p->m->site->timezone);
	nf_html_text(p->h, " · ");
	bool on_wall = strcmp(p->nav, "wall.html") == 0;
	char *wall = nf_xasprintf("%s%s", p->root, on_wall ? "index.html" : "wall.html");
	nf_html_el(p->h, "a", on_wall ? _("Overview") : _("Wall view"), "href", wall, NULL);
	free(wall);
	nf_html_close(p->h);
	nf_html_close(p->h);
	nf_html_close(p->h); /* body */
}
