#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every text of the sources is in both catalogues, translated, and nothing else is.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
bad() {
	echo "FAIL: $1"
	failed=1
}

sh "$NF_SRC/po/template" "$NF_SRC" >"$work/texts.pot" || bad "no template"
for language in en sv; do
	po=$NF_SRC/po/$language.po
	LC_ALL=C msgfmt -c --statistics -o "$work/$language.mo" "$po" 2>"$work/figures" ||
		bad "$po: $(cat "$work/figures")"
	grep -Eq 'fuzzy|untranslated' "$work/figures" && bad "$po: $(cat "$work/figures")"
	if [ -s "$work/texts.pot" ]; then
		msgcmp "$po" "$work/texts.pot" 2>"$work/missing" ||
			bad "$po: run 'make update-po', translate: $(cat "$work/missing")"
		LC_ALL=C msgcomm --unique -o "$work/extra" "$po" "$work/texts.pot" 2>/dev/null
		[ "$(grep -c '^msgid "..*' "$work/extra" 2>/dev/null)" -gt 0 ] 2>/dev/null &&
			bad "$po: texts that no source has: run 'make update-po'"
	fi
	[ -s "$NF_BUILD/po/$language/LC_MESSAGES/netfold.mo" ] || bad "$language is not built"
done
[ "$failed" -eq 0 ] && echo "ok: $(cat "$work/figures")"
exit "$failed"
