#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every script of the tree parses, and shellcheck has no warning about it. Reading a table's columns
# into names leaves some unused (SC2034), what a sourced file sets looks unset (SC2154), no file name here
# has blanks (SC2044), rows of a CSV file have commas (SC2054), and a file may be called jobs (SC2238).
. "$(dirname "$0")/tree.sh"
need shellcheck

bad=0 count=0
for file in $(find quickstart .ci tools tests -name build -prune -o -type f ! -name '*.[cho]' ! -path '*/seeds/*' -print); do
	head -n 1 "$file" | grep -aqE '^#!/.*sh$|^# shellcheck shell=' || continue
	count=$((count + 1))
	shellcheck -x -S warning -e SC2034,SC2044,SC2054,SC2154,SC2238 "$file" || { echo "$file: see above"; bad=1; }
done
echo "$count scripts"
[ "$count" -ge 10 ] || bad=1
exit "$bad"
