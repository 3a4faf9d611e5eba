#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Damaged series, a locked and a damaged state.db, while everything runs: said, put aside, made anew,
# without hands; and a state.db that a newer netfold wrote is not touched.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"
need sqlite3

start_alive
file=$(series_of admin-files ping)
other=$(series_of admin-router ping)
await 40 "samples are there" sh -c "rrdtool fetch '$file' AVERAGE -s -60 | grep -qE '^[0-9]+: .*[0-9]e'"

# ---- series: garbage, and a file that ends early
head -c 8192 /dev/urandom >"$file"
truncate -s 100 "$other"
fresh() { [ "$(rrdtool last "$1" 2>/dev/null || echo 0)" -gt "$2" ]; }
at=$(date +%s)
await 90 "a series of garbage is made anew" fresh "$file" "$at"
await 90 "a series that ended early, too" fresh "$other" "$at"
want "the damaged ones are kept for a look" [ "$(find state -name '*orrupt*' -o -name '*amaged*' | wc -l)" -ge 2 ]
want "it was said" sh -c 'grep -qi -e damaged -e corrupt netfold.log'

# ---- a lock held for 15 s: nobody waits for it, nothing is lost
(
	echo 'BEGIN EXCLUSIVE;'
	sleep 15
	echo 'ROLLBACK;'
) | sqlite3 state/state.db &
lock=$!
cut=$(date +%s)
"$LAB" cut "$DIR" skola-files
wait "$lock"
told() {
	events_of skola-files | awk '$2 == "critical" { print $1 }' | while read -r at; do
		[ "$(date -d "$at" +%s)" -lt "$cut" ] || [ "$(date -d "$at" +%s)" -gt $((cut + 12)) ] || echo yes
	done | grep -q yes
}
await 20 "what happened under the lock is on record, with its time" told
"$LAB" heal "$DIR" skola-files
await 30 "and the recovery" check_is skola-files ping ok

# ---- bytes flipped in the middle, then the whole file replaced by garbage
programs=$(pgrep -d, -P "$NETFOLD")
for harm in "seek=0 count=16" "seek=1 count=4"; do
	# shellcheck disable=SC2086
	dd if=/dev/urandom of=state/state.db bs=4096 conv=notrunc $harm 2>/dev/null
	await 90 "all alive again after damage ($harm)" all_alive
	want_same "the new state.db is whole" ok "$(sqlite3 state/state.db 'PRAGMA integrity_check')"
done
want "the damaged ones are kept" [ "$(find state -name 'state.db.corrupt-*' | wc -l)" -ge 1 ]
want_same "no program died of it" "$programs" "$(pgrep -d, -P "$NETFOLD")"
netfold_stop

# ---- a database from the future
sqlite3 state/state.db 'PRAGMA user_version = 9999'
sum=$(sqlite3 state/state.db 'PRAGMA user_version')
timeout 20 "$NF_BUILD/cli/netfold" -c site.yaml run --once >newer.log 2>&1
want "a newer state.db is refused" [ $? -ge 2 ]
want "with a message that says so" grep -qi newer newer.log
want_same "and left as it is" "$sum" "$(sqlite3 state/state.db 'PRAGMA user_version')"
finish
