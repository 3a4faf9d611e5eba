// SPDX-License-Identifier: GPL-3.0-or-later
/* echo_tool: bursts to addresses, one line an answer, for the scripts beside it and for the bench.
 * Usage:   echo_tool [-r PACKETS_PER_SECOND] [-n ECHOES] [-p SPACING_MS] [-t TIMEOUT_MS] [-c ROUNDS]
 *                    [-e EVERY_MS] [-f FILE] [-q] ADDRESS[@INTERFACE] …
 * Output:  "ROUND ADDRESS@INTERFACE sent 3 received 3 lost 0 unsure 0 unsent 0 duplicates 0 mangled 0
 *          trouble 0 rtt MIN MEDIAN MAX", then one "total …" line with the engine's figures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/rights.h"
#include "collector/ping/pinger.h"

struct target {
	struct tool *tool;
	struct nf_addr address;
	size_t network;
	int64_t round;
};

struct tool {
	uv_loop_t loop;
	uv_timer_t timer;
	struct nf_pinger *pinger;
	struct nf_network networks[64];
	size_t networks_len;
	struct target *targets;
	size_t len, cap, open;
	int64_t rate, echoes, spacing_ms, timeout_ms, rounds, every_ms, round;
	bool quiet;
};

static void give_up(const char *what)
{
	fprintf(stderr, "echo_tool: %s\n", what);
	exit(3);
}

static size_t network_of(struct tool *t, const char *interface)
{
	const char *id = interface ? interface : "";

	for (size_t i = 0; i < t->networks_len; i++)
		if (strcmp(t->networks[i].id, id) == 0)
			return i;
	struct nf_network *n = &t->networks[t->networks_len];

	*n = (struct nf_network){.id = nf_xstrdup(id), .index = t->networks_len};
	n->source.interface = interface ? n->id : NULL;
	return t->networks_len++;
}

static void add(struct tool *t, struct nf_addr address, size_t network)
{
	t->targets = nf_grow(t->targets, t->len, &t->cap, sizeof *t->targets);
	t->targets[t->len++] = (struct target){t, address, network, 0};
}

static void add_text(struct tool *t, char *text)
{
	char *at = strchr(text, '@');
	struct nf_addr address;

	if (at)
		*at++ = 0;
	if (nf_addr_parse(text, &address))
		give_up(text);
	add(t, address, network_of(t, at));
}

static void add_file(struct tool *t, const char *path)
{
	char line[256];
	FILE *file = fopen(path, "re");

	if (!file)
		give_up(path);
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = 0;
		add_text(t, line);
	}
	fclose(file);
}

static void on_burst(const struct nf_burst *b, void *arg)
{
	struct target *target = arg;
	struct tool *t = target->tool;
	char text[NF_ADDR_TEXT_MAX];
	struct nf_rtt r = {0};

	nf_burst_rtt(b, &r);
	if (!t->quiet || b->received != b->sent)
		printf("%lld %s@%s sent %u received %u lost %u unsure %u unsent %u duplicates %u mangled %u trouble %d rtt %.0f %.0f %.0f\n",
			(long long)target->round, nf_addr_format(&target->address, text),
			t->networks[target->network].id, b->sent, b->received, b->lost,
			b->unsure, b->unsent, b->duplicates, b->mangled, (int)b->trouble,
			r.min_us, r.median_us, r.max_us);
	if (--t->open == 0 && t->round >= t->rounds)
		uv_stop(&t->loop);
}

static void on_timer(uv_timer_t *timer)
{
	struct tool *t = timer->data;

	if (t->round >= t->rounds)
		return;
	t->round++;
	for (size_t i = 0; i < t->len; i++) {
		t->targets[i].round = t->round;
		t->open++;
		nf_pinger_burst(t->pinger,
			&(struct nf_ping_ask){.network = t->targets[i].network,
				.address = t->targets[i].address,
				.echoes = (uint32_t)t->echoes,
				.spacing_us = t->spacing_ms * NF_US_PER_MS,
				.timeout_us = t->timeout_ms * NF_US_PER_MS},
			on_burst, &t->targets[i]);
	}
}

static void print_total(const struct tool *t, struct nf_now began)
{
	struct nf_pinger_stats s = nf_pinger_stats(t->pinger);
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	double cpu_us = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e6 +
			(double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
	printf("total sent %llu received %llu late %llu forged %llu mangled %llu duplicates %llu bad %llu drops %llu overloaded %llu stalls %llu unstamped %llu wall_ms %lld cpu_us_per_echo %.2f rss_kib %ld\n",
		(unsigned long long)s.sent, (unsigned long long)s.received,
		(unsigned long long)s.late, (unsigned long long)s.forged,
		(unsigned long long)s.mangled, (unsigned long long)s.duplicates,
		(unsigned long long)s.bad, (unsigned long long)s.drops,
		(unsigned long long)s.overloaded, (unsigned long long)s.stalls,
		(unsigned long long)s.unstamped,
		(long long)((nf_clock_now().mono_us - began.mono_us) / NF_US_PER_MS),
		s.sent ? cpu_us / (double)s.sent : 0, use.ru_maxrss);
}

static int64_t number(const char *text)
{
	int64_t n;

	if (nf_parse_i64(text, 0, INT32_MAX, &n))
		give_up(text);
	return n;
}

static void read_options(struct tool *t, int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "r:n:p:t:c:e:f:q")) != -1;)
		switch (c) {
		case 'r':
			t->rate = number(optarg);
			break;
		case 'n':
			t->echoes = number(optarg);
			break;
		case 'p':
			t->spacing_ms = number(optarg);
			break;
		case 't':
			t->timeout_ms = number(optarg);
			break;
		case 'c':
			t->rounds = number(optarg);
			break;
		case 'e':
			t->every_ms = number(optarg);
			break;
		case 'f':
			add_file(t, optarg);
			break;
		case 'q':
			t->quiet = true;
			break;
		default:
			give_up("usage: see echo_tool.c");
		}
	for (; optind < argc; optind++)
		add_text(t, argv[optind]);
	for (size_t i = 0; i < t->networks_len; i++)
		t->networks[i].max_packets_per_second = (uint32_t)t->rate;
}

int main(int argc, char **argv)
{
	static struct tool t = {.rate = 100000,
		.echoes = 3,
		.spacing_ms = 50,
		.timeout_ms = 500,
		.rounds = 1,
		.every_ms = 500};
	struct nf_error err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	nf_log_open("echo_tool", NF_LOG_WARN);
	if (nf_pinger_open(&t.pinger, &err) || nf_rights_shed(&err))
		give_up(err.text);
	read_options(&t, argc, argv);
	uv_loop_init(&t.loop);
	if (nf_pinger_start(t.pinger, &t.loop, t.networks, t.networks_len))
		give_up("cannot start");
	struct nf_now began = nf_clock_now();

	uv_timer_init(&t.loop, &t.timer);
	t.timer.data = &t;
	uv_timer_start(&t.timer, on_timer, 0, (uint64_t)t.every_ms);
	uv_run(&t.loop, UV_RUN_DEFAULT);
	print_total(&t, began);
	nf_pinger_close(t.pinger);
	uv_close((uv_handle_t *)&t.timer, NULL);
	uv_run(&t.loop, UV_RUN_DEFAULT);
	free(t.targets);
	for (size_t i = 0; i < t.networks_len; i++)
		free((char *)(uintptr_t)t.networks[i].id);
	return uv_loop_close(&t.loop) != 0;
}
