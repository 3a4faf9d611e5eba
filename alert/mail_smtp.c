// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_smtp.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "base/text.h"

enum phase { PHASE_HELLO, PHASE_LOGIN, PHASE_ENVELOPE, PHASE_RECIPIENT, PHASE_TEXT };

struct talk {
	struct nf_smtp_job *job;
	size_t sent;
	enum phase phase;
	bool logged_in, held_back, leaving;
	char reply[200], error[CURL_ERROR_SIZE];
};

static bool begins(const char *data, size_t len, const char *with)
{
	return len >= strlen(with) && strncasecmp(data, with, strlen(with)) == 0;
}

static void heard(struct talk *t, const char *data, size_t len)
{
	if (t->leaving)
		return;
	if (begins(data, len, "235"))
		t->logged_in = true;
	while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
		len--;
	snprintf(t->reply, sizeof t->reply, "%.*s", (int)(len < 199 ? len : 199), data);
}

static void said(struct talk *t, const char *data, size_t len)
{
	static const struct {
		const char *verb;
		enum phase phase;
	} verbs[] = {
		{"EHLO",	 PHASE_HELLO    },
		{"HELO",	 PHASE_HELLO    },
		{"STARTTLS",  PHASE_HELLO	},
		{"AUTH",	 PHASE_LOGIN    },
		{"MAIL FROM", PHASE_ENVELOPE },
		{"RCPT TO",   PHASE_RECIPIENT},
		{"DATA",	 PHASE_TEXT	   },
	};
	/* libcurl takes its leave after a refusal: the reply that counts is the one before. */
	t->leaving |= begins(data, len, "QUIT");
	if (t->leaving)
		return;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (begins(data, len, verbs[i].verb))
			t->phase = verbs[i].phase;
	t->reply[0] = '\0';
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t len, void *arg)
{
	(void)curl;
	if (type == CURLINFO_HEADER_IN)
		heard(arg, data, len);
	else if (type == CURLINFO_HEADER_OUT)
		said(arg, data, len);
	return 0;
}

static size_t give_text(char *to, size_t size, size_t count, void *arg)
{
	struct talk *t = arg;
	size_t room = size * count, left = t->job->mail_len - t->sent;
	if (t->job->user != NULL && !t->logged_in) {
		t->held_back = true;
		return CURL_READFUNC_ABORT;
	}
	if (room > left)
		room = left;
	memcpy(to, t->job->mail + t->sent, room);
	t->sent += room;
	return room;
}

static int on_progress(
	void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal, curl_off_t ulnow)
{
	(void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
	const struct talk *t = arg;
	return t->job->stop != NULL && atomic_load(t->job->stop);
}

static size_t discard(char *data, size_t size, size_t count, void *arg)
{
	(void)data;
	(void)arg;
	return size * count;
}

/* The name that EHLO gives stands behind the server's, as libcurl wants it. */
static char *url_of(const struct nf_smtp_job *job)
{
	char host[256] = "";
	size_t len = strlen(job->server);
	while (len > 0 && job->server[len - 1] == '/')
		len--;
	if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
		snprintf(host, sizeof host, "localhost");
	for (char *c = host; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.')
			*c = '-';
	return nf_xasprintf("%.*s/%s", (int)len, job->server, host);
}

static long or_else(long value, long otherwise)
{
	return value > 0 ? value : otherwise;
}

static void set_safety(CURL *curl, const struct nf_smtp_job *job)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (job->ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, job->ca_file);
	bool must = job->tls == NF_TLS_REQUIRED || job->user != NULL;
	long use = must				 ? (long)CURLUSESSL_ALL
		   : job->tls == NF_TLS_OPTIONAL ? (long)CURLUSESSL_TRY
						 : (long)CURLUSESSL_NONE;
	curl_easy_setopt(curl, CURLOPT_USE_SSL, use);
	/* An environment variable shall not send the mail through another host. */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	if (job->user != NULL) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, job->user);
		curl_easy_setopt(
			curl, CURLOPT_PASSWORD, job->password != NULL ? job->password : "");
	}
}

static void set_times(CURL *curl, const struct nf_smtp_job *job)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, or_else(job->connect_ms, 15000));
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, or_else(job->reply_s, 30));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, or_else(job->total_ms, 120000));
}

static void set_hooks(CURL *curl, struct talk *t)
{
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
	curl_easy_setopt(curl, CURLOPT_READDATA, t);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->error);
}

/* Delivered only where libcurl says so; a 5xx is final only where it is about this recipient or this
 * text: one to the hello, the login or the sender is the server's or the site's fault, and the mail
 * must outlive its repair. */
static enum nf_smtp_result judge(const struct talk *t, CURLcode rc, long code)
{
	if (rc == CURLE_OK)
		return NF_SMTP_DELIVERED;
	if (t->held_back || t->phase < PHASE_RECIPIENT)
		return NF_SMTP_LATER;
	bool answered = rc == CURLE_SEND_ERROR || rc == CURLE_WEIRD_SERVER_REPLY ||
			rc == CURLE_UPLOAD_FAILED || rc == CURLE_RECV_ERROR;
	return answered && code >= 500 && code <= 599 && t->reply[0] == '5' ? NF_SMTP_REFUSED
									    : NF_SMTP_LATER;
}

static void explain(struct talk *t, CURLcode rc)
{
	struct nf_smtp_job *job = t->job;
	char line[256];
	if (rc == CURLE_OK)
		job->text[0] = '\0';
	else if (t->held_back)
		snprintf(
			line, sizeof line, "the server offers no login, but one is configured");
	else if (t->reply[0] == '4' || t->reply[0] == '5')
		snprintf(line, sizeof line, "%s", t->reply);
	else
		snprintf(line, sizeof line, "%s",
			t->error[0] != '\0' ? t->error : curl_easy_strerror(rc));
	if (rc != CURLE_OK)
		nf_text_escape_buf(job->text, sizeof job->text, line);
}

void nf_smtp_send(struct nf_smtp_job *job)
{
	struct talk t = {.job = job};
	CURL *curl = curl_easy_init();
	job->result = NF_SMTP_LATER;
	snprintf(job->text, sizeof job->text, "no memory");
	if (curl == NULL)
		return;
	char *url = url_of(job), *from = nf_xasprintf("<%s>", job->from),
	     *to = nf_xasprintf("<%s>", job->to);
	struct curl_slist *recipients = curl_slist_append(NULL, to);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	set_safety(curl, job);
	set_times(curl, job);
	set_hooks(curl, &t);
	CURLcode rc = curl_easy_perform(curl);
	long code = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	job->result = judge(&t, rc, code);
	explain(&t, rc);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	free(url);
	free(from);
	free(to);
}
