#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Includes point down: a folder may include only the folders named for it here (DESIGN.md, "The house").
. "$(dirname "$0")/tree.sh"

sources | awk '
BEGIN {
	allow["base"] = "base"
	allow["conf"] = "base conf"
	allow["store"] = "base conf store"
	allow["checks"] = "base conf store checks"
	allow["collector/ping"] = allow["checks"] " collector/ping"
	allow["collector/snmp"] = allow["checks"] " collector/snmp"
	allow["collector/wire"] = allow["checks"] " collector/wire"
	allow["alert"] = allow["checks"] " alert"
	allow["web"] = allow["checks"] " web"
	allow["cli"] = allow["checks"] " collector/ping collector/snmp collector/wire alert web cli"
	allow["tests"] = allow["cli"] " tests"
	# The headers of one library stay in the folder that keeps it (STYLE.md 29, LIBRARIES.md 0).
	keeper["sqlite3.h"] = "store"; keeper["rrd.h"] = "store"; keeper["yaml.h"] = "conf"
	keeper["csv.h"] = "conf"; keeper["pcap.h"] = "collector"; keeper["net-snmp"] = "collector/snmp"
	keeper["libssh2"] = "checks/backup/ssh"
}
function folder(path,   parts) {
	split(path, parts, "/")
	return parts[1] == "collector" ? parts[1] "/" parts[2] : parts[1]
}
{
	file = $0; mine = folder(file); n = 0
	while ((getline line < file) > 0) {
		n++
		if (match(line, /^#include "[^"]+"/)) {
			path = substr(line, 11, RLENGTH - 11)
			if (path == "config.h") continue
			theirs = folder(path)
			if (index(" " allow[mine] " ", " " theirs " ") == 0) {
				printf "%s:%d: %s may not include %s\n", file, n, mine, path; bad = 1
			}
		} else if (mine != "tests" && match(line, /^#include <[^>]+>/)) {
			path = substr(line, 11, RLENGTH - 11)
			for (k in keeper)
				if (index(path, k) == 1 && index(file, keeper[k] "/") != 1) {
					printf "%s:%d: <%s> belongs to %s/\n", file, n, path, keeper[k]; bad = 1
				}
		}
	}
	close(file); files++
}
END { printf "%d files\n", files; exit bad || files < 20 }'
