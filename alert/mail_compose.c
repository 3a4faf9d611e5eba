// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert/mail_compose.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert/mail_encode.h"
#include "alert/mail_letter.h"

#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3 */
#define ID_MAX	    900
/* No quoted-printable line can hold it: '=' is followed by two hex digits or a line's end there. */
#define BOUNDARY "=_netfold_=_parts_="

bool nf_mail_is_address(const char *text)
{
	size_t len = strlen(text);
	const char *at = strrchr(text, '@');
	if (len == 0 || len > ADDRESS_MAX || at == NULL || at == text || at[1] == '\0')
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("<>()[],;:\\\"", *c) != NULL)
			return false;
	return strchr(text, '@') == at;
}

static bool is_message_id(const char *id)
{
	size_t len = strlen(id);
	if (len < 5 || len > ID_MAX || id[0] != '<' || id[len - 1] != '>')
		return false;
	for (size_t i = 1; i + 1 < len; i++)
		if (id[i] <= ' ' || id[i] >= 0x7f || strchr("<>()[],;:\\\"", id[i]) != NULL)
			return false;
	return true;
}

/* RFC 5322 3.3: English names whatever the locale; in UTC. */
static void put_date(struct nf_strbuf *out, int64_t wall_us)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t at = (time_t)(wall_us / 1000000);
	struct tm tm;
	if (wall_us < 0 || gmtime_r(&at, &tm) == NULL || tm.tm_year > 8099)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
	nf_strbuf_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday],
		tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		tm.tm_sec);
}

static void put_thread(struct nf_strbuf *out, const struct nf_notice *n)
{
	const char *last = NULL;
	for (size_t i = 0; i < n->references_len; i++)
		if (is_message_id(n->references[i]))
			last = n->references[i];
	if (last == NULL)
		return;
	nf_strbuf_printf(out, "In-Reply-To: %s\r\nReferences:", last);
	for (size_t i = 0; i < n->references_len; i++)
		if (is_message_id(n->references[i]))
			nf_strbuf_printf(out, "%s %s", i > 0 ? "\r\n" : "", n->references[i]);
	nf_strbuf_puts(out, "\r\n");
}

/* What a rule of a mail program can ask for, and what keeps answering machines quiet. */
static void put_marks(struct nf_strbuf *out, const struct nf_notice *n, const char *from)
{
	const char *host = strrchr(from, '@') + 1;
	nf_strbuf_printf(out, "List-Id: netfold <netfold.%s>\r\n", host);
	nf_strbuf_printf(out, "X-Netfold-Kind: %s\r\n", nf_notice_kind_text(n->kind));
	nf_strbuf_printf(out, "X-Netfold-State: %s\r\n", nf_state_text(n->state));
	if (n->number != 0)
		nf_strbuf_printf(out, "X-Netfold-Incident: %lld\r\n", (long long)n->number);
	nf_strbuf_puts(out, "Auto-Submitted: auto-generated\r\n"
			    "X-Auto-Response-Suppress: All\r\n"
			    "Precedence: bulk\r\n");
}

static void put_part(struct nf_strbuf *out, const char *type, const struct nf_strbuf *body)
{
	nf_strbuf_printf(out,
		"--" BOUNDARY "\r\nContent-Type: %s; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		type);
	nf_mail_quoted(out, body->data, body->len);
}

static void put_body(struct nf_strbuf *out, const struct nf_letter *letter)
{
	struct nf_strbuf text = {0}, html = {0};
	nf_letter_text(letter, &text);
	nf_letter_html(letter, &html);
	nf_strbuf_puts(out, "MIME-Version: 1.0\r\n"
			    "Content-Type: multipart/alternative;\r\n"
			    " boundary=\"" BOUNDARY "\"\r\n\r\n");
	put_part(out, "text/plain", &text);
	put_part(out, "text/html", &html);
	nf_strbuf_puts(out, "--" BOUNDARY "--\r\n");
	nf_strbuf_free(&text);
	nf_strbuf_free(&html);
}

enum nf_err nf_mail_compose(
	const struct nf_notice *notice, const char *from, struct nf_strbuf *mail)
{
	if (!nf_mail_is_address(from) || !nf_mail_is_address(notice->address) ||
		!is_message_id(notice->message_id))
		return NF_EINVAL;
	struct nf_letter *letter = nf_letter_write(notice);
	put_date(mail, notice->made_wall_us);
	nf_mail_mailbox(mail, "From", "netfold", from);
	nf_mail_mailbox(mail, "To", notice->contact_name != NULL ? notice->contact_name : "",
		notice->address);
	nf_mail_header(mail, "Subject", letter->subject);
	nf_strbuf_printf(mail, "Message-ID: %s\r\n", notice->message_id);
	put_thread(mail, notice);
	put_marks(mail, notice, from);
	nf_strbuf_printf(mail, "Content-Language: %s\r\n",
		strcmp(letter->language, "sv") == 0 ? "sv" : "en");
	put_body(mail, letter);
	nf_letter_free(letter);
	return NF_OK;
}
