#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Five networks and the lab alive from real daemons: ping and SNMP of every version, IPv4 and IPv6; two
# networks with the same addresses stay apart; the series can be read with plain rrdtool.
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"

start_alive
show_states

# ---- probe says what each device is
want "probe --all is content" sh -c "'$NF_BUILD/cli/netfold' -c site.yaml probe --all --json >probe.json"
want_same "one object a device" "$(devices | wc -l)" "$(wc -l <probe.json)"
while read -r name; do
	line=$(jq -c --arg d "$name" 'select(.device == $d)' probe.json)
	want "$name: three echoes came back" holds "$line" '.ping | .sent == 3 and .received == 3 and
		.rtt_us.min > 0 and .rtt_us.min <= .rtt_us.median and .rtt_us.median <= .rtt_us.max'
	want "$name: SNMP answered, completely" holds "$line" '.snmp.answered and .snmp.complete'
done < <(devices)
want_same "an SNMPv3 agent's engine as its own file has it" \
	"$(sed -n 's/^oldEngineID 0x//p' hosts/jakgym-files/persist/snmpd.conf | tr A-F a-f)" \
	"$(jq -r 'select(.device == "jakgym-files").snmp.engine_id' probe.json)"
want_same "one of SNMPv2c has none to tell" null "$(jq 'select(.device == "admin-files").snmp.engine_id' probe.json)"
# Two networks with the same addresses: each device gives its own name, so nothing was mixed up.
while read -r name; do
	want_same "$name says who it is" "$name" \
		"$(jq -r --arg d "$name" 'select(.device == $d).snmp.system.sysName' probe.json)"
done < <(devices '$5 !~ /^sim/')
want_same "two devices share 10.1.0.10" "admin jakgym" \
	"$(jq -r 'select(.address == "10.1.0.10").network' probe.json | sort | paste -sd' ')"

# ---- the same numbers as snmpget's
declare -A oid=([sysDescr]=1.3.6.1.2.1.1.1.0 [sysLocation]=1.3.6.1.2.1.1.6.0)
for object in "${!oid[@]}"; do
	want_same "$object of common-files as snmpget has it" \
		"$(snmpget -v 2c -c "$(cat secrets/common-v2.community)" -Oqv 10.100.0.10 ".${oid[$object]}" |
			sed 's/^"\(.*\)"$/\1/')" \
		"$(jq -r --arg o "$object" 'select(.device == "common-files").snmp.system[$o]' probe.json)"
done

# ---- apart: a delay in one of the two overlapping networks shows there and nowhere else
"$LAB" delay "$DIR" jakgym-files 40ms
slow() { netfold probe --json "$1" | jq -e '.ping.rtt_us.median > 70000' >/dev/null; }
want "10.1.0.10 in jakgym is slow" slow jakgym-files
quick() { ! slow "$1"; }
want "10.1.0.10 in admin is not" quick admin-files
"$LAB" heal "$DIR" jakgym-files

# ---- series, with plain rrdtool
is_recent() { series_newer "$1" $(($(date +%s) - 30)); }
for name in admin-files jakgym-files vard-journal common-core; do
	file=$(series_of "$name" ping)
	await 40 "$name: its ping series has values" series_has "$file"
	await 40 "$name: it is recent" is_recent "$file"
done
timeout 25 ping -q -i 0.01 -s 1000 -I jakgym 10.1.0.10 >/dev/null &
eth0_kept() {
	file=$(netfold series --json jakgym-files | jq -r 'select(.series == "interface eth0") | .file')
	[ -f "$file" ]
}
await 30 "jakgym-files has a series of eth0" eth0_kept
await 45 "traffic shows in it" series_has "$file" 10000
netfold_stop
want_same "netfold ends well" 0 $?
finish
