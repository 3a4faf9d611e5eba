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
await 40 "samples are there" series_has "$file"

# ---- series: garbage, and a file that ends early
head -c 8192 /dev/urandom >"$file"
truncate -s 100 "$other"
at=$(date +%s)
await 90 "a series of garbage is made anew" series_newer "$file" "$at"
await 90 "a series that ended early, too" series_newer "$other" "$at"
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
await 20 "what happened under the lock is on record, with its time" \
	went skola-files critical "$cut" $((cut + 12))
"$LAB" heal "$DIR" skola-files
await 30 "and the recovery" check_is skola-files ping ok

# ---- garbage over its beginning, then over its middle; the journal of SQLite emptied before, so that it
# ---- cannot mend it
programs=$(pgrep -d, -P "$NETFOLD")
corrupt() { find state -maxdepth 1 -name 'state.db.corrupt-*' | grep -cv -e '-wal$' -e '-shm$'; }
more_corrupt() { [ "$(corrupt)" -gt "$1" ]; }
for harm in "seek=0 count=16" "seek=2 count=8"; do
	before=$(corrupt)
	sqlite3 -cmd '.timeout 5000' state/state.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	# shellcheck disable=SC2086
	dd if=/dev/urandom of=state/state.db bs=4096 conv=notrunc $harm 2>/dev/null
	await 60 "the damaged state.db is put aside ($harm)" more_corrupt "$before"
	await 90 "all alive again" all_alive
	await 10 "the new state.db is whole" whole state/state.db
done
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
