// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"

static int told; /* one byte an event, from the program in the child */

static void tell(char event)
{
	(void)!write(told, &event, 1);
}

static uv_timer_t beat;

static void on_beat(uv_timer_t *timer)
{
	(void)timer;
}

static enum nf_err start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	if (strcmp(ctx->args.config_file, "bad.yaml") == 0)
		return nf_error_set(err, NF_EINVAL, "bad.yaml:1:1: no");
	uv_timer_init(ctx->loop, &beat);
	uv_timer_start(&beat, on_beat, 10, 10);
	tell('s');
	if (ctx->args.once)
		nf_program_exit(ctx, NF_EXIT_PROBLEMS);
	return NF_OK;
}

static void reload(struct nf_program_ctx *ctx)
{
	(void)ctx;
	tell('r');
}

static void stop(struct nf_program_ctx *ctx)
{
	(void)ctx;
	uv_close((uv_handle_t *)&beat, NULL);
	tell('x');
}

static void destroy(struct nf_program_ctx *ctx)
{
	(void)ctx;
	tell('d');
}

static const struct nf_program program = {
	.name = "netfold-test",
	.summary = "a test",
	.has_once = true,
	.start = start,
	.reload = reload,
	.stop = stop,
	.destroy = destroy,
};

static pid_t spawn(const char *argument, const char *value, int *events)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		const char *words[] = {"netfold-test", argument, value, NULL};
		char **argv = (char **)(uintptr_t)words;
		told = ends[1];
		close(STDERR_FILENO);
		_exit(nf_program_main(&program, argument ? value ? 3 : 2 : 1, argv));
	}
	close(ends[1]);
	*events = ends[0];
	return child;
}

static char next_event(int events)
{
	char c = 0;
	return read(events, &c, 1) == 1 ? c : 0;
}

static int exit_status(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void signals__hup_then_term__reload_then_clean_stop(void **state)
{
	(void)state;
	int events;
	pid_t child = spawn(NULL, NULL, &events);
	assert_int_equal(next_event(events), 's');
	kill(child, SIGHUP);
	assert_int_equal(next_event(events), 'r');
	kill(child, SIGTERM);
	assert_int_equal(next_event(events), 'x');
	assert_int_equal(next_event(events), 'd');
	assert_int_equal(exit_status(child), 0);
	close(events);
}

static void once__ends__with_its_status(void **state)
{
	(void)state;
	int events;
	pid_t child = spawn("--once", NULL, &events);
	assert_int_equal(exit_status(child), NF_EXIT_PROBLEMS);
	close(events);
}

static void start__bad_configuration__exits_2(void **state)
{
	(void)state;
	int events;
	pid_t child = spawn("-c", "bad.yaml", &events);
	assert_int_equal(exit_status(child), NF_EXIT_USAGE);
	assert_int_equal(next_event(events), 'd');
	close(events);
}

static void options__unknown__exits_2(void **state)
{
	(void)state;
	int events;
	assert_int_equal(exit_status(spawn("--nonsense", NULL, &events)), NF_EXIT_USAGE);
	close(events);
	assert_int_equal(exit_status(spawn("-V", NULL, &events)), NF_EXIT_GOOD);
	close(events);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals__hup_then_term__reload_then_clean_stop),
		cmocka_unit_test(once__ends__with_its_status),
		cmocka_unit_test(start__bad_configuration__exits_2),
		cmocka_unit_test(options__unknown__exits_2),
	};
	return NF_RUN(tests, argc, argv);
}
