// SPDX-License-Identifier: GPL-3.0-or-later
/* usm: SNMPv3 users and engines, kept by us per agent; the library sees one of them at a time.
 * Shape:   nf_usm_secret: a user of the site with the keys made from the passphrases (Ku, slow: some
 *          milliseconds). nf_usm_engine: an agent's engine with the keys localized to it (Kul, fast) and
 *          its clock. Around each message built or parsed the pair is put into net-snmp's lists and
 *          taken out again: so its linear user list stays one long, two agents with the same engineID
 *          never share a clock, and new passphrases count at once.
 * Units:   engine time in seconds; `at_mono_us` dates it.
 * Threads: main thread only, net-snmp's lists are the process's.
 * Memory:  keys are wiped by nf_usm_secret_clear and nf_usm_engine_clear.
 * Source:  RFC 3414, RFC 3826, RFC 7860; AES-192/256 keys per draft-blumenthal-aes-usm-04.
 */
#pragma once

#include "base/err.h"
#include "conf/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NF_ENGINE_ID_MIN 5 /* RFC 3411, SnmpEngineID */
#define NF_ENGINE_ID_MAX 32
#define NF_USM_KEY_MAX	 64

struct nf_usm_key {
	uint8_t bytes[NF_USM_KEY_MAX];
	size_t len;
};

struct nf_usm_secret {
	const struct nf_snmp *snmp; /* user, level, protocols, context: borrowed */
	struct nf_usm_key auth_ku, priv_ku;
};

struct nf_usm_engine {
	uint8_t id[NF_ENGINE_ID_MAX];
	size_t id_len; /* 0: not met yet */
	uint32_t boots, time_s;
	int64_t at_mono_us;
	bool authentic;		      /* boots and time come from an authenticated message */
	struct nf_usm_key auth, priv; /* localized to id */
};

/* Reads the passphrase files; NF_EINVAL for a passphrase under 8 characters, else base/file.h's codes. */
enum nf_err nf_usm_secret_load(
	const struct nf_snmp *snmp, struct nf_usm_secret *secret, struct nf_error *err);
void nf_usm_secret_clear(struct nf_usm_secret *secret);

/* Sets the id and localizes the keys; the clock starts as not known. False: no engineID. */
bool nf_usm_engine_set(struct nf_usm_engine *engine, const struct nf_usm_secret *secret,
	const uint8_t *id, size_t len);
void nf_usm_engine_clear(struct nf_usm_engine *engine);
/* The engine's seconds now. */
uint32_t nf_usm_engine_time(const struct nf_usm_engine *engine, int64_t mono_us);

struct nf_usm_slot;

/* The place in net-snmp's lists through which all pairs go. */
struct nf_usm_slot *nf_usm_slot_new(void);
void nf_usm_slot_free(struct nf_usm_slot *slot);
void nf_usm_attach(struct nf_usm_slot *slot, const struct nf_usm_secret *secret,
	const struct nf_usm_engine *engine, int64_t mono_us);
/* While attached: keeps the clock as the library now knows it. */
void nf_usm_learn(struct nf_usm_engine *engine, bool authentic, int64_t mono_us);
void nf_usm_detach(struct nf_usm_slot *slot, const struct nf_usm_engine *engine);
