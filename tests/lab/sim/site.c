// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/sim/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/lab/sim/range.h"

/* The smallest prefix that holds first and last. */
static struct nf_prefix covering(const struct nf_addr *first, const struct nf_addr *last)
{
	struct nf_prefix prefix = {.bits = first->family == NF_IPV6 ? 128 : 32};

	for (;;) {
		prefix.addr = *first;
		for (unsigned bit = prefix.bits; bit < 128; bit++)
			prefix.addr.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
		if (nf_prefix_contains(&prefix, last))
			return prefix;
		prefix.bits--;
	}
}

static enum nf_err write_file(const char *dir, const char *name, const char *text, size_t len,
	mode_t mode, struct nf_error *err)
{
	char *path = nf_xasprintf("%s/%s", dir, name);
	enum nf_err code = nf_file_write_atomic(path, text, len, mode, err);

	free(path);
	return code;
}

static enum nf_err write_site(
	const struct nf_sim_args *args, const struct nf_sim_range *range, struct nf_error *err)
{
	const struct nf_addr last = nf_sim_range_at(range, range->len - 1);
	const struct nf_prefix prefix = covering(&range->first, &last);
	char text[NF_ADDR_TEXT_MAX];
	struct nf_strbuf yaml = {0};

	nf_strbuf_printf(&yaml,
		"site: {name: Simulated switches, timezone: Europe/Stockholm, state_dir: state, "
		"www_dir: www}\n"
		"polling: {ping: 30s, echoes: 3, snmp: 60s, topology: 5m}\n"
		"networks:\n"
		"  - {id: sim, name: Simulated, role: legacy, prefixes: [\"%s/%u\"], "
		"max_packets_per_second: 10000}\n"
		"snmp:\n"
		"  - {id: v2, version: 2c, community_file: secrets/community, port: %u}\n"
		"devices_csv: devices.csv\n",
		nf_addr_format(&prefix.addr, text), prefix.bits, args->ports[0]);
	enum nf_err code =
		write_file(args->site_dir, "site.yaml", yaml.data, yaml.len, 0644, err);

	nf_strbuf_free(&yaml);
	return code;
}

static enum nf_err write_devices(
	const struct nf_sim_args *args, const struct nf_sim_range *range, struct nf_error *err)
{
	struct nf_strbuf csv = {0};
	char text[NF_ADDR_TEXT_MAX];

	nf_strbuf_puts(&csv, "name,kind,network,address,snmp\n");
	for (uint32_t i = 0; i < range->len; i++) {
		const struct nf_addr addr = nf_sim_range_at(range, i);

		nf_strbuf_printf(
			&csv, "sw%05u,switch,sim,%s,v2\n", i + 1, nf_addr_format(&addr, text));
	}
	enum nf_err code =
		write_file(args->site_dir, "devices.csv", csv.data, csv.len, 0644, err);

	nf_strbuf_free(&csv);
	return code;
}

enum nf_err nf_sim_site_write(const struct nf_sim_args *args, struct nf_error *err)
{
	char *addresses = nf_xasprintf("%s+%u", args->base, args->switches);
	char *secrets = nf_xasprintf("%s/secrets", args->site_dir);
	struct nf_sim_range range;
	enum nf_err code = nf_sim_range_parse(addresses, &range, err);

	if (code == NF_OK)
		code = nf_mkdirs(secrets, 0755, err);
	if (code == NF_OK)
		code = write_file(
			args->site_dir, "secrets/community", "public\n", 7, 0600, err);
	if (code == NF_OK)
		code = write_devices(args, &range, err);
	if (code == NF_OK)
		code = write_site(args, &range, err);
	free(addresses);
	free(secrets);
	return code;
}
