// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

size_t nf_fold_terminal(void)
{
	struct winsize size;
	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
									       : NF_FOLD_USUAL;
}

size_t nf_fold_columns(const char *text, size_t len)
{
	size_t columns = 0, step;
	for (size_t at = 0; at < len; at += step) {
		uint32_t rune;
		step = nf_utf8_decode((const uint8_t *)text + at, len - at, &rune);
		int wide = step > 0 ? wcwidth((wchar_t)rune) : 1;
		/* Outside of UTF-8 the C library knows no character beyond ASCII. */
		columns += wide >= 0 ? (size_t)wide : 1;
		step = step > 0 ? step : 1;
	}
	return columns;
}

void nf_fold_print(FILE *to, const char *text, size_t column, size_t indent, size_t width)
{
	for (bool first = true; *text != '\0'; first = false) {
		size_t spaces = strspn(text, " ");
		size_t len = spaces + strcspn(text + spaces, " ");
		size_t columns = nf_fold_columns(text, len);
		if (width > 0 && !first && column + columns > width) {
			fprintf(to, "\n%*s", (int)indent, "");
			text += spaces;
			len -= spaces;
			columns -= spaces;
			column = indent;
		}
		fwrite(text, 1, len, to);
		text += len;
		column += columns;
	}
}

void nf_fold_lines(FILE *to, const char *text, size_t width)
{
	for (size_t len; *text != '\0'; text += len) {
		len = strcspn(text, "\n");
		char *line = nf_xstrndup(text, len);
		nf_fold_print(to, line, 0, strspn(line, " ") + 2, width);
		putc('\n', to);
		free(line);
		len += text[len] == '\n';
	}
}
