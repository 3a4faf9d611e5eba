// SPDX-License-Identifier: GPL-3.0-or-later
/* What needs no server: known_hosts, offers, signature requests, quoting, key derivation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/backup/ssh/bcrypt_pbkdf.h"
#include "checks/backup/ssh/kexinit.h"
#include "checks/backup/ssh/known_hosts.h"
#include "checks/backup/ssh/quote.h"
#include "checks/backup/ssh/sign_request.h"
#include "checks/backup/ssh/wire.h"

/* Two keys' blobs: kind "ssh-ed25519" and 32 bytes of 'a' or 'b'. */
#define KEY_A "AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
#define KEY_B "AAAAC3NzaC1lZDI1NTE5AAAAIGJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJi"

static void blob_of(char letter, struct nf_strbuf *blob)
{
	char raw[32];
	memset(raw, letter, sizeof raw);
	nf_wire_bytes(blob, "ssh-ed25519", 11);
	nf_wire_bytes(blob, raw, sizeof raw);
}

static void known_hosts__names_and_markers__as_openssh_judges(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		uint16_t port;
		enum nf_known_verdict want;
	} rows[] = {
		{"plain",		  "srv ssh-ed25519 " KEY_A "\n",				 22,   NF_KNOWN_MATCH	   },
		{"case",		 "SRV ssh-ed25519 " KEY_A "\n",				22,   NF_KNOWN_MATCH	  },
		{"no newline, comment", "srv ssh-ed25519 " KEY_A " me@x",				  22,   NF_KNOWN_MATCH    },
		{"windows line",	 "srv ssh-ed25519 " KEY_A "\r\n",				  22,   NF_KNOWN_MATCH    },
		{"list",		 "x,srv,y ssh-ed25519 " KEY_A,			       22,   NF_KNOWN_MATCH	 },
		{"address",		    "10.0.0.1 ssh-ed25519 " KEY_A,				   22,   NF_KNOWN_MATCH    },
		{"star",		 "s* ssh-ed25519 " KEY_A,					  22,   NF_KNOWN_MATCH    },
		{"question",	     "s?v ssh-ed25519 " KEY_A,				       22,   NF_KNOWN_MATCH	 },
		{"question is one",	    "sr?v ssh-ed25519 " KEY_A,				       22,   NF_KNOWN_UNKNOWN  },
		{"not this one",	 "*,!srv ssh-ed25519 " KEY_A "\n",			   22,   NF_KNOWN_MATCH    },
		{"neither name",	 "*,!srv,!10.* ssh-ed25519 " KEY_A,			    22,	NF_KNOWN_UNKNOWN	},
		{"other host",	       "other ssh-ed25519 " KEY_A,				   22,   NF_KNOWN_UNKNOWN  },
		{"other key",	      "srv ssh-ed25519 " KEY_B,					22,   NF_KNOWN_CHANGED  },
		{"both keys",	      "srv ssh-ed25519 " KEY_B "\nsrv ssh-ed25519 " KEY_A,	   22,
			NF_KNOWN_MATCH											     },
		{"port",		 "[srv]:2222 ssh-ed25519 " KEY_A,				  2222, NF_KNOWN_MATCH    },
		{"another port",	 "[srv]:2223 ssh-ed25519 " KEY_A,				  2222, NF_KNOWN_UNKNOWN	},
		{"port before bare",    "srv ssh-ed25519 " KEY_A "\n[srv]:2222 ssh-ed25519 " KEY_B,
			2222,										    NF_KNOWN_CHANGED  },
		{"bare for a port",	    "srv ssh-ed25519 " KEY_A,				      2222, NF_KNOWN_MATCH	  },
		{"revoked",		    "srv ssh-ed25519 " KEY_A "\n@revoked * ssh-ed25519 " KEY_A, 22,
			NF_KNOWN_REVOKED											   },
		{"revoked elsewhere",
			"srv ssh-ed25519 " KEY_A "\n@revoked other ssh-ed25519 " KEY_A,			22,
			NF_KNOWN_MATCH											     },
		{"revoked other key",
			"srv ssh-ed25519 " KEY_A "\n@revoked * ssh-ed25519 " KEY_B,			    22,
			NF_KNOWN_MATCH											     },
		{"revoked, on a port",
			"[srv]:2222 ssh-ed25519 " KEY_A "\n@revoked srv ssh-ed25519 " KEY_A,
			2222,										    NF_KNOWN_REVOKED  },
		{"authority",	      "@cert-authority * ssh-ed25519 " KEY_A,		      22,	  NF_KNOWN_AUTHORITY},
		{"authority and key",
			"@cert-authority * ssh-ed25519 " KEY_B "\nsrv ssh-ed25519 " KEY_A,		   22,
			NF_KNOWN_MATCH											     },
		{"bad marker",	       "@unknown srv ssh-ed25519 " KEY_A,			  22,   NF_KNOWN_UNKNOWN  },
		{"bad base64",	       "srv ssh-ed25519 A" KEY_A,				  22,   NF_KNOWN_UNKNOWN  },
		{"kind differs",	 "srv ssh-rsa " KEY_A,				       22,   NF_KNOWN_UNKNOWN  },
		{"protocol 1",	       "srv 1024 35 1234567",				      22,	  NF_KNOWN_UNKNOWN  },
		{"empty",		  "",							 22,	  NF_KNOWN_UNKNOWN  },
	};
	static const char *const names[] = {"srv", "10.0.0.1"};
	struct nf_strbuf key = {0};
	blob_of('a', &key);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_known_hosts *h =
			nf_known_hosts_parse("f", rows[i].text, strlen(rows[i].text));
		struct nf_known_result r;
		nf_known_hosts_check(
			h, names, 2, rows[i].port, (const uint8_t *)key.data, key.len, &r);
		if (r.verdict != rows[i].want)
			fail_msg("%s: %d, wanted %d", rows[i].name, r.verdict, rows[i].want);
		nf_known_hosts_free(h);
	}
	nf_strbuf_free(&key);
}

static void known_hosts__bad_lines__each_is_named(void **state)
{
	(void)state;
	static const char text[] =
		"# comment\n\nsrv\nsrv ssh-ed25519 !!!\n@odd srv ssh-ed25519 " KEY_A
		"\n|1|x|y ssh-ed25519 " KEY_A "\nsrv ssh-ed25519 " KEY_A "\n";
	struct nf_known_hosts *h = nf_known_hosts_parse("file", text, sizeof text - 1);
	const char *const *mistakes;
	assert_int_equal(nf_known_hosts_mistakes(h, &mistakes), 4);
	assert_non_null(strstr(mistakes[0], "file:3: "));
	assert_non_null(strstr(mistakes[1], "file:4: "));
	assert_non_null(strstr(mistakes[2], "file:5: unknown marker @odd"));
	assert_non_null(strstr(mistakes[3], "file:6: "));
	nf_known_hosts_free(h);
}

static void put_request(struct nf_strbuf *b, const char *user, const char *service,
	const char *method, uint8_t has, const char *alg, const struct nf_strbuf *key)
{
	nf_strbuf_clear(b);
	nf_wire_bytes(b, "01234567890123456789012345678901", 32);
	nf_wire_u8(b, 50);
	nf_wire_bytes(b, user, strlen(user));
	nf_wire_bytes(b, service, strlen(service));
	nf_wire_bytes(b, method, strlen(method));
	nf_wire_u8(b, has);
	nf_wire_bytes(b, alg, strlen(alg));
	nf_wire_bytes(b, key->data, key->len);
}

static void sign_request__anything_but_our_login__is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *user, *service, *method, *alg;
		uint8_t has;
		char key;
		bool want;
	} rows[] = {
		{"reader", "ssh-connection", "publickey", "ssh-ed25519",	 1, 'a', true },
		{"root",	 "ssh-connection", "publickey", "ssh-ed25519",  1, 'a', false},
		{"reader", "ssh-other",	"publickey", "ssh-ed25519",  1, 'a', false},
		{"reader", "ssh-connection", "hostbased", "ssh-ed25519",	 1, 'a', false},
		{"reader", "ssh-connection", "publickey", "rsa-sha2-256", 1, 'a', false},
		{"reader", "ssh-connection", "publickey", "ssh-ed25519",	 0, 'a', false},
		{"reader", "ssh-connection", "publickey", "ssh-ed25519",	 1, 'b', false},
		{"reade",  "ssh-connection", "publickey", "ssh-ed25519",	1, 'a', false},
	};
	struct nf_strbuf b = {0}, own = {0}, key = {0};
	enum nf_sign_with with;
	blob_of('a', &own);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		nf_strbuf_clear(&key);
		blob_of(rows[i].key, &key);
		put_request(&b, rows[i].user, rows[i].service, rows[i].method, rows[i].has,
			rows[i].alg, &key);
		bool ok = nf_sign_request_ok((const uint8_t *)b.data, b.len, "reader",
			(const uint8_t *)own.data, own.len, &with);
		if (ok != rows[i].want)
			fail_msg("row %zu", i);
	}
	put_request(&b, "reader", "ssh-connection", "publickey", 1, "ssh-ed25519", &own);
	for (size_t len = 0; len < b.len; len++)
		assert_false(nf_sign_request_ok((const uint8_t *)b.data, len, "reader",
			(const uint8_t *)own.data, own.len, &with));
	nf_strbuf_putc(&b, 'x');
	assert_false(nf_sign_request_ok((const uint8_t *)b.data, b.len, "reader",
		(const uint8_t *)own.data, own.len, &with));
	nf_strbuf_free(&b);
	nf_strbuf_free(&own);
	nf_strbuf_free(&key);
}

static void quote_windows__only_harmless_words__pass(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		enum nf_err want;
	} rows[] = {
		{"C:\\backup\\list.exe", NF_OK    },
		{"--last=5",	     NF_OK	  },
		{"a b",			NF_EINVAL},
		{"a&b",			NF_EINVAL},
		{"%PATH%",		   NF_EINVAL},
		{"",		     NF_EINVAL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nf_strbuf b = {0};
		const char *const argv[] = {rows[i].word, NULL};
		assert_int_equal(nf_quote_windows(&b, argv), rows[i].want);
		nf_strbuf_free(&b);
	}
}

static void quote_status__only_the_last_line__counts(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want;
		int status;
		size_t len;
	} rows[] = {
		{"out\nmark:7\n",	  true,	7, 3},
		{"\nmark:0\n",	       true,  0, 0},
		{"out\nmark:7",		false, 0, 0},
		{"mark:7\n",	     false, 0, 0},
		{"out\nmark:7\nmore\n", false, 0, 0},
		{"out\nmark:x\n",	  false, 0, 0},
		{"out\nmark:\n",	 false, 0, 0},
		{"",		     false, 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = strlen(rows[i].text);
		int status = -1;
		bool got = nf_quote_status(rows[i].text, &len, "mark", &status);
		if (got != rows[i].want ||
			(got && (status != rows[i].status || len != rows[i].len)))
			fail_msg("row %zu", i);
	}
}

/* From the test vectors of OpenBSD's regress/lib/libutil/bcrypt_pbkdf. */
static void bcrypt_pbkdf__known_vectors__match(void **state)
{
	(void)state;
	static const uint8_t four[32] = {0x5b, 0xbf, 0x0c, 0xc2, 0x93, 0x58, 0x7f, 0x1c, 0x36,
		0x35, 0x55, 0x5c, 0x27, 0x79, 0x65, 0x98, 0xd4, 0x7e, 0x57, 0x90, 0x71, 0xbf,
		0x42, 0x7e, 0x9d, 0x8f, 0xbe, 0x84, 0x2a, 0xba, 0x34, 0xd9};
	uint8_t out[32];
	assert_int_equal(
		nf_bcrypt_pbkdf("password", 8, (const uint8_t *)"salt", 4, 4, out, 32), NF_OK);
	assert_memory_equal(out, four, sizeof four);
	assert_int_equal(
		nf_bcrypt_pbkdf("p", 1, (const uint8_t *)"salt", 4, 0, out, 32), NF_ERANGE);
}

static void kexinit__missing__first_kind_without_a_common_name(void **state)
{
	(void)state;
	static const char *const theirs[] = {"curve25519-sha256", "ssh-ed25519", "aes256-ctr",
		"aes256-ctr", "hmac-sha2-256-etm", "hmac-sha2-256-etm"};
	static const char *const ours[NF_OFFERS] = {"x,curve25519-sha256", "ssh-ed25519",
		"aes256-ctr", "aes256-ctr", "hmac-sha2-256", "hmac-sha2-256"};
	struct nf_strbuf packet = {0}, b = {0};
	nf_wire_u8(&packet, 4);
	nf_wire_u8(&packet, 20);
	nf_strbuf_add(&packet, "0123456789abcdef", 16);
	for (size_t i = 0; i < NF_OFFERS; i++)
		nf_wire_bytes(&packet, theirs[i], strlen(theirs[i]));
	nf_strbuf_puts(&b, "hello\r\nSSH-2.0-x\r\n");
	nf_wire_bytes(&b, packet.data, packet.len);
	struct nf_offer offer;
	assert_true(nf_kexinit_read((const uint8_t *)b.data, b.len, &offer));
	assert_string_equal(offer.banner, "SSH-2.0-x");
	assert_int_equal(nf_kexinit_missing(&offer, ours), NF_OFFER_MAC_TO);
	assert_false(nf_kexinit_read((const uint8_t *)b.data, b.len - 1, &offer));
	nf_strbuf_free(&packet);
	nf_strbuf_free(&b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_hosts__names_and_markers__as_openssh_judges),
		cmocka_unit_test(known_hosts__bad_lines__each_is_named),
		cmocka_unit_test(sign_request__anything_but_our_login__is_refused),
		cmocka_unit_test(quote_windows__only_harmless_words__pass),
		cmocka_unit_test(quote_status__only_the_last_line__counts),
		cmocka_unit_test(bcrypt_pbkdf__known_vectors__match),
		cmocka_unit_test(kexinit__missing__first_kind_without_a_common_name),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
