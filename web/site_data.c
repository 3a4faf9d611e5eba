// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/site_data.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/put.h"
#include "checks/cutover/moves_counts.h"
#include "checks/picture_json.h"
#include "web/parts.h"

void nf_site_data_status(const struct nf_model *m, struct nf_strbuf *out)
{
	size_t len = m->site->devices.len;
	bool *all = nf_xcalloc(len + 1, sizeof *all);
	for (size_t i = 0; i < len; i++)
		all[i] = true;
	const struct nf_status_choice choice = {.devices = all,
		.everything = true,
		.more = nf_moves_put_counts,
		.more_arg = m->moves};
	nf_status_json(&m->picture, &choice, out);
	free(all);
}

static void put_device(struct nf_json *j, const struct nf_model *m, size_t i)
{
	const struct nf_view *v = &m->picture.devices[i];
	const struct nf_page top = {.root = ""};
	char address[NF_ADDR_TEXT_MAX];
	char *href = nf_device_href(&top, v->device);
	nf_json_object(j);
	nf_put_text(j, "name", v->device->name);
	nf_put_text(j, "kind", nf_kind_text(v->device->kind));
	nf_put_text(j, "network", v->network->id);
	nf_put_text(j, "address", nf_addr_format(&v->device->legs[0].address, address));
	nf_put_text(j, "state", nf_state_text(v->state));
	nf_put_text(j, "page", href);
	nf_json_end(j);
	free(href);
}

void nf_site_data_index(const struct nf_model *m, struct nf_strbuf *out)
{
	struct nf_json j = nf_json_of(out);
	nf_json_array(&j);
	for (size_t i = 0; i < m->site->devices.len; i++)
		put_device(&j, m, i);
	nf_json_end(&j);
}

void nf_site_data_index_script(const struct nf_strbuf *index, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, "netfold.take(\"devices\",");
	nf_strbuf_add(out, index->data, index->len);
	nf_strbuf_puts(out, ");\n");
}

void nf_site_data_words(const struct nf_model *m, struct nf_strbuf *out)
{
	const struct {
		const char *key, *text;
	} words[] = {
		{"search",	   _("Search devices")					       },
		{"hint",	 _("Name, address, kind, network or state")			   },
		{"found",	  _("Found:")						       },
		{"more",	 _("more: type on")						},
		{"none",	 _("Nothing found.")					       },
		{"filter",	   _("Filter this table")						 },
		{"sort",	 _("Sort by")						      },
		{"ago",		_("ago")							  },
		{"day",		_("Day")							  },
		{"week",	 _("Week")							 },
		{"month",	  _("Month")							},
		{"year",	 _("Year")							 },
		{"range",	  _("Range")							},
		{"stale",	  _("These figures are old. The monitor has not written them since")},
		{"failed",	   _("The last attempt to write these pages failed:")		     },
		{"nochart",	    _("No values in this range.")					 },
		{"zoom",	 _("Drag to zoom, double-click to go back.")			    },
		{"ok",	       _("OK")							   },
		{"warning",	    _("Warning")						      },
		{"critical",    _("Critical")						     },
		{"unknown",	    _("Unknown")						      },
		{"unreachable", _("Unreachable")						  },
	};
	struct nf_json j = nf_json_of(out);
	nf_strbuf_puts(out, "var netfold_words = ");
	nf_json_object(&j);
	nf_put_text(&j, "lang", m->site->language == NF_LANGUAGE_SV ? "sv-SE" : "en-GB");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		nf_put_text(&j, words[i].key, words[i].text);
	nf_json_end(&j);
	nf_strbuf_puts(out, ";\n");
}

void nf_site_data_charts(const struct nf_charts *charts, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, "netfold.take(\"charts\",");
	struct nf_json j = nf_json_of(out);
	nf_charts_json(charts, &j);
	nf_strbuf_puts(out, ");\n");
}

void nf_site_data_health(const struct nf_health *health, struct nf_strbuf *out)
{
	struct nf_json j = nf_json_of(out);
	nf_json_object(&j);
	nf_put_time(&j, "written", health->at_wall_us);
	nf_put_time(&j, "valid_until", health->valid_until_wall_us);
	nf_put_text(&j, "failure", health->failure);
	nf_put_time(&j, "failing_since", health->failing_since_wall_us);
	nf_put_time(&j, "last_good", health->last_good_wall_us);
	nf_put_i64(&j, "pages_failed", (int64_t)health->pages_failed);
	nf_put_i64(&j, "pages_owed", (int64_t)health->pages_owed);
	nf_json_end(&j);
}

void nf_site_data_fresh(const struct nf_strbuf *health, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, "netfold.take(\"fresh\",");
	nf_strbuf_add(out, health->data, health->len);
	nf_strbuf_puts(out, ");\n");
}
