// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "tests/lab/sim/snmprec.h"

enum type { TEXT, U32, U64, DURATION, PERCENT, FLAG, ADDRESS, CHOICE, LINES, RULES };
/* What stands behind the OID of a rule. */
enum rest { REST_NONE, REST_OID, REST_AS, REST_TABLE, REST_BYTES };

struct option {
	const char *key;
	uint8_t type;
	uint8_t rest; /* RULES */
	size_t offset;
	uint64_t max;
	const char *const *choices; /* CHOICE */
	const char *doc;
};

static const char *const as_names[] = {"string", "negative", "opaque", "null", NULL};
static const char *const auth_names[] = {
	"none", "md5", "sha", "sha224", "sha256", "sha384", "sha512", NULL};
static const char *const priv_names[] = {"none", "des", "aes", NULL};
static const char *const hostile_names[] = {
	"no", "html", "ansi", "crlf", "bidi", "nul", "utf8", "path", "long", "empty", NULL};
static const char *const reqid_names[] = {"true", "wrong", "old", NULL};
static const char *const mangle_names[] = {
	"no", "truncate", "flip", "noise", "lengths", "nothing", NULL};

#define AT(field) offsetof(struct nf_sim_options, field)

// clang-format off
static const struct option table[] = {
	{"community", TEXT, 0, AT(community), 0, NULL, "what it must be asked with; other requests are dropped"},
	{"name", TEXT, 0, AT(name), 0, NULL, "sysName; with the agent's number (00001) where a line has several"},
	{"object-id", RULES, REST_NONE, AT(object_id), 0, NULL, "sysObjectID"},
	{"value", LINES, 0, AT(values), 0, NULL, "OID|type|value laid over the device (may be repeated)"},
	{"ports", U32, 0, AT(ports), 10000, NULL, "ports of a synthetic switch"},
	{"down", U32, 0, AT(down), 10000, NULL, "so many of the last ports have no link"},
	{"hosts", U32, 0, AT(hosts), 1000, NULL, "stations behind each port, seen in the FDB"},
	{"arp", U32, 0, AT(arp), 254, NULL, "entries in the ARP table"},
	{"vlans", U32, 0, AT(vlans), 400, NULL, "VLANs 10, 20, …; port p is in number p mod vlans"},
	{"first-index", U32, 0, AT(first_index), UINT32_MAX / 2, NULL, "ifIndex of port 1; change it and reboot to renumber"},
	{"rate", U64, 0, AT(rate), UINT64_MAX, NULL, "bytes/s into port 1; port p gets p times that, and sends the double"},
	{"errors", U64, 0, AT(errors), UINT32_MAX, NULL, "ifInErrors per second and port"},
	{"start", U64, 0, AT(start), UINT64_MAX, NULL, "octet counters at boot"},
	{"speed", U64, 0, AT(speed), 400000, NULL, "Mbit/s of a port"},
	{"uptime", DURATION, 0, AT(uptime_us), 0, NULL, "sysUpTime when the simulator starts"},
	{"live", FLAG, 0, AT(live), 0, NULL, "a recording's sysUpTime and counters go on from where they stood"},
	{"port", U32, 0, AT(port), 65535, NULL, "answers on this UDP port only"},
	{"v1-only", FLAG, 0, AT(v1_only), 0, NULL, "SNMPv2c requests are dropped"},
	{"user", TEXT, 0, AT(user), 0, NULL, "answers SNMPv3 to this user, at the level it has"},
	{"auth", CHOICE, 0, AT(auth), 0, auth_names, "none, md5, sha, sha224, sha256, sha384, sha512"},
	{"auth-key", TEXT, 0, AT(auth_key), 0, NULL, "passphrase, 8 characters or more"},
	{"priv", CHOICE, 0, AT(priv), 0, priv_names, "none, des, aes"},
	{"priv-key", TEXT, 0, AT(priv_key), 0, NULL, "passphrase, 8 characters or more"},
	{"engine", TEXT, 0, AT(engine), 0, NULL, "engineID in hex; without it the address's: the same for two makes twins"},
	{"boots", U32, 0, AT(boots), INT32_MAX, NULL, "snmpEngineBoots; less than before goes backwards"},
	{"forge-report", FLAG, 0, AT(forge_report), 0, NULL, "an unsigned Report in its name comes before each v3 reply"},
	{"max-size", U32, 0, AT(max_size), 65507, NULL, "the longest reply, bytes"},
	{"bulk-max", U32, 0, AT(bulk_max), UINT32_MAX, NULL, "varbinds in a reply to GETBULK at most; 1 is one by one"},
	{"toobig", U32, 0, AT(toobig), UINT32_MAX, NULL, "tooBig for what would need more varbinds than this"},
	{"toobig-empty", FLAG, 0, AT(toobig_empty), 0, NULL, "tooBig comes with an empty varbind list in v1 too"},
	{"delay", DURATION, 0, AT(delay_us), 0, NULL, "replies come so much later"},
	{"jitter", DURATION, 0, AT(jitter_us), 0, NULL, "and up to so much more"},
	{"loss", PERCENT, 0, AT(loss), 0, NULL, "requests lost, percent"},
	{"silent", FLAG, 0, AT(silent), 0, NULL, "never answers"},
	{"die-after", U32, 0, AT(die_after), UINT32_MAX, NULL, "silent after so many replies, counted from when this was set"},
	{"reboot-after", U32, 0, AT(reboot_after), UINT32_MAX, NULL, "reboots once after so many replies"},
	{"duplicates", U32, 0, AT(duplicates), 64, NULL, "each reply comes so many times more"},
	{"jump", RULES, REST_OID, AT(jump), 0, NULL, "A>B: after A comes B: loops, going backwards, a table that ends early"},
	{"hide", RULES, REST_NONE, AT(hide), 0, NULL, "subtrees that are not there; 1.3.6.1.2.1.31 leaves 32-bit counters"},
	{"contexts", FLAG, 0, AT(contexts), 0, NULL, "community@VLAN is answered, too, and shows what hide hides; so is v3's context vlan-VLAN"},
	{"refuse-in", TEXT, 0, AT(refuse_in), 0, NULL, "VLANs (10,20 or all) whose contexts it has, but does not allow: authorizationError"},
	{"silent-in", TEXT, 0, AT(silent_in), 0, NULL, "VLANs in whose contexts it does not answer"},
	{"die-in", TEXT, 0, AT(die_in), 0, NULL, "VLANs after which it never answers again, once asked in their contexts"},
	{"generr", RULES, REST_NONE, AT(generr), 0, NULL, "genErr where one of these subtrees would be answered"},
	{"as", RULES, REST_AS, AT(as), 0, NULL, "OID:string|negative|opaque|null: wrong types in a subtree"},
	{"endless", RULES, REST_TABLE, AT(endless), 0, NULL, "ENTRY:columns:rows: a table of so many rows"},
	{"bloat", RULES, REST_BYTES, AT(bloat), 65400, NULL, "OID:bytes: strings of that length in a subtree"},
	{"hostile", CHOICE, 0, AT(hostile), 0, hostile_names, "what stands in sysName, ifDescr, ifName, ifAlias and their like"},
	{"reqid", CHOICE, 0, AT(reqid), 0, reqid_names, "request-id of the replies"},
	{"mangle", CHOICE, 0, AT(mangle), 0, mangle_names, "what happens to the replies' bytes"},
	{"reply-community", TEXT, 0, AT(reply_community), 0, NULL, "community in the replies"},
	{"source", ADDRESS, 0, AT(source), 0, NULL, "replies come from this address of the simulator's"},
	{"source-port", U32, 0, AT(source_port), 65535, NULL, "replies come from this other port of the simulator's"},
	{"forge", ADDRESS, 0, AT(forge), 0, NULL, "a false reply comes first, from this address"},
};
// clang-format on

#define TABLE_LEN (sizeof table / sizeof *table)

struct nf_sim_options nf_sim_options_default(void)
{
	return (struct nf_sim_options){
		.community = "public",
		.name = "sw",
		.ports = 24,
		.hosts = 1,
		.arp = 8,
		.vlans = 2,
		.first_index = 1,
		.rate = 1000,
		.speed = 1000,
		.uptime_us = INT64_C(86400) * 1000000,
		.max_size = 1472,
		.boots = 1,
	};
}

/* Index in a NULL-terminated list; false: not there. */
static bool choose(const char *const *names, const char *text, uint32_t *out)
{
	for (uint32_t i = 0; names[i]; i++) {
		if (strcmp(names[i], text) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool parse_u32(const char *text, uint64_t max, uint32_t *out)
{
	uint64_t wide;

	if (nf_parse_u64(text, 0, max, &wide) != NF_OK)
		return false;
	*out = (uint32_t)wide;
	return true;
}

static bool parse_table(char *rest, struct nf_sim_rule *rule)
{
	char *rows = strchr(rest, ':');

	if (!rows)
		return false;
	*rows++ = '\0';
	return parse_u32(rest, 1000, &rule->columns) &&
	       parse_u32(rows, UINT32_MAX, &rule->number);
}

static bool parse_rule(const struct option *option, char *item, struct nf_sim_rule *rule)
{
	char *rest = option->rest == REST_NONE ? NULL : strpbrk(item, ">:");

	if (option->rest != REST_NONE && !rest)
		return false;
	if (rest)
		*rest++ = '\0';
	if (nf_sim_oid_parse(item, strlen(item), &rule->oid) != NF_OK)
		return false;
	switch (option->rest) {
	case REST_OID:
		return nf_sim_oid_parse(rest, strlen(rest), &rule->to) == NF_OK;
	case REST_AS:
		return choose(as_names, rest, &rule->number);
	case REST_TABLE:
		return parse_table(rest, rule);
	case REST_BYTES:
		return parse_u32(rest, option->max, &rule->number);
	default:
		return true;
	}
}

/* "A,B,C", or nothing to take the list away again. */
static bool parse_rules(const struct option *option, const char *value, struct nf_arena *arena,
	struct nf_sim_rules *out)
{
	char *copy = nf_arena_strdup(arena, value);
	size_t count = *copy != '\0';

	for (const char *at = copy; (at = strchr(at, ',')); at++)
		count++;
	struct nf_sim_rule *items = nf_arena_alloc(arena, (count + 1) * sizeof *items);
	char *save = NULL;
	size_t len = 0;

	for (char *item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		if (!parse_rule(option, item, &items[len++]))
			return false;
	}
	*out = (struct nf_sim_rules){items, len};
	return true;
}

static bool is_snmprec(const char *text)
{
	struct nf_sim_mib *mib = nf_sim_mib_new();
	bool good = nf_sim_snmprec_parse(mib, "value", text, strlen(text), NULL) == NF_OK;

	nf_sim_mib_free(mib);
	return good;
}

/* The newest line comes first: of lines for one OID the first counts. */
static bool set(struct nf_sim_options *options, const struct option *option, const char *value,
	struct nf_arena *arena)
{
	void *field = (char *)options + option->offset;
	const char **text = field;

	switch (option->type) {
	case TEXT:
		*text = nf_arena_strdup(arena, value);
		return true;
	case LINES:
		*text = nf_arena_printf(arena, "%s\n%s", value, *text ? *text : "");
		return is_snmprec(value);
	case U32:
		return parse_u32(value, option->max, field);
	case U64:
		return nf_parse_u64(value, 0, option->max, field) == NF_OK;
	case DURATION:
		return nf_parse_duration(value, 0, INT64_MAX / 4, field) == NF_OK;
	case PERCENT:
		return nf_parse_double(value, 0, 100, field) == NF_OK;
	case FLAG:
		return nf_parse_bool(value, field) == NF_OK;
	case ADDRESS:
		return nf_addr_parse(value, field) == NF_OK;
	case CHOICE:
		return choose(option->choices, value, field);
	default:
		return parse_rules(option, value, arena, field);
	}
}

enum nf_err nf_sim_options_set(struct nf_sim_options *options, const char *word,
	struct nf_arena *arena, struct nf_error *err)
{
	const char *equals = strchr(word, '=');
	size_t key_len = equals ? (size_t)(equals - word) : strlen(word);

	for (size_t i = 0; i < TABLE_LEN; i++) {
		const struct option *option = &table[i];

		if (strlen(option->key) != key_len || memcmp(option->key, word, key_len) != 0)
			continue;
		if (!equals && option->type != FLAG)
			return nf_error_set(err, NF_EINVAL, "%s needs a value", option->key);
		if (!set(options, option, equals ? equals + 1 : "true", arena))
			return nf_error_set(err, NF_EINVAL, "%s: not a value for it", word);
		return NF_OK;
	}
	return nf_error_set(err, NF_EINVAL, "%s: no such option", word);
}

void nf_sim_options_print(FILE *out)
{
	for (size_t i = 0; i < TABLE_LEN; i++)
		fprintf(out, "  %-16s %s\n", table[i].key, table[i].doc);
	for (const char *const *name = hostile_names; *name; name++)
		fprintf(out, "%s%s", name == hostile_names ? "  hostile: " : " ", *name);
	for (const char *const *name = mangle_names; *name; name++)
		fprintf(out, "%s%s", name == mangle_names ? "; mangle: " : " ", *name);
	for (const char *const *name = reqid_names; *name; name++)
		fprintf(out, "%s%s", name == reqid_names ? "; reqid: " : " ", *name);
	fprintf(out, "\n");
}
