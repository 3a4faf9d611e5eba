// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/snmp/rig.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/lab/sim/net.h"

#define OID(...)                                                                               \
	{                                                                                      \
		(const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4   \
	}

struct rig_sim {
	struct nf_sim_fleet *fleet;
	struct nf_sim_net *net;
	uv_poll_t polls[NF_SIM_SOCKETS_MAX];
	size_t polls_len;
	uv_prepare_t prepare;
	uv_timer_t due;
};

static const struct nf_column system_columns[] = {
	{OID(1, 3, 6, 1, 2, 1, 1, 1, 0), NF_COLUMN_OCTETS},
	{OID(1, 3, 6, 1, 2, 1, 1, 2, 0), NF_COLUMN_OID   },
	{OID(1, 3, 6, 1, 2, 1, 1, 3, 0), NF_COLUMN_NUMBER},
	{OID(1, 3, 6, 1, 2, 1, 1, 5, 0), NF_COLUMN_OCTETS},
};
const struct nf_query rig_system = {system_columns, 4, true, 0, 0};

static const struct nf_column interface_columns[] = {
	{OID(1, 3, 6, 1, 2, 1, 2, 2, 1, 1),  NF_COLUMN_NUMBER},
	{OID(1, 3, 6, 1, 2, 1, 2, 2, 1, 2),  NF_COLUMN_OCTETS},
	{OID(1, 3, 6, 1, 2, 1, 2, 2, 1, 10), NF_COLUMN_NUMBER},
};
const struct nf_query rig_interfaces = {interface_columns, 3, false, 0, 0};

extern char **environ;

/* The same test may run in another build's directory now: agents of both would stand in each other's way. A TCP
 * socket of that number is held for as long as the rig lives; it ends with the process, however that ends. */
static void claim_port(struct rig *rig, uint16_t port)
{
	const struct sockaddr_in name = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (rig->port == port)
		return;
	assert(rig->port == 0);
	rig->port = port;
	rig->claim = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	for (int tries = 0; tries < 1800; tries++) {
		if (bind(rig->claim, (const struct sockaddr *)&name, sizeof name) == 0)
			return;
		usleep(100000);
	}
	fprintf(stderr, "port %u is another test's for three minutes\n", port);
	abort();
}

int rig_set_up(void **state)
{
	struct rig *rig = *state = nf_xcalloc(1, sizeof *rig);
	strcpy(rig->dir, "/tmp/netfold-snmp.XXXXXX");
	if (!mkdtemp(rig->dir))
		abort();
	uv_loop_init(&rig->loop);
	rig->arena = nf_arena_new();
	for (size_t i = 0; i < 4; i++)
		rig->networks[i] = (struct nf_network){
			.id = (const char *[]){"n0", "n1", "n2", "n3"}
			      [i],
			.max_packets_per_second = 100000,
			.index = i,
		};
	rig->site.networks.items = rig->networks;
	rig->site.networks.len = 4;
	rig->site.devices.items = rig->devices;
	return 0;
}

static void closed(void *arg)
{
	*(bool *)arg = true;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

void rig_stop(struct rig *rig)
{
	bool done = false;
	if (rig->asker)
		nf_asker_close(rig->asker, closed, &done);
	while (rig->asker && !done)
		uv_run(&rig->loop, UV_RUN_ONCE);
	rig->asker = NULL;
}

static int64_t sim_now(void)
{
	return nf_clock_now().mono_us;
}

static void sim_asked(uv_poll_t *handle, int status, int events)
{
	struct rig_sim *sim = handle->data;
	struct pollfd p = {.events = POLLIN, .revents = POLLIN};
	(void)status, (void)events;
	uv_fileno((uv_handle_t *)handle, &p.fd);
	nf_sim_net_serve(sim->net, &p, 1, sim_now());
}

static void sim_due(uv_timer_t *handle)
{
	struct rig_sim *sim = handle->data;
	nf_sim_net_serve(sim->net, NULL, 0, sim_now());
}

static void sim_before_sleep(uv_prepare_t *handle)
{
	struct rig_sim *sim = handle->data;
	int64_t due = nf_sim_net_due(sim->net), now = sim_now();
	if (due == INT64_MAX) {
		uv_timer_stop(&sim->due);
		return;
	}
	uv_update_time(handle->loop);
	uv_timer_start(
		&sim->due, sim_due, due > now ? (uint64_t)(due - now + 999) / 1000 : 0, 0);
}

static void must(enum nf_err code, const struct nf_error *err)
{
	if (code == NF_OK)
		return;
	fprintf(stderr, "%s\n", err->text);
	abort();
}

void rig_simulate(struct rig *rig, uint16_t port, const char *line)
{
	struct nf_error err;
	struct rig_sim *sim = rig->sim;
	claim_port(rig, port);
	if (sim) {
		must(nf_sim_fleet_add_line(sim->fleet, line, &err), &err);
		return;
	}
	sim = rig->sim = nf_xcalloc(1, sizeof *sim);
	sim->fleet = nf_sim_fleet_new();
	must(nf_sim_fleet_add_line(sim->fleet, line, &err), &err);
	must(nf_sim_net_open(sim->fleet, &port, 1, &sim->net, &err), &err);
	struct pollfd fds[NF_SIM_SOCKETS_MAX];
	sim->polls_len = nf_sim_net_poll(sim->net, fds);
	for (size_t i = 0; i < sim->polls_len; i++) {
		uv_poll_init(&rig->loop, &sim->polls[i], fds[i].fd);
		sim->polls[i].data = sim;
		uv_poll_start(&sim->polls[i], UV_READABLE, sim_asked);
	}
	uv_prepare_init(&rig->loop, &sim->prepare);
	uv_timer_init(&rig->loop, &sim->due);
	sim->prepare.data = sim->due.data = sim;
	uv_prepare_start(&sim->prepare, sim_before_sleep);
}

void rig_lie(struct rig *rig, const char *address, const char *word)
{
	struct nf_error err;
	if (word)
		must(nf_sim_fleet_set(rig->sim->fleet, address, word, &err), &err);
	else
		must(nf_sim_fleet_clear(rig->sim->fleet, address, &err), &err);
}

static void stop_simulating(struct rig *rig)
{
	struct rig_sim *sim = rig->sim;
	if (!sim)
		return;
	for (size_t i = 0; i < sim->polls_len; i++)
		uv_close((uv_handle_t *)&sim->polls[i], NULL);
	uv_close((uv_handle_t *)&sim->prepare, NULL);
	uv_close((uv_handle_t *)&sim->due, NULL);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	nf_sim_net_close(sim->net);
	nf_sim_fleet_free(sim->fleet);
	free(sim);
}

int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	rig_stop(rig);
	stop_simulating(rig);
	int left = uv_loop_close(&rig->loop);
	assert(left == 0);
	(void)left;
	while (rig->snmpds_len)
		rig_end_snmpd(rig, rig->snmpds[0]);
	if (rig->port)
		close(rig->claim);
	nf_arena_free(rig->arena);
	nftw(rig->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(rig);
	return 0;
}

static char *path_in(const struct rig *rig, const char *name)
{
	return nf_arena_printf(rig->arena, "%s/%s", rig->dir, name);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
}

const char *rig_secret(struct rig *rig, const char *secret)
{
	const char *path = path_in(rig, nf_arena_printf(rig->arena, "secret-%s", secret));
	write_file(path, secret);
	return path;
}

struct nf_snmp *rig_snmp(struct nf_device *device)
{
	union {
		const struct nf_snmp *from;
		struct nf_snmp *to;
	} u = {.from = device->snmp};
	return u.to;
}

struct nf_device *rig_device(
	struct rig *rig, const char *name, const char *address, uint16_t port)
{
	size_t i = rig->site.devices.len++;
	struct nf_device *device = &rig->devices[i];
	rig->profiles[i] = (struct nf_snmp){
		.id = name,
		.version = NF_SNMP_V2C,
		.community_file = rig_secret(rig, "public"),
		.context = "",
		.port = port,
		.timeout_us = 300000,
		.retries = 1,
		.max_repetitions = 20,
	};
	*device = (struct nf_device){
		.name = name, .snmp = &rig->profiles[i], .legs_len = 1, .index = i};
	device->legs[0].network = &rig->networks[0];
	if (nf_addr_parse(address, &device->legs[0].address) != NF_OK)
		abort();
	return device;
}

void rig_v3(struct rig *rig, struct nf_device *device, const char *user,
	enum nf_snmp_level level, enum nf_auth_protocol auth, const char *auth_pass,
	enum nf_priv_protocol priv, const char *priv_pass)
{
	struct nf_snmp *snmp = rig_snmp(device);
	snmp->version = NF_SNMP_V3;
	snmp->user = user;
	snmp->level = level;
	snmp->auth.protocol = auth;
	snmp->auth.passphrase_file = auth_pass ? rig_secret(rig, auth_pass) : NULL;
	snmp->priv.protocol = priv;
	snmp->priv.passphrase_file = priv_pass ? rig_secret(rig, priv_pass) : NULL;
}

void rig_start(struct rig *rig)
{
	struct nf_error err;
	if (nf_asker_new(&rig->loop, &rig->site, &rig->asker, &err) != NF_OK)
		abort();
}

struct nf_agent *rig_agent(struct rig *rig, const struct nf_device *device)
{
	struct nf_agent *agent = NULL;
	struct nf_error err = {0};
	if (nf_agent_new(rig->asker, device, 0, &agent, &err) != NF_OK) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	return agent;
}

struct question {
	uv_loop_t *loop;
	struct nf_result *result;
};

static void answered(struct nf_agent *agent, struct nf_result *result, void *arg)
{
	(void)agent;
	struct question *question = arg;
	question->result = result;
	uv_stop(question->loop);
}

struct nf_result *rig_ask(struct rig *rig, struct nf_agent *agent, const struct nf_query *query)
{
	struct question question = {&rig->loop, NULL};
	nf_agent_ask(agent, query, answered, &question);
	assert(!question.result);
	while (!question.result)
		uv_run(&rig->loop, UV_RUN_ONCE);
	return question.result;
}

static const char *snmpd_path(void)
{
	static const char *const paths[] = {"/usr/sbin/snmpd", "/usr/local/sbin/snmpd"};
	for (size_t i = 0; i < 2; i++)
		if (access(paths[i], X_OK) == 0)
			return paths[i];
	return NULL;
}

bool rig_has_snmpd(void)
{
	return snmpd_path() != NULL;
}

/* Asks who it is, as SNMPv3 discovery does, until it answers: then it is ready. */
static void await(struct rig *rig, const char *address, uint16_t port, pid_t pid)
{
	static const uint8_t discovery[] = {0x30, 0x3a, 2, 1, 3, 0x30, 0x0f, 2, 2, 1, 2, 2, 3,
		0, 0xff, 0xe3, 4, 1, 4, 2, 1, 3, 4, 0x10, 0x30, 0x0e, 4, 0, 2, 1, 0, 2, 1, 0, 4,
		0, 4, 0, 4, 0, 0x30, 0x12, 4, 0, 4, 0, 0xa0, 0x0c, 2, 2, 1, 2, 2, 1, 0, 2, 1, 0,
		0x30, 0};
	struct nf_addr addr;
	struct sockaddr_storage ss;
	char answer[1500];
	if (nf_addr_parse(address, &addr) != NF_OK)
		abort();
	socklen_t len = nf_addr_to_sockaddr(&addr, port, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *)&ss, len) != 0)
		abort();
	for (int i = 0; i < 2000; i++) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		(void)!send(fd, discovery, sizeof discovery, 0);
		if (poll(&p, 1, 5) == 1 && recv(fd, answer, sizeof answer, 0) > 0)
			break;
		if (waitpid(pid, NULL, WNOHANG) == pid || i == 1999) {
			fprintf(stderr, "snmpd does not answer: see %s\n", rig->dir);
			abort();
		}
		usleep(2000);
	}
	close(fd);
}

pid_t rig_snmpd(struct rig *rig, const char *address, uint16_t port, const char *state,
	const char *configuration)
{
	bool six = strchr(address, ':');
	claim_port(rig, port);
	char *conf = path_in(rig, nf_arena_printf(rig->arena, "%s.conf", state));
	char *folder = path_in(rig, state);
	write_file(conf, configuration);
	mkdir(folder, 0700);
	char *const argv[] = {(char[]){"snmpd"}, (char[]){"-f"}, (char[]){"-Lf"},
		path_in(rig, "snmpd.log"), (char[]){"-c"}, conf,
		nf_arena_printf(rig->arena, six ? "udp6:[%s]:%u" : "udp:%s:%u", address, port),
		NULL};
	char *const envp[] = {nf_arena_printf(rig->arena, "SNMP_PERSISTENT_DIR=%s", folder),
		nf_arena_printf(rig->arena, "SNMPCONFPATH=%s", folder), (char[]){"MIBS="},
		NULL};
	pid_t pid;
	if (posix_spawn(&pid, snmpd_path(), NULL, NULL, argv, envp) != 0)
		abort();
	rig->snmpds[rig->snmpds_len++] = pid;
	await(rig, address, port, pid);
	return pid;
}

void rig_end_snmpd(struct rig *rig, pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < rig->snmpds_len; i++)
		if (rig->snmpds[i] == pid)
			rig->snmpds[i] = rig->snmpds[--rig->snmpds_len];
}
