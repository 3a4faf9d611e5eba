// SPDX-License-Identifier: GPL-3.0-or-later
/* i18n: texts for people in the site's language.
 * Shape:   _("text") gives the translation, N_("text") marks one for later. English is the source; the
 *          catalogues are po/<language>.po, installed as <locale dir>/<language>/LC_MESSAGES/netfold.mo.
 *          NETFOLD_LOCALE names another folder; a build tree finds its own.
 * Role:    once, at the start of a program that writes for people; changes the process's LC_MESSAGES.
 */
#pragma once

#include <libintl.h>
#include <stdbool.h>

#define _(text)	 gettext(text)
#define N_(text) text

/* "sv", "en". False: there is no catalogue for it, texts stay English. */
bool nf_i18n_open(const char *language);
