// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conf/fixture.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/test.h"

const char fixture_head[] =
	"site: {name: Test, timezone: Europe/Stockholm}\n"
	"networks:\n"
	"  - {id: a, role: legacy, prefixes: [10.1.0.0/16], source: {interface: vlan10}}\n"
	"  - {id: common, role: common, prefixes: [10.100.0.0/14]}\n";

static void require(bool good, const char *what)
{
	if (!good) {
		perror(what);
		abort();
	}
}

static char *path_in(const struct fixture *f, const char *name)
{
	return nf_xasprintf("%s/%s", f->folder, name);
}

struct fixture *fixture_new(void)
{
	static const char *const secrets[] = {
		"community", "auth", "priv", "mail", "id_ed25519", "known_hosts"};
	struct fixture *f = nf_xcalloc(1, sizeof *f);
	char *folder;

	snprintf(f->folder, sizeof f->folder, "%s", NF_TEST_FOLDER("conf"));
	require(mkdtemp(f->folder) != NULL, f->folder);
	folder = path_in(f, "secrets");
	require(mkdir(folder, 0700) == 0, folder);
	free(folder);
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		char name[64];

		snprintf(name, sizeof name, "secrets/%s", secrets[i]);
		fixture_write(f, name, "hemligt\n", 8, 0600);
	}
	return f;
}

static void forget_load(struct fixture *f)
{
	nf_site_free(f->site);
	nf_diags_free(f->diags);
	free(f->text);
	f->site = NULL;
	f->diags = NULL;
	f->text = NULL;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void fixture_free(struct fixture *f)
{
	forget_load(f);
	nftw(f->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(f);
}

void fixture_write(struct fixture *f, const char *name, const void *data, size_t len, int mode)
{
	char *path = path_in(f, name);
	FILE *file = fopen(path, "w");

	require(file != NULL, path);
	require(fwrite(data, 1, len, file) == len, path);
	require(fchmod(fileno(file), (mode_t)mode) == 0, path);
	require(fclose(file) == 0, path);
	free(path);
}

void fixture_puts(struct fixture *f, const char *name, const char *text)
{
	fixture_write(f, name, text, strlen(text), 0644);
}

void fixture_copy(struct fixture *f, const char *from, const char *name)
{
	const char *tree = getenv("NF_SRC");
	char *path = nf_xasprintf("%s/%s", tree ? tree : ".", from), *data;
	struct nf_error error;
	size_t len;

	require(nf_file_read(path, 1 << 20, &data, &len, &error) == NF_OK, path);
	fixture_write(f, name, data, len, 0644);
	free(data);
	free(path);
}

/* Every mistake's file without the folder, which has another name in every run. */
static void collect(struct fixture *f)
{
	struct nf_strbuf out = {0};
	size_t folder = strlen(f->folder) + 1;

	for (size_t i = 0; i < nf_diags_len(f->diags); i++) {
		const struct nf_diag *d = nf_diags_at(f->diags, i);
		bool inside = strncmp(d->file, f->folder, folder - 1) == 0;

		nf_strbuf_printf(&out, "%s:%u:%u: %s%s\n", d->file + (inside ? folder : 0),
			d->line, d->column, d->severity == NF_DIAG_WARNING ? "warning: " : "",
			d->message);
	}
	f->text = nf_strbuf_take(&out);
}

void fixture_load(struct fixture *f)
{
	char *path = path_in(f, "site.yaml");

	forget_load(f);
	f->diags = nf_diags_new();
	f->err = nf_site_load(path, f->diags, &f->site);
	collect(f);
	free(path);
}
