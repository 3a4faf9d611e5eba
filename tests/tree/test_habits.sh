#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Habits that no compiler enforces (STYLE.md 5, 6, 18, 20, 27): each row is a pattern that must not occur.
. "$(dirname "$0")/tree.sh"

bad=0
# forbid WHY PATTERN EXCEPT: no line of our sources matches PATTERN, files that match EXCEPT aside
forbid()
{
	found=$(sources | grep -vE "^tests/|$3" | xargs grep -nE "$2")
	if [ -n "$found" ]; then
		echo "$1:"
		echo "$found"
		bad=1
	fi
}

forbid 'numbers are parsed strictly, by base/parse' '\b(atoi|atol|atoll|atof|sscanf)\(' '^$'
forbid 'no shell' '\b(system|popen)\(' '^$'
forbid 'one clock: base/clock' '\b(time\(NULL\)|gettimeofday\(|clock_gettime\()' '^base/clock\.c$'
forbid 'no exit outside of a program'"'"'s main' '\b(exit|_exit|abort)\(' '^(base/(mem|clock|program)\.c|.*main\.c|cli/|.*/(helper|opener|drop|worker|signer)[a-z_]*\.c)'
forbid 'nothing unbounded' '\b(strcpy|strcat|sprintf|vsprintf|gets)\(' '^$'
forbid 'finish it, or write it in the issue' '\b(TODO|FIXME|XXX|HACK)\b' '^$'
forbid 'no variable in a header (a const table is no variable)' '^extern ([^c(]|c[^o])[^(]*;' '\.c$'

for file in $(sources); do
	head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || { echo "$file: no SPDX line"; bad=1; }
done
exit $bad
