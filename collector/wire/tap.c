// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/wire/tap.h"

#include <net/if.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "base/log.h"
#include "base/mem.h"

enum { SNAPLEN = 512, BLOCK_TIMEOUT_MS = 50, BUFFER_BYTES = 16 * 1024 * 1024, READS_MOST = 32 };

struct nf_tap {
	pcap_t *pcap;
	char *interface;
	unsigned index;
	uint32_t dropped; /* as pcap counted them, which wraps */
	nf_tap_fn *fn;
	void *arg;
};

static enum nf_err failed(struct nf_tap *t, int rc, const char *what, struct nf_error *err)
{
	enum nf_err code = NF_ESYS;
	const char *text = pcap_geterr(t->pcap);

	if (rc == PCAP_ERROR_PERM_DENIED || rc == PCAP_ERROR_PROMISC_PERM_DENIED)
		code = NF_EPERM;
	else if (rc == PCAP_ERROR_NO_SUCH_DEVICE || rc == PCAP_ERROR_IFACE_NOT_UP)
		code = NF_ENOENT;
	return nf_error_set(err, code, "%s: %s: %s", t->interface, what,
		*text ? text : pcap_statustostr(rc));
}

static enum nf_err set_up(struct nf_tap *t, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];

	pcap_set_snaplen(t->pcap, SNAPLEN);
	pcap_set_promisc(t->pcap, 1);
	pcap_set_timeout(t->pcap, BLOCK_TIMEOUT_MS);
	pcap_set_buffer_size(t->pcap, BUFFER_BYTES);
	int rc = pcap_activate(t->pcap);

	if (rc < 0)
		return failed(t, rc, "listening needs CAP_NET_RAW", err);
	if (rc > 0)
		nf_log(NF_LOG_WARN, "tap", "%s: %s", t->interface, pcap_geterr(t->pcap));
	if (pcap_datalink(t->pcap) != DLT_EN10MB)
		return nf_error_set(err, NF_EINVAL, "%s is no Ethernet", t->interface);
	rc = pcap_setdirection(t->pcap, PCAP_D_IN);
	if (rc)
		return failed(t, rc, "frames that arrive only", err);
	if (pcap_setnonblock(t->pcap, 1, text))
		return nf_error_set(err, NF_ESYS, "%s: %s", t->interface, text);
	return NF_OK;
}

enum nf_err nf_tap_open(const char *interface, struct nf_tap **tap, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];
	unsigned index = if_nametoindex(interface);

	if (!index)
		return nf_error_set(err, NF_ENOENT, "there is no interface %s", interface);
	struct nf_tap *t = nf_xcalloc(1, sizeof *t);

	t->interface = nf_xstrdup(interface);
	t->index = index;
	t->pcap = pcap_create(interface, text);
	enum nf_err rc = t->pcap ? set_up(t, err)
				 : nf_error_set(err, NF_ESYS, "%s: %s", interface, text);

	if (rc) {
		nf_tap_close(t);
		return rc;
	}
	*tap = t;
	return NF_OK;
}

void nf_tap_close(struct nf_tap *tap)
{
	if (!tap)
		return;
	if (tap->pcap)
		pcap_close(tap->pcap);
	free(tap->interface);
	free(tap);
}

int nf_tap_fd(const struct nf_tap *tap)
{
	return pcap_get_selectable_fd(tap->pcap);
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct nf_tap *t = (struct nf_tap *)(void *)user;

	t->fn(bytes, header->caplen, header->len, t->arg);
}

enum nf_err nf_tap_read(struct nf_tap *tap, nf_tap_fn *fn, void *arg)
{
	int n = 1;

	tap->fn = fn;
	tap->arg = arg;
	for (int i = 0; i < READS_MOST && n > 0; i++)
		n = pcap_dispatch(tap->pcap, -1, on_frame, (u_char *)tap);
	return n >= 0 ? NF_OK : NF_ECLOSED;
}

uint64_t nf_tap_drops(struct nf_tap *tap)
{
	struct pcap_stat stats;

	if (pcap_stats(tap->pcap, &stats))
		return 0;
	uint32_t total = (uint32_t)stats.ps_drop + (uint32_t)stats.ps_ifdrop;
	uint32_t since = total - tap->dropped;

	tap->dropped = total;
	return since;
}

enum nf_err nf_tap_look(const struct nf_tap *tap)
{
	return if_nametoindex(tap->interface) == tap->index ? NF_OK : NF_ECLOSED;
}
