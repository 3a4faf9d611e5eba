#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is only compiled with newer versions of libssh2 than the one here: it compiles against their
# documented interface (1.11.1: libssh2_session_callback_set2), made from this machine's header.
set -eu
: "${NF_SRC:=$(cd "$(dirname "$0")/../../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
command -v cc >/dev/null || { echo "skipped: cc is not installed"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
header=$(echo '#include <libssh2.h>' | cc -E -x c - | sed -n 's/^# [0-9]* "\(.*libssh2\.h\)".*/\1/p' | head -n 1)
[ -n "$header" ] || { echo "skipped: libssh2.h is not installed"; exit 77; }
for version in 0x010a00 0x010b00 0x010b01; do
	mkdir "$dir/$version"
	cp "${header%.h}"*.h "$dir/$version"
	sed -i "s/^#define LIBSSH2_VERSION_NUM.*/#define LIBSSH2_VERSION_NUM $version/" "$dir/$version/libssh2.h"
	grep -q "callback_set2" "$header" || [ $version != 0x010b01 ] || sed -i 's/^LIBSSH2_API void \*libssh2_session_callback_set(/typedef void (libssh2_cb_generic)(void);\
LIBSSH2_API libssh2_cb_generic *libssh2_session_callback_set2(LIBSSH2_SESSION *session, int cbtype, libssh2_cb_generic *callback);\
&/' "$dir/$version/libssh2.h"
	for source in "$NF_SRC"/checks/backup/ssh/worker*.c; do
		cc -std=c17 -fsyntax-only -Wall -Wextra -Werror -D_GNU_SOURCE -include "$NF_BUILD/config.h" \
			-I "$dir/$version" -I "$NF_SRC" -I "$NF_BUILD" "$source"
	done
	echo "ok $version"
done
