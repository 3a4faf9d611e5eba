// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checks/backup/ssh/kexinit.h"
#include "checks/backup/ssh/worker.h"

#define STEP_BEFORE_LOGIN 16384u
#define STEP_AFTER_LOGIN  262144u
#define FIRST_MAX	  16384u
#define NOISE_MAX	  400u
#define NOISE_WAIT_US	  (3 * NF_US_PER_S)

#if LIBSSH2_VERSION_NUM >= 0x010b00
#define RSA_NEEDS_SHA1 false
#else
#define RSA_NEEDS_SHA1 true
#endif

/* libssh2's view of the socket: as much as the step and the server's budget allow. */
static LIBSSH2_RECV_FUNC(receive)
{
	struct nf_session *s = *abstract;
	if (s->over_budget)
		return -ECONNABORTED;
	if (s->step_left == 0)
		return -EAGAIN;
	ssize_t n = recv(socket, buffer, length < s->step_left ? length : s->step_left, flags);
	if (n < 0) {
		s->ended |= errno == ECONNRESET;
		return -errno;
	}
	if (n == 0)
		s->ended = true;
	s->step_left -= (size_t)n;
	if (s->phase <= NF_PHASE_AUTH) {
		s->received += (uint64_t)n;
		s->over_budget = s->received > s->login.preauth_bytes;
	}
	if (s->phase == NF_PHASE_HANDSHAKE && s->first.len < FIRST_MAX)
		nf_strbuf_add(&s->first, buffer, (size_t)n);
	return n;
}

static const char *offers(LIBSSH2_SESSION *ssh, int method, struct nf_strbuf *list)
{
	const char **names = NULL;
	int n = libssh2_session_supported_algs(ssh, method, &names);
	for (int i = 0; i < n; i++)
		nf_strbuf_printf(list, "%s%s", i ? "," : "", names[i]);
	if (n > 0)
		libssh2_free(ssh, names);
	return list->data ? list->data : "";
}

static bool in_list(const char *list, const char *name, size_t len)
{
	for (const char *at = list; *at;) {
		size_t n = strcspn(at, ",");
		if (n == len && memcmp(at, name, len) == 0)
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

static void prefer(struct nf_strbuf *wish, const char *ours, const char *name, size_t len)
{
	if (!in_list(ours, name, len) || in_list(wish->data ? wish->data : "", name, len))
		return;
	if (wish->len)
		nf_strbuf_putc(wish, ',');
	nf_strbuf_add(wish, name, len);
}

/* The kinds of host key that are known come first, so that a server that has one of them shows it; the
 * others follow, so that one that has another instead can be told with both fingerprints. */
static void prefer_known(struct nf_session *s, const char *known)
{
	static const char *const rsa[] = {"rsa-sha2-512", "rsa-sha2-256"};
	struct nf_strbuf all = {0}, wish = {0};
	const char *ours = offers(s->ssh, LIBSSH2_METHOD_HOSTKEY, &all);
	for (const char *at = known; *at;) {
		size_t n = strcspn(at, ",");
		if (n == 7 && memcmp(at, "ssh-rsa", 7) == 0)
			for (size_t i = 0; i < 2; i++)
				prefer(&wish, ours, rsa[i], strlen(rsa[i]));
		prefer(&wish, ours, at, n);
		at += n + (at[n] == ',');
	}
	for (const char *at = ours; *at;) {
		size_t n = strcspn(at, ",");
		prefer(&wish, ours, at, n);
		at += n + (at[n] == ',');
	}
	if (wish.len)
		libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_HOSTKEY, wish.data);
	nf_strbuf_free(&all);
	nf_strbuf_free(&wish);
}

bool nf_login_begin(struct nf_session *s, const struct nf_wire_login *login)
{
	s->login = *login;
	s->user = nf_xstrdup(login->user);
	s->login.user = s->user;
	s->login.known_types = "";
	s->ssh = libssh2_session_init_ex(NULL, NULL, NULL, s);
	if (!s->ssh)
		return false;
	libssh2_session_set_blocking(s->ssh, 0);
#if LIBSSH2_VERSION_NUM >= 0x010b01
	libssh2_session_callback_set2(
		s->ssh, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)receive);
#else
	union { /* libssh2 takes functions as data */
		LIBSSH2_RECV_FUNC((*function));
		void *data;
	} callback = {.function = receive};
	libssh2_session_callback_set(s->ssh, LIBSSH2_CALLBACK_RECV, callback.data);
#endif
	prefer_known(s, login->known_types);
	s->phase = NF_PHASE_HANDSHAKE;
	s->deadline_us = s->now_us + login->handshake_us;
	return true;
}

static enum nf_step no_algorithm(struct nf_session *s, const struct nf_offer *theirs)
{
	static const int methods[NF_OFFERS] = {LIBSSH2_METHOD_KEX, LIBSSH2_METHOD_HOSTKEY,
		LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC, LIBSSH2_METHOD_MAC_CS,
		LIBSSH2_METHOD_MAC_SC};
	struct nf_strbuf lists[NF_OFFERS] = {0};
	const char *ours[NF_OFFERS];
	for (unsigned i = 0; i < NF_OFFERS; i++)
		ours[i] = offers(s->ssh, methods[i], &lists[i]);
	enum nf_offer_kind kind = nf_kexinit_missing(theirs, ours);
	enum nf_step step =
		kind == NF_OFFERS
			? nf_lost(s, NF_CAUSE_NO_ALGORITHM, "the key exchange failed with %s",
				  theirs->banner)
			: nf_lost(s, NF_CAUSE_NO_ALGORITHM,
				  "no common %s: %s offers %.130s; netfold with libssh2 %s offers "
				  "%.110s; %s",
				  nf_offer_name(kind), theirs->banner, theirs->lists[kind],
				  LIBSSH2_VERSION, ours[kind], nf_offer_remedy(kind));
	for (unsigned i = 0; i < NF_OFFERS; i++)
		nf_strbuf_free(&lists[i]);
	return step;
}

/* What a server says that has no room for us: OpenSSH's MaxStartups and PerSourcePenalties. */
static bool is_full(const struct nf_strbuf *first)
{
	return first->len == 0 || memmem(first->data, first->len, "MaxStartups", 11) ||
	       memmem(first->data, first->len, "Not allowed at this time", 24);
}

static enum nf_step handshake_failed(struct nf_session *s, int rc)
{
	struct nf_offer theirs;
	bool has_offer = nf_kexinit_read((const uint8_t *)s->first.data, s->first.len, &theirs);
	if (s->over_budget)
		return nf_lost(s, NF_CAUSE_NOT_SSH,
			"%s sent over %u KiB without coming to a login: it is not let go on",
			theirs.banner[0] ? theirs.banner : "the server",
			s->login.preauth_bytes / 1024);
	if (has_offer && rc != LIBSSH2_ERROR_SOCKET_DISCONNECT && !s->ended)
		return no_algorithm(s, &theirs);
	if (!theirs.banner[0] && s->ended && is_full(&s->first))
		return nf_lost(s, NF_CAUSE_UNREACHABLE,
			"the server closed the connection before its banner: too many logins at "
			"once (MaxStartups), or an address that it does not let in%s%.60s",
			s->first.len ? ": " : "", s->first.len ? s->first.data : "");
	if (!theirs.banner[0])
		return nf_lost(s, NF_CAUSE_NOT_SSH, "what answers does not speak SSH: %.100s",
			s->first.len ? s->first.data : "");
	char *text = NULL;
	libssh2_session_last_error(s->ssh, &text, NULL, 0);
	return nf_lost(s, NF_CAUSE_CUT, "the handshake with %s broke (%s)", theirs.banner,
		s->ended ? "closed by the server"
		: text	 ? text
			 : "");
}

enum nf_step nf_login_handshake(struct nf_session *s)
{
	s->step_left = STEP_BEFORE_LOGIN;
	int rc = libssh2_session_handshake(s->ssh, s->fd);
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->over_budget)
		return NF_STEP_WAIT;
	if (rc != 0)
		return handshake_failed(s, rc);
	const char *banner = libssh2_session_banner_get(s->ssh);
	s->windows = banner && strstr(banner, "Windows");
	size_t len = 0;
	int type;
	const char *key = libssh2_session_hostkey(s->ssh, &len, &type);
	if (!key || len == 0 || len > NF_WIRE_PIECE)
		return nf_lost(s, NF_CAUSE_NOT_SSH, "the server showed no host key");
	nf_strbuf_free(&s->first);
	struct nf_strbuf b = {0};
	nf_wire_start(&b, NF_WIRE_HOST_KEY, s->id);
	nf_wire_bytes(&b, key, len);
	nf_tell(s, &b);
	nf_strbuf_free(&b);
	return NF_STEP_DONE;
}

/* Asks the signer through the parent; libssh2 calls again while this says EAGAIN. */
static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign)
{
	(void)session;
	struct nf_session *s = *abstract;
	if (!s->sign_sent) {
		struct nf_strbuf b = {0};
		nf_wire_start(&b, NF_WIRE_SIGN, s->id);
		nf_wire_u32(&b, s->key);
		nf_wire_bytes(&b, data, data_len);
		nf_tell(s, &b);
		nf_strbuf_free(&b);
		s->sign_sent = true;
	}
	if (!s->signature_came) {
		s->for_parent = true;
		return LIBSSH2_ERROR_EAGAIN;
	}
	if (s->signature.len == 0)
		return -1;
	*sig = malloc(s->signature.len); /* libssh2 frees */
	if (!*sig)
		return -1;
	memcpy(*sig, s->signature.data, s->signature.len);
	*sig_len = s->signature.len;
	return 0;
}

static bool is_rsa(const struct nf_session *s)
{
	return s->key_lens[s->key] > 11 && memcmp(s->keys[s->key] + 4, "ssh-rsa", 7) == 0;
}

static enum nf_step refused(struct nf_session *s, bool rsa)
{
	if (s->sign_why[0])
		return nf_lost(s, NF_CAUSE_KEY, "%s", s->sign_why);
	if (rsa && RSA_NEEDS_SHA1)
		return nf_lost(s, NF_CAUSE_KEY,
			"the server refuses the RSA key for %s: libssh2 %s signs RSA only with "
			"SHA-1, which OpenSSH 8.8 and later refuse; use a key made with "
			"ssh-keygen -t ed25519",
			s->user, LIBSSH2_VERSION);
	return nf_lost(s, NF_CAUSE_REFUSED,
		"the server refuses the key for %s: not in its authorized_keys, the account is "
		"locked or expired, or its files are writable by others",
		s->user);
}

enum nf_step nf_login_auth(struct nf_session *s)
{
	s->step_left = STEP_BEFORE_LOGIN;
	while (s->key < s->keys_len) {
		void *self = s;
		s->for_parent = false;
		int rc = libssh2_userauth_publickey(
			s->ssh, s->user, s->keys[s->key], s->key_lens[s->key], sign, &self);
		if (rc == LIBSSH2_ERROR_EAGAIN && !s->over_budget)
			return NF_STEP_WAIT;
		s->for_parent = false;
		if (rc == 0)
			return NF_STEP_DONE;
		if (s->ended || s->over_budget || rc == LIBSSH2_ERROR_SOCKET_DISCONNECT ||
			rc == LIBSSH2_ERROR_SOCKET_SEND || rc == LIBSSH2_ERROR_SOCKET_RECV)
			return nf_lost(s, NF_CAUSE_CUT,
				s->over_budget
					? "the server sent too much before the login was over"
					: "the server cut the login of %s short: too many tries, "
					  "or not let in (AllowUsers, DenyUsers)",
				s->user);
		if (s->key + 1 == s->keys_len || s->sign_why[0])
			return refused(s, is_rsa(s));
		s->key++;
		s->sign_sent = s->signature_came = false;
	}
	return nf_lost(s, NF_CAUSE_KEY, "there is no key to log in with");
}

enum nf_step nf_login_sftp(struct nf_session *s)
{
	s->step_left = STEP_AFTER_LOGIN;
	s->sftp = libssh2_sftp_init(s->ssh);
	if (s->sftp)
		return NF_STEP_DONE;
	int rc = libssh2_session_last_errno(s->ssh);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return NF_STEP_WAIT;
	if (s->ended)
		return nf_lost(
			s, NF_CAUSE_CUT, "the server closed the connection at SFTP's start");
	nf_login_listen(s);
	return NF_STEP_MORE;
}

void nf_login_listen(struct nf_session *s)
{
	s->deadline_us = s->now_us + NOISE_WAIT_US;
	s->phase = NF_PHASE_NOISE;
	s->more = true;
}

static bool says(const struct nf_session *s, const char *word)
{
	return s->noise_text.len && strcasestr(s->noise_text.data, word);
}

static enum nf_step noise_answer(struct nf_session *s)
{
	while (s->noise_text.len && strchr("\r\n ", s->noise_text.data[s->noise_text.len - 1]))
		s->noise_text.data[--s->noise_text.len] = '\0';
	if (says(s, "expired") || says(s, "not available") || says(s, "locked"))
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_ACCOUNT,
			"the server does not let %s work: %.300s", s->user, s->noise_text.data);
	else if (s->noise_text.len)
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_SFTP,
			"instead of SFTP the server says: %.300s (a forced command, or a shell "
			"whose start-up files print)",
			s->noise_text.data);
	else if (s->sftp_late)
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_TIMEOUT,
			"the server does not start SFTP for %s: time-out after %lld s", s->user,
			(long long)(s->login.sftp_us / NF_US_PER_S));
	else
		nf_answered(s, NF_REMOTE_UNVERIFIABLE, NF_CAUSE_NO_SFTP,
			"the server offers no SFTP to %s: no `Subsystem sftp` in its sshd_config, "
			"or another command is forced",
			s->user);
	return NF_STEP_LAST;
}

enum nf_step nf_login_noise_over(struct nf_session *s)
{
	return noise_answer(s);
}

/* A subsystem's stderr stays on the server; that of a command is sent, and what is forced or refused
 * there is what is forced or refused here. */
static enum nf_step noise_ended(struct nf_session *s)
{
	if (s->noise_text.len || s->noise_by_exec)
		return noise_answer(s);
	s->noise_by_exec = true;
	s->noise_started = false;
	s->noise = NULL; /* its session frees it */
	return NF_STEP_MORE;
}

/* libssh2 drops the words that came where SFTP should speak, and does not notice the end of a server
 * that spoke to stderr only; ask once more, raw, to be able to quote. */
enum nf_step nf_login_noise(struct nf_session *s)
{
	s->step_left = STEP_BEFORE_LOGIN;
	if (!s->noise) {
		s->noise = libssh2_channel_open_session(s->ssh);
		if (!s->noise)
			return libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN
				       ? NF_STEP_WAIT
				       : noise_answer(s);
	}
	if (!s->noise_started) {
		int rc = s->noise_by_exec ? libssh2_channel_exec(s->noise, "true")
					  : libssh2_channel_subsystem(s->noise, "sftp");
		if (rc == LIBSSH2_ERROR_EAGAIN)
			return NF_STEP_WAIT;
		if (rc != 0)
			return noise_ended(s);
		s->noise_started = true;
	}
	char buf[256];
	bool heard = false;
	for (int stream = 0; stream < 2; stream++) {
		ssize_t n = libssh2_channel_read_ex(s->noise, stream, buf, sizeof buf);
		if (n > 0)
			nf_strbuf_add(&s->noise_text, buf, (size_t)n);
		heard |= n > 0;
		if (n < 0 && n != LIBSSH2_ERROR_EAGAIN)
			return noise_ended(s);
	}
	if (!heard && libssh2_channel_eof(s->noise))
		return noise_ended(s);
	if (s->noise_text.len > NOISE_MAX)
		return noise_answer(s);
	return heard ? NF_STEP_MORE : NF_STEP_WAIT;
}
