// SPDX-License-Identifier: GPL-3.0-or-later
/* A program of the suite for the tests of `netfold run`, under whatever name it was linked to: it lives,
 * and writes what happens to it to $STUB_FOLDER/NAME.log. Files beside that make it misbehave:
 * NAME.stubborn does not end when told, NAME.crash ends at once, NAME.status is what a pass ends with. */
#include "base/program.h"

#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct stub {
	const char *name;
	uv_timer_t timer;
};

static char *path_of(const struct stub *s, const char *ending)
{
	const char *folder = getenv("STUB_FOLDER");
	return nf_xasprintf("%s/%s.%s", folder != NULL ? folder : ".", s->name, ending);
}

static bool has_file(const struct stub *s, const char *ending)
{
	char *path = path_of(s, ending);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static void note(const struct stub *s, const char *what)
{
	char *path = path_of(s, "log");
	FILE *log = fopen(path, "a");
	if (log != NULL) {
		fprintf(log, "%s %d\n", what, (int)getpid());
		fclose(log);
	}
	free(path);
}

static void on_timer(uv_timer_t *timer)
{
	(void)timer;
}

static int read_status(const struct stub *s)
{
	char *path = path_of(s, "status");
	FILE *file = fopen(path, "r");
	int status = 0;
	if (file != NULL) {
		status = fgetc(file) - '0';
		fclose(file);
	}
	free(path);
	return status;
}

static enum nf_err start(struct nf_program_ctx *ctx, struct nf_error *err)
{
	struct stub *s = nf_xcalloc(1, sizeof *s);
	s->name = ctx->program->name;
	ctx->state = s;
	uv_timer_init(ctx->loop, &s->timer);
	note(s, ctx->args.once ? "once" : "start");
	if (has_file(s, "crash"))
		return nf_error_set(err, NF_ESYS, "told to crash");
	uv_timer_start(&s->timer, on_timer, 100, 100);
	if (ctx->args.once)
		nf_program_exit(ctx, read_status(s));
	return NF_OK;
}

static void reload(struct nf_program_ctx *ctx)
{
	note(ctx->state, "reload");
}

static void stop(struct nf_program_ctx *ctx)
{
	struct stub *s = ctx->state;
	note(s, "stop");
	while (has_file(s, "stubborn"))
		usleep(100000);
	uv_close((uv_handle_t *)&s->timer, NULL);
}

static void destroy(struct nf_program_ctx *ctx)
{
	free(ctx->state);
}

int main(int argc, char **argv)
{
	const struct nf_program program = {
		.name = basename(argv[0]),
		.summary = "stands in for a program of netfold",
		.has_once = true,
		.start = start,
		.reload = reload,
		.stop = stop,
		.destroy = destroy,
	};
	return nf_program_main(&program, argc, argv);
}
