#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every header is a contract of its own: it compiles alone, twice, and says what it is for.
. "$(dirname "$0")/tree.sh"

: "${CC:=cc}"
flags=$(pkg-config --cflags libuv libsystemd yaml-0.1 sqlite3 libpcap netsnmp librrd jansson libsodium libxml-2.0 2>/dev/null)
bad=0 count=0
for header in $(sources | grep '\.h$'); do
	count=$((count + 1))
	if ! printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		$CC -std=c17 -D_GNU_SOURCE -DNF_SYSCONF_DIR='""' -Wall -Wextra -Werror -I. ${NF_BUILD:+-I"$NF_BUILD"} \
			$flags -fsyntax-only -x c - 2>&1; then
		echo "$header: does not compile alone"
		bad=1
	fi
	grep -q '^#pragma once' "$header" || { echo "$header: no #pragma once"; bad=1; }
	sed -n 2p "$header" | grep -q '^/\* ' || { echo "$header: its second line does not say what it is for"; bad=1; }
done
echo "$count headers"
[ $count -ge 10 ] || bad=1
exit $bad
