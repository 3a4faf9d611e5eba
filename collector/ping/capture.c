// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/ping/capture.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "base/log.h"
#include "base/mem.h"

/* Headers with all their options and our payload fit; what is longer is no echo of ours. */
enum { SNAPLEN = 256, BLOCK_TIMEOUT_MS = 20, BUFFER_BYTES = 4 * 1024 * 1024 };
/* One read hands over at most this many blocks' worth, so that a flood cannot hold the loop. */
enum { READS_MAX = 64 };

struct nf_capture {
	pcap_t *pcap;
	uint64_t bad;
	nf_capture_fn *fn;
	void *arg;
};

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct nf_capture *c = (struct nf_capture *)(void *)user;
	struct nf_frame frame;
	enum nf_err rc = nf_frame_decode(NF_LINK_SLL2, bytes, header->caplen, &frame);

	if (rc == NF_EFORMAT)
		c->bad++;
	/* With nanosecond precision tv_usec holds nanoseconds. */
	if (rc == NF_OK)
		c->fn(&frame,
			(int64_t)header->ts.tv_sec * 1000000000 + (int64_t)header->ts.tv_usec,
			c->arg);
}

static enum nf_err pcap_failed(pcap_t *pcap, int rc, const char *what, struct nf_error *err)
{
	enum nf_err code = rc == PCAP_ERROR_PERM_DENIED ? NF_EPERM : NF_ESYS;
	const char *text = pcap_geterr(pcap);

	return nf_error_set(err, code, "%s: %s", what, *text ? text : pcap_statustostr(rc));
}

static enum nf_err set_filter(pcap_t *pcap, uint16_t id, struct nf_error *err)
{
	struct bpf_program program;
	char text[320];

	/* On lo a packet is captured as leaving and as arriving; once is enough. */
	snprintf(text, sizeof text,
		"not (outbound and ifindex %u) and ((icmp and (icmp[0] == 0 or icmp[0] == 8) and icmp[4:2] == %u) or "
		"(ip6[6] == 58 and (ip6[40] == 128 or ip6[40] == 129) and ip6[44:2] == %u))",
		if_nametoindex("lo"), (unsigned)id, (unsigned)id);
	int rc = pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN);

	if (rc)
		return pcap_failed(pcap, rc, "the capture's filter", err);
	rc = pcap_setfilter(pcap, &program);
	pcap_freecode(&program);
	return rc ? pcap_failed(pcap, rc, "the capture's filter", err) : NF_OK;
}

static enum nf_err set_up(struct nf_capture *c, uint16_t id, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];
	int rc;

	pcap_set_snaplen(c->pcap, SNAPLEN);
	pcap_set_timeout(c->pcap, BLOCK_TIMEOUT_MS);
	pcap_set_buffer_size(c->pcap, BUFFER_BYTES);
	rc = pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO);
	if (rc)
		return pcap_failed(c->pcap, rc, "nanosecond time stamps", err);
	rc = pcap_activate(c->pcap);
	if (rc < 0)
		return pcap_failed(c->pcap, rc, "capturing needs CAP_NET_RAW", err);
	if (pcap_setnonblock(c->pcap, 1, text))
		return nf_error_set(err, NF_ESYS, "capture: %s", text);
	rc = pcap_set_datalink(c->pcap, DLT_LINUX_SLL2);
	if (rc)
		return pcap_failed(c->pcap, rc, "the capture's link type", err);
	return set_filter(c->pcap, id, err);
}

enum nf_err nf_capture_open(uint16_t id, struct nf_capture **capture, struct nf_error *err)
{
	char text[PCAP_ERRBUF_SIZE];
	struct nf_capture *c = nf_xcalloc(1, sizeof *c);

	c->pcap = pcap_create("any", text);
	if (!c->pcap) {
		free(c);
		return nf_error_set(err, NF_ESYS, "capture: %s", text);
	}
	enum nf_err rc = set_up(c, id, err);

	if (rc) {
		nf_capture_close(c);
		return rc;
	}
	*capture = c;
	return NF_OK;
}

void nf_capture_close(struct nf_capture *capture)
{
	if (!capture)
		return;
	pcap_close(capture->pcap);
	free(capture);
}

enum nf_err nf_capture_read(struct nf_capture *capture, nf_capture_fn *fn, void *arg)
{
	int n = 1;

	capture->fn = fn;
	capture->arg = arg;
	for (int i = 0; i < READS_MAX && n > 0; i++)
		n = pcap_dispatch(capture->pcap, -1, on_packet, (u_char *)capture);
	if (n >= 0)
		return NF_OK;
	nf_log_limited("capture", NF_LOG_ERROR, "capture", "%s", pcap_geterr(capture->pcap));
	return NF_ECLOSED;
}

uint64_t nf_capture_drops(struct nf_capture *capture)
{
	struct pcap_stat stats;

	return pcap_stats(capture->pcap, &stats) ? 0 : stats.ps_drop;
}

uint64_t nf_capture_bad(const struct nf_capture *capture)
{
	return capture->bad;
}
