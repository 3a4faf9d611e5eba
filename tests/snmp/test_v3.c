// SPDX-License-Identifier: GPL-3.0-or-later
/* SNMPv3 against the real agent: every protocol, every kind of refusal, clocks that go backwards. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "tests/snmp/rig.h"

#define PORT 16130
#define AUTH "auth-passphrase"
#define PRIV "priv-passphrase"

static const char *const auth_names[] = {
	"MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};
static const char *const priv_names[] = {"DES", "AES", "AES-192", "AES-256"};

/* One user per pair of protocols, "a0p0", and "plain" without any. */
static void add_users(struct nf_strbuf *conf)
{
	for (int a = 0; a < 6; a++)
		for (int p = 0; p < 4; p++)
			nf_strbuf_printf(conf,
				"createUser a%dp%d %s \"" AUTH "\" %s \"" PRIV
				"\"\nrouser a%dp%d noauth\n",
				a, p, auth_names[a], priv_names[p], a, p);
	nf_strbuf_puts(conf, "createUser plain\nrouser plain noauth\n");
	nf_strbuf_puts(conf, "createUser strict SHA \"" AUTH "\" AES \"" PRIV "\"\n"
			     "rouser strict priv\n");
}

static pid_t start_snmpd(struct rig *rig, const char *address, const char *state)
{
	struct nf_strbuf conf = {0};
	add_users(&conf);
	pid_t pid = rig_snmpd(rig, address, PORT, state, conf.data);
	nf_strbuf_free(&conf);
	return pid;
}

static void expect_complete(struct rig *rig, struct nf_agent *agent)
{
	struct nf_result *r = rig_ask(rig, agent, &rig_system);
	assert_string_equal(r->why, "");
	assert_int_equal(r->state, NF_RESULT_COMPLETE);
	assert_int_equal(r->rows[0].cells[2].type, NF_CELL_UNSIGNED);
	nf_result_free(r);
}

static void protocols__each_pair_and_level__answered(void **state)
{
	struct rig *rig = *state;
	start_snmpd(rig, "127.0.12.1", "a");
	rig_start(rig);
	for (enum nf_auth_protocol a = NF_AUTH_MD5; a <= NF_AUTH_SHA512; a++) {
		for (enum nf_priv_protocol p = NF_PRIV_DES; p <= NF_PRIV_AES256; p++) {
			for (enum nf_snmp_level l = NF_SNMP_NOAUTH; l <= NF_SNMP_AUTH_PRIV;
				l++) {
				char user[8];
				snprintf(user, sizeof user, "a%up%u", a, p);
				rig->site.devices.len = 0;
				struct nf_device *device =
					rig_device(rig, user, "127.0.12.1", PORT);
				rig_v3(rig, device, user, l, a, AUTH, p, PRIV);
				struct nf_asker *asker;
				struct nf_error err;
				/* each with its own asker: profiles are cached by their place */
				assert_int_equal(
					nf_asker_new(&rig->loop, &rig->site, &asker, &err),
					NF_OK);
				struct nf_asker *kept = rig->asker;
				rig->asker = asker;
				expect_complete(rig, rig_agent(rig, device));
				rig_stop(rig);
				rig->asker = kept;
			}
		}
	}
}

static void refusals__each_kind__has_its_own_text(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *user;
		enum nf_snmp_level level;
		enum nf_auth_protocol auth;
		const char *auth_pass;
		enum nf_priv_protocol priv;
		const char *priv_pass;
		enum nf_result_state want;
		const char *text;
	} rows[] = {
		{"a1p1",	 NF_SNMP_AUTH_PRIV,   NF_AUTH_SHA, "wrong-passphrase", NF_PRIV_AES, PRIV,
			NF_RESULT_REFUSED, "check the auth protocol and passphrase"	   },
		{"a1p1",	 NF_SNMP_AUTH_NOPRIV, NF_AUTH_MD5, AUTH,		 NF_PRIV_AES, PRIV,
			NF_RESULT_REFUSED, "check the auth protocol and passphrase"	   },
		{"nobody", NF_SNMP_AUTH_PRIV,   NF_AUTH_SHA, AUTH,		 NF_PRIV_AES, PRIV,
			NF_RESULT_REFUSED, "does not know user nobody"		      },
		{"plain",  NF_SNMP_AUTH_PRIV,   NF_AUTH_SHA, AUTH,		NF_PRIV_AES, PRIV,
			NF_RESULT_REFUSED, "does not accept level authPriv for user plain"},
		{"strict", NF_SNMP_AUTH_NOPRIV, NF_AUTH_SHA, AUTH,		   NF_PRIV_AES, PRIV,
			NF_RESULT_REFUSED, "does not allow this"				},
		{"a1p1",	 NF_SNMP_AUTH_PRIV,   NF_AUTH_SHA, AUTH,	       NF_PRIV_AES, "wrong-passphrase",
			NF_RESULT_TIMEOUT, "check the priv protocol and passphrase"	   },
		{"a1p0",	 NF_SNMP_AUTH_PRIV,   NF_AUTH_SHA, AUTH,	       NF_PRIV_DES, "wrong-passphrase",
			NF_RESULT_TIMEOUT, "check the priv protocol and passphrase"	   },
	};
	start_snmpd(rig, "127.0.12.2", "a");
	for (size_t i = 0; i < NF_LEN(rows); i++) {
		struct nf_device *device = rig_device(rig, "d", "127.0.12.2", PORT);
		rig_v3(rig, device, rows[i].user, rows[i].level, rows[i].auth,
			rows[i].auth_pass, rows[i].priv, rows[i].priv_pass);
		rig_snmp(device)->timeout_us = 100000;
	}
	rig_start(rig);
	for (size_t i = 0; i < NF_LEN(rows); i++) {
		struct nf_result *r =
			rig_ask(rig, rig_agent(rig, &rig->devices[i]), &rig_system);
		if (!strstr(r->why, rows[i].text))
			fail_msg("row %zu: %s", i, r->why);
		assert_int_equal(r->state, rows[i].want);
		nf_result_free(r);
	}
}

#define TWIN "exactEngineID 0x80001f8880aabbccdd01\n"
#define USER "createUser u SHA \"" AUTH "\" AES \"" PRIV "\"\nrouser u noauth\n"

static struct nf_agent *agent_at(struct rig *rig, const char *name, const char *address)
{
	struct nf_device *device = rig_device(rig, name, address, PORT);
	rig_v3(rig, device, "u", NF_SNMP_AUTH_PRIV, NF_AUTH_SHA, AUTH, NF_PRIV_AES, PRIV);
	return rig_agent(rig, device);
}

static uint32_t boots_of(const struct nf_agent *agent)
{
	const uint8_t *id;
	size_t len;
	uint32_t boots = 0, time_s;
	assert_true(nf_agent_engine(agent, &id, &len, &boots, &time_s));
	return boots;
}

static void engine__reboots_and_is_reset__answers_again(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	/* three boots in one state folder, then the same engine as new: boots go 1 2 3 1 */
	struct nf_agent *agent = agent_at(rig, "d", "127.0.12.3");
	static const char *const states[] = {"old", "old", "old", "new"};
	static const uint32_t want[] = {1, 2, 3, 1};
	for (size_t i = 0; i < NF_LEN(states); i++) {
		pid_t pid = rig_snmpd(rig, "127.0.12.3", PORT, states[i], TWIN USER);
		expect_complete(rig, agent);
		assert_int_equal(boots_of(agent), want[i]);
		rig_end_snmpd(rig, pid);
	}
}

static void engine__another_one_behind_the_address__met_anew(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct nf_agent *agent = agent_at(rig, "d", "127.0.12.4");
	pid_t pid = rig_snmpd(rig, "127.0.12.4", PORT, "a", TWIN USER);
	expect_complete(rig, agent);
	rig_end_snmpd(rig, pid);
	rig_snmpd(rig, "127.0.12.4", PORT, "b", "exactEngineID 0x80001f8880aabbccdd02\n" USER);
	expect_complete(rig, agent);
}

static void engine__known_from_before__answers_without_discovery(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	rig_snmpd(rig, "127.0.12.5", PORT, "a", TWIN USER);
	struct nf_agent *agent = agent_at(rig, "d", "127.0.12.5");
	static const uint8_t id[] = {0x80, 0, 0x1f, 0x88, 0x80, 0xaa, 0xbb, 0xcc, 0xdd, 1};
	nf_agent_know_engine(agent, id, sizeof id);
	expect_complete(rig, agent);
	/* too old, then right: never asked who it is */
	assert_int_equal(nf_asker_stats(rig->asker).requests, 2);
}

static void engine__two_devices_with_one_id__named_and_both_read(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	pid_t pid = rig_snmpd(rig, "127.0.12.6", PORT, "a", TWIN USER);
	rig_end_snmpd(rig, pid);
	rig_snmpd(rig, "127.0.12.6", PORT, "a", TWIN USER); /* boots 2 */
	rig_snmpd(rig, "127.0.12.7", PORT, "b", TWIN USER); /* boots 1 */
	struct nf_agent *one = agent_at(rig, "one", "127.0.12.6");
	struct nf_agent *two = agent_at(rig, "two", "127.0.12.7");
	assert_null(nf_agent_engine_twin(one));
	for (int i = 0; i < 3; i++) {
		expect_complete(rig, one);
		expect_complete(rig, two);
	}
	assert_int_equal(boots_of(one), 2);
	assert_int_equal(boots_of(two), 1);
	assert_string_equal(nf_agent_engine_twin(one), "two");
	assert_string_equal(nf_agent_engine_twin(two), "one");
	/* two discoveries and six questions: nobody lost its clock to the other */
	assert_int_equal(nf_asker_stats(rig->asker).requests, 8);
	nf_agent_free(two);
	assert_null(nf_agent_engine_twin(one));
}

static void credentials__changed_at_the_agent_and_in_the_site__used(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *conf;
		const char *auth;
		enum nf_snmp_level level;
	} rows[] = {
		{"createUser u\nrouser u noauth\n",				    NULL, NF_SNMP_NOAUTH	},
		{"createUser u SHA \"first-pass\" AES \"" PRIV "\"\nrouser u priv\n",
			"first-pass",							       NF_SNMP_AUTH_PRIV  },
		{"createUser u SHA \"second-pass\" AES \"" PRIV "\"\nrouser u priv\n",
			"second-pass",							      NF_SNMP_AUTH_PRIV	},
		{"createUser u SHA \"third-pass\" AES \"" PRIV "\"\nrouser u auth\n",
			"third-pass",							       NF_SNMP_AUTH_NOPRIV},
	};
	for (size_t i = 0; i < NF_LEN(rows); i++) {
		char conf[256];
		snprintf(conf, sizeof conf, TWIN "%s", rows[i].conf);
		pid_t pid = rig_snmpd(
			rig, "127.0.12.8", PORT, (const char *[]){"a", "b", "c", "d"}[i], conf);
		rig->site.devices.len = 0;
		struct nf_device *device = rig_device(rig, "d", "127.0.12.8", PORT);
		rig_v3(rig, device, "u", rows[i].level, NF_AUTH_SHA, rows[i].auth, NF_PRIV_AES,
			PRIV);
		rig_start(rig);
		expect_complete(rig, rig_agent(rig, device));
		rig_stop(rig);
		rig_end_snmpd(rig, pid);
	}
}

static void passphrase__too_short_or_missing__named(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct nf_device *device = rig_device(rig, "d", "127.0.12.9", PORT);
	rig_v3(rig, device, "u", NF_SNMP_AUTH_NOPRIV, NF_AUTH_SHA, "short", NF_PRIV_AES, NULL);
	struct nf_agent *agent = NULL;
	struct nf_error err;
	assert_int_equal(nf_agent_new(rig->asker, device, 0, &agent, &err), NF_EINVAL);
	assert_non_null(strstr(err.text, "at least 8"));
	rig_snmp(device)->auth.passphrase_file = "/nonexistent/secret";
	assert_int_equal(nf_agent_new(rig->asker, device, 0, &agent, &err), NF_ENOENT);
	assert_null(agent);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(protocols__each_pair_and_level__answered),
		RIG_TEST(refusals__each_kind__has_its_own_text),
		RIG_TEST(engine__reboots_and_is_reset__answers_again),
		RIG_TEST(engine__another_one_behind_the_address__met_anew),
		RIG_TEST(engine__known_from_before__answers_without_discovery),
		RIG_TEST(engine__two_devices_with_one_id__named_and_both_read),
		RIG_TEST(credentials__changed_at_the_agent_and_in_the_site__used),
		RIG_TEST(passphrase__too_short_or_missing__named),
	};
	if (!rig_has_snmpd()) {
		puts("snmpd is not installed");
		return NF_SKIP;
	}
	return NF_RUN(tests, argc, argv);
}
