# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests: starts a simulator of their own on loopback, tells it things, ends it with the test.
# Afterwards: $port, $work (a folder that goes away), tell COMMAND…, check NAME (reads want from the
# first file, got from the second), skip REASON.

NF_BUILD=${NF_BUILD:-.}
NF_SRC=${NF_SRC:-.}
nfsim=$NF_BUILD/tests/lab/nfsim
failures=0
sim_pid=
work=$(mktemp -d "${TMPDIR:-/tmp}/nfsim-test.XXXXXX")
trap 'sim_stop; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

skip() {
	echo "skipped: $1"
	exit 77
}

sim_stop() {
	if [ -n "$sim_pid" ]; then
		kill "$sim_pid" 2>/dev/null
		wait "$sim_pid" 2>/dev/null
		sim_pid=
	fi
}

# sim_start ARGUMENTS…: on a free port; returns when it answers.
sim_start() {
	port=$((20000 + $$ % 10000))
	for _ in 1 2 3 4 5 6 7 8 9; do
		mkfifo "$work/ready"
		"$nfsim" -p "$port" -s "$work/control" "$@" >"$work/ready" 2>"$work/log" &
		sim_pid=$!
		read -r answer <"$work/ready"
		rm "$work/ready"
		[ "$answer" = ready ] && return 0
		wait "$sim_pid"
		sim_pid=
		grep -q "UDP port" "$work/log" || break
		port=$((port + 1))
	done
	cat "$work/log"
	exit 1
}

tell() {
	"$nfsim" --tell -s "$work/control" "$@"
}

# The difference between two files is a failure of NAME.
same() {
	if ! diff "$work/want" "$work/got" >"$work/diff"; then
		echo "not ok: $1"
		head -20 "$work/diff" | cut -c1-200
		failures=$((failures + 1))
	fi
}

# says NAME TEXT: the text must stand in $work/got.
says() {
	if ! grep -q -e "$2" "$work/got"; then
		echo "not ok: $1: no \"$2\" in"
		head -5 "$work/got" | cut -c1-200
		failures=$((failures + 1))
	fi
}

# counts NAME NUMBER: $work/got must have so many lines.
counts() {
	got_lines=$(wc -l <"$work/got")
	if [ "$got_lines" -ne "$2" ]; then
		echo "not ok: $1: $got_lines lines instead of $2"
		failures=$((failures + 1))
	fi
}

finish() {
	[ "$failures" -eq 0 ] || echo "$failures failed"
	exit $((failures > 0))
}
