#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Small rooms: no file over 600 lines, no function over 100, no main.c over 60.
. "$(dirname "$0")/tree.sh"
need ctags

bad=0
for file in $(sources); do
	lines=$(wc -l <"$file")
	case $file in
	tests/*) most=600 ;;
	*/main.c | *_main.c) case $file in cli/main.c) most=120 ;; *) most=60 ;; esac ;;
	*) most=600 ;;
	esac
	if [ "$lines" -gt "$most" ]; then
		echo "$file: $lines lines, at most $most: does it still do one job?"
		bad=1
	fi
done

sources | grep '\.c$' >"${TMPDIR:-/tmp}/nf-sizes.$$"
ctags -x --c-kinds=f --_xformat='%{end} %n %N %F' -L "${TMPDIR:-/tmp}/nf-sizes.$$" |
	awk '{ n = $1 - $2 + 1 }
	     n > 100 { print $4 ":" $2 ": " $3 " has " n " lines, at most 100: would two names tell it better?"; bad = 1 }
	     { count++ }
	     END { print count " functions"; exit bad || count < 50 }' || bad=1
rm -f "${TMPDIR:-/tmp}/nf-sizes.$$"
exit $bad
