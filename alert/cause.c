// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/cause.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

#define UPLINK	      "uplink"
#define AFTER_WAVE_US (3600 * NF_US_PER_S)

static void say(struct nf_cause *out, const char *kind, const char *network, const char *name)
{
	nf_strbuf_puts(&out->key, kind);
	if (network != NULL)
		nf_strbuf_printf(&out->key, "/%s", network);
	if (name != NULL)
		nf_strbuf_printf(&out->key, "/%s", name);
}

/* An unreachable device names the uplink, not whose: it is that of whatever is above all. */
static const struct nf_network *uplink_network(
	const struct nf_network *network, const struct nf_device *device)
{
	for (const struct nf_device *d = device; d != NULL; d = d->parent) {
		bool inside = false;
		for (size_t i = 0; i < d->legs_len; i++)
			inside |= d->legs[i].network == network;
		if (!inside)
			network = d->legs[0].network;
	}
	return network;
}

static const struct nf_wave *recent_wave(const struct nf_device *device, int64_t at_wall_us)
{
	const struct nf_wave *w = device != NULL ? device->wave : NULL;
	return w != NULL && at_wall_us >= w->from_wall_us &&
			       at_wall_us < w->to_wall_us + AFTER_WAVE_US
		       ? w
		       : NULL;
}

static void of_device(
	struct nf_cause *out, const struct nf_site *site, const char *name, const char *network)
{
	const struct nf_device *d = nf_site_device(site, name);
	if (d != NULL)
		out->network = d->legs[0].network->id;
	else
		out->network = network;
	out->structural = true;
	say(out, "device", NULL, name);
	nf_strbuf_puts(&out->title, name);
}

static void of_wave(struct nf_cause *out, const struct nf_wave *wave)
{
	out->structural = true;
	say(out, "wave", NULL, wave->id);
	nf_strbuf_printf(&out->title, _("wave %s"), wave->id);
}

void nf_cause_of(struct nf_cause *out, const struct nf_site *site, const char *network,
	const char *device, const char *check, enum nf_state state, const char *cause,
	int64_t at_wall_us)
{
	*out = (struct nf_cause){.network = network};
	const struct nf_network *n = *network != '\0' ? nf_site_network(site, network) : NULL;
	const struct nf_device *d = *device != '\0' ? nf_site_device(site, device) : NULL;
	bool unreachable = state == NF_STATE_UNREACHABLE && *cause != '\0';
	const struct nf_device *root = unreachable ? nf_site_device(site, cause) : NULL;
	const struct nf_wave *wave = recent_wave(root != NULL ? root : d, at_wall_us);
	if (root != NULL && wave != NULL) {
		of_wave(out, wave);
	} else if (unreachable && (strcmp(cause, UPLINK) != 0 || root != NULL)) {
		of_device(out, site, cause, network);
	} else if (unreachable || (*device == '\0' && strcmp(check, UPLINK) == 0)) {
		n = uplink_network(n, d);
		out->network = n != NULL ? n->id : network;
		out->structural = true;
		say(out, UPLINK, out->network, NULL);
		nf_strbuf_printf(
			&out->title, _("the way to %s"), n != NULL ? n->name : out->network);
	} else if (wave != NULL) {
		of_wave(out, wave);
	} else if (*device == '\0') {
		say(out, "checks", network, check);
		nf_strbuf_puts(&out->title, check);
	} else if (strcmp(check, "ping") == 0 && state == NF_STATE_CRITICAL) {
		of_device(out, site, device, network);
	} else {
		say(out, "checks", network, device);
		nf_strbuf_puts(&out->title, device);
	}
}

void nf_cause_storm(struct nf_cause *out, const struct nf_site *site, const char *network)
{
	*out = (struct nf_cause){.network = network};
	const struct nf_network *n = *network != '\0' ? nf_site_network(site, network) : NULL;
	say(out, "storm", network, NULL);
	nf_strbuf_printf(
		&out->title, _("many problems in %s"), n != NULL ? n->name : site->name);
}

void nf_cause_free(struct nf_cause *cause)
{
	nf_strbuf_free(&cause->key);
	nf_strbuf_free(&cause->title);
}
