#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of each program, again and again, in mid-cycle: it comes back, the others go on, no state is
# lost, no file is damaged, nothing is left lying about.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"

start_alive
alive_again() { program "$1" >/dev/null && [ "$(program "$1")" != "$2" ]; }

for round in 1 2 3; do
	for name in netfold-ping netfold-snmp netfold-series; do
		pid=$(program "$name")
		kill -KILL "$pid"
		await 15 "round $round: $name is back" alive_again "$name" "$pid"
	done
done
await 60 "all devices alive" all_alive
want_same "state.db is whole" ok "$(sqlite3 state/state.db 'PRAGMA integrity_check')"
while read -r file; do
	rrdtool info "$file" >/dev/null || fail "$file cannot be read"
done < <(find state/rrd -name '*.rrd')
want "no event speaks of a device that never failed" [ "$(netfold events --json |
	jq -r 'select(.check == "ping" and .state == "critical").device' | wc -l)" = 0 ]
want_same "no temporary file is left" "" "$(find state -name '*.tmp*' -o -name '.*.??????')"

# ---- all at once, the supervisor too: the next start goes on where it was
cut_since=$(netfold status --json | jq -r '.devices[] | select(.name == "admin-files") |
	.checks[] | select(.name == "ping").since')
programs=$(pgrep -d' ' -P "$NETFOLD")
# shellcheck disable=SC2086
kill -KILL "$NETFOLD" $programs
wait "$NETFOLD" 2>/dev/null
start_alive
want_same "states are as old as before" "$cut_since" "$(netfold status --json | jq -r '.devices[] |
	select(.name == "admin-files") | .checks[] | select(.name == "ping").since')"

# ---- the supervisor alone: its programs do not outlive it for long, or the next one takes over
programs=$(pgrep -d' ' -P "$NETFOLD")
kill -KILL "$NETFOLD"
wait "$NETFOLD" 2>/dev/null
gone() {
	local pid
	for pid in $programs; do ! kill -0 "$pid" 2>/dev/null || return 1; done
}
await 10 "its programs end with it" gone
netfold_start
await 60 "and a new one starts" all_alive
netfold_stop
finish
