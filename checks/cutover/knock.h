// SPDX-License-Identifier: GPL-3.0-or-later
/* knock: which TCP ports answer, at many addresses, gently: a connection is made and closed at once, no byte
 * is sent.
 * Shape:   blocking, over a libuv loop of its own. At most NF_KNOCK_ALL connections under way, and
 *          NF_KNOCK_EACH to one address; each network is paced by its max_packets_per_second and left by its
 *          own way out.
 * Rights:  none.
 */
#pragma once

#include "base/addr.h"
#include "conf/site.h"

#define NF_KNOCK_ALL  64
#define NF_KNOCK_EACH 4

enum nf_knock_state {
	NF_KNOCK_SILENT, /* nothing came back: not there, or something in between keeps quiet */
	NF_KNOCK_OPEN,
	NF_KNOCK_CLOSED, /* said no: the address is there */
};
const char *nf_knock_state_text(enum nf_knock_state state); /* "open", "closed", "silent" */

struct nf_knock {
	const struct nf_network *network;
	struct nf_addr address;
	uint16_t port;
	enum nf_knock_state state; /* the answer */
};

/* Fills each state. Knocks at one address stand together. An error is that of the first knock whose socket
 * could not be made (an interface that is not there); it is silent, and the others are asked. */
enum nf_err nf_knock_run(
	struct nf_knock *knocks, size_t len, int64_t timeout_us, struct nf_error *err);

/* What is asked for where nothing is known of an address, each once: ports that services of a municipality
 * answer on, then the site's own (cutover.ports). Caller frees. */
uint16_t *nf_knock_ports(const struct nf_site *site, size_t *len);
