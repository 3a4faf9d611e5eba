#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Addresses that are lent, and neighbours that say who they are, by real daemons: dnsmasq, udhcpc and lldpd.
# Who is not in the inventory turns up with the name it told the DHCP server; a lease that still runs holds
# the old network up until it is given back; who moves is lent a new address and is followed; who takes its
# old address over inherits nothing.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || skip "lldpd and dnsmasq change users, which takes root"
in_the_lab "$@"
need lldpd dnsmasq udhcpc sqlite3

sed -i 's/^cutover: .*/cutover: {quiet: 2s, lost_after: 10s, canary: 0s, team: [chef]}/' "$SITE"

computed() {
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$SITE" --once 2>>verify.log
	"$NF_BUILD/checks/backup/netfold-verify" -c "$SITE" --once 2>>verify.log
	netfold cutover --json >cutover.json 2>>verify.log
	[ -s cutover.json ]
}

blocker() { # blocker KIND PATTERN: one of the school's
	jq -e --arg k "$1" --arg p "$2" '.networks[] | select(.id == "skola") | .blockers[] |
		select(.kind == $k) | tostring | select(test($p))' cutover.json >/dev/null
}

blocked() {
	computed && blocker "$@"
}

not_blocked() {
	computed && ! blocker "$@"
}

stage_is() { # stage_is DEVICE STAGE…
	local device=$1 got
	shift
	computed || return
	got=$(jq -r --arg d "$device" '.devices[] | select(.name == $d) | .stage' cutover.json)
	case " $* " in *" $got "*) return 0 ;; *) return 1 ;; esac
}

says() { # says DEVICE PATTERN: an observation for or against its move
	jq -e --arg d "$1" --arg p "$2" '.devices[] | select(.name == $d) | (.for + .against)[] |
		.text | select(test($p))' cutover.json >/dev/null
}

seen() { # seen CONDITION: the ledger has such a row
	[ -n "$(sqlite3 -readonly state/state.db "SELECT 1 FROM seen WHERE $1 LIMIT 1" 2>>verify.log)" ]
}

mac_of() { # mac_of NAME [INTERFACE]
	"$LAB" in "$DIR" "$1" cat "/sys/class/net/${2:-eth0}/address"
}

address_of() {
	"$LAB" in "$DIR" "$1" ip -4 -o address show dev eth0 scope global | awk '{ sub("/.*", "", $4); print $4 }'
}

lent() { # lent DEVICE ADDRESS
	[ "$(address_of "$1")" = "$2" ]
}

neighbours() {
	netfold probe --json skola-switch >probe.json 2>>verify.log
	jq -e '[.snmp.neighbours[].lldpRemSysName] | contains(["skola-router", "skola-files"])' probe.json >/dev/null
}

"$NF_BUILD/collector/wire/netfold-wire" -c "$SITE" 2>>netfold.log &

for client in elev-pc:10.3.0.45 platta:10.3.0.46 skola-ap:10.3.0.40 skola-printer:10.3.0.20; do
	await 20 "${client%:*} is lent its address" lent "${client%:*}" "${client#*:}"
done

await 60 "the switch's agent tells real neighbours" neighbours
want "by the ports that they are at" holds "$(cat probe.json)" \
	'.snmp.neighbours[] | select(.lldpRemSysName == "skola-files" and .lldpRemPortId == "eth0")'
want "and its chassis" holds "$(cat probe.json)" ".snmp.neighbours[] |
	select(.lldpRemSysName == \"skola-files\" and .lldpRemChassisId == \"$(mac_of skola-files)\")"

# What a machine says when it is switched on; and who was there already, says it when it renews.
for device in skola-ap skola-printer; do
	"$LAB" stop "$DIR" "$device"
	"$LAB" start "$DIR" "$device"
done
kill -USR1 "$(cat hosts/elev-pc/udhcpc.pid)" "$(cat hosts/platta/udhcpc.pid)"
await 60 "a client that no inventory knows is named, with what it calls itself" \
	blocked unlisted 'ELEV-PC-07.*MSFT 5.0'
await 30 "and the other one" blocked unlisted 'lararplatta.*android-dhcp-13'
want "at the port of its switch" blocker unlisted 'skola-switch platta'
await 30 "a lease that runs is named" blocked lease "$(mac_of elev-pc).*10.3.0.45"
await 30 "and whose it is" blocked lease '10.3.0.40.*skola-ap|skola-ap.*10.3.0.40'
await 30 "LLDP frames on the mirror port" seen "source = 'lldp' AND seen_by LIKE 'wire:%' AND value = 'skola-files'"
want "and by SNMP, with the port" seen \
	"source = 'lldp' AND seen_by = 'skola-switch' AND value = 'skola-files' AND place = 'skola-switch skola-files'"
want "the router, too, at the port it is at" seen \
	"source = 'lldp' AND seen_by = 'skola-switch' AND value = 'skola-router' AND place = 'skola-switch uplink'"

"$LAB" cut "$DIR" skola-ups
netfold discover --network skola --prefix 10.3.0.0/26 >discover.csv 2>discover.err
row=$(grep -i '^elev-pc-07,' discover.csv)
want "discover: the client's row" [ -n "$row" ]
want "what belongs to a device is not told as a stranger's" [ -z "$(grep 'no address of it' discover.err)" ]
want "a device has its own MAC there, not a port's" grep -q "10.3.0.2,$(mac_of skola-switch br0)," discover.csv
want "with its MAC" grep -q "10.3.0.45,$(mac_of elev-pc)," <<<"$row"
want "and what made it known" grep -q 'dhcp' <<<"$row"
want "what it has and nobody sees is named" grep -q 'skola-ups is in the inventory' discover.err
"$LAB" heal "$DIR" skola-ups

"$LAB" give-back "$DIR" skola-ap
await 60 "a lease that is given back is no blocker" not_blocked lease 'skola-ap'
want "the others still are" blocker lease "$(mac_of elev-pc)"

"$LAB" move "$DIR" skola-ap
await 30 "who moves is lent a new address" lent skola-ap 10.100.0.142
"$LAB" in "$DIR" common-router ping -q -c 2 -W 2 10.100.0.142 >/dev/null
await 90 "and is followed" stage_is skola-ap moved confirmed released
# snmpd looks for new interfaces every quarter of a minute; until then it is at "port 8".
at_its_port() {
	computed && seen "source = 'fdb' AND value = '$(mac_of skola-ap)' AND place = 'common-switch skola-ap'"
}
want "by its MAC, at the common switch" says skola-ap "MAC $(mac_of skola-ap) at common-switch"
await 60 "to its new port" at_its_port

"$LAB" client "$DIR" vikarie 40
await 30 "another machine is lent its old address" lent vikarie 10.3.0.40
"$LAB" in "$DIR" vikarie ping -q -c 2 -W 1 10.3.0.1 >/dev/null
await 60 "which makes it an unlisted talker" blocked unlisted 'VIKARIE-PC'
want "with a lease of its own" blocker lease "$(mac_of vikarie).*10.3.0.40"
want "that is not the device's" [ -z "$(jq -r '.networks[] | select(.id == "skola") | .blockers[] |
	select(.kind == "lease") | tostring | select(test("skola-ap"))' cutover.json)" ]
want "it inherits nothing: what has moved stays moved" stage_is skola-ap moved confirmed released
want "and was never seen as the device" [ -z "$(jq -r --arg m "$(mac_of vikarie)" '.devices[] | select(.name == "skola-ap") |
	(.for + .against)[] | select(.reason == "seen" and .value == $m)' cutover.json)" ]
finish
