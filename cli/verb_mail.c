// SPDX-License-Identifier: GPL-3.0-or-later
/* A test mail on request, the whole way: from the outbox by netfold-notify to the mailbox. */
#include "cli/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/duty.h"
#include "alert/notice.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/outbox.h"

#define BUSY_MS 5000

static enum nf_err owe(struct nf_store *outbox, const struct nf_site *site,
	const struct nf_contact *contact, int64_t now)
{
	const char *at = strrchr(site->mail.from, '@');
	char *id = nf_xasprintf("<netfold.test.%llx.%s@%s>", (unsigned long long)now,
		contact->id, at != NULL ? at + 1 : "netfold.invalid");
	struct nf_notice notice = {.kind = NF_NOTICE_TEST,
		.site = site->name,
		.language = site->language == NF_LANGUAGE_SV ? "sv" : "en",
		.timezone = site->timezone,
		.made_wall_us = now,
		.contact = contact->id,
		.contact_name = contact->name,
		.address = contact->mail,
		.message_id = id,
		.state = NF_STATE_OK};
	char *json = nf_notice_encode(&notice);
	enum nf_err rc = nf_outbox_add(outbox,
		&(struct nf_outbox_row){.kind = nf_notice_kind_text(NF_NOTICE_TEST),
			.contact = contact->id,
			.address = contact->mail,
			.message_id = id,
			.notice = json,
			.made_wall_us = now},
		NULL);
	free(json);
	free(id);
	return rc;
}

static int send_test(const struct nf_site *site, const char *name)
{
	const struct nf_contact *contact = nf_duty_find(site, name);
	struct nf_store *outbox = NULL;
	struct nf_error err = {0};
	if (contact == NULL)
		return nf_cli_usage(&nf_verb_mail, "the site has no contact \"%s\"", name);
	if (site->mail.server == NULL)
		return nf_cli_usage(&nf_verb_mail, "the site has no mail server");
	enum nf_err rc =
		nf_outbox_open(site->state_dir, NF_STORE_WRITE, BUSY_MS, &outbox, &err);
	if (rc == NF_OK)
		rc = owe(outbox, site, contact, nf_clock_now().wall_us);
	if (rc != NF_OK && err.code == NF_OK)
		nf_error_set(&err, rc, "outbox.db: %s", nf_store_error(outbox));
	nf_store_close(outbox);
	if (rc != NF_OK)
		return nf_cli_failed(&nf_verb_mail, &err);
	printf("a test mail to %s is owed; netfold-notify sends it\n", contact->mail);
	return NF_EXIT_GOOD;
}

static int run(const struct nf_cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
		{"test", required_argument, NULL, 't'},
		{NULL,   0,		  NULL, 0	 },
	};
	const char *contact = NULL;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return nf_cli_bad_option(&nf_verb_mail, argv);
		contact = optarg;
	}
	if (contact == NULL || optind < argc)
		return nf_cli_usage(&nf_verb_mail, "a test mail to whom?");
	struct nf_site *site = nf_cli_site(cli);
	if (site == NULL)
		return NF_EXIT_USAGE;
	int status = send_test(site, contact);
	nf_site_free(site);
	return status;
}

const struct nf_verb nf_verb_mail = {
	.name = "mail",
	.arguments = "--test CONTACT",
	.summary = "send a test mail the whole way, to see whether mails arrive",
	.run = run,
};
