// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/network.h"

#include <string.h>

#include "base/addr.h"
#include "base/i18n.h"
#include "base/text.h"
#include "checks/cutover/identity.h"
#include "conf/site.h"

#define PIECE_MAX 120

/* The one that somebody has to touch. */
static const struct nf_device *device_of(const struct nf_site *site, const struct nf_blocker *b)
{
	switch (b->kind) {
	case NF_BLOCKER_DEVICE:
	case NF_BLOCKER_VISITOR:
		return nf_site_device(site, b->what);
	case NF_BLOCKER_CALLER:
		return b->is_behind ? NULL : nf_site_device(site, b->what);
	case NF_BLOCKER_LEASE:
	case NF_BLOCKER_BACKUP:
		return nf_site_device(site, b->whose);
	default:
		return NULL;
	}
}

const char *nf_blocker_owner(const struct nf_site *site, const struct nf_blocker *b)
{
	const struct nf_device *d = device_of(site, b);
	return d != NULL && d->owner != NULL && *d->owner != '\0' ? d->owner : NULL;
}

static void put_device_task(
	const struct nf_device *d, const struct nf_blocker *b, struct nf_strbuf *out)
{
	if (strcmp(b->about, "dual") == 0)
		nf_strbuf_puts(out, _("take its old side away"));
	else if (strcmp(b->about, "moved") == 0)
		nf_strbuf_puts(
			out, _("see its page for what is still to be proved, or wait for it"));
	else if (strcmp(b->about, "regressed") == 0)
		nf_strbuf_puts(out, _("find out why it came back, and move it again"));
	else if (strcmp(b->about, "lost") == 0)
		nf_strbuf_puts(out, _("look for it: it answers nowhere"));
	else if (d != NULL && d->wave != NULL)
		nf_strbuf_printf(out, _("move it with wave %s"), d->wave->id);
	else
		nf_strbuf_puts(out, _("give it a wave, or exempt it"));
}

/* Its address on the other side, from the inventory. */
static bool new_address(
	const struct nf_site *site, const char *device, char buf[NF_ADDR_TEXT_MAX])
{
	const struct nf_device *d = nf_site_device(site, device);
	const struct nf_leg *leg = d != NULL ? nf_move_new_leg(d) : NULL;
	if (leg == NULL)
		return false;
	nf_addr_format(&leg->address, buf);
	return true;
}

static void put_caller_task(
	const struct nf_site *site, const struct nf_blocker *b, struct nf_strbuf *out)
{
	char address[NF_ADDR_TEXT_MAX];
	if (b->is_behind)
		nf_strbuf_puts(out, _("find out who it is, in the router's own tables"));
	else if (new_address(site, b->whose, address))
		nf_strbuf_printf(out, _("let it call %s instead"), address);
	else
		nf_strbuf_puts(out, _("find out what it wants there, and stop it"));
}

static void put_unlisted_task(const struct nf_blocker *b, struct nf_strbuf *out)
{
	char place[PIECE_MAX];
	nf_text_escape_buf(place, sizeof place, b->place);
	if (*place != '\0')
		nf_strbuf_printf(out,
			_("follow the cable at %s; list it in the inventory, or unplug it"),
			place);
	else
		nf_strbuf_puts(out, _("find it; list it in the inventory, or unplug it"));
}

static void put_task(
	const struct nf_site *site, const struct nf_blocker *b, struct nf_strbuf *out)
{
	char address[NF_ADDR_TEXT_MAX];
	switch (b->kind) {
	case NF_BLOCKER_DEVICE:
		put_device_task(device_of(site, b), b, out);
		break;
	case NF_BLOCKER_UNLISTED:
		put_unlisted_task(b, out);
		break;
	case NF_BLOCKER_VISITOR:
		nf_strbuf_puts(out, _("find out what it does on this network"));
		break;
	case NF_BLOCKER_CALLER:
		put_caller_task(site, b, out);
		break;
	case NF_BLOCKER_LEASE:
		nf_strbuf_puts(out, _("end the lease in the DHCP server, or wait"));
		break;
	case NF_BLOCKER_BACKUP:
		if (new_address(site, b->whose, address))
			nf_strbuf_printf(out, _("aim the job at %s"), address);
		else
			nf_strbuf_puts(out, _("aim the job at its new address"));
		break;
	case NF_BLOCKER_QUIET:
		if (b->earliest_wall_us == 0)
			nf_strbuf_puts(out,
				_("let netfold listen there: by a mirror port, or by tables of its switches"));
		else
			nf_strbuf_puts(out, _("wait, and keep listening"));
		break;
	case NF_BLOCKER_MONTH_END:
		nf_strbuf_puts(out, _("wait, and keep listening"));
		break;
	}
}

void nf_blocker_task(
	const struct nf_site *site, const struct nf_blocker *b, struct nf_strbuf *out)
{
	const char *owner = nf_blocker_owner(site, b);
	char who[PIECE_MAX];
	if (owner != NULL)
		nf_strbuf_printf(out, "%s: ", nf_text_escape_buf(who, sizeof who, owner));
	else if (device_of(site, b) != NULL)
		nf_strbuf_printf(out, "%s: ", _("no owner is listed"));
	put_task(site, b, out);
}
