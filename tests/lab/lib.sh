# shellcheck shell=bash
# lib: what the tests of the whole program share. A test sources it and calls `in_the_lab "$@"`:
# then it runs on the monitor of a lab of its own, in its working directory $DIR, and the lab, with
# everything the test started, goes when the test ends. Nothing here sleeps for a fixed time: `await`
# waits for a condition.

set -u
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
: "${NF_SRC:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${NF_BUILD:=$NF_SRC/build}"
export NF_SRC NF_BUILD
. "$NF_SRC/tests/lab/turn.sh"
. "$NF_SRC/tests/patience.sh"
LAB=$NF_SRC/tests/lab/lab
SITE=site.yaml

skip() {
	echo "skipped: $*"
	exit 77
}

need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# A test that wants backups on the lab's servers says `backups=yes` before it.
in_the_lab() {
	local dir status
	export LAB_BACKUPS=${backups:-no}
	if [ -n "${NF_LAB_DIR:-}" ]; then
		DIR=$NF_LAB_DIR
		cd "$DIR" || exit 99
		export SNMP_PERSISTENT_DIR=$DIR/snmp-tools # where snmpget would make folders of its own
		mkdir -p "$SNMP_PERSISTENT_DIR/cert_indexes" "$SNMP_PERSISTENT_DIR/mib_indexes"
		trap leave EXIT
		return
	fi
	[ "${NF_RING:-all}" = all ] || skip "only the unit tests were asked for"
	need unshare ip snmpd jq rrdtool
	"$LAB" possible || skip "no namespaces on this machine"
	take_turn
	dir=$(mktemp -d "${TMPDIR:-/tmp}/nf-lab-XXXXXX")
	"$LAB" run "$dir" "$0" "$@"
	status=$?
	if [ "$status" = 0 ] || [ "$status" = 77 ]; then
		rm -rf "$dir"
	else
		mkdir -p "$NF_BUILD/logs/lab"
		rm -rf "$NF_BUILD/logs/lab/$(basename "$0" .sh)"
		mv "$dir" "$NF_BUILD/logs/lab/$(basename "$0" .sh)"
		echo "the lab's files: $NF_BUILD/logs/lab/$(basename "$0" .sh)"
	fi
	exit "$status"
}

FAILURES=0

leave() {
	local status=$?
	if [ "$status" != 0 ] && [ -f netfold.log ]; then
		echo "--- the end of netfold's log:"
		tail -n 30 netfold.log
	fi
}

ok() { echo "ok: $*"; }

bad() {
	echo "FAIL: $*"
	FAILURES=$((FAILURES + 1))
}

# want WHAT COMMAND…: the command succeeds
want() {
	local what=$1
	shift
	if "$@"; then ok "$what"; else bad "$what"; fi
}

# want_same WHAT WANTED GOT
want_same() {
	if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: wanted '$2', got '$3'"; fi
}

finish() {
	[ "$FAILURES" = 0 ] || { echo "$FAILURES failures"; exit 1; }
	exit 0
}

# ---- netfold ----------------------------------------------------------------------------------

netfold() {
	"$NF_BUILD/cli/netfold" -c "$SITE" "$@"
}

netfold_start() {
	"$NF_BUILD/cli/netfold" -c "$SITE" run </dev/null >>netfold.log 2>&1 &
	NETFOLD=$!
}

netfold_stop() {
	kill -TERM "$NETFOLD" 2>/dev/null
	wait "$NETFOLD"
}

# The process of one of its programs: netfold-ping and so on
program() { # program NAME
	pgrep -x -P "$NETFOLD" "$(printf '%.15s' "$1")"
}

# state_of DEVICE [CHECK]: as `netfold status` says it
state_of() {
	netfold status --json 2>/dev/null | jq -r --arg d "$1" --arg c "${2:-}" '.devices[] |
		select(.name == $d) | if $c == "" then .state else .checks[] | select(.name == $c).state end'
}

state_is() { # state_is DEVICE STATE
	[ "$(state_of "$1")" = "$2" ]
}

check_is() { # check_is DEVICE CHECK STATE
	[ "$(state_of "$1" "$2")" = "$3" ]
}

# every device in one of these states: all_in ok warning
all_in() {
	local wanted
	wanted=$(printf '"%s",' "$@")
	netfold status --json 2>/dev/null | jq -e "(.devices | length) > 0 and
		all(.devices[].state; IN(${wanted%,}))" >/dev/null
}

show_states() {
	netfold status --json | jq -r '.devices[] | "\(.name) \(.state)"' | paste -sd' ' | fold -s -w 100
}

holds() { # holds JSON FILTER
	jq -e "$2" <<<"$1" >/dev/null
}

# ---- what tests ask often ---------------------------------------------------------------------

# devices [FILTER]: names in the inventory; FILTER is awk on name, kind, network, address, snmp, parent
# shellcheck disable=SC2120
devices() {
	awk -F, "NR > 1 && (${1:-1}) { print \$1 }" devices.csv
}

# alive: every device answers ping and SNMP (thresholds may warn: the hosts are this machine)
all_alive() {
	netfold status --json 2>/dev/null | jq -e --argjson n "$(devices | wc -l)" '
		[.devices[] | select([.checks[] | select(.name == "ping" or .name == "snmp") |
			.state] == ["ok", "ok"])] | length == $n' >/dev/null
}

# events_of DEVICE [CHECK]: "time new-state" a line, oldest first. No events at all is a failure of the
# test, not an answer.
events_of() {
	netfold events --json >events.json || bad "netfold events does not work"
	jq -r --arg d "$1" --arg c "${2:-ping}" \
		'select(.device == $d and .check == $c) | "\(.at) \(.state)"' events.json
}

# went DEVICE STATE FROM TO: an event says so, between these two (seconds since 1970)
went() {
	local at state
	while read -r at state; do
		at=$(date -d "$at" +%s)
		[ "$state" != "$2" ] || [ "$at" -lt "$3" ] || [ "$at" -gt "$4" ] || return 0
	done < <(events_of "$1")
	return 1
}

never_down() { # never_down DEVICE…
	local device
	for device in "$@"; do
		! went "$device" critical 0 99999999999 || return 1
	done
}

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

start_alive() {
	netfold_start
	await 60 "all $(devices | wc -l) devices answer ping and SNMP" all_alive || {
		show_states
		finish
	}
}

# series_of DEVICE NAME: its RRD file
series_of() {
	local network
	network=$(awk -F, -v d="$1" '$1 == d { print $3 }' devices.csv)
	echo "state/rrd/$network/$1/$2.rrd"
}

# series_has FILE [LEAST]: a value over LEAST (0) within the last minute
series_has() {
	rrdtool fetch "$1" AVERAGE -s -60 2>/dev/null | awk -v least="${2:-0}" 'NR > 2 {
		for (i = 2; i <= NF; i++) if ($i !~ /nan/ && $i + 0 > least) found = 1 }
		END { exit !found }'
}

readable() { # readable FILE…: with plain rrdtool
	local file
	for file in "$@"; do
		rrdtool info "$file" >/dev/null || return 1
	done
}

all_series_readable() {
	local files
	mapfile -t files < <(find state/rrd -name '*.rrd')
	[ "${#files[@]}" -gt 0 ] && readable "${files[@]}"
}

series_newer() { # series_newer FILE SECONDS-SINCE-1970
	local last
	last=$(rrdtool last "$1" 2>/dev/null | head -n 1) && [ "${last:--1}" -gt "$2" ]
}

whole() { # whole DATABASE
	[ "$(sqlite3 "$1" 'PRAGMA integrity_check' 2>&1)" = ok ]
}

# Every device was pinged after this time (seconds since 1970): what status says is no memory.
all_asked_since() {
	netfold status --json 2>/dev/null | jq -e --arg t "$(TZ=Europe/Stockholm date -d "@$1" +%Y-%m-%dT%H:%M:%S)" '
		all(.devices[].checks[] | select(.name == "ping"); .asked_at[0:19] > $t)' >/dev/null
}
