#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The disk runs full while samples and states are written: nothing dies, verdicts go on, and when there is
# room again everything is written and goes on without hands.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"
need sqlite3

mount -t tmpfs -o size=400m tmpfs state || skip "no tmpfs of its own"
start_alive
file=$(series_of admin-files ping)
await 30 "a first sample" [ -f "$file" ]
programs=$(pgrep -d, -P "$NETFOLD")

# Seen by whoever fills it: a moment later the first program has given up its ballast.
want "the disk is full" eval '! dd if=/dev/zero of=state/filler bs=64k >/dev/null 2>&1'
cut=$(date +%s)
"$LAB" cut "$DIR" skola-files
# A cycle of everything without room.
sleep 15
want_same "no program died" "$programs" "$(pgrep -d, -P "$NETFOLD")"
"$LAB" heal "$DIR" skola-files
# Whatever was removed to write into (the ballast) is filled, too, and the next cycle finds nothing.
dd if=/dev/zero of=state/filler2 bs=4k >/dev/null 2>&1
sleep 12
want_same "nor after another cycle" "$programs" "$(pgrep -d, -P "$NETFOLD")"
rm -f state/filler state/filler2
freed=$(date +%s)

await 90 "with room again all are alive" all_alive
want_same "no program died" "$programs" "$(pgrep -d, -P "$NETFOLD")"
want "state.db is whole" whole state/state.db
await 30 "the outage of the full minute is on record, with its time" \
	went skola-files critical "$cut" $((cut + 12))
await 60 "series go on" series_newer "$file" "$freed"
want "all series are readable" all_series_readable
netfold_stop
finish
