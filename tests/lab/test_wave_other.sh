#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A wave whose new addresses another machine holds: one that only answers echoes, and one with an agent like the
# member's own and another serial number. Each is named as another machine, and is no move.
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"

need sqlite3 snmpget

# The wave begins now.
sed -i "s/^  - {id: w1, .*/  - {id: w1, network: admin, from: \"$(TZ=Europe/Stockholm date '+%F %H:%M')\", to: \"$(TZ=Europe/Stockholm date -d '+3 hours' '+%F %H:%M')\"}/" "$SITE"
serial=1.3.6.1.2.1.47.1.1.1.1.11.1 chassis="value=1.3.6.1.2.1.47.1.1.1.1.5.1|2|3"
"$LAB" sim "$DIR" admin-printer synthetic:printer "$chassis" "value=$serial|4|SN-4711"

looked() { # every table, and where each device stands
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$SITE" --once 2>>netfold.log
	"$NF_BUILD/checks/backup/netfold-verify" -c "$SITE" --once 2>>netfold.log
}
answers() { "$LAB" in "$DIR" "$1" ping -q -c 1 -W 1 "$2" >/dev/null; }
answers_snmp() { snmpget -v 2c -t 1 -r 0 -c "$(cat secrets/sim-v2.community)" -Oqv "$1" ".$serial" 2>/dev/null | grep -q "$2"; }
of_printer() { jq -r ".devices[] | select(.device == \"admin-printer\") | $1" verify.json; }
# is_another WHAT ASPECT: what `cutover verify` says of the printer, to people and to programs
is_another() {
	netfold cutover verify w1 >verify.txt 2>>netfold.log
	want_same "$1: exit status" 1 $?
	netfold cutover verify --json w1 >verify.json 2>>netfold.log
	want_same "$1 is another machine" other "$(of_printer .side)"
	want "$1 is named" grep -qx "admin-printer: another machine answers at its new address" verify.txt
	want_same "$1: by what it differs in" "another machine answers here" \
		"$(of_printer ".differences[] | select(.aspect == \"$2\" and .state == \"open\").reason")"
	want_same "$1 is nothing to carry back" 0 "$(jq '[.roll_back | .come_back, .not_come_back, .both_sides | .[] |
		select(. == "admin-printer")] | length' verify.json)"
	looked
	want_same "$1: the member has not moved" 0 "$(netfold cutover --json admin-printer |
		jq '[.devices[].stage | select(IN("dual", "moved", "confirmed", "released"))] | length')"
}

await 30 "the printer answers" answers admin-router 10.1.0.20
looked
netfold cutover snapshot w1 >/dev/null
want_same "snapshot" 0 $?
# It was taken before, twenty minutes ago.
sqlite3 -cmd '.timeout 20000' state/state.db "UPDATE snapshot SET at_us = at_us - 1200000000"

"$LAB" cut "$DIR" admin-printer
"$LAB" stranger "$DIR" admin-printer new
await 30 "somebody answers at the new address" answers common-router 10.100.0.120
looked
is_another "one that only answers echoes" "MAC address"

"$LAB" sim "$DIR" stranger synthetic:printer "$chassis" "value=$serial|4|SN-0815"
await 30 "it has an agent now" answers_snmp 10.100.0.120 SN-0815
is_another "one with an agent" "serial number"

# The member never left, and somebody else has its new address: both are said.
"$LAB" heal "$DIR" admin-printer
await 30 "the member answers at home" answers admin-router 10.1.0.20
looked
netfold cutover verify --json w1 >verify.json 2>>netfold.log
want_same "it is where it was" back "$(of_printer .side)"
want_same "and its new address is another machine's" "another machine answers there" \
	"$(of_printer '.differences[] | select(.aspect == "new address" and .state == "open").reason')"
finish
