// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/shown.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "web/mix.h"

#define FILE_NAME "publish.pages"
#define MAGIC	  UINT64_C(0x31736567617066)
#define MAX	  ((size_t)64 << 20)

struct head {
	uint64_t magic, basis, len, sum;
};

static uint64_t mix_file(uint64_t seed, const char *path)
{
	char *data = NULL;
	size_t len = 0;
	if (path == NULL || nf_file_read(path, MAX, &data, &len, NULL) != NF_OK)
		return nf_mix(seed, "-", 1);
	seed = nf_mix(seed, data, len);
	free(data);
	return seed;
}

uint64_t nf_shown_basis(const struct nf_site *site)
{
	struct stat st;
	uint64_t basis = nf_mix(NF_MIX_START, PACKAGE_VERSION, sizeof PACKAGE_VERSION);
	if (stat("/proc/self/exe", &st) == 0) {
		basis = nf_mix(basis, &st.st_size, sizeof st.st_size);
		basis = nf_mix(basis, &st.st_mtim, sizeof st.st_mtim);
	}
	basis = mix_file(basis, site->file);
	return mix_file(basis, site->devices_csv);
}

uint64_t nf_shown_key(const char *path)
{
	return nf_mix(NF_MIX_START, path, strlen(path));
}

static int compare(const void *a, const void *b)
{
	uint64_t x = ((const struct nf_shown_entry *)a)->key;
	uint64_t y = ((const struct nf_shown_entry *)b)->key;
	return (x > y) - (x < y);
}

void nf_shown_load(const char *state_dir, uint64_t basis, struct nf_shown_list *list)
{
	char *path = nf_xasprintf("%s/%s", state_dir, FILE_NAME), *data = NULL;
	size_t len = 0;
	struct head head;
	*list = (struct nf_shown_list){0};
	if (nf_file_read(path, MAX, &data, &len, NULL) == NF_OK && len >= sizeof head) {
		memcpy(&head, data, sizeof head);
		size_t rest = len - sizeof head;
		if (head.magic == MAGIC && head.basis == basis &&
			head.len == rest / sizeof *list->items &&
			rest % sizeof *list->items == 0 &&
			head.sum == nf_mix(NF_MIX_START, data + sizeof head, rest)) {
			list->len = list->cap = head.len;
			list->items = nf_xcalloc(list->len + 1, sizeof *list->items);
			memcpy(list->items, data + sizeof head, rest);
		}
	}
	free(data);
	free(path);
}

const struct nf_shown_entry *nf_shown_find(
	const struct nf_shown_list *list, const struct nf_output *out, const char *path)
{
	const struct nf_shown_entry key = {.key = nf_shown_key(path)};
	const struct nf_shown_entry *found =
		list->len == 0 ? NULL
			       : bsearch(&key, list->items, list->len, sizeof key, compare);
	if (found == NULL || nf_output_written_us(out, path) != found->written_wall_us)
		return NULL;
	return found;
}

void nf_shown_add(struct nf_shown_list *list, const struct nf_shown_entry *entry)
{
	list->items = nf_grow(list->items, list->len, &list->cap, sizeof *list->items);
	list->items[list->len++] = *entry;
}

void nf_shown_save(const char *state_dir, uint64_t basis, struct nf_shown_list *list)
{
	size_t bytes = list->len * sizeof *list->items;
	struct nf_output out = {.dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	struct nf_strbuf text = {0};
	if (list->len == 0 || out.dir < 0)
		return;
	qsort(list->items, list->len, sizeof *list->items, compare);
	const struct head head = {MAGIC, basis, list->len,
		nf_mix(NF_MIX_START, (const char *)list->items, bytes)};
	nf_strbuf_add(&text, (const char *)&head, sizeof head);
	nf_strbuf_add(&text, (const char *)list->items, bytes);
	nf_output_put(&out, FILE_NAME, text.data, text.len, NULL);
	nf_strbuf_free(&text);
	close(out.dir);
}

void nf_shown_free(struct nf_shown_list *list)
{
	free(list->items);
	*list = (struct nf_shown_list){0};
}
