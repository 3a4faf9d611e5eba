#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The move, really: a host is moved (cable pulled, new switch, new address), another only half, one comes
# back, one falls silent, a stranger takes an old address, and somebody keeps calling a server that has gone.
# Each ends in the right stage, with its reasons. How long a silence must be that confirms a move, and what else
# it takes, is in test_confirmed.sh.
. "$(dirname "$0")/lib.sh"
eager=yes in_the_lab "$@"

# Quiet times are short.
sed -i 's/^cutover: .*/cutover: {quiet: 2s, lost_after: 10s, canary: 0s, team: [chef]}/' "$SITE"

stage_of() { # stage_of DEVICE
	jq -r --arg d "$1" '.devices[] | select(.name == $d) | .stage' cutover.json
}

# The tables of all devices, and one pass of the ledger: what netfold run does every minute.
computed() {
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$SITE" --once 2>>verify.log
	"$NF_BUILD/checks/backup/netfold-verify" -c "$SITE" --once 2>>verify.log
	netfold cutover --json >cutover.json 2>>verify.log
	[ -s cutover.json ]
}

stage_is() { # stage_is DEVICE STAGE…: one of them
	local device=$1 got
	shift
	computed || return
	got=$(stage_of "$device")
	case " $* " in *" $got "*) return 0 ;; *) return 1 ;; esac
}

blocked_by() { # blocked_by NETWORK KIND PATTERN
	computed || return
	jq -e --arg n "$1" --arg k "$2" --arg p "$3" \
		'.networks[] | select(.id == $n) | .blockers[] | select(.kind == $k) | tostring | select(test($p))' \
		cutover.json >/dev/null
}

# has_reasons DEVICE: all with their sources, and what was seen with its time
has_reasons() {
	jq -e --arg d "$1" '.devices[] | select(.name == $d) | .for |
		all(.[]; .source != null and (.text | length) > 0) and any(.[]; .at != null)' cutover.json >/dev/null
}

# The port that a device has left: closed, or down as expected, and no warning.
is_no_warning() { # is_no_warning SWITCH PORT
	computed || return
	netfold status --json "$1" | jq -e --arg c "interface $2" \
		'[.devices[].checks[] | select(.name == $c and .state != "ok")] == []' >/dev/null
}

for program in collector/ping/netfold-ping collector/wire/netfold-wire; do
	"$NF_BUILD/$program" -c "$SITE" 2>>netfold.log &
done

await 60 "before the move it is prepared" stage_is admin-printer prepared
await 60 "without a wave it is only planned" stage_is skola-printer planned
await 30 "nothing is ready to switch off" blocked_by admin device admin-printer

# Seen at home, on the wire and by its switch, before anything moves.
for device in admin-printer jakgym-printer skola-printer admin-files; do
	"$LAB" in "$DIR" "${device%-*}-router" ping -q -c 2 "$(awk -F, -v d="$device" '$1 == d { print $4 }' devices.csv)" >/dev/null
done

is_watched() { # is_watched SWITCH PORT: so that its going down would be a warning
	computed && netfold status --json "$1" | jq -e --arg c "interface $2" \
		'any(.devices[].checks[]; .name == $c and .state == "ok")' >/dev/null
}
await 60 "the port of what will move is watched" is_watched admin-switch admin-printer
"$LAB" move "$DIR" admin-printer
"$LAB" move-half "$DIR" skola-printer
"$LAB" move "$DIR" jakgym-printer
"$LAB" move "$DIR" admin-files
"$LAB" cut "$DIR" skola-ups
for new in 120 121 122 110; do
	"$LAB" in "$DIR" common-router ping -q -c 2 -W 2 "10.100.0.$new" >/dev/null
done
await 90 "moved, proved by the common switch" stage_is admin-printer moved confirmed released
want "its reasons have times and sources" has_reasons admin-printer
await 60 "the port that it left is no warning" is_no_warning admin-switch admin-printer
await 60 "and jakgym's moved" stage_is jakgym-printer moved confirmed released

"$LAB" move-back "$DIR" jakgym-printer
"$LAB" in "$DIR" jakgym-router ping -q -c 3 10.1.0.20 >/dev/null
await 180 "it came back" stage_is jakgym-printer regressed dual

# A forgotten client: the server has gone, somebody still asks for its old address.
"$LAB" in "$DIR" admin-ap ping -q -c 3 -W 1 10.1.0.10 >/dev/null
await 60 "who calls an old address is named" blocked_by admin caller 10.1.0.10
"$LAB" stranger "$DIR" admin-printer
"$LAB" in "$DIR" stranger ping -q -c 3 -W 1 10.1.0.2 >/dev/null
await 60 "a stranger with an old address is no device of ours" blocked_by admin unlisted stranger
want "and what has moved stays moved" stage_is admin-printer moved confirmed released
await 90 "what fell silent is lost" stage_is skola-ups lost
await 150 "half moved: it talks on both sides" stage_is skola-printer dual
finish
