#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold check: the sample site is good, its windows are right across both DST nights, mistakes exit 2.
set -eu
src=${NF_SRC:-.} netfold=${NF_BUILD:-.}/cli/netfold
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "FAIL: $1"
	failed=1
}

# want TEXT FILE: a line of the file is or holds the text
want() {
	grep -qF -- "$1" "$2" || {
		fail "no line with: $1"
		cat "$2"
	}
}

cp "$src/conf/site.yaml" "$src/conf/devices.csv" "$dir"
chmod u+w "$dir"/*
mkdir -m 700 "$dir/secrets"
for secret in community auth priv id_ed25519 known_hosts mail; do
	(umask 077 && echo secret >"$dir/secrets/$secret")
done

"$netfold" -c "$dir/site.yaml" check --at "2027-03-27 12:00" >"$dir/out" 2>"$dir/err" || fail "exit $?"
[ ! -s "$dir/err" ] || fail "stderr: $(cat "$dir/err")"
want "configuration OK: Exempelby kommun" "$dir/out"
want "no SNMP in school: ap-school-1" "$dir/out"
want "Jour B <oncall-b@example.se> until Mon 2027-03-29 08:00 +02:00, for network, school, all without a service" "$dir/out"
# a Saturday: the school's warnings wait, its critical ones do not
want "school           critical: oncall-b at once; warning: with the morning digest at Sun 2027-03-28 07:00 +02:00" "$dir/out"
want "network          critical: oncall-b at once; warning: oncall-b at once" "$dir/out"
want "no service       critical: oncall-b at once; warning: oncall-b at once" "$dir/out"
# the clock goes forward in the night to 2027-03-28
want "Sun 2027-03-28 01:00 +01:00 to Sun 2027-03-28 06:00 +02:00, at work by 01:30" "$dir/out"
want "Mon 2027-03-29 07:00 +02:00 to Mon 2027-03-29 17:00 +02:00" "$dir/out"
want "wave w1 devices move: never again" "$dir/out"
want "Mon 2027-03-29 08:00 +02:00 to oncall-a" "$dir/out"

# and back in the night to 2027-10-31
"$netfold" -c "$dir/site.yaml" check --at "2027-10-30 12:00" >"$dir/out" || fail "exit $?"
want "Sun 2027-10-31 01:00 +02:00 to Sun 2027-10-31 06:00 +01:00" "$dir/out"

"$netfold" -c "$dir/site.yaml" check --json --at "2027-03-27 12:00" >"$dir/out" || fail "exit $?"
want '"at": "2027-03-27T12:00:00+01:00"' "$dir/out"
want '"from": "2027-03-28T01:00:00+01:00"' "$dir/out"
want '"mistakes": []' "$dir/out"
want '"until": "2027-03-29T08:00:00+02:00"' "$dir/out"

"$netfold" check --defaults >"$dir/out" || fail "exit $?"
want "polling.ping: 30s" "$dir/out"
want "backups.proofs[status].success: ^0$" "$dir/out"

# a limit that is too low is said
sed 's/max_packets_per_second: 50$/max_packets_per_second: 1/' "$dir/site.yaml" >"$dir/low.yaml"
"$netfold" -c "$dir/low.yaml" check >"$dir/out" || fail "exit $?"
want "too low" "$dir/out"

status=0
sed 's/ping: 30s/ping: 30/; s/role: lab/role: lap/' "$dir/site.yaml" >"$dir/bad.yaml"
"$netfold" -c "$dir/bad.yaml" check >"$dir/out" 2>"$dir/err" || status=$?
[ "$status" = 2 ] || fail "mistakes exit $status"
[ ! -s "$dir/out" ] || fail "stdout: $(cat "$dir/out")"
want 'bad.yaml:9:17: ping: found "30", expected a duration' "$dir/err"
want 'did you mean "lab"?' "$dir/err"

status=0
"$netfold" -c "$dir/bad.yaml" check --json >"$dir/out" 2>"$dir/err" || status=$?
[ "$status" = 2 ] || fail "mistakes as JSON exit $status"
want '"ok": false' "$dir/out"
want '"line": 9' "$dir/out"

for arguments in "--jsn" "--at" "--at yesterday" "x"; do
	status=0
	# shellcheck disable=SC2086 # the words are arguments
	"$netfold" -c "$dir/site.yaml" check $arguments >"$dir/out" 2>"$dir/err" || status=$?
	[ "$status" = 2 ] || fail "check $arguments exits $status"
done
status=0
"$netfold" -c "$dir/none.yaml" check >"$dir/out" 2>"$dir/err" || status=$?
[ "$status" = 2 ] || fail "no file exits $status"
want "none.yaml: no such file" "$dir/err"
exit "$failed"
