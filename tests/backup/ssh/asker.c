// SPDX-License-Identifier: GPL-3.0-or-later
/* asker: questions of a command line, asked of servers over SSH, one line of answer each.
 *     asker [-a ADDRESS]… [-p PORT] [-u USER] [-k KEY] [-P PASSPHRASE-FILE] [-A] -h KNOWN-HOSTS
 *           [-n NAME] [-t SECONDS] [-w WORKERS] [-s SESSIONS] [-r REPEAT] [-c CRASH-PATH] [-q] QUESTION…
 * A question is KIND:PATH; KIND of list stat read hash sha512 md5 deep exec clock statvfs; READ as
 * read@OFFSET+LEN:PATH; EXEC's words are separated by '|'. Every address is asked all of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "checks/backup/ssh/remote.h"

#define HOSTS_MAX 1000

struct asker {
	uv_loop_t loop;
	struct nf_remote_pool *pool;
	struct nf_site site;
	struct nf_ssh ssh;
	struct nf_network network;
	struct nf_device devices[HOSTS_MAX];
	struct nf_remote *remotes[HOSTS_MAX];
	size_t hosts;
	size_t open;
	bool quiet;
	struct nf_remote_limits limits;
	uint64_t repeat;
	int64_t began_us;
};

static void print_text(const char *label, const void *bytes, size_t len)
{
	struct nf_strbuf b = {0};
	nf_text_escape(&b, bytes, len, 300);
	printf(" %s=[%s]", label, b.data ? b.data : "");
	nf_strbuf_free(&b);
}

static void print_stat(const struct nf_remote_stat *s)
{
	printf(" size=%llu mtime=%lld%s%s%s%s", (unsigned long long)s->size,
		(long long)s->mtime_s, s->is_file ? " file" : "",
		s->is_directory ? " directory" : "", s->is_symlink ? " link" : "",
		s->is_dangling ? " dangling" : "");
}

static void print_answer(const struct nf_remote_answer *a)
{
	printf("%s", nf_remote_outcome_text(a->outcome));
	if (a->cause != NF_CAUSE_NONE)
		printf(" (%s)", nf_remote_cause_text(a->cause));
	if (a->kind == NF_REMOTE_STAT && a->outcome == NF_REMOTE_OK)
		print_stat(&a->stat);
	if (a->kind == NF_REMOTE_LIST && a->outcome == NF_REMOTE_OK)
		printf(" entries=%zu seen=%llu%s", a->entries_len, (unsigned long long)a->seen,
			a->truncated ? " truncated" : "");
	for (size_t i = 0; i < a->entries_len && i < 20; i++) {
		print_text("entry", a->entries[i].path, strlen(a->entries[i].path));
		print_stat(&a->entries[i].stat);
	}
	if (a->digest[0])
		printf(" digest=%s read=%llu%s", a->digest, (unsigned long long)a->read,
			a->changed ? " changed" : "");
	if (a->format[0])
		printf(" format=%s unpacked=%llu %s", a->format,
			(unsigned long long)a->unpacked, a->sound ? "sound" : "broken");
	if (a->kind == NF_REMOTE_READ && a->outcome == NF_REMOTE_OK)
		printf(" len=%zu", a->bytes_len);
	if (a->bytes_len)
		print_text("bytes", a->bytes, a->bytes_len);
	if (a->has_status)
		printf(" status=%d", a->status);
	if (a->errors[0])
		print_text("errors", a->errors, strlen(a->errors));
	if (a->kind == NF_REMOTE_CLOCK && a->clock_known)
		printf(" ahead=%lld", (long long)(a->clock_ahead_us / NF_US_PER_S));
	if (a->total_bytes)
		printf(" space");
	if (a->reason[0])
		printf(": %s", a->reason);
	if (a->cause == NF_CAUSE_HOST_KEY_CHANGED)
		printf(" offered=%s known=%s", a->key_offered, a->key_known);
	printf("\n");
}

static void answered(void *ctx, const struct nf_remote_answer *answer)
{
	struct asker *asker = ctx;
	if (!asker->quiet)
		print_answer(answer);
	fflush(stdout);
	if (--asker->open > 0)
		return;
	struct nf_remote_stats stats = nf_remote_pool_stats(asker->pool);
	fprintf(stderr, "answers=%llu connections=%llu crashes=%llu workers=%u ms=%lld\n",
		(unsigned long long)stats.answers, (unsigned long long)stats.connections,
		(unsigned long long)stats.crashes, stats.workers,
		(long long)((nf_clock_now().mono_us - asker->began_us) / NF_US_PER_MS));
	nf_remote_pool_close(asker->pool, NULL, NULL);
}

static void usage(void)
{
	fprintf(stderr, "asker: see the top of asker.c\n");
	exit(2);
}

static uint64_t number(const char *text)
{
	uint64_t n;
	if (nf_parse_u64(text, 0, UINT64_MAX, &n) != NF_OK)
		usage();
	return n;
}

static void add_host(struct asker *asker, const char *address)
{
	struct nf_device *d = &asker->devices[asker->hosts++];
	if (asker->hosts == HOSTS_MAX || nf_addr_parse(address, &d->legs[0].address) != NF_OK)
		usage();
	d->name = "server";
	d->legs[0].network = &asker->network;
	d->legs_len = 1;
}

static void read_range(char *kind, struct nf_remote_ask *ask)
{
	char *at = strchr(kind, '@'), *plus = at ? strchr(at, '+') : NULL;
	if (!plus)
		return;
	*at = *plus = '\0';
	ask->offset = number(at + 1);
	ask->len = number(plus + 1);
}

static void ask_one(struct asker *asker, struct nf_remote *remote, const char *question)
{
	static const struct {
		const char *name;
		enum nf_remote_kind kind;
		enum nf_remote_hash hash;
	} kinds[] = {
		{"list",	 NF_REMOTE_LIST,	 0		  },
		{"stat",	 NF_REMOTE_STAT,	 0		  },
		{"read",	 NF_REMOTE_READ,	 0		  },
		{"hash",	 NF_REMOTE_HASH,	 NF_REMOTE_SHA256},
		{"sha512",  NF_REMOTE_HASH,	   NF_REMOTE_SHA512},
		{"md5",	NF_REMOTE_HASH,	NF_REMOTE_MD5   },
		{"deep",	 NF_REMOTE_DEEP,	 0		  },
		{"exec",	 NF_REMOTE_EXEC,	 0		  },
		{"clock",	  NF_REMOTE_CLOCK,   0		    },
		{"statvfs", NF_REMOTE_STATVFS, 0		},
	};
	char *copy = nf_xstrdup(question), *colon = strchr(copy, ':');
	char *words[64] = {NULL}, *save = NULL;
	struct nf_remote_ask ask = {
		.done = answered, .ctx = asker, .kind = (enum nf_remote_kind)99};
	if (colon)
		*colon = '\0';
	read_range(copy, &ask);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, copy) == 0) {
			ask.kind = kinds[i].kind;
			ask.hash = kinds[i].hash;
		}
	if (ask.kind > NF_REMOTE_STATVFS)
		usage();
	ask.path = colon ? colon + 1 : "";
	if (ask.kind == NF_REMOTE_EXEC) {
		size_t n = 0;
		for (char *w = strtok_r(colon + 1, "|", &save); w && n < 63;
			w = strtok_r(NULL, "|", &save))
			words[n++] = w;
		union {
			char **words;
			const char *const *argv;
		} argv = {words};
		ask.argv = argv.argv;
	}
	asker->open++;
	nf_remote_ask(remote, &ask);
	free(copy);
}

static void read_options(struct asker *asker, int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "a:p:u:k:P:Ah:n:t:w:s:H:r:c:b:q")) != -1;)
		switch (c) {
		case 'a':
			add_host(asker, optarg);
			break;
		case 'p':
			asker->ssh.port = (uint16_t)number(optarg);
			break;
		case 'u':
			asker->ssh.user = optarg;
			break;
		case 'k':
			asker->ssh.key_file = optarg;
			break;
		case 'P':
			asker->ssh.passphrase_file = optarg;
			break;
		case 'A':
			asker->ssh.agent = true;
			break;
		case 'h':
			asker->ssh.known_hosts_file = optarg;
			break;
		case 'n':
			asker->devices[0].name = optarg;
			break;
		case 't':
			asker->limits.connect_us = asker->limits.handshake_us =
				asker->limits.auth_us = asker->limits.sftp_us =
					asker->limits.request_us = asker->limits.long_us =
						asker->limits.stall_us =
							(int64_t)number(optarg) * NF_US_PER_S;
			break;
		case 'w':
			asker->limits.workers = (uint32_t)number(optarg);
			break;
		case 's':
			asker->limits.sessions = asker->limits.per_network =
				(uint32_t)number(optarg);
			break;
		case 'H':
			asker->limits.per_host = (uint32_t)number(optarg);
			break;
		case 'r':
			asker->repeat = number(optarg);
			break;
		case 'c':
			asker->limits.crash_path = optarg;
			break;
		case 'b':
			asker->limits.preauth_bytes = (uint32_t)number(optarg);
			break;
		case 'q':
			asker->quiet = true;
			break;
		default:
			usage();
		}
	if (asker->hosts == 0 || !asker->ssh.known_hosts_file)
		usage();
}

int main(int argc, char **argv)
{
	int helper = nf_remote_helper(argc, argv);
	if (helper >= 0)
		return helper;
	nf_log_open("asker", NF_LOG_INFO);
	struct asker *asker = nf_xcalloc(1, sizeof *asker);
	asker->repeat = 1;
	asker->network = (struct nf_network){.id = "net", .name = "net"};
	asker->ssh = (struct nf_ssh){.id = "reader", .user = "root", .port = 22};
	read_options(asker, argc, argv);
	asker->site.ssh.items = &asker->ssh;
	asker->site.ssh.len = 1;
	uv_loop_init(&asker->loop);
	struct nf_error err = {0};
	asker->began_us = nf_clock_now().mono_us;
	if (nf_remote_pool_new(
		    &asker->loop, &asker->site, &asker->limits, &asker->pool, &err) != NF_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	for (size_t h = 0; h < asker->hosts; h++) {
		struct nf_device *d = &asker->devices[h];
		struct nf_remote *r = nf_remote_open(asker->pool, d, &d->legs[0], &asker->ssh);
		for (uint64_t n = 0; n < asker->repeat; n++)
			for (int i = optind; i < argc; i++)
				ask_one(asker, r, argv[i]);
	}
	uv_run(&asker->loop, UV_RUN_DEFAULT);
	int rc = uv_loop_close(&asker->loop);
	free(asker);
	return rc == 0 ? 0 : 3;
}
