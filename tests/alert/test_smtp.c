// SPDX-License-Identifier: GPL-3.0-or-later
/* Delivery against a server that refuses, stalls, drops and lies at each step. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <curl/curl.h>

#include "alert/mail_deliver.h"
#include "alert/mail_smtp.h"
#include "base/mem.h"
#include "tests/alert/smtp_server.h"
#include "tests/test.h"

#define MAIL	"Subject: x\r\n\r\n.\r\na\r\n"
#define TLS_EXT "250-STARTTLS\r\n"
#define AUTH	"250-AUTH PLAIN LOGIN\r\n"

static char folder[] = "/tmp/netfold-smtp-XXXXXX", *certificate, *key;

static struct nf_smtp_job attempt(
	const struct smtp_script *script, struct nf_smtp_job job, int *saw)
{
	struct smtp_server s = smtp_server_begin(script);
	char *server = nf_xasprintf(
		"%s://localhost:%d", script->tls_from_start ? "smtps" : "smtp", s.port);
	job.server = server;
	job.from = "netfold@example.se";
	if (job.to == NULL)
		job.to = "anna@example.se";
	job.mail = MAIL;
	job.mail_len = strlen(MAIL);
	job.connect_ms = 3000;
	job.reply_s = 1;
	job.total_ms = 4000;
	nf_smtp_send(&job);
	*saw = smtp_server_end(&s);
	free(server);
	job.server = NULL;
	return job;
}

static void send__each_step_fails__is_judged(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct smtp_script script;
		enum nf_smtp_result want;
	} rows[] = {
		{"all is well",	{.dot = NULL},		       NF_SMTP_DELIVERED},
		{"greeting 421",	 {.greeting = "421 busy"},	   NF_SMTP_LATER	},
		{"greeting 554",	 {.greeting = "554 go away"},  NF_SMTP_LATER	   },
		{"greeting garbage", {.greeting = "hello?"},	     NF_SMTP_LATER	  },
		{"greeting stalls",  {.greeting = STALL},		 NF_SMTP_LATER    },
		{"greeting drops",   {.greeting = DROP},	       NF_SMTP_LATER    },
		{"greeting slow",	  {.greeting = SLOW},	      NF_SMTP_LATER	   },
		{"hello 421",	      {.hello = "421 busy"},	     NF_SMTP_LATER	  },
		{"hello stalls",	 {.hello = STALL},		   NF_SMTP_LATER	},
		{"sender 451",       {.mail = "451 later"},	      NF_SMTP_LATER	   },
		{"sender 530",       {.mail = "530 log in first"}, NF_SMTP_LATER	  },
		{"sender drops",	 {.mail = DROP},		 NF_SMTP_LATER    },
		{"recipient 450",	  {.rcpt = "450 greylisted"},   NF_SMTP_LATER	   },
		{"recipient 550",	  {.rcpt = "550 no such user"}, NF_SMTP_REFUSED  },
		{"recipient stalls", {.rcpt = STALL},	      NF_SMTP_LATER	   },
		{"data 451",	     {.data = "451 later"},	    NF_SMTP_LATER	 },
		{"data 554",	     {.data = "554 no"},		 NF_SMTP_REFUSED	},
		{"data drops",       {.data = DROP},	       NF_SMTP_LATER    },
		{"dot 452",	    {.dot = "452 disk full"},     NF_SMTP_LATER	   },
		{"dot 554",	    {.dot = "554 spam"},		 NF_SMTP_REFUSED	},
		{"dot stalls",       {.dot = STALL},	       NF_SMTP_LATER    },
		{"dot drops",	      {.dot = DROP},		     NF_SMTP_LATER	  },
	};
	NF_ROWS(i, rows)
	{
		int saw;
		struct nf_smtp_job job = attempt(
			&rows[i].script, (struct nf_smtp_job){.tls = NF_TLS_NEVER}, &saw);
		if (job.result != rows[i].want)
			print_message("%s: %d %s\n", rows[i].name, (int)job.result, job.text);
		assert_int_equal(job.result, rows[i].want);
		assert_int_equal(job.text[0] == '\0', rows[i].want == NF_SMTP_DELIVERED);
	}
}

static void send__one_recipient_greylisted__others_are_delivered(void **state)
{
	(void)state;
	static const char *const to[] = {"anna@example.se", "grey@example.se", "bo@example.se"};
	const struct smtp_script script = {0};
	NF_ROWS(i, to)
	{
		int saw;
		struct nf_smtp_job job = attempt(
			&script, (struct nf_smtp_job){.tls = NF_TLS_NEVER, .to = to[i]}, &saw);
		assert_int_equal(
			job.result, to[i][0] == 'g' ? NF_SMTP_LATER : NF_SMTP_DELIVERED);
	}
}

static void send__nobody_listens__is_tried_later(void **state)
{
	(void)state;
	struct nf_smtp_job job = {.server = "smtp://localhost:1",
		.from = "a@b",
		.to = "c@d",
		.mail = MAIL,
		.mail_len = strlen(MAIL)};
	nf_smtp_send(&job);
	assert_int_equal(job.result, NF_SMTP_LATER);
	assert_string_not_equal(job.text, "");
}

static void send__tls_is_broken__nothing_leaves(void **state)
{
	(void)state;
	const struct {
		const char *name;
		struct smtp_script script;
		const char *user;
		bool trusted;
		int saw;
	} rows[] = {
		{"STARTTLS stripped",	      {.extensions = NULL},			    NULL, true,	0	 },
		{"STARTTLS stripped, login",   {.extensions = AUTH},			   "me", true,  0	},
		{"STARTTLS refused",	     {.extensions = TLS_EXT, .starttls = "454 no"}, NULL, true,
			0												  },
		{"STARTTLS drops",		   {.extensions = TLS_EXT, .starttls = DROP},     NULL, true,  0	   },
		{"certificate unknown",	{.extensions = TLS_EXT},			 NULL, false, 0	       },
		{"certificate unknown, smtps", {.tls_from_start = true},			 NULL, false, 0	       },
		{"no login offered",	     {.tls_from_start = true},		       "me", true,  SAW_MAIL },
		{"no login offered, STARTTLS", {.extensions = TLS_EXT},			"me", true,  SAW_MAIL },
		{"login refused",
			{.tls_from_start = true, .extensions = AUTH, .auth = "535 no"},		"me",
			true,										     SAW_LOGIN},
	};
	NF_ROWS(i, rows)
	{
		int saw;
		struct smtp_script script = rows[i].script;
		script.certificate = certificate;
		script.key = key;
		struct nf_smtp_job job = attempt(&script,
			(struct nf_smtp_job){.tls = NF_TLS_REQUIRED,
				.user = rows[i].user,
				.password = rows[i].user != NULL ? "secret" : NULL,
				.ca_file = rows[i].trusted ? certificate : NULL},
			&saw);
		print_message("%s: %s\n", rows[i].name, job.text);
		assert_int_equal(job.result, NF_SMTP_LATER);
		assert_int_equal(saw & (SAW_TEXT | SAW_ALL), 0);
		assert_int_equal(saw | rows[i].saw, rows[i].saw);
		assert_null(strstr(job.text, "secret"));
	}
}

static void send__tls_and_login_are_good__is_delivered(void **state)
{
	(void)state;
	const struct smtp_script rows[] = {
		{.extensions = TLS_EXT AUTH},
		{ .extensions = AUTH,    .tls_from_start = true},
	};
	NF_ROWS(i, rows)
	{
		int saw;
		struct smtp_script script = rows[i];
		script.certificate = certificate;
		script.key = key;
		struct nf_smtp_job job = attempt(&script,
			(struct nf_smtp_job){.tls = NF_TLS_REQUIRED,
				.user = "me",
				.password = "secret",
				.ca_file = certificate},
			&saw);
		print_message("%s\n", job.text);
		assert_int_equal(job.result, NF_SMTP_DELIVERED);
		assert_int_equal(saw, SAW_MAIL | SAW_TEXT | SAW_LOGIN | SAW_ALL);
	}
}

static void backoff__any_attempts__grows_to_five_minutes(void **state)
{
	(void)state;
	assert_int_equal(nf_deliver_backoff_us(1, 0.5), 10000000);
	assert_int_equal(nf_deliver_backoff_us(2, 0.5), 20000000);
	assert_int_equal(nf_deliver_backoff_us(UINT32_MAX, 0.5), 300000000);
	assert_int_equal(nf_deliver_backoff_us(1, 0), 8000000);
	assert_int_equal(nf_deliver_backoff_us(1, 1), 12000000);
}

static int make_certificate(void **state)
{
	(void)state;
	int status = -1;
	pid_t pid;
	if (mkdtemp(folder) == NULL)
		return -1;
	certificate = nf_xasprintf("%s/cert.pem", folder);
	key = nf_xasprintf("%s/key.pem", folder);
	char *script = nf_xasprintf("exec openssl req -x509 -newkey rsa:2048 -nodes -days 2 "
				    "-subj /CN=localhost -addext subjectAltName=DNS:localhost "
				    "-keyout %s -out %s 2>/dev/null",
		key, certificate);
	char shell[] = "sh", flag[] = "-c", *const argv[] = {shell, flag, script, NULL};
	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	free(script);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return status;
}

static int remove_certificate(void **state)
{
	(void)state;
	unlink(certificate);
	unlink(key);
	rmdir(folder);
	free(certificate);
	free(key);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(send__each_step_fails__is_judged),
		cmocka_unit_test(send__one_recipient_greylisted__others_are_delivered),
		cmocka_unit_test(send__nobody_listens__is_tried_later),
		cmocka_unit_test(send__tls_is_broken__nothing_leaves),
		cmocka_unit_test(send__tls_and_login_are_good__is_delivered),
		cmocka_unit_test(backoff__any_attempts__grows_to_five_minutes),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, make_certificate, remove_certificate);
}
