#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of each program, again and again, in mid-cycle: it comes back, the others go on, no state is
# lost, no file is damaged, nothing is left lying about.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"
need sqlite3

start_alive
alive_again() { program "$1" >/dev/null && [ "$(program "$1")" != "$2" ]; }

for round in 1 2 3; do
	for name in netfold-ping netfold-snmp netfold-series; do
		pid=$(program "$name")
		kill -KILL "$pid"
		await 15 "round $round: $name is back" alive_again "$name" "$pid"
	done
done
now=$(date +%s)
await 60 "all devices asked again" all_asked_since "$now"
await 60 "all devices alive" all_alive
want "state.db is whole" whole state/state.db
await 30 "series go on" series_newer "$(series_of vard-files ping)" "$now"
want "all series are readable" all_series_readable
# shellcheck disable=SC2046
want "no device was called down" never_down $(devices)
want_same "no temporary file is left" "" "$(find state -name '*.tmp*' -o -name '.*.??????')"

# ---- all at once, the supervisor too: the next start goes on where it was
cut_since=$(netfold status --json | jq -r '.devices[] | select(.name == "admin-files") |
	.checks[] | select(.name == "ping").since')
programs=$(pgrep -d' ' -P "$NETFOLD")
# shellcheck disable=SC2086
kill -KILL "$NETFOLD" $programs
wait "$NETFOLD" 2>/dev/null
now=$(date +%s)
start_alive
await 30 "everything is asked again" all_asked_since "$now"
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
now=$(date +%s)
await 60 "and a new one starts" all_asked_since "$now"
netfold_stop
finish
