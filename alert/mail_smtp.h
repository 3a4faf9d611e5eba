// SPDX-License-Identifier: GPL-3.0-or-later
/* mail_smtp: one mail to one recipient over one route, through libcurl.
 * Shape:   blocking, for a thread of its own; touches nothing but its job. One recipient a transaction:
 *          libcurl tells one reply only, and a list would lose those that are refused.
 * Safety:  TLS is verified and, unless the route says otherwise, required; with a login it always is.
 *          A server that offers no login gets no mail from us: the text is held back until it has
 *          accepted ours (libcurl would send without). No password ever gets into `text`.
 * Errors:  are results. Unknown (the connection broke after the final dot) is NF_SMTP_LATER: the mail may
 *          come twice, with the same Message-ID.
 * Source:  RFC 5321 4.2.1, 4.5.3.2; LIBRARIES.md 6.
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "conf/site.h"

#include <stdatomic.h>

enum nf_smtp_result {
	NF_SMTP_DELIVERED, /* 250 after the final dot */
	NF_SMTP_LATER,	   /* 4xx, or the network, TLS, the login: the same again later */
	NF_SMTP_REFUSED,   /* 5xx to this recipient or this mail: final */
};

struct nf_smtp_job {
	const char *server, *user, *password, *ca_file; /* user NULL: no login */
	enum nf_tls tls;
	const char *from, *to;
	const char *mail; /* strict CRLF */
	size_t mail_len;
	long connect_ms, reply_s, total_ms; /* 0: 15 s, 30 s, 2 min */
	const atomic_bool *stop;	    /* NULL, or true: give up soon */
	/* Gives: */
	enum nf_smtp_result result;
	char text[NF_ERROR_TEXT_MAX]; /* of a failure, one printable line */
};

void nf_smtp_send(struct nf_smtp_job *job);
