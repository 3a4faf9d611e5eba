// SPDX-License-Identifier: GPL-3.0-or-later
/* The asker alone: ifXTable's seven 64-bit columns and the system group of every agent, merged into rows
 * and thrown away. snmp_asker FIRST-ADDRESS+COUNT PORT COMMUNITY-FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/parse.h"
#include "collector/snmp/agent.h"
#include "collector/snmp/oid.h"

#define COLUMNS 7

struct bench {
	uv_loop_t loop;
	struct nf_asker *asker;
	struct nf_query scalars, table;
	size_t left, incomplete, rows;
};

static void closed(void *arg)
{
	(void)arg;
}

static void table_read(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct bench *b = arg;
	(void)agent;
	b->incomplete += result->state != NF_RESULT_COMPLETE;
	b->rows += result->rows_len;
	nf_result_free(result);
	if (--b->left == 0)
		nf_asker_close(b->asker, closed, NULL);
}

static void scalars_read(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	struct bench *b = arg;
	b->incomplete += result->state != NF_RESULT_COMPLETE;
	nf_result_free(result);
	nf_agent_ask(agent, &b->table, table_read, b);
}

static struct nf_addr address_after(struct nf_addr first, uint32_t n)
{
	uint32_t host = (uint32_t)first.bytes[0] << 24 | (uint32_t)first.bytes[1] << 16 |
			(uint32_t)first.bytes[2] << 8 | first.bytes[3];
	host += n;
	for (size_t i = 0; i < 4; i++)
		first.bytes[i] = (uint8_t)(host >> (24 - 8 * i));
	return first;
}

static long memory_kib(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

int main(int argc, char **argv)
{
	static uint32_t ids[COLUMNS][11], scalar_ids[6][9];
	static struct nf_column columns[COLUMNS], scalars[6];
	static const uint32_t entry[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1},
			      system[] = {1, 3, 6, 1, 2, 1, 1};
	static const uint8_t kinds[] = {NF_COLUMN_OCTETS, NF_COLUMN_OID, NF_COLUMN_NUMBER,
		NF_COLUMN_OCTETS, NF_COLUMN_OCTETS, NF_COLUMN_OCTETS};
	static struct bench b;
	struct nf_error err;
	struct nf_addr first;
	uint64_t count = 0, port = 0;
	char *plus = argc == 4 ? strchr(argv[1], '+') : NULL;
	if (!plus)
		return 2;
	*plus = '\0';
	if (nf_addr_parse(argv[1], &first) != NF_OK ||
		nf_parse_u64(plus + 1, 1, 100000, &count) != NF_OK ||
		nf_parse_u64(argv[2], 1, 65535, &port) != NF_OK)
		return 2;
	for (uint32_t i = 0; i < COLUMNS; i++) {
		memcpy(ids[i], entry, sizeof entry);
		ids[i][10] = 6 + i;
		columns[i] = (struct nf_column){
			{ids[i], 11},
			      NF_COLUMN_NUMBER
		      };
	}
	for (uint32_t i = 0; i < 6; i++) {
		memcpy(scalar_ids[i], system, sizeof system);
		scalar_ids[i][7] = 1 + i;
		scalars[i] = (struct nf_column){
			{scalar_ids[i], 9},
			    kinds[i]
		    };
	}
	b.table = (struct nf_query){.columns = columns, .columns_len = COLUMNS};
	b.scalars = (struct nf_query){.columns = scalars, .columns_len = 6, .scalars = true};
	struct nf_snmp snmp = {.id = "v2",
		.version = NF_SNMP_V2C,
		.community_file = argv[3],
		.port = (uint16_t)port,
		.timeout_us = 2000000,
		.retries = 2,
		.max_repetitions = 20};
	struct nf_network network = {.id = "n", .max_packets_per_second = 1000000};
	struct nf_site site = {0};
	site.networks.items = &network;
	site.networks.len = 1;
	uv_loop_init(&b.loop);
	if (nf_asker_new(&b.loop, &site, &b.asker, &err) != NF_OK)
		return 3;
	long before = memory_kib();
	struct nf_device *devices = nf_xcalloc(count, sizeof *devices);
	struct nf_agent **agents = nf_xcalloc(count, sizeof *agents);
	for (uint32_t i = 0; i < count; i++) {
		devices[i] = (struct nf_device){.name = "d", .snmp = &snmp, .legs_len = 1};
		devices[i].legs[0] =
			(struct nf_leg){&network, address_after(first, i), false, {{0}}};
		if (nf_agent_new(b.asker, &devices[i], 0, &agents[i], &err) != NF_OK) {
			fprintf(stderr, "%s\n", err.text);
			return 3;
		}
	}
	long made = memory_kib();
	b.left = count;
	for (uint32_t i = 0; i < count; i++)
		nf_agent_ask(agents[i], &b.scalars, scalars_read, &b);
	uv_run(&b.loop, UV_RUN_DEFAULT);
	printf("%zu rows, %zu incomplete, %ld KiB, %.2f KiB an agent idle, %.2f KiB an agent at work\n",
		b.rows, b.incomplete, memory_kib(), (double)(made - before) / (double)count,
		(double)(memory_kib() - before) / (double)count);
	uv_loop_close(&b.loop);
	free(agents);
	free(devices);
	return b.incomplete != 0;
}
