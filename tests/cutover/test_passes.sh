#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The process that computes stages, killed in mid-pass again and again: what it leaves is what a run that nobody
# disturbed leaves, no event lost or told twice. And it lives and ends with netfold-verify.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
verify=$NF_BUILD/checks/backup/netfold-verify
command -v sqlite3 >/dev/null || { echo "skipped: sqlite3 is not installed"; exit 77; }
command -v pgrep >/dev/null || { echo "skipped: pgrep is not installed"; exit 77; }
dir=$(mktemp -d) && cd "$dir" || exit 99
started=()
trap 'kill -KILL "${started[@]}" 2>/dev/null; rm -rf "$dir"' EXIT
failed=0

ok() { echo "ok    $*"; }
bad() {
	echo "FAIL  $*"
	failed=1
}
. "$NF_SRC/tests/patience.sh"
want() { # TEXT COMMAND…
	local text=$1
	shift
	if "$@"; then ok "$text"; else bad "$text" && return 1; fi
}
ask() { # FOLDER QUERY
	sqlite3 -cmd '.timeout 5000' "$1/state/state.db" "$2"
}
result() { # FOLDER: what a pass leaves, but for the times of the pass itself
	ask "$1" "SELECT device, stage, json FROM stage ORDER BY device;
		SELECT network, ready, blockers FROM network_end ORDER BY network;
		SELECT network, day, json FROM progress ORDER BY network, day;
		SELECT device, output, count(*) FROM event WHERE kind = 'stage' GROUP BY 1, 2 ORDER BY 1, 2" |
		sed 's/"since_us":[0-9]*//g'
}

mkdir -p killed/state
"$NF_BUILD/tests/cutover/ledger" "$dir/killed" 2000 4 >/dev/null || exit 99
# Where they stood before, so that each of them is an event.
ask killed "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
	INSERT INTO stage (device, stage, since_us, computed_us, json) SELECT 'pc-' || i, 'prepared', 1, 1, '{}' FROM n"
cp -a killed quiet
sed -i "s,$dir/killed,$dir/quiet," quiet/site.yaml

echo "# a run that nobody disturbs"
"$verify" -c quiet/site.yaml --once 2>quiet.log
want "every device has a stage" [ "$(ask quiet "SELECT count(*) FROM stage WHERE computed_us > 1")" = 2000 ]
want "and each was told" [ "$(ask quiet "SELECT count(*) FROM event WHERE kind = 'stage'")" = 2000 ]
want "half of them moved" [ "$(ask quiet "SELECT count(*) FROM stage WHERE stage = 'moved'")" = 1000 ]

echo "# killed thirty times, ever a bit later"
partly=0
for i in $(seq 30); do
	"$verify" --netfold-cutover -c killed/site.yaml 2>>killed.log &
	pid=$!
	started+=("$pid")
	sleep "$(printf '0.%03d' $((i * 15 + RANDOM % 15)))"
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	done_now=$(ask killed "SELECT count(*) FROM stage WHERE computed_us > 1")
	[ "$done_now" = 0 ] || [ "$done_now" = 2000 ] || partly=$((partly + 1))
done
echo "      $partly kills left some stages written and others not"
start() {
	"$verify" -c killed/site.yaml 2>>killed.log &
	pid=$!
	started+=("$pid")
}
child() { pgrep -P "$pid" -f netfold-cutover; }
start
passed() { [ "$(ask killed "SELECT json ->> 'cutover_passes' FROM program WHERE name = 'netfold-verify'")" -ge 1 ]; }
await 60 "at last it may make a pass" passed
result quiet >quiet.txt
result killed >killed.txt
"$NF_BUILD/cli/netfold" -c quiet/site.yaml status >status
"$NF_BUILD/cli/netfold" -c quiet/site.yaml status --json >status.json
want "netfold status says it in a line" grep -q '^cutover: 0 of 2000 confirmed, 1000 moved$' status
want "and in its JSON" grep -q '"cutover":{"total":2000,"by_stage":{[^}]*"moved":1000,[^}]*},"networks":\[{"id":"a",' status.json
want "all is as in the run that nobody disturbed" cmp quiet.txt killed.txt ||
	diff quiet.txt killed.txt | cut -c1-300 | head -n 20

echo "# after a long stop of everything it waits for the first answers"
kill -TERM "$pid"
wait "$pid"
ping_ended() { # AGO: its last round
	ask killed "INSERT OR REPLACE INTO program (name, pid, started_us, beat_us, cycle_us, json)
		VALUES ('netfold-ping', 1, 1, 1, ($(date +%s) - $1) * 1000000, '{}')"
}
computed_us() { ask killed "SELECT max(computed_us) FROM network_end"; }
ping_ended 7200
before=$(computed_us)
start
waits() { grep -q "waits for netfold-ping" killed.log; }
await 20 "that is said" waits
want "nothing is computed" [ "$(computed_us)" = "$before" ]
ping_ended 0
is_newer() { [ "$(computed_us)" != "$before" ]; }
await 30 "then it is" is_newer

echo "# it lives and ends with netfold-verify"
first=$(child)
kill -KILL "$first"
is_another() { [ -n "$(child)" ] && [ "$(child)" != "$first" ]; }
await 20 "it is started again" is_another
want "netfold-verify has not noticed" kill -0 "$pid"
first=$(child)
sed -i '/id: a,/s/role: legacy/role: common/' killed/site.yaml
kill -HUP "$pid"
none_left() { [ -z "$(child)" ]; }
await 20 "without an old network there is none" none_left
sed -i '/id: a,/s/role: common/role: legacy/' killed/site.yaml
kill -HUP "$pid"
await 20 "with one there is one" is_another
first=$(child)
kill -TERM "$pid"
wait "$pid"
want "netfold-verify ends well" [ $? = 0 ]
is_gone() { ! kill -0 "$first"; }
await 10 "and it with it" is_gone
start
await 20 "another one" is_another
first=$(child)
kill -KILL "$pid"
wait "$pid" 2>/dev/null
await 10 "it does not outlive a netfold-verify that was killed" is_gone
exit $failed
