// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "collector/wire/cdp.h"
#include "collector/wire/lldp.h"
#include "collector/wire/sight_own.h"

enum { TYPE_LLDP = 0x88cc, OUI_CISCO = 0x00000c, SNAP_CDP = 0x2000 };

static enum nf_err look_at_lldp(struct nf_look *look)
{
	const struct nf_mac *sender = &look->ether->from;
	struct nf_strbuf detail = {0};
	struct nf_lldp l;
	enum nf_err rc = nf_lldp_decode(look->ether->payload, &l);

	if (rc)
		return rc;
	bool other = l.has_chassis_mac && !nf_look_is_sender(look, &l.chassis_mac);

	nf_look_say(&detail, "system", l.system_name);
	nf_look_say(&detail, "port", l.port);
	if (other)
		nf_look_say_mac(&detail, "chassis", &l.chassis_mac);
	nf_look_say(&detail, "chassis", l.chassis);
	nf_look_say(&detail, "is", l.system_description);
	nf_look_mac(look, NF_NOTE_LLDP, sender, &l.management, detail.data, 0);
	nf_look_text(look, NF_NOTE_NAME, NF_NOTE_LLDP, sender, &l.management, l.system_name);
	nf_look_text(look, NF_NOTE_SERIAL, NF_NOTE_LLDP, sender, &l.management, l.serial);
	nf_strbuf_free(&detail);
	return NF_OK;
}

static enum nf_err look_at_cdp(struct nf_look *look)
{
	const struct nf_mac *sender = &look->ether->from;
	struct nf_strbuf detail = {0};
	struct nf_cdp d;
	enum nf_err rc = nf_cdp_decode(look->ether->payload, look->cut, &d);

	if (rc)
		return rc;
	nf_look_say(&detail, "system", d.device);
	nf_look_say(&detail, "port", d.port);
	nf_look_say(&detail, "is", d.platform);
	nf_look_mac(look, NF_NOTE_CDP, sender, &d.address, detail.data, 0);
	nf_look_text(look, NF_NOTE_NAME, NF_NOTE_CDP, sender, &d.address, d.device);
	nf_strbuf_free(&detail);
	return NF_OK;
}

enum nf_err nf_look_neighbour(struct nf_look *look)
{
	if (!look->ether->oui && look->ether->type == TYPE_LLDP)
		return look_at_lldp(look);
	if (look->ether->oui == OUI_CISCO && look->ether->type == SNAP_CDP)
		return look_at_cdp(look);
	return NF_ENOENT;
}
