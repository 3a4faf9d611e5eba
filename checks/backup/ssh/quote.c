// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/ssh/quote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parse.h"

/* fish takes a backslash inside single quotes as an escape and csh a bang: both stand outside of the quotes,
 * behind a backslash of their own, which every shell reads alike. */
static void quote_word(struct nf_strbuf *out, const char *word)
{
	nf_strbuf_putc(out, '\'');
	for (const char *p = word; *p; p++)
		if (*p == '\'' || *p == '\\' || *p == '!') {
			nf_strbuf_puts(out, "'\\");
			nf_strbuf_putc(out, *p);
			nf_strbuf_putc(out, '\'');
		} else
			nf_strbuf_putc(out, *p);
	nf_strbuf_putc(out, '\'');
}

enum nf_err nf_quote_command(
	struct nf_strbuf *out, const char *const *argv, const char *sentinel)
{
	if (!argv || !argv[0])
		return NF_EINVAL;
	for (size_t i = 0; argv[i]; i++)
		if (strpbrk(argv[i], "\n\r"))
			return NF_EINVAL;
	/* "$@" runs the words as they are; the output may lack its last newline. */
	nf_strbuf_printf(out,
		"env LC_ALL=C LANGUAGE=C sh -c '\"$@\" </dev/null; printf \"\\n%s:%%d\\n\" \"$?\"' sh",
		sentinel);
	for (size_t i = 0; argv[i]; i++) {
		nf_strbuf_putc(out, ' ');
		quote_word(out, argv[i]);
	}
	return NF_OK;
}

enum nf_err nf_quote_windows(struct nf_strbuf *out, const char *const *argv)
{
	if (!argv || !argv[0])
		return NF_EINVAL;
	for (size_t i = 0; argv[i]; i++) {
		if (argv[i][0] == '\0')
			return NF_EINVAL;
		for (const char *p = argv[i]; *p; p++)
			if (!isalnum((unsigned char)*p) && !strchr("_.:/\\=-", *p))
				return NF_EINVAL;
	}
	for (size_t i = 0; argv[i]; i++)
		nf_strbuf_printf(out, "%s%s", i ? " " : "", argv[i]);
	return NF_OK;
}

bool nf_quote_status(const char *output, size_t *len, const char *sentinel, int *status)
{
	size_t end = *len;
	if (end == 0 || output[end - 1] != '\n')
		return false;
	end--;
	size_t line = end;
	while (line > 0 && output[line - 1] != '\n')
		line--;
	size_t word = strlen(sentinel);
	if (line == 0 || end - line < word + 2 || memcmp(output + line, sentinel, word) != 0 ||
		output[line + word] != ':')
		return false;
	char *number = nf_xstrndup(output + line + word + 1, end - line - word - 1);
	int64_t value;
	bool ok = nf_parse_i64(number, 0, 255, &value) == NF_OK;
	free(number);
	if (ok) {
		*status = (int)value;
		*len = line - 1; /* the newline before it is ours */
	}
	return ok;
}
