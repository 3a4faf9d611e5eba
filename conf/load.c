// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/load.h"

#include <string.h>

#include "base/log.h"
#include "conf/bind.h"
#include "conf/check.h"
#include "conf/index.h"
#include "conf/inventory.h"
#include "conf/link.h"

static struct nf_site *new_site(const char *file)
{
	struct nf_arena *arena = nf_arena_new();
	struct nf_site *site = nf_arena_alloc(arena, sizeof *site);

	site->arena = arena;
	site->file = nf_arena_strdup(arena, file);
	nf_index_init(site);
	return site;
}

static void bind_and_check(struct nf_bind *b, yaml_document_t *doc)
{
	struct nf_zone_stay stay;

	nf_bind_section(b, doc, yaml_document_get_root_node(doc), nf_schema_site(), b->site);
	/* Every row may hold a day in the site's zone: switch once. */
	stay = nf_zone_enter(b->site->timezone ? b->site->timezone : "UTC");
	nf_inventory_load(b, doc);
	nf_zone_leave(&stay);
	nf_link_index(b);
	nf_link_resolve(b);
	nf_check_networks(b);
	nf_check_devices(b);
	nf_check_parents(b);
	nf_check_maintenance(b);
	nf_check_mail(b);
	if (b->site->devices.len == 0 && nf_diags_errors(b->diags) == 0)
		nf_bind_warn(b, (struct nf_place){b->file, 0, 0},
			"no devices: neither devices_csv nor devices names one");
}

/* Takes doc. */
static enum nf_err load_document(
	const char *file, yaml_document_t *doc, struct nf_diags *diags, struct nf_site **out)
{
	size_t errors = nf_diags_errors(diags);
	struct nf_site *site = new_site(file);
	struct nf_bind *b = nf_bind_new(site, diags, site->file);

	bind_and_check(b, doc);
	nf_bind_free(b);
	yaml_document_delete(doc);
	if (nf_diags_errors(diags) > errors) {
		nf_site_free(site);
		return NF_EINVAL;
	}
	*out = site;
	return NF_OK;
}

enum nf_err nf_site_load(const char *file, struct nf_diags *diags, struct nf_site **site)
{
	yaml_document_t doc;
	enum nf_err err = nf_yaml_load(file, diags, &doc);

	return err == NF_OK ? load_document(file, &doc, diags, site) : err;
}

enum nf_err nf_site_parse(const char *file, const char *text, size_t len,
	struct nf_diags *diags, struct nf_site **site)
{
	yaml_document_t doc;
	enum nf_err err = nf_yaml_parse(file, text, len, diags, &doc);

	return err == NF_OK ? load_document(file, &doc, diags, site) : err;
}

enum nf_err nf_site_load_logged(const char *file, struct nf_site **site, struct nf_error *err)
{
	struct nf_diags *diags = nf_diags_new();
	enum nf_err rc = nf_site_load(file, diags, site);

	nf_diags_log(diags, "site");
	if (rc)
		rc = nf_error_set(
			err, NF_EINVAL, "%s: %zu mistakes", file, nf_diags_errors(diags));
	nf_diags_free(diags);
	return rc;
}

struct nf_site *nf_site_reload_logged(const char *file)
{
	struct nf_site *site = NULL;
	struct nf_error err;

	if (nf_site_load_logged(file, &site, &err))
		nf_log(NF_LOG_ERROR, "site", "%s, nothing is changed", err.text);
	return site;
}
