#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From moved to switched off, really: what has moved is confirmed and released once the old wire was quiet for
# a whole minute in which it was listened to, a server only after a backup of its new place was proved; while
# the listener is stopped the clock of that silence stands; who sleeps meanwhile stays where it was; and when
# the last that stood against it has gone, the old network is ready to switch off.
# shellcheck disable=SC2034
backups=yes eager=yes
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"
grep -q '^backups:' "$SITE" || skip "no backups in this lab: sshd, rsync, restic or borg is missing, or it is not root's"

# The network has no switch whose tables would show who is silent: when its wire does not listen, nobody does.
# Only its own two jobs are looked at.
awk '/^[a-z]/ { jobs = /^backups:/; skip = 0 }
	jobs && /^  - id:/ { skip = !/-admin$/ }
	/^cutover:/ { $0 = "cutover: {quiet: 1m, lost_after: 1h, canary: 0s, team: [chef]}" }
	!skip' "$SITE" >site.new && mv site.new "$SITE"
awk -F, -v OFS=, '$1 == "admin-switch" { $2 = "other" } 1' devices.csv >devices.new && mv devices.new devices.csv

computed() {
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$SITE" --once 2>>verify.log
	"$NF_BUILD/checks/backup/netfold-verify" -c "$SITE" --once 2>>verify.log
	netfold cutover --json >cutover.json 2>>verify.log
	[ -s cutover.json ]
}

of_device() { # of_device DEVICE FILTER
	jq -e -r --arg d "$1" ".devices[] | select(.name == \$d) | $2" cutover.json
}

stage_is() { # stage_is DEVICE STAGE…: one of them, now
	local device=$1 got
	shift
	computed || return
	got=$(of_device "$device" .stage)
	case " $* " in *" $got "*) return 0 ;; *) return 1 ;; esac
}

says() { # says DEVICE for|against PATTERN
	of_device "$1" ".$2[] | .text | select(test(\"$3\"))" >/dev/null
}

# blockers NETWORK: each a line, kind and what
blockers() {
	jq -r --arg n "$1" '.networks[] | select(.id == $n) | .blockers[] | "\(.kind) \(.what)"' cutover.json
}

is_ready() { # is_ready NETWORK
	computed && jq -e --arg n "$1" '.networks[] | select(.id == $n) | .ready_to_switch_off' cutover.json >/dev/null
}

wire_start() {
	"$NF_BUILD/collector/wire/netfold-wire" -c "$SITE" 2>>netfold.log &
	WIRE=$!
}

wire_stop() {
	kill -TERM "$WIRE"
	wait "$WIRE"
}

# minute_is N: that minute since 1970 has begun
minute_is() {
	[ $((EPOCHSECONDS / 60)) -ge "$1" ]
}

"$NF_BUILD/collector/ping/netfold-ping" -c "$SITE" 2>>netfold.log &
wire_start
await 60 "before the move the printer is prepared" stage_is admin-printer prepared
for host in 10 20; do
	"$LAB" in "$DIR" admin-router ping -q -c 2 "10.1.0.$host" >/dev/null
done
for device in admin-router admin-switch admin-ups admin-ap; do
	netfold cutover exempt "$device" --reason "Is scrapped with the network" --owner Drift \
		--until "$(date -d '1 year' +%F)" >/dev/null || bad "$device cannot be exempt"
done
computed
want_same "what stands against the network" "device admin-files device admin-printer" \
	"$(blockers admin | grep '^device' | sort | paste -sd' ')"

"$LAB" move "$DIR" admin-printer
"$LAB" move "$DIR" admin-files
"$LAB" cut "$DIR" vard-ups
for new in 110 120; do
	"$LAB" in "$DIR" common-router ping -q -c 2 -W 2 "10.100.0.$new" >/dev/null
done
await 90 "the printer has moved" stage_is admin-printer moved
await 60 "and the server" stage_is admin-files moved

# The listener ends in one minute and begins in the next: neither is quiet, whoever was silent.
wire_stop
stopped=$((EPOCHSECONDS / 60))
await 90 "nobody listens when the next minute begins" minute_is $((stopped + 1))
wire_start
await 90 "the first whole minute is over" minute_is $((stopped + 2))
# Tonight's backups of the server are due in the minute that comes.
now=$(TZ=Europe/Stockholm date +%H:%M) due=$(TZ=Europe/Stockholm date -d '1 minute' +%H:%M)
sed -i "s/^    starts: .*/    starts: \"$now\"/; s/^    due: .*/    due: \"$due\"/" "$SITE"
want "but nobody listened to all of it: the printer is not confirmed" stage_is admin-printer moved
want "and it says how much silence is proved" says admin-printer against "silen|quiet|covered"
await 150 "a minute of silence that was heard: the printer is confirmed" \
	stage_is admin-printer confirmed released
await 90 "nobody calls it either: released" stage_is admin-printer released
want "the server waits for a backup" stage_is admin-files moved
want "and says so" says admin-files against backup
want "who sleeps stays where it was" stage_is vard-ups planned

for job in files-admin wiki-admin; do
	"$LAB" backup "$DIR" "$job"
done
await 120 "with a backup proved after its move the server is released" stage_is admin-files released
await 60 "and with the last blocker gone the network is ready to switch off" is_ready admin
want_same "nothing stands against it" "" "$(blockers admin)"
want "the others are not ready" holds "$(cat cutover.json)" '[.networks[] | select(.ready_to_switch_off).id] == ["admin"]'
finish
