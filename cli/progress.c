// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"

void nf_progress_begin(struct nf_progress *p, const char *what)
{
	*p = (struct nf_progress){
		.what = what,
		.began_mono_us = nf_clock_now().mono_us,
		.enabled = isatty(STDERR_FILENO) == 1,
	};
}

void nf_progress_show(struct nf_progress *p, const char *text)
{
	if (!p->enabled)
		return;
	char age[NF_QUANTITY_MAX];
	nf_format_age(nf_clock_now().mono_us - p->began_mono_us, age);
	fprintf(stderr, "\r\x1b[Knetfold: %s (%s): %s", p->what, age, text);
	fflush(stderr);
	p->shown = true;
}

void nf_progress_clear(struct nf_progress *p)
{
	if (p->shown)
		fputs("\r\x1b[K", stderr);
	p->shown = false;
}

void nf_progress_end(struct nf_progress *p)
{
	nf_progress_clear(p);
	p->enabled = false;
}
