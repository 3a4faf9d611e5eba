#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two waves, really: what was true of their devices before is compared with what is true after. One moves as it
# should, one loses a service and the proof of its backups, one stands on both sides, one is left behind, one has
# another host key, one a slower link, and then another serial number. The team's mail arrives, in the site's
# language; what is rolled back for real is found where it was.
backups=yes
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mailbox.sh"
in_the_lab "$@"
needs_mailboxes
need sqlite3 ssh-keygen

# A printer with an interface and, on its chassis, a serial number: its link's speed in Mbit/s, errors, serial number
printer() { # printer DEVICE MBPS ERRORS SERIAL
	local row=1.3.6.1.2.1.2.2.1
	"$LAB" sim "$DIR" "$1" synthetic:printer "value=$row.1.1|2|1" "value=$row.2.1|4|eth0" "value=$row.3.1|2|6" \
		"value=$row.5.1|66|${2}000000" "value=$row.8.1|2|1" "value=$row.14.1|65|$3" "value=$row.20.1|65|0" \
		"value=1.3.6.1.2.1.47.1.1.1.1.5.1|2|3" "value=1.3.6.1.2.1.47.1.1.1.1.11.1|4|$4"
}

wave_is() { # wave_is ID NETWORK FROM TO: its window, in words of date(1)
	sed -i "s/^  - {id: $1, .*/  - {id: $1, network: $2, from: \"$(TZ=Europe/Stockholm date -d "$3" '+%F %H:%M')\", to: \"$(TZ=Europe/Stockholm date -d "$4" '+%F %H:%M')\"}/" "$SITE"
}

# found DEVICE ASPECT [ITEM]: "state before after" of a difference that verify.json names
found() {
	jq -r --arg d "$1" --arg a "$2" --arg i "${3:-}" '.devices[] | select(.device == $d) | .differences[] |
		select(.aspect == $a and (.item // "") == $i) | "\(.state) \(.before // "-") \(.after // "-")"' verify.json
}
side_of() { jq -r --arg d "$1" '.devices[] | select(.device == $d).side' verify.json; }
open_of() { jq -r --arg d "$1" '.devices[] | select(.device == $d).open' verify.json; }
backward() { jq -r --arg l "$1" '.roll_back[$l] | sort | join(" ")' verify.json; }
verify() { # verify STATUS WAVE [OPTION…]
	local wanted=$1 got
	shift
	netfold cutover verify --json "$@" >verify.json 2>>verify.log
	got=$?
	want_same "verify $* ends with its status" "$wanted" "$got"
}

answers() { # answers ROUTER ADDRESS…: all of them
	local address router=$1
	shift
	for address in "$@"; do
		"$LAB" in "$DIR" "$router" ping -q -c 1 -W 1 "$address" >/dev/null || return
	done
}

# looked: every table and every backup, once
looked() {
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$SITE" --once 2>>netfold.log
	"$NF_BUILD/checks/backup/netfold-verify" -c "$SITE" --once 2>>netfold.log
}
notify() {
	"$NF_BUILD/alert/netfold-notify" -c "$SITE" </dev/null >>netfold.log 2>&1 &
	NOTIFY=$!
}

# ---- before
wave_is w1 admin '+10 minutes' '+3 hours'
wave_is w2 jakgym '+10 minutes' '+3 hours'
printer jakgym-printer 1000 3 SN-4711
"$NF_BUILD/collector/wire/netfold-wire" -c "$SITE" </dev/null >>netfold.log 2>&1 &
WIRE=$!
notify
await 30 "the printers answer" answers admin-router 10.1.0.20
looked
netfold cutover snapshot w1 >before.txt
want_same "snapshot of w1" 0 $?
want "of its four devices" grep -q '^Kept what is true of 4 devices of wave w1' before.txt
netfold cutover snapshot w2 >>before.txt
want_same "snapshot of w2" 0 $?

# The night of the wave: what was kept is twenty minutes old.
sqlite3 -cmd '.timeout 20000' state/state.db "UPDATE snapshot SET at_us = at_us - 1200000000"
wave_is w1 admin '-1 minute' '+3 hours'
wave_is w2 jakgym '-1 minute' '+3 hours'
kill -HUP "$WIRE" "$NOTIFY"

# ---- the move
"$LAB" move "$DIR" admin-printer
"$LAB" move "$DIR" admin-files
kill "$(cat hosts/admin-files/sshd.pid)"
"$LAB" move-half "$DIR" admin-ups
"$LAB" stop "$DIR" admin-ups && "$LAB" start "$DIR" admin-ups
rm -f hosts/jakgym-files/host_key*
"$LAB" move "$DIR" jakgym-files
"$LAB" move "$DIR" jakgym-printer
printer jakgym-printer 100 400 SN-4711
await 30 "what moved answers there" answers common-router 10.100.0.110 10.100.0.120 10.100.0.130 10.100.0.111 10.100.0.121
"$LAB" in "$DIR" admin-ap ping -q -c 3 -W 1 10.1.0.10 >/dev/null # which does not know that it has gone
looked
called() { sqlite3 -cmd '.timeout 20000' state/state.db "SELECT how FROM caller WHERE from_address = '10.1.0.40'
	AND to_address = '10.1.0.10'" 2>/dev/null | grep -q .; }
await 60 "the wire has told of it" called

# ---- after
verify 1 w1
cp verify.json w1.json
want_same "no note: the snapshot is from before" 0 "$(jq '.notes | length' verify.json)"
want_same "the printer is as it was" "moved 0" "$(side_of admin-printer) $(open_of admin-printer)"
want_same "its port is another, which is explained" explained "$(found admin-printer 'switch port' | cut -d' ' -f1)"
want_same "the server lost a service" "open open closed" "$(found admin-files service 22)"
want_same "its backup is not proved there" "open ok unverifiable" "$(found admin-files backup files-admin)"
want_same "nor the other" "open ok unverifiable" "$(found admin-files backup wiki-admin)"
want_same "who still calls its old address" open "$(found admin-files caller 10.1.0.40 | cut -d' ' -f1)"
want_same "the UPS is on both sides" "both open - 10.1.0.30" "$(side_of admin-ups) $(found admin-ups 'old address')"
want_same "the access point was left behind" "back open 10.1.0.40 10.1.0.40" "$(side_of admin-ap) $(found admin-ap reachability)"
want_same "rolled back: who never went" admin-ap "$(backward stayed)"
want_same "who stands on both sides" admin-ups "$(backward both_sides)"
want_same "whom to carry back" "admin-files admin-printer" "$(backward not_come_back)"
verify 1 w2
want_same "another host key" open "$(found jakgym-files 'SSH host key' | cut -d' ' -f1)"
want_same "a slower link" "open 1000 100" "$(found jakgym-printer 'link speed' eth0)"
want_same "with errors" "open 3 400" "$(found jakgym-printer 'link errors' eth0)"

# ---- accepted
netfold cutover verify w1 --accept "admin-files/service 2=a slip" \
	--accept "admin-files/service 22=sshd is off for good" >after.txt 2>slip.txt
want "what is not there is not accepted" grep -q 'no such difference' slip.txt
want "a service is, with its name and the reason" grep -q '· service 22 (ssh): .*accepted: sshd is off for good' after.txt

# ---- another serial number
printer jakgym-printer 1000 0 SN-0815
verify 1 w2
want_same "another serial number is named" "open SN-4711 SN-0815" "$(found jakgym-printer 'serial number' | tr -d '[]"')"

# ---- the team's mail
await 90 "the team has its mail" told chef "wave w1: "
body "$MAIL" text/plain >mail-en.txt
want "which names the service" grep -q 'service 22 (ssh)' mail-en.txt
want "and the one left behind" grep -q 'never went: admin-ap' mail-en.txt

# ---- rolled back, in Swedish
"$LAB" move-back "$DIR" admin-printer
await 30 "the printer answers at home" answers admin-router 10.1.0.20
verify 1 w1
sed -i 's/language: en/language: sv/' "$SITE"
kill "$NOTIFY"
wait "$NOTIFY"
notify
want_same "what was accepted stays explained" explained "$(found admin-files service 22 | cut -d' ' -f1)"
want_same "back is the printer" back "$(side_of admin-printer)"
want_same "whom to carry back, still" admin-files "$(backward not_come_back)"
await 90 "the team has it in Swedish" told chef "våg w1: "
body "$MAIL" text/plain >mail-sv.txt
want "with the advice" grep -q 'har kommit tillbaka: admin-printer' mail-sv.txt
kill "$WIRE" "$NOTIFY"
wait
finish
